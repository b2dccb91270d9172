"""The facts permcheck reasons about: frozen, typed, without logic beyond small properties."""

from permcheck.model.answer import (
    Because,
    CallerRow,
    HeldBy,
    ReachAnswer,
    ReachRow,
    ReachTarget,
    WhoAnswer,
    WhyAnswer,
    WhyLayer,
)
from permcheck.model.facts import Facts
from permcheck.model.finding import Finding, PathStep
from permcheck.model.function import EventSourceMapping, Function, FunctionUrl, Layer, Qualifier
from permcheck.model.identity import Group, Role, User
from permcheck.model.location import Location, NotRead
from permcheck.model.policy import Condition, Document, Effect, Policy, PolicyKind, Principals, Statement
from permcheck.model.pool import IdentityPool, PoolRole
from permcheck.model.report import CONFIDENCES, SEVERITIES, Report, Suppressed
from permcheck.model.verdict import Verdict

__all__ = [
    "CONFIDENCES",
    "SEVERITIES",
    "Because",
    "CallerRow",
    "Condition",
    "Document",
    "Effect",
    "EventSourceMapping",
    "Facts",
    "Finding",
    "Function",
    "FunctionUrl",
    "Group",
    "HeldBy",
    "IdentityPool",
    "Layer",
    "Location",
    "NotRead",
    "PathStep",
    "Policy",
    "PolicyKind",
    "PoolRole",
    "Principals",
    "Qualifier",
    "ReachAnswer",
    "ReachRow",
    "ReachTarget",
    "Report",
    "Role",
    "Statement",
    "Suppressed",
    "User",
    "Verdict",
    "WhoAnswer",
    "WhyAnswer",
    "WhyLayer",
]
