"""A rule's page, taken from its docstring: for ``explain``, for the list of rules, and for whatever shows help."""

import inspect
import re
from collections.abc import Mapping
from typing import Any

from permcheck.report import words
from permcheck.report.style import Style
from permcheck.rule import Rule

# The headings of a rule's docstring, in order, and the field that each has in JSON.
HEADINGS: Mapping[str, str] = {
    "What": "what",
    "Why it matters": "why_it_matters",
    "How to fix": "how_to_fix",
    "When it is fine": "when_it_is_fine",
    "References": "references",
}
TITLE = ""
# "What", "What:", "## What" on a line of its own; the text may also follow the colon.
_heading = re.compile(rf"#*\s*({'|'.join(HEADINGS)})\s*(?::\s*(.*)|)").fullmatch
_underline = re.compile(r"[-=~]{3,}").fullmatch


def title(rule: Rule) -> str:
    """What the rule is about in a line: what its docstring says before the first heading, without the full stop."""
    return " ".join(_parts(rule)[TITLE].split()).rstrip(".")


def sections(rule: Rule) -> dict[str, str]:
    """The text under each heading of the rule's docstring, in the order of HEADINGS; empty where there is none."""
    parts = _parts(rule)
    return {heading: parts[heading] for heading in HEADINGS}


def _parts(rule: Rule) -> dict[str, str]:
    found: dict[str, list[str]] = {heading: [] for heading in (TITLE, *HEADINGS)}
    here = found[TITLE]
    for line in inspect.cleandoc(rule.__doc__ or "").splitlines():
        if heading := _heading(line.strip()):
            here = found[heading[1]]
            here.append(heading[2] or "")
        elif not _underline(line.strip()):
            here.append(line)
    return {heading: inspect.cleandoc("\n".join(lines)).strip() for heading, lines in found.items()}


def page(rule: Rule, style: Style) -> str:
    """What ``permcheck explain`` prints."""
    blocks = [
        f"{style(rule.severity, rule.id)} {style('bold', rule.name)}: {title(rule)}\n"
        f"severity {rule.severity}, confidence {rule.confidence}, since {rule.since}"
    ]
    for heading, text in sections(rule).items():
        if text:
            indented = "\n".join(f"  {line}".rstrip() for line in text.splitlines())
            blocks.append(f"{style('bold', heading)}\n{indented}")
    return "\n\n".join(blocks) + "\n"


def row(rule: Rule) -> dict[str, Any]:
    """The rule as an entry of ``permcheck rules --format json``."""
    said = {HEADINGS[heading]: text or None for heading, text in sections(rule).items()}
    return {
        "id": rule.id,
        "name": rule.name,
        "title": title(rule),
        "severity": rule.severity,
        "confidence": rule.confidence,
        "since": rule.since,
        **said,
        "references": (said["references"] or "").splitlines(),
    }


def table(rules: tuple[Rule, ...], style: Style) -> str:
    """What ``permcheck rules`` prints: a line for each rule."""
    widest = max((len(rule.name) for rule in rules), default=0)
    lines = [
        f"{rule.id}  {style(rule.severity, f'{rule.severity:<8}')}  {rule.name:<{widest}}  {title(rule)}"
        for rule in rules
    ]
    return "\n".join([*(line.rstrip() for line in lines), words.counted(len(rules), "rules")]) + "\n"
