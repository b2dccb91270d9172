"""The resources one question is about, numbered, with what is known of each."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from functools import cached_property
from operator import attrgetter

from permcheck.access import bits
from permcheck.access.context import RESOURCE_TAG
from permcheck.access.index import ArnIndex, ordered
from permcheck.frozen import dataclass
from permcheck.model.organization import Levels
from permcheck.model.policy import Policy, Statement
from permcheck.policy.action import lower_matcher, service_of
from permcheck.policy.arn import account_of
from permcheck.policy.context import Context
from permcheck.policy.wildcard import has_wildcard


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
        return caller.merged({**self.known, **more} if more else self.known, self.closed)


class Universe:
    """Items in index order. Sets of items are ints (see bits). mixed: items have actions of their own."""

    def __init__(self, items: Iterable[Item]) -> None:
        given = list(items)
        by_arn = {item.arn: item for item in given}
        if len(by_arn) == len(given):
            self.items: list[Item] = [by_arn[arn] for arn in ordered(by_arn)]
        else:
            several: dict[str, list[Item]] = {}
            for item in given:
                several.setdefault(item.arn, []).append(item)
            self.items = [item for arn in ordered(several) for item in several[arn]]
        self.index = ArnIndex([item.arn for item in self.items])
        self.all = self.index.all
        self.mixed = any(map(attrgetter("action"), self.items))
        self._named: dict[tuple[str, ...], int] = {}
        self._patterns: dict[str, int] = {}
        self._accounts: dict[str, int] = {}
        self._groups: dict[tuple[str, ...], list[tuple[Item, int]]] = {}

    @cached_property
    def position(self) -> Mapping[str, int]:
        """Where an ARN stands among the items, the last place where it stands at several."""
        return {item.arn: at for at, item in enumerate(self.items)}

    def naming(self, statement: Statement) -> int:
        """The items whose own action the statement names."""
        patterns = statement.actions
        if patterns is None:
            return self.all & ~self._naming(statement.not_actions or ())
        found = self._named.get(patterns)
        return self._naming(patterns) if found is None else found

    def _naming(self, patterns: tuple[str, ...]) -> int:
        """The items whose action one of the patterns names. Many statements name the same actions."""
        found = self._named.get(patterns)
        if found is None:
            found = 0
            for pattern in patterns:
                known = self._patterns.get(pattern)
                if known is None:
                    known = self._patterns[pattern] = self._naming_one(pattern)
                found |= known
            self._named[patterns] = found
        return found

    def _naming_one(self, pattern: str) -> int:
        """The items whose action the pattern names: mostly one of a single service."""
        service, matches = service_of(pattern), lower_matcher(pattern)
        anywhere = has_wildcard(service) or not service.isascii()
        found = 0
        for asked, items in self._by_action.get("" if anywhere else service, ()):
            if matches(asked):
                found |= items
        return found

    @cached_property
    def _by_action(self) -> Mapping[str, Sequence[tuple[str, int]]]:
        """The actions, lower case, with their items: of each service, and of all under an empty name."""
        numbers: dict[str, list[int]] = {}
        for number, item in enumerate(self.items):
            numbers.setdefault(item.action.lower(), []).append(number)
        found: dict[str, list[tuple[str, int]]] = {"": []}
        for action, several in numbers.items():
            for service in {service_of(action), ""}:
                found.setdefault(service, []).append((action, bits.of(several)))
        return found

    def in_account(self, account: str) -> int:
        """The items an account owns, with those whose owner nobody told: a caller's own account is taken for it."""
        found = self._accounts.get(account)
        if found is None:
            found = self._accounts[account] = self._by_owner.get(account, 0) | self._by_owner.get("", 0)
        return found

    @cached_property
    def _by_owner(self) -> Mapping[str, int]:
        """The items by the account that owns them."""
        found: dict[str, int] = {}
        for heads, start, end in self.index.blocks:
            if heads is not None and heads[3].isdigit():
                found[heads[3]] = found.get(heads[3], 0) | bits.span(start, end)
            else:
                for number in range(start, end):
                    owner = self.items[number].account
                    found[owner] = found.get(owner, 0) | 1 << number
        return found

    def grouped(self, keys: tuple[str, ...]) -> list[tuple[Item, int]]:
        """The items in groups that agree on these keys: one of each group, and the group."""
        groups = self._groups.get(keys)
        if groups is None:
            told = [(key, key.startswith(RESOURCE_TAG)) for key in keys]
            found: dict[tuple[object, ...], list[int]] = {}
            for number, item in enumerate(self.items):
                known, all_tags = item.known, item.all_tags
                values = tuple([known.get(key, () if tag and all_tags else None) for key, tag in told])
                same = found.get(values)
                if same is None:
                    found[values] = [number]
                else:
                    same.append(number)
            groups = self._groups[keys] = [(self.items[n[0]], bits.of(n)) for n in found.values()]
        return groups
