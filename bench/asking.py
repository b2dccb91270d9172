"""Requests for the reference evaluator, in the form that `permcheck evaluate` reads, built from captures.

This is deliberately the plain way: every request carries its policies whole, as someone would ask who has nothing but
the evaluator.
"""

from __future__ import annotations

import json
import random
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Caller:
    """A user or role with everything attached to it."""

    arn: str
    identity_policies: list[Json]
    boundary: Json | None
    tags: dict[str, str]


@dataclass(frozen=True, slots=True)
class Captured:
    """What a folder of captures says about callers and functions; policies and tags by function ARN."""

    callers: list[Caller]
    functions: list[str]
    policies: dict[str, Json]
    tags: dict[str, dict[str, str]]

    @classmethod
    def read(cls, folder: Path) -> Captured:
        """Read a folder that `bench/generate.py` wrote."""
        details = _json(folder / "account-authorization-details.json")
        managed = {entry["Arn"]: _default_version(entry) for entry in details["Policies"]}
        groups = {group["GroupName"]: _own_policies(group, "Group", managed) for group in details["GroupDetailList"]}
        callers = [_caller(entry, "Role", managed, groups) for entry in details["RoleDetailList"]]
        callers += [_caller(entry, "User", managed, groups) for entry in details["UserDetailList"]]
        texts = [json.loads(_json(path)["Policy"]) for path in sorted((folder / "policies").glob("*.json"))]
        tagged = [_json(path) for path in sorted((folder / "functions").glob("*.json"))]
        return cls(
            callers,
            [entry["FunctionArn"] for entry in _json(folder / "functions.json")["Functions"]],
            # An alias's policy comes under the alias's ARN and so is not taken for the function's.
            {text["Statement"][0]["Resource"]: text for text in texts},
            {entry["Configuration"]["FunctionArn"]: entry["Tags"] for entry in tagged},
        )

    def sample(self, pairs: int, seed: int = 1) -> list[Json]:
        """`pairs` requests, each a caller and a function drawn at random."""
        rng = random.Random(seed)
        return [self.request(rng.choice(self.callers), rng.choice(self.functions)) for _ in range(pairs)]

    def request(self, caller: Caller, function: str) -> Json:
        """May the caller invoke the function? What the captures do not say is left open."""
        account = caller.arn.split(":")[4]
        context = {"aws:PrincipalArn": caller.arn, "aws:PrincipalAccount": account}
        context |= {f"aws:PrincipalTag/{key}": value for key, value in caller.tags.items()}
        context |= {f"aws:ResourceTag/{key}": value for key, value in self.tags.get(function, {}).items()}
        return {
            "principal": caller.arn,
            "action": "lambda:InvokeFunction",
            "resource": function,
            "context": context,
            "context_complete": False,
            "identity_policies": caller.identity_policies,
            "permissions_boundary": caller.boundary,
            "resource_policy": self.policies.get(function),
        }


def star_request(stars: int, turn: int) -> Json:
    """A request that no statement allows, and that a backtracking matcher never finishes.

    The pattern is `*a*a…*b` and the text is all `a`; it stands once in Resource and once in a StringLike condition. The
    turn makes each pattern new, so that a cache of compiled patterns does not hide the cost.
    """
    pattern, text = f"{turn}{'*a' * (stars - 1)}*b", f"{turn}{'a' * 2000}"
    arn = "arn:aws:lambda:eu-west-1:111122223333:function:"
    allow = {"Effect": "Allow", "Action": "lambda:InvokeFunction"}
    statements = [
        allow | {"Resource": arn + pattern},
        allow | {"Resource": "*", "Condition": {"StringLike": {"aws:UserAgent": pattern}}},
    ]
    return {
        "principal": "arn:aws:iam::111122223333:role/caller",
        "action": "lambda:InvokeFunction",
        "resource": arn + text,
        "context": {"aws:UserAgent": text},
        "identity_policies": [{"Version": "2012-10-17", "Statement": statements}],
    }


def _json(path: Path) -> Json:
    read: Json = json.loads(path.read_bytes())
    return read


def _default_version(entry: Json) -> Json:
    document: Json = next(version["Document"] for version in entry["PolicyVersionList"] if version["IsDefaultVersion"])
    return document


def _own_policies(entry: Json, kind: str, managed: dict[str, Json]) -> list[Json]:
    inline = [policy["PolicyDocument"] for policy in entry[f"{kind}PolicyList"]]
    return inline + [managed[policy["PolicyArn"]] for policy in entry["AttachedManagedPolicies"]]


def _caller(entry: Json, kind: str, managed: dict[str, Json], groups: dict[str, list[Json]]) -> Caller:
    policies = _own_policies(entry, kind, managed)
    policies += [policy for group in entry.get("GroupList", ()) for policy in groups[group]]
    boundary = entry.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn")
    tags = {tag["Key"]: tag["Value"] for tag in entry["Tags"]}
    return Caller(entry["Arn"], policies, managed[boundary] if boundary else None, tags)
