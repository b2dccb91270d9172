"""What is left of conditions that could not be decided: values with which they hold."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise

from permcheck.model.policy import Condition
from permcheck.policy.compare import date, number
from permcheck.policy.condition import Match, holds
from permcheck.policy.context import Context
from permcheck.policy.operators import read_operator
from permcheck.policy.request import OpenCondition
from permcheck.policy.variables import substitute
from permcheck.policy.wildcard import plain

SESSION_NAME = "sts:rolesessionname"
_EXACT_BELOW = 2.0**53  # every integer up to here is a float of its own
_FEW = 12  # values of which more is tried than of many


def solve(conditions: Sequence[Condition], context: Context, variables: bool) -> tuple[str, ...] | None:
    """Values of the one key these conditions speak of for which all hold; ``()`` = leave it out; None = none found."""
    if variables and any("${" in value for condition in conditions for value in condition.values):
        return _solve(conditions, context, True)
    return _solve_without_variables(tuple(conditions))


@lru_cache(maxsize=1 << 12)
def _solve_without_variables(conditions: tuple[Condition, ...]) -> tuple[str, ...] | None:
    """No other key has a say then, so that the same conditions have the same solution in every request."""
    return _solve(conditions, Context(), False)


def _solve(conditions: Sequence[Condition], context: Context, variables: bool) -> tuple[str, ...] | None:
    key = conditions[0].key.lower()
    conditions = _merged(conditions) if len(conditions) > 1 else conditions
    tried: Iterable[tuple[str, ...]] = _candidates(conditions, context, variables)
    if any(read_operator(c.operator).quantifier for c in conditions):
        tried = _with_several(tried)
    for values in tried:
        attempt = context.with_known({key: values})
        if all(holds(c, attempt, variables) is Match.YES for c in conditions):
            return values
    return None


def _with_several(tried: Iterable[tuple[str, ...]]) -> Iterator[tuple[str, ...]]:
    """The same, and several values at once: any two that stand beside each other, and all."""
    found = list(dict.fromkeys(tried))
    found += [(a, b) for (a, *_), (b, *_) in pairwise(t for t in found if t)]
    yield from found
    yield tuple(dict.fromkeys(v for t in found for v in t))


def _merged(conditions: Sequence[Condition]) -> list[Condition]:
    """The same with one condition in place of several that each refuse some values."""
    kept: dict[object, Condition] = {}
    for condition in conditions:
        operator = read_operator(condition.operator)
        refuses = operator.negated and operator.quantifier is None
        name: object = operator if refuses else condition
        given = kept.get(name)
        if given is not None and refuses:
            condition = replace(condition, values=(*given.values, *condition.values))
        kept[name] = condition
    return list(kept.values())


def _candidates(conditions: Iterable[Condition], context: Context, variables: bool) -> Iterator[tuple[str, ...]]:
    yield ()
    numbers: set[float] = set()
    dates: set[float] = set()
    patterns: list[str] = []
    for condition in conditions:
        operator = read_operator(condition.operator)
        for written in condition.values:
            text = written
            if variables and "${" in written:
                resolved = substitute(written, context)
                text = resolved if isinstance(resolved, str) else written
            if operator.base in ("StringLike", "ArnLike", "ArnEquals"):
                yield (instance(text),)
                yield (plain(text.replace("*", "").replace("?", "x")),)
                patterns.append(text)
            elif operator.base in ("IpAddress", "NotIpAddress"):
                yield from _addresses(text, closely=len(condition.values) <= _FEW)
            elif operator.base.startswith("Numeric") and (value := number(text)) is not None:
                numbers.add(value)
            elif operator.base.startswith("Date") and (value := date(text)) is not None:
                dates.add(value)
            yield (plain(text),)
    yield from _of_two(patterns[:_FEW])
    for points, step in ((numbers, 1), (dates, 86400)):
        for point in _between(sorted(points), step):
            text = str(point)
            # Four digits alone would be read as a year.
            yield (f"{text}.0" if points is dates and len(text) == 4 else text,)
    yield from (("true",), ("false",), ("permcheck",), ("arn:aws:iam::000000000000:role/permcheck",), ("198.51.100.7",))


def instance(pattern: str) -> str:
    """A text that matches the pattern."""
    return plain(pattern.replace("*", "x").replace("?", "x"))


def _of_two(patterns: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Texts that may match two patterns at once: ``a*`` and ``*b``, one behind the other."""
    for one in patterns:
        for other in patterns:
            if one != other and one.endswith("*") and other.startswith("*"):
                yield (instance(one[:-1].replace("*", "")) + instance(other[1:].replace("*", "")),)


def _between(bounds: Sequence[float], step: int) -> Iterator[float]:
    """The bounds, a number between any two, and one beyond either end; integers where they are as good."""
    yield from (int(b) if abs(b) < _EXACT_BELOW and b == int(b) else b for b in bounds)
    for low, high in pairwise(bounds):
        middle = low / 2 + high / 2
        yield int(middle) if abs(middle) < _EXACT_BELOW and low < int(middle) < high else middle
    if bounds:
        low, high = bounds[0], bounds[-1]
        yield low - step if low - step < low else low - abs(low)
        yield high + step if high + step > high else high + abs(high)


def _addresses(text: str, closely: bool) -> Iterator[tuple[str, ...]]:
    """Addresses of a network; closely: also some that are in it or beside it in other ways."""
    from ipaddress import ip_network

    try:
        network = ip_network(text.strip(), strict=False)
    except ValueError:
        return
    yield (str(network[0] if network.num_addresses < 4 else network[1]),)
    # Another network may shut out the first addresses, the last, or all but the neighbours.
    first, last = int(network.network_address), int(network.broadcast_address)
    highest = 2**network.max_prefixlen - 1
    for each in (first + (last - first) // 2, last, first - 1, last + 1) if closely else ():
        if 0 <= each <= highest:
            yield (str(type(network.network_address)(each)),)


def by_key(entries: Iterable[OpenCondition]) -> list[tuple[str, list[OpenCondition]]]:
    """Open conditions grouped by key, lower case, in order."""
    groups: dict[str, list[OpenCondition]] = {}
    for entry in entries:
        groups.setdefault(entry.condition.key.lower(), []).append(entry)
    return list(groups.items())
