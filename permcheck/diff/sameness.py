"""Which things are the same on both sides as far as any decision can tell, so that nothing has to be decided again."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from functools import cached_property
from typing import Any, Protocol

from permcheck.model.facts import Facts
from permcheck.model.policy import Document, Policy
from permcheck.policy.canonical import atoms

# What says where something was read, and nothing else.
_PLACE = frozenset(("source", "pointer", "loose"))


class Entity(Protocol):
    """A thing that is named by an ARN."""

    @property
    def arn(self) -> str: ...


@dataclass(frozen=True, eq=False)
class Sameness:
    """What differs between two worlds: the callers and functions by ARN, and whatever stands around them as a whole."""

    old: Facts
    new: Facts

    @cached_property
    def callers(self) -> frozenset[str]:
        """ARNs of the roles and users that are not the same on both sides, or there on one alone.

        In which of its policies something is said makes no difference to what a caller may do.
        """
        return _different((*self.old.roles, *self.old.users), (*self.new.roles, *self.new.users))

    @cached_property
    def functions(self) -> frozenset[str]:
        """The same of functions."""
        return _different(self.old.functions, self.new.functions)

    @cached_property
    def around(self) -> bool:
        """Whether pools, APIs, event sources, other resources and the organization are the same."""
        one, two = map(_around, (self.old, self.new))
        return one == two

    @property
    def whole(self) -> bool:
        """Whether the two worlds are the same."""
        entities = [(*facts.roles, *facts.users, *facts.groups) for facts in (self.old, self.new)]
        return not self.functions and self.around and said(entities[0]) == said(entities[1])


def _different(old: Iterable[Entity], new: Iterable[Entity]) -> frozenset[str]:
    before, after = ({each.arn: said(each, loosely=True) for each in side} for side in (old, new))
    return frozenset(arn for arn in before.keys() | after.keys() if before.get(arn) != after.get(arn))


def _around(facts: Facts) -> object:
    parts = (facts.pools, facts.user_pools, facts.apis, facts.resources, facts.mappings)
    loose = sorted(repr(said(policy)) for policy in facts.policies if policy.loose)
    return [[said(each) for each in part] for part in parts], said(facts.organization), sorted(facts.listed), loose


def said(value: Any, loosely: bool = False) -> Any:
    """A fact as plain values, without where it stands, and policies by what their statements say.

    loosely: the policies of a role or user as one, whichever of them says what.
    """
    if isinstance(value, Document):
        return sorted({atom for statement in value.statements for atom in atoms(statement)})
    if isinstance(value, Policy):
        text = said(value.document) if value.document is not None else ["unread", value.arn, value.name]
        return [str(value.kind), value.arn, text, said(value.other_versions)]
    if is_dataclass(value) and not isinstance(value, type):
        parts = {field.name: getattr(value, field.name) for field in fields(value) if field.name not in _PLACE}
        return {
            name: _together(part) if loosely and name == "policies" else said(part, loosely)
            for name, part in parts.items()
        }
    if isinstance(value, Mapping):
        return {str(key): said(part) for key, part in sorted(value.items(), key=lambda item: str(item[0]))}
    if isinstance(value, (tuple, list)):
        listed = [said(part, loosely) for part in value]
        # In what order policies hang beside each other makes no difference.
        return sorted(listed, key=repr) if value and all(isinstance(part, Policy) for part in value) else listed
    if isinstance(value, (set, frozenset)):
        return sorted(map(str, value))
    return value


def _together(policies: Iterable[Policy]) -> Any:
    """What several policies say as one; those that were not read by name."""
    read = [policy.document for policy in policies if policy.document is not None]
    unread = sorted(f"{policy.arn} {policy.name}" for policy in policies if policy.document is None)
    return [sorted({atom for document in read for atom in said(document)}), unread]
