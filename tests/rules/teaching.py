"""The teaching fixtures as the audit sees them."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

from permcheck import engine
from permcheck.config import Config, load
from permcheck.model import Finding, Report
from permcheck.sources import files

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"


@cache
def audited(fixture: str, configured: bool = False) -> Report:
    """The report on a fixture's account. configured: with the permcheck.toml beside it."""
    folder = FIXTURES / fixture
    config = load(str(folder / "permcheck.toml")) if configured else Config()
    return engine.audit(files.load((os.fspath(folder / "account"),)), config)


def found(fixture: str, *ids: str, configured: bool = False) -> list[tuple[str, str, str]]:
    """(rule, severity, name of the resource) of the findings of these rules, of all where none is named."""
    return sorted(
        (f.rule, f.severity, name(f)) for f in audited(fixture, configured).findings if not ids or f.rule in ids
    )


def name(finding: Finding) -> str:
    """What a person calls the resource."""
    return finding.resource.rsplit(":", 1)[-1].rsplit("/", 1)[-1]


def only(fixture: str, rule: str) -> Finding:
    """The one finding of a rule."""
    (finding,) = [f for f in audited(fixture).findings if f.rule == rule]
    return finding
