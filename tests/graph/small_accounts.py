"""Random small accounts around identity pools: what is drawn, and the captures that tell of it.

A pool or two, roles that trust them or one another or Lambda, functions that run as roles, and a bucket, a topic and a
queue that set functions off. What is drawn stays plain JSON, so that it can be judged without permcheck's model.
"""

import json
from dataclasses import dataclass, replace
from typing import Any

from hypothesis import strategies as st

from permcheck.model import Facts, Policy
from permcheck.model.organization import Organization
from permcheck.model.policy import PolicyKind
from permcheck.policy.parse import parse_document
from permcheck.sources.files import load_texts
from tests.graph.pool_captures import ACCOUNT, COGNITO, LOGIN, OTHER, REGION, Json, allow, arn, document

POOLS = tuple(f"{REGION}:{number}1111111-aaaa-bbbb-cccc-00000000000{number}" for number in (1, 2))
NAMES = ("f0", "f1", "f2")
BUCKET = "arn:aws:s3:::uploads"
TOPIC, QUEUE = (f"arn:aws:{service}:{REGION}:{ACCOUNT}:{name}" for service, name in (("sns", "news"), ("sqs", "jobs")))
SERVICES = {BUCKET: "s3.amazonaws.com", TOPIC: "sns.amazonaws.com"}
WRITES = {BUCKET: "s3:PutObject", TOPIC: "sns:Publish", QUEUE: "sqs:SendMessage"}
AUD, AMR = f"{COGNITO}:aud", f"{COGNITO}:amr"
TEAM = "aws:PrincipalTag/team"
WEB, ASSUME, TAG = "sts:AssumeRoleWithWebIdentity", "sts:AssumeRole", "sts:TagSession"
GUESTS, CHAIN, WORKERS = ("g0", "g1"), ("c0", "c1"), ("x0", "x1")
ABROAD = "abroad"


def function_arn(name: str, qualifier: str = "") -> str:
    """The ARN of a function of the account."""
    return f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{name}" + (f":{qualifier}" if qualifier else "")


def role_arn(name: str) -> str:
    """The ARN of a role that was drawn."""
    return arn(name, OTHER if name == ABROAD else ACCOUNT)


@dataclass(frozen=True)
class Role:
    """A role."""

    name: str
    trust: list[Json]
    own: list[Json]
    boundary: list[Json] | None
    tags: dict[str, str]


@dataclass(frozen=True)
class Pool:
    """An identity pool. mapped: whether it chooses roles of signed-in users by their tokens."""

    id: str
    guests: bool
    classic: bool | None
    guest_role: str | None
    mapped: bool


@dataclass(frozen=True)
class Function:
    """A function. alias: the policy of its alias ``prod``, None where it has no alias."""

    name: str
    runs_as: str
    policy: list[Json]
    alias: list[Json] | None


@dataclass(frozen=True)
class Source:
    """A bucket, a topic or a queue that sets a function off. policy: its own."""

    arn: str
    function: str
    policy: list[Json]


@dataclass(frozen=True)
class Account:
    """All that was drawn. scp: the one service control policy over the account, None for no organization."""

    pools: tuple[Pool, ...]
    roles: tuple[Role, ...]
    functions: tuple[Function, ...]
    sources: tuple[Source, ...]
    scp: list[Json] | None = None


def _either(*values: Any) -> st.SearchStrategy[Any]:
    return st.sampled_from(values)


_AUDIENCES = _either(
    *({"StringEquals": {AUD: POOLS[0]}},) * 4,
    {"StringEquals": {AUD: list(POOLS)}},
    {"StringEquals": {AUD: POOLS[1]}},
    {},
    {"StringLike": {AUD: "*"}},
    {"StringLike": {AUD: f"{REGION}:*"}},
    {"StringEquals": {AUD: "*"}},
    {"StringEqualsIfExists": {AUD: POOLS[0]}},
    {"ForAllValues:StringEquals": {AUD: POOLS[1]}},
    {"ForAnyValue:StringEquals": {AUD: POOLS[0]}},
    {"StringNotEquals": {AUD: POOLS[1]}},
    {"Null": {AUD: "false"}},
    {"Null": {AUD: "true"}},
)
_METHODS = _either(
    *({"ForAnyValue:StringLike": {AMR: "unauthenticated"}},) * 4,
    {"ForAnyValue:StringLike": {AMR: "authenticated"}},
    {"ForAnyValue:StringLike": {AMR: "*"}},
    {"ForAllValues:StringLike": {AMR: "authenticated"}},
    {"ForAllValues:StringEquals": {AMR: ["unauthenticated", "authenticated"]}},
    {"ForAnyValue:StringNotLike": {AMR: "authenticated"}},
    {"StringEquals": {AMR: "unauthenticated"}},
    {"StringLikeIfExists": {AMR: "authenticated"}},
    {"StringNotEquals": {AMR: "unauthenticated"}},
    {"Null": {AMR: "false"}},
    {},
)
_PLACES = _either({}, {}, {}, {}, {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}})
_REQUESTS = _either(
    *({},) * 8,
    {"StringEquals": {TEAM: "red"}},
    {"StringNotEquals": {TEAM: "red"}},
    {"StringEquals": {AUD: POOLS[0]}},
    {"ForAnyValue:StringLike": {AMR: "unauthenticated"}},
    {"ArnLike": {"aws:PrincipalArn": role_arn("g*")}},
    {"ArnLike": {"aws:SourceArn": BUCKET}},
    {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}},
    {"Bool": {"aws:MultiFactorAuthPresent": "true"}},
    {"Bool": {"lambda:InvokedViaFunctionUrl": "true"}},
)
_SOME_ROLES = st.sampled_from([*GUESTS, *CHAIN, *WORKERS])
_SESSION = f"arn:aws:sts::{ACCOUNT}:assumed-role/{GUESTS[0]}/CognitoIdentityCredentials"


def _statement(effect: str, action: object, condition: Json, **more: Any) -> Json:
    found = {"Effect": effect, "Action": action, **more}
    return {**found, "Condition": condition} if condition else found


@st.composite
def _takes_tokens(draw: st.DrawFn, narrow: bool = False) -> Json:
    """A statement of a trust policy about the tokens of pools. narrow: only what AWS documents across accounts."""
    if narrow:
        condition = {**draw(_either({"StringEquals": {AUD: POOLS[0]}}, {})), "StringLike": {"aws:SourceIp": "*"}}
        condition = {"ForAnyValue:StringLike": {AMR: "unauthenticated"}, **condition}
        del condition["StringLike"]
        return _statement("Allow", WEB, condition, Principal={"Federated": COGNITO})
    condition = {**draw(_AUDIENCES)}
    for other in (draw(_METHODS), draw(_PLACES)):
        for operator, keys in other.items():
            condition[operator] = {**condition.get(operator, {}), **keys}
    principal = draw(_either(*({"Federated": COGNITO},) * 8, "*", {"Federated": "accounts.google.com"}))
    action = draw(_either(*(WEB,) * 5, [WEB, TAG], "sts:*", "sts:AssumeRole*", ASSUME))
    return _statement(draw(_either(*("Allow",) * 6, "Deny")), action, condition, Principal=principal)


@st.composite
def _takes_roles(draw: st.DrawFn) -> Json:
    """A statement of a trust policy about roles of the account."""
    named = draw(st.lists(_SOME_ROLES, min_size=1, max_size=2, unique=True))
    principal = draw(
        _either(
            *({"AWS": [role_arn(name) for name in named]},) * 4,
            {"AWS": ACCOUNT},
            {"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
            {"AWS": _SESSION},
            {"AWS": "*"},
        )
    )
    action = draw(_either(ASSUME, ASSUME, ASSUME, [ASSUME, TAG], "sts:*"))
    return _statement(draw(_either(*("Allow",) * 8, "Deny")), action, draw(_REQUESTS), Principal=principal)


_LAMBDA: Json = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": ASSUME}
_TARGETS: dict[str, tuple[str, ...]] = {
    "lambda:InvokeFunction": (
        "*",
        *(function_arn(name) for name in NAMES),
        function_arn("f0", "prod"),
        function_arn("f1", "*"),
        function_arn("f*"),
    ),
    "lambda:*": ("*", *(function_arn(name) for name in NAMES), function_arn("f*")),
    "lambda:UpdateFunctionCode": (function_arn("f1"), function_arn("*")),
    "lambda:AddPermission": (function_arn("f2"),),
    ASSUME: ("*", *(role_arn(name) for name in (*CHAIN, *WORKERS, *GUESTS)), role_arn("c*")),
    "sts:*": ("*", role_arn("c0")),
    "s3:PutObject": ("*", f"{BUCKET}/*", f"{BUCKET}/in/*"),
    "sns:Publish": (TOPIC, "*"),
    "sqs:SendMessage": (QUEUE,),
    "sqs:*": (QUEUE, "*"),
    "iam:PassRole": ("*", role_arn("x0"), role_arn("x1")),
    "*": ("*",),
}


@st.composite
def _does(draw: st.DrawFn, refusing: int = 1) -> Json:
    """A statement of an identity policy."""
    action = draw(st.sampled_from(sorted(_TARGETS)))
    effect = draw(_either(*("Allow",) * 9, *("Deny",) * refusing))
    return _statement(effect, action, draw(_REQUESTS), Resource=draw(st.sampled_from(_TARGETS[action])))


@st.composite
def _lets(draw: st.DrawFn, resource: str, action: str) -> Json:
    """A statement of a resource policy about roles."""
    principal = draw(
        _either(
            {"AWS": role_arn("g0")},
            {"AWS": role_arn("c0")},
            {"AWS": role_arn("x0")},
            {"AWS": ACCOUNT},
            {"AWS": _SESSION},
            {"AWS": role_arn(ABROAD)},
            "*",
        )
    )
    effect = draw(_either(*("Allow",) * 5, "Deny"))
    return _statement(effect, action, draw(_REQUESTS), Principal=principal, Resource=resource)


@st.composite
def _roles(draw: st.DrawFn) -> list[Role]:
    found = []
    for name in (*GUESTS, *CHAIN, *WORKERS):
        trust = draw(st.lists(_takes_roles(), min_size=int(name in CHAIN), max_size=1 + (name in CHAIN)))
        if name in GUESTS:
            plain = {"StringEquals": {AUD: POOLS[GUESTS.index(name)]}}
            usual = {**plain, "ForAnyValue:StringLike": {AMR: "unauthenticated"}}
            known = _statement("Allow", WEB, usual, Principal={"Federated": COGNITO})
            trust += (
                [known] if draw(_either(True, True, False)) else draw(st.lists(_takes_tokens(), min_size=1, max_size=2))
            )
        elif name not in WORKERS or draw(_either(False, False, True)):
            trust += draw(st.lists(_takes_tokens(), max_size=2))
        if name in WORKERS and draw(_either(*(True,) * 6, False)):
            trust.append(_LAMBDA)
        own = draw(st.lists(_does(), min_size=1, max_size=3))
        boundary = draw(st.lists(_does(), min_size=1, max_size=3)) if draw(_either(*(False,) * 5, True)) else None
        tags = draw(_either({}, {}, {"team": "red"}, {"team": "blue"}))
        found.append(Role(name, trust, own, boundary, tags))
    if draw(_either(False, False, True)):
        found.append(Role(ABROAD, [draw(_takes_tokens(narrow=True))], [draw(_does(0))], None, {}))
    return found


@st.composite
def _functions(draw: st.DrawFn) -> list[Function]:
    found = []
    for name in NAMES:
        own = draw(st.lists(_lets(function_arn(name), draw(_either("lambda:InvokeFunction", "lambda:*"))), max_size=1))
        for source, service in SERVICES.items():
            if draw(st.booleans()):
                owner = draw(_either({}, {"StringEquals": {"AWS:SourceAccount": ACCOUNT}}))
                told = draw(
                    _either({"ArnLike": {"AWS:SourceArn": source}}, {"ArnLike": {"AWS:SourceArn": f"{source}x"}})
                )
                own.append(
                    _statement(
                        "Allow",
                        "lambda:InvokeFunction",
                        {**told, **owner},
                        Principal={"Service": service},
                        Resource=function_arn(name),
                    )
                )
        alias = None
        if name == "f0" and draw(st.booleans()):
            alias = draw(st.lists(_lets(function_arn(name, "prod"), "lambda:InvokeFunction"), max_size=1))
        runs_as = draw(_either(*WORKERS, *WORKERS, "c0", "gone"))
        found.append(Function(name, runs_as, own, alias))
    return found


@st.composite
def accounts(draw: st.DrawFn) -> Account:
    """A small account."""
    pools = tuple(
        Pool(
            each,
            draw(_either(*(True,) * 5, False)),
            draw(_either(True, True, False, None)),
            draw(_either(guest, guest, guest, guest, "gone", None)),
            draw(_either(False, False, False, True)),
        )
        for each, guest in zip(POOLS[: draw(st.integers(1, 2))], GUESTS, strict=False)
    )
    sources = []
    for source in (BUCKET, TOPIC, QUEUE):
        if draw(st.booleans()):
            resource = f"{source}/*" if source == BUCKET else source
            policy = draw(st.lists(_lets(resource, WRITES[source]), max_size=1))
            sources.append(Source(source, draw(st.sampled_from(NAMES)), policy))
    scp = None
    if draw(_either(*(False,) * 5, True)):
        scp = [allow("*"), *draw(st.lists(_does(9), max_size=2))]
        scp = [s for s in scp if s["Effect"] == "Deny" or s["Action"] == "*"]
    return Account(pools, tuple(draw(_roles())), tuple(draw(_functions())), tuple(sources), scp)


def captures(drawn: Account) -> dict[str, str]:
    """The account as the AWS CLI would print it."""
    found: Json = {"list-functions": {"Functions": [_listed(f) for f in drawn.functions]}}
    for account in (ACCOUNT, OTHER):
        roles = [r for r in drawn.roles if (r.name == ABROAD) == (account == OTHER)]
        if roles:
            bounds = [_boundary(r) for r in roles if r.boundary is not None]
            details = {"UserDetailList": [], "GroupDetailList": [], "Policies": bounds}
            found[f"account-{account}"] = {**details, "RoleDetailList": [_role(r) for r in roles]}
    for pool in drawn.pools:
        found |= _pool(pool)
    for function in drawn.functions:
        if function.policy:
            found[f"get-policy.{function.name}"] = {"Policy": json.dumps(document(*function.policy))}
        if function.alias is not None:
            alias = {"AliasArn": function_arn(function.name, "prod"), "Name": "prod", "FunctionVersion": "3"}
            found[f"list-aliases.{function.name}"] = {"Aliases": [alias]}
            if function.alias:
                found[f"get-policy.{function.name}.prod"] = {"Policy": json.dumps(document(*function.alias))}
    for source in drawn.sources:
        found |= _source(source)
    return {f"{name}.json": json.dumps(value) for name, value in found.items()}


def facts_of(drawn: Account) -> Facts:
    """What permcheck reads of the account."""
    facts = load_texts(captures(drawn))
    if drawn.scp is None:
        return facts
    scp = Policy(PolicyKind.SCP, "scp", "scp.json", "", parse_document(document(*drawn.scp)))
    return replace(facts, organization=Organization("o-examp1e0rg", "999999999999", {ACCOUNT: ((scp,),)}))


def _listed(function: Function) -> Json:
    return {
        "FunctionName": function.name,
        "FunctionArn": function_arn(function.name),
        "Role": role_arn(function.runs_as),
    }


def _role(role: Role) -> Json:
    found: Json = {
        "RoleName": role.name,
        "Arn": role_arn(role.name),
        "AssumeRolePolicyDocument": document(*role.trust),
        "RolePolicyList": [{"PolicyName": "own", "PolicyDocument": document(*role.own)}],
        "AttachedManagedPolicies": [],
    }
    if role.boundary is not None:
        found["PermissionsBoundary"] = {
            "PermissionsBoundaryType": "Policy",
            "PermissionsBoundaryArn": _boundary(role)["Arn"],
        }
    if role.tags:
        found["Tags"] = [{"Key": key, "Value": value} for key, value in role.tags.items()]
    return found


def _boundary(role: Role) -> Json:
    version = {"VersionId": "v1", "IsDefaultVersion": True, "Document": document(*(role.boundary or []))}
    named = f"arn:aws:iam::{ACCOUNT}:policy/over-{role.name}"
    return {
        "PolicyName": f"over-{role.name}",
        "Arn": named,
        "DefaultVersionId": "v1",
        "PolicyVersionList": [version],
    }


def _pool(pool: Pool) -> Json:
    told: Json = {
        "IdentityPoolId": pool.id,
        "IdentityPoolName": f"pool {pool.id[-1]}",
        "AllowUnauthenticatedIdentities": pool.guests,
    }
    if pool.classic is not None:
        told["AllowClassicFlow"] = pool.classic
    handed: Json = {"IdentityPoolId": pool.id, "Roles": {}}
    if pool.guest_role is not None:
        handed["Roles"]["unauthenticated"] = role_arn(pool.guest_role)
    if pool.mapped:
        handed["RoleMappings"] = {LOGIN: {"Type": "Token", "AmbiguousRoleResolution": "Deny"}}
    return {f"describe-identity-pool.{pool.id[-1]}": told, f"get-identity-pool-roles.{pool.id[-1]}": handed}


def _source(source: Source) -> Json:
    called, policy = function_arn(source.function), json.dumps(document(*source.policy))
    if source.arn == BUCKET:
        heard = {"Id": "1", "LambdaFunctionArn": called, "Events": ["s3:ObjectCreated:*"]}
        found: Json = {"get-bucket-notification-configuration.uploads": {"LambdaFunctionConfigurations": [heard]}}
        return found | ({"get-bucket-policy.uploads": {"Policy": policy}} if source.policy else {})
    if source.arn == TOPIC:
        entry = {"SubscriptionArn": f"{TOPIC}:1", "Protocol": "lambda", "Endpoint": called, "TopicArn": TOPIC}
        told = {"TopicArn": TOPIC, **({"Policy": policy} if source.policy else {})}
        return {"list-subscriptions": {"Subscriptions": [entry]}, "get-topic-attributes": {"Attributes": told}}
    mapping = {"UUID": "u-1", "EventSourceArn": QUEUE, "FunctionArn": called, "State": "Enabled"}
    told = {"QueueArn": QUEUE, **({"Policy": policy} if source.policy else {})}
    return {
        "list-event-source-mappings": {"EventSourceMappings": [mapping]},
        "get-queue-attributes": {"Attributes": told},
    }
