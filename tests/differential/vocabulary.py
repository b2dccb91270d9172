"""The few names that random requests are made of: few, so that patterns meet the things they could name."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

Request = dict[str, Any]
Policy = dict[str, Any]
Statement = dict[str, Any]
Context = dict[str, Any]
T = TypeVar("T")

ACCOUNTS = ("111111111111", "222222222222", "333333333333")
REGIONS = ("us-east-1", "eu-west-1")
FUNCTIONS = ("api", "api2", "apiadmin", "jobs", "Api", "red", "alice-jobs")
QUALIFIERS = ("", "", "", ":prod", ":1", ":$LATEST", ":12")
ROLES = ("App", "App2", "Ops", "team/Deploy", "Guest")
USERS = ("alice", "bob", "dev/carol")
SESSIONS = ("s1", "api", "build-7")
SERVICES = ("s3.amazonaws.com", "apigateway.amazonaws.com", "events.amazonaws.com")
KEY_ID = "12345678-1234-1234-1234-123456789012"

LAMBDA_ACTIONS = (
    "InvokeFunction",
    "InvokeFunction",
    "InvokeFunction",
    "InvokeFunctionUrl",
    "UpdateFunctionCode",
    "GetFunction",
    "GetFunctionConfiguration",
    "AddPermission",
    "PublishVersion",
)
OTHER_ACTIONS = {
    "sqs": ("SendMessage", "ReceiveMessage", "DeleteQueue"),
    "s3": ("GetObject", "PutObject"),
    "dynamodb": ("GetItem", "PutItem", "DeleteTable"),
    "kms": ("Decrypt", "Encrypt"),
    "sns": ("Publish",),
}


@dataclass(frozen=True, slots=True)
class Target:
    """What is asked for: an action on a resource, and the account that owns the resource."""

    service: str
    action: str
    resource: str
    account: str
    partition: str

    @property
    def full_action(self) -> str:
        return f"{self.service}:{self.action}"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks: `kind` is session, role, user, service, account, anonymous or federated; `name` has its path."""

    kind: str
    principal: Any
    account: str
    name: str
    partition: str

    @property
    def role_arn(self) -> str:
        """The ARN under which IAM knows the caller: for a session that of its role, with its path."""
        return f"arn:{self.partition}:iam::{self.account}:{'user' if self.kind == 'user' else 'role'}/{self.name}"


def chance(rng: random.Random, probability: float) -> bool:
    return rng.random() < probability


def pick(rng: random.Random, items: Sequence[T]) -> T:
    return items[rng.randrange(len(items))]


def another(rng: random.Random, items: Sequence[T], than: T) -> T:
    """One of `items` that differs from `than`."""
    return pick(rng, [item for item in items if item != than])


def scalar_or_list(rng: random.Random, items: list[Any]) -> Any:
    """The grammar lets a list of one stand as its bare member; take either form."""
    return items[0] if len(items) == 1 and chance(rng, 0.6) else items


def draw_target(rng: random.Random) -> Target:
    """Mostly Lambda; other services so that RCPs, key policies and trust policies decide something."""
    partition = pick(rng, ("aws",) * 18 + ("aws-cn", "aws-us-gov"))
    account, region = pick(rng, ACCOUNTS[:2]), pick(rng, REGIONS)
    service = pick(rng, ("lambda",) * 15 + ("sqs", "s3", "dynamodb", "kms", "sns", "sts"))
    stem = f"arn:{partition}:{service}:{region}:{account}:"
    if service == "lambda":
        if chance(rng, 0.03):
            return Target(service, "ListFunctions", "*", account, partition)
        function = f"{stem}function:{pick(rng, FUNCTIONS)}{pick(rng, QUALIFIERS)}"
        return Target(service, pick(rng, LAMBDA_ACTIONS), function, account, partition)
    if service == "sts":
        role = f"arn:{partition}:iam::{account}:role/{pick(rng, ROLES)}"
        return Target(service, "AssumeRole", role, account, partition)
    resource = {
        "sqs": f"{stem}{pick(rng, ('orders', 'orders-dlq', 'jobs'))}",
        "sns": f"{stem}{pick(rng, ('orders', 'alerts'))}",
        "s3": f"arn:{partition}:s3:::{pick(rng, ('photos', 'photos-old'))}/{pick(rng, ('a/1.jpg', 'b/2.jpg', 'a'))}",
        "dynamodb": f"{stem}table/{pick(rng, ('Users', 'Orders'))}",
        "kms": f"{stem}key/{KEY_ID}",
    }[service]
    return Target(service, pick(rng, OTHER_ACTIONS[service]), resource, account, partition)


def draw_caller(rng: random.Random, target: Target) -> Caller:
    """Any kind of principal, three times in four of the account that owns the resource."""
    account = target.account if chance(rng, 0.75) else another(rng, ACCOUNTS, target.account)
    kind = pick(rng, ("session",) * 9 + ("user",) * 5 + ("role",) * 2 + ("service",) * 2 + ("account", "anonymous"))
    partition = target.partition
    if target.service == "sts" and chance(rng, 0.4):
        kind = pick(rng, ("federated", "service"))
    if kind == "session":
        role = pick(rng, ROLES)
        arn = f"arn:{partition}:sts::{account}:assumed-role/{role.rsplit('/', 1)[-1]}/{pick(rng, SESSIONS)}"
        return Caller(kind, arn, account, role, partition)
    if kind in ("user", "role"):
        name = pick(rng, USERS if kind == "user" else ROLES)
        return Caller(kind, f"arn:{partition}:iam::{account}:{kind}/{name}", account, name, partition)
    if kind == "service":
        return Caller(kind, pick(rng, SERVICES), "", "", partition)
    if kind == "account":
        return Caller(kind, account, account, "", partition)
    if kind == "federated":
        return Caller(kind, {"federated": "cognito-identity.amazonaws.com"}, "", "", partition)
    return Caller("anonymous", "*", "", "", partition)
