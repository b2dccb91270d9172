"""The end of the text report: what was looked at, what was taken for granted, and what is missing."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from permcheck.model import SEVERITIES, Finding, NotRead, Report
from permcheck.report import words
from permcheck.report.escape import escape
from permcheck.report.positions import Positions
from permcheck.report.style import Style

_NUMBER = re.compile(r"/\d+(?=/|$)")
_ABSENT = re.compile(r"No ([^:]+) were given: ")


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
    yield from (f"note: {escape(words.cut(sentence))}" for sentence in report.notes)
    yield from assumed(report.assumptions)
    yield from not_read(report.not_read, positions, style)
    where, verdict = closing(report)
    yield where
    yield style("bold", verdict)


def closing(report: Report) -> tuple[str, str]:
    """The last two lines: what was looked at, and how it ended."""
    return looked_at(report), _verdict(report)


def not_read(gaps: Iterable[NotRead], positions: Positions, style: Style) -> Iterator[str]:
    """Yield a line for each thing that could not be read: where, what is wrong, and what follows from it.

    What is wrong with many entries of one list in the same way is one line, at the first of them.
    """
    alike: dict[tuple[object, ...], list[NotRead]] = {}
    for gap in gaps:
        entry = _NUMBER.sub("/*", gap.pointer)
        alike.setdefault((gap.source, gap.error, gap.effect, gap.api, gap.line, entry), []).append(gap)
    for gap, *others in alike.values():
        call = f" ({escape(gap.api)})" if gap.api else ""
        effect = f"; {escape(words.cut(gap.effect))}" if gap.effect else ""
        error = escape(words.cut(gap.error)) + (f", here and in {len(others)} more places" if others else "")
        yield f"{style('unknown', 'not read:')} {words.place(gap, positions)}{call}: {error}{effect}"


def assumed(sentences: Iterable[str]) -> Iterator[str]:
    """Yield a line for each thing taken for granted, and one for all that was just not given."""
    absent: list[str] = []
    rest: list[str] = []
    for sentence in sentences:
        found = _ABSENT.match(sentence)
        if found is not None:
            absent.append(found[1])
        else:
            rest.append(sentence)
    if len(absent) == 1:
        rest.insert(0, f"No {absent[0]} were given: there are taken to be none.")
    elif absent:
        rest.insert(0, f"Not given, and taken not to exist: {'; '.join(absent)}.")
    yield from (f"assumed: {escape(words.cut(sentence))}" for sentence in rest)


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
