"""The report for programs: schema 1, described by audit.schema.json. Nothing is grouped and nothing is cut short."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import permcheck
from permcheck.model import Report
from permcheck.report import objects
from permcheck.report.findings import Findings, encode
from permcheck.report.positions import Positions
from permcheck.report.setting import Setting
from permcheck.report.summary import counts


def render(report: Report, setting: Setting) -> str:
    """Return the report as one JSON object, a line for each finding: quick to write, and a diff shows what changed."""
    positions = Positions(setting.stdin)
    kept = [entry.finding for entry in report.suppressed]
    positions.prepare(objects.places([*report.findings, *kept], report.not_read))
    findings = Findings(positions)
    return lines(
        {
            "schema": objects.SCHEMA,
            "tool": {"name": "permcheck", "version": permcheck.__version__},
            "inputs": list(report.inputs),
            "counts": counts(report.findings),
            "findings": Texts(map(findings.text, report.findings)),
            "suppressed": Texts(
                findings.text(entry.finding, {"reason": entry.reason, "by": entry.by, "place": entry.place or None})
                for entry in report.suppressed
            ),
            "assumptions": list(report.assumptions),
            "notes": list(report.notes),
            "not_read": (objects.not_read(gap, positions) for gap in report.not_read),
        }
    )


class Texts(NamedTuple):
    """A list of which the members are JSON text already."""

    members: Iterable[str]


def lines(fields: Mapping[str, Any]) -> str:
    """One JSON object, a line for each field, and in lists of objects a line for each object.

    The encoder of the standard library is fast only without indentation, so the line breaks are put here.
    """
    return "".join(_pieces(fields))


def _pieces(fields: Mapping[str, Any]) -> Iterator[str]:
    """The text in pieces, which are joined once: it may be long."""
    opening = "{\n"
    for name, value in fields.items():
        yield f"{opening}{encode(name)}: "
        yield from _field(value)
        opening = ",\n"
    yield "\n}\n"


def _field(value: object) -> Iterator[str]:
    if isinstance(value, (str, Mapping)) or not isinstance(value, Iterable):
        yield encode(value)
        return
    opening = "[\n"
    for member in value.members if isinstance(value, Texts) else map(encode, value):
        yield opening
        yield member
        opening = ",\n"
    yield "[]" if opening == "[\n" else "\n]"
