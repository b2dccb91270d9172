"""Asks the rules about paths, and no others, what they find; and replays what they show."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from permcheck import engine
from permcheck.model import Finding, Report
from permcheck.rules._examples import user_arn
from permcheck.sources import files
from tests.graph.replay import Replay
from tests.rules.auditing import Files, configured

LEE = {"AWS": user_arn("lee")}


def report(captures: Files, **settings: Any) -> Report:
    """What the rules about paths say of these files. settings: keys of permcheck.toml."""
    facts = files.load_texts({name: json.dumps(value) for name, value in captures.items()})
    return engine.audit(facts, configured({"select": ["PC3*"], **settings}))


def findings(captures: Files, **settings: Any) -> tuple[Finding, ...]:
    """Their findings."""
    return report(captures, **settings).findings


def told(captures: Files, **settings: Any) -> list[tuple[str, str]]:
    """(rule, severity) of each."""
    return sorted((f.rule, f.severity) for f in findings(captures, **settings))


def only(captures: Files, rule: str) -> Finding:
    """The one finding there is, which must be of this rule."""
    (finding,) = findings(captures)
    assert finding.rule == rule, finding.message
    return finding


def nodes(finding: Finding) -> list[tuple[str, str]]:
    """(kind, name) of the path."""
    return [(step.kind, step.name) for step in finding.path]


def replayed(captures: Files, finding: Finding) -> str:
    """What the policies of the input say of a finding's witness."""
    witness: Mapping[str, Any] | None = finding.witness
    assert witness is not None, finding.message
    return Replay({name: json.dumps(value) for name, value in captures.items()}).verdict(witness)
