"""AWS policy semantics, nothing about Lambda: documents, callers, conditions, and one request decided exactly."""

from permcheck.policy.caller import Caller, CallerKind, parse_caller
from permcheck.policy.condition import Match
from permcheck.policy.context import Context
from permcheck.policy.contract import evaluate_request
from permcheck.policy.evaluate import evaluate
from permcheck.policy.parse import PolicySyntaxError, parse_document
from permcheck.policy.request import Decision, OpenCondition, Policies, Reason, Request

__all__ = [
    "Caller",
    "CallerKind",
    "Context",
    "Decision",
    "Match",
    "OpenCondition",
    "Policies",
    "PolicySyntaxError",
    "Reason",
    "Request",
    "evaluate",
    "evaluate_request",
    "parse_caller",
    "parse_document",
]
