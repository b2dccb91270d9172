"""Contexts and Condition blocks over every operator, so that keys are present, missing, single and many."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any

from .vocabulary import ACCOUNTS, REGIONS, Caller, Context, Target, chance, pick, scalar_or_list

TEAMS = ("red", "blue", "Red", "red-1")
STRING = (
    "StringEquals",
    "StringNotEquals",
    "StringEqualsIgnoreCase",
    "StringNotEqualsIgnoreCase",
    "StringLike",
    "StringNotLike",
)
ARN = ("ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike")
NUMERIC = (
    "NumericEquals",
    "NumericNotEquals",
    "NumericLessThan",
    "NumericLessThanEquals",
    "NumericGreaterThan",
    "NumericGreaterThanEquals",
)
DATE = tuple(name.replace("Numeric", "Date") for name in NUMERIC)
ADDRESS = ("IpAddress", "NotIpAddress")
OPERATORS = {
    "string": STRING,
    "arn": (*ARN, "StringEquals", "StringLike", "StringNotLike"),
    "numeric": NUMERIC,
    "date": DATE,
    "bool": ("Bool",),
    "address": ADDRESS,
    "binary": ("BinaryEquals",),
}
ALL_OPERATORS = STRING + ARN + NUMERIC + DATE + ADDRESS + ("Bool", "BinaryEquals", "Null")


@dataclass(frozen=True, slots=True)
class Key:
    """A condition key: its type, the values a request may carry, and those a policy may compare with."""

    name: str
    kind: str
    carried: tuple[str, ...]
    compared: tuple[Any, ...]
    many: bool = False


SOURCES = (
    "arn:aws:s3:::photos",
    "arn:aws:events:us-east-1:111111111111:rule/nightly",
    "arn:aws:execute-api:us-east-1:111111111111:abc123/prod/GET/items",
    "arn:aws:logs:us-east-1:111111111111:log-group:app:*",
    "arn:aws:lambda:us-east-1:111111111111:function:api:prod",
)
SOURCE_PATTERNS = (
    "arn:aws:s3:::photos",
    "arn:aws:s3:::p*",
    "arn:aws:s3:::photo?",
    "arn:aws:events:*:111111111111:rule/*",
    "arn:aws:events:us-east-1:*:rule/night",
    "arn:aws:execute-api:us-east-1:111111111111:abc123/*/GET/*",
    "arn:aws:logs:*:log-group:app:*",
    "arn:aws:logs:us-east-1:111111111111:log-group:*:*",
    "arn:aws:lambda:*:function:api:prod",
    "arn:aws:lambda:us-east-1:111111111111:function:*",
    "arn:aws:*:*:*:*",
    "arn:aws:s3:::Photos",
)
NOW = ("2026-03-01T12:00:00Z", "2026-03-01T13:30:00+01:30", "2026-02-28", "2026-03-02T00:00:00.500Z")
ZONES = ("2026-03-01", "2026-03-01T12:00:00", "2026-03-01T12:00:00+00:00", "2025-12-31T23:59:59Z")
AGENTS = ("a*b?", "axxb1", "a*b1", "$")
RANGES = (
    "203.0.113.0/24",
    "203.0.113.7/24",
    "10.1.2.3/8",
    "10.1.0.0/16",
    "10.1.2.3/32",
    "10.1.2.4/31",
    "0.0.0.0/1",
    "2001:db8::/32",
)
CHAINS = ("athena.amazonaws.com", "kms.amazonaws.com")
PATHS = ("o-aaaaaaaaaa/r-ab12/ou-ab12-11111111/", "o-aaaaaaaaaa/r-ab12/ou-ab12-22222222/")

KEYS = (
    Key("aws:PrincipalTag/team", "string", TEAMS, (*TEAMS, "r*", "?ed", "b*e", "", "${aws:PrincipalTag/team}")),
    Key("aws:ResourceTag/team", "string", TEAMS, (*TEAMS, "${aws:PrincipalTag/team}", "${aws:PrincipalTag/team}-1")),
    Key("aws:RequestTag/team", "string", TEAMS, (*TEAMS, "red*", "${aws:PrincipalTag/team, 'blue'}")),
    Key("aws:PrincipalTag/token", "binary", ("QQ==", "QmluYXJ5"), ("QQ==", "QmluYXJ5", "Qg==")),
    Key("aws:RequestedRegion", "string", REGIONS, (*REGIONS, "us-*", "eu-????-1", "US-EAST-1")),
    Key("aws:PrincipalOrgID", "string", ("o-aaaaaaaaaa", "o-bbbbbbbbbb"), ("o-aaaaaaaaaa", "o-*", "o-cccccccccc")),
    Key("aws:SourceAccount", "string", ACCOUNTS, (*ACCOUNTS, "1*", 111111111111)),
    Key("aws:SourceVpce", "string", ("vpce-1a", "vpce-2b"), ("vpce-1a", "vpce-*", "vpce-3c")),
    Key("aws:UserAgent", "string", AGENTS, ("a${*}b${?}", "a${*}b?", "a*b${?}", "${$}", "a*b?")),
    Key("aws:SourceArn", "arn", SOURCES, SOURCE_PATTERNS),
    Key("aws:MultiFactorAuthAge", "numeric", ("0", "60", "3600", "60.0"), ("0", "60", 3600, "59.5", "-1", "61")),
    Key("aws:CurrentTime", "date", NOW, (*NOW, *ZONES)),
    Key("aws:EpochTime", "date", ("1772366400", "1772366401"), ("1772366400", "1772366399", "1772366402")),
    Key("aws:SecureTransport", "bool", ("true", "false"), ("true", "false", True, False, "TRUE")),
    Key("aws:MultiFactorAuthPresent", "bool", ("true", "false"), ("true", "false", "True")),
    Key("aws:ViaAWSService", "bool", ("true", "false"), ("true", "false")),
    Key("aws:SourceIp", "address", ("203.0.113.9", "10.1.2.3", "2001:db8::9"), ("203.0.113.9", *RANGES)),
    Key("aws:TagKeys", "string", ("team", "env", "cost", "Team"), ("team", "env", "t*", "???", "Cost"), many=True),
    Key("aws:PrincipalOrgPaths", "string", PATHS, (*PATHS, "o-aaaaaaaaaa/*", "o-b*"), many=True),
    Key("aws:CalledVia", "string", CHAINS, ("athena*", "kms.amazonaws.com"), many=True),
)


def keys_for(target: Target, caller: Caller) -> list[Key]:
    """The keys that a request of this kind can carry, its caller's own among them."""
    # S3 objects and STS have no resource tags, and iam-simulate drops a key that the action does not list.
    keys = [key for key in KEYS if key.name != "aws:ResourceTag/team" or target.service in ("lambda", "sqs", "kms")]
    if caller.account:
        keys.append(Key("aws:PrincipalAccount", "string", (caller.account,), (*ACCOUNTS, "11*")))
    if caller.kind in ("session", "role", "user"):
        arn = caller.role_arn
        patterns = (arn, arn[:-1] + "*", arn[:-1] + "?", arn + "x", f"arn:*:iam::{caller.account}:role/*", arn.lower())
        keys.append(Key("aws:PrincipalArn", "arn", (arn,), patterns))
    if caller.kind == "user":
        name = caller.name.rsplit("/", 1)[-1]
        keys.append(Key("aws:username", "string", (name,), (name, name.upper(), "al*", "b?b", "${aws:username}")))
    if target.full_action == "lambda:InvokeFunction":
        keys.append(Key("lambda:EventSourceToken", "string", ("skill-1",), ("skill-1", "skill-2", "skill*")))
        keys.append(Key("lambda:InvokedViaFunctionUrl", "bool", ("true", "false"), ("true", "false")))
    if target.full_action == "lambda:InvokeFunctionUrl":
        keys.append(Key("lambda:FunctionUrlAuthType", "string", ("NONE", "AWS_IAM"), ("NONE", "AWS_IAM", "none")))
    return keys


def draw_context(rng: random.Random, keys: list[Key], caller: Caller) -> Context:
    """Each key at random present or missing; a session's PrincipalArn nearly always, for it alone tells the path."""
    context: Context = {}
    for key in keys:
        likely = 0.97 if key.name == "aws:PrincipalArn" else 0.45
        if "/" in caller.name and key.name == "aws:PrincipalArn":
            likely = 1.0
        if not chance(rng, likely):
            continue
        if key.many:
            values = [value for value in key.carried if chance(rng, 0.5)]
            context[key.name] = values if values or chance(rng, 0.3) else [pick(rng, key.carried)]
        else:
            context[key.name] = pick(rng, key.carried)
    return context


def _fitting(rng: random.Random, operator: str, key: Key, context: Context, version: str) -> list[Any]:
    """Values to compare with; half the time the request's own is among them."""
    allowed = [value for value in key.compared if version == "2012-10-17" or "$" not in str(value)]
    values = [pick(rng, allowed) for _ in range(rng.choice((1, 1, 2, 3)))]
    carried = context.get(key.name)
    if carried and chance(rng, 0.5):
        own = list(carried) if isinstance(carried, list) else [carried]
        values[0] = pick(rng, own) if chance(rng, 0.5) else own[0]
        if isinstance(carried, list) and chance(rng, 0.5):
            values = own
    if operator == "BinaryEquals":
        values = [str(value) for value in values]
    return values


def _qualified(rng: random.Random, operator: str, key: Key) -> str:
    """The operator with IfExists and a set prefix: always one for a key of many values, now and then for others."""
    name = operator + "IfExists" if chance(rng, 0.25) else operator
    settable = operator.startswith(("String", "Arn")) or operator == "Bool"
    if key.many or (settable and chance(rng, 0.08)):
        prefix = pick(rng, ("ForAllValues:", "ForAnyValue:"))
        # What ForAnyValue makes of IfExists is a departure, so seldom.
        name = prefix + (operator if prefix == "ForAnyValue:" and chance(rng, 0.9) else name)
    if chance(rng, 0.03):
        name = name.lower()
    return name


def _some_key(rng: random.Random, keys: list[Key]) -> Key:
    """Any key, or half the time any kind of key first: there are many strings, and few numbers, dates and addresses."""
    if chance(rng, 0.5):
        kind = pick(rng, tuple(OPERATORS))
        keys = [key for key in keys if key.kind == kind]
    return pick(rng, keys)


def draw_condition(rng: random.Random, keys: list[Key], context: Context, version: str) -> dict[str, dict[str, Any]]:
    """A Condition block of one to three comparisons. Only Version 2012-10-17 gets policy variables."""
    block: dict[str, dict[str, Any]] = {}
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        key = _some_key(rng, keys)
        name = key.name if chance(rng, 0.95) else key.name.upper().replace("/TEAM", "/team").replace("/TOKEN", "/token")
        if chance(rng, 0.12):
            answer = "true" if (key.name not in context) == chance(rng, 0.6) else "false"
            block.setdefault("Null", {})[name] = answer
            continue
        operator = pick(rng, OPERATORS[key.kind])
        values = _fitting(rng, operator, key, context, version)
        block.setdefault(_qualified(rng, operator, key), {})[name] = scalar_or_list(rng, values)
    return block
