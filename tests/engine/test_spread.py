"""A copy of the process takes a share of the work, and nobody can tell from what comes of it."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from bench.generate import Size, captures
from permcheck import engine, spread
from permcheck.asking import prepare
from permcheck.config import Config
from permcheck.config.settings import PublicFunction
from permcheck.model import Facts
from permcheck.report import render
from permcheck.rule import Rule, View
from permcheck.sources import files
from tests.rules.teaching import FIXTURES

HERE = os.getpid()
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="a process is copied on Linux alone")


@pytest.fixture(autouse=True)
def a_second_core(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever machine the tests run on, and however small what they audit."""
    monkeypatch.setattr(spread, "second_core", lambda: True)
    monkeypatch.setattr(engine, "BIG", 0)


def who(seconds: float = 0.0) -> int:
    """A piece of work that tells which process did it."""
    time.sleep(seconds)
    return os.getpid()


def only_here(what: Callable[[], object]) -> str:
    """A piece that comes to nothing in a copy."""
    if os.getpid() != HERE:
        what()
    return "done"


def exits() -> None:
    raise SystemExit(1)


def is_killed() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def test_both_take_pieces_and_the_order_is_kept() -> None:
    assert list(spread.in_order([partial(pow, 2, n) for n in range(300)])) == [2**n for n in range(300)]
    assert len(set(spread.in_order([partial(who, 0.01) for _ in range(40)]))) == 2


@pytest.mark.parametrize("number", [0, 1])
def test_few_pieces(number: int) -> None:
    assert list(spread.in_order([lambda: "x"] * number)) == ["x"] * number


@pytest.mark.parametrize("what", [exits, is_killed, partial(divmod, 1, 0)])
def test_what_a_copy_does_not_get_done_is_done_here(what: Callable[[], object]) -> None:
    slow = partial(who, 0.005)
    found = list(spread.in_order([slow] * 30 + [partial(only_here, what)] * 2))
    assert found == [HERE] * 30 + ["done"] * 2


def test_what_cannot_be_told_is_done_here() -> None:
    slow = partial(who, 0.005)
    *first, last = spread.in_order([slow] * 20 + [lambda: lambda: HERE])
    assert set(first) == {HERE}
    assert callable(last) and last() == HERE


def test_a_piece_that_fails_fails_here_too() -> None:
    with pytest.raises(ZeroDivisionError):
        list(spread.in_order([partial(divmod, 1, 0)] * 3))


def test_no_copy_is_left_when_this_side_fails() -> None:
    def fails() -> int:
        return who(5) if os.getpid() != HERE else 1 // 0

    started = time.monotonic()
    with pytest.raises(ZeroDivisionError):
        list(spread.in_order([fails] * 4))
    assert time.monotonic() - started < 4
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


def test_without_a_copy_all_is_done_here(monkeypatch: pytest.MonkeyPatch) -> None:
    def none() -> int:
        raise BlockingIOError

    monkeypatch.setattr(os, "fork", none)
    assert set(spread.in_order([who] * 5)) == {HERE}


def test_nothing_is_copied_beside_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1})
    assert spread.second_core()
    until = threading.Event()
    thread = threading.Thread(target=until.wait)
    thread.start()
    assert not spread.second_core()
    until.set()
    thread.join()
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0})
    assert not spread.second_core()


def test_no_file_stays_open() -> None:
    before = len(list(Path("/proc/self/fd").iterdir()))
    list(spread.in_order([who] * 50))
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def _reported(facts: Facts, config: Config, copies: bool) -> str:
    return render(engine.audit_worlds((facts,), config, copies=copies), "json")


@pytest.mark.parametrize("fixture", sorted(path.name for path in FIXTURES.iterdir() if (path / "account").is_dir()))
def test_the_report_of_a_fixture_is_the_same(fixture: str) -> None:
    facts = files.load((str(FIXTURES / fixture / "account"),))
    assert _reported(facts, Config(), copies=True) == _reported(facts, Config(), copies=False)


def test_the_report_of_a_made_up_account_is_the_same() -> None:
    facts = files.load_texts({name: json.dumps(text) for name, text in captures(Size(600, 500, 3))})
    assert _reported(facts, Config(), copies=True) == _reported(facts, Config(), copies=False)


def test_what_rules_met_of_the_configuration_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    facts = files.load((str(FIXTURES / "public-function" / "account"),))
    names = [function.name for function in facts.functions]
    config = Config(public_functions=tuple(PublicFunction(name, "it is meant to be") for name in (*names, "gone")))
    # All that counts is found by the copy.
    monkeypatch.setattr(spread, "_taken", lambda numbers, _: () if os.getpid() == HERE else numbers)
    assert _reported(facts, config, copies=True) == _reported(facts, config, copies=False)


@pytest.mark.parametrize("ends", [("check_caller", "check_function"), ("check_caller",), ("check_statement",)])
def test_what_everybody_is_worth_is_known_before_where_both_sides_ask(ends: tuple[str, ...]) -> None:
    view = View(files.load((str(FIXTURES / "public-function" / "account"),)), Config())
    prepare([type("Some", (Rule,), {end: lambda *_: ()})() for end in ends], view)
    everybody = {subject.number for subject in view.scene.world.everybody}
    assert everybody and set(view.scene.strengths) == (everybody if len(ends) == 2 else set())
