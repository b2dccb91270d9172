"""A small app with an identity pool, for the examples of the rules about pools."""

from collections.abc import Mapping
from typing import Any

from permcheck.rules._examples import ACCOUNT, REGION, Json, account, document, role, role_arn

POOL = f"{REGION}:0f5a1c2e-7d31-4b60-9a44-6c1b2d3e4f50"
OTHER_POOL = f"{REGION}:9b8c7d6e-5f40-4321-8fed-cba987654321"
USERS = f"{REGION}_Shop00001"
CLIENT = "3shop3client3of3the3app"
ISSUER = f"cognito-idp.{REGION}.amazonaws.com/{USERS}"
COGNITO = "cognito-identity.amazonaws.com"
USERS_ARN = f"arn:aws:cognito-idp:{REGION}:{ACCOUNT}:userpool/{USERS}"
BUCKET = "arn:aws:s3:::shop-files"
OWN_FOLDER = f"{BUCKET}/${{{COGNITO}:sub}}/*"


def taking(amr: str | None, aud: object = POOL, **more: Any) -> Json:
    """A trust policy that takes tokens of the pool. amr, aud: None leaves the condition out."""
    asked: Json = {}
    if aud is not None:
        asked["StringEquals"] = {f"{COGNITO}:aud": aud}
    if amr is not None:
        asked["ForAnyValue:StringLike"] = {f"{COGNITO}:amr": amr}
    statement = {"Effect": "Allow", "Principal": {"Federated": COGNITO}, "Action": "sts:AssumeRoleWithWebIdentity"}
    return document({**statement, **({"Condition": asked} if asked else {}), **more})


def guest(*statements: Json, name: str = "shop-guest") -> Json:
    """The role of guests."""
    return role(name, *statements, trusts=taking("unauthenticated"))


def user(*statements: Json, name: str = "shop-user") -> Json:
    """The role of signed-in users, or one that a mapping chooses."""
    return role(name, *statements, trusts=taking("authenticated"))


def app(
    *identities: Json,
    guests: bool = False,
    classic: bool = False,
    handed: Mapping[str, str] | None = None,
    mappings: Json | None = None,
    functions: Mapping[str, str] | None = None,
    check: bool = True,
    **files: Any,
) -> Json:
    """Files of an account with one identity pool.

    handed: ``unauthenticated`` or ``authenticated`` → role, by default the guests' and the users' where there are such.
    files: further captures, by name.
    """
    names = [each.get("RoleName") for each in identities]
    by_name = {"unauthenticated": "shop-guest", "authenticated": "shop-user"}
    given = {kind: name for kind, name in by_name.items() if name in names} if handed is None else handed
    provider = {"ProviderName": ISSUER, "ClientId": CLIENT, "ServerSideTokenCheck": check}
    roles: Json = {"IdentityPoolId": POOL, "Roles": {kind: role_arn(name) for kind, name in given.items()}}
    return {
        **account(*identities, functions=functions),
        "pool.json": {
            "IdentityPoolId": POOL,
            "IdentityPoolName": "shop",
            "AllowUnauthenticatedIdentities": guests,
            "AllowClassicFlow": classic,
            "CognitoIdentityProviders": [provider],
        },
        "pool-roles.json": roles if mappings is None else {**roles, "RoleMappings": mappings},
        **{f"{name}.json": value for name, value in files.items()},
    }


def by_rules(claim: str, value: str, chosen: str, ambiguous: str = "Deny") -> Json:
    """A mapping by one rule."""
    rule = {"Claim": claim, "MatchType": "Equals", "Value": value, "RoleARN": role_arn(chosen)}
    told = {"Type": "Rules", "AmbiguousRoleResolution": ambiguous, "RulesConfiguration": {"Rules": [rule]}}
    return {f"{ISSUER}:{CLIENT}": told}


def by_token(ambiguous: str = "Deny") -> Json:
    """A mapping by the groups in the token."""
    return {f"{ISSUER}:{CLIENT}": {"Type": "Token", "AmbiguousRoleResolution": ambiguous}}


def users(sign_up: bool, attributes: Mapping[str, bool] | None = None, **triggers: str) -> Json:
    """The user pool. attributes: attribute → whether it can be changed."""
    return {
        "UserPool": {
            "Id": USERS,
            "Arn": USERS_ARN,
            "Name": "shop-people",
            "AdminCreateUserConfig": {"AllowAdminCreateUserOnly": not sign_up},
            "SchemaAttributes": [{"Name": name, "Mutable": may} for name, may in (attributes or {}).items()],
            "LambdaConfig": triggers,
        }
    }


def client(*writes: str) -> Json:
    """The app client of the user pool. writes: the attributes it may write."""
    told = {"UserPoolId": USERS, "ClientId": CLIENT, "ClientName": "shop-app", "WriteAttributes": list(writes)}
    return {"UserPoolClient": told}


def groups(**roles: str) -> Json:
    """The groups of the user pool: group → role."""
    listed = [{"GroupName": name, "UserPoolId": USERS, "RoleArn": role_arn(each)} for name, each in roles.items()]
    return {"Groups": listed}
