"""Roles of the generated account: for functions, people, pipelines, services, partners and identity pools."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import cycle, islice

from bench import managed
from bench.names import (
    ACCOUNT,
    PARTNER_ACCOUNTS,
    Workload,
    function_arn,
    identifier,
    local_arn,
    moment,
    policy_arn,
    role_arn,
)
from bench.statements import Json, allow, denials, document, invocations, storage

SIGN_ON_PATH = "/aws-reserved/sso.amazonaws.com/eu-west-1/"
GITHUB = f"arn:aws:iam::{ACCOUNT}:oidc-provider/token.actions.githubusercontent.com"
SIGN_ON = f"arn:aws:iam::{ACCOUNT}:saml-provider/AWSSSO_a1b2c3d4e5f60718_DO_NOT_DELETE"


@dataclass(frozen=True, slots=True)
class RoleDraft:
    """A role before AWS's envelope: its trust, its policies (inline by name, managed by ARN), boundary and tags."""

    name: str
    trust: Json
    inline: dict[str, Json] = field(default_factory=dict)
    attached: tuple[str, ...] = ()
    boundary: str = ""
    tags: dict[str, str] = field(default_factory=dict)
    path: str = "/"


def trusting(principal: Json, action: str | list[str] = "sts:AssumeRole", condition: Json | None = None) -> Json:
    """A trust policy of one statement."""
    return document(
        [
            {"Effect": "Allow", "Principal": principal, "Action": action}
            | ({"Condition": condition} if condition else {})
        ]
    )


def for_functions(loads: list[Workload], rng: random.Random) -> Iterator[RoleDraft]:
    """One draft per execution role that the workloads name."""
    of_team: dict[str, list[Workload]] = {}
    for load in loads:
        of_team.setdefault(load.team, []).append(load)
    for load in {load.role: load for load in loads}.values():
        yield _for_function(load, of_team[load.team], rng)


def _for_function(load: Workload, peers: list[Workload], rng: random.Random) -> RoleDraft:
    attached = [managed.VPC_EXECUTION if rng.random() < 0.25 else managed.BASIC_EXECUTION]
    for chance, arn in (
        (0.20, policy_arn(f"{load.team}-tables")),
        (0.15, policy_arn(f"{load.team}-invoke")),
        (0.05, policy_arn("invoke-own-by-tag")),
        (0.03, policy_arn("invoke-shared-services")),
        (0.01, managed.INVOKE_ANY),
        (0.004, managed.FULL_LAMBDA),
    ):
        if rng.random() < chance:
            attached.append(arn)
    inline = {"access": document(list(storage(load, rng)))}
    calls = [*invocations(load, peers, rng), *denials(load, rng)]
    if calls:
        inline["calls"] = document(calls)
    tags = {"team": load.team, "stage": load.stage, "cost-center": f"cc-{rng.randint(100, 999)}"}
    return RoleDraft(
        name=load.role,
        trust=trusting({"Service": "lambda.amazonaws.com"}),
        inline=inline,
        attached=tuple(attached),
        boundary=policy_arn("workload-boundary") if rng.random() < 0.1 else "",
        tags=tags if rng.random() < 0.92 else {},
    )


def for_others(count: int, teams: list[str], loads: list[Workload], rng: random.Random) -> Iterator[RoleDraft]:
    """`count` roles that no function runs as, in a fixed mixture, spread over the teams."""
    makers = (_person, _person, _person, _pipeline, _state_machine, _server, _server, _retired, _person, _partner)
    for number, make in enumerate(islice(cycle(makers), count)):
        yield make(number, rng.choice(teams), loads, rng)


def _person(number: int, team: str, loads: list[Workload], rng: random.Random) -> RoleDraft:
    rails = tuple(policy_arn(name) for name in ("require-mfa", "office-network", "guard-rails") if rng.random() < 0.5)
    draw = rng.random()
    grants: tuple[str, ...] = (managed.READ_ONLY, policy_arn(f"{team}-develop"))
    if draw < 0.01:
        grants = (managed.ADMINISTRATOR,)
    elif draw < 0.04:
        grants = (managed.POWER_USER,)
    elif draw < 0.3:
        grants = (managed.READ_ONLY,)
    return RoleDraft(
        name=f"AWSReservedSSO_{team}-{number}_{rng.getrandbits(64):016x}",
        trust=trusting({"Federated": SIGN_ON}, ["sts:AssumeRoleWithSAML", "sts:TagSession"]),
        attached=grants + rails,
        boundary=policy_arn("developer-boundary") if rng.random() < 0.5 else "",
        tags={"team": team, "owner": team} if rng.random() < 0.7 else {},
        path=SIGN_ON_PATH,
    )


def _pipeline(number: int, team: str, loads: list[Workload], rng: random.Random) -> RoleDraft:
    subject = {"StringLike": {"token.actions.githubusercontent.com:sub": f"repo:example/{team}-*:ref:refs/heads/main"}}
    audience = {"StringEquals": {"token.actions.githubusercontent.com:aud": "sts.amazonaws.com"}}
    return RoleDraft(
        name=f"{team}-pipeline-{number}",
        trust=trusting({"Federated": GITHUB}, "sts:AssumeRoleWithWebIdentity", subject | audience),
        attached=(policy_arn(f"{team}-deploy"), policy_arn("guard-rails")),
        tags={"team": team},
    )


def _state_machine(number: int, team: str, loads: list[Workload], rng: random.Random) -> RoleDraft:
    steps = [function_arn(load.function) for load in rng.choices(loads, k=rng.randint(2, 6))]
    called = [arn for step in steps for arn in (step, f"{step}:*")]
    source = {"StringEquals": {"aws:SourceAccount": ACCOUNT}}
    return RoleDraft(
        name=f"{team}-steps-{number}",
        trust=trusting({"Service": "states.amazonaws.com"}, condition=source),
        inline={"steps": document([allow("lambda:InvokeFunction", called)])},
        tags={"team": team},
    )


def _server(number: int, team: str, loads: list[Workload], rng: random.Random) -> RoleDraft:
    calls = [allow("lambda:InvokeFunction", function_arn(rng.choice(loads).function))] if rng.random() < 0.3 else []
    return RoleDraft(
        name=f"{team}-server-{number}",
        trust=trusting({"Service": rng.choice(["ec2.amazonaws.com", "ecs-tasks.amazonaws.com"])}),
        inline={"server": document([*calls, allow("s3:GetObject", f"arn:aws:s3:::{team}-config/*")])},
        attached=(policy_arn(f"{team}-invoke"),) if rng.random() < 0.2 else (),
        tags={"team": team} if rng.random() < 0.8 else {},
    )


def _retired(number: int, team: str, loads: list[Workload], rng: random.Random) -> RoleDraft:
    """The execution role of a function that is gone."""
    gone = allow("dynamodb:GetItem", local_arn("dynamodb", f"table/{team}-retired-{number}"))
    return RoleDraft(
        name=f"{team}-retired-{number}-role",
        trust=trusting({"Service": "lambda.amazonaws.com"}),
        inline={"access": document([gone])},
        attached=(managed.BASIC_EXECUTION,),
    )


def _partner(number: int, team: str, loads: list[Workload], rng: random.Random) -> RoleDraft:
    guard = {"StringEquals": {"sts:ExternalId": f"partner-{number}"}} if rng.random() < 0.8 else None
    inside = rng.random() < 0.3
    who = ACCOUNT if inside else rng.choice(PARTNER_ACCOUNTS)
    return RoleDraft(
        name=f"{team}-{'shared' if inside else 'partner'}-{number}",
        trust=trusting({"AWS": f"arn:aws:iam::{who}:root"}, condition=None if inside else guard),
        inline={"calls": document([allow("lambda:InvokeFunction", function_arn(rng.choice(loads).function))])},
    )


def captured(draft: RoleDraft, rng: random.Random) -> Json:
    """The draft as an entry of `RoleDetailList`."""
    entry: Json = {
        "Path": draft.path,
        "RoleName": draft.name,
        "RoleId": identifier(rng, "AROA"),
        "Arn": role_arn(draft.name, draft.path),
        "CreateDate": moment(rng),
        "AssumeRolePolicyDocument": draft.trust,
        "InstanceProfileList": [],
        "RolePolicyList": [{"PolicyName": name, "PolicyDocument": text} for name, text in draft.inline.items()],
        "AttachedManagedPolicies": [{"PolicyName": arn.rpartition("/")[2], "PolicyArn": arn} for arn in draft.attached],
        "Tags": [{"Key": key, "Value": value} for key, value in draft.tags.items()],
        "RoleLastUsed": {"LastUsedDate": moment(rng), "Region": "eu-west-1"} if rng.random() < 0.8 else {},
    }
    if draft.boundary:
        entry["PermissionsBoundary"] = {"PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": draft.boundary}
    return entry
