"""The report as workflow commands: a log in which GitHub Actions marks the lines of a pull request.

GitHub, "Workflow commands for GitHub Actions". A step shows ten annotations of each level, so the worst come first and
findings that say the same of many resources share one.
"""

from collections.abc import Iterator, Mapping

from permcheck.model import NotRead, Report
from permcheck.report import words
from permcheck.report.escape import escape
from permcheck.report.group import Group, grouped, short
from permcheck.report.positions import Positions
from permcheck.report.setting import Setting, file_of
from permcheck.report.summary import closing

_COMMANDS: Mapping[str, str] = {
    "critical": "error",
    "high": "error",
    "medium": "warning",
    "low": "notice",
    "info": "notice",
}
NAMED = 5  # of the resources that a grouped finding stands for


def render(report: Report, setting: Setting) -> str:
    """Return the report as lines of a log: annotations, worst first, what was not read, and how it ended."""
    groups = list(grouped(report.findings))
    positions = Positions(setting.stdin)
    positions.prepare((at.source, at.pointer) for group in groups for at in group.finding.locations[:1])
    lines = [
        *(_annotation(group, positions, setting) for group in groups),
        *(_gap(gap, positions, setting) for gap in report.not_read),
        # These begin with words of ours: a line that begins with two colons would be a command.
        *closing(report),
    ]
    return "\n".join(lines) + "\n"


def _annotation(group: Group, positions: Positions, setting: Setting) -> str:
    finding = group.finding
    fields = {"title": f"{finding.severity} {finding.rule} {finding.name}"}
    if finding.locations:
        at = finding.locations[0]
        fields |= _place(at.source, setting)
        if "file" in fields and (found := positions.find(at.source, at.pointer)):
            fields |= {"line": str(found.line), "col": str(found.column)}
    return command(_COMMANDS[finding.severity], fields, "\n".join(_said(group)))


def _said(group: Group) -> Iterator[str]:
    finding = group.finding
    yield escape(words.cut(finding.message))
    yield f"resource: {escape(finding.resource)}"
    if group.others:
        yield f"also: {words.listed([escape(short(other.resource)) for other in group.others], NAMED)}"
    if finding.path:
        yield f"path: {words.path(finding.path)}"
    if finding.conditions:
        yield f"conditions: {' and '.join(words.condition(entry) for entry in finding.conditions)}"
    if finding.fix:
        yield f"fix: {escape(finding.fix)}"


def _gap(gap: NotRead, positions: Positions, setting: Setting) -> str:
    fields = {"title": "not read", **_place(gap.source, setting)}
    found = positions.find(gap.source, gap.pointer) if gap.line is None else None
    line = found.line if found else gap.line
    if "file" in fields and line is not None:
        fields["line"] = str(line)
    said = f"{gap.error}; {gap.effect}" if gap.effect else gap.error
    return command("warning", fields, escape(f"{gap.source}: {said}"))


def _place(source: str, setting: Setting) -> dict[str, str]:
    path = file_of(source, setting.root)
    return {"file": path} if path is not None else {}


def command(name: str, fields: Mapping[str, str], said: str) -> str:
    """A workflow command, with everything escaped that would end a field or begin another command."""
    given = ",".join(f"{field}={_field(escape(value))}" for field, value in fields.items())
    return f"::{name} {given}::{_text(said)}"


def _text(said: str) -> str:
    return said.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _field(value: str) -> str:
    return _text(value).replace(":", "%3A").replace(",", "%2C")
