"""What resource policies give and take, as sets of items for each caller."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class Granted:
    """Sets of items by caller number; absent = none. Index 0 is sure, 1 possible."""

    full: tuple[dict[int, int], dict[int, int]] = field(default_factory=lambda: ({}, {}))
    role: tuple[dict[int, int], dict[int, int]] = field(default_factory=lambda: ({}, {}))
    account: tuple[dict[int, int], dict[int, int]] = field(default_factory=lambda: ({}, {}))
    deny: tuple[dict[int, int], dict[int, int]] = field(default_factory=lambda: ({}, {}))
    doubtful_full: dict[int, int] = field(default_factory=dict)
    doubtful_role: dict[int, int] = field(default_factory=dict)
    doubtful_account: dict[int, int] = field(default_factory=dict)
    doubtful_deny: dict[int, int] = field(default_factory=dict)
    unread: int = 0
    unread_over: int = 0
    named: set[int] = field(default_factory=set)  # callers that some Allow names in person, surely or doubtfully

    def bears_on(self, caller: int) -> bool:
        """Whether anything but a grant to an account may change what the caller's own side says."""
        if self.unread or self.unread_over:
            return True
        return caller in self.named or caller in self.deny[1] or caller in self.doubtful_deny

    def to_account(self, caller: int) -> int:
        """What the caller's account as a whole may be granted."""
        return self.account[1].get(caller, 0) | self.doubtful_account.get(caller, 0)
