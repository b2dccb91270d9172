"""Captures of identity pools, user pools and roles, and who holds which role by them."""

import json
from collections.abc import Iterable
from typing import Any

from permcheck.access import Subject
from permcheck.access.subject import Holder
from permcheck.graph.scene import Scene
from permcheck.model import Facts
from permcheck.sources.files import load_texts

Json = dict[str, Any]

ACCOUNT, OTHER, REGION = "111122223333", "444455556666", "eu-west-1"
POOL, STRANGE_POOL = f"{REGION}:11111111-aaaa-bbbb-cccc-000000000001", f"{REGION}:22222222-aaaa-bbbb-cccc-000000000002"
USERS, CLIENT = f"{REGION}_Users0001", "1client1of1the1app"
ISSUER = f"cognito-idp.{REGION}.amazonaws.com/{USERS}"
LOGIN = f"{ISSUER}:{CLIENT}"
COGNITO = "cognito-identity.amazonaws.com"
ASSUME, TAG = "sts:AssumeRoleWithWebIdentity", "sts:TagSession"
FUNCTION = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:orders"


def arn(role: str, account: str = ACCOUNT) -> str:
    """The ARN of a role."""
    return f"arn:aws:iam::{account}:role/{role}"


def document(*statements: Json) -> Json:
    """A policy document."""
    return {"Version": "2012-10-17", "Statement": list(statements)}


def allow(action: str | list[str], resource: str | list[str] = "*", **more: Any) -> Json:
    """An Allow statement."""
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def takes(
    aud: object = POOL, amr: object = None, action: str | list[str] = ASSUME, effect: str = "Allow", **conditions: Any
) -> Json:
    """A statement of a trust policy that takes a pool's tokens. aud, amr: None leaves the condition out.

    conditions: operators with their keys and values, ``__`` for a colon in the operator's name.
    """
    found: Json = {}
    if aud is not None:
        found["StringEquals"] = {f"{COGNITO}:aud": aud}
    if amr is not None:
        found["ForAnyValue:StringLike"] = {f"{COGNITO}:amr": amr}
    for operator, keys in conditions.items():
        found.setdefault(operator.replace("__", ":"), {}).update(keys)
    statement = {"Effect": effect, "Principal": {"Federated": COGNITO}, "Action": action}
    return {**statement, "Condition": found} if found else statement


def role(
    name: str, *statements: Json, trusts: Iterable[Json] | None = None, tags: Json | None = None, account: str = ACCOUNT
) -> Json:
    """A role with an inline policy. trusts: its trust policy's statements, in place of one for all of the pool."""
    inline = [{"PolicyName": "own", "PolicyDocument": document(*statements)}] if statements else []
    return {
        "RoleName": name,
        "Arn": arn(name, account),
        "AssumeRolePolicyDocument": document(*(trusts if trusts is not None else [takes()])),
        "RolePolicyList": inline,
        "AttachedManagedPolicies": [],
        "Tags": [{"Key": key, "Value": value} for key, value in (tags or {}).items()],
    }


def guest_role(name: str = "guest", *statements: Json) -> Json:
    """A role as the console makes it for guests."""
    return role(name, *statements, trusts=[takes(amr="unauthenticated")])


def user_role(name: str = "user", *statements: Json, **more: Any) -> Json:
    """A role as the console makes it for signed-in users."""
    return role(name, *statements, trusts=[takes(amr="authenticated")], **more)


def account(*roles: Json, **files: Any) -> Json:
    """The files of an account. files: further captures, by name."""
    details = {"UserDetailList": [], "GroupDetailList": [], "RoleDetailList": list(roles), "Policies": []}
    return {"account.json": details, **{f"{name}.json": value for name, value in files.items()}}


def pool(
    guests: bool = False, classic: bool | None = None, providers: Iterable[Json] | None = None, **more: Any
) -> Json:
    """describe-identity-pool. providers: in place of the client of the user pool."""
    client = {"ProviderName": ISSUER, "ClientId": CLIENT, "ServerSideTokenCheck": True}
    found: Json = {
        "IdentityPoolId": POOL,
        "IdentityPoolName": "app",
        "AllowUnauthenticatedIdentities": guests,
        "CognitoIdentityProviders": list(providers if providers is not None else [client]),
        **more,
    }
    return found if classic is None else {**found, "AllowClassicFlow": classic}


def handed(guest: str | None = None, user: str | None = None, mappings: Json | None = None) -> Json:
    """get-identity-pool-roles."""
    roles = {"unauthenticated": guest and arn(guest), "authenticated": user and arn(user)}
    found: Json = {"IdentityPoolId": POOL, "Roles": {kind: each for kind, each in roles.items() if each}}
    return found if mappings is None else {**found, "RoleMappings": mappings}


def by_token(ambiguous: str | None = "Deny", login: str = LOGIN) -> Json:
    """A mapping by the token's groups."""
    return {login: {"Type": "Token", **({"AmbiguousRoleResolution": ambiguous} if ambiguous else {})}}


def by_rules(*rules: tuple[str, str, str, str], ambiguous: str | None = "Deny", login: str = LOGIN) -> Json:
    """A mapping by rules: claim, match type, value, role."""
    listed = [{"Claim": c, "MatchType": m, "Value": v, "RoleARN": arn(r)} for c, m, v, r in rules]
    told = {"AmbiguousRoleResolution": ambiguous} if ambiguous else {}
    return {login: {"Type": "Rules", **told, "RulesConfiguration": {"Rules": listed}}}


def users(sign_up: bool = True, attributes: Json | None = None, **triggers: str) -> Json:
    """describe-user-pool. attributes: custom attribute → whether it can be changed."""
    schema = [{"Name": "email", "Mutable": True}, {"Name": "sub", "Mutable": False}]
    schema.extend({"Name": name, "Mutable": mutable} for name, mutable in (attributes or {}).items())
    return {
        "UserPool": {
            "Id": USERS,
            "Arn": f"arn:aws:cognito-idp:{REGION}:{ACCOUNT}:userpool/{USERS}",
            "Name": "people",
            "AdminCreateUserConfig": {"AllowAdminCreateUserOnly": not sign_up},
            "SchemaAttributes": schema,
            "LambdaConfig": triggers,
        }
    }


def client(*writes: str, name: str = CLIENT) -> Json:
    """describe-user-pool-client. writes: WriteAttributes; none for AWS's defaults."""
    written = {"WriteAttributes": list(writes)} if writes else {}
    return {"UserPoolClient": {"UserPoolId": USERS, "ClientId": name, "ClientName": "app", **written}}


def groups(**roles: str | None) -> Json:
    """list-groups: group → role."""
    listed = [
        {"GroupName": name, "UserPoolId": USERS, "Precedence": at, **({"RoleArn": arn(each)} if each else {})}
        for at, (name, each) in enumerate(roles.items())
    ]
    return {"Groups": listed}


def tag_map(defaults: bool = False, login: str = LOGIN, **tags: str) -> Json:
    """get-principal-tag-attribute-map: tag → claim."""
    return {"IdentityPoolId": POOL, "IdentityProviderName": login, "UseDefaults": defaults, "PrincipalTags": tags}


def functions(*arns: str) -> Json:
    """list-functions."""
    named = [{"FunctionName": each.rpartition(":")[2], "FunctionArn": each, "Role": arn("runs")} for each in arns]
    return {"Functions": named}


def load(files: Json) -> Facts:
    """The facts of these files; nothing of them may be left unread but roles that are not given."""
    return load_texts({name: json.dumps(value) for name, value in files.items()})


def holders(files: Json) -> list[Holder]:
    """Every session that somebody outside IAM can take."""
    return [session.holder for session in Scene(load(files)).world.sessions if session.holder is not None]


def held(files: Json, kind: str | None = None) -> set[tuple[str, str, str, str]]:
    """(kind, flow, role, verdict) of each."""
    return {
        (each.kind, each.flow, each.role.rpartition("/")[2], str(each.verdict))
        for each in holders(files)
        if kind in (None, each.kind)
    }


def session(files: Json, kind: str, flow: str, of: str) -> tuple[Scene, Subject]:
    """The one session of a role, and the scene it acts in."""
    scene = Scene(load(files))
    (found,) = [
        s
        for s in scene.world.sessions
        if s.holder is not None and (s.holder.kind, s.holder.flow, s.arn) == (kind, flow, arn(of))
    ]
    return scene, found


def may(files: Json, action: str, resource: str, kind: str = "guest", flow: str = "enhanced", of: str = "guest") -> str:
    """The verdict of one request of such a session."""
    from permcheck.graph.anything import item_named

    scene, found = session(files, kind, flow, of)
    return str(scene.world.decide(found, action, item_named(resource, action, ACCOUNT)).verdict)
