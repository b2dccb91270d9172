"""The few names, policies and conditions that random accounts are put together from."""

from __future__ import annotations

from itertools import product
from typing import Any

Json = dict[str, Any]

NEW, OLD = "2012-10-17", "2008-10-17"
ACCOUNTS = A, B = ("111111111111", "222222222222")
ROLES = (
    f"arn:aws:iam::{A}:role/red",
    f"arn:aws:iam::{A}:role/team/blue",
    f"arn:aws:iam::{A}:role/green",
    f"arn:aws:iam::{A}:role/aws-service-role/x.amazonaws.com/AWSServiceRoleForX",
    f"arn:aws:iam::{B}:role/red",
)
USERS = (f"arn:aws:iam::{A}:user/red", f"arn:aws:iam::{A}:user/staff/blue", f"arn:aws:iam::{B}:user/red")
SESSION_NAMES = ("s1", "CognitoIdentityCredentials")
FUNCTIONS = tuple(
    f"arn:aws:lambda:us-east-1:{account}:function:{name}" for account in ACCOUNTS for name in ("red", "blue")
)
QUALIFIERS = ("1", "prod", "red")
SUB = "cognito-identity.amazonaws.com:sub"
TEAM, AREA = "aws:PrincipalTag/team", "aws:PrincipalTag/area"
ITEM_TEAM, ITEM_AREA = "aws:ResourceTag/team", "aws:ResourceTag/area"
TAGS: tuple[dict[str, str] | None, ...] = (
    None,
    {},
    {"team": "red"},
    {"team": "blue"},
    {"area": "red"},
    {"Team": "red", "area": "blue"},
)


def _assumed(role: str, session: str) -> str:
    account, name = role.split(":")[4], role.rsplit("/", 1)[1]
    return f"arn:aws:sts::{account}:assumed-role/{name}/{session}"


SESSIONS = tuple(_assumed(role, name) for role, name in product(ROLES, SESSION_NAMES))
# Conditions that read the caller, the resource, both, the request, and what a session brings along.
CALLER: tuple[Json, ...] = (
    {"StringEquals": {TEAM: "red"}},
    {"StringNotEquals": {TEAM: "red"}},
    {"StringLike": {TEAM: ["b*", "r*d"]}},
    {"Null": {TEAM: "true"}},
    {"StringEquals": {TEAM: "red"}, "StringNotEqualsIfExists": {AREA: "blue"}},
    {"StringEqualsIfExists": {TEAM: "red", AREA: "blue"}},
    {"StringEquals": {TEAM: "red"}, "StringLike": {TEAM: "b*"}},
    {"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{A}:role/*"}},
    {"ArnNotEquals": {"aws:PrincipalArn": [ROLES[0], USERS[1]]}},
    {"StringEquals": {"aws:PrincipalAccount": A}},
    {"StringEquals": {"aws:PrincipalType": "User"}},
    {"StringLike": {"aws:username": "r*"}},
    {"StringEquals": {TEAM: []}},
    {"ForAllValues:StringEquals": {TEAM: "red"}},
)
ITEM: tuple[Json, ...] = (
    {"StringEquals": {ITEM_TEAM: "red"}},
    {"StringNotEquals": {ITEM_TEAM: "blue"}},
    {"StringEqualsIfExists": {ITEM_TEAM: "blue", ITEM_AREA: "red"}},
    {"StringLike": {ITEM_TEAM: "*"}, "Null": {ITEM_AREA: "true"}},
    {"Null": {ITEM_AREA: "false"}},
    {"StringEquals": {"aws:ResourceAccount": A}},
    {"Bool": {"lambda:InvokedViaFunctionUrl": "true"}},
    {"StringEquals": {"lambda:FunctionUrlAuthType": "AWS_IAM"}},
    {"StringEquals": {"iam:PassedToService": "lambda.amazonaws.com"}},
)
BOTH: tuple[Json, ...] = (
    {"StringEquals": {ITEM_TEAM: "${aws:PrincipalTag/team}"}},
    {"StringNotEquals": {ITEM_TEAM: "${aws:PrincipalTag/team}"}},
    {"StringEquals": {ITEM_TEAM: "${aws:PrincipalTag/team, 'blue'}"}},
    {"StringLike": {ITEM_AREA: "${aws:username}"}},
    {"StringEquals": {TEAM: "${aws:ResourceTag/area}"}},
    {"StringEquals": {"aws:PrincipalAccount": "${aws:ResourceAccount}"}},
    {"StringEquals": {TEAM: "red", ITEM_TEAM: "red"}},
)
REQUEST: tuple[Json, ...] = (
    {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}},
    {"NotIpAddress": {"aws:SourceIp": "203.0.113.0/24"}},
    {"IpAddress": {"aws:SourceIp": ["198.51.100.0/24", "203.0.113.128/25"]}},
    {"StringEquals": {"aws:RequestTag/x": "1"}},
    {"StringNotEqualsIfExists": {"aws:RequestTag/x": "2"}, "Bool": {"aws:MultiFactorAuthPresent": "true"}},
    {"Null": {"aws:RequestTag/x": "true"}},
    {"Bool": {"aws:MultiFactorAuthPresent": "true"}},
    {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}, "StringEquals": {TEAM: "blue"}},
    {"Bool": {"aws:MultiFactorAuthPresent": "true"}, "BoolIfExists": {"aws:multifactorauthpresent": "false"}},
    {"NumericLessThan": {"aws:MultiFactorAuthAge": "300"}, "NumericGreaterThan": {"aws:MultiFactorAuthAge": "600"}},
    {"ArnLike": {"aws:SourceArn": "arn:aws:s3:::*"}},
    {"ForAnyValue:StringEquals": {"aws:TagKeys": ["a", "b"]}},
)
SESSION: tuple[Json, ...] = (
    {"StringEquals": {SUB: "one"}},
    {"StringNotEquals": {SUB: "one"}},
    {"StringEquals": {SUB: "one", TEAM: "red"}},
    {"StringEquals": {ITEM_TEAM: "${cognito-identity.amazonaws.com:sub, 'red'}"}},
)
THEMES = (CALLER, ITEM, BOTH, REQUEST, SESSION, CALLER + ITEM + BOTH + REQUEST + SESSION)
_NAMED_ACTIONS: tuple[object, ...] = (
    *("*",) * 3,
    *("lambda:*",) * 2,
    *("LAMBDA:invoke*", "lambda:InvokeFunction", "sts:AssumeRole", "iam:Pass*", "s3:*"),
    ["lambda:UpdateFunctionCode", "sts:*"],
    ["iam:*", "lambda:I*Url"],
)
ACTIONS = (
    *(("Action", a) for a in _NAMED_ACTIONS),
    *(("NotAction", a) for a in ("s3:*", "lambda:InvokeFunction", ["iam:*", "sts:*"])),
)
_PATTERNS = (
    "*",
    f"arn:aws:lambda:us-east-1:{A}:function:red",
    "arn:aws:lambda:*:*:function:*",
    "arn:aws:lambda:*:*:function:red*",
    "arn:aws:lambda:*:*:function:*:prod",
    f"arn:aws:lambda:us-east-?:{A}:function:red:*",
    "arn:aws:lambda:*:*:function:r?d",
    "arn:aws:lambda:*",
    f"arn:aws:lambda:*:{A}:function:${{aws:PrincipalTag/team}}",
    "arn:aws:lambda:*:*:function:${aws:PrincipalTag/team}*",
    "arn:aws:lambda:*:*:function:${aws:username}:${aws:PrincipalTag/area, 'prod'}",
    "arn:aws:lambda:*:*:function:${aws:ResourceTag/team}",
    "arn:aws:lambda:*:*:function:${cognito-identity.amazonaws.com:sub}*",
    "arn:aws:lambda:*:*:function:${aws:SourceIp}",
    "arn:aws:iam::*:role/*",
    "arn:aws:iam::*:role/*${aws:PrincipalTag/team}",
    f"arn:aws:iam::{A}:role/red",
    "arn:aws:s3:::*",
)
RESOURCES = tuple(
    [("Resource", p) for p in ("*", "*", "*", *_PATTERNS)]
    + [("Resource", [p, q]) for p, q in zip(_PATTERNS[1::2], _PATTERNS[2::2], strict=False)]
    + [("NotResource", p) for p in _PATTERNS[1:]]
    + [("NotResource", [_PATTERNS[1], _PATTERNS[9]])]
)
NAMES: tuple[object, ...] = (
    "*",
    {"AWS": "*"},
    {"AWS": A},
    {"AWS": f"arn:aws:iam::{B}:root"},
    {"AWS": [A, B]},
    *({"AWS": arn} for arn in (*ROLES, *USERS)),
    *({"AWS": arn} for arn in SESSIONS[:4]),
    {"AWS": [A, *ROLES, *USERS]},
    {"AWS": [A, B, *ROLES, *SESSIONS]},
    {"AWS": [ROLES[0], USERS[0], SESSIONS[2]]},
    {"Service": "s3.amazonaws.com"},
    {"Federated": "cognito-identity.amazonaws.com"},
    USERS[0],
    [],
)
PRINCIPALS = tuple([("Principal", n) for n in ("*",) * 12 + NAMES * 2] + [("NotPrincipal", n) for n in NAMES])
