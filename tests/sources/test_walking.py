"""Paths to files: folders, links, standard input, and what is passed over."""

import io
import json
import os
from pathlib import Path

import pytest

from permcheck.errors import ExitCode, UsageError
from permcheck.sources.files import load, walking
from tests.sources.captures import ROLE, configuration, details, document, functions, plain, role, the_gap

FUNCTIONS = json.dumps(functions(configuration()))
DETAILS = json.dumps(details(role()))


@pytest.fixture
def captures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "account" / "lambda").mkdir(parents=True)
    (tmp_path / "account" / "details.json").write_text(DETAILS)
    (tmp_path / "account" / "lambda" / "functions.json").write_text(FUNCTIONS)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_file(captures: Path) -> None:
    facts = load(["account/details.json"])
    assert [r.source for r in facts.roles] == ["account/details.json"]
    assert facts.functions == ()
    assert facts.inputs == ("account/details.json",)


def test_a_folder_is_walked_in_order(captures: Path) -> None:
    facts = load(["account"])
    assert facts.roles[0].source == "account/details.json"
    assert facts.functions[0].source == "account/lambda/functions.json"


@pytest.mark.parametrize("folder", [".", "./", "account/..", "account/"])
def test_ways_to_name_a_folder(captures: Path, folder: str) -> None:
    facts = load([folder])
    assert len(facts.roles) == len(facts.functions) == 1
    assert not any("//" in source for source in (facts.roles[0].source, facts.functions[0].source))


def test_the_order_of_paths_does_not_matter(captures: Path) -> None:
    paths = ["account/details.json", "account/lambda", "account"]
    assert plain(load(paths)) == plain(load(paths[::-1]))


def test_a_file_named_twice_is_read_once(captures: Path) -> None:
    Path("own.json").write_text(json.dumps(document()))
    facts = load([".", "own.json", "./own.json", str(captures / "own.json")])
    assert [r.name for r in facts.roles if r.loose] == ["own"]


def test_standard_input(captures: Path) -> None:
    facts = load(["-", "account/details.json"], io.BytesIO(FUNCTIONS.encode()))
    assert facts.functions[0].source == "-"
    assert facts.functions[0].role == ROLE
    assert len(facts.roles) == 1


def test_a_path_that_is_not_there(captures: Path) -> None:
    with pytest.raises(UsageError, match=r"cannot read missing\.json: No such file") as caught:
        load(["account", "missing.json"])
    assert caught.value.exit_code is ExitCode.USAGE
    assert caught.value.hint


def test_what_is_passed_over(captures: Path) -> None:
    for name in ("README.md", "README", "notes.md", "LICENSE", "permcheck.toml", ".hidden.json"):
        Path("account", name).write_text("{")
    for folder in ("expected", ".git", "node_modules", ".venv"):
        Path("account", folder).mkdir()
        Path("account", folder, "a.json").write_text("{")
    assert load(["account"]).not_read == ()


def test_what_is_named_is_never_passed_over(captures: Path) -> None:
    Path("expected").mkdir()
    Path("expected", "details.json").write_text(DETAILS)
    Path(".hidden.json").write_text(DETAILS)
    assert len(load(["expected"]).roles) == 1
    assert len(load([".hidden.json"]).roles) == 1


def test_a_file_without_an_ending(captures: Path) -> None:
    Path("account", "functions").write_text(FUNCTIONS)
    Path("account", "lambda", "functions.json").unlink()
    assert load(["account"]).functions[0].source == "account/functions"


def test_files_that_are_not_json_are_listed_one_by_one(captures: Path) -> None:
    Path("account", "app.py").write_text("print('hello')\n")
    Path("account", "logo.png").write_bytes(b"\x89PNG\r\n\x1a\n\0\0")
    facts = load(["account"])
    assert [(gap.source, gap.error) for gap in facts.not_read] == [
        ("account/app.py", "not JSON"),
        ("account/logo.png", "a binary file, not JSON"),
    ]
    assert len(facts.roles) == 1


def test_a_large_file_that_is_not_json_is_not_read_whole(captures: Path) -> None:
    Path("video").write_bytes(b"\0\1" * walking._HEAD)
    assert len(walking.content("video", None)) == walking._HEAD
    Path("large.json").write_bytes(b" " * 100 + b"[" + b"1," * walking._HEAD + b"1]")
    assert len(walking.content("large.json", None)) == 100 + 3 + 2 * walking._HEAD


def test_links_in_a_circle(captures: Path) -> None:
    os.symlink("..", "account/lambda/up", target_is_directory=True)
    os.symlink("self", "account/self")
    facts = load(["account"])
    assert len(facts.roles) == 1
    assert (the_gap(facts).source, the_gap(facts).error) == ("account/self", "a link that leads nowhere")


def test_links_elsewhere_are_followed(captures: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    other = tmp_path_factory.mktemp("other")
    (other / "more.json").write_text(json.dumps(details(role("other"))))
    os.symlink(other, "account/more", target_is_directory=True)
    os.symlink(other / "gone.json", "account/gone.json")
    facts = load(["account"])
    assert [r.source for r in facts.roles] == ["account/more/more.json", "account/details.json"]
    assert the_gap(facts).source == "account/gone.json"


def test_pipes_in_a_folder_are_not_opened(captures: Path) -> None:
    os.mkfifo("account/pipe")
    assert the_gap(load(["account"])).error == "not a regular file"


@pytest.mark.parametrize(
    ("failure", "error"),
    [
        (PermissionError(13, "Permission denied"), "it cannot be read: Permission denied"),
        (MemoryError(), "it is larger than the memory of this machine"),
    ],
)
def test_files_that_cannot_be_opened(
    captures: Path, monkeypatch: pytest.MonkeyPatch, failure: Exception, error: str
) -> None:
    whole = walking.content

    def content(source: str, stdin: object) -> bytes:
        if source.endswith("functions.json"):
            raise failure
        return whole(source, None)

    monkeypatch.setattr(walking, "content", content)
    facts = load(["account"])
    assert the_gap(facts).error == error
    assert len(facts.roles) == 1


def test_folders_that_cannot_be_opened(captures: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    listing = os.scandir

    def scandir(path: str) -> object:
        if path.endswith("lambda"):
            raise PermissionError(13, "Permission denied")
        return listing(path)

    monkeypatch.setattr(os, "scandir", scandir)
    facts = load(["account"])
    assert (the_gap(facts).source, the_gap(facts).error) == (
        "account/lambda",
        "the folder cannot be read: Permission denied",
    )
