"""``permcheck check --against``: only what a deploy changes in an account is told."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from permcheck.report.schemas import schema
from tests.cli.asking import ask
from tests.cli.test_check_accepted import URL
from tests.sources.captures import ACCOUNT, Json, configuration, details, document, functions, inline, role

CLOSED = URL.partition("  # OPEN")[0]
HOOK, ROLE = "shop-Hook-1A2b3C4d5E6f", "shop-Role-9Z8Y7X6W5V4U"
LOGS = {"Effect": "Allow", "Action": "logs:*", "Resource": "*"}
S3 = {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}


def deployed(hook: str = HOOK, name: str = ROLE, *statements: Json) -> dict[str, Json]:
    """The captures of an account to which CLOSED was deployed, beside a role of another stack."""
    runs = role(name, RolePolicyList=[inline("own", document(*statements or (LOGS, S3)))])
    other = role("other-Role-AAAABBBBCCCC", RolePolicyList=[inline("x", document(LOGS))])
    function = configuration(hook, Role=f"arn:aws:iam::{ACCOUNT}:role/{name}")
    return {"iam.json": details(runs, other), "functions.json": functions(function)}


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with an account and a template."""
    monkeypatch.chdir(tmp_path)
    put(tmp_path, deployed())
    (tmp_path / "app.yaml").write_text(CLOSED)
    return tmp_path


def put(here: Path, captures: dict[str, Json]) -> None:
    """Write the account."""
    (here / "account").mkdir(exist_ok=True)
    for name, value in captures.items():
        (here / "account" / name).write_text(json.dumps(value))


def against(*more: str) -> Any:
    """The JSON answer, once it is certain that the schema holds."""
    found = json.loads(ask("check", "app.yaml", "--against", "account", "--format", "json", *more).stdout)
    jsonschema.Draft202012Validator(schema("diff")).validate(found)
    return found


def test_what_is_deployed_already_changes_nothing() -> None:
    result = ask("check", "app.yaml", "--against", "account")
    assert result.exit_code == 0, result.stdout
    assert result.stdout.endswith("compared: account with app.yaml\nnothing opens and nothing closes\n")
    sentence = "Names that CloudFormation made are taken from the stack shop of the account."
    assert sentence in against()["assumptions"]


def test_only_what_the_deploy_opens_is_told(here: Path) -> None:
    (here / "app.yaml").write_text(URL)
    found = against()
    opened = [(each["kind"], each["severity"]) for each in found["callers"] if each["change"] == "new"]
    assert opened[0] == ("anyone", "high")
    assert {each["function"].rpartition(":")[2] for each in found["callers"]} == {HOOK}
    assert {each["new"]["rule"] for each in found["findings"] if each["new"]} >= {"PC121"}
    assert "PC203" not in {(each["new"] or each["old"])["rule"] for each in found["findings"]}
    assert not found["reach"]
    place = found["callers"][0]["new"]["because"][0]
    assert (place["source"], place["line"]) == ("app.yaml", 21)
    assert ask("check", "app.yaml", "--against", "account").exit_code == 1
    assert ask("check", "app.yaml", "--against", "account", "--fail-on", "never").exit_code == 0


def test_other_formats_have_the_findings_that_are_new(here: Path) -> None:
    (here / "app.yaml").write_text(URL)
    result = ask("check", "app.yaml", "--against", "account", "--format", "sarif")
    found = json.loads(result.stdout)["runs"][0]["results"]
    assert "PC121" in {each["ruleId"] for each in found} and "PC203" not in {each["ruleId"] for each in found}
    assert {each["baselineState"] for each in found} == {"new"}
    assert result.exit_code == 1


def test_what_a_role_gains_and_loses(here: Path) -> None:
    put(here, deployed(HOOK, ROLE, LOGS, {**S3, "Action": "sqs:SendMessage"}))
    found = against()
    by_change = {each["change"]: each for each in found["reach"]}
    assert {change: each["actions"][0].partition(":")[0] for change, each in by_change.items()} == {
        "new": "s3",
        "lost": "sqs",
    }
    assert all(each["principal"].endswith(ROLE) for each in found["reach"])
    assert by_change["new"]["because"][0]["source"] == "app.yaml"
    assert by_change["lost"]["because"][0]["source"] == "account/iam.json"


def test_a_name_of_ones_own_is_found_by_it(here: Path) -> None:
    text = CLOSED.replace("Properties: {Role:", "Properties: {FunctionName: hook, Role:")
    (here / "app.yaml").write_text(text.replace("    Properties:\n", "    Properties:\n      RoleName: hook-role\n", 1))
    put(here, deployed("hook", "hook-role"))
    found = against()
    assert not found["callers"] and not found["reach"] and not found["findings"]


def test_two_stacks_that_fit_are_told_apart_by_name(here: Path) -> None:
    second = deployed("lab-Hook-ABCDEFGHIJKL", "lab-Role-ABCDEFGHIJKL")
    both = deployed()
    both["iam.json"]["RoleDetailList"] += second["iam.json"]["RoleDetailList"][:1]
    both["functions.json"]["Functions"] += second["functions.json"]["Functions"]
    put(here, both)
    assert {each["change"] for each in against()["reach"]} == {"new"}  # a third stack, as far as anybody can tell
    assert not against("--stack", "lab")["reach"]


def test_two_that_fit_in_one_stack_are_neither(here: Path) -> None:
    both = deployed()
    both["iam.json"]["RoleDetailList"].append(role("shop-Role-ZZZZYYYYXXXX"))
    put(here, both)
    assert {each["principal"].rpartition("/")[2] for each in against()["reach"]} == {"app-Role"}


def test_what_is_new_is_told_as_such(here: Path) -> None:
    put(here, {"iam.json": details(role("admin")), "functions.json": functions(configuration("else"))})
    found = against()
    assert {each["change"] for part in ("reach", "findings") for each in found[part]} == {"new"}
    assert {each["principal"] for each in found["reach"]} == {f"arn:aws:iam::{ACCOUNT}:role/app-Role"}


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--stack", "x"], "--stack is for --against"),
        (["--against", "gone"], "gone"),
        (["--against", "account", "--write-baseline", "b.json"], "--against and a baseline do not go together"),
    ],
)
def test_options_that_make_no_sense(options: list[str], said: str) -> None:
    result = ask("check", "app.yaml", *options)
    assert (result.exit_code, result.stdout) == (2, "") and said in result.stderr


def test_diff_takes_templates(here: Path) -> None:
    (here / "open.yaml").write_text(URL.replace("ZipFile: x", "ZipFile: y"))
    result = ask("diff", "app.yaml", "open.yaml", "--format", "json")
    found = json.loads(result.stdout)
    assert result.exit_code == 1 and found["new"] == ["open.yaml"]
    assert {each["kind"] for each in found["callers"]} == {"anyone"} and not found["reach"] and not found["closed"]
    (here / "same.yaml").write_text(CLOSED)
    assert ask("diff", "app.yaml", "same.yaml").stdout.endswith("\nnothing opens and nothing closes\n")
