"""A difference for programs: schema 1, described by diff.schema.json."""

from collections import Counter
from collections.abc import Iterable, Iterator
from json.encoder import encode_basestring_ascii as quoted
from typing import Any

import permcheck
from permcheck.model import (
    SEVERITIES,
    Because,
    CallerChange,
    CallerRow,
    Difference,
    FindingChange,
    Path,
    PathChange,
    ReachChange,
    Verdict,
)
from permcheck.report import objects
from permcheck.report.findings import Findings
from permcheck.report.json import Texts, lines
from permcheck.report.positions import Positions, Wanted


def text(difference: Difference, positions: Positions) -> str:
    """The difference as one JSON object, a line for each change."""
    positions.prepare(_places(difference))
    findings = Findings(positions)
    return lines(
        {
            "schema": objects.SCHEMA,
            "tool": {"name": "permcheck", "version": permcheck.__version__},
            "old": list(difference.old),
            "new": list(difference.new),
            "opened": opened(difference),
            "closed": sum(not each.change.opens for each in difference.changes),
            "callers": (_caller(each, positions) for each in difference.callers),
            "reach": (_reach(each, positions) for each in difference.reach),
            "paths": (_path(each, positions) for each in difference.paths),
            "findings": Texts(_finding(each, findings) for each in difference.findings),
            "assumptions": list(difference.assumptions),
            "not_read": (objects.not_read(gap, positions) for gap in difference.not_read),
        }
    )


def opened(difference: Difference) -> dict[str, int]:
    """How many changes open something, of each severity, worst first."""
    seen = Counter(each.severity for each in difference.changes if each.change.opens)
    return {severity: seen[severity] for severity in reversed(SEVERITIES)}


def _caller(each: CallerChange, positions: Positions) -> dict[str, Any]:
    return {
        "change": str(each.change),
        "severity": each.severity,
        "function": each.function,
        "kind": each.kind,
        "caller": each.name,
        "old": _row(each.old, each.old_verdict, positions),
        "new": _row(each.new, each.new_verdict, positions),
    }


def _row(row: CallerRow | None, verdict: Verdict, positions: Positions) -> dict[str, Any] | None:
    if row is None:
        return None
    return {
        "verdict": str(verdict),
        "action": row.action,
        "resource": row.resource,
        "via": row.via,
        "conditions": objects.conditions(row.conditions),
        "because": _because(row.because, positions),
        "witness": objects.witness(row.witness),
    }


def _reach(each: ReachChange, positions: Positions) -> dict[str, Any]:
    return {
        "change": str(each.change),
        "severity": each.severity,
        "principal": each.principal,
        "functions": list(each.functions),
        "actions": list(each.actions),
        "resources": each.resources,
        "old": str(each.old),
        "new": str(each.new),
        "conditions": objects.conditions(each.conditions),
        "because": _because(each.because, positions),
    }


def _path(each: PathChange, positions: Positions) -> dict[str, Any]:
    return {
        "change": str(each.change),
        "severity": each.severity,
        "old": _way(each.old, positions),
        "new": _way(each.new, positions),
    }


def _way(path: Path | None, positions: Positions) -> dict[str, Any] | None:
    return None if path is None else objects.path(path, positions)


def _finding(each: FindingChange, findings: Findings) -> str:
    old, new = ("null" if side is None else findings.text(side) for side in (each.old, each.new))
    return f'{{"change": {quoted(each.change)}, "severity": {quoted(each.severity)}, "old": {old}, "new": {new}}}'


def _because(found: Iterable[Because], positions: Positions) -> list[dict[str, Any]]:
    return [objects.because(reason, positions) for reason in found]


def _places(difference: Difference) -> Iterator[Wanted]:
    for caller in difference.callers:
        yield from _of(reason for row in (caller.old, caller.new) if row for reason in row.because)
    yield from _of(reason for reach in difference.reach for reason in reach.because)
    for change in difference.paths:
        paths = [path for path in (change.old, change.new) if path]
        yield from _of(reason for path in paths for edge in path.edges for reason in edge.because)
    found = [side for change in difference.findings for side in (change.old, change.new) if side]
    yield from objects.places(found, difference.not_read)


def _of(found: Iterable[Because]) -> Iterator[Wanted]:
    yield from ((reason.location.source, reason.location.pointer) for reason in found)
