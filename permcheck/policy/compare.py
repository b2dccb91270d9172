"""How one value of a request is compared with one value of a policy, operator by operator.

IAM User Guide, "IAM JSON policy elements: Condition operators". A value that an operator cannot read matches nothing.
"""

import math
import re
from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache

from permcheck.policy.arn import condition_matcher
from permcheck.policy.wildcard import glob, plain

Predicate = Callable[[str], bool]

_SHORT_DATE = re.compile(r"(\d{4})(?:-(\d{2}))?")
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?")
TRUTHS = frozenset(("true", "false"))


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
