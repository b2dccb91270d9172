"""A scan that is killed, at any moment, leaves what it had read; going on with it comes to the same bytes."""

import gzip
import json
import os
import random
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from permcheck.errors import ExitCode
from permcheck.sources.snapshot import files
from tests.cli.asking import START, ask
from tests.live.endpoint import REGION, Endpoint

CONCURRENCY = 3
CHAINS, KILLS = 4, 5  # 20 moments
BEGIN = 1  # requests that every run makes before it asks anything: whose account it is


def arguments(server: Endpoint, *more: str | Path) -> list[str]:
    """A snapshot command."""
    told = ["snapshot", "--endpoint-url", server.url, "--concurrency", str(CONCURRENCY), *map(str, more)]
    return told if "--resume" in told else [*told, "--region", REGION]


def killed(server: Endpoint, after: int, number: int, *more: str | Path) -> bool:
    """Run the program and send it a signal when it has made so many requests. Returns whether it was still there."""
    seen = 0
    child = subprocess.Popen(
        [sys.executable, "-c", START, *arguments(server, *more)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )

    def count(environ: Mapping[str, Any]) -> None:
        nonlocal seen
        seen += 1
        if seen == after:
            os.kill(child.pid, number)

    server.responder.before = count
    try:
        return child.wait(timeout=60) != 0
    finally:
        server.responder.before = lambda environ: None


@pytest.fixture(scope="module")
def undisturbed(server: Endpoint, tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, int]:
    """The bytes of a snapshot that nothing came in the way of, and how many requests it took."""
    path = tmp_path_factory.mktemp("undisturbed") / "a.json.gz"
    before = server.responder.asked
    assert ask(*arguments(server, "--output", path)).exit_code == ExitCode.CLEAN
    return path.read_bytes(), server.responder.asked - before


def anonymous(content: bytes) -> str:
    """The JSON of a snapshot."""
    return gzip.decompress(content).decode()


@pytest.mark.parametrize("seed", range(CHAINS))
def test_killed_and_gone_on_with(server: Endpoint, tmp_path: Path, undisturbed: tuple[bytes, int], seed: int) -> None:
    wanted, requests = undisturbed
    chance = random.Random(seed)
    print("seed", seed)
    path = tmp_path / "a.json.gz"
    before, runs = server.responder.asked, 1
    more: tuple[str | Path, ...] = ("--output", path)
    for _ in range(KILLS):
        # Spread over what is left, so that not all moments lie at the beginning.
        killed(server, chance.randint(BEGIN + 1, max(BEGIN + 2, requests // 3)), signal.SIGKILL, *more)
        runs += 1
        if path.exists():
            break
        journal = Path(f"{path}{files.JOURNAL}")
        if journal.exists():
            assert ask("audit", journal).exit_code in (ExitCode.FINDINGS, ExitCode.INCOMPLETE)
            more = ("--resume", path)
    if not path.exists():
        assert ask(*arguments(server, *more)).exit_code == ExitCode.CLEAN
    assert anonymous(path.read_bytes()).splitlines() == anonymous(wanted).splitlines()
    assert path.read_bytes() == wanted
    assert not Path(f"{path}{files.JOURNAL}").exists()
    # Nothing that was answered is asked again: at most what was on its way when the program was killed.
    assert server.responder.asked - before <= requests + runs * (BEGIN + CONCURRENCY)


def test_ctrl_c_leaves_a_snapshot_that_says_so(
    server: Endpoint, tmp_path: Path, undisturbed: tuple[bytes, int]
) -> None:
    path = tmp_path / "a.json.gz"
    assert killed(server, 40, signal.SIGINT, "--output", path)
    snapshot, _ = files.read(path.read_bytes())
    assert not snapshot.complete
    report = json.loads(ask("audit", path, "--format", "json").stdout)
    assert any("--resume" in gap["effect"] for gap in report["not_read"])
    assert ask(*arguments(server, "--resume", path)).exit_code == ExitCode.CLEAN
    assert path.read_bytes() == undisturbed[0]


def test_a_scan_that_was_broken_off_is_not_overwritten(server: Endpoint, tmp_path: Path) -> None:
    path = tmp_path / "a.json.gz"
    Path(f"{path}{files.JOURNAL}").write_bytes(b"{}")
    result = ask(*arguments(server, "--output", path))
    assert result.exit_code == ExitCode.USAGE
    assert f"--resume {path} goes on with it" in result.stderr


@pytest.mark.parametrize("content", [b"", b"{}", b"\x1f\x8b torn", b'{"permcheck_snapshot": 2}'])
def test_what_is_no_snapshot_cannot_be_gone_on_with(server: Endpoint, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.json.gz"
    path.write_bytes(content)
    result = ask(*arguments(server, "--resume", path))
    assert result.exit_code == ExitCode.USAGE
    assert "Traceback" not in result.output
    assert str(path) in result.stderr
