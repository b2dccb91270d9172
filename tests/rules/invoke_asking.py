"""Asks the rules about function policies and URLs, and no others, what they find around one function, ``orders``."""

import json
from collections.abc import Iterable
from typing import Any

from permcheck.config.lines import Lines
from permcheck.config.read import Table, read
from permcheck.engine import audit
from permcheck.model import Finding, Report
from permcheck.rules._examples import ACCOUNT, OTHER, function_arn
from permcheck.rules.invoke._grants import captured, grant
from permcheck.sources.files import load_texts

MINE = ["PC10*", "PC110", "PC112", "PC115", "PC12*"]
OWN_ROLE = f"arn:aws:iam::{ACCOUNT}:role/shop"
PARTNER = f"arn:aws:iam::{OTHER}:role/partner"
ORG = "o-examp1e0rg"


def report(files: dict[str, Any], config: dict[str, Any] | None = None) -> Report:
    """What the rules say of files. config: keys of permcheck.toml."""
    facts = load_texts({name: value if isinstance(value, str) else json.dumps(value) for name, value in files.items()})
    assert not facts.not_read, facts.not_read
    return audit(facts, read(Table("permcheck.toml", {"select": MINE, **(config or {})}, Lines())))


def found(*statements: dict[str, Any], config: dict[str, Any] | None = None, **more: Any) -> list[tuple[str, str]]:
    """(rule, severity) of every finding on ``orders`` with these statements. more: for captured(), such as urls."""
    return brief(report(captured(*statements, **more), config).findings)


def brief(findings: Iterable[Finding]) -> list[tuple[str, str]]:
    """(rule, severity) of every finding, sorted."""
    return sorted((f.rule, f.severity) for f in findings)


def loose(*statements: dict[str, Any]) -> dict[str, Any]:
    """A policy document in a file of its own."""
    return {"orders.policy.json": {"Version": "2012-10-17", "Statement": list(statements)}}


def as_written(*statements: dict[str, Any]) -> dict[str, Any]:
    """Files of ``orders`` with one policy, whatever its statements name."""
    text = json.dumps({"Version": "2012-10-17", "Statement": [grant({"AWS": OWN_ROLE}, Sid="own"), *statements]})
    return {**captured(), "get-policy.orders.json": {"Policy": text}}


def name(finding: Finding) -> str:
    """The function a finding is about, as a person calls it."""
    return finding.resource.removeprefix(function_arn(""))
