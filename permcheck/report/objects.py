"""The parts that several JSON outputs share. Field names and their order are the contract; absent values are null."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from permcheck.model import Because, Finding, NotRead, Path, PathEdge, PathNode
from permcheck.report.positions import Positions, Wanted

SCHEMA = 1


def because(reason: Because, positions: Positions) -> dict[str, Any]:
    """A statement that decided."""
    at = reason.location
    found = positions.find(at.source, at.pointer)
    return {
        "source": at.source,
        "pointer": at.pointer,
        "line": found.line if found else None,
        "arn": at.arn,
        "sid": at.sid,
        "effect": str(reason.effect),
    }


def not_read(gap: NotRead, positions: Positions) -> dict[str, Any]:
    """Something that could not be read."""
    found = positions.find(gap.source, gap.pointer) if gap.line is None else None
    return {
        "source": gap.source,
        "pointer": gap.pointer,
        "line": found.line if found else gap.line,
        "arn": gap.arn,
        "api": gap.api,
        "error": gap.error,
        "effect": gap.effect,
    }


def conditions(entries: Iterable[Mapping[str, object]]) -> list[dict[str, Any]]:
    """Open conditions, every field present."""
    return [{field: entry.get(field) for field in _CONDITION} for entry in entries]


_CONDITION = ("operator", "key", "values", "source", "pointer")


def witness(request: Mapping[str, object] | None) -> dict[str, Any] | None:
    """A request that the policies allow."""
    return None if request is None else dict(request)


def places(findings: Iterable[Finding], gaps: Iterable[NotRead]) -> Iterator[Wanted]:
    """Every place that an output of these needs a line for."""
    for found in findings:
        yield from ((at.source, at.pointer) for at in found.locations)
    yield from ((gap.source, gap.pointer) for gap in gaps if gap.line is None and gap.pointer)


def path(found: Path, positions: Positions) -> dict[str, Any]:
    """A path."""
    return {
        "verdict": str(found.verdict),
        "nodes": [node(each) for each in found.nodes],
        "edges": [edge(each, positions) for each in found.edges],
        "witness": witness(found.witness),
    }


def node(found: PathNode) -> dict[str, Any]:
    """A node of a path."""
    return {"kind": found.kind, "name": found.name, "arn": found.arn}


def edge(found: PathEdge, positions: Positions) -> dict[str, Any]:
    """An edge of a path."""
    return {
        "kind": found.kind,
        "verdict": str(found.verdict),
        "conditions": conditions(found.conditions),
        "because": [because(reason, positions) for reason in found.because],
        "witness": witness(found.witness),
    }
