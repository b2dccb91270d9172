"""Features on which iam-simulate departs from AWS's documents, put into few of the random requests.

Few, because a difference that a departure explains tells less than an agreement; some, so that what AWS's documents say
about them is decided in company with everything else. Which departure each one provokes stands in departures.py.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from .restate import documents, listed
from .vocabulary import Request, Statement, chance, pick

TEAM = "aws:PrincipalTag/team"
ROLE = "arn:aws:iam::111111111111:role/App"
VARIABLE = "${aws:PrincipalTag/team}"
# What the request carries (None: nothing), the operator, the key, what the policy compares with.
CONDITIONS: tuple[tuple[Any, str, str, Any], ...] = (
    ("pool-1", "StringEquals", "cognito-identity.amazonaws.com:aud", ("pool-1", "pool-2")),
    ("us-east-1:id", "StringLike", "cognito-identity.amazonaws.com:sub", ("us-*", "eu-*")),
    ("NONE", "StringEquals", "lambda:FunctionUrlAuthType", ("NONE", "AWS_IAM")),
    (None, "Null", "aws:TagKeys", ("true", "false")),
    (["team"], "ForAnyValue:Null", "aws:TagKeys", ("true", "false")),
    (None, "ForAllValues:Null", "aws:TagKeys", ("true", "false")),
    ([], "Null", "aws:TagKeys", ("true", "false")),
    ([], "StringNotEquals", "aws:TagKeys", ("team", "env")),
    (["team", "env"], "StringEquals", "aws:TagKeys", ("team", "cost")),
    (["team"], "StringNotLike", "aws:TagKeys", ("t*", "env")),
    ("true", "Bool", "aws:SecureTransport", (VARIABLE, "true")),
    ("60", "NumericNotEquals", "aws:MultiFactorAuthAge", ("soon", "60")),
    ("soon", "NumericNotEquals", "aws:MultiFactorAuthAge", ("60", "61")),
    ("2026-03-01T12:00:00Z", "DateNotEquals", "aws:CurrentTime", ("noon", "2026-03-01T12:00:00Z")),
    ("2026-03-01T12:00:00Z", "DateLessThan", "aws:CurrentTime", ("1772366401", "1772366400")),
    ("1772366400", "DateGreaterThanEquals", "aws:EpochTime", ("2026-03-01T12:00:00Z", "2026-03-01T12:00:01Z")),
    ("arn:aws:s3:::photos", "ArnLike", "aws:SourceArn", ("*", "arn:aws:s3:::p")),
    ("arn:aws:s3:::photos", "ArnNotLike", "aws:SourceArn", ("*", "photos", "arn:aws:s3")),
    (ROLE, "ArnLike", "aws:SourceArn", ("arn:aws:iam::${aws:PrincipalAccount}:role/*",)),
    ("203.0.113.9", "IpAddress", "aws:SourceIp", ("0.0.0.0/0", "::/0")),
    ("2001:db8::9", "NotIpAddress", "aws:SourceIp", ("::/0", "0.0.0.0/0")),
    ("203.0.113.9", "NotIpAddress", "aws:SourceIp", ("10.0.0.0/8", "not an address")),
    ("2001:0db8:0:0:0:0:0:9", "IpAddress", "aws:SourceIp", ("2001:db8::9", "2001:db8::8")),
    ("*", "StringEquals", "aws:UserAgent", ("${*}", "${?}")),
    ("us-east-1", "StringNotEquals", "aws:RequestedRegion", ("${aws:PrincipalTag/none}", "us-east-1")),
)


def _statement(rng: random.Random, request: Request) -> Statement | None:
    """One statement of the request, None when it has no policies."""
    found = [one for _, document in documents(request) for one in listed(document["Statement"])]
    return pick(rng, found) if found else None


def _condition(rng: random.Random, request: Request) -> None:
    carried, operator, key, compared = pick(rng, CONDITIONS)
    statement = _statement(rng, request)
    # iam-simulate drops some keys from some actions; departures.py knows how to rename those of one action.
    dropped = key.startswith(("cognito", "lambda")) and request["action"] != "lambda:InvokeFunction"
    if statement is None or dropped:
        return
    context = request["context"]
    for name in [name for name in context if name.lower() == key.lower()]:
        del context[name]
    if carried is not None and chance(rng, 0.9):
        context[key] = carried
    statement["Condition"] = {operator: {key: pick(rng, compared)}}


def _tag_value(rng: random.Random, request: Request) -> None:
    """A tag whose value has wildcards or none at all, met by variables in Resource and in conditions."""
    request["context"][TEAM] = pick(rng, ("*", "a*", "r?d", ""))
    for _, document in documents(request):
        for statement in listed(document["Statement"]):
            head = request["resource"].rsplit(":", 1)[0]
            if chance(rng, 0.5) and "Resource" in statement and head.count(":") >= 5:
                statement["Resource"] = pick(rng, (f"{head}:{VARIABLE}", f"{head}:{VARIABLE}*"))


def _not_resource(rng: random.Random, request: Request) -> None:
    statement = _statement(rng, request)
    if statement is not None and "Resource" in statement:
        del statement["Resource"]
        statement["NotResource"] = ["arn:aws:lambda:*:*:function:${aws:PrincipalTag/none}", "arn:aws:sns:*:*:x"]


def _old_version(rng: random.Random, request: Request) -> None:
    """2008-10-17 on documents with a variable in them; RCPs know the later Version only."""
    for field, document in documents(request):
        if field != "resource_control_policies" and "${" in str(document):
            document["Version"] = "2008-10-17"


def _word(rng: random.Random, request: Request) -> None:
    for document in request.get("identity_policies", []):
        for statement in listed(document["Statement"]):
            if "Resource" in statement:
                statement["Resource"] = "api"


def _principal(rng: random.Random, request: Request) -> None:
    """Names that come close to the caller's own."""
    document = request.get("resource_policy")
    caller = str(request["principal"])
    if not document:
        return
    statement = pick(rng, listed(document["Statement"]))
    statement.pop("NotPrincipal", None)
    account = caller.split(":")[4] if caller.startswith("arn:") else "111111111111"
    name = caller.split("/")[1] if "/" in caller else "App"
    names = [f"arn:aws:iam::{account}:role/{part}" for part in (f"other/{name}", name.lower(), name.upper())]
    statement["Principal"] = {"AWS": pick(rng, [*names, "s3.amazonaws.com", "events.amazonaws.com"])}


def _spared(rng: random.Random, request: Request) -> None:
    """NotPrincipal with some of the caller's names."""
    document = request.get("resource_policy")
    caller = str(request["principal"])
    if not document or not caller.startswith("arn:") or request["action"].startswith("sts:"):
        return
    account = caller.split(":")[4]
    role = caller
    if ":assumed-role/" in caller:
        role = f"arn:{caller.split(':')[1]}:iam::{account}:role/{caller.split('/')[1]}"
    names = [name for name in (account, role, caller, f"arn:aws:iam::{account}:user/x") if chance(rng, 0.6)]
    document["Statement"] = [
        *listed(document["Statement"]),
        {"Effect": "Deny", "NotPrincipal": {"AWS": names or account}, "Action": "*", "Resource": "*"},
    ]


def _caller(rng: random.Random, request: Request) -> None:
    """A root user, a service-linked role, or a service given policies that bear on no service."""
    form = rng.randrange(3)
    if form == 0:
        request["principal"] = "arn:aws:iam::111111111111:root"
        request.pop("session_policies", None)
    elif form == 1:
        request["principal"] = "arn:aws:sts::111111111111:assumed-role/AWSServiceRoleForLex/s1"
        request["context"].pop("aws:PrincipalArn", None)
    else:
        request["principal"] = "events.amazonaws.com"
        request.pop("session_policies", None)


def _rcp(rng: random.Random, request: Request) -> None:
    service = request["action"].split(":")[0]
    refusal = {"Effect": "Deny", "Principal": "*", "Action": f"{service}:*", "Resource": "*"}
    request["resource_control_policies"] = [[{"Version": "2012-10-17", "Statement": [refusal]}]]


def _no_trust(rng: random.Random, request: Request) -> None:
    if request["action"].startswith("sts:"):
        request.pop("resource_policy", None)


FEATURES: tuple[Callable[[random.Random, Request], None], ...] = (
    *(_condition,) * 6,
    *(_tag_value,) * 2,
    _not_resource,
    _old_version,
    _word,
    *(_principal,) * 2,
    *(_spared,) * 2,
    *(_caller,) * 2,
    _rcp,
)


def add(rng: random.Random, request: Request) -> None:
    """Change `request` in place, one time in thirty; a role's trust policy is left out one time in twenty."""
    if chance(rng, 1 / 20):
        _no_trust(rng, request)
    if chance(rng, 1 / 30):
        pick(rng, FEATURES)(rng, request)
