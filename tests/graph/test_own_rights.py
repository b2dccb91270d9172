"""Who may give itself more: by its own policies, those attached to it, its groups', or its boundary.

IAM User Guide, "Permissions boundaries for IAM entities" and "Versioning IAM policies"; IAM API Reference,
"CreatePolicyVersion", "SetDefaultPolicyVersion", "DeleteRolePermissionsBoundary", "PutRolePermissionsBoundary".
"""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from permcheck.graph import questions
from permcheck.graph.own_rights import own_edits
from permcheck.graph.scene import Scene
from permcheck.graph.strength import Strength, strength
from permcheck.rules._examples import (
    ACCOUNT,
    Json,
    account,
    allow,
    attached,
    deny,
    managed_policy,
    role,
    role_arn,
    trust,
    user,
    user_arn,
    worker,
)
from permcheck.sources.files import load_texts
from tests.graph.replay import Replay

POLICY, LIMIT = (f"arn:aws:iam::{ACCOUNT}:policy/{name}" for name in ("shared", "ops-boundary"))
VERSION, OTHER = "iam:CreatePolicyVersion", "iam:SetDefaultPolicyVersion"
UNBIND, REBIND = "iam:DeleteRolePermissionsBoundary", "iam:PutRolePermissionsBoundary"
LEE: Json = trust({"AWS": user_arn("lee")})
READ = allow("dynamodb:Query")
EVERYTHING = allow("*")


def edits(captures: Mapping[str, Any], arn: str) -> list[tuple[str, str, str]]:
    """(action, verdict, worth) of every edit by which somebody gets more than it has."""
    scene = Scene(load_texts({name: json.dumps(value) for name, value in captures.items()}))
    found = own_edits(scene, scene.world.by_arn[arn])
    return [(edit.action, str(edit.decision.verdict), edit.worth.name) for edit in found]


def of_lee(*statements: Json, earlier: list[list[Json]] | None = None, own: tuple[Json, ...] = ()) -> Any:
    """The edits of user lee, who has one managed policy, and statements of its own."""
    policies = [managed_policy(POLICY, *(statements or (READ,)), earlier=earlier or [])]
    return edits(account(attached(user("lee", *own), POLICY), policies=policies), user_arn("lee"))


def of_ops(*statements: Json, bounded: list[Json] | None) -> Any:
    """The edits of role ops, under a boundary."""
    made = role("ops", *statements, trusts=LEE, boundary={"Statement": bounded} if bounded is not None else None)
    return edits(account(user("lee"), made), role_arn("ops"))


@pytest.mark.parametrize(
    ("resource", "found"),
    [
        (POLICY, [(VERSION, "allowed", "ADMINISTRATOR")]),
        (f"arn:aws:iam::{ACCOUNT}:policy/sha*", [(VERSION, "allowed", "ADMINISTRATOR")]),
        (f"arn:aws:iam::{ACCOUNT}:policy/other", []),
        (user_arn("lee"), []),
    ],
)
def test_a_new_version_of_a_policy_it_has(resource: str, found: object) -> None:
    """Whoever makes a version may put it in force with it: no other right is needed."""
    assert of_lee(own=(allow(VERSION, resource),)) == found


def test_a_policy_nobody_has_is_not_its_own() -> None:
    captures = account(user("lee", allow(VERSION, POLICY)), policies=[managed_policy(POLICY, READ)])
    assert edits(captures, user_arn("lee")) == []


def test_a_policy_of_aws_takes_no_versions() -> None:
    captures = account(attached(user("lee", allow(VERSION)), "arn:aws:iam::aws:policy/AWSLambda_ReadOnlyAccess"))
    assert VERSION not in [action for action, *_ in edits(captures, user_arn("lee"))]


@pytest.mark.parametrize(
    ("earlier", "found"),
    [
        ([], []),
        ([[READ]], []),
        ([[allow("s3:ListAllMyBuckets")], [EVERYTHING]], [(OTHER, "allowed", "ADMINISTRATOR")]),
        ([[allow("secretsmanager:GetSecretValue")]], [(OTHER, "allowed", "ALL_DATA")]),
        ([[allow("iam:PutRolePolicy")]], [(OTHER, "allowed", "IAM_WRITE")]),
        ([[EVERYTHING, deny("*")]], []),
    ],
)
def test_another_version_must_allow_more(earlier: list[list[Json]], found: object) -> None:
    assert of_lee(READ, allow(OTHER, POLICY), earlier=earlier) == found


def test_a_policy_of_its_group() -> None:
    captures = account(user("lee", allow("iam:PutGroupPolicy", f"arn:aws:iam::{ACCOUNT}:group/devs")))
    details = captures["account.json"]
    details["UserDetailList"][0]["GroupList"] = ["devs"]
    group = {"GroupName": "devs", "Arn": f"arn:aws:iam::{ACCOUNT}:group/devs", "GroupPolicyList": []}
    details["GroupDetailList"] = [group | {"AttachedManagedPolicies": []}]
    assert edits(captures, user_arn("lee")) == [("iam:PutGroupPolicy", "allowed", "ADMINISTRATOR")]
    details["UserDetailList"][0]["GroupList"] = []
    assert edits(captures, user_arn("lee")) == []


@pytest.mark.parametrize("action", ["iam:PutUserPolicy", "iam:AttachUserPolicy"])
def test_a_policy_of_its_own(action: str) -> None:
    assert of_lee(own=(allow(action, user_arn("lee")),)) == [(action, "allowed", "ADMINISTRATOR")]
    assert of_lee(own=(allow(action, user_arn("kim")),)) == []


def test_the_policy_it_may_attach_is_told() -> None:
    """IAM User Guide, "Available keys for IAM": iam:PolicyARN holds the policy that is attached."""
    certain = {"ArnEquals": {"iam:PolicyARN": "arn:aws:iam::aws:policy/AWSLambda_ReadOnlyAccess"}}
    assert of_lee(own=(allow("iam:AttachUserPolicy", user_arn("lee"), Condition=certain),)) == []


def test_the_boundary_it_has_is_told() -> None:
    """iam:PermissionsBoundary holds the boundary of who is edited: lee has none."""
    asked = {"StringEquals": {"iam:PermissionsBoundary": LIMIT}}
    assert of_lee(own=(allow("iam:PutUserPolicy", user_arn("lee"), Condition=asked),)) == []


@pytest.mark.parametrize(
    ("own", "bounded", "found"),
    [
        ([EVERYTHING], [READ, allow("iam:*")], None),
        ([EVERYTHING], [READ, allow(UNBIND)], [(UNBIND, "allowed", "ADMINISTRATOR")]),
        ([EVERYTHING], [READ, allow(REBIND)], [(REBIND, "allowed", "ADMINISTRATOR")]),
        ([EVERYTHING], [READ], []),
        ([EVERYTHING], [EVERYTHING, deny(UNBIND), deny("iam:*")], []),
        ([READ, allow(UNBIND)], [READ, allow(UNBIND)], []),
        ([READ, allow(UNBIND)], None, []),
        ([allow("dynamodb:*"), allow(UNBIND)], [READ, allow(UNBIND)], [(UNBIND, "allowed", "ALL_DATA")]),
        ([EVERYTHING], [READ, allow(VERSION, LIMIT)], [(VERSION, "allowed", "ADMINISTRATOR")]),
        ([EVERYTHING], [READ, allow("iam:PutRolePolicy", role_arn("ops"))], []),
        ([EVERYTHING], [allow("secretsmanager:*"), allow("iam:PutRolePolicy", role_arn("ops"))], []),
    ],
)
def test_a_boundary_that_holds_it_back(own: list[Json], bounded: list[Json] | None, found: object) -> None:
    if found is not None:
        assert of_ops(*own, bounded=bounded) == found
    else:
        assert (UNBIND, "allowed", "ADMINISTRATOR") in of_ops(*own, bounded=bounded)


def test_another_boundary_must_be_a_wider_one() -> None:
    """Where the boundary that is put is told, and is the one it has, nothing is gained."""
    same = {"StringEquals": {"iam:PermissionsBoundary": LIMIT}}
    rebinds = allow(REBIND, role_arn("ops"), Condition=same)
    assert of_ops(EVERYTHING, bounded=[READ, rebinds]) == []


def test_rid_of_its_boundary_it_gives_itself_the_rest() -> None:
    both = allow([UNBIND, "iam:PutRolePolicy"], role_arn("ops"))
    assert ("iam:PutRolePolicy", "allowed", "ADMINISTRATOR") in of_ops(READ, both, bounded=[READ, both])


def test_open_conditions_stay_open() -> None:
    there = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}
    found = of_lee(own=(allow(VERSION, POLICY, Condition=there),))
    assert found == [(VERSION, "conditional", "ADMINISTRATOR")]


def test_its_strength_and_its_paths() -> None:
    """Whoever surely may edit itself counts as an administrator, with a request that shows it."""
    captures = account(
        attached(worker("runs", allow(VERSION, POLICY)), POLICY),
        user("lee", allow("lambda:InvokeFunction")),
        functions={"orders": "runs"},
        policies=[managed_policy(POLICY, READ)],
    )
    texts = {name: json.dumps(value) for name, value in captures.items()}
    facts = load_texts(texts)
    scene = Scene(facts)
    assert strength(scene, scene.world.by_arn[role_arn("runs")]) is Strength.IAM_WRITE
    (found,) = questions.paths(facts, "lee", "admin").paths
    assert [edge.kind for edge in found.edges] == ["invokes", "runs as", "can make itself administrator of"]
    witness = found.edges[-1].witness
    assert witness is not None and (witness["action"], witness["resource"]) == (VERSION, POLICY)
    assert Replay(texts, facts).verdict(witness) == "allowed"
    assert [b.location.source for b in found.edges[-1].because] == ["account.json"]
