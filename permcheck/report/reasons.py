"""A verdict and what it rests on, for people: statements with their place, open conditions, a note."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from permcheck.model import Because, Verdict
from permcheck.report import words
from permcheck.report.escape import escape
from permcheck.report.positions import Positions
from permcheck.report.style import Style


def verdict(found: Verdict, style: Style) -> str:
    """The verdict, as wide as the longest of them."""
    return style(str(found), f"{found!s:<11}")


def reasons(
    found: Iterable[Because],
    open_conditions: Sequence[Mapping[str, object]],
    note: str,
    positions: Positions,
    indent: int = 4,
) -> Iterator[str]:
    """A line for each statement, one for the conditions that are open, one for the note."""
    pad = " " * indent
    yield from (f"{pad}{because(reason, positions)}" for reason in found)
    yield from conditions(open_conditions, indent)
    if note:
        yield f"{pad}note: {escape(note)}"


def because(reason: Because, positions: Positions) -> str:
    """A statement: ``Allow roles.json:12:5 (Sid "Everything")``."""
    return f"{reason.effect} {words.place(reason.location, positions)}{words.statement(reason.location)}"


def conditions(found: Sequence[Mapping[str, object]], indent: int) -> Iterator[str]:
    """One line with all conditions, none where there are none."""
    if found:
        yield f"{' ' * indent}if {' and '.join(words.condition(entry) for entry in found)}"
