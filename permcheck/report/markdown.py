"""The report as Markdown for a comment on a pull request: a table, worst first, and a picture of each path.

A comment has its limit (GitHub: 65,536 characters), so what does not fit is counted, never dropped without a word.
"""

import re
from collections.abc import Iterator

from permcheck.model import Report
from permcheck.report import words
from permcheck.report.escape import escape
from permcheck.report.group import Group, grouped, short
from permcheck.report.mermaid import picture
from permcheck.report.positions import Positions
from permcheck.report.setting import Setting, file_of
from permcheck.report.summary import closing

MARK = "<!-- permcheck -->"  # by which whoever posts the comment finds the last one again
LONGEST = 60_000  # characters
FOR_ROWS = 30_000  # of them, for the table
NAMED = 5
# What Markdown, HTML or a table would take for a sign, and what GitHub would make a mention or a reference of.
_SIGNS = re.compile(r"[\\`*_{}\[\]<>#|~$&]")
_CALLS = re.compile(r"(?:@|&#35;)(?=\w)")


def render(report: Report, setting: Setting) -> str:
    """Return the report as Markdown."""
    groups = list(grouped(report.findings))
    positions = Positions(setting.stdin)
    positions.prepare((at.source, at.pointer) for group in groups for at in group.finding.locations[:1])
    where, verdict = closing(report)
    head = [MARK, f"## permcheck: {plain(verdict)}", ""]
    foot = list(_foot(report, where, positions, setting))
    room = LONGEST - sum(len(line) + 1 for line in (*head, *foot))
    rows = list(_rows(groups, positions, setting, min(room, FOR_ROWS)))
    room -= sum(len(line) + 1 for line in rows)
    return "\n".join((*head, *rows, *_details(groups, room), *foot)) + "\n"


def _rows(groups: list[Group], positions: Positions, setting: Setting, room: int) -> Iterator[str]:
    if not groups:
        return
    yield "| severity | rule | finding | where |"
    yield "| --- | --- | --- | --- |"
    for number, group in enumerate(groups):
        finding = group.finding
        also = [escape(short(other.resource)) for other in group.others]
        said = plain(words.cut(finding.message)) + (f"; also: {plain(words.listed(also, NAMED))}" if also else "")
        rule = f"{finding.rule} {finding.name}"
        row = f"| {plain(finding.severity)} | {plain(rule)} | {said} | {_where(group, positions, setting)} |"
        room -= len(row) + 1
        if room < 0:
            yield ""
            yield f"{len(groups) - number} more are in the full report."
            break
        yield row
    yield ""


def _where(group: Group, positions: Positions, setting: Setting) -> str:
    if not group.finding.locations:
        return plain(group.finding.resource)
    at = group.finding.locations[0]
    found = positions.find(at.source, at.pointer)
    path = file_of(at.source, setting.root) or at.source
    return plain(f"{path}:{found.line}" if found else path)


def _details(groups: list[Group], room: int) -> Iterator[str]:
    """A picture for each finding that has a path, as long as there is room; equal pictures once."""
    left, drawn = 0, set()
    for finding in (group.finding for group in groups):
        if not finding.path:
            continue
        drawing = picture(finding.path)
        if drawing in drawn:
            continue
        title = f"<summary>{plain(f'{finding.rule} {finding.name}: {short(finding.resource)}')}</summary>"
        block = ["<details>", title, "", "```mermaid", drawing, "```", ""]
        block += [f"Fix: {plain(finding.fix)}", ""] if finding.fix else []
        block += ["</details>", ""]
        size = sum(len(line) + 1 for line in block)
        if size > room:
            left += 1
            continue
        room -= size
        drawn.add(drawing)
        yield from block
    if left:
        yield from (f"{left} more paths are in the full report.", "")


def _foot(report: Report, where: str, positions: Positions, setting: Setting) -> Iterator[str]:
    for gap in report.not_read[:10]:
        path = file_of(gap.source, setting.root) or gap.source
        line = f":{gap.line}" if gap.line is not None else ""
        yield f"- not read: {plain(path + line)}: {plain(gap.error)}"
    if len(report.not_read) > 10:
        yield f"- {len(report.not_read) - 10} more not read"
    known = sum(entry.by == "baseline" for entry in report.suppressed)
    if known:
        yield f"- in the baseline: {words.counted(known, 'findings')}"
    if len(report.suppressed) > known:
        yield f"- suppressed: {words.counted(len(report.suppressed) - known, 'findings')}"
    yield from (f"- {plain(note)}" for note in report.notes[:10])
    yield f"- {plain(where)}"


def plain(text: str) -> str:
    """Text as Markdown shows it, whatever is in it: no emphasis, no link, no HTML, no column, nobody called."""
    text = _SIGNS.sub(lambda found: f"&#{ord(found[0])};", escape(text))
    text = _CALLS.sub(lambda found: f"{found[0]}<!-- -->", text)
    return text.replace("://", ":<!-- -->//").replace("www.", "www<!-- -->.")
