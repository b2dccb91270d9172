"""The lines that are shown, and those that must not be."""

import json

from permcheck.report.frame import LONGEST, TALLEST, Frame
from permcheck.report.positions import Positions


def frame_of(text: str, pointer: str) -> Frame | None:
    """The frame for a pointer into a text."""
    position = Positions(text, frames=True).find("-", pointer)
    assert position is not None
    return position.frame


def marked(frame: Frame | None) -> str:
    """The part of the only line that the mark stands under."""
    assert frame is not None and len(frame.lines) == 1 and frame.lines[0] is not None
    return frame.lines[0][1][frame.column : frame.column + frame.length]


def test_a_short_line_of_a_policy_is_shown_whole() -> None:
    text = '{"Statement": [\n  {"Effect": "Allow", "Action": "lambda:*"}\n]}'
    frame = frame_of(text, "/Statement/0/Action")
    assert frame is not None and frame.lines == ((2, '{"Effect": "Allow", "Action": "lambda:*"}'),)
    assert marked(frame) == '"lambda:*"'


def test_of_a_long_line_only_the_value_and_its_key_are_shown() -> None:
    document = {"pad": "x" * 300, "Statement": [{"Effect": "Allow", "Action": "lambda:*", "Resource": "y" * 300}]}
    frame = frame_of(json.dumps(document), "/Statement/0/Action")
    assert frame is not None and frame.lines == ((1, '…"Action": "lambda:*"…'),)
    assert marked(frame) == '"lambda:*"'


def test_a_value_of_several_lines_has_a_bar() -> None:
    text = json.dumps({"Statement": [{"Effect": "Allow", "Action": "lambda:*"}]}, indent=4)
    frame = frame_of(text, "/Statement/0")
    assert frame is not None
    assert frame.lines == ((3, "{"), (4, '    "Effect": "Allow",'), (5, '    "Action": "lambda:*"'), (6, "}"))
    assert (frame.column, frame.length) == (0, 0)


def test_a_tall_value_is_cut_in_the_middle() -> None:
    text = json.dumps({"Statement": [{"Action": [f"s3:Get{i}" for i in range(50)]}]}, indent=1)
    frame = frame_of(text, "/Statement/0")
    assert frame is not None and len(frame.lines) == TALLEST
    assert frame.lines[-2] is None
    assert frame.lines[-1] == (56, "}")


def test_nothing_of_an_environment_is_shown() -> None:
    function = {"FunctionName": "f", "Environment": {"Variables": {"KEY": "hunter2"}}, "Role": "arn:aws:iam::1:role/r"}
    for indent in (None, 2):
        text = json.dumps({"Functions": [function]}, indent=indent)
        for pointer in (
            "",
            "/Functions",
            "/Functions/0",
            "/Functions/0/Environment/Variables/KEY",
            "/Functions/0/Role",
        ):
            assert "hunter2" not in repr(frame_of(text, pointer))
    # also where somebody named things so that they look like a policy
    text = json.dumps({"Statement": {"Environment": {"Variables": {"KEY": "hunter2"}}}})
    assert "hunter2" not in repr(frame_of(text, "/Statement/Environment"))


def test_a_policy_in_a_string_is_shown_without_its_backslashes() -> None:
    policy = {"Version": "2012-10-17", "Statement": [{"Sid": 'a"b', "Resource": "*" * 90}, {"Action": "lambda:*"}]}
    text = json.dumps({"Policy": json.dumps(policy)})
    frame = frame_of(text, "/Policy/Statement/1")
    assert frame is not None and frame.lines == ((1, '…{"Action": "lambda:*"}…'),)
    assert marked(frame) == '{"Action": "lambda:*"}'
    assert marked(frame_of(text, "/Policy/Statement/0/Sid")) == r'"a\"b"'
    assert marked(frame_of(json.dumps([text]), "/0/Policy/Statement/1")) == '{"Action": "lambda:*"}'


def test_a_function_is_not_shown_its_role_is() -> None:
    text = json.dumps({"Functions": [{"FunctionName": "f", "Role": "arn:aws:iam::1:role/r"}]}, indent=1)
    assert frame_of(text, "/Functions/0") is None
    assert marked(frame_of(text, "/Functions/0/Role")) == '"arn:aws:iam::1:role/r"'


def test_lines_are_cut() -> None:
    text = json.dumps({"Statement": [{"Resource": "x" * 1000}]})
    frame = frame_of(text, "/Statement/0/Resource")
    assert frame is not None and frame.lines[0] is not None
    assert LONGEST <= len(frame.lines[0][1]) <= LONGEST + 5
    assert marked(frame).endswith("…")


def test_a_line_cannot_obey_a_terminal() -> None:
    text = '{"Statement": [{"Sid": "\u202e\x9b", "Action":\t"lambda:*"}]}'
    frame = frame_of(text, "/Statement/0/Action")
    assert frame is not None and frame.lines[0] is not None
    assert r"\u{202e}\u{9b}" in frame.lines[0][1] and frame.lines[0][1].isprintable()
    assert marked(frame) == '"lambda:*"'


def test_lines_that_end_as_on_windows() -> None:
    text = '{"Statement": [\r\n  {"Action": "lambda:*",\r\n   "Effect": "Allow"}\r\n]}'
    assert marked(frame_of(text, "/Statement/0/Action")) == '"lambda:*"'
    frame = frame_of(text, "/Statement/0")
    assert frame is not None and frame.lines == ((2, '{"Action": "lambda:*",'), (3, ' "Effect": "Allow"}'))
