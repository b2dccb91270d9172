"""What a run of the benchmark measures with: programs, sizes, repetitions, folders."""

from __future__ import annotations

import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from bench.generate import Size, write
from bench.measure import Command, Unmeasured

HERE = Path(__file__).resolve().parent

# 0 nothing found, 1 something found, 4 something could not be read: all three are finished audits.
FINISHED = frozenset({0, 1, 4})


@dataclass(frozen=True, slots=True)
class Setting:
    """The options of a run, after defaults. `limit` is in seconds, for one run of one program."""

    folder: Path
    permcheck: Path
    large: Size
    small: Size
    peer: Size
    runs: int
    pairs: int
    limit: float

    def account(self, size: Size) -> Path:
        """The folder of a generated account, made on first use."""
        folder = self.folder / f"{size.roles}-{size.functions}-{size.seed}-{size.pools}"
        if not folder.exists():
            # Under another name until it is whole: an interrupted run must not leave half an account to the next.
            partial = folder.with_name(f"{folder.name}.partial")
            shutil.rmtree(partial, ignore_errors=True)
            write(size, partial)
            partial.rename(folder)
        return folder

    def asked(self, *words: str | Path, good: frozenset[int] = FINISHED) -> Command:
        """A permcheck command; raises Unmeasured where permcheck is absent."""
        if not self.permcheck.is_file():
            raise Unmeasured(f"permcheck is absent: no {self.permcheck}")
        return Command((str(self.permcheck), *map(str, words)), good, self.limit)

    def inner(self, *words: str | Path) -> Command:
        """A command for what is timed from inside (`bench/inner.py`)."""
        return Command((sys.executable, str(HERE / "inner.py"), *map(str, words)), limit=self.limit)


def permcheck_beside_python() -> Path:
    """The console script of this environment, else the one on PATH, else where it would be."""
    beside = Path(sys.executable).with_name("permcheck")
    found = shutil.which("permcheck")
    return beside if beside.is_file() or found is None else Path(found)
