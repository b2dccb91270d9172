"""A baseline: which findings are known again, and which are new."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from permcheck import baseline, engine
from permcheck.config import Config
from permcheck.errors import ConfigError, UsageError
from permcheck.model import Report
from permcheck.naming import plain
from permcheck.sources.files import load_texts

WIDE = {"Sid": "All", "Effect": "Allow", "Action": ["lambda:*", "s3:GetObject"], "Resource": "*"}


def audit(*statements: Mapping[str, Any], name: str = "p.json", indent: int = 0, known: Any = None) -> Report:
    """The report on one policy document of these statements."""
    text = "\n" * indent + json.dumps({"Version": "2012-10-17", "Statement": list(statements)}, indent=indent)
    return engine.audit(load_texts({name: text}), Config(), (), known)


def written(report: Report, folder: Path) -> baseline.Baseline:
    """The report's findings, written and read again."""
    path = str(folder / "baseline.json")
    baseline.write(path, report.findings)
    return baseline.read(path)


def test_what_is_known_does_not_count(tmp_path: Path) -> None:
    first = audit(WIDE)
    again = audit(WIDE, known=written(first, tmp_path))
    assert first.findings and not again.findings
    assert [entry.finding for entry in again.suppressed] == list(first.findings)
    assert {(entry.by, entry.reason) for entry in again.suppressed} == {("baseline", "it is in the baseline")}
    assert again.compared and not first.compared and not again.notes


@pytest.mark.parametrize(
    "statements",
    [
        ({"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "arn:aws:sqs:eu-west-1:1:q"}, WIDE),
        ({**WIDE, "Action": ["s3:GetObject", "lambda:*"]},),
    ],
    ids=["moved down", "reordered"],
)
def test_a_moved_statement_is_known_again(statements: tuple[Mapping[str, Any], ...], tmp_path: Path) -> None:
    assert not audit(*statements, indent=4, known=written(audit(WIDE), tmp_path)).findings


@pytest.mark.parametrize(
    ("statement", "name"),
    [
        ({**WIDE, "Action": "lambda:*"}, "p.json"),
        ({**WIDE, "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}}, "p.json"),
        (WIDE, "q.json"),
    ],
    ids=["another action", "a condition", "another file"],
)
def test_what_says_something_else_is_new(statement: Mapping[str, Any], name: str, tmp_path: Path) -> None:
    changed = audit(statement, name=name, known=written(audit(WIDE), tmp_path))
    assert changed.findings and not changed.suppressed


def test_a_finding_that_grew_worse_is_new(tmp_path: Path) -> None:
    first = audit(WIDE)
    path = tmp_path / "b.json"
    baseline.write(str(path), first.findings)
    path.write_text(path.read_text().replace('"high"', '"low"'))
    kept = audit(WIDE, known=baseline.read(str(path))).findings
    assert {finding.severity for finding in kept} == {"high"}


def test_what_is_gone_is_told_of_the_rules_and_inputs_of_this_run(tmp_path: Path) -> None:
    known = written(audit(WIDE), tmp_path)
    told = audit({**WIDE, "Effect": "Deny"}, known=known).notes
    assert len(told) == 1 and told[0].startswith(f"The baseline {known.source} lists what is no longer found: PC")
    assert not audit({**WIDE, "Effect": "Deny"}, name="other.json", known=known).notes
    facts = load_texts({"p.json": json.dumps({"Version": "2012-10-17", "Statement": [{**WIDE, "Effect": "Deny"}]})})
    assert not engine.audit(facts, Config(select=("PC001",)), (), known).notes


def test_paths_are_told_from_the_current_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert plain("./a//b.json") == plain(str(tmp_path / "a" / "b.json")) == "a/b.json"
    assert plain("../x.json") == "../x.json"
    assert plain("/elsewhere/x.json") == "/elsewhere/x.json"
    assert plain("-") == "-"
    assert plain("arn:aws:iam::1:role/../x") == "arn:aws:iam::1:role/../x"


def test_equal_reports_are_equal_bytes(tmp_path: Path) -> None:
    baseline.write(str(tmp_path / "a"), audit(WIDE).findings)
    baseline.write(str(tmp_path / "b"), reversed(audit(WIDE).findings))
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    baseline.write(str(tmp_path / "c"), ())
    assert baseline.read(str(tmp_path / "c")).known == {}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "the baseline cannot be read: No such file or directory"),
        ("{", "the baseline is no JSON: Expecting property name"),
        ("[]", "this is no baseline of schema 1"),
        ('{"schema": 2, "findings": []}', "this is no baseline of schema 1"),
        ('{"schema": 1}', "findings is a list"),
        ('{"schema": 1, "findings": [1]}', "findings/0: each has a fingerprint and a severity"),
        ('{"schema": 1, "findings": [{"fingerprint": "a", "severity": "huge"}]}', "findings/0: each has"),
        ("\ud800", "the baseline is no JSON"),
        ("[" * 100000, "the baseline is no JSON"),
    ],
)
def test_a_baseline_that_cannot_be_read(text: str | None, said: str, tmp_path: Path) -> None:
    path = tmp_path / "b.json"
    if text is not None:
        path.write_bytes(text.encode("utf-8", "surrogatepass"))
    with pytest.raises(ConfigError) as raised:
        baseline.read(str(path))
    assert str(raised.value).startswith(f"{path}: {said}") and "\n" not in str(raised.value)


def test_a_baseline_that_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be written"):
        baseline.write(str(tmp_path / "missing" / "b.json"), ())
