"""Asks the rules about text, and no others, what they find in a policy document."""

import json
from collections.abc import Iterable
from typing import Any

from permcheck.config import Config
from permcheck.engine import audit
from permcheck.model import Finding
from permcheck.sources.files import load_texts

FUNCTION = "arn:aws:lambda:us-east-1:111122223333:function:resize"


def findings(*statements: dict[str, Any], version: str | None = "2012-10-17") -> tuple[Finding, ...]:
    """The text findings of a loose policy document; its kind shows in the statements."""
    return in_files({"policy.json": {**({"Version": version} if version else {}), "Statement": list(statements)}})


def in_files(files: dict[str, Any]) -> tuple[Finding, ...]:
    """The text findings of files."""
    facts = load_texts({name: json.dumps(value) for name, value in files.items()})
    assert not facts.not_read, facts.not_read
    return audit(facts, Config(select=("PC0*",))).findings


def allow(action: str | list[str] = "lambda:InvokeFunction", resource: str | list[str] = FUNCTION) -> dict[str, Any]:
    """An Allow statement of an identity policy."""
    return {"Sid": "S", "Effect": "Allow", "Action": action, "Resource": resource}


def deny(action: str | list[str] = "lambda:InvokeFunction", resource: str | list[str] = FUNCTION) -> dict[str, Any]:
    """A Deny statement of an identity policy."""
    return allow(action, resource) | {"Effect": "Deny"}


def trust(principal: object, **more: object) -> dict[str, Any]:
    """A statement of a trust policy."""
    return {"Sid": "S", "Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole", **more}


def ids(found: Iterable[Finding]) -> list[str]:
    """The rules that found something."""
    return [finding.rule for finding in found]


def notes(found: Iterable[Finding]) -> list[tuple[str, str]]:
    """(pointer, note) of every location."""
    return [(place.pointer, place.note) for finding in found for place in finding.locations]
