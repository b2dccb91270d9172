"""Random small accounts, as facts."""

from __future__ import annotations

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
TAG_SESSION = {"Effect": "Allow", "Action": "sts:TagSession", "Principal": {"AWS": v.B}}


@st.composite
def statements(draw: st.DrawFn, resource_side: bool = False) -> Json:
    """One statement; conditions in about every second one."""
    statement: Json = {"Effect": draw(st.sampled_from(("Allow", "Allow", "Allow", "Deny")))}
    statement.update([draw(st.sampled_from(v.ACTIONS)), draw(st.sampled_from(v.RESOURCES))])
    if condition := draw(st.none() | st.sampled_from(v.CONDITIONS)):
        statement["Condition"] = condition
    if resource_side:
        statement.update([draw(st.sampled_from(v.PRINCIPALS))])
        if draw(st.booleans()):
            statement.pop("NotResource", None)
            statement["Resource"] = "*"
    return statement


@st.composite
def policies(draw: st.DrawFn, kind: PolicyKind, first: Json | None = None) -> Policy:
    """A policy of one or two statements behind the first, if one is given; one in ten was not read."""
    if draw(st.integers(0, 9)) == 9:
        return Policy(kind, "unread", "drawn", "", None, unread="not given")
    side = kind is PolicyKind.RESOURCE
    drawn = draw(st.lists(statements(resource_side=side), min_size=0 if first else 1, max_size=3))
    version = draw(st.sampled_from((v.NEW, v.NEW, v.NEW, v.OLD)))
    document = {"Version": version, "Statement": [*([first] if first else []), *drawn]}
    return Policy(kind, "drawn", "drawn", "", parse_document(document))


def _limit(kind: PolicyKind) -> st.SearchStrategy[Policy]:
    return policies(kind, ALLOW_ALL) | policies(kind)


def _own() -> st.SearchStrategy[tuple[Policy, ...]]:
    return st.lists(policies(PolicyKind.IDENTITY), min_size=1, max_size=2).map(tuple)


_boundary = st.none() | st.none() | _limit(PolicyKind.BOUNDARY)
_tags = st.sampled_from(v.TAGS)
_resource_policy = st.none() | policies(PolicyKind.RESOURCE)
_trust = st.none() | policies(PolicyKind.RESOURCE) | policies(PolicyKind.RESOURCE, TAG_SESSION)


@st.composite
def roles(draw: st.DrawFn, arn: str) -> Role:
    """A role under this ARN."""
    return Role(
        arn,
        arn.rsplit("/", 1)[1],
        "drawn",
        trust=draw(_trust),
        policies=draw(_own()),
        boundary=draw(_boundary),
        tags=draw(_tags),
    )


@st.composite
def users(draw: st.DrawFn, arn: str) -> User:
    """A user under this ARN; what its groups give is among its policies."""
    return User(arn, arn.rsplit("/", 1)[1], "drawn", policies=draw(_own()), boundary=draw(_boundary), tags=draw(_tags))


@st.composite
def functions(draw: st.DrawFn, arn: str) -> Function:
    """A function with up to two qualifiers, each with or without a policy and a URL."""
    names = ["", *draw(st.lists(st.sampled_from(v.QUALIFIERS), max_size=2, unique=True))]
    qualifiers = []
    for name in names:
        url = FunctionUrl(draw(st.sampled_from(("NONE", "AWS_IAM"))), "drawn") if draw(st.booleans()) else None
        qualifiers.append(Qualifier(name, draw(_resource_policy), url))
    return Function(arn, arn.rsplit(":", 1)[1], "drawn", qualifiers=tuple(qualifiers), tags=draw(_tags))


def _levels(kind: PolicyKind) -> st.SearchStrategy[Levels]:
    return st.lists(st.lists(_limit(kind), min_size=1, max_size=2).map(tuple), max_size=2).map(tuple)


@st.composite
def organizations(draw: st.DrawFn) -> Organization:
    """An organization over both accounts, one of which may be its management account."""
    scps = {account: draw(_levels(PolicyKind.SCP)) for account in v.ACCOUNTS}
    rcps = {account: draw(_levels(PolicyKind.RCP)) for account in v.ACCOUNTS}
    return Organization("o-drawn", draw(st.sampled_from((None, v.B))), scps, rcps)


@st.composite
def holders(draw: st.DrawFn, role: str) -> Holder:
    """Somebody outside IAM who takes the role, with or without a session name and session policies."""
    known: dict[str, tuple[str, ...]] = {v.SUB: (draw(st.sampled_from(("one", "two", "red"))),)}
    if draw(st.booleans()):
        known["aws:principaltag/team"] = (draw(st.sampled_from(("red", "blue"))),)
    name = draw(st.sampled_from(("", *v.SESSION_NAMES)))
    session = draw(st.just(()) | st.lists(_limit(PolicyKind.SESSION), min_size=1, max_size=2).map(tuple))
    return Holder(
        "signed_in", "pool", "classic", role, Verdict.ALLOWED, known, Decision(Verdict.ALLOWED), session, name
    )


@st.composite
def accounts(draw: st.DrawFn) -> tuple[Facts, list[Holder]]:
    """Two accounts with a few roles, users and functions, and those who take the roles."""
    some_roles = draw(st.lists(st.sampled_from(v.ROLES), min_size=1, max_size=3, unique=True))
    some_users = draw(st.lists(st.sampled_from(v.USERS), max_size=2, unique=True))
    some_functions = draw(st.lists(st.sampled_from(v.FUNCTIONS), min_size=1, max_size=2, unique=True))
    found = Facts(
        roles=tuple(draw(roles(arn)) for arn in sorted(some_roles)),
        users=tuple(draw(users(arn)) for arn in sorted(some_users)),
        functions=tuple(draw(functions(arn)) for arn in sorted(some_functions)),
        organization=draw(st.none() | st.none() | organizations()),
    )
    taken = draw(st.lists(st.sampled_from(sorted(some_roles)), max_size=2))
    return found, [draw(holders(arn)) for arn in taken]
