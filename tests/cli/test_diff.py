"""``permcheck diff``: what it prints, and the exit code."""

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from permcheck.report.schemas import schema
from tests.cli.asking import ask
from tests.diff.asking import account
from tests.diff.test_compare import ANY
from tests.report.hostile import BAD
from tests.sources.captures import Json, document, statement


def put(folder: Path, name: str, files: Json) -> Path:
    """A folder with these captures."""
    made = folder / name
    made.mkdir()
    for file, value in files.items():
        (made / file).write_text(value if isinstance(value, str) else json.dumps(value))
    return made


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with an account before and after."""
    monkeypatch.chdir(tmp_path)
    put(tmp_path, "old", account())
    put(tmp_path, "new", account(statement(Action="*"), public=ANY))
    return tmp_path


def asked(*arguments: str) -> Any:
    """The JSON answer, once it is certain that the schema holds."""
    found = json.loads(ask("diff", *arguments, "--format", "json").stdout)
    jsonschema.Draft202012Validator(schema("diff")).validate(found)
    return found


def test_what_opens() -> None:
    result = ask("diff", "old", "new")
    assert (result.exit_code, result.stderr) == (1, "")
    lines = result.stdout.splitlines()
    assert lines[0] == "callers"
    assert (
        "  + high     any AWS principal → resize: lambda:InvokeFunction, by resource policy (denied → allowed)"
    ) in lines
    assert any(
        re.fullmatch(r' {6}Allow new/get-policy.resize.json:1:\d+ \(Sid "open", function:resize\)', x) for x in lines
    )
    assert any(line.startswith("  + critical any AWS principal → invokes function resize → ") for line in lines)
    assert lines[-2] == "compared: old with new"
    assert lines[-1].endswith(", 1 closed") and " opened (" in lines[-1]


def test_what_closes_does_not_fail() -> None:
    result = ask("diff", "new", "old", "--fail-on", "high")
    assert result.exit_code == 0
    assert "  - high     any AWS principal → resize: " in result.stdout


def test_nothing_differs() -> None:
    result = ask("diff", "old", "old")
    assert result.exit_code == 0
    *assumed, compared, verdict = result.stdout.splitlines()
    assert all(line.startswith("assumed: ") for line in assumed) and assumed
    assert (compared, verdict) == ("compared: old with old", "nothing opens and nothing closes")


@pytest.mark.parametrize(("fail_on", "code"), [("never", 0), ("critical", 1), ("info", 1)])
def test_exit_codes(fail_on: str, code: int) -> None:
    assert ask("diff", "old", "new", "--fail-on", fail_on).exit_code == code


def test_a_low_change_is_below_high(here: Path) -> None:
    put(here, "more", account(statement(Action="sqs:SendMessage", Resource="arn:aws:sqs:eu-west-1:111122223333:q")))
    assert ask("diff", "old", "more").exit_code == 0
    assert ask("diff", "old", "more", "--fail-on", "low").exit_code == 1


def test_json(here: Path) -> None:
    found = asked("old", "new")
    assert (found["old"], found["new"]) == (["old"], ["new"])
    assert found["opened"]["critical"] >= 1 and found["closed"] == 1
    first = found["callers"][0]
    assert (first["change"], first["kind"], first["old"], first["new"]["verdict"]) == ("new", "aws", None, "allowed")
    assert first["new"]["because"][0]["line"] == 1
    assert first["new"]["witness"]["action"] == "lambda:InvokeFunction"
    assert all(path["new"]["edges"] for path in found["paths"] if path["change"] == "new")
    assert {each["new"]["rule"] for each in found["findings"] if each["new"]} >= {"PC101", "PC201"}
    assert asked("old", "old")["callers"] == []


def test_what_could_not_be_read(here: Path) -> None:
    put(here, "cut", {**account(), "broken.json": "{"})
    result = ask("diff", "old", "cut")
    assert result.exit_code == 4
    assert "not read: cut/broken.json:1:2: broken JSON" in result.stdout
    assert result.stdout.endswith("nothing opens and nothing closes; some of it could not be read\n")
    assert asked("old", "cut")["not_read"][0]["source"] == "cut/broken.json"
    assert ask("diff", "new", "cut").exit_code == 4


def test_standard_input(here: Path) -> None:
    policy = document(statement(Action="lambda:*"))
    (here / "one.json").write_text(json.dumps(document(statement(Action="s3:*"))))
    result = ask("diff", "one.json", "-", stdin=json.dumps(policy))
    assert result.exit_code == 1 and "Allow -:1:41 (role/one)" in result.stdout
    assert ask("diff", "-", "-", stdin="{}").exit_code == 2
    assert ask("diff", "old", "gone").exit_code == 2
    (here / "empty").mkdir()
    assert ask("diff", "old", "empty").exit_code == 3


def test_hostile_names_stay_text(here: Path) -> None:
    put(here, "bad", account(public={**ANY, "Sid": BAD}))
    assert not {"\x1b", "\u202e", "\r"} & set(ask("diff", "old", "bad").stdout)
