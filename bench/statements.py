"""Policy statements as teams write them: literal ARNs, wildcards in every place, Deny, and conditions."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

from bench.names import ACCOUNT, KINDS, THINGS, Workload, function_arn, local_arn, role_arn

Json = dict[str, Any]

OFFICE_NETWORKS = ["198.51.100.0/24", "203.0.113.0/25"]
SAME_TEAM = {"StringEquals": {"aws:ResourceTag/team": "${aws:PrincipalTag/team}"}}


def document(statements: list[Json], version: str = "2012-10-17") -> Json:
    """A policy document around the statements."""
    return {"Version": version, "Statement": statements}


def allow(actions: str | list[str], resources: str | list[str], condition: Json | None = None, sid: str = "") -> Json:
    """An Allow statement; an element that is empty is left out."""
    return _statement("Allow", actions, resources, condition, sid)


def deny(actions: str | list[str], resources: str | list[str], condition: Json | None = None, sid: str = "") -> Json:
    """A Deny statement; an element that is empty is left out."""
    return _statement("Deny", actions, resources, condition, sid)


def _statement(
    effect: str, actions: str | list[str], resources: str | list[str], condition: Json | None, sid: str
) -> Json:
    made: Json = {"Sid": sid} if sid else {}
    made |= {"Effect": effect, "Action": actions, "Resource": resources}
    if condition:
        made["Condition"] = condition
    return made


def storage(load: Workload, rng: random.Random) -> Iterator[Json]:
    """What a function reads and writes: its log group, a table, a bucket, a queue, a secret."""
    team, thing = load.team, load.thing
    yield allow(
        ["logs:CreateLogStream", "logs:PutLogEvents"],
        local_arn("logs", f"log-group:/aws/lambda/{load.function}:*"),
    )
    if rng.random() < 0.6:
        table = local_arn("dynamodb", f"table/{team}-{thing}")
        reads = ["dynamodb:GetItem", "dynamodb:Query", "dynamodb:BatchGetItem"]
        writes = ["dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem"]
        yield allow(reads + (writes if rng.random() < 0.6 else []), [table, f"{table}/index/*"], sid="Table")
    if rng.random() < 0.35:
        yield allow(["s3:GetObject", "s3:PutObject"], f"arn:aws:s3:::{team}-{thing}-{load.stage}/*")
    if rng.random() < 0.3:
        queue = local_arn("sqs", f"{team}-{thing}-jobs")
        yield allow(["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"], queue)
    if rng.random() < 0.3:
        yield allow("secretsmanager:GetSecretValue", local_arn("secretsmanager", f"secret:{team}/{thing}-??????"))
    if rng.random() < 0.2:
        yield allow(
            ["kms:Decrypt", "kms:GenerateDataKey"],
            "*",
            {"StringEquals": {"kms:ViaService": "secretsmanager.eu-west-1.amazonaws.com"}},
        )
    if rng.random() < 0.04:
        yield allow("s3:*", "*")


def invocations(load: Workload, peers: list[Workload], rng: random.Random) -> Iterator[Json]:
    """What a function calls: mostly one named peer, sometimes far too much. `peers` are its team's functions."""
    invoke, team = "lambda:InvokeFunction", load.team
    draw = rng.random()
    if draw < 0.22:
        peer = function_arn(rng.choice(peers).function)
        qualified: list[str] = rng.choice([[peer], [peer], [peer, f"{peer}:*"], [f"{peer}:prod"]])
        yield allow(invoke, qualified if len(qualified) > 1 else qualified[0], sid="CallPeer")
    elif draw < 0.30:
        yield allow([invoke, "lambda:GetFunction"], function_arn(f"{team}-*"))
    elif draw < 0.32:
        yield allow(invoke, function_arn(f"*-{rng.choice(KINDS)}"))
    elif draw < 0.34:
        yield allow("lambda:Invoke*", function_arn(f"team-*-{rng.choice(THINGS)}-*"))
    elif draw < 0.37:
        yield allow(invoke, "*", SAME_TEAM)
    elif draw < 0.38:
        yield allow(invoke, function_arn("${aws:PrincipalTag/team}-*"))
    elif draw < 0.395:
        yield allow(invoke, "*")
    elif draw < 0.398:
        yield allow("lambda:*", "*")
    elif draw < 0.408:
        yield allow(invoke, function_arn(f"{team}-*"), {"IpAddress": {"aws:SourceIp": OFFICE_NETWORKS}})


def denials(load: Workload, rng: random.Random) -> Iterator[Json]:
    """A Deny in one role of thirty: by prefix, by everything but one's own, or by tag."""
    draw = rng.random()
    if draw < 0.012:
        yield deny("lambda:*", function_arn("*-payments-*"), sid="NotThePayments")
    elif draw < 0.02:
        only_own = deny("lambda:InvokeFunction", "*")
        del only_own["Resource"]
        yield only_own | {"NotResource": function_arn(f"{load.team}-*")}
    elif draw < 0.03:
        yield deny("lambda:InvokeFunction", "*", {"StringNotEquals": {"aws:ResourceTag/stage": load.stage}})


def deployment(team: str) -> Iterator[Json]:
    """What a team's pipeline may do: rewrite the team's functions and pass the team's roles."""
    yield allow(
        ["lambda:UpdateFunctionCode", "lambda:UpdateFunctionConfiguration", "lambda:PublishVersion", "lambda:*Alias"],
        [function_arn(f"{team}-*"), function_arn(f"{team}-*:*")],
    )
    yield allow(
        "iam:PassRole", role_arn(f"{team}-*"), {"StringEquals": {"iam:PassedToService": "lambda.amazonaws.com"}}
    )
    yield allow(["s3:GetObject", "s3:PutObject"], f"arn:aws:s3:::deployments-{ACCOUNT}/{team}/*")
    yield allow("cloudformation:*", local_arn("cloudformation", f"stack/{team}-*/*"))
