"""How far a scan has come: live on a terminal, a line a minute at most anywhere else."""

import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

EVERY = 60.0  # seconds between two lines in a pipe


class Watching:
    """What was done so far. Called from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.calls = 0
        self.read: Counter[str] = Counter()
        self.expected: Counter[str] = Counter()
        self.place = ""

    def asks(self, account: str, region: str, service: str) -> None:
        """A call is made."""
        with self._lock:
            self.calls += 1
            self.place = " ".join(filter(None, (account, region, service)))
            self.show()

    def expects(self, what: str, number: int) -> None:
        """So many more are to be read."""
        with self._lock:
            self.expected[what] += number

    def done(self, what: str) -> None:
        """Something is read to its end."""
        with self._lock:
            self.read[what] += 1
            self.show()

    def line(self) -> str:
        """All of it in one line."""
        parts = [f"{self.read[what]} of {number} {what}" for what, number in sorted(self.expected.items())]
        return ", ".join([f"{self.calls} calls made", *parts, *([f"now {self.place}"] if self.place else [])])

    def show(self) -> None:
        """Bring what is displayed up to date."""


class Lines(Watching):
    """For a pipe or a log file."""

    def __init__(self) -> None:
        super().__init__()
        self._shown = time.monotonic()

    def show(self) -> None:
        """Print a line when the last one is a minute old."""
        if time.monotonic() - self._shown >= EVERY:
            self._shown = time.monotonic()
            print(self.line(), file=sys.stderr)


class Bar(Watching):
    """For a terminal."""

    def __init__(self, progress: Any) -> None:
        super().__init__()
        self._progress = progress
        self._task = progress.add_task("", total=None)

    def show(self) -> None:
        """Hand it to rich, which draws it a few times a second."""
        total = self.expected["functions"] or None
        self._progress.update(
            self._task, description=self.line(), completed=self.read["functions"], total=total, refresh=False
        )


@contextmanager
def watching() -> Iterator[Watching]:
    """Progress on standard error while the block runs."""
    if not sys.stderr.isatty():
        yield Lines()
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    # The line holds names from the account: no markup is read from it.
    columns = (TextColumn("{task.description}", markup=False), BarColumn(bar_width=20), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        yield Bar(progress)
