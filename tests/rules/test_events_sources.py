"""Event sources: who else may write there, what the role lacks, and which calls are refused."""

from __future__ import annotations

import json
from typing import Any

import pytest

from permcheck.rules._examples import (
    ACCOUNT,
    OTHER,
    Json,
    account,
    allow,
    document,
    function_arn,
    role,
    role_arn,
    trust,
    worker,
)
from permcheck.rules.invoke._front_examples import LETS_TOPIC_IN, QUEUE, TOPIC, polled, subscribed
from permcheck.rules.invoke._grants import ORG, captured, grant, own, service, source
from permcheck.rules.invoke._pool_examples import USERS_ARN, users
from tests.rules.auditing import found, report

OPEN, LACKS, REFUSED, POWERFUL, WIDE = "PC174", "PC175", "PC176", "PC177", "PC178"
READS = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]
RUNS = {"orders": "orders-role"}


def brief(captures: Json, rule: str, settings: Json | None = None) -> list[str]:
    """The severities of the findings of a rule."""
    return [f.severity for f in found(captures, rule, settings)]


def topic(principal: object, **more: Any) -> Json:
    """``orders`` behind a topic."""
    return captured(LETS_TOPIC_IN) | subscribed(principal, **more)


# PC174: who else may write


@pytest.mark.parametrize(
    ("principal", "more", "expected"),
    [
        ("*", {}, ["high"]),
        ({"AWS": "*"}, {}, ["high"]),
        ("*", {"Condition": {"StringEquals": {"AWS:SourceOwner": ACCOUNT}}}, []),
        ("*", {"Condition": {"StringEquals": {"aws:PrincipalOrgID": ORG}}}, ["medium"]),
        ("*", {"Condition": {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}}, ["medium"]),
        ("*", {"Condition": {"StringEquals": {"aws:PrincipalAccount": ACCOUNT}}}, []),
        ("*", {"Action": "sns:Subscribe"}, []),
        ("*", {"Effect": "Deny"}, []),
        ({"AWS": OTHER}, {}, ["medium"]),
        ({"AWS": f"arn:aws:iam::{OTHER}:role/loader"}, {}, ["medium"]),
        ({"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, {}, []),
        ({"Service": "s3.amazonaws.com"}, {}, []),
    ],
    ids=str,
)
def test_who_may_publish(principal: object, more: Json, expected: list[str]) -> None:
    assert brief(topic(principal, **more), OPEN) == expected


def test_everybody_is_said_once() -> None:
    (finding,) = found(topic("*"), OPEN)
    assert finding.message == "anyone on the internet may write to topic orders and so set off function orders"
    assert [step.kind for step in finding.path] == ["anyone", "event_source", "function"]


def test_what_configuration_says_is_meant() -> None:
    partner = {"AWS": f"arn:aws:iam::{OTHER}:root"}
    assert not brief(topic(partner), OPEN, {"trusted_accounts": [OTHER]})
    org = {"Condition": {"StringEquals": {"aws:PrincipalOrgID": ORG}}}
    assert not brief(topic("*", **org), OPEN, {"trusted_orgs": [ORG]})
    assert brief(topic("*"), OPEN, {"trusted_accounts": [OTHER], "trusted_orgs": [ORG]}) == ["high"]


def test_a_topic_nobody_listens_to_sets_nothing_off() -> None:
    assert not brief(captured() | subscribed("*"), OPEN)
    statement = {"Effect": "Allow", "Principal": "*", "Action": "sns:Publish", "Resource": TOPIC}
    alone = {"t.json": {"Attributes": {"TopicArn": TOPIC, "Policy": json.dumps(document(statement))}}}
    assert not brief(captured(LETS_TOPIC_IN) | alone, OPEN)


def open_queue() -> Json:
    """The queue, open to everybody."""
    lets = {"Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": QUEUE}
    return {
        "q.json": {"Attributes": {"QueueArn": QUEUE, "Policy": json.dumps(document(lets)), "CreatedTimestamp": "1"}}
    }


def test_a_polled_queue_counts_where_the_mapping_works() -> None:
    for actions, expected in ((READS, ["high"]), (READS[:1], [])):
        files = account(worker("orders-role", allow(actions, QUEUE)), functions=RUNS) | polled() | open_queue()
        assert brief(files, OPEN) == expected


def test_a_queue_behind_a_bucket_counts() -> None:
    """Whoever may write to the bucket reaches the function through the queue."""
    bucket = "arn:aws:s3:::trail-photos"
    files = account(worker("orders-role", allow(READS, QUEUE)), functions=RUNS) | polled()
    feeds = {"Effect": "Allow", "Principal": {"Service": "s3.amazonaws.com"}, "Action": "sqs:SendMessage"}
    feeds |= {"Resource": QUEUE, "Condition": {"ArnLike": {"aws:SourceArn": bucket}}}
    files["q.json"] = {
        "Attributes": {"QueueArn": QUEUE, "Policy": json.dumps(document(feeds)), "CreatedTimestamp": "1"}
    }
    files["get-bucket-notification-configuration.trail-photos.json"] = {"QueueConfigurations": [{"QueueArn": QUEUE}]}
    writes = {"Effect": "Allow", "Principal": "*", "Action": "s3:PutObject", "Resource": f"{bucket}/in/*"}
    files["get-bucket-policy.trail-photos.json"] = {"Policy": json.dumps(document(writes))}
    (finding,) = found(files, OPEN)
    assert finding.resource == bucket
    reads = writes | {"Action": "s3:GetObject"}
    files["get-bucket-policy.trail-photos.json"] = {"Policy": json.dumps(document(reads))}
    assert not found(files, OPEN)


# PC175: what the role lacks


def lacking(*statements: Json, **mapping: Any) -> list[tuple[str, str]]:
    """(severity, confidence) where the queue is polled with a role of these statements."""
    files = account(worker("orders-role", *statements), functions=RUNS) | polled(**mapping)
    return [(f.severity, f.confidence) for f in found(files, LACKS)]


def test_every_missing_action_is_named() -> None:
    (finding,) = found(account(worker("orders-role", allow(READS[0], QUEUE)), functions=RUNS) | polled(), LACKS)
    assert finding.message.endswith("but orders-role may not sqs:DeleteMessage, sqs:GetQueueAttributes")
    assert finding.fix.endswith(f"on {QUEUE}")


def test_it_is_quiet_where_nothing_is_known_to_be_missing() -> None:
    assert lacking(allow(READS, QUEUE)) == []
    assert lacking(allow("sqs:*")) == []
    assert lacking(State="Disabled") == []
    assert lacking(allow(READS, QUEUE, Condition={"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}})) == []
    unread = account(worker("orders-role", managed=["NobodyKnowsThis"]), functions=RUNS) | polled()
    assert not found(unread, LACKS)
    elsewhere = account(worker("other-role"), functions=RUNS) | polled()
    assert not found(elsewhere, LACKS)


def test_what_aws_only_lists_is_told_with_less_confidence() -> None:
    stream = own("kinesis", "stream/clicks")
    needed = ["DescribeStream", "DescribeStreamSummary", "GetRecords", "GetShardIterator", "ListShards"]
    reads = allow([f"kinesis:{name}" for name in needed], stream)
    assert lacking(reads, EventSourceArn=stream) == [("info", "low")]
    assert lacking(reads, allow("kinesis:ListStreams"), allow("kinesis:SubscribeToShard"), EventSourceArn=stream) == []


def test_aws_policies_for_sources_are_enough() -> None:
    for arn, name in (
        (QUEUE, "service-role/AWSLambdaSQSQueueExecutionRole"),
        (own("dynamodb", "table/Orders/stream/2024-01-01T00:00:00.000"), "service-role/AWSLambdaDynamoDBExecutionRole"),
        (own("kinesis", "stream/clicks"), "service-role/AWSLambdaKinesisExecutionRole"),
    ):
        files = account(worker("orders-role", managed=[name]), functions=RUNS) | polled(EventSourceArn=arn)
        assert not found(files, LACKS), name


def test_a_dead_letter_queue_counts() -> None:
    files = account(worker("orders-role"), functions=RUNS)
    files["functions.json"]["Functions"][0]["DeadLetterConfig"] = {"TargetArn": QUEUE}
    (finding,) = found(files, LACKS)
    assert finding.message == "orders sends failures to queue orders, but orders-role may not sqs:SendMessage"


# PC176: calls that are refused


def test_a_policy_that_names_something_else_refuses() -> None:
    (finding,) = found(captured(service("events", source(own("events", "rule/x")))) | subscribed(), REFUSED)
    assert (finding.severity, finding.confidence) == ("info", "medium")
    assert finding.message == "topic orders is set up to call orders, but its policy does not let sns.amazonaws.com"


def test_a_function_whose_policy_was_not_captured_is_left_alone() -> None:
    assert not found(captured() | subscribed(), REFUSED)


def test_a_function_without_a_policy_beside_others_that_have_one_is_told_with_less_confidence() -> None:
    files = account(worker("orders-role"), functions=RUNS | {"carts": "orders-role"}) | subscribed()
    other = grant({"Service": "events.amazonaws.com"}, source(own("events", "rule/x")), Resource=function_arn("carts"))
    files["get-policy.carts.json"] = {"Policy": json.dumps(document(other))}
    (finding,) = found(files, REFUSED)
    assert finding.confidence == "low"


def test_a_trigger_that_is_switched_off_calls_nobody() -> None:
    files = captured(service("events", source(own("events", "rule/x")))) | subscribed()
    files["list-subscriptions.json"]["Subscriptions"][0]["SubscriptionArn"] = "PendingConfirmation"
    assert not found(files, REFUSED)


def test_a_policy_that_cannot_be_read_refuses_nothing() -> None:
    files = captured(LETS_TOPIC_IN) | subscribed()
    files["get-policy.orders.json"]["Policy"] = "{"
    assert not found(files, REFUSED)


def machine(*statements: Json, trusts: Json | None = None, called: str = "orders") -> Json:
    """A state machine that calls a function with ``ship-role``."""
    caller = role("ship-role", *statements, trusts=trusts or trust({"Service": "states.amazonaws.com"}))
    task = {"Type": "Task", "Resource": function_arn(called), "End": True}
    told = {"stateMachineArn": own("states", "stateMachine:ship"), "roleArn": role_arn("ship-role")}
    told["definition"] = json.dumps({"StartAt": "Ship", "States": {"Ship": task}})
    return account(worker("orders-role"), caller, functions=RUNS) | {"sfn.json": told}


def test_a_role_that_may_not_or_is_not_trusted() -> None:
    (finding,) = found(machine(), REFUSED)
    assert finding.message.endswith("role ship-role may not invoke it")
    may = allow("lambda:InvokeFunction", function_arn("orders"))
    (finding,) = found(machine(may, trusts=trust({"Service": "ec2.amazonaws.com"})), REFUSED)
    assert finding.message.endswith("role ship-role does not let states in")
    assert finding.fix == "let states.amazonaws.com assume ship-role"
    assert not found(machine(may), REFUSED)


def test_another_name_of_the_function_is_another_rules_subject() -> None:
    files = machine(allow("lambda:InvokeFunction", function_arn("orders")), called="orders:prod")
    assert not found(files, REFUSED)
    assert len(found(files, "PC136")) == 1


# PC177: triggers of user pools


def sign_up(*statements: Json, people: bool | None = True, **more: Any) -> Json:
    """A user pool whose trigger runs with these statements."""
    lets = {n: v for n, v in captured(service("cognito-idp", source(USERS_ARN))).items() if n.startswith("get-policy")}
    pool = users(sign_up=bool(people), PostConfirmation=function_arn("orders"))
    if people is None:
        del pool["UserPool"]["AdminCreateUserConfig"]
    return account(worker("orders-role", *statements, **more), functions=RUNS) | lets | {"pool.json": pool}


ADD = "cognito-idp:AdminAddUserToGroup"


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        (allow(ADD), ["high"]),
        (allow("cognito-idp:Admin*"), ["high"]),
        (allow(ADD, USERS_ARN), []),
        (allow("cognito-idp:AdminGetUser"), []),
        (allow(ADD, Condition={"StringEquals": {"aws:ResourceTag/team": "shop"}}), []),
        (allow(ADD, Condition={"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}), ["medium"]),
    ],
    ids=str,
)
def test_what_a_trigger_may_do_to_user_pools(statement: Json, expected: list[str]) -> None:
    assert brief(sign_up(statement), POWERFUL) == expected


def test_who_may_sign_up_makes_the_difference() -> None:
    assert brief(sign_up(allow(ADD), people=False), POWERFUL) == ["medium"]
    assert brief(sign_up(allow(ADD), people=None), POWERFUL) == ["medium"]


def test_a_trigger_that_is_not_let_in_does_no_harm() -> None:
    files = sign_up(allow(ADD))
    del files["get-policy.orders.json"]
    assert not found(files, POWERFUL)


def test_an_administrator_is_told_of_elsewhere() -> None:
    told = report(sign_up(managed=["AdministratorAccess"]))
    assert "PC177" not in {f.rule for f in told.findings}
    assert "PC201" in {f.rule for f in told.findings}


def test_the_same_statement_is_not_told_twice() -> None:
    assert {f.rule for f in report(sign_up(allow(ADD))).findings} == {"PC177"}


# PC178: roles that call everything


def test_a_role_that_calls_everything_and_what_it_calls() -> None:
    (finding,) = found(machine(allow("lambda:InvokeFunction")), WIDE)
    assert finding.severity == "low"
    assert finding.fix == f'name what is called: "Resource": "{function_arn("orders")}"'
    assert not found(machine(allow("lambda:InvokeFunction")), "PC132")


def test_a_role_that_nothing_in_view_uses_is_another_rules_subject() -> None:
    files = machine(allow("lambda:InvokeFunction"))
    del files["sfn.json"]
    assert not found(files, WIDE)
    assert len(found(files, "PC132")) == 1
