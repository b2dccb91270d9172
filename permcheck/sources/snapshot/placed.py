"""Facts as they were read from answers → the same facts, each at the ARN it belongs to."""

from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from typing import Any, cast

from permcheck.frozen import dataclass
from permcheck.model.facts import Facts
from permcheck.model.location import NotRead
from permcheck.model.policy import Document, Policy
from permcheck.sources.files.builder import build
from permcheck.sources.files.gathered import Gathered
from permcheck.sources.snapshot.facts import Rooted, read_into
from permcheck.sources.snapshot.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Placed:
    """Where the things in answers stand, for facts that are made of them."""

    rooted: Rooted

    def placed(self, facts: Facts) -> Facts:
        """Facts with ARNs in place of the sources that answers were read under."""
        found = cast(Facts, _Placing(self.rooted).of(facts))
        return replace(
            found,
            policies=tuple(sorted(found.policies, key=_policy)),
            not_read=tuple(sorted(set(found.not_read), key=_gap)),
        )


def _policy(policy: Policy) -> tuple[str, ...]:
    return policy.source, policy.pointer, policy.kind, policy.name, policy.attached_to or ""


def _gap(gap: NotRead) -> tuple[str, ...]:
    return gap.source, gap.pointer, gap.api or "", gap.error, gap.effect, gap.arn or ""


def facts_of(snapshot: Snapshot, inputs: Sequence[str]) -> Facts:
    """The facts of one snapshot: what ``permcheck audit`` reads from its file. inputs: what to call it in a report."""
    gathered, rooted = Gathered(), Rooted()
    read_into(gathered, snapshot, rooted)
    return Placed(rooted).placed(build(gathered, inputs))


class _Placing:
    """Walks through facts. What two things share stays shared: a policy is told by being the same object."""

    def __init__(self, rooted: Rooted) -> None:
        self._rooted = rooted
        self._made: dict[int, tuple[object, object]] = {}

    def of(self, value: Any) -> Any:
        """The same value with its places changed."""
        if value is None or isinstance(value, str | int | Document):
            return value
        if isinstance(value, tuple):
            return tuple(self.of(each) for each in value)
        if isinstance(value, Mapping):
            return {name: self.of(each) for name, each in value.items()}
        if not is_dataclass(value) or isinstance(value, type):
            return value
        known = self._made.get(id(value))
        if known is None:
            # The value is kept beside what is made of it, so that its id is nobody else's.
            known = self._made[id(value)] = (value, self._changed(value))
        return known[1]

    def _changed(self, value: Any) -> Any:
        names = [each.name for each in fields(value)]
        changes = {
            name: new
            for name in names
            if (new := self.of(old := getattr(value, name))) is not old and not isinstance(old, str)
        }
        if "source" in names and "pointer" in names:
            source, pointer = self._rooted.at(value.source, value.pointer)
            if source != value.source:
                changes |= {"source": source, "pointer": pointer}
        return replace(value, **changes) if changes else value
