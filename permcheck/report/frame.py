"""The source lines under a position, cut so that they show what the finding speaks of and nothing else.

A line may hold more than that: captures without line breaks are common, and a capture of a function carries the values
of its environment variables. So of a line only the value itself and its key are shown, unless the line is short and
belongs to a policy; and an object outside a policy is not shown at all.
"""

import json

from permcheck.frozen import dataclass
from permcheck.report.escape import escape, width
from permcheck.report.walk import Span, tokens

LONGEST = 120  # columns of a line that are shown
TALLEST = 7  # lines of a value that are shown; of a longer one the first ones and the last
CUT = "…"
_SECRET = ("Environment", "Variables")
_POLICY = ("Statement", "PolicyDocument", "AssumeRolePolicyDocument")


@dataclass(frozen=True, slots=True)
class Frame:
    """Lines to show, escaped: (number, text), None for lines left out. column, length: of the mark below, in columns.

    A value of several lines is marked by a bar beside them; length is then 0.
    """

    lines: tuple[tuple[int, str] | None, ...]
    column: int
    length: int


def frame(text: str, span: Span, pointer: str, line: int, line_start: int) -> Frame | None:
    """The frame of ``text[span.start:span.end]``, which begins in ``line``; None where it is better not shown."""
    path = tokens(pointer)
    if any(name in path for name in _SECRET):
        return None
    policy = any(name in path for name in _POLICY)
    if text[span.start] in "{[" and not policy:
        return None
    line_end = text.find("\n", span.end)
    line_end = len(text) if line_end < 0 else line_end
    last = text.rfind("\n", span.start, span.end)
    if last >= 0:
        return _dedented(_tall(text, span, line, line_start, last + 1))
    whole = text[line_start:line_end]
    if policy and len(whole) <= LONGEST and not any(name in whole for name in _SECRET):
        before, after = whole[: span.start - line_start], whole[span.end - line_start :].rstrip()
    else:
        before, after = _before(text, span, line_start), _after(text[span.end : line_end])
    left = _escaped(_unquoted(before, span.depth))
    value = _shortened(_unquoted(text[span.start : span.end], span.depth), LONGEST - width(left))
    right = "" if value.endswith(CUT) else _escaped(_unquoted(after, span.depth))
    return _dedented(Frame(((line, left + value + right),), width(left), max(1, width(value))))


def _unquoted(text: str, depth: int) -> str:
    """A piece of JSON that is written in a JSON string, without the backslashes that it needs there."""
    for _ in range(depth):
        try:
            text = json.loads(f'"{text}"', strict=False)
        except ValueError:
            break
    return text


def _tall(text: str, span: Span, line: int, line_start: int, last_start: int) -> Frame:
    first = _escaped(_before(text, span, line_start))
    inner = text[span.start : last_start - 1].split("\n")
    end = text[last_start : span.end]
    room = LONGEST
    rows = [first + _shortened(inner[0], room), *(_shortened(row, room) for row in inner[1:]), _shortened(end, room)]
    lines: list[tuple[int, str] | None] = [(line + i, row) for i, row in enumerate(rows)]
    if len(lines) > TALLEST:
        lines[TALLEST - 2 : -1] = [None]
    return Frame(tuple(lines), width(_escaped(end)) - 1, 0)


def _dedented(whole: Frame) -> Frame:
    """Without the indentation that all its lines share: captures nest deeply, and what matters stands far right."""
    shown = [row[1] for row in whole.lines if row is not None]
    common = min(len(row) - len(row.lstrip(" ")) for row in shown)
    lines = tuple(row and (row[0], row[1][common:]) for row in whole.lines)
    return Frame(lines, whole.column - common, whole.length)


def _before(text: str, span: Span, line_start: int) -> str:
    """What stands before the value in its line: its key, and the indentation where there is nothing else."""
    indentation = text[line_start : span.key]
    return (indentation if indentation.isspace() or not indentation else CUT) + text[span.key : span.start]


def _after(rest: str) -> str:
    return rest.rstrip() if not rest.strip(" \t\r,]}") else CUT


def _escaped(text: str) -> str:
    return escape(text.replace("\t", "    ").replace("\r", ""))


def _shortened(text: str, room: int) -> str:
    text = _escaped(text[: LONGEST + 1])
    room = max(room, 20)
    return text if len(text) <= room else text[: room - 1] + CUT
