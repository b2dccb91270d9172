"""Whole programs, timed: one run of a command, the median of several, and what went wrong where one failed."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_HERE = Path(__file__).resolve().parent


class Unmeasured(Exception):
    """There is no figure: the program is absent, failed or took too long. The text says which, in one line."""


@dataclass(frozen=True, slots=True)
class Trial:
    """One run of a command: wall time, peak resident memory in MiB, exit code and standard output."""

    seconds: float
    peak_mib: float
    exit_code: int
    stdout: bytes

    def json(self) -> Any:
        """Standard output as JSON; raises Unmeasured where it is something else."""
        try:
            return json.loads(self.stdout)
        except ValueError as error:
            raise Unmeasured(f"its output is not JSON: {error}") from None


@dataclass(frozen=True, slots=True)
class Command:
    """A command with the exit codes that mean it did its work, and a limit in seconds."""

    words: tuple[str, ...]
    good: frozenset[int] = frozenset({0})
    limit: float = 600.0

    def run(self) -> Trial:
        """Run it once; raises Unmeasured where it fails or is too slow."""
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            out, err = Path(folder, "stdout"), Path(folder, "stderr")
            launch = [sys.executable, "-S", str(_HERE / "launch.py"), str(out), str(err), str(self.limit), *self.words]
            started = subprocess.run(launch, capture_output=True, text=True, check=False, env=_environment())
            if started.returncode:
                raise Unmeasured(f"{self.words[0]} does not start: {_last_line(started.stderr)}")
            seen = json.loads(started.stdout)
            if seen["late"]:
                raise Unmeasured(f"stopped after {self.limit:,.0f} s")
            if seen["exit_code"] not in self.good:
                said = _last_line(err.read_text(encoding="utf-8", errors="replace"))
                raise Unmeasured(f"exit code {seen['exit_code']}: {said}")
            return Trial(seen["seconds"], seen["peak_mib"], seen["exit_code"], out.read_bytes())


def alternate(commands: Sequence[Command], runs: int) -> list[list[Trial]]:
    """Run each command `runs` times, taking turns, so that a machine that slows down slows all of them."""
    trials: list[list[Trial]] = [[] for _ in commands]
    for _ in range(runs):
        for command, done in zip(commands, trials, strict=True):
            done.append(command.run())
    return trials


def seconds(trials: Sequence[Trial]) -> float:
    """The median wall time."""
    return statistics.median(trial.seconds for trial in trials)


def peak_mib(trials: Sequence[Trial]) -> float:
    """The highest peak: a limit on memory is about the worst run."""
    return max(trial.peak_mib for trial in trials)


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return (lines[-1] if lines else "it said nothing")[:200]


def _environment() -> dict[str, str]:
    """The caller's environment without what would slow a Python down, or switch on colour."""
    dropped = {"PYTHONDEVMODE", "PYTHONDONTWRITEBYTECODE", "PYTHONPROFILEIMPORTTIME", "PYTHONTRACEMALLOC"}
    dropped |= {"CLICOLOR_FORCE", "FORCE_COLOR"}
    return {name: value for name, value in os.environ.items() if name not in dropped} | {"NO_COLOR": "1"}
