"""Random small accounts, as facts.

A few conditions, then a few policies are drawn first and attached to several callers and resources: an answer that is
kept for one of them and given to another by mistake is then found out.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from hypothesis import strategies as st

from permcheck.access.subject import Holder
from permcheck.model.facts import Facts
from permcheck.model.function import Function, FunctionUrl, Qualifier
from permcheck.model.identity import Role, User
from permcheck.model.organization import Levels, Organization
from permcheck.model.policy import Policy, PolicyKind
from permcheck.model.verdict import Verdict
from permcheck.policy.parse import parse_document
from permcheck.policy.request import Decision

from . import vocabulary as v
from .vocabulary import Json

ALLOW_ALL: Json = {"Effect": "Allow", "Action": "*", "Resource": "*"}
TAG_SESSION: Json = {"Effect": "Allow", "Action": "sts:TagSession", "Principal": {"AWS": v.B}}
RESOURCE = PolicyKind.RESOURCE
T = TypeVar("T")
Conditions = Sequence[Json]


@st.composite
def statements(draw: st.DrawFn, conditions: Conditions, resource_side: bool = False) -> Json:
    """One statement; conditions in about every second one."""
    statement: Json = {"Effect": draw(st.sampled_from(("Allow", "Allow", "Allow", "Deny")))}
    statement.update([draw(st.sampled_from(v.ACTIONS)), draw(st.sampled_from(v.RESOURCES))])
    if condition := draw(st.none() | st.sampled_from(conditions)):
        statement["Condition"] = condition
    if resource_side:
        statement.update([draw(st.sampled_from(v.PRINCIPALS))])
        if draw(st.booleans()):
            statement.pop("NotResource", None)
            statement["Resource"] = "*"
    return statement


@st.composite
def policies(draw: st.DrawFn, kind: PolicyKind, conditions: Conditions, first: Json | None = None) -> Policy:
    """A policy of up to three statements behind the first, if one is given; a few were not read."""
    if draw(st.integers(0, 15)) == 15:
        return Policy(kind, "unread", "drawn", "", None, unread="not given")
    drawn = draw(st.lists(statements(conditions, kind is RESOURCE), min_size=0 if first else 1, max_size=3))
    version = draw(st.sampled_from((v.NEW, v.NEW, v.NEW, v.OLD)))
    document = {"Version": version, "Statement": [*([first] if first else []), *drawn]}
    return Policy(kind, "drawn", "drawn", "", parse_document(document))


def _limits(kind: PolicyKind, conditions: Conditions) -> st.SearchStrategy[Policy]:
    return policies(kind, conditions, ALLOW_ALL) | policies(kind, conditions)


def _some(pool: Sequence[T], least: int = 0) -> st.SearchStrategy[tuple[T, ...]]:
    return st.lists(st.sampled_from(pool), min_size=least, max_size=2, unique_by=id).map(tuple)


def _maybe(pool: Sequence[T]) -> st.SearchStrategy[T | None]:
    return st.none() | st.sampled_from(pool)


def _levels(kind: PolicyKind, conditions: Conditions) -> st.SearchStrategy[Levels]:
    return st.lists(st.lists(_limits(kind, conditions), min_size=1, max_size=2).map(tuple), max_size=2).map(tuple)


@st.composite
def organizations(draw: st.DrawFn, conditions: Conditions) -> Organization:
    """An organization over both accounts, one of which may be its management account."""
    scps = {account: draw(_levels(PolicyKind.SCP, conditions)) for account in v.ACCOUNTS}
    rcps = {account: draw(_levels(PolicyKind.RCP, conditions)) for account in v.ACCOUNTS}
    return Organization("o-drawn", draw(st.sampled_from((None, v.B))), scps, rcps)


@st.composite
def functions(draw: st.DrawFn, arn: str, pool: Sequence[Policy]) -> Function:
    """A function with perhaps a qualifier, each with or without a policy of the pool and a URL."""
    qualifiers = []
    for name in ("", *draw(st.lists(st.sampled_from(v.QUALIFIERS), max_size=1))):
        auth = draw(st.sampled_from((None, "NONE", "AWS_IAM")))
        qualifiers.append(Qualifier(name, draw(_maybe(pool)), FunctionUrl(auth, "drawn") if auth else None))
    tags = draw(st.sampled_from(v.TAGS))
    return Function(arn, arn.rsplit(":", 1)[1], "drawn", qualifiers=tuple(qualifiers), tags=tags)


@st.composite
def holders(draw: st.DrawFn, role: str, conditions: Conditions) -> Holder:
    """Somebody outside IAM who takes the role, with or without a session name and session policies."""
    known: dict[str, tuple[str, ...]] = {v.SUB.lower(): (draw(st.sampled_from(("one", "two", "red"))),)}
    if tag := draw(st.sampled_from((None, "red", "blue"))):
        known["aws:principaltag/team"] = (tag,)
    name = draw(st.sampled_from(("", *v.SESSION_NAMES)))
    limits = st.lists(_limits(PolicyKind.SESSION, conditions), min_size=1, max_size=2).map(tuple)
    session = draw(st.just(()) | limits)
    decision = Decision(Verdict.ALLOWED)
    return Holder("signed_in", "pool", "classic", role, Verdict.ALLOWED, known, decision, session, name)


@st.composite
def accounts(draw: st.DrawFn) -> tuple[Facts, list[Holder]]:
    """Two accounts with a few roles, users (what their groups give among their policies) and functions, and holders."""
    theme = draw(st.sampled_from(v.THEMES))
    conditions = draw(st.lists(st.sampled_from(theme), min_size=1, max_size=2, unique_by=id))
    own = draw(st.lists(policies(PolicyKind.IDENTITY, conditions), min_size=2, max_size=4))
    theirs = draw(st.lists(policies(RESOURCE, conditions), min_size=1, max_size=3))
    trust = [*theirs, draw(policies(RESOURCE, conditions, TAG_SESSION))]
    bounds = draw(st.lists(_limits(PolicyKind.BOUNDARY, conditions), min_size=1, max_size=2))
    tags = st.sampled_from(v.TAGS)
    some_roles = draw(st.lists(st.sampled_from(v.ROLES), min_size=2, max_size=5, unique=True))
    some_users = draw(st.lists(st.sampled_from(v.USERS), min_size=1, max_size=3, unique=True))
    some_functions = draw(st.lists(st.sampled_from(v.FUNCTIONS), min_size=2, max_size=3, unique=True))
    found = Facts(
        roles=tuple(
            Role(
                arn,
                arn.rsplit("/", 1)[1],
                "drawn",
                trust=draw(_maybe(trust)),
                policies=draw(_some(own, 1)),
                boundary=draw(_maybe([None, None, *bounds])),
                tags=draw(tags),
            )
            for arn in sorted(some_roles)
        ),
        users=tuple(
            User(arn, arn.rsplit("/", 1)[1], "drawn", "", draw(_some(own)), draw(_maybe([None, *bounds])), draw(tags))
            for arn in sorted(some_users)
        ),
        functions=tuple(draw(functions(arn, theirs)) for arn in sorted(some_functions)),
        organization=draw(st.none() | st.none() | organizations(conditions)),
    )
    taken = draw(st.lists(st.sampled_from(sorted(some_roles)), max_size=2))
    return found, [draw(holders(arn, conditions)) for arn in taken]
