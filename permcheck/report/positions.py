"""Source and JSON pointer → line and column, worked out when a report is made and only for what the report shows."""

import json
import os
import stat
from collections import defaultdict
from collections.abc import Iterable

from permcheck.frozen import dataclass
from permcheck.report.frame import Frame, frame
from permcheck.report.walk import Span, spans
from permcheck.report.yaml_walk import yaml_spans

Wanted = tuple[str, str]  # source, pointer


@dataclass(frozen=True, slots=True)
class Position:
    """line and column count from 1; a column is one character of the text, a tab too. frame: the lines to show."""

    line: int
    column: int
    frame: Frame | None = None


class Positions:
    """Positions in the files a report speaks of. Each file is read when it is first needed, and not kept.

    stdin: the text that was read from standard input, for the source ``-``.
    frames: whether to cut out the source lines as well, for output that shows them.
    """

    def __init__(self, stdin: str | None = None, *, frames: bool = False) -> None:
        self._stdin = stdin
        self._frames = frames
        self._known: dict[Wanted, Position | None] = {}

    def prepare(self, wanted: Iterable[Wanted]) -> None:
        """Find all of these at once: one pass over each file, where one after the other would take a pass each."""
        by_source: defaultdict[str, set[str]] = defaultdict(set)
        for source, pointer in wanted:
            if (source, pointer) not in self._known:
                by_source[source].add(pointer)
        for source, pointers in by_source.items():
            found = self._find(source, pointers)
            self._known.update(((source, pointer), found.get(pointer)) for pointer in pointers)

    def find(self, source: str, pointer: str) -> Position | None:
        """The position, or None: an ARN is no file, and a file may have vanished or changed since it was read."""
        if (source, pointer) not in self._known:
            self.prepare([(source, pointer)])
        return self._known[source, pointer]

    def _find(self, source: str, pointers: set[str]) -> dict[str, Position]:
        text = self._stdin if source == "-" else _read(source)
        if text is None:
            return {}
        found: dict[str, Position] = {}
        line, line_start, seen = 1, 0, 0
        for pointer, span in sorted(_spans(text, pointers).items(), key=lambda item: item[1].start):
            line += text.count("\n", seen, span.start)
            line_start = max(line_start, text.rfind("\n", seen, span.start) + 1)
            seen = span.start
            shown = frame(text, span, pointer, line, line_start) if self._frames else None
            found[pointer] = Position(line, span.start - line_start + 1, shown)
        return found


def _spans(text: str, pointers: set[str]) -> dict[str, Span]:
    """The span of each pointer; what a template works out, but does not hold, is where the nearest value holds it."""
    if text.lstrip()[:1] not in ("{", "[", '"', ""):
        return yaml_spans(text, pointers)
    found = spans(text, pointers)
    missing = {pointer: pointer for pointer in pointers - found.keys()}
    while missing:
        # The whole text is no place for a value that it does not hold.
        missing = {pointer: up for pointer, at in missing.items() if (up := at.rpartition("/")[0])}
        above = spans(text, set(missing.values()))
        found.update({pointer: above[at] for pointer, at in missing.items() if at in above})
        missing = {pointer: at for pointer, at in missing.items() if at not in above}
    return found


def _read(source: str) -> str | None:
    """The text of a JSON file, None where there is none. A pipe is left alone: its text is gone, or it would block."""
    if source.startswith("arn:"):
        return None
    try:
        if not stat.S_ISREG(os.stat(source).st_mode):
            return None
        with open(source, "rb", buffering=0) as file:
            raw = file.read()
        return raw.decode(json.detect_encoding(raw)).removeprefix("\ufeff")
    except (OSError, ValueError):
        return None
