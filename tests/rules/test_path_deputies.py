"""Functions that may edit whoever has them invoked."""

from __future__ import annotations

from typing import Any

import pytest

from permcheck.rules._examples import (
    ACCOUNT,
    OTHER,
    Json,
    account,
    allow,
    deny,
    document,
    function_arn,
    role,
    role_arn,
    trust,
    user,
    user_arn,
    worker,
)
from tests.rules.path_asking import findings, nodes, only, replayed, report, told

INVOKE, CODE = "lambda:InvokeFunction", "lambda:UpdateFunctionCode"
BEA = trust({"AWS": user_arn("bea")})
CALLS = allow(INVOKE, function_arn("badges"))
TEAM_POLICY = f"arn:aws:iam::{ACCOUNT}:policy/team"


def badges(edits: Json, *callers: Json, **more: Any) -> Json:
    """A function whose role has one statement, and its callers."""
    return account(worker("badges-role", edits), *callers, functions={"badges": "badges-role"}, **more)


def bea(*statements: Json, **more: Any) -> Json:
    """The user, with more elements of what the CLI prints."""
    return {**user("bea", *statements), **more}


@pytest.mark.parametrize("action", ["iam:AttachUserPolicy", "iam:PutUserPolicy", "iam:*UserPolicy", "iam:*"])
def test_rights_for_the_user(action: str) -> None:
    captures = badges(allow(action, user_arn("bea")), bea(CALLS))
    finding = only(captures, "PC313")
    assert finding.severity == "critical"
    assert "if the function can be made to" in finding.message
    assert nodes(finding)[-1] == ("user", "bea")
    assert replayed(captures, finding) == "allowed"


@pytest.mark.parametrize("action", ["iam:CreateAccessKey", "iam:UpdateLoginProfile", "iam:GetUser", "iam:DeleteUser"])
def test_what_gives_the_user_nothing_it_has_not(action: str) -> None:
    assert told(badges(allow(action, user_arn("bea")), bea(CALLS))) == []


@pytest.mark.parametrize(
    "resource", [user_arn("bea"), user_arn("b*"), "arn:aws:iam::*:user/bea", "arn:aws:iam::*:user/?ea"]
)
def test_however_the_user_is_named(resource: str) -> None:
    assert told(badges(allow("iam:AttachUserPolicy", resource), bea(CALLS))) == [("PC313", "critical")]


@pytest.mark.parametrize("resource", [user_arn("tom"), user_arn("team/bea"), f"arn:aws:iam::{OTHER}:user/bea"])
def test_somebody_else_is_named(resource: str) -> None:
    assert told(badges(allow("iam:AttachUserPolicy", resource), bea(CALLS))) == []


def test_a_deny_on_the_edit_or_the_call() -> None:
    edit = allow("iam:AttachUserPolicy", user_arn("bea"))
    assert told(badges(edit, bea(CALLS, deny(INVOKE)))) == []
    denied = worker("badges-role", edit, deny("iam:*", user_arn("bea")))
    assert told(account(denied, bea(CALLS), functions={"badges": "badges-role"})) == []


def test_a_group_the_user_is_in() -> None:
    captures = badges(
        allow("iam:PutGroupPolicy", f"arn:aws:iam::{ACCOUNT}:group/staff"), bea(CALLS, GroupList=["staff"])
    )
    group = {"GroupName": "staff", "Arn": f"arn:aws:iam::{ACCOUNT}:group/staff", "GroupPolicyList": []}
    captures["account.json"]["GroupDetailList"] = [{**group, "AttachedManagedPolicies": []}]
    assert "group/staff" in only(captures, "PC313").message


def test_a_policy_the_user_has() -> None:
    attached = [{"PolicyName": "team", "PolicyArn": TEAM_POLICY}]
    captures = badges(allow("iam:CreatePolicyVersion", TEAM_POLICY), bea(CALLS, AttachedManagedPolicies=attached))
    version = {"VersionId": "v1", "IsDefaultVersion": True, "Document": document(allow("s3:ListAllMyBuckets"))}
    policy = {"PolicyName": "team", "Arn": TEAM_POLICY, "DefaultVersionId": "v1", "PolicyVersionList": [version]}
    captures["account.json"]["Policies"] = [policy]
    assert "policy/team" in only(captures, "PC313").message
    without = badges(allow("iam:CreatePolicyVersion", TEAM_POLICY), bea(CALLS))
    assert told(without) == []


def test_a_role_that_calls_and_is_edited() -> None:
    runner = role("runner", CALLS, trusts=BEA)
    captures = badges(allow("iam:PutRolePolicy", role_arn("runner")), runner, bea())
    finding = only(captures, "PC313")
    assert finding.resource == role_arn("runner")


def test_a_user_who_calls_as_a_role_it_can_assume() -> None:
    runner = role("runner", CALLS, trusts=BEA)
    captures = badges(allow("iam:AttachUserPolicy", user_arn("bea")), runner, bea())
    assert [name for _, name in nodes(only(captures, "PC313"))] == ["bea", "runner", "badges", "badges-role", "bea"]


def test_what_the_user_may_assume_elsewhere_is_beside_the_point() -> None:
    """A trust policy that names the user is enough within the account, whatever the user's own statement names."""
    runner = role("runner", CALLS, trusts=BEA)
    elsewhere = allow("sts:AssumeRole", f"arn:aws:iam::{OTHER}:role/runner")
    assert told(badges(allow("iam:AttachUserPolicy", user_arn("bea")), runner, bea(elsewhere))) == [
        ("PC313", "critical")
    ]


def test_a_role_that_only_the_account_is_trusted_with() -> None:
    runner = role("runner", CALLS, trusts=trust({"AWS": ACCOUNT}))
    edit = allow("iam:AttachUserPolicy", user_arn("bea"))
    assert told(badges(edit, runner, bea())) == []
    assert told(badges(edit, runner, bea(allow("sts:AssumeRole", role_arn("runner"))))) == [("PC313", "critical")]


@pytest.mark.parametrize(
    ("key", "value"),
    [("iam:PolicyARN", f"arn:aws:iam::{ACCOUNT}:policy/badge"), ("iam:PermissionsBoundary", TEAM_POLICY)],
)
def test_a_condition_on_what_is_given(key: str, value: str) -> None:
    edit = allow("iam:AttachUserPolicy", user_arn("bea"), Condition={"ArnEquals": {key: value}})
    assert told(badges(edit, bea(CALLS))) == []


def bounded(limit: Json, *edits: Json) -> Json:
    """Bea under a permissions boundary."""
    arn = f"arn:aws:iam::{ACCOUNT}:policy/limit"
    version = {"VersionId": "v1", "IsDefaultVersion": True, "Document": document(limit)}
    policy = {"PolicyName": "limit", "Arn": arn, "DefaultVersionId": "v1", "PolicyVersionList": [version]}
    held = {"PermissionsBoundary": {"PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": arn}}
    captures = account(worker("badges-role", *edits), bea(CALLS, **held), functions={"badges": "badges-role"})
    captures["account.json"]["Policies"] = [policy]
    return captures


@pytest.mark.parametrize(
    ("limit", "severity"),
    [
        (allow("*"), "critical"),
        (allow(["lambda:*", "iam:*"]), "critical"),
        (allow(["lambda:*", "s3:*"]), "high"),
        (allow(["lambda:*", "sns:*"]), "medium"),
    ],
    ids=str,
)
def test_no_more_than_its_boundary_leaves(limit: Json, severity: str) -> None:
    finding = only(bounded(limit, allow("iam:AttachUserPolicy", user_arn("bea"))), "PC313")
    assert finding.severity == severity
    assert ("within its permissions boundary" in finding.message) is (limit["Action"] != "*")


def test_a_boundary_that_the_function_takes_away() -> None:
    edits = allow(["iam:AttachUserPolicy", "iam:DeleteUserPermissionsBoundary"], user_arn("bea"))
    assert only(bounded(allow("lambda:*"), edits), "PC313").severity == "critical"


def test_a_function_that_edits_everybody_has_its_own_finding_as_far_as_all_may_call_it() -> None:
    everybody = allow("iam:PutUserPolicy")
    assert told(badges(everybody, bea(CALLS))) == [("PC313", "critical")]
    assert told(badges(everybody, bea(allow(INVOKE)))) == []


def test_whoever_may_rewrite_the_function_needs_no_favour() -> None:
    edit = allow("iam:AttachUserPolicy", user_arn("bea"))
    assert told(badges(edit, bea(CALLS, allow(CODE, function_arn("badges"))))) == []


def test_an_administrator_is_given_nothing() -> None:
    assert told(badges(allow("iam:AttachUserPolicy", user_arn("bea")), bea(allow("*")))) == []


def test_no_function_runs_as_the_role() -> None:
    assert told(account(worker("badges-role", allow("iam:AttachUserPolicy", user_arn("bea"))), bea(CALLS))) == []


def test_a_conditional_call_is_one_step_less() -> None:
    mfa = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}
    called = bea(allow(INVOKE, function_arn("badges"), Condition=mfa))
    finding = only(badges(allow("iam:AttachUserPolicy", user_arn("bea")), called), "PC313")
    assert finding.severity == "high"
    assert [c["key"] for c in finding.conditions] == ["aws:MultiFactorAuthPresent"]


def test_configuration() -> None:
    captures = badges(allow("iam:AttachUserPolicy", user_arn("bea")), bea(CALLS))
    made = report(captures, deploy_roles=["bea"])
    assert not made.findings
    assert [s.reason for s in made.suppressed] == ["deploy_roles names it"]
    assert len(findings(captures)) == 1
