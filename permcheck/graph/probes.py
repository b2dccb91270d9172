"""May a principal do this on *any* resource? Asked of a resource that only an all-embracing pattern names.

Deny statements, boundaries and conditions have their say as in every decision; a Deny that spares the odd resource
does not hide the rest.
"""

from collections.abc import Mapping, Sequence

from permcheck.access import Access, Item, Subject, Universe, World, bits
from permcheck.graph.anything import any_resource, any_role, item_named
from permcheck.model.verdict import Verdict


class Probes:
    """Probes by account and partition: one universe each, solved once for all subjects."""

    def __init__(self, world: World, regions: dict[str, str], actions: Sequence[str]) -> None:
        self._world = world
        self._regions = regions
        self._actions = tuple(actions)
        self._masks: dict[tuple[str, str, int], int] = {}
        self._known: dict[tuple[str, str], tuple[dict[str, int], Sequence[Access]]] = {}

    def verdict(self, subject: Subject, action: str) -> Verdict:
        """The verdict for the action on any resource of the subject's own account."""
        partition = subject.arn.split(":", 2)[1]
        numbers, access = self._of(partition, subject.account)
        number = numbers.get(action)
        if number is not None:
            return access[subject.number].verdict(number)
        return self._world.decide(subject, action, self.item(subject, action)).verdict

    def held(self, subject: Subject) -> tuple[Mapping[str, int], int]:
        """Numbers of the actions asked, and the set of those the subject surely may do on any resource."""
        numbers, access = self._of(subject.arn.split(":", 2)[1], subject.account)
        return numbers, access[subject.number].sure

    def mask(self, subject: Subject, actions: Sequence[str]) -> int:
        """The actions as a set like that of ``held``."""
        key = (subject.arn.split(":", 2)[1], subject.account, id(actions))
        found = self._masks.get(key)
        if found is None:
            numbers = self._of(key[0], key[1])[0]
            found = self._masks[key] = bits.of(numbers[action] for action in actions)
        return found

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

    def _of(self, partition: str, account: str) -> tuple[dict[str, int], Sequence[Access]]:
        found = self._known.get((partition, account))
        if found is None:
            universe = Universe(self._item(partition, account, action) for action in self._actions)
            numbers = {item.action: number for number, item in enumerate(universe.items)}
            found = self._known[partition, account] = (numbers, self._world.access(universe))
        return found
