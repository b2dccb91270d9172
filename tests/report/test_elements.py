"""A step over an object of a list ends where the object does, or is not made."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from permcheck.report import elements
from permcheck.report.elements import closing_line, end_of_object
from permcheck.report.walk import spans
from tests.report.test_walk import documents, pointers

_decode = json.JSONDecoder(strict=False).raw_decode

# What a text may hold beside what the AWS CLI prints: brackets and quotes in strings, lines broken anywhere.
_words = st.text(alphabet='{}[]"\\ \n,:aπ\ud800', max_size=5)
_scalars = st.integers(0, 9) | _words
_objects = st.dictionaries(
    _words,
    st.recursive(_scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_words, inner, max_size=3)),
    max_size=3,
)
_gaps = st.sampled_from(["", "\n", "\n ", "\n  ", "\n    "])


@st.composite
def _broken_lines(draw: st.DrawFn) -> str:
    """A list of objects with a line break, or none, on either side of each bracket and behind each comma."""
    pieces = []
    in_string = escaped = False
    for character in json.dumps(draw(st.lists(_objects, min_size=1, max_size=4)), ensure_ascii=draw(st.booleans())):
        free = not in_string
        before = draw(_gaps) if free and character in "{}[]" else ""
        after = draw(_gaps) if free and character in "{}[]," else ""
        pieces += [before, character, after]
        if character == '"' and not escaped:
            in_string = not in_string
        escaped = in_string and character == "\\" and not escaped
    return "".join(pieces)


@pytest.fixture(autouse=True)
def short_texts_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(elements, "LONG", 0)


@given(_broken_lines(), _gaps)
def test_a_step_ends_where_the_object_does(text: str, gap: str) -> None:
    for at, character in enumerate(text):
        try:
            end = _decode(text, at)[1] if character == "{" else None
        except ValueError:
            continue
        # Of what begins inside a string, a step may say anything: nobody asks there.
        if end is not None and text[:at].count('"') % 2 == 0 and "\\" not in text[:at]:
            assert end_of_object(text, at, f"{gap}}}") in (0, end)


@given(st.lists(documents), st.sampled_from([1, 4, "\t"]), st.booleans())
def test_every_pointer_into_a_list_by_itself(document: list[object], indent: int | str, ascii_only: bool) -> None:
    text = json.dumps(document, indent=indent, ensure_ascii=ascii_only)
    for pointer, value in pointers(document):
        span = spans(text, [pointer])[pointer]
        assert json.loads(text[span.start : span.end]) == value


@given(_broken_lines())
def test_every_pointer_where_lines_break_anywhere(text: str) -> None:
    for pointer, value in pointers(json.loads(text)):
        if "~" not in pointer and text.count("{") < 8:
            span = spans(text, [pointer]).get(pointer)
            assert span is not None and json.loads(text[span.start : span.end]) == value


def test_a_line_that_closes_something_else_is_passed_by() -> None:
    early = '[\n {"a": {\n },\n "b": 1\n },\n {"c": 2}\n]'
    late = '[\n {"a": 1\n  },\n {"b": 2\n },\n {"c": 3}\n]'
    quoted = '[\n {"a": "}",\n "b": ["{"], "c": {\n },\n "d": 1},\n {}\n]'
    escaped = '[\n {"a": "\\"}", "b": {"c": "{\\""\n },\n "d": 1},\n {}\n]'
    for text in (early, late, quoted, escaped):
        at = text.index("{")
        assert closing_line(text, at) == "\n }"
        assert end_of_object(text, at, "\n }") == 0
        whole = json.loads(text)
        for i, member in enumerate(whole):
            span = spans(text, [f"/{i}"])[f"/{i}"]
            assert json.loads(text[span.start : span.end]) == member


def test_what_the_aws_cli_prints_is_stepped_over() -> None:
    text = json.dumps({"Roles": [{"Path": "/", "Tags": [{"Key": "a"}], "π": []}, {}]}, indent=4, ensure_ascii=False)
    at = text.index("{", 1)
    closing = closing_line(text, at)
    assert end_of_object(text, at, closing) == _decode(text, at)[1]
