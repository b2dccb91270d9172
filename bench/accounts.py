"""The account's identities: what `aws iam get-account-authorization-details` prints for it."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable

from bench import roles
from bench.managed import READ_ONLY, managed_policies
from bench.names import ACCOUNT, Workload, function_arn, identifier, moment, policy_arn
from bench.statements import Json, allow, document


def authorization_details(
    drafts: Iterable[roles.RoleDraft], teams: list[str], loads: list[Workload], rng: random.Random
) -> Json:
    """All users, groups, roles and managed policies; a user for every fifty roles."""
    role_list = [roles.captured(draft, rng) for draft in drafts]
    groups = [_group(team, rng) for team in teams]
    users = [_user(number, rng.choice(teams), loads, rng) for number in range(len(role_list) // 50)]
    everyone = role_list + groups + users
    attached = Counter(policy["PolicyArn"] for entry in everyone for policy in entry["AttachedManagedPolicies"])
    bounding = Counter(
        entry["PermissionsBoundary"]["PermissionsBoundaryArn"] for entry in everyone if "PermissionsBoundary" in entry
    )
    return {
        "UserDetailList": users,
        "GroupDetailList": groups,
        "RoleDetailList": role_list,
        "Policies": managed_policies(teams, attached, bounding, rng),
    }


def _attached(arns: list[str]) -> list[Json]:
    return [{"PolicyName": arn.rpartition("/")[2], "PolicyArn": arn} for arn in arns]


def _group(team: str, rng: random.Random) -> Json:
    return {
        "Path": "/",
        "GroupName": f"{team}-developers",
        "GroupId": identifier(rng, "AGPA"),
        "Arn": f"arn:aws:iam::{ACCOUNT}:group/{team}-developers",
        "CreateDate": moment(rng),
        "GroupPolicyList": [],
        "AttachedManagedPolicies": _attached([policy_arn(f"{team}-develop"), policy_arn("require-mfa")]),
    }


def _user(number: int, team: str, loads: list[Workload], rng: random.Random) -> Json:
    """A user from before single sign-on: a person in a group, or a program with a key of its own."""
    person = rng.random() < 0.5
    name = f"{team}-person-{number}" if person else f"{team}-program-{number}"
    calls = document([allow("lambda:InvokeFunction", function_arn(rng.choice(loads).function))])
    entry: Json = {
        "Path": "/",
        "UserName": name,
        "UserId": identifier(rng, "AIDA"),
        "Arn": f"arn:aws:iam::{ACCOUNT}:user/{name}",
        "CreateDate": moment(rng),
        "UserPolicyList": [] if person else [{"PolicyName": "calls", "PolicyDocument": calls}],
        "GroupList": [f"{team}-developers"] if person else [],
        "AttachedManagedPolicies": _attached([READ_ONLY] if person else [policy_arn("legacy-invoke")]),
        "Tags": [{"Key": "team", "Value": team}],
    }
    if rng.random() < 0.3:
        entry["PermissionsBoundary"] = {
            "PermissionsBoundaryType": "Policy",
            "PermissionsBoundaryArn": policy_arn("developer-boundary"),
        }
    return entry
