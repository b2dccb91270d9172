"""What is wrong with the text of a Resource pattern: why no ARN that AWS ever asks about can match it.

ARNs are compared segment by segment (IAM User Guide, "IAM JSON policy elements: Resource"). The forms of the last
segment are those of the Service Authorization Reference.
"""

import re
from functools import lru_cache

from permcheck.data import actions
from permcheck.model.policy import PolicyKind
from permcheck.policy.wildcard import glob, has_wildcard

# What API Gateway lets its own resource policies say in place of an ARN (API Gateway Developer Guide, "API Gateway
# resource policy examples").
_SHORT_FORMS = ("execute-api:/",)
_HEAD = re.compile(r"([A-Za-z][\w-]*)([:/])")
_OTHER = {":": "/", "/": ":"}


@lru_cache(maxsize=1 << 15)
def never_matches(pattern: str, kind: PolicyKind) -> str:
    """Why the pattern matches nothing, as the end of a sentence that begins with "it"; empty where it may match."""
    parts = pattern.split(":", 5)
    if len(parts) == 6 and parts[0] == "arn":
        account, service = parts[4], parts[2]
        if not (account.isdigit() or account in ("", "*")) and (said := _misplaced(parts)):
            return said
        return _separator(service, parts[5])
    if not pattern.strip("*") or pattern.startswith(_SHORT_FORMS):
        return "" if pattern else "is empty"
    return _incomplete(pattern, parts, kind)


def repaired(pattern: str) -> str:
    """The pattern with the sign behind its resource type set right; empty where something else is wrong with it."""
    parts = pattern.split(":", 5)
    head = _HEAD.match(parts[5]) if len(parts) == 6 else None
    if head is None or not _separator(parts[2], parts[5]):
        return ""
    return ":".join((*parts[:5], head[1] + _OTHER[head[2]] + parts[5][head.end() :]))


def _misplaced(parts: list[str]) -> str:
    """A word that belongs into the last segment stands in the account's: a colon is missing before it."""
    account = parts[4]
    first = account.partition("/")[0]
    if "/" not in account and first not in _heads(parts[2].lower()):
        return ""
    if any("*" in part for part in parts[1:4]):
        return f"needs a star to stand for more than one segment: {account!r} is where the account belongs"
    return f"lacks a segment: {account!r} is where the account belongs"


def _incomplete(pattern: str, parts: list[str], kind: PolicyKind) -> str:
    first = parts[0].lower()
    if first != "arn" and not (has_wildcard(first) and glob(first)("arn")):
        return "is neither an ARN nor *"
    if len(parts) == 6:
        return ""
    if pattern.endswith("*") and kind is not PolicyKind.RCP:
        last = parts[-1].rstrip("*")
        return (
            f"lacks a segment: {last!r} is where the account belongs" if len(parts) == 5 and not _account(last) else ""
        )
    return f"has {len(parts)} of the six segments of an ARN"


def _account(text: str) -> bool:
    return not text.strip("0123456789?")


def _separator(service: str, rest: str) -> str:
    """The type of the resource is followed by the wrong sign: ``function/NAME``, ``table:NAME``."""
    head = _HEAD.match(rest)
    if head is None:
        return ""
    word, sign = head[1], head[2]
    known = _heads(service.lower())
    if sign in known.get(word, sign):
        return ""
    return f"says {word}{sign} where AWS's ARNs say {word}{_OTHER[sign]}"


@lru_cache(maxsize=512)
def _heads(service: str) -> dict[str, str]:
    """The words that the last segment of a service's ARNs begins with, each with the signs that may follow it."""
    found: dict[str, str] = {}
    for template in actions.arn_templates(service):
        parts = template.split(":", 5)
        head = _HEAD.match(parts[5]) if len(parts) == 6 else None
        if head is not None and parts[2] == service:
            found[head[1]] = found.get(head[1], "") + head[2]
    return found
