"""The report for programs: schema 1, described by audit.schema.json. Nothing is grouped and nothing is cut short."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

import permcheck
from permcheck.model import Report
from permcheck.report import objects
from permcheck.report.positions import Positions
from permcheck.report.setting import Setting
from permcheck.report.summary import counts

# ASCII only: control characters and marks that turn the direction of writing never reach a terminal as such. Keys keep
# the order in which they were put, so equal reports are equal bytes.
encode = json.JSONEncoder(ensure_ascii=True, check_circular=False, default=dict).encode


def render(report: Report, setting: Setting) -> str:
    """Return the report as one JSON object, a line for each finding: quick to write, and a diff shows what changed."""
    positions = Positions(setting.stdin)
    kept = [entry.finding for entry in report.suppressed]
    positions.prepare(objects.places([*report.findings, *kept], report.not_read))
    return lines(
        {
            "schema": objects.SCHEMA,
            "tool": {"name": "permcheck", "version": permcheck.__version__},
            "inputs": list(report.inputs),
            "counts": counts(report.findings),
            "findings": (objects.finding(found, positions) for found in report.findings),
            "suppressed": (
                {
                    **objects.finding(entry.finding, positions),
                    "reason": entry.reason,
                    "by": entry.by,
                    "place": entry.place or None,
                }
                for entry in report.suppressed
            ),
            "assumptions": list(report.assumptions),
            "notes": list(report.notes),
            "not_read": (objects.not_read(gap, positions) for gap in report.not_read),
        }
    )


def lines(fields: Mapping[str, Any]) -> str:
    """One JSON object, a line for each field, and in lists of objects a line for each object.

    The encoder of the standard library is fast only without indentation, so the line breaks are put here.
    """
    return "{\n" + ",\n".join(f"{encode(name)}: {_field(value)}" for name, value in fields.items()) + "\n}\n"


def _field(value: object) -> str:
    if isinstance(value, (str, Mapping)) or not isinstance(value, Iterable):
        return encode(value)
    members = [encode(member) for member in value]
    return "[\n" + ",\n".join(members) + "\n]" if members else "[]"
