"""Small things that captures tell and that only rules ask for: filters, listings, keys in environments."""

from __future__ import annotations

import json
from typing import Any

import pytest

from permcheck.sources.files import load_texts
from permcheck.sources.files.reader import parse
from tests.sources.captures import ACCOUNT, FUNCTION, ROLE

KEY = "AKIA" + "QZ3EGW2N7KPLV4XT"
RULE = f"arn:aws:events:us-east-1:{ACCOUNT}:rule/nightly"
Json = dict[str, Any]


def loaded(**files: Json) -> Any:
    """Facts of captures by the names of their files, with ``_`` for a dot."""
    return load_texts({f"{name.replace('__', '.')}.json": json.dumps(value) for name, value in files.items()})


def heard(*rules: tuple[str, str]) -> Json:
    """A notification with a filter."""
    filters = [{"Name": name, "Value": value} for name, value in rules]
    return {"LambdaFunctionArn": FUNCTION, "Events": ["s3:ObjectCreated:*"]} | (
        {"Filter": {"Key": {"FilterRules": filters}}} if filters else {}
    )


def test_the_filters_of_notifications_are_kept_apart() -> None:
    name = "get-bucket-notification-configuration__photos-inbox"
    told = [heard(("Prefix", "in/"), ("Suffix", ".jpg")), heard(("prefix", "raw/")), heard()]
    facts = loaded(**{name: {"LambdaFunctionConfigurations": told}})
    (bucket,) = facts.resources
    assert sorted((t.prefix, t.suffix) for t in bucket.triggers) == [("", ""), ("in/", ".jpg"), ("raw/", "")]


def test_a_filter_of_another_shape_is_noted() -> None:
    name = "get-bucket-notification-configuration__photos-inbox"
    facts = loaded(**{name: {"LambdaFunctionConfigurations": [heard() | {"Filter": "all"}]}})
    assert [gap.error for gap in facts.not_read] == ["Filter is an object, not a string"]


@pytest.mark.parametrize(
    ("more", "expected"), [({}, {("list-rules", f"aws:events:us-east-1:{ACCOUNT}")}), ({"NextToken": "x"}, set())]
)
def test_a_listing_counts_once_its_end_is_in_view(more: Json, expected: set[tuple[str, str]]) -> None:
    listed = {"Rules": [{"Name": "nightly", "Arn": RULE, "State": "ENABLED"}]}
    assert loaded(rules=listed | more).listed == expected


def function(value: object) -> Json:
    """A function with one variable."""
    return {"FunctionName": "resize", "FunctionArn": FUNCTION, "Role": ROLE, "Environment": {"Variables": {"A": value}}}


@pytest.mark.parametrize(
    ("value", "expected"),
    [(KEY, True), (f"x {KEY} y", True), ("AKIAIOSFODNN7EXAMPLE", False), ("plain", False), (7, False)],
)
def test_of_an_environment_only_a_mark_is_kept(value: object, expected: bool) -> None:
    facts = loaded(functions={"Functions": [function(value)]})
    assert [f.holds_key for f in facts.functions] == [expected]
    assert KEY not in repr(facts)
    ((_, read),) = parse(json.dumps(function(value))).values
    assert "Environment" not in read
    assert KEY not in repr(read)


def test_a_second_capture_does_not_take_the_mark_away() -> None:
    plain = function("plain")
    for first, second in ((function(KEY), plain), (plain, function(KEY))):
        facts = loaded(a={"Functions": [first]}, b={"Functions": [second]})
        assert [f.holds_key for f in facts.functions] == [True]
