"""A folder that holds permcheck's own reports is read as if they were not there."""

import json
from pathlib import Path

import pytest

from permcheck.sources.files import load, load_texts
from tests.cli.asking import ask

POLICY = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "lambda:*", "Resource": "*"}}


def test_reports_are_no_input(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "policy.json").write_text(json.dumps(POLICY))
    facts = load(("policy.json",))
    ask("audit", "policy.json", "--format=json=out.json", "--format=sarif=out.sarif", "--write-baseline", "base.json")
    (tmp_path / "who.json").write_text(ask("who", "--all", "policy.json", "--format", "json").stdout or "[]")
    (tmp_path / "paths.json").write_text(ask("paths", "--from", "role", "policy.json", "--format", "json").stdout)
    (tmp_path / "reach.json").write_text(ask("reach", "policy.json", "policy.json", "--format", "json").stdout)
    (tmp_path / "empty.json").unlink(missing_ok=True)
    again = load((".",))
    assert {gap.source for gap in again.not_read} <= {"who.json", "reach.json"}  # those that had nothing to say
    assert len(again.policies) == len(facts.policies) == 1


@pytest.mark.parametrize(
    "value",
    [
        {"schema": 1},
        {"schema": 2, "tool": {"name": "permcheck"}},
        {"schema": 1, "tool": {"name": "another"}, "findings": []},
        {"runs": [{"tool": {"driver": {"name": "another"}}}]},
        {"runs": [{"tool": {"driver": {"name": "permcheck"}}}, 1]},
        {"runs": []},
        {"runs": {}},
    ],
)
def test_what_somebody_else_wrote_is_told(value: object) -> None:
    assert len(load_texts({"x.json": json.dumps(value)}).not_read) == 1
