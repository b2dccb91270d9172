"""Lines of a configuration file, for messages. Its readers keep no positions, so this looks for the text."""

import re

from permcheck.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Lines:
    """The text of a file by lines, and the first line (from 0) that can concern permcheck."""

    text: tuple[str, ...] = ()
    first: int = 0

    def find(self, key: str, value: str | None = None) -> int | None:
        """The line that gives ``key``, of a list the one that holds ``value``; from 1, None where it is not found."""
        return self._in(range(self.first, len(self.text)), key, value)

    def entry(self, table: str, number: int, key: str | None = None) -> int | None:
        """The line where entry ``number`` (from 0) of a list of tables begins, or where it gives ``key``."""
        header = re.compile(rf"\s*\[[^\]]*\b{re.escape(table)}\b")
        starts = [at for at in range(self.first, len(self.text)) if header.match(self.text[at])]
        if number >= len(starts):
            return self.find(key or table)
        start = starts[number]
        ends = (at for at in range(start + 1, len(self.text)) if self.text[at].lstrip().startswith("["))
        within = range(start + 1, next(ends, len(self.text)))
        return (self._in(within, key) if key else None) or start + 1

    def _in(self, lines: range, key: str, value: str | None = None) -> int | None:
        named = re.compile(rf"""\s*(\[[^\]]*\b)?["']?{re.escape(key)}["']?\s*[=\]]""")
        found = [at for at in lines if named.match(self.text[at])]
        if value is not None:
            held = re.compile(rf"(?<![\w*-]){re.escape(value)}(?![\w*-])")
            found = [at for at in lines if held.search(self.text[at])] or found
        return found[0] + 1 if found else None
