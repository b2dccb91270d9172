"""The facts permcheck reasons about: frozen, typed, without logic beyond small properties."""

from permcheck.model.answer import (
    Because,
    CallerRow,
    HeldBy,
    Portion,
    ReachAnswer,
    ReachRow,
    ReachTarget,
    WhoAnswer,
    WhyAnswer,
    WhyLayer,
)
from permcheck.model.api import Api, Authorizer, Route
from permcheck.model.difference import CallerChange, Change, Difference, FindingChange, PathChange, ReachChange
from permcheck.model.facts import Facts
from permcheck.model.finding import Finding, PathStep
from permcheck.model.function import Destination, EventSourceMapping, Function, FunctionUrl, Layer, Qualifier
from permcheck.model.identity import Group, Role, User
from permcheck.model.location import Location, NotRead
from permcheck.model.organization import Organization
from permcheck.model.path import Path, PathEdge, PathNode, PathsAnswer
from permcheck.model.policy import Condition, Document, Effect, Policy, PolicyKind, Principals, Statement
from permcheck.model.pool import IdentityPool, MappingRule, PoolProvider, PoolRole, RoleMapping, TagMap
from permcheck.model.report import CONFIDENCES, SEVERITIES, Report, Suppressed
from permcheck.model.resource import Resource, Trigger
from permcheck.model.suppression import Suppression
from permcheck.model.user_pool import UserPool, UserPoolClient, UserPoolGroup
from permcheck.model.verdict import Verdict

__all__ = [
    "CONFIDENCES",
    "SEVERITIES",
    "Api",
    "Authorizer",
    "Because",
    "CallerChange",
    "CallerRow",
    "Change",
    "Condition",
    "Destination",
    "Difference",
    "Document",
    "Effect",
    "EventSourceMapping",
    "Facts",
    "Finding",
    "FindingChange",
    "Function",
    "FunctionUrl",
    "Group",
    "HeldBy",
    "IdentityPool",
    "Layer",
    "Location",
    "MappingRule",
    "NotRead",
    "Organization",
    "Path",
    "PathChange",
    "PathEdge",
    "PathNode",
    "PathStep",
    "PathsAnswer",
    "Policy",
    "PolicyKind",
    "PoolProvider",
    "PoolRole",
    "Portion",
    "Principals",
    "Qualifier",
    "ReachAnswer",
    "ReachChange",
    "ReachRow",
    "ReachTarget",
    "Report",
    "Resource",
    "Role",
    "RoleMapping",
    "Route",
    "Statement",
    "Suppressed",
    "Suppression",
    "TagMap",
    "Trigger",
    "User",
    "UserPool",
    "UserPoolClient",
    "UserPoolGroup",
    "Verdict",
    "WhoAnswer",
    "WhyAnswer",
    "WhyLayer",
]
