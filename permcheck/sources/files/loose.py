"""Policy documents on their own, told apart by what they say: identity, trust or resource policies.

Only resource policies name a Principal; a role's trust policy is one that speaks of STS and names no Resource (IAM User
Guide, "Identity-based policies and resource-based policies").
"""

from typing import Any

from permcheck.sources.files.drafts import LooseDocument
from permcheck.sources.files.function_policies import place
from permcheck.sources.files.kind import Kind, always
from permcheck.sources.files.reading import Reading, embedded
from permcheck.sources.files.shapes import JsonObject, WrongShape

IDENTITY, TRUST, RESOURCE = "identity", "trust", "resource"


def kind_of(document: Any) -> str:
    """Which kind of policy a JSON value is, judged by all of its statements. Never fails: the text may be wrong."""
    written = document.get("Statement") if isinstance(document, dict) else None
    statements = [s for s in (written if isinstance(written, list) else [written]) if isinstance(s, dict)]
    if not any("Principal" in s or "NotPrincipal" in s for s in statements):
        return IDENTITY
    if any("Resource" in s or "NotResource" in s for s in statements):
        return RESOURCE
    return TRUST if all(_about_sts(s) for s in statements) else RESOURCE


def _about_sts(statement: JsonObject) -> bool:
    written = statement.get("Action", statement.get("NotAction"))
    actions = written if isinstance(written, list) else [written]
    return all(isinstance(a, str) and a.lower().startswith("sts:") for a in actions)


def document(reading: Reading, value: JsonObject, at: str) -> None:
    """A policy document."""
    taken(reading, value, reading.repeated, at)


def taken(reading: Reading, value: Any, repeated: bool, at: str) -> None:
    """Take in a document; repeated: some key may stand twice in it."""
    kind = kind_of(value)
    if kind == RESOURCE:
        place(reading, value, repeated, at, loose=True)
        return
    effect = "what it allows is unknown" if kind == IDENTITY else "who may assume a role with it is unknown"
    reading.gathered.loose.append(LooseDocument(kind, reading.parsed_text(value, repeated, at, effect)))


def wrapped(reading: Reading, value: JsonObject, at: str) -> None:
    """A document under the name the IAM API gives it, with nothing that says whose it is. Raises WrongShape."""
    raw, here = value["PolicyDocument"], f"{at}/PolicyDocument"
    if not isinstance(raw, str):
        taken(reading, raw, reading.repeated, here)
        return
    try:
        found, repeated = embedded(raw)
    except ValueError as error:
        raise WrongShape(here, f"the policy text cannot be read: {error}") from None
    taken(reading, found, repeated, here)


KINDS = (
    Kind("a policy document", "Statement", lambda value: isinstance(value["Statement"], (dict, list)), document),
    Kind("a policy document", "PolicyDocument", always, wrapped),
)
