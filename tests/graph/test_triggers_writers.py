"""Who may write to what sets a function off: callers in view by their policies, outsiders by the source's own."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from permcheck.graph.event_sources import bus_of
from permcheck.graph.scene import Scene
from permcheck.model import Organization, Policy, PolicyKind, Resource, Trigger
from permcheck.policy.parse import parse_document
from permcheck.rules._examples import ACCOUNT, OTHER, REGION, Json, allow, document, role, trust, worker
from tests.graph.trigger_captures import ANYONE, ORDERS, facts_of, files, grant, own, scene_of, source, verdict, writes

BUCKET = "arn:aws:s3:::trail-photos"
TOPIC, QUEUE, RULE = own("sns", "news"), own("sqs", "jobs"), own("events", "rule/paid")
STREAM = own("kinesis", "stream/clicks")
TABLE = own("dynamodb", "table/Orders")
TABLE_STREAM = f"{TABLE}/stream/2024-01-01T00:00:00.000"
EC2 = trust({"Service": "ec2.amazonaws.com"})


def writer(*statements: Json) -> Json:
    """A role called ``writer``."""
    return role("writer", *statements, trusts=EC2)


def open_to(principal: object, action: str, resource: str, **more: Any) -> str:
    """A resource policy, as services print it."""
    statement = {"Sid": "w", "Effect": "Allow", "Principal": principal, "Action": action, "Resource": resource}
    return json.dumps(document(statement | more))


def notified(**more: Json) -> Json:
    """The bucket's notification."""
    heard = [{"LambdaFunctionArn": ORDERS, "Events": ["s3:ObjectCreated:*"], **more}]
    return {"get-bucket-notification-configuration.trail-photos.json": {"LambdaFunctionConfigurations": heard}}


def of_bucket(*identities: Json, **more: Json) -> Json:
    """Captures in which the bucket sets the function off."""
    return files(grant({"Service": "s3.amazonaws.com"}, source(BUCKET, ACCOUNT)), identities=identities) | notified(
        **more
    )


def polled(arn: str, *identities: Json) -> Json:
    """Captures in which a queue, stream or table is polled for the function."""
    reads = worker("orders-role", allow(["sqs:*", "kinesis:*", "dynamodb:*"]))
    entry = {"UUID": "u1", "EventSourceArn": arn, "FunctionArn": ORDERS, "State": "Enabled"}
    return files(identities=[reads, *identities]) | {"esm.json": {"EventSourceMappings": [entry]}}


def ruled(pattern: str | None, *identities: Json, arn: str = RULE) -> Json:
    """Captures in which a rule of EventBridge calls the function."""
    told = {"Name": "paid", "Arn": arn, "State": "ENABLED"} | ({"EventPattern": pattern} if pattern else {})
    captures = files(grant({"Service": "events.amazonaws.com"}, source(arn)), identities=identities)
    captures["list-rules.json"] = {"Rules": [told]}
    captures["list-targets-by-rule.paid.json"] = {"Targets": [{"Id": "1", "Arn": ORDERS}]}
    return captures


# callers in view


@pytest.mark.parametrize(
    ("resource", "expected"),
    [
        (f"{BUCKET}/*", "allowed"),
        (f"{BUCKET}/uploads/*", "allowed"),
        (f"{BUCKET}/uploads/latest.jpg", "allowed"),
        ("arn:aws:s3:::trail-*/in/*", "allowed"),
        ("*", "allowed"),
        (BUCKET, "denied"),
        ("arn:aws:s3:::other/*", "denied"),
    ],
)
def test_a_bucket_is_written_to_object_by_object(resource: str, expected: str) -> None:
    assert writes(scene_of(of_bucket(writer(allow("s3:PutObject", resource)))), "writer", BUCKET) == expected


def test_reading_a_bucket_sets_nothing_off() -> None:
    assert writes(scene_of(of_bucket(writer(allow("s3:GetObject", f"{BUCKET}/*")))), "writer", BUCKET) == "denied"


@pytest.mark.parametrize(
    ("resource", "expected"),
    [
        (f"{BUCKET}/uploads/*", "allowed"),
        (f"{BUCKET}/*", "allowed"),
        (f"{BUCKET}/uploads/*/raw*", "allowed"),
        (f"{BUCKET}/logs/*", "denied"),
        (f"{BUCKET}/uploads/notes.txt", "denied"),
    ],
)
def test_the_filter_of_a_notification_counts(resource: str, expected: str) -> None:
    rules = [{"Name": "Prefix", "Value": "uploads/"}, {"Name": "Suffix", "Value": ".jpg"}]
    captures = of_bucket(writer(allow("s3:PutObject", resource)), Filter={"Key": {"FilterRules": rules}})
    assert writes(scene_of(captures), "writer", BUCKET) == expected


def test_a_variable_below_a_bucket_leaves_room() -> None:
    mine = allow("s3:PutObject", f"{BUCKET}/home/${{aws:userid}}/*")
    assert writes(scene_of(of_bucket(writer(mine))), "writer", BUCKET) == "conditional"


def test_a_topic_is_published_to() -> None:
    entry = {"SubscriptionArn": f"{TOPIC}:1", "Protocol": "lambda", "Endpoint": ORDERS, "TopicArn": TOPIC}
    may = writer(allow("sns:Publish", TOPIC))
    captures = files(grant({"Service": "sns.amazonaws.com"}, source(TOPIC)), identities=[may])
    assert writes(scene_of(captures | {"s.json": {"Subscriptions": [entry]}}), "writer", TOPIC) == "allowed"


@pytest.mark.parametrize(
    ("arn", "action", "on"),
    [
        (QUEUE, "sqs:SendMessage", QUEUE),
        (STREAM, "kinesis:PutRecord", STREAM),
        (STREAM, "kinesis:PutRecords", STREAM),
        (f"{STREAM}/consumer/c:1", "kinesis:PutRecord", STREAM),
        (TABLE_STREAM, "dynamodb:PutItem", TABLE),
        (TABLE_STREAM, "dynamodb:UpdateItem", TABLE),
        (TABLE_STREAM, "dynamodb:DeleteItem", TABLE),
        (TABLE_STREAM, "dynamodb:BatchWriteItem", TABLE),
    ],
)
def test_what_is_polled_is_written_to(arn: str, action: str, on: str) -> None:
    assert writes(scene_of(polled(arn, writer(allow(action, on)))), "writer", arn) == "allowed"
    assert writes(scene_of(polled(arn, writer(allow(action, f"{on}-other")))), "writer", arn) == "denied"


@pytest.mark.parametrize(
    ("arn", "bus"),
    [(RULE, "event-bus/default"), (own("events", "rule/shop/paid"), "event-bus/shop")],
)
def test_a_rule_hears_the_events_of_its_bus(arn: str, bus: str) -> None:
    assert bus_of(arn) == own("events", bus)
    pattern = '{"source": ["shop"]}'
    may = writer(allow("events:PutEvents", own("events", bus)))
    assert writes(scene_of(ruled(pattern, may, arn=arn)), "writer", arn) == "allowed"
    not_the_rule = writer(allow("events:PutEvents", arn))
    assert writes(scene_of(ruled(pattern, not_the_rule, arn=arn)), "writer", arn) == "denied"


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        (None, "denied"),
        ('{"source": ["aws.ec2", "aws.s3"]}', "denied"),
        ('{"source": ["aws.ec2", "shop"]}', "allowed"),
        ('{"detail-type": ["order paid"]}', "allowed"),
        ("not json", "allowed"),
    ],
)
def test_nobody_makes_up_events_of_a_schedule_or_of_aws(pattern: str | None, expected: str) -> None:
    may = writer(allow("events:PutEvents", "*"))
    assert writes(scene_of(ruled(pattern, may)), "writer", RULE) == expected


IOT_RULE = own("iot", "rule/telemetry")


@pytest.mark.parametrize(
    ("topics", "expected"),
    [
        ("sensors/*", "allowed"),
        ("sensors/door/state", "allowed"),
        ("sensors/door/*", "allowed"),
        ("*", "allowed"),
        ("$aws/rules/telemetry/*", "allowed"),
        ("sensors/door", "denied"),
        ("alarms/*", "denied"),
        ("$aws/rules/other/*", "denied"),
    ],
)
def test_an_iot_rule_hears_topics_of_its_filter(topics: str, expected: str) -> None:
    may = writer(allow("iot:Publish", own("iot", f"topic/{topics}")))
    captures = files(grant({"Service": "iot.amazonaws.com"}, source(IOT_RULE, ACCOUNT)), identities=[may])
    does = {"sql": "SELECT * FROM 'sensors/+/state' WHERE x", "actions": [{"lambda": {"functionArn": ORDERS}}]}
    captures["get-topic-rule.telemetry.json"] = {"ruleArn": IOT_RULE, "rule": does}
    assert writes(scene_of(captures), "writer", IOT_RULE) == expected


def test_a_log_group_is_written_to_by_whoever_writes_its_streams() -> None:
    group = own("logs", "log-group:/app")
    entry = {"filterName": "f", "logGroupName": "/app", "destinationArn": ORDERS, "filterPattern": ""}
    for resource, expected in ((f"{group}:*", "allowed"), (f"{group}:log-stream:a", "allowed"), (group, "denied")):
        may = writer(allow("logs:PutLogEvents", resource))
        captures = files(grant({"Service": "logs.amazonaws.com"}, source(f"{group}:*")), identities=[may])
        scene = scene_of(captures | {"f.json": {"subscriptionFilters": [entry]}})
        assert writes(scene, "writer", group) == expected, resource


@pytest.mark.parametrize(
    ("arn", "action", "on"),
    [
        (own("cloudwatch", "alarm:abc"), "cloudwatch:SetAlarmState", own("cloudwatch", "alarm:abc")),
        (own("states", "stateMachine:abc"), "states:StartExecution", own("states", "stateMachine:abc")),
        (own("appsync", "apis/abc"), "appsync:GraphQL", own("appsync", "apis/abc/*")),
        (own("appsync", "apis/abc"), "appsync:GraphQL", own("appsync", "apis/abc/types/Query/fields/orders")),
    ],
)
def test_alarms_workflows_and_graphs_are_set_off_by_their_own_actions(arn: str, action: str, on: str) -> None:
    resource = Resource(arn, arn.split(":")[2], "x.json", triggers=(Trigger(ORDERS, "x.json", credentials="r"),))
    assert writes(scene_of(files(identities=[writer(allow(action, on))]), resource), "writer", arn) == "allowed"
    elsewhere = writer(allow(action, on.replace("abc", "xyz")))
    assert writes(scene_of(files(identities=[elsewhere]), resource), "writer", arn) == "denied"


def test_a_deny_on_the_bucket_keeps_a_writer_out() -> None:
    captures = of_bucket(writer(allow("s3:PutObject", f"{BUCKET}/*")))
    refusal = document(
        {"Effect": "Deny", "Principal": "*", "Action": "s3:PutObject", "Resource": f"{BUCKET}/*", "Sid": "no"}
    )
    captures["get-bucket-policy.trail-photos.json"] = {"Policy": json.dumps(refusal)}
    assert writes(scene_of(captures), "writer", BUCKET) == "denied"


# outsiders, by the source's own policy


def test_a_public_bucket_is_anyones_to_write_to() -> None:
    captures = of_bucket()
    captures["get-bucket-policy.trail-photos.json"] = {"Policy": open_to("*", "s3:PutObject", f"{BUCKET}/in/*")}
    scene = scene_of(captures)
    assert verdict(scene, ANYONE, ("event_source", BUCKET)) == "allowed"
    assert verdict(scene, ("aws", "*"), ("event_source", BUCKET)) == "allowed"


def test_a_bucket_open_to_readers_is_not_written_to() -> None:
    captures = of_bucket()
    captures["get-bucket-policy.trail-photos.json"] = {"Policy": open_to("*", "s3:GetObject", f"{BUCKET}/*")}
    assert verdict(scene_of(captures), ANYONE, ("event_source", BUCKET)) == "denied"


def test_a_topic_may_be_open_to_another_account() -> None:
    entry = {"SubscriptionArn": f"{TOPIC}:1", "Protocol": "lambda", "Endpoint": ORDERS, "TopicArn": TOPIC}
    policy = open_to({"AWS": f"arn:aws:iam::{OTHER}:root"}, "sns:Publish", TOPIC)
    captures = files(grant({"Service": "sns.amazonaws.com"}, source(TOPIC))) | {"s.json": {"Subscriptions": [entry]}}
    captures["get-topic-attributes.json"] = {"Attributes": {"TopicArn": TOPIC, "Policy": policy}}
    scene = scene_of(captures)
    assert verdict(scene, ("account", OTHER), ("event_source", TOPIC)) == "conditional"
    assert verdict(scene, ANYONE, ("event_source", TOPIC)) == "denied"


def test_the_policy_that_every_topic_is_made_with_lets_nobody_in() -> None:
    entry = {"SubscriptionArn": f"{TOPIC}:1", "Protocol": "lambda", "Endpoint": ORDERS, "TopicArn": TOPIC}
    condition = {"StringEquals": {"AWS:SourceOwner": ACCOUNT}}
    policy = open_to({"AWS": "*"}, "sns:Publish", TOPIC, Condition=condition)
    captures = files(grant({"Service": "sns.amazonaws.com"}, source(TOPIC))) | {"s.json": {"Subscriptions": [entry]}}
    captures["get-topic-attributes.json"] = {"Attributes": {"TopicArn": TOPIC, "Policy": policy}}
    scene = scene_of(captures)
    assert verdict(scene, ("aws", "*"), ("event_source", TOPIC)) == "denied"
    assert verdict(scene, ANYONE, ("event_source", TOPIC)) == "denied"


def test_a_polled_queue_may_be_open_to_everybody() -> None:
    told = {"QueueArn": QUEUE, "Policy": open_to("*", "sqs:SendMessage", QUEUE), "CreatedTimestamp": "1"}
    scene = scene_of(polled(QUEUE) | {"get-queue-attributes.jobs.json": {"Attributes": told}})
    assert verdict(scene, ANYONE, ("event_source", QUEUE)) == "allowed"
    assert verdict(scene, ("event_source", QUEUE), ("function", ORDERS)) == "allowed"


def test_a_bus_may_be_open_to_an_organization_and_a_rule_to_one_account() -> None:
    bus = own("events", "event-bus/default")
    for principal, condition, start in (
        ("*", {"StringEquals": {"aws:PrincipalOrgID": "o-abcdefghij"}}, ("org", "o-abcdefghij")),
        ({"AWS": f"arn:aws:iam::{OTHER}:root"}, None, ("account", OTHER)),
    ):
        more = {"Condition": condition} if condition else {}
        told = {"Name": "default", "Arn": bus, "Policy": open_to(principal, "events:PutEvents", bus, **more)}
        heard = scene_of(ruled('{"source": ["shop"]}') | {"describe-event-bus.json": told})
        assert verdict(heard, start, ("event_source", RULE)) == "conditional"
        only_ours = f'{{"source": ["shop"], "account": ["{ACCOUNT}"]}}'
        assert verdict(scene_of(ruled(only_ours) | {"b.json": told}), start, ("event_source", RULE)) == "denied"
        theirs = scene_of(ruled(f'{{"account": ["{OTHER}"]}}') | {"b.json": told})
        expected = "conditional" if start[0] == "account" else "denied"
        assert verdict(theirs, start, ("event_source", RULE)) == expected


def test_a_table_may_let_another_account_write() -> None:
    captures = polled(TABLE_STREAM)
    policy = open_to({"AWS": f"arn:aws:iam::{OTHER}:role/loader"}, "dynamodb:PutItem", TABLE)
    captures["get-resource-policy.json"] = {"Policy": policy, "RevisionId": "1"}
    start = ("role", f"arn:aws:iam::{OTHER}:role/loader")
    assert verdict(scene_of(captures), start, ("event_source", TABLE_STREAM)) == "conditional"


@pytest.mark.parametrize(("told", "expected"), [(False, "allowed"), (True, "denied"), (None, "unknown")])
def test_anyone_signs_up_where_a_user_pool_lets_people(told: bool | None, expected: str) -> None:
    pool = own("cognito-idp", f"userpool/{REGION}_AbCdEf123")
    captures = files(grant({"Service": "cognito-idp.amazonaws.com"}, source(pool, ACCOUNT)))
    about = {"Id": f"{REGION}_AbCdEf123", "Arn": pool, "Name": "members", "LambdaConfig": {"PreSignUp": ORDERS}}
    if told is not None:
        about["AdminCreateUserConfig"] = {"AllowAdminCreateUserOnly": told}
    scene = scene_of(captures | {"describe-user-pool.json": {"UserPool": about}})
    assert verdict(scene, ANYONE, ("event_source", pool)) == expected


def test_moving_users_in_is_not_set_off_by_signing_up() -> None:
    pool = own("cognito-idp", f"userpool/{REGION}_AbCdEf123")
    about = {"Id": f"{REGION}_AbCdEf123", "Arn": pool, "Name": "members", "LambdaConfig": {"UserMigration": ORDERS}}
    about["AdminCreateUserConfig"] = {"AllowAdminCreateUserOnly": False}
    captures = files(grant({"Service": "cognito-idp.amazonaws.com"}, source(pool)))
    assert verdict(scene_of(captures | {"p.json": {"UserPool": about}}), ANYONE, ("event_source", pool)) == "denied"


def test_an_administrator_of_a_user_pool_sets_its_triggers_off() -> None:
    pool = own("cognito-idp", f"userpool/{REGION}_AbCdEf123")
    about = {"Id": f"{REGION}_AbCdEf123", "Arn": pool, "Name": "members", "LambdaConfig": {"PreSignUp": ORDERS}}
    may = writer(allow("cognito-idp:AdminCreateUser", pool))
    captures = files(identities=[may]) | {"p.json": {"UserPool": about}}
    assert writes(scene_of(captures), "writer", pool) == "allowed"


def test_anyone_sends_mail_to_a_receipt_rule() -> None:
    rule = own("ses", "receipt-rule-set/main:receipt-rule/store")
    resource = Resource(rule, "ses", "x.json", triggers=(Trigger(ORDERS, "x.json"),))
    scene = scene_of(files(grant({"Service": "ses.amazonaws.com"}, source(rule))), resource)
    assert verdict(scene, ANYONE, ("event_source", rule)) == "allowed"


def test_an_rcp_on_the_bucket_keeps_outsiders_from_it() -> None:
    captures = of_bucket(writer(allow("s3:PutObject", f"{BUCKET}/*")))
    refusal = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*"}
    policy = Policy(PolicyKind.RCP, "no", "x.json", "", parse_document(document(refusal)))
    ruled = replace(facts_of(captures), organization=Organization(rcps={ACCOUNT: ((policy,),)}))
    assert writes(Scene(ruled), "writer", BUCKET) == "denied"
