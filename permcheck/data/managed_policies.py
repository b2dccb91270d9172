"""The texts of AWS managed policies, so that an attached ``arn:aws:iam::aws:policy/…`` can be decided offline.

The table is one gzip file of plain JSON with one policy a line. A question unpacks the file once, finds the line and
parses that line alone: parsing all of the policies would cost several times as much, and an audit asks for a handful.

AWS publishes these texts per partition, and the table holds those of ``aws``. Elsewhere (``aws-cn``, ``aws-us-gov``, …)
a policy of the same name exists with the same purpose but may differ in detail: it is answered with the ``aws`` text,
the partition in its ARNs replaced, and :func:`borrowed` says so, for a caller to report as an assumption. Service
principals inside conditions are left as they are: AWS's own texts already list their ``.com.cn`` forms where needed.

Source: the Apache-2.0 package moto, which ships what ``iam:GetPolicyVersion`` returns for each of them.
"""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

_ARN = re.compile(r"arn:(aws(?:-[a-z]+)*):iam::aws:policy/[\w+=,.@/-]+", re.ASCII)
_LISTED = re.compile(r'\n"(arn:aws:iam::aws:policy/[^"]+)":')
_ACTION = re.compile(r"(?!aws:|arn:)[a-z0-9-]+:[\w*?]+", re.ASCII)  # not a condition key, not an ARN
_GZIP = 31  # zlib's wbits for "a gzip header, then 32 KiB windows"


@cache
def _text() -> str:
    packed = resources.files("permcheck.data").joinpath("aws_managed_policies.json.gz").read_bytes()
    return zlib.decompress(packed, wbits=_GZIP).decode("ascii")


@cache
def _header() -> dict[str, Any]:
    text = _text()
    head = text[: text.index('"policies":{')]
    header = json.loads(head.rstrip().rstrip(",") + "}")
    assert isinstance(header, dict)
    return header


@cache
def _entry(arn: str) -> dict[str, Any] | None:
    match = _ARN.fullmatch(arn)
    if match is None:
        return None
    partition = match[1]
    listed = arn.replace(f"arn:{partition}:", "arn:aws:", 1)
    text = _text()
    label = f'\n"{listed}":'
    start = text.find(label)
    if start < 0:
        return None
    line = text[start + len(label) : text.index("\n", start + 1)].rstrip(",")
    if partition != "aws":
        line = line.replace("arn:aws:", f"arn:{partition}:")
    entry = json.loads(line)
    assert isinstance(entry, dict)
    return entry


def document(arn: str) -> Mapping[str, Any] | None:
    """Return the default version's policy document, or None where the table holds no such policy.

    The same object is returned each time, so equal attachments are equal by identity; do not change it.
    """
    entry = _entry(arn)
    return None if entry is None else entry["document"]


def version(arn: str) -> str | None:
    """Return the version id of that document, such as ``"v4"``, or None where the policy is not listed."""
    entry = _entry(arn)
    return None if entry is None else str(entry["version"])


def borrowed(arn: str) -> bool:
    """Say whether :func:`document` answers with another partition's text for this ARN."""
    return not arn.startswith("arn:aws:") and _entry(arn) is not None


def names_action(action: str) -> bool:
    """Say whether some AWS managed policy names this action, letter for letter.

    ``permcheck.data.actions`` forgets an action when AWS retires it, while policies go on naming it: what AWS itself
    wrote is seldom a misspelling.
    """
    return _ACTION.fullmatch(action) is not None and f'"{action}"' in _text()


def names_service(prefix: str) -> bool:
    """Say whether some AWS managed policy names an action of this prefix: a retired service rather than a mistake."""
    return _ACTION.fullmatch(f"{prefix}:*") is not None and f'"{prefix}:' in _text()


@cache
def by_name() -> Mapping[str, str]:
    """Return the ARN of each policy by its name alone; one of the same name in a deeper path gives way."""
    found: dict[str, str] = {}
    for arn in _LISTED.findall(_text()):
        name = arn.rsplit("/", 1)[-1]
        if name not in found or arn.count("/") < found[name].count("/"):
            found[name] = arn
    return found


def made() -> str:
    """Return the day the table was made, as an ISO date."""
    return str(_header()["made"])


def source() -> str:
    """Return what the table was made from, with its release."""
    return str(_header()["source"])
