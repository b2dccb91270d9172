"""``who``, ``reach`` and ``why``: arguments, formats and exit codes."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from permcheck.cli.questions import answered
from permcheck.errors import UnknownName
from permcheck.graph import questions
from permcheck.model import Facts, NotRead, ReachAnswer, Verdict, WhoAnswer, WhyAnswer
from permcheck.report.schemas import schema
from tests.cli.asking import POLICY, ask, told
from tests.report.reports import FUNCTION, REACH, ROLE, WHO, WHY

KNOWN = WhoAnswer(FUNCTION, WHO.callers)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[tuple[str, ...]]:
    """Questions that are answered without looking; what was asked is noted."""
    notes: list[tuple[str, ...]] = []

    def who(facts: Facts, function: str) -> WhoAnswer:
        notes.append(("who", function, *facts.inputs))
        if function == "sav":
            raise UnknownName("no function is called 'sav'", ("save",))
        return KNOWN

    def who_all(facts: Facts) -> Iterator[WhoAnswer]:
        notes.append(("who_all", *facts.inputs))
        yield KNOWN
        yield WHO

    def reach(facts: Facts, name: str) -> ReachAnswer:
        notes.append(("reach", name, *facts.inputs))
        return REACH

    def why(facts: Facts, caller: str, function: str) -> tuple[WhyAnswer, ...]:
        notes.append(("why", caller, function, *facts.inputs))
        return (WHY,)

    for question in (who, who_all, reach, why):
        monkeypatch.setattr(questions, question.__name__, question)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.json").write_text(json.dumps(POLICY))
    (tmp_path / "b.json").write_text(json.dumps(POLICY))
    (tmp_path / "cut.json").write_text("{")
    return notes


def lines(text: str, name: str) -> list[Any]:
    """JSON lines, each checked against the schema."""
    found = [json.loads(line) for line in text.splitlines()]
    for answer in found:
        jsonschema.Draft202012Validator(schema(name)).validate(answer)
    return found


def test_who(asked: list[tuple[str, ...]]) -> None:
    result = ask("who", "save", "a.json", "b.json")
    assert asked == [("who", "save", "a.json", "b.json")]
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith(f"function {FUNCTION}\n  conditional role {ROLE}\n")


def test_who_as_json(asked: list[tuple[str, ...]]) -> None:
    result = ask("who", "save", "a.json", "--format", "json")
    (answer,) = lines(result.stdout, "who")
    assert (result.exit_code, answer["function"]) == (0, FUNCTION)


def test_who_for_every_function(asked: list[tuple[str, ...]]) -> None:
    result = ask("who", "--all", "a.json", "--format", "json")
    assert asked == [("who_all", "a.json")]
    assert len(lines(result.stdout, "who")) == 2
    assert result.exit_code == 4, "one of the answers rests on something that could not be read"
    assert ask("who", "--all", "a.json").stdout.count(f"function {FUNCTION}") == 2


def test_who_for_every_function_where_there_is_none(tmp_path: Path) -> None:
    (tmp_path / "policy.json").write_text(json.dumps(POLICY))
    people, programs = (ask("who", "--all", tmp_path, "--format", form) for form in ("text", "json"))
    assert (people.exit_code, told(people)) == (0, "there is no function in what was read\n")
    assert (programs.exit_code, programs.stdout) == (0, "")


@pytest.mark.parametrize("arguments", [["who"], ["who", "save"], ["who", "--all"], ["reach", "x"], ["why", "a", "b"]])
def test_a_question_without_a_path(asked: list[tuple[str, ...]], arguments: list[str]) -> None:
    result = ask(*arguments)
    assert (result.exit_code, result.stdout, asked) == (2, "", [])
    assert result.stderr.startswith("error: ")


def test_an_unknown_name_gives_the_nearest(asked: list[tuple[str, ...]]) -> None:
    result = ask("who", "sav", "a.json")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "error: no function is called 'sav'\nhint: did you mean save?\n"


def test_reach(asked: list[tuple[str, ...]]) -> None:
    result = ask("reach", "save", "a.json")
    assert asked == [("reach", "save", "a.json")]
    assert result.exit_code == 4, "the answer holds an unknown verdict"
    assert "dynamodb:Get* on *" in result.stdout
    (answer,) = lines(ask("reach", "save", "a.json", "--format", "json").stdout, "reach")
    assert answer["principal"] == ROLE


def test_why(asked: list[tuple[str, ...]]) -> None:
    result = ask("why", "app-guest", "save", "a.json")
    assert asked == [("why", "app-guest", "save", "a.json")]
    assert result.exit_code == 0 and "  denied: a Deny in the service control policies\n" in result.stdout
    (answer,) = lines(ask("why", "app-guest", "save", "a.json", "--format", "json").stdout, "why")
    assert answer["not_read"] == []


def test_why_with_something_not_read(asked: list[tuple[str, ...]]) -> None:
    result = ask("why", "app-guest", "save", "a.json", "cut.json")
    assert result.exit_code == 4
    assert "not read: cut.json:" in result.stdout
    result = ask("why", "app-guest", "save", "a.json", "cut.json", "--format", "json")
    (answer,) = lines(result.stdout, "why")
    assert [gap["source"] for gap in answer["not_read"]] == ["cut.json"]


UNTOLD = NotRead("cut.json", "broken", "nothing in it is used")


@pytest.mark.parametrize(
    ("gaps", "verdicts", "code"),
    [
        ((), [], 0),
        ((), [Verdict.ALLOWED, Verdict.DENIED, Verdict.CONDITIONAL], 0),
        ((), [Verdict.ALLOWED, Verdict.UNKNOWN], 4),
        ((UNTOLD,), [Verdict.ALLOWED], 4),  # it may have held anything
        ((replace(UNTOLD, shown=True),), [Verdict.ALLOWED], 0),
        ((replace(UNTOLD, arn=ROLE),), [Verdict.ALLOWED], 0),
        ((replace(UNTOLD, arn=FUNCTION),), [Verdict.ALLOWED], 4),
        ((replace(UNTOLD, arn=FUNCTION, shown=True),), [Verdict.DENIED], 4),
    ],
)
def test_exit_codes(gaps: tuple[NotRead, ...], verdicts: list[Verdict], code: int) -> None:
    assert answered(gaps, iter(verdicts), (FUNCTION,)) == code


QUESTIONS = (
    ("who", "save"),
    ("why", "caller", "save"),
    ("reach", "caller"),
    ("paths", "--from", "caller", "--to", "save"),
)
ARN = "arn:aws:lambda:eu-west-1:111122223333:function:save"
ACCOUNT = "arn:aws:iam::111122223333:"
INVOKES = {"PolicyName": "own", "PolicyDocument": POLICY}


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda q: q[0])
@pytest.mark.parametrize(
    ("name", "text", "codes"),
    [
        ("other.json", '{"Metrics": []}', (0, 0, 0, 0)),  # of no kind that is read
        ("get-policy.other.json", '{"Policy": "{', (0, 0, 4, 0)),  # of another function
        ("cut.json", '{"UserDetailList": [', (4, 4, 4, 4)),  # whatever it held
        ("get-policy.save.json", '{"Policy": "{', (4, 4, 4, 4)),
        (
            "get-role-policy.x.json",
            '{"RoleName": "x", "PolicyName": "p", "PolicyDocument": {"Statement": 7}}',
            (4, 0, 0, 0),
        ),
    ],
)
def test_incomplete_is_what_rests_on_something_not_read(
    tmp_path: Path, question: tuple[str, ...], name: str, text: str, codes: tuple[int, ...]
) -> None:
    trust = {"Version": "2012-10-17", "Statement": []}
    roles = [
        {
            "RoleName": role,
            "Arn": f"{ACCOUNT}role/{role}",
            "AssumeRolePolicyDocument": trust,
            "RolePolicyList": policies,
        }
        for role, policies in (("caller", [INVOKES]), ("x", []))
    ]
    functions = [{"FunctionName": n, "FunctionArn": ARN.replace("save", n)} for n in ("save", "other")]
    (tmp_path / "details.json").write_text(json.dumps({"RoleDetailList": roles, "UserDetailList": []}))
    (tmp_path / "functions.json").write_text(json.dumps({"Functions": functions}))
    assert ask(*question, tmp_path).exit_code == 0
    (tmp_path / name).write_text(text)
    result = ask(*question, tmp_path)
    assert result.exit_code == codes[[q[0] for q in QUESTIONS].index(question[0])], result.stdout


def test_lines_of_every_statement_are_found_in_one_go(asked: list[tuple[str, ...]], tmp_path: Path) -> None:
    from permcheck.cli.inputs import Input, load
    from permcheck.cli.questions import positions

    given: Input = load(["a.json"])
    found = positions(given, every=True)
    (tmp_path / "a.json").unlink()
    assert found.find("a.json", "/Statement/0") is not None
    assert NotRead("a", "b", "c").line is None
