"""Findings that say the same of many resources, brought together for a person. JSON lists every one."""

from collections.abc import Iterable
from dataclasses import dataclass

from permcheck.model import Finding

FEWEST = 4  # fewer equal findings than this are shown one by one


@dataclass(frozen=True, slots=True)
class Group:
    """A finding shown in full, and the others of the same rule that say the same of another resource."""

    finding: Finding
    others: tuple[Finding, ...] = ()


def grouped(findings: Iterable[Finding]) -> list[Group]:
    """Bring equal findings together, each group where its first finding stood.

    Equal are findings of one rule, severity and confidence that read the same once the resource's name is taken out.
    """
    by_shape: dict[tuple[str, ...], list[Finding]] = {}
    for finding in findings:
        by_shape.setdefault(_shape(finding), []).append(finding)
    groups: list[Group] = []
    for equal in by_shape.values():
        if len(equal) < FEWEST:
            groups.extend(Group(finding) for finding in equal)
        else:
            groups.append(Group(equal[0], tuple(equal[1:])))
    return groups


def _shape(finding: Finding) -> tuple[str, ...]:
    arn = finding.resource
    name = short(arn)
    message = finding.message.replace(arn, "\0").replace(name, "\0") if name else finding.message
    return finding.rule, finding.severity, finding.confidence, message


def short(arn: str) -> str:
    """What a person calls a resource: ``save-hike:prod`` for a function, else the last part; no ARN stays as it is."""
    if not arn.startswith("arn:"):
        return arn
    return arn.partition(":function:")[2] or arn.rsplit(":", 1)[-1].rsplit("/", 1)[-1]
