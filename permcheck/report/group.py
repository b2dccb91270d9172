"""Findings that say the same of many resources, brought together for a person. JSON lists every one."""

import re
from collections.abc import Iterable, Iterator

from permcheck.frozen import dataclass
from permcheck.model import Finding

FEWEST = 4  # fewer equal findings than this are shown one by one
_OWN = ("function", "role", "user")  # kinds of nodes that the account has many of, and names itself
_count = re.compile(r"\b\d{1,7}\b").sub  # not account ids: who is let in stays
FEWEST_HERE = 2  # the same, for findings about one statement: they would show the same lines again


@dataclass(frozen=True, slots=True)
class Group:
    """A finding shown in full, and the others of the same rule that say the same of another resource."""

    finding: Finding
    others: tuple[Finding, ...] = ()


def grouped(findings: Iterable[Finding]) -> Iterator[Group]:
    """Bring equal findings together, each group where its first finding stood.

    Equal are findings of one rule, severity and confidence that hang on the same condition keys and read the same once
    the account's own names and the counts are taken out. Of critical ones, where the path ends is part of the news and
    must be the same too.
    """
    by_shape: dict[tuple[str, ...], dict[tuple[str, str], list[Finding]]] = {}
    for finding in findings:
        by_place = by_shape.setdefault(_shape(finding), {})
        by_place.setdefault(_place(finding), []).append(finding)
    for places in by_shape.values():
        equal = [finding for here in places.values() for finding in here]
        for group in [equal] if len(equal) >= FEWEST else places.values():
            if len(group) >= FEWEST or (len(group) >= FEWEST_HERE and group[0].locations):
                yield Group(group[0], tuple(group[1:]))
            else:
                yield from map(Group, group)


def _place(finding: Finding) -> tuple[str, str]:
    return next(((at.source, at.pointer) for at in finding.locations), ("", ""))


def _shape(finding: Finding) -> tuple[str, ...]:
    names = {finding.resource, short(finding.resource), *(node.name for node in finding.path if node.kind in _OWN)}
    message = finding.message
    for name in sorted(filter(None, names), key=len, reverse=True):
        message = message.replace(name, "\0")
    end = finding.path[-1].name if finding.path and finding.severity == "critical" else ""
    conditions = " ".join(f"{entry.get('operator')} {entry.get('key')}" for entry in finding.conditions)
    return finding.rule, finding.severity, finding.confidence, _count("\0", message), end, conditions


def short(arn: str) -> str:
    """What a person calls a resource: ``save-hike:prod`` for a function, else the last part; no ARN stays as it is."""
    if not arn.startswith("arn:"):
        return arn
    return arn.partition(":function:")[2] or arn.rsplit(":", 1)[-1].rsplit("/", 1)[-1]
