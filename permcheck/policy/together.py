"""Which of several ways out of each open question can be taken together.

Every layer must allow, by one of its statements; every Deny that may match must fail, by one of its conditions. Each is
a choice among lists of conditions on open keys; the choices must not contradict one another.
"""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from permcheck.model.policy import Condition
from permcheck.policy.feasible import impossible

Option = tuple[Condition, ...]
# What a variable in Resource asks for is one way of maybe many, so it proves nothing.
_OF_A_VARIABLE = re.compile(r"/(?:Not)?Resource/\d+\Z")
_MOST = 2_000  # options tried; beyond it the first ones are taken for possible


class _Held:
    """Conditions taken so far, by key; the last ones can be given back."""

    def __init__(self) -> None:
        self._by_key: dict[str, list[Condition]] = {}
        self._held: dict[Condition, int] = {}
        self._added: list[Option] = []

    def add(self, option: Option) -> set[str]:
        """Take an option; the keys on which it says something new."""
        new: set[str] = set()
        for condition in option:
            if _proves_nothing(condition):
                continue
            times = self._held.get(condition, 0)
            self._held[condition] = times + 1
            if not times:
                key = condition.key.lower()
                self._by_key.setdefault(key, []).append(condition)
                new.add(key)
        self._added.append(option)
        return new

    def possible(self, keys: Iterable[str], unsure: bool = False) -> bool:
        """Whether what is held of these keys can hold together."""
        return not any(impossible(key, self._by_key.get(key, ()), unsure) for key in keys)

    def drop(self) -> None:
        """Give the last option back."""
        for condition in reversed(self._added.pop()):
            if condition not in self._held:
                continue
            self._held[condition] -= 1
            if not self._held[condition]:
                del self._held[condition]
                self._by_key[condition.key.lower()].pop()


def contradictory(conditions: Sequence[Condition], unsure: bool = False) -> bool:
    """Whether conditions on open keys surely cannot hold together. False when that is not known, or else ``unsure``."""
    return _contradictory(tuple(conditions), unsure)


@lru_cache(maxsize=1 << 13)
def _contradictory(conditions: tuple[Condition, ...], unsure: bool) -> bool:
    by_key: dict[str, list[Condition]] = {}
    for condition in dict.fromkeys(conditions):
        if not _proves_nothing(condition):
            by_key.setdefault(condition.key.lower(), []).append(condition)
    return any(impossible(key, by_key[key], unsure) for key in sorted(by_key))


def _proves_nothing(condition: Condition) -> bool:
    return "Resource/" in condition.pointer and _OF_A_VARIABLE.search(condition.pointer) is not None


def _first_ones_fit(forced: Sequence[Sequence[Option]], free: Sequence[Sequence[Option]]) -> bool:
    """Whether the first options of all levels fit: mostly they do, and asking once costs no more than reading them."""
    held = _Held()
    for options in forced:
        held.add(options[0])
    keys = {key for options in free for key in held.add(options[0])}
    return held.possible(sorted(keys))


def choose(levels: Sequence[Sequence[Option]]) -> tuple[int, ...] | None:
    """The number of the option to take at each level, the earliest that fit; None when surely none fit together.

    What leaves no choice is looked at first and all at once. Where there are too many ways to try them all, the first
    options are given.
    """
    return _choose(tuple([tuple(options) for options in levels])) if levels else ()


@lru_cache(maxsize=1 << 13)
def _choose(levels: tuple[tuple[Option, ...], ...]) -> tuple[int, ...] | None:
    order = sorted(range(len(levels)), key=lambda n: len(levels[n]) > 1)
    forced = sum(len(options) == 1 for options in levels)
    held = _Held()
    keys: set[str] = set()
    for n in order[:forced]:
        keys |= held.add(levels[n][0])
    if not held.possible(sorted(keys)):
        return None
    if forced == len(levels) or _first_ones_fit(
        [levels[n] for n in order[:forced]], [levels[n] for n in order[forced:]]
    ):
        return (0,) * len(levels)
    taken = [0] * len(order)
    at, tried = forced, 0
    while at < len(order):
        options = levels[order[at]]
        while taken[at] < len(options):
            tried += 1
            new = held.add(options[taken[at]])
            if held.possible(sorted(new)):
                break
            held.drop()
            taken[at] += 1
        if taken[at] < len(options):
            at += 1
            continue
        taken[at] = 0
        at -= 1
        if at < forced:
            return None
        if tried > _MOST:
            return (0,) * len(levels)
        held.drop()
        taken[at] += 1
    result = [0] * len(levels)
    for n, option in zip(order, taken, strict=True):
        result[n] = option
    return tuple(result)
