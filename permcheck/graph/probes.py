"""May a principal do this on *any* resource? Asked of a resource that only an all-embracing pattern names.

Deny statements, boundaries and conditions have their say as in every decision; a Deny that spares the odd resource
does not hide the rest. What may be done in any Region at all counts, but for functions: there it is the Region they
are in, as to have all functions where there are none is nothing.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from permcheck.access import Access, Item, Subject, Universe, World, bits
from permcheck.graph.anything import any_resource, any_role, item_named
from permcheck.graph.regions import regions_named
from permcheck.model.policy import Policy, Statement
from permcheck.model.verdict import Verdict
from permcheck.policy.arn import may_match
from permcheck.policy.matching import naming

_SUREST = (Verdict.ALLOWED, Verdict.CONDITIONAL, Verdict.UNKNOWN, Verdict.DENIED)
_MOST = 6  # Regions that are tried for one subject beside the usual one


class _Asked:
    """The probes of one account: numbers of the actions, what everybody may do, and sets of actions already made."""

    def __init__(self, universe: Universe, access: Sequence[Access]) -> None:
        self.numbers = {item.action: number for number, item in enumerate(universe.items)}
        self.access = access
        self._masks: dict[tuple[str, ...], int] = {}

    def mask(self, actions: tuple[str, ...]) -> int:
        """The actions as a set."""
        found = self._masks.get(actions)
        if found is None:
            found = self._masks[actions] = bits.of(self.numbers[action] for action in actions)
        return found


class Probes:
    """Probes by account and partition: one universe each, solved once for all subjects."""

    def __init__(self, world: World, regions: dict[str, str], actions: Sequence[str]) -> None:
        self._world = world
        self._regions = regions
        self._actions = tuple(actions)
        self._known: dict[tuple[str, str], _Asked] = {}
        self._held: dict[int, _Held] = {}
        self._elsewhere: dict[tuple[int, Policy | None], Sequence[str]] = {}
        self._items: dict[tuple[str, str, str, str], Item] = {}
        self._universes: dict[tuple[str, str, str], Universe] = {}

    def verdict(self, subject: Subject, action: str) -> Verdict:
        """The verdict for the action on any resource of the subject's own account."""
        asked, access = self._held.get(subject.number) or self._hold(subject)
        number = asked.numbers.get(action)
        if number is not None:
            return access.verdict(number)
        return self._world.decide(subject, action, self.item(subject, action)).verdict

    def some(self, subject: Subject, actions: tuple[str, ...]) -> bool:
        """Whether any of the actions, all of them among those asked, is possible: a first look at many at once."""
        asked, access = self._held.get(subject.number) or self._hold(subject)
        return bool(access.possible and access.possible & asked.mask(actions))

    def every(self, subject: Subject, actions: tuple[str, ...]) -> bool:
        """Whether all of them are possible."""
        asked, access = self._held.get(subject.number) or self._hold(subject)
        mask = asked.mask(actions)
        return access.possible & mask == mask

    def held(self, subject: Subject) -> tuple[Mapping[str, int], int]:
        """Numbers of the actions asked, and the set of those the subject surely may do on any resource."""
        asked, access = self._held.get(subject.number) or self._hold(subject)
        return asked.numbers, access.sure

    def mask(self, subject: Subject, actions: tuple[str, ...]) -> int:
        """The actions as a set like that of ``held``."""
        return (self._held.get(subject.number) or self._hold(subject)).asked.mask(actions)

    def shows(self, subject: Subject, actions: Sequence[str]) -> str:
        """The first of the actions the subject may do on any resource, empty where it may none."""
        order = (Verdict.ALLOWED, Verdict.CONDITIONAL, Verdict.UNKNOWN)
        verdicts = {action: self.verdict(subject, action) for action in actions}
        return next((a for level in order for a in actions if verdicts[a] is level), "")

    def item(self, subject: Subject, action: str) -> Item:
        """The resource that stands for any resource of the action, in the Region where the subject may do most."""
        key = (subject.arn.split(":", 2)[1], subject.account)
        usual = self._item(*key, action)
        elsewhere = () if _is_of_functions(action) else self._regions_of(subject)
        if not elsewhere:
            return usual
        items = [usual, *(self._item(*key, action, region) for region in elsewhere)]
        return min(items, key=lambda item: _SUREST.index(self._world.decide(subject, action, item).verdict))

    def may_name(self, subject: Subject, action: str) -> bool:
        """Whether an Allow of the subject's own may name the action and any resource: a first look, before limits."""
        if self._regions_of(subject):
            return True
        for policy in subject.policies:
            if policy.document is None:
                return True
            for statement in naming(policy.document, action):
                if statement.is_allow and _may_be_any(statement, self.item(subject, action).arn):
                    return True
        return False

    def _hold(self, subject: Subject) -> "_Held":
        """What the subject may do on any resource: in the usual Region, and where its policies allow it elsewhere."""
        asked = self._asked(subject)
        access = asked.access[subject.number]
        for region in self._regions_of(subject):
            access = _either(access, self._world.access_of(subject, self._universe(subject, region), ""))
        held = self._held[subject.number] = _Held(asked, access)
        return held

    def _regions_of(self, subject: Subject) -> Sequence[str]:
        """Regions other than the usual one that the policies over the subject speak of."""
        key = (subject.number, subject.boundary)  # somebody is asked about without its boundary as well
        found = self._elsewhere.get(key)
        if found is None:
            usual = self._regions.get(subject.account, "us-east-1")
            spoken_of: dict[str, None] = {}
            for policy in subject.policies if subject.unlimited else _bearing_on(subject):
                regions = regions_named(policy.document, usual) if policy.document is not None else ()
                if regions:
                    spoken_of.update(dict.fromkeys(regions))
            found = self._elsewhere[key] = tuple(spoken_of)[:_MOST]
        return found

    def _universe(self, subject: Subject, region: str) -> Universe:
        """The actions asked, in their order, in a Region."""
        key = (subject.arn.split(":", 2)[1], subject.account)
        found = self._universes.get((*key, region))
        if found is None:
            items = (self._item(*key, a, "" if _is_of_functions(a) else region) for a in self._actions)
            found = self._universes[*key, region] = Universe(items)
        return found

    def _item(self, partition: str, account: str, action: str, region: str = "") -> Item:
        key = (partition, account, action, region)
        found = self._items.get(key)
        if found is None:
            arn = any_resource(action, account, partition, region or self._regions.get(account, "us-east-1"))
            make = any_role if action == "sts:AssumeRole" else item_named
            found = self._items[key] = make(arn, action, account)
        return found

    def _asked(self, subject: Subject) -> _Asked:
        key = (subject.arn.split(":", 2)[1], subject.account)
        found = self._known.get(key)
        if found is None:
            universe = Universe(self._item(*key, action) for action in self._actions)
            found = self._known[key] = _Asked(universe, self._world.access(universe))
        return found


class _Held(NamedTuple):
    """The probes of a subject's account, and what it may do of them."""

    asked: _Asked
    access: Access


def _bearing_on(subject: Subject) -> Iterator[Policy]:
    yield from subject.policies
    yield from subject.session
    for level in subject.scps:
        yield from level
    if subject.boundary is not None:
        yield subject.boundary


def _may_be_any(statement: Statement, arn: str) -> bool:
    return statement.resources is None or any(may_match(pattern, arn) for pattern in statement.resources)


def _is_of_functions(action: str) -> bool:
    """Whether the action is about functions in view; a new one can be made in any Region."""
    return action.startswith("lambda:") and action != "lambda:CreateFunction"


def _either(one: Access, other: Access) -> Access:
    """What may be done in one Region or in the other."""
    read = (one.possible & ~one.unread) | (other.possible & ~other.unread)
    possible = one.possible | other.possible
    return Access(one.sure | other.sure, possible, possible & ~read)
