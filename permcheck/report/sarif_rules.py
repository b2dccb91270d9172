"""A rule as SARIF describes it, with its page as help."""

from collections.abc import Mapping
from typing import Any

from permcheck.report.rule_page import sections, title
from permcheck.rule import Rule

LEVELS: Mapping[str, str] = {"critical": "error", "high": "error", "medium": "warning", "low": "note", "info": "note"}
# GitHub, "SARIF support for code scanning": over 9.0 is critical, 7.0 to 8.9 high, 4.0 to 6.9 medium, below it low.
_SCORES: Mapping[str, str] = {"critical": "9.5", "high": "8.0", "medium": "5.5", "low": "2.0"}


def descriptor(rule: Rule) -> dict[str, Any]:
    """The reportingDescriptor of a rule."""
    parts = sections(rule)
    what = " ".join(parts["What"].split()) or title(rule)
    score = {"security-severity": _SCORES[rule.severity]} if rule.severity in _SCORES else {}
    return {
        "id": rule.id,
        "name": "".join(part.capitalize() for part in rule.name.split("-")),
        "shortDescription": {"text": f"{title(rule)}."},
        "fullDescription": {"text": what},
        "help": {"text": _help(rule, parts, ""), "markdown": _help(rule, parts, "## ")},
        "defaultConfiguration": {"level": LEVELS[rule.severity]},
        "properties": {
            "tags": ["security", "aws", "lambda"],
            "precision": rule.confidence,
            "problem.severity": LEVELS[rule.severity].replace("note", "recommendation"),
            **score,
        },
    }


def _help(rule: Rule, parts: Mapping[str, str], heading: str) -> str:
    """The sections of the rule's page, one under the other; a reference is a line."""
    blocks = []
    for name, text in parts.items():
        if text:
            lines = [f"- {line}" for line in text.splitlines()] if name == "References" else text.splitlines()
            blocks.append("\n".join((f"{heading}{name}", "", *lines)))
    return "\n\n".join((*blocks, f"permcheck explain {rule.id}"))
