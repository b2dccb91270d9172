"""The report as JUnit XML, which nearly every continuous integration service shows: a test case for each finding.

A finding at or above --fail-on is a failure, one that is suppressed is skipped, one below passes; so the suite fails
when the program does. Each rule that found nothing is a case that passes, each thing not read an error.
"""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from permcheck import registry
from permcheck.config import NEVER
from permcheck.model import SEVERITIES, Finding, NotRead, Report
from permcheck.report import words
from permcheck.report.escape import escape
from permcheck.report.positions import Positions
from permcheck.report.setting import Setting, file_of

# XML 1.0, "Characters": what may not stand in a document, even as a number.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render(report: Report, setting: Setting) -> str:
    """Return the report as one test suite."""
    positions = Positions(setting.stdin)
    findings = [*report.findings, *(entry.finding for entry in report.suppressed)]
    positions.prepare((at.source, at.pointer) for finding in findings for at in finding.locations)
    cases = list(_cases(report, setting, positions))
    count = {name: str(sum(case.find(name) is not None for case in cases)) for name in ("failure", "error", "skipped")}
    totals = {"tests": str(len(cases)), "failures": count["failure"], "errors": count["error"]}
    suites = Element("testsuites", {"name": "permcheck", **totals, "time": "0"})
    suite = SubElement(suites, "testsuite", {"name": "permcheck", **totals, "skipped": count["skipped"], "time": "0"})
    suite.extend(cases)
    indent(suites)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{tostring(suites, encoding="unicode")}\n'


def _cases(report: Report, setting: Setting, positions: Positions) -> Iterator[Element]:
    for finding in report.findings:
        case = _case(finding, setting, positions)
        said = _body(finding, positions)
        if _fails(finding, setting.fail_on):
            _say(case, "failure", f"{finding.severity}: {finding.message}", said, finding.severity)
        else:
            SubElement(case, "system-out").text = xml(said)
        yield case
    for entry in report.suppressed:
        case = _case(entry.finding, setting, positions)
        _say(case, "skipped", f"{entry.by}: {entry.reason}", _body(entry.finding, positions))
        yield case
    yield from (_gap(gap, setting) for gap in report.not_read)
    seen = {finding.rule for finding in report.findings} | {entry.finding.rule for entry in report.suppressed}
    for rule in registry.rules(tuple(setting.rules_folders)):
        if rule.id not in seen:
            yield Element("testcase", {"classname": f"permcheck.{rule.id}", "name": rule.name, "time": "0"})


def _case(finding: Finding, setting: Setting, positions: Positions) -> Element:
    name = f"{finding.name}: {finding.message}"
    fields = {"classname": f"permcheck.{finding.rule}", "name": xml(escape(name)), "time": "0"}
    if finding.locations:
        at = finding.locations[0]
        path = file_of(at.source, setting.root)
        if path is not None:
            fields["file"] = xml(path)
            if found := positions.find(at.source, at.pointer):
                fields["line"] = str(found.line)
    return Element("testcase", fields)


def _gap(gap: NotRead, setting: Setting) -> Element:
    path = file_of(gap.source, setting.root) or gap.source
    case = Element("testcase", {"classname": "permcheck.not-read", "name": xml(escape(path)), "time": "0"})
    _say(case, "error", gap.error, escape(f"{gap.error}; {gap.effect}" if gap.effect else gap.error), "not read")
    return case


def _say(case: Element, kind: str, message: str, said: str, type_: str | None = None) -> None:
    fields = {"message": xml(escape(message)), **({"type": type_} if type_ else {})}
    SubElement(case, kind, fields).text = xml(said)


def _body(finding: Finding, positions: Positions) -> str:
    """What is said of a finding, a line for each thing: no name can begin a line of its own."""
    return "\n".join(escape(line) for line in _said(finding, positions))


def _said(finding: Finding, positions: Positions) -> Iterator[str]:
    yield finding.message
    yield f"resource: {finding.resource}"
    for at in finding.locations:
        yield f"at {words.place(at, positions)}{words.statement(at)}" + (f": {at.note}" if at.note else "")
    if finding.path:
        yield f"path: {words.path(finding.path)}"
    if finding.conditions:
        yield f"conditions: {' and '.join(words.condition(entry) for entry in finding.conditions)}"
    if finding.fix:
        yield f"fix: {finding.fix}"
    yield f"help: permcheck explain {finding.rule}"


def _fails(finding: Finding, fail_on: str) -> bool:
    return fail_on != NEVER and SEVERITIES.index(finding.severity) >= SEVERITIES.index(fail_on)


def xml(text: str) -> str:
    """Text without what XML cannot hold."""
    return _FORBIDDEN.sub("\ufffd", text)
