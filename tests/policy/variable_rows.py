"""Policy variables in condition values (IAM User Guide, "Policy variables")."""

from __future__ import annotations

from .asking import NEW, OLD
from .rows import VARIABLES, Block, Row, Text

KEY, TEAM = "test:key", "aws:PrincipalTag/team"
VARIABLE = "${aws:PrincipalTag/team}"


def _row(
    name: str, operator: str, value: Text, context: dict[str, Text], expected: bool, version: str | None = NEW
) -> Row:
    condition: Block = {operator: {KEY: value}}
    return Row(f"{operator} {name}", VARIABLES, condition, context, expected, version)


RED: dict[str, Text] = {KEY: "red", TEAM: "red"}
ROWS = (
    _row("same", "StringEquals", VARIABLE, RED, True),
    _row("other", "StringEquals", VARIABLE, {KEY: "red", TEAM: "blue"}, False),
    _row("name in other case", "StringEquals", "${AWS:principaltag/TEAM}", RED, True),
    _row("inside text", "StringEquals", "a-" + VARIABLE + "-z", {KEY: "a-red-z", TEAM: "red"}, True),
    _row("twice", "StringEquals", VARIABLE + VARIABLE, {KEY: "redred", TEAM: "red"}, True),
    _row("without case", "StringEqualsIgnoreCase", VARIABLE, {KEY: "RED", TEAM: "red"}, True),
    _row("in ArnLike", "ArnLike", "arn:aws:s3:::" + VARIABLE, {KEY: "arn:aws:s3:::red", TEAM: "red"}, True),
    _row("in ArnEquals", "ArnEquals", "arn:aws:s3:::" + VARIABLE, {KEY: "arn:aws:s3:::red", TEAM: "blue"}, False),
    _row("in NotEquals, same", "StringNotEquals", VARIABLE, RED, False),
    _row("in ForAnyValue", "ForAnyValue:StringEquals", VARIABLE, {KEY: ["blue", "red"], TEAM: "red"}, True),
    # without a value
    _row("no value", "StringEquals", VARIABLE, {KEY: "red"}, False),
    _row("no value, and the text itself", "StringEquals", VARIABLE, {KEY: VARIABLE}, False),
    _row("no value", "StringNotEquals", VARIABLE, {KEY: "red"}, True),
    _row("no value", "StringNotLike", VARIABLE, {KEY: "red"}, True),
    _row("no value, another fits", "StringEquals", [VARIABLE, "red"], {KEY: "red"}, True),
    _row("no value, another fits", "StringNotEquals", [VARIABLE, "red"], {KEY: "red"}, False),
    _row("several values", "StringEquals", VARIABLE, {KEY: "red", TEAM: ["red", "blue"]}, False),
    _row("several values", "StringNotEquals", VARIABLE, {KEY: "red", TEAM: ["red", "blue"]}, True),
    _row("no value, key missing too", "StringNotEquals", VARIABLE, {}, True),
    # defaults
    _row("default unused", "StringEquals", "${aws:PrincipalTag/team, 'all'}", RED, True),
    _row("default used", "StringEquals", "${aws:PrincipalTag/team, 'all'}", {KEY: "all"}, True),
    _row(
        "default is not used for several",
        "StringEquals",
        "${aws:PrincipalTag/team, 'all'}",
        {KEY: "all", TEAM: ["a", "b"]},
        False,
    ),
    _row("empty default", "StringEquals", "a${aws:PrincipalTag/team, ''}", {KEY: "a"}, True),
    # escapes
    _row("star as itself", "StringLike", "a${*}", {KEY: "a*"}, True),
    _row("star as itself only", "StringLike", "a${*}", {KEY: "ab"}, False),
    _row("question mark as itself", "StringLike", "a${?}", {KEY: "a?"}, True),
    _row("question mark as itself only", "StringLike", "a${?}", {KEY: "ab"}, False),
    _row("dollar", "StringEquals", "${$}{x}", {KEY: "${x}"}, True),
    _row("star as itself beside a star", "StringLike", "*${*}", {KEY: "ab*"}, True),
    _row("star as itself beside a star, unlike", "StringLike", "*${*}", {KEY: "ab"}, False),
    _row("star as itself", "StringEquals", "a${*}", {KEY: "a*"}, True),
    # a value put in keeps what its wildcards mean
    _row("star in the value", "StringLike", VARIABLE, {KEY: "anything", TEAM: "*"}, True),
    _row("star in the value, equals", "StringEquals", VARIABLE, {KEY: "anything", TEAM: "*"}, False),
    _row("a variable in the value is text", "StringEquals", VARIABLE, {KEY: "${x}", TEAM: "${x}"}, True),
    # where variables are not expanded
    _row("old version", "StringEquals", VARIABLE, RED, False, OLD),
    _row("old version, as text", "StringEquals", VARIABLE, {KEY: VARIABLE, TEAM: "red"}, True, OLD),
    _row("no version", "StringEquals", VARIABLE, RED, False, None),
    _row("no version, as text", "StringEquals", VARIABLE, {KEY: VARIABLE, TEAM: "red"}, True, None),
    _row("old version, escape as text", "StringLike", "${?}", {KEY: "${x}"}, True, OLD),
    _row("not for numbers", "NumericEquals", "${test:key}", {KEY: "1"}, False),
    _row("not for dates", "DateEquals", "${test:key}", {KEY: "2026-01-01"}, False),
    _row("not for truth values", "Bool", "${test:key}", {KEY: "true"}, False),
    _row("not for addresses", "IpAddress", "${test:key}", {KEY: "203.0.113.7"}, False),
    _row("not for bytes", "BinaryEquals", "${test:key}", {KEY: "QUJD"}, False),
)
