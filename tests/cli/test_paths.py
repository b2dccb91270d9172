"""``paths``: arguments, formats and exit codes."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from permcheck.report.schemas import schema
from tests.cli.asking import ask, told
from tests.graph.asking import POOL, account, allow, by_api, handed, pool, role, takes, user


def files(folder: Path, texts: dict[str, str]) -> None:
    for name, text in texts.items():
        (folder / name).write_text(text)


@pytest.fixture
def guests(tmp_path: Path) -> Path:
    """An account whose guests invoke a function that is administrator."""
    app, runs = role("app", allow(resource="*"), trusts=[takes()]), role("runs", allow("*", "*"))
    pools: dict[str, Any] = {"describe": pool(), "handed": handed(unauthenticated="app")}
    files(tmp_path, account(app, runs, user("ana"), more_functions={"second": "arn:aws:iam::1:role/x"}, **pools))
    return tmp_path


def test_as_text(guests: Path) -> None:
    result = ask("paths", guests, "--from", "guest", "--to", "admin")
    assert (result.exit_code, result.stderr) == (0, "")
    assert told(result) == (
        f"allowed     guest of pool {POOL} → takes by the enhanced flow role app → invokes function orders"
        " → runs as role runs → is administrator of 111122223333\n"
    )


def test_groups_and_all(guests: Path) -> None:
    few = ask("paths", guests, "--from", "app", "--to", "function").stdout
    assert "invokes 2 functions (orders, second)" in few and "2 paths; --all lists each\n" in few
    each = ask("paths", guests, "--from", "app", "--to", "function", "--all")
    assert [line.rpartition(" ")[2] for line in told(each).splitlines()] == ["orders", "second"]


def test_statements(guests: Path) -> None:
    found = ask("paths", guests, "--from", "guest", "--to", "orders", "--statements").stdout
    assert f"    Allow {guests}/account.json:1:" in found


def test_as_json(guests: Path) -> None:
    result = ask("paths", guests, "--from", "guest", "--format", "json")
    found = json.loads(result.stdout)
    jsonschema.Draft202012Validator(schema("paths")).validate(found)
    assert (result.exit_code, found["schema"]) == (4, 1), "the role of the second function is not in view"
    ends = {(path["nodes"][-1]["kind"], path["nodes"][-1]["name"]) for path in found["paths"]}
    assert {("function", "orders"), ("function", "second"), ("admin", "111122223333")} <= ends
    assert [edge["line"] for edge in found["paths"][0]["edges"][0]["because"]] == [1]


def test_no_such_path_is_an_answer(guests: Path) -> None:
    result = ask("paths", guests, "--from", "ana")
    assert (result.exit_code, told(result)) == (0, "there is no such path in what was read\n")
    result = ask("paths", guests, "--from", "ana", "--format", "json")
    assert json.loads(result.stdout) == {"schema": 1, "paths": [], "not_read": []}


@pytest.mark.parametrize(
    ("arguments", "nearest"), [(["--from", "anna"], "ana"), (["--from", "ana", "--to", "order"], "orders")]
)
def test_an_unknown_name_gives_the_nearest(guests: Path, arguments: list[str], nearest: str) -> None:
    result = ask("paths", guests, *arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.splitlines()[1].startswith(f"hint: did you mean {nearest}")


def test_a_start_must_be_named(guests: Path) -> None:
    result = ask("paths", guests)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "--from" in result.stderr


def test_an_unknown_edge_leaves_the_answer_incomplete(tmp_path: Path) -> None:
    """An API that a function's policy lets in, and that is not in view."""
    files(tmp_path, account(role("runs"), policy=[by_api()]))
    result = ask("paths", tmp_path, "--from", "anyone", "--to", "orders")
    assert result.exit_code == 4
    assert result.stdout.startswith("unknown     anyone → ")


def test_something_that_was_not_read(guests: Path) -> None:
    (guests / "cut.json").write_text("{")
    result = ask("paths", guests, "--from", "ana")
    assert result.exit_code == 4
    assert f"not read: {guests}/cut.json" in result.stdout
    found = json.loads(ask("paths", guests, "--from", "ana", "--format", "json").stdout)
    assert [gap["source"] for gap in found["not_read"]] == [f"{guests}/cut.json"]
