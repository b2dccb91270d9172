"""Whoever makes a function run as a stronger role: what it takes, and what takes it away."""

from __future__ import annotations

import json
from typing import Any

import pytest

from permcheck.rules._examples import (
    ACCOUNT,
    OTHER,
    REGION,
    Json,
    account,
    allow,
    deny,
    document,
    function_arn,
    role,
    role_arn,
    table_arn,
    trust,
    user,
    worker,
)
from tests.rules.auditing import Files
from tests.rules.path_asking import LEE, nodes, only, replayed, report, told

PASS, CREATE, INVOKE = "iam:PassRole", "lambda:CreateFunction", "lambda:InvokeFunction"
ADD, PUT, MAP = "lambda:AddPermission", "lambda:PutResourcePolicy", "lambda:CreateEventSourceMapping"
URL, INVOKE_URL = "lambda:CreateFunctionUrlConfig", "lambda:InvokeFunctionUrl"
ADMIN = worker("admin-role", managed=["AdministratorAccess"])
ORDERS = worker("orders-role", allow("dynamodb:Query", table_arn("Orders")))
QUEUE = f"arn:aws:sqs:{REGION}:{ACCOUNT}:jobs"
POLLS = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]
MFA = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}


def lee(*statements: Json, **more: Any) -> Json:
    """Lee with these statements, in an account where a role for Lambda is administrator, and one reads orders."""
    return account(ADMIN, ORDERS, user("lee", *statements), **more)


# what it takes


@pytest.mark.parametrize(
    "statements",
    [
        [allow([PASS, CREATE, INVOKE])],
        [allow("iam:Pass*"), allow("lambda:*")],
        [allow(PASS, role_arn("admin-role")), allow([CREATE, INVOKE], function_arn("lee-*"))],
        [allow(PASS, role_arn("admin-*")), allow(CREATE, function_arn("*")), allow("lambda:Invoke*")],
        [allow(PASS), allow(CREATE, function_arn("dev-*")), allow(INVOKE, function_arn("*-api"))],
        [allow(PASS), allow(CREATE, function_arn("one")), allow(INVOKE, function_arn("one"))],
        [allow(PASS), allow(CREATE, "arn:aws:lambda:us-east-1:*:function:a*"), allow(INVOKE)],
        [allow(PASS, Condition={"StringEquals": {"iam:PassedToService": "lambda.amazonaws.com"}}), allow("lambda:*")],
    ],
    ids=str,
)
def test_pass_create_invoke(statements: list[Json]) -> None:
    captures = lee(*statements)
    finding = only(captures, "PC301")
    assert finding.severity == "critical"
    assert nodes(finding)[-2:] == [("role", "admin-role"), ("admin", "everything in the account")]
    assert replayed(captures, finding) == "allowed"


@pytest.mark.parametrize(
    ("statements", "rule"),
    [
        ([ADD], "PC302"),
        ([PUT], "PC302"),
        ([ADD, URL, INVOKE_URL], "PC302"),
        ([INVOKE, ADD, PUT, MAP, URL], "PC301"),
    ],
)
def test_the_plainest_way_to_run_it_is_told_alone(statements: list[str], rule: str) -> None:
    assert told(lee(allow(PASS), allow([CREATE, *statements]))) == [(rule, "critical")]


def test_no_way_to_run_it_is_no_finding() -> None:
    assert told(lee(allow([PASS, CREATE, "lambda:UpdateFunctionCode"]))) == []


def test_put_resource_policy_alone_is_less_sure() -> None:
    assert only(lee(allow([PASS, CREATE, PUT])), "PC302").confidence == "medium"
    assert only(lee(allow([PASS, CREATE, ADD])), "PC302").confidence == "high"


@pytest.mark.parametrize("principal", ["*", ACCOUNT, f"arn:aws:iam::{ACCOUNT}:user/lee"])
def test_a_grant_that_may_name_the_caller(principal: str) -> None:
    narrowed = allow(ADD, Condition={"StringEquals": {"lambda:Principal": principal}})
    assert told(lee(allow([PASS, CREATE]), narrowed)) == [("PC302", "critical")]


def test_a_grant_to_a_service_alone_lets_nobody_in() -> None:
    narrowed = allow(ADD, Condition={"StringEquals": {"lambda:Principal": "events.amazonaws.com"}})
    assert told(lee(allow([PASS, CREATE]), narrowed)) == []


# queues and streams


def fed(*statements: Json, reads: list[str] | None = None, **more: Any) -> Json:
    """Lee makes functions and mappings; the role reads a queue and every secret."""
    reader = worker("reader-role", allow("secretsmanager:GetSecretValue"), allow(reads or POLLS, QUEUE))
    lee_too = user("lee", allow(PASS), allow([CREATE, MAP]), *statements)
    return account(reader, lee_too, **more)


def test_a_queue_that_is_written_and_read() -> None:
    captures = fed(allow("sqs:SendMessage", QUEUE))
    assert only(captures, "PC303").severity == "high"


@pytest.mark.parametrize("missing", POLLS)
def test_a_mapping_that_lacks_a_right_does_not_work(missing: str) -> None:
    assert told(fed(allow("sqs:SendMessage", QUEUE), reads=[a for a in POLLS if a != missing])) == []


def test_a_queue_that_another_function_reads_has_records_anyway() -> None:
    mapping = {
        "UUID": "a1",
        "EventSourceArn": QUEUE,
        "FunctionArn": function_arn("old"),
        "State": "Enabled",
    }
    captures = {**fed(functions={"old": "reader-role"}), "mappings.json": {"EventSourceMappings": [mapping]}}
    finding = only(captures, "PC303")
    assert finding.confidence == "high"


def test_a_mapping_held_to_other_functions() -> None:
    reader = worker("reader-role", allow("secretsmanager:GetSecretValue"), allow(POLLS, QUEUE))
    held = {"ArnLike": {"lambda:FunctionArn": function_arn("shop-*")}}
    statements = (allow(PASS), allow(CREATE, function_arn("lee-*")), allow("sqs:SendMessage", QUEUE))
    assert told(account(reader, user("lee", *statements, allow(MAP, Condition=held)))) == []
    assert told(account(reader, user("lee", *statements, allow(MAP)))) == [("PC303", "high")]


# what takes it away


@pytest.mark.parametrize(
    "statements",
    [
        [allow([PASS, CREATE, INVOKE]), deny(PASS)],
        [allow([PASS, CREATE, INVOKE]), deny("lambda:Create*")],
        [allow([PASS, CREATE, INVOKE]), deny(PASS, role_arn("*"))],
        [allow(PASS, Condition={"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}}), allow("lambda:*")],
        [allow(PASS), allow(CREATE, function_arn("dev-*")), allow(INVOKE, function_arn("prod-*"))],
        [allow(PASS, role_arn("nobody")), allow([CREATE, INVOKE])],
        [allow([CREATE, INVOKE])],
        [allow([PASS, INVOKE])],
    ],
    ids=str,
)
def test_one_part_missing(statements: list[Json]) -> None:
    assert [rule for rule, _ in told(lee(*statements)) if rule < "PC305"] == []


def test_a_boundary_of_the_caller() -> None:
    bounded = role("lee", allow([PASS, CREATE, INVOKE]), trusts=trust(LEE), boundary=document(allow("lambda:*")))
    assert told(account(ADMIN, bounded)) == []


def test_a_role_that_does_not_trust_lambda() -> None:
    human = role("admin-role", managed=["AdministratorAccess"], trusts=trust(LEE))
    assert told(account(human, user("lee", allow([PASS, CREATE, INVOKE])))) == []


def test_a_role_whose_boundary_leaves_nothing() -> None:
    bounded = worker("admin-role", managed=["AdministratorAccess"], boundary=document(allow("logs:*")))
    assert told(account(bounded, user("lee", allow([PASS, CREATE, INVOKE])))) == []


def test_a_function_of_that_name_is_there_already() -> None:
    statements = (allow(PASS), allow([CREATE, INVOKE], function_arn("old")))
    assert told(lee(*statements, functions={"old": "orders-role"})) == []


def test_nothing_is_gained() -> None:
    own = allow("dynamodb:Query", table_arn("Orders"))
    assert told(account(ORDERS, user("lee", own, allow([PASS, CREATE, INVOKE])))) == []
    assert told(account(ADMIN, user("lee", allow("*")))) == []


def test_an_administrator_who_may_not_do_the_rest_of_iam_gains_it() -> None:
    power = user("lee", allow("*"), deny("iam:*"))
    assert told(account(ADMIN, power)) == []


# how bad it is


@pytest.mark.parametrize(
    ("gives", "severity"),
    [
        (allow("*"), "critical"),
        (allow("iam:AttachUserPolicy"), "critical"),
        (allow("s3:GetObject"), "high"),
        (allow("kms:Decrypt"), "high"),
        (allow("dynamodb:GetItem", table_arn("Orders")), "medium"),
    ],
    ids=str,
)
def test_the_severity_follows_what_the_role_gives(gives: Json, severity: str) -> None:
    captures = account(worker("strong", gives), user("lee", allow([PASS, CREATE, INVOKE])))
    assert told(captures) == [("PC301", severity)]


@pytest.mark.parametrize("narrowed", [PASS, CREATE, INVOKE])
def test_a_condition_that_narrows_is_listed_and_lowers_it(narrowed: str) -> None:
    others = [a for a in (PASS, CREATE, INVOKE) if a != narrowed]
    finding = only(lee(allow(others), allow(narrowed, Condition=MFA)), "PC301")
    assert finding.severity == "high"
    assert [c["key"] for c in finding.conditions] == ["aws:MultiFactorAuthPresent"]


def test_what_the_caller_chooses_itself_narrows_nothing() -> None:
    network = {"StringEquals": {"lambda:VpcIds": "vpc-0123456789abcdef0"}}
    assert only(lee(allow([PASS, INVOKE]), allow(CREATE, Condition=network)), "PC301").severity == "critical"


def test_code_that_has_to_be_signed_is_no_code_of_the_callers() -> None:
    signed = {"ArnEquals": {"lambda:CodeSigningConfigArn": f"arn:aws:lambda:{REGION}:{ACCOUNT}:code-signing-config:a"}}
    assert told(lee(allow([PASS, INVOKE]), allow(CREATE, Condition=signed))) == []


# who is told


def test_the_path_begins_with_whoever_can_become_the_caller() -> None:
    maker = role("maker", allow([PASS, CREATE, INVOKE]), trusts=trust(LEE))
    finding = only(account(ADMIN, maker, user("lee")), "PC301")
    assert nodes(finding)[:3] == [("user", "lee"), ("role", "maker"), ("function", "of its own making")]
    assert any("lets lee assume maker" in place.note for place in finding.locations)


def test_statements_of_both_sides_are_shown() -> None:
    finding = only(lee(allow(PASS), allow(CREATE), allow(INVOKE)), "PC301")
    notes = [place.note for place in finding.locations]
    assert notes[:3] == ["allows passing admin-role", "allows creating a function", "allows invoking it"]
    assert "lets Lambda run functions as admin-role" in notes
    assert "what admin-role reaches" in notes


def test_of_a_function_it_is_told_as_of_a_function() -> None:
    captures = account(ADMIN, worker("front-role", allow([PASS, CREATE, INVOKE])), functions={"front": "front-role"})
    finding = only(captures, "PC326")
    assert finding.severity == "critical"
    assert nodes(finding)[0] == ("function", "front")


def test_deploy_roles_are_explained() -> None:
    made = report(lee(allow([PASS, CREATE, INVOKE])), deploy_roles=["lee"])
    assert not made.findings
    assert [(s.finding.rule, s.reason) for s in made.suppressed] == [("PC301", "deploy_roles names it")]


def test_a_role_of_another_account_is_not_passed() -> None:
    foreign = {**ADMIN, "Arn": f"arn:aws:iam::{OTHER}:role/admin-role"}
    assert told(account(foreign, user("lee", allow([PASS, CREATE, INVOKE])))) == []


def test_a_policy_on_its_own_has_no_role_to_pass() -> None:
    assert told({"loose.json": document(allow([PASS, CREATE, INVOKE]))}) == []


def test_the_same_in_another_partition() -> None:
    text = json.dumps(lee(allow([PASS, CREATE, INVOKE])))
    captures: Files = json.loads(text.replace("arn:aws:", "arn:aws-us-gov:").replace(REGION, "us-gov-west-1"))
    assert told(captures) == [("PC301", "critical")]
