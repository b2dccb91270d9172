"""``who``, ``reach`` and ``why`` of real input: what is unknown is told, and the exit code is 4."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from permcheck.report.schemas import schema
from tests.cli.asking import ask, told
from tests.graph.asking import FUNCTION, ORG, RUNS_AS, account, allow, by_api, grant, role, url


def write(folder: Path, texts: dict[str, str]) -> Path:
    for name, text in texts.items():
        (folder / name).write_text(text)
    return folder


def answer(question: str, *arguments: str | Path) -> Any:
    """The JSON of a question, checked against its schema."""
    found = json.loads(ask(question, *arguments, "--format", "json").stdout)
    jsonschema.Draft202012Validator(schema(question)).validate(found)
    return found


def test_what_a_function_reaches_whose_role_is_not_in_view(tmp_path: Path) -> None:
    folder = write(tmp_path, account())
    result = ask("reach", "orders", folder)
    assert (result.exit_code, result.stderr) == (4, "")
    assert told(result).splitlines() == [
        f"{FUNCTION}, acting as {RUNS_AS}",
        "  unknown     what it reaches",
        f"not read: {folder}/list-functions.json:1:16: its execution role {RUNS_AS} is not in view; "
        "what the function reaches is unknown",
    ]
    found = answer("reach", "orders", folder)
    assert (found["administrator"], found["reach"], found["targets"]) == ("unknown", [], [])


def test_a_role_that_is_not_told(tmp_path: Path) -> None:
    (tmp_path / "p.json").write_text(account(policy=[grant("*")])["get-policy.orders.json"])
    result = ask("reach", "orders", tmp_path)
    assert result.exit_code == 4 and result.stdout.startswith(f"{FUNCTION}\n  unknown     what it reaches\n")
    assert answer("reach", "orders", tmp_path)["principal"] is None


def test_a_policy_that_could_not_be_read_may_hold_anything(tmp_path: Path) -> None:
    missing = [{"PolicyName": "gone", "PolicyArn": "arn:aws:iam::111122223333:policy/gone"}]
    result = ask("reach", "runs", write(tmp_path, account(role("runs", AttachedManagedPolicies=missing))))
    assert result.exit_code == 4
    assert "nothing in view is allowed to it" not in result.stdout


@pytest.mark.parametrize(
    ("caller", "code"),
    [("runs", 0), (ORG, 0), ("*", 0), ("k7m2p9x4q1", 4), ("anyone", 0), ("apigateway.amazonaws.com", 0)],
)
def test_why_of_whatever_who_prints(tmp_path: Path, caller: str, code: int) -> None:
    policy = [grant("*", StringEquals={"aws:PrincipalOrgID": ORG}), by_api()]
    folder = write(tmp_path, account(role("runs", allow()), policy=policy, url=url()))
    result = ask("why", caller, "orders", folder)
    assert (result.exit_code, result.stderr) == (code, "")
    assert answer("why", caller, "orders", folder)["answers"]


def test_why_tells_the_way_in(tmp_path: Path) -> None:
    folder = write(tmp_path, account(policy=[by_api()], url=url()))
    assert [each["via"] for each in answer("why", "anyone", "orders", folder)["answers"]] == [None, "function_url"]
    assert (
        f"anyone: lambda:InvokeFunctionUrl on {FUNCTION}, by function url\n"
        in ask("why", "anyone", "orders", folder).stdout
    )


@pytest.mark.parametrize("caller", ["12345", "o-short", "some.thing", "arn:aws:iam::111122223333:group/g"])
def test_what_is_no_caller_is_a_usage_error(tmp_path: Path, caller: str) -> None:
    result = ask("why", caller, "orders", write(tmp_path, account(role("runs"))))
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("error: no caller named ")


def test_who_with_an_api_that_is_not_in_view(tmp_path: Path) -> None:
    folder = write(tmp_path, account(policy=[by_api()]))
    result = ask("who", "orders", folder)
    assert result.exit_code == 0
    assert "  unknown     API k7m2p9x4q1\n" in result.stdout
    (service, api) = answer("who", "orders", folder)["callers"]
    assert (service["kind"], service["verdict"], service["via"]) == ("service", "conditional", "resource_policy")
    assert (api["kind"], api["verdict"], api["via"], api["witness"]) == ("api", "unknown", "api", None)


@pytest.mark.parametrize(
    "question",
    [("who", "orders"), ("who", "--all"), ("why", "runs", "orders"), ("paths", "--from", "aws"), ("reach", "runs")],
)
def test_people_are_told_what_was_taken_for_granted(tmp_path: Path, question: tuple[str, ...]) -> None:
    """That nobody may invoke a function means little where its policy was not given."""
    without = write(tmp_path, account(role("runs")))
    assert "assumed: Not given, and taken not to exist: " in ask(*question, without).stdout
    assert "function policies" in ask(*question, without).stdout
    given = write(tmp_path, account(role("runs"), policy=[grant("*")]))
    assert "assumed: Not given, and taken not to exist: " in ask(*question, given).stdout
    assert "function policies" not in ask(*question, given).stdout


def test_reach_tells_programs_too(tmp_path: Path) -> None:
    folder = write(tmp_path, account(role("runs")))
    assert any(
        sentence.startswith("No function policies") for sentence in answer("reach", "runs", folder)["assumptions"]
    )
