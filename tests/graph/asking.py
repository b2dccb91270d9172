"""One account in the words of the AWS CLI around the function ``orders``, and ways to ask about it."""

import json
from collections.abc import Mapping
from typing import Any

from permcheck.graph import questions
from permcheck.model import CallerRow, Facts, Path, WhyAnswer
from permcheck.sources.files import load_texts

Json = dict[str, Any]

ACCOUNT, OTHER, REGION = "111122223333", "444455556666", "eu-west-1"
FUNCTION = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:orders"
ORG = "o-examp1e0rg"
RUNS_AS = f"arn:aws:iam::{ACCOUNT}:role/runs"
LAMBDA = {"Service": "lambda.amazonaws.com"}
INVOKE, INVOKE_URL = "lambda:InvokeFunction", "lambda:InvokeFunctionUrl"
POOL = f"{REGION}:11111111-2222-3333-4444-555555555555"
COGNITO = "cognito-identity.amazonaws.com"
TAKE = "sts:AssumeRoleWithWebIdentity"
USERS = f"cognito-idp.{REGION}.amazonaws.com/{REGION}_Users0001"
API = "k7m2p9x4q1"
API_ARN = f"arn:aws:execute-api:{REGION}:{ACCOUNT}:{API}"


def function(name: str) -> str:
    """The ARN of another function of the account."""
    return FUNCTION.replace("orders", name)


def role_arn(name: str, account: str = ACCOUNT) -> str:
    """The ARN of a role."""
    return f"arn:aws:iam::{account}:role/{name}"


def user_arn(name: str) -> str:
    """The ARN of a user."""
    return f"arn:aws:iam::{ACCOUNT}:user/{name}"


def allow(action: str | list[str] = INVOKE, resource: str | list[str] = FUNCTION, **more: Any) -> Json:
    """An Allow statement."""
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def deny(action: str | list[str] = INVOKE, resource: str | list[str] = FUNCTION, **more: Any) -> Json:
    """A Deny statement."""
    return allow(action, resource, **more) | {"Effect": "Deny"}


def grant(principal: Any, resource: str = FUNCTION, action: str | list[str] = INVOKE, **condition: Json) -> Json:
    """A statement of a function's policy. condition: operators with their keys and values."""
    found = allow(action, resource, Principal=principal)
    return found | {"Condition": condition} if condition else found


def document(*statements: Json) -> Json:
    """A policy document."""
    return {"Version": "2012-10-17", "Statement": list(statements)}


def role(name: str, *statements: Json, trusts: Any = None, **more: Any) -> Json:
    """A role with an inline policy. trusts: the statements of its trust policy, in place of one for Lambda."""
    trust = trusts if trusts is not None else [{"Effect": "Allow", "Principal": LAMBDA, "Action": "sts:AssumeRole"}]
    own = [{"PolicyName": "own", "PolicyDocument": document(*statements)}] if statements else []
    return {
        "RoleName": name,
        "Arn": role_arn(name),
        "AssumeRolePolicyDocument": document(*trust),
        "RolePolicyList": own,
        "AttachedManagedPolicies": [],
        **more,
    }


def user(name: str, *statements: Json, **more: Any) -> Json:
    """A user with an inline policy."""
    own = [{"PolicyName": "own", "PolicyDocument": document(*statements)}] if statements else []
    return {"UserName": name, "Arn": user_arn(name), "UserPolicyList": own, "AttachedManagedPolicies": [], **more}


def account(
    *identities: Json, policy: Any = None, tags: Any = None, more_functions: Any = None, **files: Any
) -> dict[str, str]:
    """The files of an account: texts by name.

    identities: roles and users, beside the one the function runs as; none at all leaves IAM out. policy: a list of
    statements, the function's policy. tags: a mapping, the function's tags; without them the capture cannot tell.
    more_functions: a mapping, name → role. files: further captures by name.
    """
    listed = {"orders": RUNS_AS, **(more_functions or {})}
    entries = [{"FunctionName": name, "FunctionArn": function(name), "Role": runs} for name, runs in listed.items()]
    found: Json = {"list-functions": {"Functions": entries}}
    if identities:
        roles = [i for i in identities if "RoleName" in i]
        if all(each["Arn"] != RUNS_AS for each in roles):
            roles.append(role("runs"))
        found["account"] = {
            "UserDetailList": [i for i in identities if "UserName" in i],
            "GroupDetailList": [],
            "RoleDetailList": roles,
            "Policies": [],
        }
    if policy is not None:
        found["get-policy.orders"] = {"Policy": json.dumps(document(*policy))}
    if tags is not None:
        found["get-function.orders"] = {"Configuration": entries[0], "Tags": tags}
    named = {name.replace("__", "."): value for name, value in {**found, **files}.items()}
    return {f"{name}.json": json.dumps(value) for name, value in named.items()}


def url(auth: str = "NONE", created: str | None = None, qualifier: str = "") -> Json:
    """get-function-url-config."""
    told = {"CreationTime": created} if created else {}
    arn = f"{FUNCTION}:{qualifier}" if qualifier else FUNCTION
    return {"FunctionArn": arn, "AuthType": auth, "FunctionUrl": "https://x.lambda-url.on.aws/", **told}


def pool(guests: bool = True, classic: bool = False) -> Json:
    """describe-identity-pool, of a pool that accepts the users of a user pool as well."""
    return {
        "IdentityPoolId": POOL,
        "IdentityPoolName": "app",
        "AllowUnauthenticatedIdentities": guests,
        "AllowClassicFlow": classic,
        "CognitoIdentityProviders": [{"ProviderName": USERS, "ClientId": "1client1of1the1app"}],
    }


def handed(**roles: str) -> Json:
    """get-identity-pool-roles: ``unauthenticated`` and ``authenticated`` → the name of a role."""
    return {"IdentityPoolId": POOL, "Roles": {kind: role_arn(name) for kind, name in roles.items()}}


def takes(amr: str | None = "unauthenticated", aud: str = POOL) -> Json:
    """A statement of a trust policy that takes the pool's tokens."""
    condition: Json = {"StringEquals": {f"{COGNITO}:aud": aud}}
    if amr:
        condition["ForAnyValue:StringLike"] = {f"{COGNITO}:amr": amr}
    return {"Effect": "Allow", "Principal": {"Federated": COGNITO}, "Action": TAKE, "Condition": condition}


def method(function_arn: str = FUNCTION, auth: str = "NONE", **more: Any) -> Json:
    """A method of a REST API that calls a function."""
    uri = f"arn:aws:apigateway:{REGION}:lambda:path/2015-03-31/functions/{function_arn}/invocations"
    behind = {"type": "AWS_PROXY", "httpMethod": "POST", "uri": uri, **more.pop("integration", {})}
    return {"authorizationType": auth, "apiKeyRequired": False, "methodIntegration": behind, **more}


def api(*, policy: Json | None = None, private: bool = False, stages: list[str] | None = None, **methods: Json) -> Json:
    """The captures of one REST API with methods on ``/orders``. stages: None leaves them out."""
    entry: Json = {"id": API, "name": "shop", "createdDate": "2024-01-01T00:00:00+00:00", "apiKeySource": "HEADER"}
    entry["endpointConfiguration"] = {"types": ["PRIVATE" if private else "REGIONAL"]}
    if policy is not None:
        entry["policy"] = json.dumps(policy)
    paths = [{"id": "root123", "path": "/"}, {"id": "res4567", "path": "/orders", "resourceMethods": methods}]
    found: Json = {"get-rest-apis": {"items": [entry]}, f"get-resources.{API}": {"items": paths}}
    if stages is not None:
        found[f"get-stages.{API}"] = {"item": [{"stageName": name, "deploymentId": "d1"} for name in stages]}
    return found


def by_api(source: str = f"{API_ARN}/*/GET/orders", resource: str = FUNCTION) -> Json:
    """The grant that the console adds for a route."""
    return grant({"Service": "apigateway.amazonaws.com"}, resource, ArnLike={"AWS:SourceArn": source})


def notifying(bucket: str = "uploads", *functions: str) -> Json:
    """The captures of a bucket that calls functions."""
    listed = [
        {"Id": str(number), "LambdaFunctionArn": arn, "Events": [event]}
        for number, (arn, event) in enumerate(
            (arn, event) for arn in functions or (FUNCTION,) for event in ("s3:ObjectCreated:*", "s3:ObjectRemoved:*")
        )
    ]
    return {f"get-bucket-notification-configuration.{bucket}": {"LambdaFunctionConfigurations": listed}}


def read(texts: Mapping[str, str]) -> Facts:
    """The facts of these texts."""
    return load_texts(texts)


def rows(texts: Mapping[str, str], caller: str | None = None, name: str = FUNCTION) -> list[CallerRow]:
    """The rows of ``who``, of one caller or of all."""
    return [row for row in questions.who(read(texts), name).callers if caller in (None, row.caller)]


def row(texts: Mapping[str, str], caller: str) -> CallerRow:
    """The only row of a caller."""
    (found,) = rows(texts, caller)
    return found


def brief(texts: Mapping[str, str]) -> list[tuple[str, str, str, str]]:
    """(kind, caller, verdict, via) of every row."""
    return [(r.kind, r.caller, str(r.verdict), r.via) for r in rows(texts)]


def keys(found: CallerRow | WhyAnswer) -> list[tuple[str, str, list[str]]]:
    """(operator, key, values) of the open conditions."""
    return [(str(c["operator"]), str(c["key"]), list(c["values"])) for c in found.conditions]  # type: ignore[call-overload]


def why(texts: Mapping[str, str], caller: str) -> tuple[WhyAnswer, ...]:
    """The answers of ``why`` for the function."""
    return questions.why(read(texts), caller, "orders")


def paths(texts: Mapping[str, str], start: str, end: str | None = None) -> tuple[Path, ...]:
    """The paths from one to the other."""
    return questions.paths(read(texts), start, end).paths


def spelled(path: Path) -> str:
    """A path as one text: ``guest POOL > role app > function orders``."""
    return " > ".join(f"{node.kind} {node.name}" for node in path.nodes)
