"""May a principal do this on *any* resource? Asked of a resource that only an all-embracing pattern names.

Deny statements, boundaries and conditions have their say as in every decision; a Deny that spares the odd resource
does not hide the rest.
"""

from collections.abc import Mapping, Sequence

from permcheck.access import Access, Item, Subject, Universe, World, bits
from permcheck.graph.anything import any_resource, any_role, item_named
from permcheck.model.verdict import Verdict


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
        self._of: dict[int, _Asked] = {}

    def verdict(self, subject: Subject, action: str) -> Verdict:
        """The verdict for the action on any resource of the subject's own account."""
        asked = self._of.get(subject.number) or self._asked(subject)
        number = asked.numbers.get(action)
        if number is not None:
            return asked.access[subject.number].verdict(number)
        return self._world.decide(subject, action, self.item(subject, action)).verdict

    def some(self, subject: Subject, actions: tuple[str, ...]) -> bool:
        """Whether any of the actions, all of them among those asked, is possible: a first look at many at once."""
        asked = self._of.get(subject.number) or self._asked(subject)
        return bool(asked.access[subject.number].possible & asked.mask(actions))

    def every(self, subject: Subject, actions: tuple[str, ...]) -> bool:
        """Whether all of them are possible."""
        asked = self._of.get(subject.number) or self._asked(subject)
        mask = asked.mask(actions)
        return asked.access[subject.number].possible & mask == mask

    def held(self, subject: Subject) -> tuple[Mapping[str, int], int]:
        """Numbers of the actions asked, and the set of those the subject surely may do on any resource."""
        asked = self._of.get(subject.number) or self._asked(subject)
        return asked.numbers, asked.access[subject.number].sure

    def mask(self, subject: Subject, actions: tuple[str, ...]) -> int:
        """The actions as a set like that of ``held``."""
        return (self._of.get(subject.number) or self._asked(subject)).mask(actions)

    def shows(self, subject: Subject, actions: Sequence[str]) -> str:
        """The first of the actions the subject may do on any resource, empty where it may none."""
        order = (Verdict.ALLOWED, Verdict.CONDITIONAL, Verdict.UNKNOWN)
        verdicts = {action: self.verdict(subject, action) for action in actions}
        return next((a for level in order for a in actions if verdicts[a] is level), "")

    def item(self, subject: Subject, action: str) -> Item:
        """The resource that stands for any resource of the action."""
        partition = subject.arn.split(":", 2)[1]
        return self._item(partition, subject.account, action)

    def _item(self, partition: str, account: str, action: str) -> Item:
        arn = any_resource(action, account, partition, self._regions.get(account, "us-east-1"))
        if action == "sts:AssumeRole":
            return any_role(arn, action, account)
        return item_named(arn, action, account)

    def _asked(self, subject: Subject) -> _Asked:
        key = (subject.arn.split(":", 2)[1], subject.account)
        found = self._known.get(key)
        if found is None:
            universe = Universe(self._item(*key, action) for action in self._actions)
            found = self._known[key] = _Asked(universe, self._world.access(universe))
        self._of[subject.number] = found
        return found
