"""A small account for the examples of rules, in the shape the AWS CLI prints."""

from collections.abc import Mapping, Sequence
from typing import Any

Json = dict[str, Any]

ACCOUNT, OTHER, REGION = "111122223333", "444455556666", "eu-west-1"
AWS_POLICY = "arn:aws:iam::aws:policy/"
BASIC = "service-role/AWSLambdaBasicExecutionRole"


def function_arn(name: str) -> str:
    """The ARN of a function, or of one under a qualifier (``pay:prod``)."""
    return f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{name}"


def role_arn(name: str) -> str:
    """The ARN of a role."""
    return f"arn:aws:iam::{ACCOUNT}:role/{name}"


def user_arn(name: str) -> str:
    """The ARN of a user."""
    return f"arn:aws:iam::{ACCOUNT}:user/{name}"


def table_arn(name: str) -> str:
    """The ARN of a DynamoDB table."""
    return f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/{name}"


def document(*statements: Json) -> Json:
    """A policy document."""
    return {"Version": "2012-10-17", "Statement": list(statements)}


def allow(action: str | list[str], resource: str | list[str] = "*", **more: Any) -> Json:
    """An Allow statement. more: further elements, such as ``Condition``."""
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def deny(action: str | list[str], resource: str | list[str] = "*", **more: Any) -> Json:
    """A Deny statement."""
    return {"Effect": "Deny", "Action": action, "Resource": resource, **more}


def trust(principal: object, **more: Any) -> Json:
    """A trust policy that lets one principal in."""
    return document({"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole", **more})


def role(
    name: str,
    *statements: Json,
    trusts: Json | None = None,
    managed: Sequence[str] = (),
    boundary: Json | None = None,
) -> Json:
    """A role with an inline policy. trusts: its trust policy, in place of Lambda. managed: names of AWS's policies.

    boundary: the document of its permissions boundary.
    """
    found: Json = {
        "RoleName": name,
        "Arn": role_arn(name),
        "AssumeRolePolicyDocument": trusts or trust({"Service": "lambda.amazonaws.com"}),
        "RolePolicyList": [{"PolicyName": "own", "PolicyDocument": document(*statements)}] if statements else [],
        "AttachedManagedPolicies": [_attached(each) for each in managed],
        "Tags": [],
    }
    if boundary is not None:
        arn = f"arn:aws:iam::{ACCOUNT}:policy/{name}-boundary"
        found["PermissionsBoundary"] = {"PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": arn}
        found["_boundary"] = boundary
    return found


def user(name: str, *statements: Json) -> Json:
    """A user with an inline policy."""
    policies = [{"PolicyName": "own", "PolicyDocument": document(*statements)}] if statements else []
    return {
        "UserName": name,
        "Arn": user_arn(name),
        "UserPolicyList": policies,
        "GroupList": [],
        "AttachedManagedPolicies": [],
        "Tags": [],
    }


def _attached(name: str) -> Json:
    return {"PolicyName": name.rpartition("/")[2], "PolicyArn": f"{AWS_POLICY}{name}"}


def worker(name: str, *statements: Json, **more: Any) -> Json:
    """A role for a function: the statements, and AWS's policy for writing logs."""
    return role(name, *statements, managed=(BASIC, *more.pop("managed", ())), **more)


def attached(identity: Json, arn: str) -> Json:
    """The identity with a managed policy attached."""
    more = {"PolicyName": arn.rpartition("/")[2], "PolicyArn": arn}
    return identity | {"AttachedManagedPolicies": [*identity["AttachedManagedPolicies"], more]}


def managed_policy(arn: str, *statements: Json, earlier: Sequence[Sequence[Json]] = ()) -> Json:
    """A managed policy of the account. earlier: the statements of versions that are not in force, oldest first."""
    texts = [document(*each) for each in (*earlier, statements)]
    versions = [
        {"VersionId": f"v{number}", "IsDefaultVersion": number == len(texts), "Document": text}
        for number, text in enumerate(texts, 1)
    ]
    default = f"v{len(texts)}"
    name = arn.rpartition("/")[2]
    return {"PolicyName": name, "Arn": arn, "DefaultVersionId": default, "PolicyVersionList": versions[::-1]}


def account(
    *identities: Json,
    functions: Mapping[str, str] | None = None,
    layers: Sequence[str] = (),
    policies: Sequence[Json] = (),
) -> Json:
    """Files of an account: its roles and users, and its functions (name → name of the role).

    layers: ARNs of the layers that every function runs with. policies: managed policies of its own.
    """
    roles = [{k: v for k, v in each.items() if k != "_boundary"} for each in identities if "RoleName" in each]
    managed = [*policies, *(_managed(each) for each in identities if "_boundary" in each)]
    users = [each for each in identities if "UserName" in each]
    details = {"UserDetailList": users, "GroupDetailList": [], "RoleDetailList": roles, "Policies": managed}
    files: Json = {"account.json": details}
    if functions:
        listed = [_function(name, run_as, layers) for name, run_as in functions.items()]
        files["functions.json"] = {"Functions": listed}
    return files


def _function(name: str, run_as: str, layers: Sequence[str]) -> Json:
    found: Json = {"FunctionName": name, "FunctionArn": function_arn(name), "Role": role_arn(run_as)}
    if layers:
        found["Layers"] = [{"Arn": arn} for arn in layers]
    return found


def _managed(bounded: Json) -> Json:
    arn = bounded["PermissionsBoundary"]["PermissionsBoundaryArn"]
    version = {"VersionId": "v1", "IsDefaultVersion": True, "Document": bounded["_boundary"]}
    name = arn.rpartition("/")[2]
    return {"PolicyName": name, "Arn": arn, "DefaultVersionId": "v1", "PolicyVersionList": [version]}
