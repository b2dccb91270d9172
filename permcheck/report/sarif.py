"""The report as SARIF 2.1.0, the format that code scanning services read.

Facts about the format: OASIS, "Static Analysis Results Interchange Format (SARIF) Version 2.1.0"; what GitHub makes of
it: "SARIF support for code scanning". Text in a message may hold links and placeholders; names from the input must not.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import permcheck
from permcheck import registry
from permcheck.model import Finding, Location, NotRead, Report, Suppressed
from permcheck.report import objects, words
from permcheck.report.escape import escape
from permcheck.report.findings import encode
from permcheck.report.positions import Positions
from permcheck.report.sarif_rules import LEVELS, descriptor
from permcheck.report.setting import Setting, file_of, uri_of
from permcheck.rule import Rule

ROOT = "%SRCROOT%"
FINGERPRINT = "permcheck/v1"
_PLACEHOLDER = re.compile(r"\{(?=\d+\})")


class _Writer:
    """What every part of the log needs: positions, and where paths start from."""

    def __init__(self, report: Report, setting: Setting, rules: Mapping[str, int]) -> None:
        self._positions = Positions(setting.stdin)
        findings = (*report.findings, *(entry.finding for entry in report.suppressed))
        self._positions.prepare(objects.places(findings, report.not_read))
        self._root = setting.root
        self._rules = rules
        self._compared = report.compared

    def result(self, finding: Finding, state: str = "new") -> dict[str, Any]:
        """A finding. state: ``new`` or ``unchanged``, said only where there is a baseline to compare with."""
        related = [self._location(at, i) for i, at in enumerate(finding.locations[1:], start=1)]
        made: dict[str, Any] = {
            "ruleId": finding.rule,
            **({"ruleIndex": self._rules[finding.rule]} if finding.rule in self._rules else {}),
            "level": LEVELS[finding.severity],
            "message": message(_said(finding)),
            "locations": [self._main(finding)],
            **({"relatedLocations": related} if related else {}),
            **({"codeFlows": [self._flow(finding)]} if finding.path else {}),
            **({"partialFingerprints": {FINGERPRINT: finding.fingerprint}} if finding.fingerprint else {}),
            **({"baselineState": state} if self._compared else {}),
            "properties": _properties(finding),
        }
        return made

    def suppressed(self, entry: Suppressed) -> dict[str, Any]:
        """A finding that does not count: marked as known before, or as accepted, with the reason."""
        if entry.by == "baseline":
            return self.result(entry.finding, "unchanged")
        accepted = {
            "kind": "inSource" if entry.by == "source" else "external",
            "status": "accepted",
            "justification": escape(entry.reason),
        }
        return {**self.result(entry.finding), "suppressions": [accepted]}

    def notification(self, gap: NotRead) -> dict[str, Any]:
        """Something that could not be read."""
        line = gap.line
        if line is None and (found := self._positions.find(gap.source, gap.pointer)):
            line = found.line
        region = {"region": {"startLine": line}} if line else {}
        place = {"physicalLocation": {"artifactLocation": self._artifact(gap.source), **region}}
        said = f"{gap.error}; {gap.effect}" if gap.effect else gap.error
        return {"level": "warning", "message": message(said), "locations": [place]}

    def _main(self, finding: Finding) -> dict[str, Any]:
        if not finding.locations:
            return {"logicalLocations": [_logical(finding.resource)]}
        made = self._location(finding.locations[0])
        made.setdefault("logicalLocations", [_logical(finding.resource)])
        return made

    def _location(self, at: Location, number: int | None = None) -> dict[str, Any]:
        region: dict[str, Any] = {}
        if found := self._positions.find(at.source, at.pointer):
            region = {"region": {"startLine": found.line, "startColumn": found.column}}
        physical = {"physicalLocation": {"artifactLocation": self._artifact(at.source), **region}}
        arn = at.arn or (at.source if at.source.startswith("arn:") else None)
        return {
            **({} if number is None else {"id": number}),
            **({} if at.source.startswith("arn:") else physical),
            **({"logicalLocations": [_logical(arn)]} if arn else {}),
            **({"message": message(at.note)} if at.note else {}),
        }

    def _flow(self, finding: Finding) -> dict[str, Any]:
        """The path. A viewer wants a place for each step: that of the step's own location, else the finding's."""
        steps = []
        for order, node in enumerate(finding.path, start=1):
            own = next((at for at in finding.locations if node.arn and at.arn == node.arn), None)
            at = self._location(own) if own else self._main(finding)
            edge = f", which {node.edge}" if node.edge and ":" not in node.edge else ""
            edge = f", which may {node.edge}" if ":" in node.edge else edge
            at["message"] = message(words.node(node.kind, node.name) + edge)
            steps.append({"location": at, "executionOrder": order, "importance": "essential"})
        return {"threadFlows": [{"locations": steps}]}

    def _artifact(self, source: str) -> dict[str, Any]:
        path = file_of(source, self._root)
        if path is None:
            return {"description": {"text": "standard input" if source == "-" else escape(source)}}
        uri, relative = uri_of(path)
        return {"uri": uri, **({"uriBaseId": ROOT} if relative else {})}


def render(report: Report, setting: Setting) -> str:
    """Return the report as one SARIF log with one run, a line for each result."""
    rules = registry.rules(tuple(setting.rules_folders))
    writer = _Writer(report, setting, {rule.id: i for i, rule in enumerate(rules)})
    run = {
        "tool": {"driver": _driver(rules)},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {ROOT: {"description": {"text": "The root of the project that was checked."}}},
        "invocations": [
            {
                "executionSuccessful": True,
                "toolExecutionNotifications": [writer.notification(gap) for gap in report.not_read],
            }
        ],
        "properties": {"inputs": list(report.inputs), "assumptions": list(report.assumptions)},
    }
    results = _lines(_results(report, writer))
    return (
        f'{{"version": "2.1.0",\n"$schema": "https://json.schemastore.org/sarif-2.1.0.json",\n"runs": [\n'
        f'{encode(run)[:-1]}, "results": [{results}]}}\n]}}\n'
    )


def _results(report: Report, writer: _Writer) -> Iterator[dict[str, Any]]:
    yield from (writer.result(finding) for finding in report.findings)
    yield from (writer.suppressed(entry) for entry in report.suppressed)


def _lines(results: Iterable[dict[str, Any]]) -> str:
    made = ",\n".join(encode(result) for result in results)
    return f"\n{made}\n" if made else ""


def _driver(rules: Iterable[Rule]) -> dict[str, Any]:
    return {
        "name": "permcheck",
        "version": permcheck.__version__,
        "semanticVersion": permcheck.__version__,
        "shortDescription": {"text": "Who can invoke an AWS Lambda function, and what the function can reach."},
        "rules": [descriptor(rule) for rule in rules],
    }


def _said(finding: Finding) -> str:
    parts = [words.cut(finding.message)]
    if finding.path:
        parts.append(f"Path: {words.path(finding.path)}")
    if finding.conditions:
        parts.append(f"If {' and '.join(words.condition(entry) for entry in finding.conditions)}")
    return ". ".join(parts)


def _properties(finding: Finding) -> dict[str, Any]:
    return {
        "severity": finding.severity,
        "confidence": finding.confidence,
        "resource": finding.resource,
        "fix": finding.fix or None,
        "conditions": objects.conditions(finding.conditions),
        "witness": objects.witness(finding.witness),
    }


def _logical(name: str) -> dict[str, Any]:
    return {"fullyQualifiedName": escape(name), "kind": "resource"}


def message(text: str) -> dict[str, str]:
    """A message that says the text and nothing else: no link is made of brackets, no placeholder of braces."""
    text = escape(text)
    if "](" in text:
        text = text.replace("\\", r"\\").replace("[", r"\[").replace("]", r"\]")
    return {"text": _PLACEHOLDER.sub("{{", text)}
