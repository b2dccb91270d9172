"""``permcheck evaluate``: the contract, line by line."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from permcheck.cli import json_lines
from permcheck.report.schemas import schema
from tests.cli.asking import POLICY, START, ask

FUNCTION = "arn:aws:lambda:eu-west-1:111122223333:function:f"
REQUEST = {
    "id": "r1",
    "principal": "arn:aws:iam::111122223333:role/app",
    "action": "lambda:InvokeFunction",
    "resource": FUNCTION,
    "identity_policies": [POLICY],
}


def answered(*lines: str | bytes) -> tuple[int, list[Any]]:
    """The exit code and the answers to these lines, each checked against the schema."""
    raw = b"".join((line.encode() if isinstance(line, str) else line) + b"\n" for line in lines)
    result = ask("evaluate", "-", stdin=raw)
    assert result.stderr == ""
    found = [json.loads(line) for line in result.stdout.splitlines()]
    for answer in found:
        jsonschema.Draft202012Validator(schema("evaluate")).validate(answer)
    return result.exit_code, found


def test_an_answer() -> None:
    jsonschema.Draft202012Validator({**schema("evaluate"), "anyOf": [{"$ref": "#/$defs/request"}]}).validate(REQUEST)
    assert answered(json.dumps(REQUEST)) == (
        0,
        [
            {
                "id": "r1",
                "verdict": "allowed",
                "denied_by": None,
                "because": [{"policy": "identity_policies/0", "statement": 0, "effect": "Allow"}],
                "conditions": [],
            }
        ],
    )


def test_a_verdict_never_changes_the_exit_code() -> None:
    denied = {**REQUEST, "identity_policies": []}
    code, (answer,) = answered(json.dumps(denied))
    assert (code, answer["verdict"], answer["denied_by"]) == (0, "denied", "implicit:identity_policy")


BAD: dict[str, tuple[str | bytes, object, str]] = {
    "no JSON": ("nonsense", None, "no JSON"),
    "cut": ('{"id": "a", "principal"', None, "no JSON"),
    "two values": ("{} {}", None, "no JSON"),
    "a list": ("[1]", None, "JSON object"),
    "null": ("null", None, "JSON object"),
    "missing field": ('{"id": 7, "principal": "*"}', 7, "no action"),
    "unknown field": (json.dumps({**REQUEST, "polices": []}), "r1", "polices"),
    "wrong type": (json.dumps({**REQUEST, "identity_policies": 3}), "r1", "identity_policies"),
    "broken policy": (json.dumps({**REQUEST, "identity_policies": [{"Statement": 3}]}), "r1", "/Statement"),
    "key twice": ('{"id": "x", "action": "a:B", "action": "a:C"}', "x", "'action' stands twice"),
    "key twice in a policy": (
        '{"id": "x", "principal": "*", "action": "a:B", "resource": "*", '
        '"identity_policies": [{"Statement": [], "Statement": []}]}',
        "x",
        "/identity_policies/0: the key 'Statement' stands twice",
    ),
    "key twice in the context": ('{"id": "x", "context": {"a": 1, "a": 2}}', "x", "/context: the key 'a' stands twice"),
    "deep": ("[" * 100_000, None, "nested too deeply"),
    "deep policy": (
        json.dumps(REQUEST).replace('"*"', "[" * 900 + "]" * 900),
        "r1",
        "",
    ),
    "deep id": ('{"id": ' + "[" * 500 + "]" * 500 + "}", None, "id is a string or a number"),
    "huge number": ('{"id": "x", "context": {"a": ' + "9" * 5000 + "}}", None, "a number that cannot be read"),
    "NaN": ('{"id": NaN}', None, "NaN"),
    "not UTF-8": (b'{"id": "\xff"}', None, "not UTF-8"),
    "UTF-16": (json.dumps(REQUEST).encode("utf-16"), None, ""),
    "zero bytes": (b"\0\0\0", None, "no JSON"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_line_that_cannot_be_read_stops_nothing(case: str) -> None:
    line, known_id, says = BAD[case]
    code, found = answered(json.dumps(REQUEST), line, "", json.dumps({**REQUEST, "id": "last"}))
    assert code == 4
    assert [answer["id"] for answer in found] == ["r1", known_id, "last"]
    assert found[0]["verdict"] == found[2]["verdict"] == "allowed"
    assert found[1]["error"]["line"] == 2
    assert says in found[1]["error"]["message"]


def test_blank_lines_have_no_answer_but_count() -> None:
    code, found = answered("", "  \t", json.dumps(REQUEST), "\r", "nonsense")
    assert (code, len(found), found[1]["error"]["line"]) == (4, 2, 5)


def test_a_line_too_long_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_lines, "LONGEST", 1000)
    code, found = answered("x" * 5000, json.dumps(REQUEST), '{"id": "' + "y" * 1500)
    assert code == 4
    assert [answer["id"] for answer in found] == [None, "r1", None]
    assert [answer["error"]["line"] for answer in found if "error" in answer] == [1, 3]


def test_the_last_line_needs_no_newline_and_the_first_may_have_a_mark(tmp_path: Path) -> None:
    path = tmp_path / "requests.jsonl"
    path.write_bytes(b"\xef\xbb\xbf" + json.dumps(REQUEST).encode())
    result = ask("evaluate", path)
    assert (result.exit_code, json.loads(result.stdout)["id"]) == (0, "r1")


@pytest.mark.parametrize("text", ["", "\n\n  \n"])
def test_no_request_at_all(text: str) -> None:
    result = ask("evaluate", "-", stdin=text)
    assert (result.exit_code, result.stdout) == (3, "")


def test_a_file_that_cannot_be_opened(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "gone"):
        result = ask("evaluate", path)
        assert (result.exit_code, result.stdout) == (2, "")
        assert result.stderr.startswith(f"error: {path} cannot be read: ")


def test_output_is_ascii_whatever_comes_in() -> None:
    result = ask("evaluate", "-", stdin=json.dumps({**REQUEST, "id": "\u202e\x1b\x7fé"}, ensure_ascii=False))
    assert result.stdout.isascii() and result.stdout.rstrip("\n").isprintable()


def test_each_answer_comes_before_the_next_request() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", START, "evaluate", "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdin is not None and process.stdout is not None
        for number in range(3):
            process.stdin.write(json.dumps({**REQUEST, "id": number}).encode() + b"\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["id"] == number
        process.stdin.close()
        assert process.wait(timeout=30) == 0


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.sampled_from(["*", "Allow"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["Statement", "Effect", "Action", "Condition", "a"]), inner, max_size=3)
    ),
    max_leaves=8,
)


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.dictionaries(st.sampled_from([*REQUEST, "context", "resource_policy", "session_policies"]), json_values))
def test_no_request_is_a_crash(changes: dict[str, Any]) -> None:
    code, found = answered(json.dumps({**REQUEST, **changes}))
    assert code in (0, 4) and len(found) == 1


USER = "arn:aws:iam::111122223333:user/ana"
SAVE = "arn:aws:lambda:eu-west-1:111122223333:function:save"


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"resource": "foo"}, 'resource is an ARN, or "*"'),
        ({"resource": ""}, 'resource is an ARN, or "*"'),
        ({"resource": None}, 'resource is an ARN, or "*"'),
        ({"resource": "arn:aws:lambda:eu-west-1:111122223333:"}, 'resource is an ARN, or "*"'),
        ({"resource": "arn:aws:lambda:eu-west-1:12:function:save"}, "resource: an account is 12 digits, not '12'"),
        ({"resource_account": "12"}, "resource_account is 12 digits"),
        ({"resource_account": 111122223333}, "resource_account is 12 digits"),
        ({"principal": "arn:aws:iam::12:user/ana"}, "principal: an account is 12 digits, not '12'"),
    ],
)
def test_a_field_that_makes_no_sense_is_named(tmp_path: Path, fields: dict[str, object], message: str) -> None:
    asked = {"id": "r", "principal": USER, "action": "lambda:InvokeFunction", "resource": SAVE}
    (tmp_path / "asked.jsonl").write_text(json.dumps(asked | fields) + "\n" + json.dumps(asked | {"id": "s"}) + "\n")
    result = ask("evaluate", tmp_path / "asked.jsonl")
    wrong, right = (json.loads(line) for line in result.stdout.splitlines())
    assert wrong == {"id": "r", "error": {"message": message, "line": 1}}
    assert (right["id"], right["verdict"], result.exit_code) == ("s", "denied", 4)


@pytest.mark.parametrize(
    "fields",
    [
        {"resource": "*"},
        {"resource": "*", "resource_account": "444455556666"},
        {"resource": "arn:aws:s3:::photos/1.png", "resource_account": "444455556666"},
        {"resource": "arn:aws:iam::aws:policy/ReadOnlyAccess"},
        {"resource_account": "111122223333"},
    ],
)
def test_resources_that_do(tmp_path: Path, fields: dict[str, object]) -> None:
    asked = {"principal": USER, "action": "lambda:InvokeFunction", "resource": SAVE}
    (tmp_path / "asked.jsonl").write_text(json.dumps(asked | fields))
    assert ask("evaluate", tmp_path / "asked.jsonl").exit_code == 0
