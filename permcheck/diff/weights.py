"""How bad it is that something opens, on the scale of findings. docs/ci.md has the same table for people."""

from collections.abc import Mapping

from permcheck.config import Config
from permcheck.model.difference import Change
from permcheck.model.report import SEVERITIES
from permcheck.model.verdict import Verdict

# Kinds of nodes that are not of the account.
OUTSIDE = ("anyone", "aws", "guest", "signed_in", "web_identity", "account", "org", "service")
_CALLERS: Mapping[str, str] = {
    "anyone": "high",
    "aws": "high",
    "guest": "high",
    "signed_in": "medium",
    "web_identity": "medium",
    "account": "medium",
    "org": "medium",
    "service": "medium",
}
_RANK = (Verdict.DENIED, Verdict.UNKNOWN, Verdict.CONDITIONAL, Verdict.ALLOWED)


def rank(verdict: Verdict) -> int:
    """From denied to allowed."""
    return _RANK.index(verdict)


def change(old: Verdict, new: Verdict) -> Change | None:
    """What became of a verdict, None where it is the same."""
    if old is new:
        return None
    if old is Verdict.DENIED:
        return Change.NEW
    if new is Verdict.DENIED:
        return Change.LOST
    return Change.WIDER if rank(new) > rank(old) else Change.NARROWER


def of_caller(kind: str, name: str, function: str, verdict: Verdict, config: Config) -> str:
    """Of somebody who may call a function. What configuration says is meant to be weighs nothing."""
    if config.public_reason(function) or name in config.trusted_accounts or name in config.trusted_orgs:
        return "info"
    return _in_doubt(_CALLERS.get(kind, "low"), verdict)


def of_reach(resources: str, verdict: Verdict) -> str:
    """Of what a role or user may do."""
    return _in_doubt("low" if resources.strip("*") else "medium", verdict)


def of_path(start: str, end: str, verdict: Verdict) -> str:
    """Of a way: from outside or from within, to everything or to something."""
    if end == "admin":
        severity = "critical" if start in OUTSIDE else "high"
    else:
        severity = "high" if end == "target" else _CALLERS.get(start, "low")
    return _in_doubt(severity, verdict)


def _in_doubt(severity: str, verdict: Verdict) -> str:
    """One less where it hangs on conditions, or on what could not be read."""
    return severity if verdict is Verdict.ALLOWED else SEVERITIES[max(SEVERITIES.index(severity) - 1, 0)]
