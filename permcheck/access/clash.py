"""Which answers of the sets may be open only because two statements ask for opposite things.

The sets know that a statement applies on some condition, not on which. Where conditions of several statements read one
key and all of them taken together cannot hold, the reference is asked, item by item. Such callers are few.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property, lru_cache
from typing import NamedTuple

from permcheck.access.resource import may_name
from permcheck.access.subject import Subject
from permcheck.access.universe import Item, Universe
from permcheck.model.policy import Condition, Document, Policy, Statement
from permcheck.policy.context import Context
from permcheck.policy.matching import naming
from permcheck.policy.negation import negation
from permcheck.policy.residue import SESSION_NAME
from permcheck.policy.together import contradictory

Keys = frozenset[str]


class _Side(NamedTuple):
    """What the statements of one caller's layers ask for on open keys.

    base: what must hold in any case, with all that limits and Denies could ask for. grants: of each Allow, by key.
    """

    base: dict[str, list[Condition]]
    grants: Sequence[tuple[Condition, ...]]

    def clashes(self) -> bool:
        """Whether an Allow and the rest may rule each other out."""
        if contradictory([c for conditions in self.base.values() for c in conditions], unsure=True):
            return True
        for grant in self.grants:
            beside = [c for key in {c.key.lower() for c in grant} for c in self.base.get(key, ())]
            if contradictory([*grant, *beside], unsure=True):
                return True
        return False

    @property
    def keys(self) -> set[str]:
        """The keys read."""
        return {*self.base, *(c.key.lower() for grant in self.grants for c in grant)}


class Clashes:
    """The doubtful pairs of one universe and action. alone: no resource policy speaks of the action."""

    def __init__(self, universe: Universe, action: str, alone: bool = False) -> None:
        self._universe = universe
        self._action = action
        self._alone = alone
        self._known: dict[object, tuple[bool, set[str]]] = {}
        self._beside: dict[Keys, Sequence[tuple[Keys, int]]] = {}

    def among(self, subject: Subject, items: int) -> int:
        """The items of a set whose answer for the caller has to be asked of the reference."""
        limits = _limits(subject)
        once = self._read_once((*subject.policies, *limits))
        everywhere, keys = (False, once) if once is not None else self._sought((subject.policies, limits), subject)
        if everywhere:
            return items
        result = 0
        for doubtful, group in self._doubtful(frozenset(keys)) if self._by_keys else ():
            if group & items and any(_is_open(k, subject.context) for k in doubtful):
                result |= group & items
        return result

    def _doubtful(self, keys: Keys) -> Sequence[tuple[Keys, int]]:
        """The items whose own policies may contradict one another, or those of a caller that read some keys: on what.

        Worked out once for all callers whose policies read the same keys.
        """
        found = self._beside.get(keys)
        if found is None:
            each = ((clashing | (read & keys), group) for (read, clashing), group in self._by_keys.items())
            found = self._beside[keys] = [(doubtful, group) for doubtful, group in each if doubtful]
        return found

    def _read_once(self, policies: Iterable[Policy]) -> Collection[str] | None:
        """The keys that policies read, where each is read by one condition alone; nearly everybody's are like that."""
        seen: set[str] = set()
        for policy in policies:
            if policy.document is None:
                continue
            keys, several = _reads(policy.document, self._action)
            if keys:
                if several or not seen.isdisjoint(keys):
                    return None
                seen |= keys
        return seen

    def _sought(
        self, layers: tuple[tuple[Policy, ...], tuple[Policy, ...]], subject: Subject
    ) -> tuple[bool, Collection[str]]:
        """Whether the caller's own policies may contradict one another, and the keys they read."""
        read = tuple(dict.fromkeys(k for layer in layers for p in layer for k in self._keys(p)))
        known = (
            tuple(id(p.document) for p in layers[0]),
            tuple(id(p.document) for p in layers[1]),
            tuple(_is_open(k, subject.context) for k in read),
        )
        found = self._known.get(known)
        if found is None:
            side = self._side(*layers, subject.context)
            found = self._known[known] = (side.clashes(), side.keys)
        return found

    def _keys(self, policy: Policy) -> Collection[str]:
        return _keys_of(policy.document, self._action) if policy.document is not None else ()

    def _side(self, own: Iterable[Policy], limits: Iterable[Policy], context: Context) -> _Side:
        base: dict[str, list[Condition]] = {}
        grants = []
        for limiting, policies in ((False, own), (True, limits)):
            for statement in (s for p in policies for s in _concerning(p.document, self._action)):
                asked = tuple(c for c in statement.conditions if _is_open(c.key.lower(), context))
                if not statement.is_allow:
                    asked = tuple(turned for c in asked for turned in negation(c))
                elif not limiting:
                    if asked:
                        grants.append(asked)
                    continue
                for condition in asked:
                    base.setdefault(condition.key.lower(), []).append(condition)
        return _Side({key: list(dict.fromkeys(found)) for key, found in base.items()}, grants)

    @cached_property
    def _by_keys(self) -> Mapping[tuple[Keys, Keys], int]:
        """The items by what their own policies read, and by what they may contradict themselves on."""
        found: dict[tuple[Keys, Keys], int] = {}
        for number, item in enumerate(self._universe.items):
            if item.rcps or (item.policies and not self._alone):
                keys = _item_keys(item, self._action)
                if keys[0]:
                    found[keys] = found.get(keys, 0) | 1 << number
        return found


def _limits(subject: Subject) -> tuple[Policy, ...]:
    if subject.unlimited:
        return ()
    bounds = (subject.boundary,) if subject.boundary is not None else ()
    return (*bounds, *subject.session, *[policy for level in subject.scps for policy in level])


def _is_open(key: str, context: Context) -> bool:
    return context.get(key) is None or context.is_chosen(key)


@lru_cache(maxsize=1 << 14)
def _keys_of(document: Document, action: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(c.key.lower() for s in _concerning(document, action) for c in s.conditions))


@lru_cache(maxsize=1 << 14)
def _reads(document: Document, action: str) -> tuple[Keys, bool]:
    """The keys a document reads, and whether one of them is read more than once, or rules itself out."""
    found: list[str] = []
    for statement in _concerning(document, action):
        for condition in statement.conditions:
            asked = (condition,) if statement.is_allow else negation(condition)
            found.append(condition.key.lower())
            if len(asked) != 1 or contradictory(asked, unsure=True):
                found.append(condition.key.lower())
    return frozenset(found), len(set(found)) < len(found)


def _concerning(document: Document | None, action: str) -> Sequence[Statement]:
    """The statements with conditions that name the action; every one where items have actions of their own."""
    if document is None:
        return ()
    return [s for s in (naming(document, action) if action else document.statements) if s.conditions]


def _item_keys(item: Item, action: str) -> tuple[Keys, Keys]:
    """The keys that statements over one item read, and those that several of them read, or one alone rules out."""
    action = item.action or action
    found = [_keys_over(p.document, action) for p in item.policies if p.document]
    found += [_keys_of_limit(p.document, action) for level in item.rcps for p in level if p.document]
    if len(found) == 1:
        return found[0]
    seen: Keys = frozenset()
    several: Keys = frozenset()
    for keys, more in found:
        several |= more | (keys & seen)
        seen |= keys
    return seen, several


@lru_cache(maxsize=1 << 14)
def _keys_over(document: Document, action: str) -> tuple[Keys, Keys]:
    """The keys that a resource policy reads of callers in view."""
    return _keys_in([s for s in naming(document, action) if may_name(s)])


@lru_cache(maxsize=1 << 10)
def _keys_of_limit(document: Document, action: str) -> tuple[Keys, Keys]:
    """The keys that a resource control policy reads, whose Principal is always everyone."""
    return _keys_in(naming(document, action))


def _keys_in(statements: Iterable[Statement]) -> tuple[Keys, Keys]:
    seen: set[str] = set()
    refused: set[str] = set()
    several: set[str] = set()
    for statement in statements:
        keys = {c.key.lower() for c in statement.conditions}
        if statement.principals is not None and any(":assumed-role/" in a for a in statement.principals.aws):
            keys.add(SESSION_NAME)
        # One Allow of a policy is enough, so two of them rule nothing out; every Deny has to fail beside it.
        several |= keys & (refused if statement.is_allow else seen)
        seen |= keys
        refused |= set() if statement.is_allow else keys
        for condition in statement.conditions:
            asked = (condition,) if statement.is_allow else negation(condition)
            several |= {condition.key.lower()} if contradictory(asked, unsure=True) else set()
    return frozenset(seen), frozenset(several)
