"""Lines and columns of files, standard input, and places that are neither."""

import json
import os
from pathlib import Path

import pytest

from permcheck.report.positions import Position, Positions

TEXT = '{\n  "a": [\n    1,\n\t"two"\n  ]\n}\n'


@pytest.fixture
def source(tmp_path: Path) -> str:
    path = tmp_path / "a.json"
    path.write_text(TEXT, encoding="utf-8")
    return str(path)


def test_line_and_column_count_from_one(source: str) -> None:
    positions = Positions()
    assert positions.find(source, "") == Position(1, 1)
    assert positions.find(source, "/a") == Position(2, 8)
    assert positions.find(source, "/a/0") == Position(3, 5)
    assert positions.find(source, "/a/1") == Position(4, 2)


def test_columns_count_characters_not_bytes(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text('{"é😀": 1}', encoding="utf-8")
    assert Positions().find(str(path), "/é😀") == Position(1, 8)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
def test_other_encodings_of_json(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(TEXT.encode(encoding))
    assert Positions().find(str(path), "/a/1") == Position(4, 2)


def test_a_place_in_an_escaped_policy(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps({"Policy": '{"Statement":[{"Sid":"a"},{"Sid":"b"}]}'}, indent=1))
    line = path.read_text().splitlines()[1]
    column = line.index(r"{\"Sid\":\"b\"") + 1
    assert Positions().find(str(path), "/Policy/Statement/1") == Position(2, column)


def test_standard_input_is_what_was_given() -> None:
    assert Positions("[1,\n 2]").find("-", "/1") == Position(2, 2)
    assert Positions().find("-", "/1") is None


def test_what_is_no_file_has_no_line(tmp_path: Path) -> None:
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00\xd8")
    positions = Positions()
    for name in ("gone.json", ".", "binary"):
        assert positions.find(str(tmp_path / name), "/a") is None
    assert positions.find("arn:aws:iam::111122223333:role/r", "") is None
    assert positions.find("a\0b", "") is None


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_is_not_opened(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    assert Positions().find(str(pipe), "/a") is None


def test_a_file_is_read_once(source: str) -> None:
    positions = Positions()
    positions.prepare([(source, "/a/0"), (source, "/a/1"), (source, "/gone")])
    Path(source).unlink()
    assert positions.find(source, "/a/0") == Position(3, 5)
    assert positions.find(source, "/a/1") == Position(4, 2)
    assert positions.find(source, "/gone") is None


def test_a_file_that_has_changed(source: str) -> None:
    Path(source).write_text("[]")
    assert Positions().find(source, "/a/0") is None


def test_many_places_on_one_long_line_are_found_quickly() -> None:
    positions = Positions(json.dumps(list(range(200_000))))
    positions.prepare(("-", f"/{i}") for i in range(200_000))
    assert positions.find("-", "/2") == Position(1, 8)
