"""All 27 operators: a value that fits, one that does not, one the operator cannot read, and a missing key."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from .rows import CHECKS, OPERATORS, SETS, Row, Text

KEY = "test:key"
TOPIC = "arn:aws:sns:us-east-1:111111111111:orders"


@dataclass(frozen=True, slots=True)
class Sample:
    """A positive operator with its twin, if it has one, and values to try it with.

    value: what the policy says. fits, differs: what the request says. unreadable: a request value of another type,
    which fits no policy value; None where every text is of the type.
    """

    operator: str
    twin: str | None
    value: str
    fits: str
    differs: str
    unreadable: str | None


SAMPLES = (
    Sample("StringEquals", "StringNotEquals", "red", "red", "Red", None),
    Sample("StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase", "red", "RED", "reds", None),
    Sample("StringLike", "StringNotLike", "r?d-*", "rod-1", "road-1", None),
    Sample("NumericEquals", "NumericNotEquals", "10", "10.0", "11", "ten"),
    Sample("NumericLessThan", None, "10", "9.5", "10", "nine"),
    Sample("NumericLessThanEquals", None, "10", "10", "10.01", "ten"),
    Sample("NumericGreaterThan", None, "10", "10.5", "10", "eleven"),
    Sample("NumericGreaterThanEquals", None, "10", "10", "9.99", "ten"),
    Sample("DateEquals", "DateNotEquals", "2026-01-01T00:00:00Z", "1767225600", "2026-01-02T00:00:00Z", "today"),
    Sample("DateLessThan", None, "2026-01-01T00:00:00Z", "2025-12-31T23:59:59Z", "2026-01-01T00:00:00Z", "today"),
    Sample("DateLessThanEquals", None, "2026-01-01T00:00:00Z", "2026-01-01", "2026-01-01T00:00:01Z", "today"),
    Sample("DateGreaterThan", None, "2026-01-01T00:00:00Z", "2026-01-01T00:00:01Z", "2026-01-01", "today"),
    Sample("DateGreaterThanEquals", None, "2026-01-01T00:00:00Z", "2026-01-01", "2025-12-31", "today"),
    Sample("Bool", None, "true", "True", "false", "yes"),
    Sample("BinaryEquals", None, "QUJD", "QUJD", "QUJE", None),
    Sample("IpAddress", "NotIpAddress", "203.0.113.0/24", "203.0.113.255", "203.0.114.0", "localhost"),
    Sample("ArnEquals", "ArnNotEquals", TOPIC, TOPIC, TOPIC + "2", "orders"),
    Sample("ArnLike", "ArnNotLike", "arn:aws:sns:*:111111111111:ord*", TOPIC, TOPIC.replace("ord", "f"), "orders"),
)
# Values that the operator cannot read in a policy: they fit nothing, so a negated operator holds whatever comes.
UNREADABLE = {
    "NumericEquals": "ten",
    "NumericLessThan": "10,5",
    "NumericLessThanEquals": "",
    "NumericGreaterThan": "0x10",
    "NumericGreaterThanEquals": "1e",
    "DateEquals": "tomorrow",
    "DateLessThan": "2026-13-01",
    "DateLessThanEquals": "01/02/2026",
    "DateGreaterThan": "",
    "DateGreaterThanEquals": "2026-02-30",
    "Bool": "yes",
    "IpAddress": "203.0.113.0/33",
    "ArnEquals": "orders",
    "ArnLike": "arn:aws:sns:*",
}
NAMES = (*(name for s in SAMPLES for name in (s.operator, s.twin) if name), "Null")


def _rows() -> Iterator[Row]:
    for sample in SAMPLES:
        yield from _of(sample.operator, sample, True)
        if sample.twin:
            yield from _of(sample.twin, sample, False)


def _of(name: str, sample: Sample, positive: bool) -> Iterator[Row]:
    def row(what: str, operator: str, value: Text, given: Text | None, expected: bool, page: str = OPERATORS) -> Row:
        context: dict[str, Text] = {} if given is None else {KEY: given}
        return Row(f"{operator} {what}", page, {operator: {KEY: value}}, context, expected)

    fits, differs = sample.fits, sample.differs
    yield row("fits", name, sample.value, fits, positive)
    yield row("differs", name, sample.value, differs, not positive)
    yield row("second of two values fits", name, ["@", sample.value], fits, positive)
    yield row("operator in other case", name.upper(), sample.value, fits, positive)
    yield row("key missing", name, sample.value, None, not positive)
    if sample.unreadable is not None:
        yield row("request unreadable", name, sample.value, sample.unreadable, not positive)
    if sample.operator in UNREADABLE:
        written = UNREADABLE[sample.operator]
        yield row("policy unreadable", name, written, fits, not positive)
        yield row("policy and request unreadable alike", name, written, written, not positive)
    yield row("fits", f"{name}IfExists", sample.value, fits, positive)
    yield row("differs", f"{name}IfExists", sample.value, differs, not positive)
    yield row("key missing", f"{name}IfExists", sample.value, None, True)
    every, some = f"ForAllValues:{name}", f"ForAnyValue:{name}"
    yield row("both fit", every, sample.value, [fits, fits], positive, SETS)
    yield row("one of two fits", every, sample.value, [fits, differs], False, SETS)
    yield row("none fits", every, sample.value, [differs, differs], not positive, SETS)
    yield row("key missing", every, sample.value, None, True, SETS)
    yield row("no values", every, sample.value, [], True, SETS)
    yield row("both fit", some, sample.value, [fits, fits], positive, SETS)
    yield row("one of two fits", some, sample.value, [fits, differs], True, SETS)
    yield row("none fits", some, sample.value, [differs, differs], not positive, SETS)
    yield row("key missing", some, sample.value, None, False, SETS)
    yield row("no values", some, sample.value, [], False, SETS)
    yield row("prefix in other case", every.upper(), sample.value, [fits, fits], positive, SETS)
    # An empty list of values in the policy.
    yield row("empty list", name, [], fits, not positive, CHECKS)
    yield row("empty list, key missing", name, [], None, not positive, CHECKS)
    yield row("empty list", f"{name}IfExists", [], fits, not positive, CHECKS)
    yield row("empty list, key missing", f"{name}IfExists", [], None, True, CHECKS)
    yield row("empty list", every, [], [fits], not positive, CHECKS)
    yield row("empty list, key missing", every, [], None, True, CHECKS)
    yield row("empty list", some, [], [fits], not positive, CHECKS)
    yield row("empty list, key missing", some, [], None, False, CHECKS)


ROWS = tuple(_rows())
