"""Answers to the questions for programs: one line of JSON each, schema 1, described by the .schema.json files here."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from permcheck.model import (
    Because,
    CallerRow,
    NotRead,
    Portion,
    ReachAnswer,
    ReachRow,
    ReachTarget,
    WhoAnswer,
    WhyAnswer,
)
from permcheck.report import objects
from permcheck.report.findings import encode
from permcheck.report.positions import Positions, Wanted


def who(answer: WhoAnswer, positions: Positions) -> str:
    """Who may invoke one function."""
    reasons = (reason for row in answer.callers for reason in row.because)
    positions.prepare(_places(reasons, answer.not_read))
    return _line(
        {
            "function": answer.function,
            "callers": [_caller(row, positions) for row in answer.callers],
            "not_read": _not_read(answer.not_read, positions),
        }
    )


def reach(answer: ReachAnswer, positions: Positions) -> str:
    """What a function or principal may do."""
    entries: tuple[ReachRow | ReachTarget, ...] = (*answer.rows, *answer.targets)
    behind = (reason for entry in entries for reason in entry.because)
    taking = (reason for row in answer.rows for portion in row.besides for reason in portion.because)
    positions.prepare(_places((*behind, *taking), answer.not_read))
    return _line(
        {
            "subject": answer.subject,
            "principal": answer.principal or None,
            "administrator": str(answer.administrator),
            "reach": [_reach(row, positions) for row in answer.rows],
            "targets": [_target(target, positions) for target in answer.targets],
            "assumptions": list(answer.assumptions),
            "not_read": _not_read(answer.not_read, positions),
        }
    )


def why(answers: Sequence[WhyAnswer], not_read: Iterable[NotRead], positions: Positions) -> str:
    """Why a caller may or may not invoke a function: an entry per action and resource asked."""
    gaps = tuple(not_read)
    reasons = (reason for answer in answers for layer in answer.layers for reason in layer.because)
    positions.prepare(_places(reasons, gaps))
    return _line({"answers": [_why(answer, positions) for answer in answers], "not_read": _not_read(gaps, positions)})


def _line(fields: dict[str, Any]) -> str:
    return encode({"schema": objects.SCHEMA, **fields}) + "\n"


def _caller(row: CallerRow, positions: Positions) -> dict[str, Any]:
    return {
        "caller": row.caller,
        "kind": row.kind,
        "verdict": str(row.verdict),
        "action": row.action,
        "resource": row.resource,
        "via": row.via,
        "conditions": objects.conditions(row.conditions),
        "because": _because(row.because, positions),
        "witness": objects.witness(row.witness),
        "held_by": [
            {"kind": held.kind, "name": held.name, "flow": held.flow, "verdict": str(held.verdict)}
            for held in row.held_by
        ],
        "note": row.note or None,
    }


def _reach(row: ReachRow, positions: Positions) -> dict[str, Any]:
    return {
        "service": row.service,
        "actions": list(row.actions),
        "resources": list(row.resources),
        "verdict": str(row.verdict),
        "conditions": objects.conditions(row.conditions),
        "because": _because(row.because, positions),
        "note": row.note or None,
        "within": [_portion(portion) for portion in row.within],
        "except": [_portion(portion) | {"because": _because(portion.because, positions)} for portion in row.besides],
        **({"expanded": list(row.expanded)} if row.expanded else {}),
    }


def _target(target: ReachTarget, positions: Positions) -> dict[str, Any]:
    return {
        "how": target.how,
        "arn": target.arn,
        "verdict": str(target.verdict),
        "action": target.action,
        "conditions": objects.conditions(target.conditions),
        "because": _because(target.because, positions),
        "service": target.service or None,
    }


def _portion(portion: Portion) -> dict[str, Any]:
    parts = {
        "actions": portion.actions,
        "not_actions": portion.not_actions,
        "resources": portion.resources,
        "not_resources": portion.not_resources,
    }
    return {name: None if patterns is None else list(patterns) for name, patterns in parts.items()}


def _why(answer: WhyAnswer, positions: Positions) -> dict[str, Any]:
    return {
        "caller": answer.caller,
        "action": answer.action,
        "resource": answer.resource,
        "via": answer.via,
        "verdict": str(answer.verdict),
        "denied_by": answer.denied_by,
        "layers": [
            {"layer": layer.layer, "answer": layer.answer, "because": _because(layer.because, positions)}
            for layer in answer.layers
        ],
        "conditions": objects.conditions(answer.conditions),
        "witness": objects.witness(answer.witness),
    }


def _because(reasons: Iterable[Because], positions: Positions) -> list[dict[str, Any]]:
    return [objects.because(reason, positions) for reason in reasons]


def _not_read(gaps: Iterable[NotRead], positions: Positions) -> list[dict[str, Any]]:
    return [objects.not_read(gap, positions) for gap in gaps]


def _places(reasons: Iterable[Because], gaps: Iterable[NotRead]) -> Iterator[Wanted]:
    yield from ((reason.location.source, reason.location.pointer) for reason in reasons)
    yield from ((gap.source, gap.pointer) for gap in gaps if gap.line is None and gap.pointer)
