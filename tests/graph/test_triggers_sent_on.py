"""What functions and event sources send on by themselves, and the permission it takes.

Lambda Developer Guide, "Retaining records of asynchronous invocations"; the guides of S3, SNS, EventBridge and Pipes on
what lets them send.
"""

from __future__ import annotations

import json

import pytest

from permcheck.graph.destinations import sendings
from permcheck.rules._examples import ACCOUNT, OTHER, REGION, Json, allow, document, function_arn, role, role_arn, trust
from tests.graph.trigger_captures import ORDERS, files, from_source, grant, own, scene_of, source, verdict

NEXT = function_arn("next")
QUEUE, TOPIC, BUS = own("sqs", "failed"), own("sns", "failed"), own("events", "event-bus/default")
ARCHIVE = "arn:aws:s3:::failed-orders"
BUCKET = "arn:aws:s3:::trail-photos"


def destined(to: str, *statements: Json, kind: str = "OnFailure") -> Json:
    """Captures in which ``orders`` sends results or failures somewhere."""
    told = {"FunctionArn": f"{ORDERS}:$LATEST", "DestinationConfig": {kind: {"Destination": to}}}
    captures = files(identities=[role("orders-role", *statements)], functions=("orders", "next"))
    return captures | {"configs.json": {"FunctionEventInvokeConfigs": [told]}}


@pytest.mark.parametrize(
    ("to", "action", "on"),
    [
        (QUEUE, "sqs:SendMessage", QUEUE),
        (TOPIC, "sns:Publish", TOPIC),
        (NEXT, "lambda:InvokeFunction", NEXT),
        (BUS, "events:PutEvents", BUS),
    ],
)
def test_a_destination_takes_a_permission_of_the_execution_role(to: str, action: str, on: str) -> None:
    for statements, expected in (((allow(action, on),), "allowed"), ((allow(action, f"{on}-other"),), "denied")):
        (sent,) = sendings(scene_of(destined(to, *statements)))
        assert (sent.to, str(sent.verdict)) == (to, expected)
        assert [name for name, _ in sent.needs] == [action]


@pytest.mark.parametrize("left_out", ["s3:PutObject", "s3:ListBucket", ""])
def test_a_bucket_as_a_destination_takes_two(left_out: str) -> None:
    both = [allow("s3:PutObject", f"{ARCHIVE}/*"), allow("s3:ListBucket", ARCHIVE)]
    kept = [s for s in both if s["Action"] != left_out]
    (sent,) = sendings(scene_of(destined(ARCHIVE, *kept)))
    assert str(sent.verdict) == ("denied" if left_out else "allowed")


def test_a_dead_letter_queue_takes_a_permission_too() -> None:
    for statements, expected in (((allow("sqs:SendMessage", QUEUE),), "allowed"), ((), "denied")):
        captures = files(identities=[role("orders-role", *statements)])
        captures["functions.json"]["Functions"][0]["DeadLetterConfig"] = {"TargetArn": QUEUE}
        (sent,) = sendings(scene_of(captures))
        assert (sent.edge, str(sent.verdict)) == ("sends failures to", expected)


def test_failed_batches_of_a_stream_take_one() -> None:
    stream = own("kinesis", "stream/clicks")
    entry: Json = {"UUID": "u", "EventSourceArn": stream, "FunctionArn": ORDERS, "State": "Enabled"}
    entry["DestinationConfig"] = {"OnFailure": {"Destination": TOPIC}}
    for statements, expected in (
        ((allow(["kinesis:*", "sns:Publish"]),), "allowed"),
        ((allow("kinesis:*"),), "denied"),
    ):
        captures = files(identities=[role("orders-role", *statements)])
        (sent,) = sendings(scene_of(captures | {"esm.json": {"EventSourceMappings": [entry]}}))
        assert str(sent.verdict) == expected


def test_results_go_from_function_to_function() -> None:
    scene = scene_of(destined(NEXT, allow("lambda:InvokeFunction", NEXT), kind="OnSuccess"))
    assert verdict(scene, ("function", ORDERS), ("function", NEXT)) == "allowed"
    scene = scene_of(destined(NEXT, kind="OnSuccess"))
    assert verdict(scene, ("function", ORDERS), ("function", NEXT)) == "denied"


def test_failures_that_are_polled_lead_on() -> None:
    entry = {"UUID": "u", "EventSourceArn": QUEUE, "FunctionArn": NEXT, "State": "Enabled"}
    captures = destined(QUEUE, allow("sqs:*", QUEUE)) | {"esm.json": {"EventSourceMappings": [entry]}}
    scene = scene_of(captures)
    assert verdict(scene, ("function", ORDERS), ("event_source", QUEUE)) == "allowed"
    assert from_source(scene, QUEUE, NEXT) == "allowed"


def test_the_queues_policy_may_refuse() -> None:
    refusal = document({"Effect": "Deny", "Principal": "*", "Action": "sqs:SendMessage", "Resource": QUEUE})
    told = {"Attributes": {"QueueArn": QUEUE, "Policy": json.dumps(refusal), "CreatedTimestamp": "1"}}
    (sent,) = sendings(scene_of(destined(QUEUE, allow("sqs:SendMessage", QUEUE)) | {"q.json": told}))
    assert str(sent.verdict) == "denied"


# from one event source to the next


def queue_of(bucket_or_topic: Json, service: str, told: str, *, polled: bool = True) -> Json:
    """Captures with a queue that another source fills and ``orders`` is polled for."""
    lets = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sqs:SendMessage", "Resource": QUEUE}
    lets["Condition"] = {"ArnLike": {"aws:SourceArn": told}}
    entry = {"UUID": "u", "EventSourceArn": QUEUE, "FunctionArn": ORDERS, "State": "Enabled"}
    captures = files(identities=[role("orders-role", allow("sqs:*", QUEUE))]) | bucket_or_topic
    captures["queue.json"] = {"Attributes": {"QueueArn": QUEUE, "Policy": json.dumps(document(lets))}}
    return captures | ({"esm.json": {"EventSourceMappings": [entry]}} if polled else {})


NOTIFIES = {"get-bucket-notification-configuration.trail-photos.json": {"QueueConfigurations": [{"QueueArn": QUEUE}]}}
FANS_OUT = {
    "subs.json": {
        "Subscriptions": [
            {"SubscriptionArn": f"{TOPIC}:1", "Protocol": "sqs", "Endpoint": QUEUE, "TopicArn": TOPIC},
        ]
    }
}


@pytest.mark.parametrize(
    ("captures", "service", "start"),
    [(NOTIFIES, "s3.amazonaws.com", BUCKET), (FANS_OUT, "sns.amazonaws.com", TOPIC)],
    ids=["bucket", "topic"],
)
def test_a_queue_lets_its_feeder_in_by_policy(captures: Json, service: str, start: str) -> None:
    feeds = (("event_source", start), ("event_source", QUEUE))
    scene = scene_of(queue_of(captures, service, start))
    assert verdict(scene, *feeds) == "allowed"
    assert from_source(scene, QUEUE) == "allowed"
    assert verdict(scene_of(queue_of(captures, service, f"{start}-other")), *feeds) == "denied"
    assert verdict(scene_of(queue_of(captures, "polly.amazonaws.com", start)), *feeds) == "denied"


def test_a_queue_whose_policy_is_not_in_view_is_unknown() -> None:
    captures = queue_of(NOTIFIES, "s3.amazonaws.com", BUCKET)
    captures["queue.json"] = {"Attributes": {"QueueArn": QUEUE}}
    assert verdict(scene_of(captures), ("event_source", BUCKET), ("event_source", QUEUE)) == "unknown"


def test_an_alarm_notifies_a_topic() -> None:
    alarm = own("cloudwatch", "alarm:errors")
    entry = {"AlarmName": "errors", "AlarmArn": alarm, "ActionsEnabled": True, "AlarmActions": [TOPIC]}
    lets = {"Effect": "Allow", "Principal": {"Service": "cloudwatch.amazonaws.com"}, "Action": "sns:Publish"}
    policy = json.dumps(document(lets | {"Resource": TOPIC}))
    subscribed = {"SubscriptionArn": f"{TOPIC}:1", "Protocol": "lambda", "Endpoint": ORDERS, "TopicArn": TOPIC}
    captures = files(grant({"Service": "sns.amazonaws.com"}, source(TOPIC))) | {
        "alarms.json": {"MetricAlarms": [entry]},
        "subs.json": {"Subscriptions": [subscribed]},
        "topic.json": {"Attributes": {"TopicArn": TOPIC, "Policy": policy}},
    }
    scene = scene_of(captures)
    assert verdict(scene, ("event_source", alarm), ("event_source", TOPIC)) == "allowed"
    assert from_source(scene, TOPIC) == "allowed"


def test_a_pipe_reads_its_source_with_its_own_role() -> None:
    pipe = own("pipes", "pipe/drain")
    told = {"Arn": pipe, "DesiredState": "RUNNING", "Source": QUEUE, "Target": ORDERS, "RoleArn": role_arn("caller")}
    trusts = trust({"Service": "pipes.amazonaws.com"})
    reads = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]
    for actions, expected in ((reads, "allowed"), (reads[:2], "denied")):
        caller = role("caller", allow(actions, QUEUE), allow("lambda:InvokeFunction", ORDERS), trusts=trusts)
        scene = scene_of(files(identities=[caller]) | {"describe-pipe.json": told})
        assert verdict(scene, ("event_source", QUEUE), ("event_source", pipe)) == expected
        assert from_source(scene, pipe) == "allowed"


def test_a_state_machine_starts_another_with_its_role() -> None:
    outer, inner = own("states", "stateMachine:outer"), own("states", "stateMachine:inner")
    step = {"Type": "Task", "Resource": "arn:aws:states:::states:startExecution.sync:2", "End": True}
    step["Parameters"] = {"StateMachineArn": inner}
    definition = json.dumps({"StartAt": "A", "States": {"A": step}})
    told = {"stateMachineArn": outer, "roleArn": role_arn("caller"), "definition": definition}
    trusts = trust({"Service": "states.amazonaws.com"})
    for on, expected in ((inner, "allowed"), (f"{inner}-other", "denied")):
        caller = role("caller", allow("states:StartExecution", on), trusts=trusts)
        scene = scene_of(files(identities=[caller]) | {"describe-state-machine.json": told})
        assert verdict(scene, ("event_source", outer), ("event_source", inner)) == expected


def test_names_of_other_accounts_are_other_queues() -> None:
    other = f"arn:aws:sqs:{REGION}:{OTHER}:failed"
    (sent,) = sendings(scene_of(destined(other, allow("sqs:SendMessage", f"arn:aws:sqs:{REGION}:{ACCOUNT}:failed"))))
    assert str(sent.verdict) == "denied"
