"""``--rules DIR``: whatever is wrong with a file of rules ends with 2 and one line that names the file and the line."""

from pathlib import Path

import pytest

from tests.cli.asking import ask

WHOLE = '''"""Own rules."""
from permcheck.rule import Rule

class Own(Rule):
    """A rule of our own."""
    id = "{id}"
    name = "{name}"
    severity = "{severity}"
    confidence = "{confidence}"
'''
GOOD = {"id": "OWN1", "name": "own-rule", "severity": "high", "confidence": "low"}


def said(folder: Path) -> str:
    """The one line of error, for every command that loads rules."""
    found = set()
    policy = folder / "policy.json"
    policy.write_text('{"Statement": []}')
    for arguments in (("rules",), ("explain", "PC101"), ("audit", policy)):
        result = ask(*arguments, "--rules", folder)
        assert (result.exit_code, result.stdout) == (2, ""), result.stderr
        found.add(result.stderr)
    (text,) = found
    line, *rest = text.splitlines()
    assert all(each.startswith("hint: ") for each in rest)
    return line


@pytest.mark.parametrize(
    ("text", "line", "part"),
    [
        ("import nothing_of_this_name\n", 1, "ModuleNotFoundError: No module named 'nothing_of_this_name'"),
        ("\nraise RuntimeError('one\\ntwo')\n", 2, "RuntimeError: one two"),
        ("import sys\n\nsys.exit(0)\n", 3, "sys.exit is called: 0"),
        ("x = (\n", 1, "SyntaxError: '(' was never closed"),
        ("def f():\n    return 1 / 0\n\nf()\n", 2, "ZeroDivisionError: division by zero"),
    ],
)
def test_a_file_that_cannot_be_loaded(tmp_path: Path, text: str, line: int, part: str) -> None:
    path = tmp_path / "bad.py"
    path.write_text(text)
    assert said(tmp_path) == f"error: {path}:{line} cannot be loaded: {part}"


@pytest.mark.parametrize(
    ("attribute", "value"),
    [("severity", "hihg"), ("confidence", "sure"), ("id", "own"), ("id", ""), ("name", "Own Rule"), ("name", "")],
)
def test_a_rule_that_says_something_else(tmp_path: Path, attribute: str, value: str) -> None:
    path = tmp_path / "own.py"
    path.write_text(WHOLE.format(**GOOD | {attribute: value}))
    line = said(tmp_path)
    assert line.startswith(f"error: {path}:4: the {attribute} of Own is ") and line.endswith(f", not {value!r}")


@pytest.mark.parametrize(
    ("concerns", "hook", "wrong"),
    [
        ('("url",)', "caller", "Own concerns 'url', which nothing shows that check_caller is given"),
        ('("lambda:Invoke*",)', "role", "Own concerns 'lambda:Invoke*', which nothing shows that check_role is given"),
        (
            '("kms:Decrypt",)',
            "function",
            "Own concerns 'kms:Decrypt', which nothing shows that check_function is given",
        ),
        ('"url"', "function", "the concerns of Own are a tuple of texts, not 'url'"),
    ],
)
def test_a_rule_that_concerns_what_nothing_shows(tmp_path: Path, concerns: str, hook: str, wrong: str) -> None:
    path = tmp_path / "own.py"
    more = f"    concerns = {concerns}\n    def check_{hook}(self, view, it):\n        return ()\n"
    path.write_text(WHOLE.format(**GOOD) + more)
    assert said(tmp_path) == f"error: {path}:4: {wrong}"


def test_a_rule_that_leaves_something_out(tmp_path: Path) -> None:
    path = tmp_path / "own.py"
    path.write_text("".join(x for x in WHOLE.format(**GOOD).splitlines(True) if "severity" not in x))
    assert said(tmp_path).endswith("the severity of Own is one of info, low, medium, high, critical, and there is none")


@pytest.mark.parametrize(("attribute", "value"), [("id", "PC101"), ("name", "open-to-every-account")])
def test_an_id_or_name_that_is_taken(tmp_path: Path, attribute: str, value: str) -> None:
    path = tmp_path / "own.py"
    path.write_text(WHOLE.format(**GOOD | {attribute: value}))
    taken = f"the {attribute} {value} is that of PC101 open-to-every-account already"
    assert said(tmp_path) == f"error: {path}:4: {taken}"


def test_two_files_with_one_name(tmp_path: Path) -> None:
    for number in (1, 2):
        (tmp_path / f"own{number}.py").write_text(WHOLE.format(**GOOD | {"id": f"OWN{number}"}))
    assert said(tmp_path) == f"error: {tmp_path / 'own2.py'}:4: the name own-rule is that of OWN1 own-rule already"


def test_a_folder_named_twice_is_read_once(tmp_path: Path) -> None:
    (tmp_path / "own.py").write_text(WHOLE.format(**GOOD))
    result = ask("rules", "--rules", tmp_path, "--rules", tmp_path)
    assert (result.exit_code, "OWN1" in result.stdout) == (0, True), result.stderr
