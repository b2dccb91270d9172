"""The end of the text report: what was looked at, what was taken for granted, and what is missing."""

from collections import Counter
from collections.abc import Iterable, Iterator

from permcheck.model import SEVERITIES, Finding, NotRead, Report
from permcheck.report import words
from permcheck.report.escape import escape
from permcheck.report.positions import Positions
from permcheck.report.style import Style


def counts(findings: Iterable[Finding]) -> dict[str, int]:
    """How many findings there are of each severity, worst first, also where it is none."""
    seen = Counter(finding.severity for finding in findings)
    return {severity: seen[severity] for severity in reversed(SEVERITIES)}


def summary(report: Report, positions: Positions, style: Style) -> Iterator[str]:
    """Yield the closing lines of a report. Nothing that could not be read is left out, however long the list is."""
    known = sum(entry.by == "baseline" for entry in report.suppressed)
    if known:
        yield f"in the baseline: {words.counted(known, 'findings')}"
    for entry in report.suppressed:
        if entry.by == "baseline":
            continue
        finding = entry.finding
        yield f"suppressed: {finding.rule} {escape(finding.resource)}: {escape(entry.reason)}"
    yield from (f"note: {escape(sentence)}" for sentence in report.notes)
    yield from (f"assumed: {escape(sentence)}" for sentence in report.assumptions)
    yield from not_read(report.not_read, positions, style)
    where, verdict = closing(report)
    yield where
    yield style("bold", verdict)


def closing(report: Report) -> tuple[str, str]:
    """The last two lines: what was looked at, and how it ended."""
    return looked_at(report), _verdict(report)


def not_read(gaps: Iterable[NotRead], positions: Positions, style: Style) -> Iterator[str]:
    """Yield a line for each thing that could not be read: where, what is wrong, and what follows from it."""
    for gap in gaps:
        call = f" ({escape(gap.api)})" if gap.api else ""
        effect = f"; {escape(gap.effect)}" if gap.effect else ""
        yield f"{style('unknown', 'not read:')} {words.place(gap, positions)}{call}: {escape(gap.error)}{effect}"


def looked_at(report: Report) -> str:
    """One line: the inputs, and how much of each kind was in them."""
    inputs = words.listed([escape(name) for name in report.inputs], 3)
    parts = [words.counted(number, escape(kind)) for kind, number in (report.looked_at or {}).items() if number]
    return f"looked at: {inputs or 'nothing'}" + (f" ({', '.join(parts)})" if parts else "")


def _verdict(report: Report) -> str:
    gaps = f"; {words.counted(len(report.not_read), 'things')} not read" if report.not_read else ""
    if not report.findings:
        return ("no findings in what could be read" if gaps else "no findings") + gaps
    by_severity = [f"{number} {severity}" for severity, number in counts(report.findings).items() if number]
    return f"{words.counted(len(report.findings), 'findings')}: {', '.join(by_severity)}{gaps}"
