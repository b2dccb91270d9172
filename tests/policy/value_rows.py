"""What counts as a number, a date, an address, an ARN, a wildcard; Null; several keys and operators at once."""

from __future__ import annotations

from .rows import CHECKS, LOGIC, OPERATORS, SETS, VARIABLES, Block, Row, Text

KEY = "test:key"
BUCKET = "arn:aws:s3:::bucket"


def _one(name: str, operator: str, value: Text, given: Text | None, expected: bool, page: str = OPERATORS) -> Row:
    context: dict[str, Text] = {} if given is None else {KEY: given}
    return Row(f"{operator} {name}", page, {operator: {KEY: value}}, context, expected)


def _block(name: str, condition: Block, context: dict[str, Text], expected: bool, page: str = LOGIC) -> Row:
    return Row(name, page, condition, context, expected)


NUMBERS = (
    _one("decimal", "NumericEquals", "1.5", "1.50", True),
    _one("sign", "NumericEquals", "-1", "-1", True),
    _one("plus", "NumericEquals", "1", "+1", True),
    _one("not by text", "NumericLessThan", "9", "10", False),
    _one("negative order", "NumericLessThan", "-1", "-2", True),
    _one("more than a float can tell apart", "NumericEquals", "9007199254740993", "9007199254740992", False),
    _one("infinity is no number", "NumericLessThan", "Infinity", "1", False),
    _one("not-a-number is no number", "NumericNotEquals", "NaN", "NaN", True),
    _one("too big to be a number", "NumericGreaterThan", "1", "9" * 400, False),
    _one("either bound", "NumericLessThan", ["5", "10"], "7", True),
    _one("neither value", "NumericNotEquals", ["5", "10"], "7", True),
    _one("one of the values", "NumericNotEquals", ["5", "10"], "10", False),
)
DATES = (
    _one("zone", "DateEquals", "2026-01-01T01:00:00+01:00", "2026-01-01T00:00:00Z", True),
    _one("without zone is UTC", "DateEquals", "2026-01-01T00:00:00", "2026-01-01T00:00:00Z", True),
    _one("fraction", "DateLessThan", "2026-01-01T00:00:00.5Z", "2026-01-01T00:00:00.4Z", True),
    _one("day", "DateEquals", "2026-01-01", "2026-01-01T00:00:00Z", True),
    _one("month", "DateEquals", "2026-02", "2026-02-01T00:00:00Z", True),
    _one("year", "DateEquals", "2026", "2026-01-01T00:00:00Z", True),
    _one("epoch in the policy", "DateGreaterThan", "1767225600", "2026-01-01T00:00:01Z", True),
    _one("epoch on both sides", "DateLessThan", "1767225600", "1767225599", True),
    _one("minute", "DateEquals", "2026-01-01T10:30Z", "2026-01-01T10:30:00Z", True),
)
ADDRESSES = (
    _one("bare is one address", "IpAddress", "203.0.113.7", "203.0.113.7", True),
    _one("bare is no range", "IpAddress", "203.0.113.7", "203.0.113.8", False),
    _one("host bits set", "IpAddress", "203.0.113.7/24", "203.0.113.99", True),
    _one("everything", "IpAddress", "0.0.0.0/0", "198.51.100.1", True),
    _one("half of everything", "IpAddress", "128.0.0.0/1", "198.51.100.1", True),
    _one("IPv6", "IpAddress", "2001:db8::/32", "2001:db8:0:1::1", True),
    _one("IPv6, other range", "IpAddress", "2001:db8::/32", "2001:db9::1", False),
    _one("IPv6 spelled out", "IpAddress", "2001:DB8::1", "2001:db8:0:0:0:0:0:1", True),
    _one("IPv4 is in no IPv6 range", "IpAddress", "::/0", "203.0.113.7", False),
    _one("IPv6 is in no IPv4 range", "IpAddress", "0.0.0.0/0", "2001:db8::1", False),
    _one("both kinds, the second fits", "IpAddress", ["203.0.113.0/24", "2001:db8::/32"], "2001:db8::1", True),
    _one("both kinds, neither may fit", "NotIpAddress", ["203.0.113.0/24", "2001:db8::/32"], "2001:db8::1", False),
    _one("other kind", "NotIpAddress", "203.0.113.0/24", "2001:db8::1", True),
)
TEXTS = (
    _one("star is a star", "StringEquals", "a*", "ab", False),
    _one("star equals star", "StringEquals", "a*", "a*", True),
    _one("question mark is itself", "StringEqualsIgnoreCase", "a?", "ab", False),
    _one("star matches nothing too", "StringLike", "a*", "a", True),
    _one("star crosses colons and slashes", "StringLike", BUCKET[:4] + "*t/x", BUCKET + "/y/t/x", True),
    _one("question mark is one character", "StringLike", "a?c", "ac", False),
    _one("case", "StringLike", "A*", "ab", False),
    _one("dot is a dot", "StringLike", "a.c", "abc", False),
    _one("brackets are brackets", "StringLike", "[ab]", "a", False),
    _one("whole text", "StringLike", "b", "abc", False),
    _one("empty text", "StringEquals", "", "", True),
    _one("empty text is there", "StringLike", "*", "", True),
    _one("neither value", "StringNotEquals", ["a", "b"], "c", True),
    _one("one of the values", "StringNotEquals", ["a", "b"], "b", False),
)
ARNS = (
    _one("star inside a segment", "ArnLike", "arn:aws:s3:::buck*", BUCKET, True),
    _one("star in ArnEquals too", "ArnEquals", "arn:aws:s3:::buck*", BUCKET, True),
    _one("star crosses no colon", "ArnLike", "arn:aws:*:orders", "arn:aws:sns:us-east-1:111111111111:orders", False),
    _one(
        "star crosses no colon, six segments",
        "ArnLike",
        "arn:aws:*:1:function:F",
        "arn:aws:lambda:r:1:function:F",
        False,
    ),
    _one("star for one segment", "ArnLike", "arn:aws:sns:*:*:orders", "arn:aws:sns:eu-west-1:1:orders", True),
    _one(
        "last segment keeps its colons",
        "ArnLike",
        "arn:aws:lambda:r:1:function:*",
        "arn:aws:lambda:r:1:function:F:2",
        True,
    ),
    _one("star alone", "ArnLike", "*", BUCKET, True),
    _one("StringLike does cross", "StringLike", "arn:aws:*:orders", "arn:aws:sns:us-east-1:111111111111:orders", True),
    _one("NotLike by segments", "ArnNotLike", "arn:aws:*:orders", "arn:aws:sns:us-east-1:111111111111:orders", True),
    _one("case of the name", "ArnLike", "arn:aws:s3:::Bucket", BUCKET, False),
)
NULLS = (
    _one("true, missing", "Null", "true", None, True),
    _one("true, there", "Null", "true", "x", False),
    _one("false, missing", "Null", "false", None, False),
    _one("false, there", "Null", "false", "x", True),
    _one("in other case", "Null", "TRUE", None, True),
    _one("empty text is there", "Null", "false", "", True),
    _one("no values are none", "Null", "true", [], True),
    _one("both values, there", "Null", ["true", "false"], "x", True),
    _one("both values, missing", "Null", ["true", "false"], None, True),
    _one("empty list", "Null", [], None, False, CHECKS),
    _one("garbage", "Null", "yes", None, False),
    _one("true, there", "ForAllValues:Null", "true", "x", True, CHECKS),
    _one("false, missing", "ForAllValues:Null", "false", None, True, CHECKS),
    _one("false, there", "ForAnyValue:Null", "false", "x", False, CHECKS),
    _one("true, missing", "ForAnyValue:Null", "true", None, False, CHECKS),
)
TEAM = "aws:PrincipalTag/team"
COMBINED = (
    _block("key in other case", {"StringEquals": {"AWS:principaltag/TEAM": "a"}}, {TEAM: "a"}, True, VARIABLES),
    _block("request key in other case", {"StringEquals": {TEAM: "a"}}, {"AWS:PRINCIPALTAG/team": "a"}, True, VARIABLES),
    _block("no condition", {}, {}, True),
    _block("operator without keys", {"StringEquals": {}}, {}, True),
    _block("two keys, one fails", {"StringEquals": {"k:a": "1", "k:b": "1"}}, {"k:a": "1", "k:b": "2"}, False),
    _block("two operators, one fails", {"StringEquals": {"k:a": "1"}, "Bool": {"k:b": "true"}}, {"k:a": "1"}, False),
    _block("one key spelt twice", {"StringEquals": {"k:a": "1", "K:A": "2"}}, {"k:a": "1"}, False),
    _block(
        "single-valued operator on several values: any fits",
        {"StringEquals": {"k:a": "1"}},
        {"k:a": ["2", "1"]},
        True,
        SETS,
    ),
    _block(
        "negated operator on several values: none may fit",
        {"StringNotEquals": {"k:a": "1"}},
        {"k:a": ["2", "1"]},
        False,
        SETS,
    ),
)
ROWS = NUMBERS + DATES + ADDRESSES + TEXTS + ARNS + NULLS + COMBINED
