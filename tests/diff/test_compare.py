"""What opens and what closes between two accounts; and that a policy written in another way is no difference."""

from typing import Any

import pytest

from permcheck.config import Config, PublicFunction
from permcheck.model import Change, Verdict
from tests.diff.asking import READ, account, compared, nothing
from tests.sources.captures import ACCOUNT, FUNCTION, OTHER, Json, document, inline, role, statement
from tests.sources.captures import details as listed

ANY = {"Sid": "open", "Effect": "Allow", "Principal": "*", "Action": "lambda:InvokeFunction", "Resource": FUNCTION}
ROLE = f"arn:aws:iam::{ACCOUNT}:role/resize-role"


def split() -> tuple[Json, ...]:
    """READ, as four statements in another order."""
    return tuple(
        {"Sid": f"s{action[3:]}{i}", "Effect": "Allow", "Action": action, "Resource": resource}
        for i, resource in enumerate(reversed(READ["Resource"]))
        for action in reversed(READ["Action"])
    )


@pytest.mark.parametrize(
    "own",
    [
        split(),
        (READ, READ),
        (READ, {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::a/b/*"}),
        ({**READ, "Action": ["S3:getobject", "s3:ListBucke?"]},),
        (READ, {"Effect": "Deny", "Action": "s3:PutObject", "Resource": "*"}),
    ],
    ids=["split", "twice", "a part again", "by wildcard", "a Deny of what nothing allows"],
)
def test_what_decides_the_same_is_no_difference(own: tuple[Json, ...]) -> None:
    assert nothing(compared(account(), account(*own)))
    assert nothing(compared(account(*own), account()))


def test_a_statement_moved_to_another_policy_is_no_difference() -> None:
    old = account(*split())
    two = [inline("x", document(*split()[:2])), inline("y", document(*split()[2:]))]
    new = {**old, "iam.json": {**old["iam.json"], "RoleDetailList": [
        role(RolePolicyList=two), old["iam.json"]["RoleDetailList"][1],
    ]}}  # fmt: skip
    assert nothing(compared(old, new))


def test_a_new_caller_from_outside() -> None:
    found = compared(account(), account(public=ANY))
    caller, inside = found.callers
    assert (inside.kind, inside.name, inside.severity) == ("role", ROLE, "low")  # "other" might call it before
    assert (caller.change, caller.severity, caller.kind, caller.name) == (Change.NEW, "high", "aws", "*")
    assert (caller.old_verdict, caller.new_verdict) == (Verdict.DENIED, Verdict.ALLOWED)
    assert caller.old is None and caller.new is not None
    (reason,) = caller.new.because
    assert (reason.location.source, reason.location.sid) == ("get-policy.resize.json", "open")
    assert [(change.change, change.new and change.new.rule) for change in found.findings] == [(Change.NEW, "PC101")]
    assert not found.reach


def test_the_other_way_round_it_is_lost() -> None:
    found = compared(account(public=ANY), account())
    assert [(c.change, c.old_verdict, c.new_verdict) for c in found.callers] == [
        (Change.LOST, Verdict.ALLOWED, Verdict.DENIED)
    ] * 2
    assert {change.change for change in found.changes} == {Change.LOST}


IP = {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}
MFA = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}


@pytest.mark.parametrize(
    ("old", "new", "change"),
    [
        ({}, IP, Change.NARROWER),
        (IP, {}, Change.WIDER),
        (IP, {**IP, **MFA}, Change.NARROWER),
        ({**IP, **MFA}, IP, Change.WIDER),
        (IP, {"IpAddress": {"aws:SourceIp": "0.0.0.0/0"}}, Change.OTHER),
        (IP, {"IpAddress": {"AWS:sourceip": ["203.0.113.0/24"]}}, None),
    ],
)
def test_conditions(old: Json, new: Json, change: Change | None) -> None:
    one, two = (account({**READ, **({"Condition": condition} if condition else {})}) for condition in (old, new))
    assert {each.change for each in compared(one, two).reach} == ({change} if change else set())
    one, two = (account(public={**ANY, **({"Condition": condition} if condition else {})}) for condition in (old, new))
    assert {each.change for each in compared(one, two).callers} == ({change} if change else set())


def test_new_and_lost_reach_with_its_statements() -> None:
    moved = {**READ, "Resource": ["arn:aws:s3:::b/*", "arn:aws:s3:::a"]}
    found = compared(account(), account(moved))
    said = {(each.change, each.resources): each for each in found.reach}
    assert set(said) == {(Change.NEW, "arn:aws:s3:::b/*"), (Change.LOST, "arn:aws:s3:::a/*")}
    come = said[Change.NEW, "arn:aws:s3:::b/*"]
    assert come.actions == ("s3:GetObject", "s3:ListBucket")
    assert (come.principal, come.functions) == (ROLE, (FUNCTION,))
    assert [reason.location.source for reason in come.because] == ["iam.json"]
    assert not found.callers


@pytest.mark.parametrize(
    "limit",
    [
        {"PermissionsBoundary": {"PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": "LIMIT"}},
        {"RolePolicyList": [inline("own", document(READ, {**READ, "Effect": "Deny", "Action": "s3:GetObject"}))]},
    ],
    ids=["a boundary", "a Deny"],
)
def test_what_another_layer_takes_away_is_lost(limit: Json) -> None:
    arn = f"arn:aws:iam::{ACCOUNT}:policy/limit"
    boundary = document({**READ, "Action": "s3:ListBucket"})
    policies = [{"PolicyName": "limit", "Arn": arn, "DefaultVersionId": "v1", "PolicyVersionList": [
        {"Document": boundary, "VersionId": "v1", "IsDefaultVersion": True}]}]  # fmt: skip
    old = account()
    text: Any = {key: ({**v, "PermissionsBoundaryArn": arn} if isinstance(v, dict) else v) for key, v in limit.items()}
    first, second = old["iam.json"]["RoleDetailList"]
    new = {**old, "iam.json": {**listed({**first, **text}, second), "Policies": policies}}
    lost = [each for each in compared(old, new).reach if each.principal == ROLE]
    assert {each.change for each in lost} == {Change.LOST}
    assert {action for each in lost for action in each.actions} == {"s3:GetObject"}


def test_a_deny_of_a_part_is_lost_reach() -> None:
    every = {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}
    part = {"Effect": "Deny", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::prod/*"}
    (lost,) = compared(account(every), account(every, part)).reach
    assert (lost.change, lost.actions, lost.resources) == (Change.LOST, ("s3:GetObject",), "arn:aws:s3:::prod/*")


def test_a_role_that_is_new() -> None:
    old, new = account(), account()
    new["iam.json"] = {**new["iam.json"], "RoleDetailList": [
        *new["iam.json"]["RoleDetailList"],
        role("third", RolePolicyList=[inline("all", document(statement(Action="*")))]),
    ]}  # fmt: skip
    found = compared(old, new)
    assert {each.principal.rpartition("/")[2] for each in found.reach} == {"third"}
    assert {each.resources for each in found.reach} == {"*"} and {each.severity for each in found.reach} == {"medium"}
    assert [(c.kind, c.name.rpartition("/")[2], c.severity) for c in found.callers] == [("role", "third", "low")]
    admin = [each for each in found.paths if each.new and each.new.nodes[-1].kind == "admin"]
    assert [(each.change, each.severity, each.new and each.new.nodes[0].name) for each in admin] == [
        (Change.NEW, "high", "third")
    ]
    assert all(each.change.opens for each in found.changes)


def test_a_path_from_outside_to_everything() -> None:
    star = statement(Action="*")
    found = compared(account(star), account(star, public=ANY))
    paths = [(each.severity, each.new and [node.kind for node in each.new.nodes]) for each in found.paths]
    assert ("critical", ["aws", "function", "role", "admin"]) in paths
    assert all(each.new and each.new.edges[0].because for each in found.paths)


def test_a_finding_that_grows_worse() -> None:
    old, new = (Config(select=("PC101",), severity={"PC101": severity}) for severity in ("low", "critical"))
    from permcheck.diff.findings import findings
    from permcheck.engine import audit
    from tests.sources.captures import read

    was, now = (audit(read(account(public=ANY)), config).findings for config in (old, new))
    assert [(c.change, c.severity) for c in findings(was, now)] == [(Change.WIDER, "critical")]
    assert [(c.change, c.severity) for c in findings(now, was)] == [(Change.NARROWER, "low")]
    assert not list(findings(was, was))


def test_a_door_that_leads_elsewhere_is_no_new_finding() -> None:
    skill = {**ANY, "Principal": {"Service": "alexa-appkit.amazon.com"}}
    only = Config(select=("PC108",))
    some, every, none = (
        account(own, public=skill) for own in (READ, statement(Action="s3:GetObject"), {**READ, "Effect": "Deny"})
    )
    assert [each.change for each in compared(some, every, only).findings] == [Change.OTHER]
    assert [each.change for each in compared(every, none, only).findings] == [Change.NARROWER]
    assert [each.change for each in compared(some, account(), only).findings] == [Change.LOST]


def test_of_two_equal_findings_the_second_is_new() -> None:
    wrong = {"Effect": "Allow", "Action": "s3:GetObjects", "Resource": "*"}
    also = {**wrong, "Action": "s3:PutObjects"}
    found = compared(account(wrong), account(also, wrong), Config(select=("PC001",)))
    (change,) = found.findings
    assert change.change is Change.NEW and change.new is not None and "PutObjects" in change.new.message


def test_what_is_meant_to_be_weighs_nothing() -> None:
    told = Config(public_functions=(PublicFunction("resize", "a shop window"),))
    assert [each.severity for each in compared(account(), account(public=ANY), told).callers] == ["info", "info"]
    partner = {**ANY, "Principal": {"AWS": OTHER}}
    assert [each.severity for each in compared(account(), account(public=partner)).callers] == ["low"]
    trusted = Config(trusted_accounts=frozenset({OTHER}))
    assert [each.severity for each in compared(account(), account(public=partner), trusted).callers] == ["info"]


def test_two_files_of_one_policy_each() -> None:
    old = {"before.json": document(statement(Action="s3:GetObject", Resource="arn:aws:s3:::a/*"))}
    new = {"after.json": document(statement(Action="s3:*", Resource="arn:aws:s3:::a/*"))}
    assert nothing(compared(old, {"after.json": old["before.json"]}))
    found = compared(old, new)
    assert {each.change for each in found.reach} == {Change.NEW}
    assert "s3:PutObject" in found.reach[0].actions and "s3:GetObject" not in found.reach[0].actions
    assert found.reach[0].because[0].location.source == "after.json"


def test_what_could_not_be_read_is_told_of_both() -> None:
    found = compared({**account(), "cut.json": "{"}, {**account(), "gone.json": "["})
    assert {gap.source for gap in found.not_read} == {"cut.json", "gone.json"}
