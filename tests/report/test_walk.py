"""Pointers are found where they stand, in any JSON text."""

import json
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from permcheck.report.walk import spans, tokens


def value_at(text: str, pointer: str) -> Any:
    """The JSON value that stands at the span found for a pointer."""
    span = spans(text, [pointer])[pointer]
    return json.loads(text[span.start : span.end])


documents = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=20,
)


def pointers(value: object, at: str = "") -> list[tuple[str, object]]:
    """Every pointer into a value, with what it leads to."""
    found = [(at, value)]
    if isinstance(value, dict):
        for key, member in value.items():
            found += pointers(member, f"{at}/{key.replace('~', '~0').replace('/', '~1')}")
    elif isinstance(value, list):
        for i, member in enumerate(value):
            found += pointers(member, f"{at}/{i}")
    return found


@given(documents, st.sampled_from([None, 1, "\t"]), st.booleans())
def test_every_pointer_of_any_document(document: object, indent: int | str | None, ascii_only: bool) -> None:
    text = json.dumps(document, indent=indent, ensure_ascii=ascii_only)
    wanted = dict(pointers(document))
    found = spans(text, wanted)
    assert {pointer: json.loads(text[span.start : span.end]) for pointer, span in found.items()} == wanted


@given(documents, st.booleans(), st.booleans())
def test_every_pointer_of_a_document_in_a_string(document: object, ascii_inside: bool, ascii_outside: bool) -> None:
    inner = json.dumps(document, indent=1, ensure_ascii=ascii_inside)
    text = json.dumps({"a": 1, "Policy": inner}, ensure_ascii=ascii_outside)
    wanted = {f"/Policy{pointer}": value for pointer, value in pointers(document) if pointer}
    found = spans(text, wanted)
    assert set(found) == set(wanted)
    for pointer, span in found.items():
        assert json.loads(json.loads(f'"{text[span.start : span.end]}"')) == wanted[pointer]


def test_every_kind_of_escape_in_a_string() -> None:
    text = r'{"Policy": "[\"\u00e9\ud83d\ude00\ud83d\\n\/\", \u0037]"}'
    assert json.loads(json.loads(text)["Policy"], strict=False) == ["é😀\ud83d\n/", 7]
    span = spans(text, ["/Policy/1"])["/Policy/1"]
    assert text[span.start : span.end] == r"\u0037"


def test_a_string_in_a_string_in_a_string() -> None:
    innermost = json.dumps({"Statement": [{"Sid": 'a"b'}, {"Sid": "π😀"}]})
    text = json.dumps([json.dumps({"Policy": innermost})])
    span = spans(text, ["/0/Policy/Statement/1/Sid"])["/0/Policy/Statement/1/Sid"]
    once = json.loads(f'"{text[span.start : span.end]}"')
    assert json.loads(json.loads(f'"{once}"')) == "π😀"


def test_the_key_is_known_too() -> None:
    text = '{ "a" : [ {"b" :7} ] }'
    span = spans(text, ["/a/0/b"])["/a/0/b"]
    assert text[span.key : span.end] == '"b" :7'


def test_a_string_that_holds_no_json_stands_for_what_is_below_it() -> None:
    assert value_at('{"Policy": "not json"}', "/Policy/Statement/0") == "not json"
    assert value_at(json.dumps({"Policy": '{"Statement":[]}'}), "/Policy/Statement/7") == '{"Statement":[]}'


def test_several_documents_are_numbered() -> None:
    text = '{"a": 1}\n{"a": {"b": 2}} [3]'
    found = spans(text, ["/0/a", "/1/a/b", "/2/0", "/1", "/3", "/a", ""])
    assert {pointer: text[span.start : span.end] for pointer, span in found.items()} == {
        "/0/a": "1",
        "/1/a/b": "2",
        "/2/0": "3",
        "/1": '{"a": {"b": 2}}',
    }


def test_documents_before_a_broken_one_are_found() -> None:
    text = '{"a": 1} {"a": 2} {"a":'
    assert {p: text[s.start : s.end] for p, s in spans(text, ["/0/a", "/1/a", "/2/a"]).items()} == {
        "/0/a": "1",
        "/1/a": "2",
    }


def test_the_last_of_two_equal_keys_counts() -> None:
    text = '{"a": {"b": 1}, "a": {"b": 2}}'
    assert value_at(text, "/a/b") == json.loads(text)["a"]["b"] == 2


def test_tokens_are_unescaped_in_the_right_order() -> None:
    assert tokens("/a~1b/c~0d/~01/") == ["a/b", "c~d", "~1", ""]
    assert tokens("") == []
    assert value_at('{"a/b": {"~1": 5}}', "/a~1b/~01") == 5


@pytest.mark.parametrize(
    "text",
    ["", " ", "{", '{"a"', '{"a":', '{"a":1,', '{"a":1 "b"', "[1", '["', '{"a":"x', "nope", "[" * 100_000, "\0\1"],
)
def test_broken_text_gives_no_place_and_no_error(text: str) -> None:
    assert "/0/0" not in spans(text, ["/0/0", "/a/0", "", "/b", "/0"])


@pytest.mark.parametrize("pointer", ["/b", "/a/0", "/a/x", "a", "/l/2", "/l/-1", "/l/01", "/l/-", "/n/0"])
def test_a_pointer_that_leads_nowhere_is_left_out(pointer: str) -> None:
    assert spans('{"a": {"c": 1}, "l": [1, 2], "n": 5}', [pointer]) == {}


def test_thousands_of_pointers_cost_one_pass() -> None:
    statement = {"Effect": "Allow", "Action": ["s3:Get*", "lambda:*"], "Resource": "*"}
    role = {"RolePolicyList": [{"PolicyDocument": {"Version": "2012-10-17", "Statement": [statement] * 3}}]}
    text = json.dumps({"RoleDetailList": [role] * 3500}, indent=4)
    assert len(text) > 4_000_000
    wanted = [
        f"/RoleDetailList/{i}/RolePolicyList/0/PolicyDocument/Statement/{j}" for i in range(3500) for j in range(3)
    ]
    start = time.perf_counter()
    found = spans(text, wanted)
    assert time.perf_counter() - start < 2  # a tenth of a second on an idle machine; a pass for each would take minutes
    assert len(found) == 10_500
    assert found[wanted[0]].start < found[wanted[-1]].start
