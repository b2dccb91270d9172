"""The resources one question is about, numbered, with what is known of each."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, reduce
from operator import or_

from permcheck.access import bits
from permcheck.access.context import RESOURCE_TAG
from permcheck.access.index import ArnIndex, ordered
from permcheck.model.organization import Levels
from permcheck.model.policy import Policy
from permcheck.policy.action import action_matcher
from permcheck.policy.arn import account_of
from permcheck.policy.context import Context


@dataclass(frozen=True, slots=True, eq=False)
class Item:
    """One resource that can be asked for.

    action: set where every item has an action of its own (probes), empty where the question names it.
    policies: the resource policies that govern it; doubtful: those of which AWS does not say.
    rcps: levels of resource control policies over its account. known: condition keys of the resource;
    all_tags: whether a resource tag not listed is absent.
    """

    arn: str
    action: str = ""
    policies: tuple[Policy, ...] = ()
    doubtful: tuple[Policy, ...] = ()
    known: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    all_tags: bool = False
    owner: str = ""
    rcps: Levels = ()

    @property
    def account(self) -> str:
        """The account that owns the resource."""
        return account_of(self.arn) or self.owner

    @property
    def closed(self) -> tuple[str, ...]:
        """Prefixes of keys that are absent unless known."""
        return (RESOURCE_TAG,) if self.all_tags else ()

    def context(self, caller: Context, more: Mapping[str, tuple[str, ...]] | None = None) -> Context:
        """The caller's context with the resource's keys and those of the way the request comes."""
        return caller.merged({**self.known, **(more or {})}, self.closed)


class Universe:
    """Items in index order. Sets of items are ints (see bits)."""

    def __init__(self, items: Iterable[Item]) -> None:
        given = list(items)
        by_arn: dict[str, list[Item]] = {}
        for item in given:
            by_arn.setdefault(item.arn, []).append(item)
        self.items: list[Item] = [i for arn in dict.fromkeys(ordered([g.arn for g in given])) for i in by_arn[arn]]
        self.index = ArnIndex([i.arn for i in self.items])
        self.all = self.index.all
        self.position = {item.arn: at for at, item in enumerate(self.items)}
        self._actions: dict[str, int] = {}
        self._accounts: dict[str, int] = {}
        self._groups: dict[tuple[str, ...], list[tuple[Item, int]]] = {}
        self._mixed = any(i.action for i in self.items)

    def naming_action(self, patterns: Sequence[str], action: str) -> int:
        """The items whose action one of the patterns names."""
        if not self._mixed:
            return self.all if any(action_matcher(p)(action) for p in patterns) else 0
        found = 0
        for pattern in patterns:
            known = self._actions.get(pattern)
            if known is None:
                matches = action_matcher(pattern)
                each = (items for asked, items in self._by_action.items() if matches(asked))
                known = self._actions[pattern] = reduce(or_, each, 0)
            found |= known
        return found

    @cached_property
    def _by_action(self) -> Mapping[str, int]:
        """The items by their action."""
        numbers: dict[str, list[int]] = {}
        for number, item in enumerate(self.items):
            numbers.setdefault(item.action, []).append(number)
        return {action: bits.of(found) for action, found in numbers.items()}

    def in_account(self, account: str) -> int:
        """The items an account owns, with those whose owner nobody told: a caller's own account is taken for it."""
        found = self._accounts.get(account)
        if found is None:
            groups = (items for item, items in self.grouped(("account",)) if item.account in (account, ""))
            found = self._accounts[account] = reduce(or_, groups, 0)
        return found

    def grouped(self, keys: tuple[str, ...]) -> list[tuple[Item, int]]:
        """The items in groups that agree on these keys: one of each group, and the group. ``account`` is a key too."""
        groups = self._groups.get(keys)
        if groups is None:
            found: dict[tuple[object, ...], list[int]] = {}
            for number, item in enumerate(self.items):
                values = tuple(
                    item.account if k == "account" else item.known.get(k, () if k.startswith(item.closed) else None)
                    for k in keys
                )
                found.setdefault(values, []).append(number)
            groups = self._groups[keys] = [(self.items[n[0]], bits.of(n)) for n in found.values()]
        return groups
