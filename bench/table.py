"""Rows of the benchmark and the table they are printed as."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One line: what was measured, the figure, what it is held against, and whether it keeps within that.

    `ratio` is figure ÷ yardstick; `at_most` is the most it may be, None where there is no target.
    """

    what: str
    figure: str
    target: str = ""
    ratio: float | None = None
    at_most: float | None = None
    note: str = ""

    @property
    def verdict(self) -> str:
        """`ok`, `over`, or nothing where there is no target or no figure."""
        if self.ratio is None or self.at_most is None:
            return ""
        return "ok" if self.ratio <= self.at_most else "over"

    def cells(self) -> tuple[str, ...]:
        """The row's text, cell by cell."""
        ratio = "" if self.ratio is None else f"{self.ratio:,.2f}" if self.ratio < 100 else f"{self.ratio:,.0f}"
        return (self.what, self.figure, self.target, ratio, self.verdict, self.note)


HEADINGS = ("what", "figure", "target", "ratio", "", "note")


def limited(what: str, value: float, limit: float, unit: str, note: str = "") -> Row:
    """A row whose target is a plain number of seconds, milliseconds or MiB: its ratio is the share of it used."""
    return Row(what, f"{value:,.3g} {unit}", f"≤ {limit:,g} {unit}", value / limit, 1.0, note)


def against(what: str, value: float, yardstick: float, name: str, at_most: float | None, note: str = "") -> Row:
    """A row of seconds held against other seconds, which `name` names."""
    target = f"≤ {at_most:g} x {name}" if at_most is not None else f"(÷ {name})"
    return Row(what, duration(value), target, value / yardstick, at_most, note)


def duration(seconds: float) -> str:
    """Seconds in the unit that suits them: `3.2 ms`, `1.53 s`, `2.1 h`."""
    if seconds < 1:
        return f"{seconds * 1000:.3g} ms"
    if seconds < 600:
        return f"{seconds:.3g} s"
    return f"{seconds / 60:.3g} min" if seconds < 6000 else f"{seconds / 3600:,.1f} h"


def rendered(rows: Sequence[Row]) -> str:
    """The table as Markdown, its columns aligned, so that it can be read here and pasted anywhere."""
    lines = [HEADINGS, *(row.cells() for row in rows)]
    widths = [max(len(line[i]) for line in lines) for i in range(len(HEADINGS))]
    # Figures and ratios are compared down the column, so they stand at its right.
    right = {1, 3}
    padded = [
        [
            cell.rjust(width) if i in right else cell.ljust(width)
            for i, (cell, width) in enumerate(zip(line, widths, strict=True))
        ]
        for line in lines
    ]
    rule = ["-" * (width - 1) + ":" if i in right else "-" * width for i, width in enumerate(widths)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in [padded[0], rule, *padded[1:]])
