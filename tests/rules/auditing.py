"""Runs the audit over files held in memory, and looks at what it found."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from permcheck import engine
from permcheck.config import Config
from permcheck.config.lines import Lines
from permcheck.config.read import Table, read
from permcheck.model import Finding, Report
from permcheck.rule import Example
from permcheck.sources import files

Files = Mapping[str, Any]


def configured(settings: Mapping[str, Any] | None) -> Config:
    """The configuration that a permcheck.toml with these settings holds."""
    return read(Table("permcheck.toml", settings, Lines())) if settings else Config()


def report(captures: Files, settings: Mapping[str, Any] | None = None) -> Report:
    """What an audit with every rule says of these files."""
    facts = files.load_texts({name: json.dumps(value) for name, value in captures.items()})
    return engine.audit(facts, configured(settings))


def of_example(example: Example) -> Report:
    """What an audit says of an example of a rule."""
    return report(example.files, example.config)


def found(captures: Files, rule: str, settings: Mapping[str, Any] | None = None) -> list[Finding]:
    """The findings of one rule."""
    return [finding for finding in report(captures, settings).findings if finding.rule == rule]


def severities(captures: Files, settings: Mapping[str, Any] | None = None) -> dict[str, str]:
    """Rule → severity of its findings, joined where it has several."""
    told: dict[str, list[str]] = {}
    for finding in report(captures, settings).findings:
        told.setdefault(finding.rule, []).append(finding.severity)
    return {rule: " ".join(each) for rule, each in told.items()}


def strings(value: object) -> Iterator[str]:
    """Every string in a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from strings(each)
    elif isinstance(value, (list, tuple)):
        for each in value:
            yield from strings(each)
