"""Bytes to JSON values: encodings, damage, several documents in one file, and what must never be kept."""

import json

import pytest

from permcheck.sources.files.reader import parse, parse_embedded
from tests.sources.captures import SECRET, configuration

POLICY = '{"Version": "2012-10-17", "Statement": []}'


@pytest.mark.parametrize(
    "content",
    [
        POLICY.encode(),
        b"\xef\xbb\xbf" + POLICY.encode(),
        POLICY.encode("utf-16"),
        POLICY.encode("utf-16-le"),
        b"\xff\xfe" + POLICY.encode("utf-16-le"),
        b"\xfe\xff" + POLICY.encode("utf-16-be"),
        "\ufeff" + POLICY,
        f"\r\n\t {POLICY}\n\n",
    ],
)
def test_encodings(content: bytes | str) -> None:
    parsed = parse(content)
    assert parsed.values == [("", json.loads(POLICY))]
    assert parsed.problem is None


@pytest.mark.parametrize(
    ("content", "error", "line", "column"),
    [
        (b"", "it is empty", 1, 1),
        (b" \n\t", "it is empty", 1, 1),
        (b"\xef\xbb\xbf", "it is empty", 1, 1),
        (b'{"a": 1', "broken JSON: the text ends in the middle", 1, 8),
        (b'{"a":\n "long', "broken JSON: the text ends in the middle", 2, 7),
        (b'{"a": 1,\n  }', "broken JSON: expecting property name enclosed in double quotes", 2, 3),
        (b'{"a" 1}', "broken JSON: expecting ':' delimiter", 1, 6),
        (b'{"a": "\xff"}', "not UTF-8 text: byte 0xff has no meaning there", 1, 8),
        (b'{"a": 1,\n "b": "caf\xe9"}', "not UTF-8 text: byte 0xe9 has no meaning there", 2, 11),
        ("{\n 'é': ".encode().replace(b"'", b'"') + b"\xe9}", "not UTF-8 text: byte 0xe9 has no meaning there", 2, 7),
        (b"PK\x03\x04\x00\x00\x00", "a binary file, not JSON", 1, 1),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "a binary file, not JSON", 1, 1),
        (b"TABLE|of|things", "not JSON", 1, 1),
        (b"[" * 20_000, "nested too deeply to be read", 1, 200),
        (b'{"a":' * 20_000 + b"1" + b"}" * 20_000, "nested too deeply to be read", 1, 996),
        (b'{"[":\n [' + b"9" * 5000 + b"]}", "a number with thousands of digits", 2, 3),
    ],
)
def test_damage_has_a_place(content: bytes, error: str, line: int, column: int) -> None:
    parsed = parse(content)
    assert parsed.values == []
    assert parsed.problem is not None
    assert (parsed.problem.error, parsed.problem.line, parsed.problem.column) == (error, line, column)


def test_documents_one_after_the_other_are_a_list() -> None:
    parsed = parse('{"a": 1}{"b": 2}\n\n{"c": 3}\n')
    assert parsed.values == [("/0", {"a": 1}), ("/1", {"b": 2}), ("/2", {"c": 3})]
    assert parsed.problem is None


def test_what_stands_before_the_damage_is_kept() -> None:
    parsed = parse('{"a": 1}\n{"b": ')
    assert parsed.values == [("/0", {"a": 1})]
    assert parsed.problem is not None
    assert (parsed.problem.line, parsed.problem.column) == (2, 6)


def test_a_document_followed_by_something_else() -> None:
    parsed = parse('{"a": 1}\nDone.')
    assert parsed.values == [("/0", {"a": 1})]
    assert parsed.problem is not None
    assert parsed.problem.error == "something that is not JSON follows"
    assert parsed.problem.line == 2


def test_repeated_keys_are_noticed() -> None:
    assert parse('{"a": {"b": 1, "b": 2}}').repeated
    assert not parse('{"a": {"b": 1}, "b": 2}').repeated
    assert not parse("{}").repeated  # nothing is left over from the text before


def test_environment_variables_are_gone() -> None:
    parsed = parse(json.dumps({"Functions": [configuration()]}))
    assert SECRET not in repr(parsed)
    assert "Environment" not in parsed.values[0][1]["Functions"][0]


def test_a_tag_called_environment_stays() -> None:
    text = '{"Tags": {"Environment": "production"}}'
    assert parse(text).values == [("", {"Tags": {"Environment": "production"}})]


def test_embedded_text() -> None:
    assert parse_embedded(POLICY) == (json.loads(POLICY), False)
    assert parse_embedded('{"a": 1, "a": 2}') == ({"a": 2}, True)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", "it is empty, at character 1 of the text"),
        ('{"Version"', "broken JSON: the text ends in the middle, at character 11 of the text"),
        ("{} {}", "broken JSON: something follows its end"),
    ],
)
def test_damaged_embedded_text(text: str, error: str) -> None:
    with pytest.raises(ValueError, match=error):
        parse_embedded(text)
