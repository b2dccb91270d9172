"""How one value of a request is compared with one value of a policy, operator by operator.

IAM User Guide, "IAM JSON policy elements: Condition operators". A value that an operator cannot read matches nothing.
"""

import math
import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import lru_cache

from permcheck.policy.arn import condition_matcher
from permcheck.policy.wildcard import glob, has_wildcard, plain

Predicate = Callable[[str], bool]

_SHORT_DATE = re.compile(r"(\d{4})(?:-(\d{2}))?")
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?")
TRUTHS = frozenset(("true", "false"))
PATTERNS = frozenset(("StringLike", "ArnLike", "ArnEquals"))
ARN_COLONS = 5
_NO_ADDRESS = 1 << 128  # beyond every address


@lru_cache(maxsize=1 << 14)
def predicate(base: str, value: str) -> Predicate:
    """A function request value → whether the positive operator ``base`` holds for this policy value."""
    if base == "StringEquals":
        return plain(value).__eq__
    if base == "StringEqualsIgnoreCase":
        folded = plain(value).lower()
        return lambda given: given.lower() == folded
    if base == "StringLike":
        return glob(value)
    if base in ("ArnEquals", "ArnLike"):
        return condition_matcher(value)
    if base == "Bool":
        wanted = value.lower()
        return (lambda given: given.lower() == wanted) if wanted in TRUTHS else (lambda _: False)
    if base == "BinaryEquals":
        return value.__eq__
    if base == "IpAddress":
        return _in_network(value)
    if base.startswith("Numeric"):
        return _ordered(base.removeprefix("Numeric"), number(value), number)
    if base.startswith("Date"):
        return _ordered(base.removeprefix("Date"), date(value), date)
    raise ValueError(f"no comparison for {base}")


def predicates(base: str, values: Sequence[str]) -> tuple[Predicate, ...]:
    """Predicates of which one holds exactly where one of the values' does; few of them, however many values."""
    if len(values) < 2:
        return tuple(predicate(base, v) for v in values)
    if base in ("StringEquals", "BinaryEquals"):
        return (frozenset(plain(v) if base == "StringEquals" else v for v in values).__contains__,)
    if base == "StringEqualsIgnoreCase":
        folded = frozenset(plain(v).lower() for v in values)
        return (lambda given: given.lower() in folded,)
    if base in PATTERNS:
        fixed = [v for v in values if not has_wildcard(v)]
        whole = frozenset(plain(v) for v in fixed if base == "StringLike" or v.count(":") >= ARN_COLONS)
        moving = dict.fromkeys(v for v in values if has_wildcard(v))
        return (*((whole.__contains__,) if whole else ()), *(predicate(base, v) for v in moving))
    if base == "IpAddress":
        return (_in_networks(values),)
    if base.startswith(("Numeric", "Date")):
        return (_ordered_by_any(base, values),)
    return tuple(predicate(base, v) for v in dict.fromkeys(values))


def bounds(base: str, values: Sequence[str]) -> list[float]:
    """The values of a Numeric or Date operator that can be read."""
    read = number if base.startswith("Numeric") else date
    return [bound for value in values if (bound := read(value)) is not None]


def networks(values: Sequence[str]) -> list[tuple[int, int, int]]:
    """The networks that can be read: (IP version, first address, last address), sorted, none within another."""
    from ipaddress import ip_network

    found: list[tuple[int, int, int]] = []
    for value in values:
        try:
            network = ip_network(value.strip(), strict=False)
        except ValueError:
            continue
        found.append((network.version, int(network.network_address), int(network.broadcast_address)))
    found.sort(key=lambda n: (n[0], n[1], -n[2]))
    kept: list[tuple[int, int, int]] = []
    for each in found:
        if not kept or kept[-1][0] != each[0] or kept[-1][2] < each[1]:
            kept.append(each)
    return kept


def _in_networks(values: Sequence[str]) -> Predicate:
    from ipaddress import ip_address

    known = networks(values)

    def holds(given: str) -> bool:
        try:
            address = ip_address(given.strip())
        except ValueError:
            return False
        at = bisect_right(known, (address.version, int(address), _NO_ADDRESS)) - 1
        return at >= 0 and known[at][0] == address.version and known[at][1] <= int(address) <= known[at][2]

    return holds


def _ordered_by_any(base: str, values: Sequence[str]) -> Predicate:
    """Of alternatives the loosest bound counts."""
    kind = "Numeric" if base.startswith("Numeric") else "Date"
    read, known = (number if kind == "Numeric" else date), bounds(base, values)
    if base != f"{kind}Equals":
        bound = (max if "Less" in base else min)(known) if known else None
        return _ordered(base.removeprefix(kind), bound, read)
    wanted = frozenset(known)
    return lambda given: (value := read(given)) is not None and value in wanted


def number(text: str) -> float | None:
    """An integer or decimal number, None where the text is none or the number is out of a float's reach."""
    text = text.strip()
    if not _NUMBER.fullmatch(text) or not math.isfinite(value := float(text)):
        return None
    try:
        return int(text)
    except ValueError:
        return value


def date(text: str) -> float | None:
    """Seconds since 1970 of a date or an epoch number, None where the text is neither.

    A date is a year, a month, a day or more of ISO 8601. Four digits are a year. Without zone: UTC.
    """
    text = text.strip()
    short = _SHORT_DATE.fullmatch(text)
    if short is None and (given := number(text)) is not None:
        return given
    try:
        moment = datetime.fromisoformat(f"{short[1]}-{short[2] or '01'}-01" if short else text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return None


def _ordered(relation: str, bound: float | None, read: Callable[[str], float | None]) -> Predicate:
    if bound is None:
        return lambda _: False
    tests: dict[str, Callable[[float], bool]] = {
        "Equals": lambda given: given == bound,
        "LessThan": lambda given: given < bound,
        "LessThanEquals": lambda given: given <= bound,
        "GreaterThan": lambda given: given > bound,
        "GreaterThanEquals": lambda given: given >= bound,
    }
    test = tests[relation]

    def holds(given: str) -> bool:
        value = read(given)
        return value is not None and test(value)

    return holds


def _in_network(value: str) -> Predicate:
    from ipaddress import ip_address, ip_network  # late: few policies need it, and every start would pay for it

    try:
        network = ip_network(value.strip(), strict=False)
    except ValueError:
        return lambda _: False

    def holds(given: str) -> bool:
        try:
            address = ip_address(given.strip())
        except ValueError:
            return False
        return address.version == network.version and address in network

    return holds
