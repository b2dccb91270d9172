"""One question: what callers may do to the items of a universe by one action, answered for one after the other."""

from collections.abc import Callable

from permcheck.access import bits
from permcheck.access.clash import Clashes
from permcheck.access.combine import Access, combine
from permcheck.access.granted import Granted
from permcheck.access.identity import IdentitySets
from permcheck.access.subject import Subject
from permcheck.access.universe import Item, Universe
from permcheck.model.verdict import Verdict
from permcheck.policy.request import Decision

Decide = Callable[[Subject, str, Item], Decision]


class Question:
    """What resource policies say is told; what callers' own say is compiled as they are asked about.

    explicit: the resource policy must allow in words (roles, keys). alone: no resource policy of the universe speaks of
    the action. decide: the reference, for one caller and item.
    """

    def __init__(
        self, universe: Universe, action: str, explicit: bool, alone: bool, granted: Granted, decide: Decide
    ) -> None:
        self.granted = granted
        self.alone = alone
        self._universe = universe
        self._action = action
        self._explicit = explicit
        self._decide = decide
        self._identity = IdentitySets(universe, action)
        self._clashes = Clashes(universe, action, alone)
        self._combined: dict[int, Access] = {}
        self._settled: dict[int, Access] = {}

    def of(self, subject: Subject) -> Access:
        """What the caller may do."""
        found = self._settled.get(subject.number)
        if found is None:
            found = self._layers(subject)
            still_open = found.possible & ~found.sure & ~found.unread
            if still_open:
                found = self._without_clashes(subject, found, still_open)
            self._settled[subject.number] = found
        return found

    def surely(self, subject: Subject) -> int:
        """The items the caller surely may act on. It costs less than ``of``: what is open need not be settled."""
        return self._layers(subject).sure

    def _layers(self, subject: Subject) -> Access:
        """What the layers say, clashes left aside."""
        found = self._combined.get(subject.number)
        if found is None:
            found = combine(subject, self._universe, self._identity, self.granted, self._explicit)
            self._combined[subject.number] = found
        return found

    def _without_clashes(self, subject: Subject, access: Access, still_open: int) -> Access:
        """The same less what is open only because statements that ask for opposite things were taken one by one."""
        denied = unknown = 0
        for number in bits.members(self._clashes.among(subject, still_open)):
            item = self._universe.items[number]
            verdict = self._decide(subject, item.action or self._action, item).verdict
            denied |= 1 << number if verdict is Verdict.DENIED else 0
            unknown |= 1 << number if verdict is Verdict.UNKNOWN else 0
        if not denied | unknown:
            return access
        return access._replace(possible=access.possible & ~denied, unread=access.unread | unknown)
