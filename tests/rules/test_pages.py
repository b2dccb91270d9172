"""Each rule's page and name: what explain, the docs and SARIF print of it."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from permcheck import registry
from permcheck.model import CONFIDENCES, SEVERITIES
from permcheck.report.rule_page import sections, title
from permcheck.rule import Rule
from permcheck.rule.base import HOOKS

RULES = registry.rules()
HEADINGS = ("What", "Why it matters", "How to fix", "When it is fine", "References")
FAMILIES = {"text": "PC0", "invoke": "PC1", "reach": "PC2", "path": "PC3"}
each_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)


@each_rule
def test_the_page_begins_with_a_title(rule: Rule) -> None:
    first, second = (type(rule).__doc__ or "").splitlines()[:2]
    assert first == first.strip()
    assert first.endswith(".")
    assert not second
    assert title(rule) == first.rstrip(".")


@each_rule
def test_the_page_has_the_headings_in_order(rule: Rule) -> None:
    lines = [line.strip() for line in (type(rule).__doc__ or "").splitlines()]
    assert [line for line in lines if line in HEADINGS] == list(HEADINGS)
    assert list(sections(rule)) == list(HEADINGS)


@each_rule
def test_nothing_below_a_heading_is_empty(rule: Rule) -> None:
    for heading, text in sections(rule).items():
        assert text.strip(), f"{rule.id}: {heading} says nothing"


@each_rule
def test_references_name_pages_by_guide_and_title(rule: Rule) -> None:
    for line in sections(rule)["References"].splitlines():
        assert re.fullmatch(r'[^"]+, "[^"]+"( and "[^"]+")*', line), line


@each_rule
def test_id_and_name_are_well_formed(rule: Rule) -> None:
    assert re.fullmatch(r"PC\d{3}", rule.id)
    assert re.fullmatch(r"[a-z]+(-[a-z0-9]+)*", rule.name)
    assert rule.severity in SEVERITIES
    assert rule.confidence in CONFIDENCES
    assert re.fullmatch(r"\d+\.\d+", rule.since)


@each_rule
def test_the_file_is_named_after_the_rule(rule: Rule) -> None:
    path = Path(sys.modules[type(rule).__module__].__file__ or "")
    assert path.stem == rule.name.replace("-", "_")
    assert rule.id.startswith(FAMILIES[path.parent.name])
    assert type(rule).__name__ == "".join(word.capitalize() for word in rule.name.split("-"))
    assert (sys.modules[type(rule).__module__].__doc__ or "").startswith(f"{rule.id}: ")


@each_rule
def test_one_hook_is_overridden(rule: Rule) -> None:
    assert [hook for hook in HOOKS if getattr(type(rule), hook) is not getattr(Rule, hook)]


def test_ids_and_names_are_unique() -> None:
    assert len({rule.id for rule in RULES}) == len(RULES)
    assert len({rule.name for rule in RULES}) == len(RULES)
