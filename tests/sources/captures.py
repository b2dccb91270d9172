"""Small AWS CLI captures to build inputs from, and ways to look at what came of them."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from permcheck.model import Facts, Function, NotRead, Policy, Role, User
from permcheck.sources.files import load_texts

ACCOUNT = "111122223333"
OTHER = "444455556666"
FUNCTION = f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:resize"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/resize-role"
SECRET = "planted-value-3f9a"

Json = dict[str, Any]


def statement(**more: Any) -> Json:
    """An Allow of lambda:InvokeFunction on everything; members given here replace those or are added."""
    return {"Effect": "Allow", "Action": "lambda:InvokeFunction", "Resource": "*"} | more


def document(*statements: Json) -> Json:
    """A policy document, of one plain statement where none is given."""
    return {"Version": "2012-10-17", "Statement": list(statements or [statement()])}


def trusting(service: str = "lambda.amazonaws.com") -> Json:
    """A role's trust policy."""
    return document({"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"})


def granting(resource: str, **more: Any) -> Json:
    """A resource policy that lets events.amazonaws.com invoke."""
    return document(statement(Sid="s", Principal={"Service": "events.amazonaws.com"}, Resource=resource, **more))


def role(name: str = "resize-role", account: str = ACCOUNT, **more: Any) -> Json:
    """A RoleDetail of get-account-authorization-details, without policies."""
    return {
        "Path": "/",
        "RoleName": name,
        "Arn": f"arn:aws:iam::{account}:role/{name}",
        "AssumeRolePolicyDocument": trusting(),
        "RolePolicyList": [],
        "AttachedManagedPolicies": [],
    } | more


def user(name: str = "ana", **more: Any) -> Json:
    """A UserDetail."""
    return {
        "UserName": name,
        "Arn": f"arn:aws:iam::{ACCOUNT}:user/{name}",
        "GroupList": [],
        "AttachedManagedPolicies": [],
    } | more


def group(name: str = "developers", **more: Any) -> Json:
    """A GroupDetail."""
    arn = f"arn:aws:iam::{ACCOUNT}:group/{name}"
    return {"GroupName": name, "Arn": arn, "GroupPolicyList": [], "AttachedManagedPolicies": []} | more


def managed(name: str, text: Json | str, version: str = "v1", old: Json | None = None) -> Json:
    """A ManagedPolicyDetail, with an old version before the one in force where given."""
    versions = [{"Document": text, "VersionId": version, "IsDefaultVersion": True}]
    if old is not None:
        versions.insert(0, {"Document": old, "VersionId": "v0", "IsDefaultVersion": False})
    arn = f"arn:aws:iam::{ACCOUNT}:policy/{name}"
    return {"PolicyName": name, "Arn": arn, "DefaultVersionId": version, "PolicyVersionList": versions}


def inline(name: str, text: Any) -> Json:
    """An entry of RolePolicyList and its kin."""
    return {"PolicyName": name, "PolicyDocument": text}


def attached(*names: str, arn: str = f"arn:aws:iam::{ACCOUNT}:policy/") -> list[Json]:
    """AttachedManagedPolicies."""
    return [{"PolicyName": name, "PolicyArn": arn + name} for name in names]


def details(*roles: Any, **more: Any) -> Json:
    """The output of get-account-authorization-details."""
    return {"UserDetailList": [], "GroupDetailList": [], "RoleDetailList": list(roles), "Policies": []} | more


def configuration(name: str = "resize", **more: Any) -> Json:
    """A FunctionConfiguration, with a secret among its environment variables."""
    return {
        "FunctionName": name,
        "FunctionArn": f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:{name}",
        "Role": ROLE,
        "Version": "$LATEST",
        "Environment": {"Variables": {"TOKEN": SECRET}},
    } | more


def functions(*entries: Json, **more: Any) -> Json:
    """The output of list-functions."""
    return {"Functions": list(entries)} | more


def policy_output(text: Json | str) -> Json:
    """The output of lambda get-policy: the document in a string."""
    return {"Policy": text if isinstance(text, str) else json.dumps(text), "RevisionId": "r1"}


def read(texts: Mapping[str, Any]) -> Facts:
    """Load values (written as JSON), or texts and bytes as they are, under file names."""
    return load_texts({name: v if isinstance(v, (str, bytes)) else json.dumps(v) for name, v in texts.items()})


def plain(facts: Facts) -> Json:
    """Facts as plain values, to compare them."""
    return asdict(facts)


def the_role(facts: Facts, name: str = "resize-role") -> Role:
    """The only role of that name."""
    (found,) = [r for r in facts.roles if r.name == name]
    return found


def the_user(facts: Facts, name: str = "ana") -> User:
    """The only user of that name."""
    (found,) = [u for u in facts.users if u.name == name]
    return found


def the_function(facts: Facts, name: str = "resize") -> Function:
    """The only function of that name."""
    (found,) = [f for f in facts.functions if f.name == name]
    return found


def policy_on(function: Function, qualifier: str = "") -> Policy | None:
    """The policy of a function under one name."""
    (found,) = [q for q in function.qualifiers if q.name == qualifier]
    return found.policy


def actions(policy: Policy) -> list[str]:
    """Every action that a policy names, in order."""
    return [action for s in policy.statements for action in s.actions or ()]


def the_gap(facts: Facts, source: str = "") -> NotRead:
    """The only thing not read (of one file)."""
    (found,) = [gap for gap in facts.not_read if not source or gap.source == source]
    return found
