"""What resource policies give and take, as sets of items for each caller."""

from collections.abc import Mapping
from functools import cached_property

from permcheck.access import bits

Said = tuple[str, int, int]  # what is said, 0 where surely and 1 where possibly, and of which callers
_FEW = 16


class Spread:
    """Sets of items by caller. What many have alike is kept once, beside the set of them."""

    __slots__ = ("_few", "_many", "callers")

    def __init__(self) -> None:
        self.callers = 0
        self._few: dict[int, int] = {}
        self._many: list[tuple[int, int]] = []

    def add(self, callers: int, items: int) -> None:
        """More items for these callers."""
        self.callers |= callers
        if callers.bit_count() > _FEW:
            self._many.append((callers, items))
            return
        for caller in bits.members(callers):
            self._few[caller] = self._few.get(caller, 0) | items

    def of(self, caller: int) -> int:
        """The items of one caller."""
        found = self._few.get(caller, 0)
        for callers, items in self._many:
            if callers >> caller & 1:
                found |= items
        return found


class Granted:
    """What resource policies say of a question. Index 0 is sure, 1 possible.

    said: the items, by what is said of them and of whom (full, role, account, deny; doubtful_full and so on, which are
    possible at most). unread: items with a policy that was not read; unread_over: with an RCP that was not.
    """

    def __init__(self, said: Mapping[Said, int], unread: int = 0, unread_over: int = 0) -> None:
        kept: dict[tuple[str, int], Spread] = {}
        for (what, level, callers), items in said.items():
            kept.setdefault((what, level), Spread()).add(callers, items)

        def spread(what: str, level: int = 1) -> Spread:
            return kept.get((what, level)) or Spread()

        self.full = spread("full", 0), spread("full")
        self.role = spread("role", 0), spread("role")
        self.account = spread("account", 0), spread("account")
        self.deny = spread("deny", 0), spread("deny")
        self.doubtful_full = spread("doubtful_full")
        self.doubtful_role = spread("doubtful_role")
        self.doubtful_account = spread("doubtful_account")
        self.doubtful_deny = spread("doubtful_deny")
        self.unread = unread
        self.unread_over = unread_over
        self._in_person = (
            self.full[1].callers | self.role[1].callers | self.doubtful_full.callers | self.doubtful_role.callers
        )
        self._bearing = self._in_person | self.deny[1].callers | self.doubtful_deny.callers

    @cached_property
    def named(self) -> frozenset[int]:
        """The callers that some Allow names in person, surely or doubtfully."""
        return frozenset(bits.members(self._in_person))

    def names(self, caller: int) -> bool:
        """Whether some Allow names the caller in person."""
        return bool(self._in_person >> caller & 1)

    def bears_on(self, caller: int) -> bool:
        """Whether anything but a grant to an account may change what the caller's own side says."""
        return bool(self.unread or self.unread_over or self._bearing >> caller & 1)

    def to_account(self, caller: int) -> int:
        """What the caller's account as a whole may be granted."""
        return self.account[1].of(caller) | self.doubtful_account.of(caller)
