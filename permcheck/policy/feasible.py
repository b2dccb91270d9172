"""Whether conditions on one open key can hold together: shown to be impossible, or taken to be possible.

"Impossible" is a promise, so whatever is not read here (set operators, values with variables, keys that may hold
several values) counts as no condition at all. Values are compared in bulk: the work is near-linear in what is written,
and bounded where patterns meet patterns.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import product

from permcheck.data import condition_keys
from permcheck.model.policy import Condition
from permcheck.policy.compare import ARN_COLONS, PATTERNS, TRUTHS, bounds, networks, predicates
from permcheck.policy.operators import TAKES_VARIABLES, Operator, read_operator
from permcheck.policy.patterns import covers, overlaps
from permcheck.policy.variables import MULTIVALUED
from permcheck.policy.wildcard import LITERAL_MARK, LITERAL_STAR, has_wildcard, plain

Read = tuple[Operator, tuple[str, ...]]
_MOST = 100_000  # comparisons of one value or pattern with another; beyond it nothing is shown
_TEXTS, _ARNS = frozenset(("StringEquals", "StringLike")), frozenset(("ArnEquals", "ArnLike"))
_EXACT = frozenset(("StringEquals", "BinaryEquals"))


def impossible(key: str, conditions: Sequence[Condition], unsure: bool = False) -> bool:
    """Whether no value of the key (lower case), nor its absence, meets all the conditions.

    unsure: what to say where it would cost too much to find out.
    """
    if len(conditions) == 1:
        return not _fulfils_itself(conditions[0]) and _alone(key, conditions[0], unsure)
    return _impossible(key, conditions, unsure)


def _fulfils_itself(condition: Condition) -> bool:
    """Whether a value that the condition itself names meets it: a first look, which most conditions pass."""
    if condition.operator in _TEXTS:
        return bool(condition.values)
    return condition.operator in _ARNS and any(value.count(":") >= ARN_COLONS for value in condition.values)


@lru_cache(maxsize=1 << 14)
def _alone(key: str, condition: Condition, unsure: bool) -> bool:
    return _impossible(key, (condition,), unsure)


def _impossible(key: str, conditions: Sequence[Condition], unsure: bool) -> bool:
    read = [r for c in conditions if (r := _read(c)) is not None]
    if not read or all(_holds_without(operator, values) for operator, values in read):
        return False
    nulls = [values for operator, values in read if operator.base == "Null"]
    found: bool | None = any("false" not in _truths(values) for values in nulls)
    if not found:
        found = _no_value([r for r in read if r[0].base != "Null"])
    return (unsure if found is None else found) and not _several(key)


def _read(condition: Condition) -> Read | None:
    operator = read_operator(condition.operator)
    if operator.quantifier is not None:
        return None
    if operator.base in TAKES_VARIABLES and any("${" in v for v in condition.values):
        return None
    return operator, condition.values


def _truths(values: Iterable[str]) -> set[str]:
    return {v.lower() for v in values} & TRUTHS


def _holds_without(operator: Operator, values: tuple[str, ...]) -> bool:
    """Whether the condition holds where the key is absent."""
    if operator.base == "Null":
        return "true" in _truths(values)
    return operator.negated or operator.if_exists


def _several(key: str) -> bool:
    """Whether the key may hold several values. Of claims that AWS does not list some do (SAML, ``amr``)."""
    if key in MULTIVALUED or key.startswith("saml:") or key.endswith(":amr"):
        return True
    found = condition_keys.find(key)
    return found is not None and found.multivalued


def _no_value(read: Sequence[Read]) -> bool | None:
    """Whether no single value meets all; None where that would cost too much to find out."""
    finite = _finite(read)
    if finite is not None:
        return _none_of(finite, read)
    if _nothing_between(read, "Numeric") or _nothing_between(read, "Date") or _no_address(read):
        return True
    string = _patterns_apart([r for r in read if r[0].base in ("StringEquals", "StringLike")], arn=False)
    arn = _patterns_apart([r for r in read if r[0].base in ("ArnEquals", "ArnLike")], arn=True)
    folded = _patterns_apart([r for r in read if r[0].base == "StringEqualsIgnoreCase"], arn=False)
    if string or arn or folded:
        return True
    return None if None in (string, arn, folded) else False


def _finite(read: Sequence[Read]) -> set[str] | None:
    """The only values that can do, None where they are not so few."""
    found: set[str] | None = None
    for operator, values in read:
        if operator.negated:
            continue
        if operator.base in _EXACT:
            known = {plain(v) if operator.base == "StringEquals" else v for v in values}
        elif operator.base in PATTERNS and not any(has_wildcard(v) for v in values):
            known = {plain(v) for v in values}
        else:
            continue
        found = known if found is None else found & known
    if found is None and any(operator.base == "Bool" for operator, _ in read):
        return set(TRUTHS)
    return found


def _none_of(values: set[str], read: Sequence[Read]) -> bool | None:
    steps = len(values) * sum(1 if o.base not in PATTERNS else 1 + len(v) for o, v in read)
    if steps > _MOST * 20:
        return None
    left = values
    for operator, written in read:
        ready = predicates(operator.base, written)
        left = {v for v in left if any(p(v) for p in ready) is not operator.negated}
        if not left:
            return True
    return False


def _nothing_between(read: Sequence[Read], kind: str) -> bool:
    """Whether the bounds on a number, or a moment, leave nothing."""
    low, high = (float("-inf"), True), (float("inf"), True)
    only: set[float] | None = None
    never: set[float] = set()
    for operator, values in read:
        if not operator.base.startswith(kind):
            continue
        known = bounds(operator.base, values)
        if operator.negated:
            never.update(known)
        elif not known:
            return True
        elif operator.base == f"{kind}Equals":
            only = set(known) if only is None else only & set(known)
        elif "Less" in operator.base:
            high = min(high, (max(known), operator.base.endswith("Equals")))
        else:
            # Of two equal lower bounds the strict one is the narrower.
            given = (min(known), operator.base.endswith("Equals"))
            low = given if (given[0], not given[1]) > (low[0], not low[1]) else low
    if only is not None:
        return not any(_within(value, low, high) for value in only - never)
    if low[0] < high[0]:
        return False
    return low[0] > high[0] or not (low[1] and high[1]) or low[0] in never


def _within(value: float, low: tuple[float, bool], high: tuple[float, bool]) -> bool:
    above = value > low[0] or (low[1] and value == low[0])
    return above and (value < high[0] or (high[1] and value == high[0]))


def _no_address(read: Sequence[Read]) -> bool:
    """Whether the networks leave no address."""
    left: list[tuple[int, int, int]] | None = None
    for operator, values in read:
        if operator.base == "IpAddress" and not operator.negated:
            known = networks(values)
            left = known if left is None else list(_common(left, known))
    if left is None:
        return False
    refused = [v for operator, values in read if operator.base == "IpAddress" and operator.negated for v in values]
    without = networks(refused)
    return all(_all_within(each, without) for each in left)


def _common(
    one: Sequence[tuple[int, int, int]], other: Sequence[tuple[int, int, int]]
) -> Iterator[tuple[int, int, int]]:
    """What two sorted lists of ranges share."""
    i = j = 0
    while i < len(one) and j < len(other):
        a, b = one[i], other[j]
        if a[0] == b[0] and max(a[1], b[1]) <= min(a[2], b[2]):
            yield a[0], max(a[1], b[1]), min(a[2], b[2])
        if (a[0], a[2]) < (b[0], b[2]):
            i += 1
        else:
            j += 1


def _all_within(wanted: tuple[int, int, int], ranges: Sequence[tuple[int, int, int]]) -> bool:
    """Whether sorted ranges, put together, hold all of one."""
    version, at, last = wanted
    for each in ranges:
        if each[0] == version and each[1] <= at <= each[2]:
            at = each[2] + 1
            if at > last:
                return True
    return False


def _patterns_apart(read: Sequence[Read], arn: bool) -> bool | None:
    """Whether two sets of patterns that must both match share no text, or a negated one holds all of another."""
    sets = [(o.negated, [p for v in values for p in _pattern(v, o.base, arn)]) for o, values in read]
    wanted = [patterns for negated, patterns in sets if not negated]
    refused = [p for negated, patterns in sets if negated for p in patterns]
    total = sum(len(patterns) for patterns in wanted)
    if not wanted:
        return False
    if total * (total + len(refused)) > _MOST:
        return None
    for i, patterns in enumerate(wanted):
        if all(any(_each(covers, r, p) for r in refused) for p in patterns):
            return True
        for others in wanted[:i]:
            if not any(_each(overlaps, p, q) for p, q in product(patterns, others)):
                return True
    return False


def _pattern(value: str, base: str, arn: bool) -> Iterator[tuple[str, ...]]:
    """The value as patterns to be matched one by one: six for an ARN, none for what matches no ARN."""
    if base.startswith("StringEquals"):
        value = value.lower() if base.endswith("IgnoreCase") else value
        yield (value.replace("*", LITERAL_STAR).replace("?", LITERAL_MARK),)
    elif not arn:
        yield (value,)
    elif value and value.strip("*") == "":
        yield ("*",) * (ARN_COLONS + 1)
    elif len(parts := value.split(":", ARN_COLONS)) == ARN_COLONS + 1:
        yield tuple(parts)


def _each(relation: Callable[[str, str], bool], one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    return all(relation(a, b) for a, b in zip(one, other, strict=True))
