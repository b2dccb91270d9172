"""The report for programs: the contract, to the letter."""

import json
import time
from dataclasses import fields, replace
from typing import Any

import jsonschema
import pytest

import permcheck
from permcheck.model import Finding, Report
from permcheck.report import render
from permcheck.report.schemas import NAMES, schema
from permcheck.report.setting import Setting
from tests.report.reports import CONDITION, FINDING, FUNCTION, PLAIN, POLICY, REPORT, ROLE, WITNESS


def written(report: Report, stdin: str | None = None) -> Any:
    """The report as a program reads it, checked against the schema."""
    found = json.loads(render(report, "json", Setting(stdin=stdin)))
    jsonschema.Draft202012Validator(schema("audit")).validate(found)
    return found


def test_the_whole_report() -> None:
    found = written(REPORT, POLICY)
    assert list(found) == [
        "schema",
        "tool",
        "inputs",
        "counts",
        "findings",
        "suppressed",
        "assumptions",
        "notes",
        "not_read",
    ]
    assert found["schema"] == 1
    assert found["tool"] == {"name": "permcheck", "version": permcheck.__version__}
    assert found["inputs"] == ["-", "cut.json"]
    assert found["counts"] == {"critical": 1, "high": 0, "medium": 0, "low": 1, "info": 0}
    assert found["assumptions"] == ["no service control policies were given"]
    assert found["not_read"] == [
        {
            "source": "cut.json",
            "pointer": "",
            "line": 3,
            "arn": None,
            "api": None,
            "error": "broken JSON: the text ends in the middle",
            "effect": "its policies are unknown",
        }
    ]
    assert found["findings"][0] == {
        "rule": "PC104",
        "name": "invoke-any-function",
        "severity": "critical",
        "confidence": "medium",
        "message": "role app-guest may do lambda:* on every function",
        "resource": ROLE,
        "locations": [
            {
                "source": "-",
                "pointer": "/Statement/0",
                "line": 4,
                "column": 5,
                "arn": None,
                "sid": "Everything",
                "note": "this allows it",
            },
            {
                "source": FUNCTION,
                "pointer": "",
                "line": None,
                "column": None,
                "arn": FUNCTION,
                "sid": None,
                "note": "runs it",
            },
        ],
        "path": [
            {"kind": "guest", "name": "eu-west-1:1b2c", "arn": None, "edge": "is handed", "verdict": "allowed"},
            {"kind": "role", "name": "app-guest", "arn": ROLE, "edge": "lambda:*", "verdict": "conditional"},
            {"kind": "function", "name": "save", "arn": FUNCTION, "edge": "runs as", "verdict": "allowed"},
            {
                "kind": "role",
                "name": "save-role",
                "arn": "arn:aws:iam::111122223333:role/save-role",
                "edge": None,
                "verdict": None,
            },
        ],
        "conditions": [CONDITION],
        "fix": "name the functions the app calls",
        "fingerprint": "abc",
        "witness": WITNESS,
    }
    kept = {key: value for key, value in found["findings"][1].items() if key != "resource"}
    assert found["suppressed"] == [
        {**kept, "resource": "old.json", "reason": "kept for the auditors", "by": "configuration", "place": None}
    ]


def test_every_field_of_a_finding_is_written() -> None:
    counting = replace(FINDING, others=(FUNCTION, ROLE))
    found = written(Report((), (counting,)))["findings"][0]
    assert set(found) == {field.name for field in fields(Finding)} - {"explained"}
    assert found["others"] == [FUNCTION, ROLE]
    assert "others" not in written(Report((), (FINDING,)))["findings"][0]


def test_absent_values_are_null() -> None:
    found = written(Report((), (PLAIN,)))["findings"][0]
    assert (found["fix"], found["fingerprint"], found["witness"]) == (None, None, None)
    assert (found["locations"], found["path"], found["conditions"]) == ([], [], [])


def test_nothing_at_all() -> None:
    found = written(Report((), ()))
    assert found["findings"] == found["suppressed"] == found["not_read"] == []


def test_bytes_are_ascii_and_the_same_every_time() -> None:
    odd = replace(PLAIN, message="\x1b[31m\n\x7f\u202e é \udcff")
    text = render(Report(("\u202e",), (odd,)), "json")
    assert text.isascii() and all(line.isprintable() for line in text.split("\n"))
    assert json.loads(text)["findings"][0]["message"] == odd.message
    assert text == render(Report(("\u202e",), (odd,)), "json")
    assert render(Report((), (odd,)), "json", Setting(colour=True)) == render(Report((), (odd,)), "json")


def test_nothing_is_grouped_and_order_is_kept() -> None:
    findings = tuple(replace(FINDING, resource=f"arn:aws:iam::1:role/r{i}") for i in (5, 3, 4, 1, 2))
    assert [f["resource"][-2:] for f in written(Report((), findings))["findings"]] == ["r5", "r3", "r4", "r1", "r2"]


def test_ten_thousand_findings_are_quick() -> None:
    report = Report((), (FINDING,) * 10_000)
    start = time.perf_counter()
    text = render(report, "json", Setting(stdin=POLICY))
    assert time.perf_counter() - start < 3  # a fifth of a second on an idle machine
    assert text.count('"rule": "PC104"') == 10_000


@pytest.mark.parametrize("name", NAMES)
def test_each_schema_is_one(name: str) -> None:
    jsonschema.Draft202012Validator.check_schema(schema(name))


def test_a_schema_that_does_not_exist() -> None:
    with pytest.raises(KeyError):
        schema("../json")


@pytest.mark.parametrize("field", ["rule", "path", "witness", "locations", "fingerprint"])
def test_the_schema_notices_what_is_missing(field: str) -> None:
    found = written(REPORT, POLICY)
    del found["findings"][0][field]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(schema("audit")).validate(found)


def test_the_schema_notices_a_wrong_word() -> None:
    found = written(REPORT, POLICY)
    found["findings"][0]["path"][0]["verdict"] = "maybe"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(schema("audit")).validate(found)
