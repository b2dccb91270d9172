"""The report for people, in the manner of a compiler: what, where, the lines, and what to do about it."""

from collections.abc import Iterator

from permcheck.model import Finding, Report
from permcheck.report import words
from permcheck.report.escape import escape
from permcheck.report.frame import Frame
from permcheck.report.group import Group, grouped, short
from permcheck.report.positions import Positions
from permcheck.report.setting import Setting
from permcheck.report.style import Style
from permcheck.report.summary import summary

NAMED = 5  # of the resources that a grouped finding stands for
WIDEST = 60  # columns of a mark


def render(report: Report, setting: Setting) -> str:
    """Return the report as text: each finding, then what was looked at and what was not."""
    style = Style(setting.colour)
    groups = list(grouped(report.findings))
    positions = Positions(setting.stdin, frames=True)
    positions.prepare((at.source, at.pointer) for group in groups for at in group.finding.locations)
    positions.prepare((gap.source, gap.pointer) for gap in report.not_read if gap.line is None)
    blocks = ["\n".join(_finding(group, positions, style)) for group in groups]
    blocks.append("\n".join(summary(report, positions, style)))
    return "\n\n".join(blocks) + "\n"


def _finding(group: Group, positions: Positions, style: Style) -> Iterator[str]:
    finding = group.finding
    head = style(finding.severity, f"{finding.severity}[{escape(finding.rule)}]")
    yield f"{head} {style('bold', f'{escape(finding.name)}: {escape(words.cut(finding.message))}')}"
    yield from _locations(finding, positions, style)
    if group.others:
        names = [escape(short(other.resource)) for other in group.others]
        yield f"  also: {words.listed(names, NAMED)}; --format json has each"
    if finding.path:
        yield f"  path: {words.path(finding.path)}"
    if finding.conditions:
        yield f"  conditions: {' and '.join(words.condition(entry) for entry in finding.conditions)}"
    if finding.confidence != "high":
        yield f"  confidence: {escape(finding.confidence)}"
    if finding.fix:
        yield f"  fix: {escape(finding.fix)}"
    yield f"  help: permcheck explain {escape(finding.rule)}"


def _locations(finding: Finding, positions: Positions, style: Style) -> Iterator[str]:
    for i, location in enumerate(finding.locations):
        where = words.place(location, positions) + words.statement(location)
        note = escape(words.cut(location.note))
        if i > 0:
            yield f"  note: {where}" + (f": {note}" if note else "")
            continue
        yield f"  {style('gutter', '-->')} {where}"
        position = positions.find(location.source, location.pointer)
        if position is not None and position.frame is not None:
            yield from _frame(position.frame, note, style)
        elif note:
            yield f"  note: {note}"


def _frame(frame: Frame, note: str, style: Style) -> Iterator[str]:
    tall = frame.length == 0
    digits = max(len(str(row[0])) for row in frame.lines if row is not None)
    bar = style("gutter", " " * (digits + 2) + "|")
    yield bar
    for i, row in enumerate(frame.lines):
        side = ("/ " if i == 0 else "| ") if tall else ""
        if row is None:
            yield style("gutter", "...")
        else:
            yield f"{style('gutter', f' {row[0]:>{digits}} |')} {side}{row[1]}".rstrip()
    # Under a long value a single mark: what is said of it should not stand beyond the edge of the screen.
    length = frame.length if frame.length <= WIDEST else 1
    mark = f"|{'_' * (frame.column + 1)}^" if tall else " " * frame.column + "^" * length
    yield f"{bar} {style('bold', mark)}" + (f" {note}" if note else "")
