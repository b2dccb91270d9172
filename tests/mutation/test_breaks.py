"""Each way to break the evaluator is caught by a test, and the evaluator as it is passes the same tests."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from .breaks import BREAKS, Break

CHECKOUT = Path(__file__).parents[2]
# Runs the tests of one room on the copy, and only on the copy. Random tests are left out: what they catch, they catch
# by chance.
RUN = """
import sys, pathlib, pytest, permcheck
copy, room = pathlib.Path.cwd(), sys.argv[1]
assert pathlib.Path(permcheck.__file__).is_relative_to(copy), permcheck.__file__
random = ("test_laws.py", "test_negation.py", "test_wildcards.py", "test_same_as_reference.py")
files = [str(f) for f in sorted((copy / "tests" / room).glob("test_*.py")) if f.name not in random]
options = ["-x", "-q", "-c", "pytest.ini", "--import-mode=importlib", "-p", "no:cacheprovider", "--tb=line"]
raise SystemExit(pytest.main([*options, *files]))
"""
PASSED, FAILED = 0, 1
pytestmark = pytest.mark.slow


def run(copy: Path, room: str) -> tuple[int, str]:
    """The exit code and output of the room's tests on the copy."""
    found = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST")}
    environment = found | {"PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-c", RUN, room]
    done = subprocess.run(command, cwd=copy, env=environment, capture_output=True, text=True, timeout=300, check=False)
    return done.returncode, done.stdout[-2000:] + done.stderr[-2000:]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The package and its tests, copied to where they can be broken."""
    unwanted = shutil.ignore_patterns("__pycache__", "*.gz")
    shutil.copytree(CHECKOUT / "permcheck", tmp_path / "permcheck", ignore=unwanted)
    for room in ("policy", "access"):
        shutil.copytree(CHECKOUT / "tests" / room, tmp_path / "tests" / room, ignore=unwanted)
    (tmp_path / "pytest.ini").write_text("[pytest]\npythonpath = .\n", encoding="utf-8")
    return tmp_path


def apply(broken: Break, copy: Path) -> None:
    """Break the copy. Fails where a text is not found, or stands there twice: then the break has to be written anew."""
    path = copy / "permcheck" / broken.module
    text = path.read_text(encoding="utf-8")
    for old, new in broken.edits:
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {broken.module}"
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")


@pytest.mark.parametrize("room", ["policy", "access"])
def test_the_copy_passes_as_it_is(copy: Path, room: str) -> None:
    code, output = run(copy, room)
    assert code == PASSED, output


@pytest.mark.parametrize("broken", BREAKS, ids=lambda b: b.name)
def test_break_is_caught(broken: Break, copy: Path) -> None:
    apply(broken, copy)
    code, output = run(copy, broken.room)
    assert code == FAILED, f"not caught: {broken.name}\n{output}"
    assert "1 failed" in output, output
