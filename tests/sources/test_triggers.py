"""Buckets, topics, queues and rules: what they call, where else they send, and who may write to them."""

import json

import pytest

from tests.sources.captures import ACCOUNT, FUNCTION, Json, actions, read, the_function
from tests.sources.samples import POLICIES, ROLE_CALLERS, TRIGGERS
from tests.sources.samples.names import ALARM, BUCKET, BUS, IOT_RULE, PIPE, QUEUE, REGION, RULE, TOPIC, granted
from tests.sources.surroundings import LISTED, called, changed, gap_about, read_samples, the_resource, the_trigger

BY_FILE = {sample.file.split(".")[0]: sample for sample in TRIGGERS}
NOTIFIED, TAGS = BY_FILE["get-bucket-notification-configuration"], BY_FILE["get-bucket-tagging"]
SUBSCRIPTIONS, TARGETS = BY_FILE["list-subscriptions-by-topic"], BY_FILE["list-targets-by-rule"]
BUCKET_POLICY = POLICIES[0]
BUCKET_ARN = f"arn:aws:s3:::{BUCKET}"


def test_a_bucket() -> None:
    facts = read_samples(NOTIFIED, TAGS, BUCKET_POLICY, list_functions=LISTED["list-functions.json"])
    bucket = the_resource(facts, BUCKET_ARN)
    assert called(bucket) == [(FUNCTION, None)]
    assert bucket.forwards == (QUEUE,)
    assert (bucket.service, bucket.account, dict(bucket.tags or {})) == ("s3", ACCOUNT, {"team": "photos"})
    assert bucket.policy is not None and bucket.policy_read
    assert bucket.policy.attached_to == BUCKET_ARN
    assert actions(bucket.policy) == ["s3:PutObject"]
    assert bucket.policy in facts.policies
    trigger = the_trigger(bucket)
    pointer = "/LambdaFunctionConfigurations/0/LambdaFunctionArn"
    assert (trigger.source, trigger.pointer, trigger.enabled) == (NOTIFIED.file, pointer, True)


def test_a_bucket_nobody_notifies() -> None:
    facts = read_samples(NOTIFIED._replace(value={"EventBridgeConfiguration": {}}))
    assert (facts.not_read, [r.triggers for r in facts.resources]) == ((), [()])


def test_a_notification_without_a_function() -> None:
    listed = [{"Events": ["s3:ObjectCreated:*"]}, {"LambdaFunctionArn": f"{FUNCTION}:$LATEST"}, 3]
    facts = read_samples(NOTIFIED._replace(value={"LambdaFunctionConfigurations": listed}))
    assert called(the_resource(facts, BUCKET_ARN)) == [(f"{FUNCTION}:$LATEST", None)]
    assert [q.name for q in the_function(facts).qualifiers] == [""]
    assert {gap.pointer for gap in facts.not_read} == {
        "/LambdaFunctionConfigurations/0",
        "/LambdaFunctionConfigurations/2",
    }


def test_a_topic() -> None:
    topic = the_resource(read_samples(BY_FILE["get-topic-attributes"], SUBSCRIPTIONS), TOPIC)
    assert called(topic) == [(FUNCTION, None)]
    assert topic.forwards == (QUEUE,)
    assert topic.policy is not None and topic.policy_read
    assert topic.policy.pointer == "/Attributes/Policy"


@pytest.mark.parametrize(("arn", "enabled"), [("PendingConfirmation", False), (f"{TOPIC}:1", True)])
def test_a_subscription_that_nobody_confirmed(arn: str, enabled: bool) -> None:
    entry = SUBSCRIPTIONS.value["Subscriptions"][0] | {"SubscriptionArn": arn}
    facts = read({"s.json": {"Subscriptions": [entry]}})
    assert the_trigger(the_resource(facts, TOPIC)).enabled is enabled


@pytest.mark.parametrize("order", [1, -1])
def test_a_function_that_is_subscribed_twice(order: int) -> None:
    entry = SUBSCRIPTIONS.value["Subscriptions"][0]
    both = [entry, entry | {"SubscriptionArn": "PendingConfirmation"}][::order]
    assert the_trigger(the_resource(read({"s.json": {"Subscriptions": both}}), TOPIC)).enabled


def test_one_subscription_by_its_attributes() -> None:
    facts = read_samples(BY_FILE["get-subscription-attributes"])
    assert the_trigger(the_resource(facts, TOPIC)).pointer == "/Attributes/Endpoint"


def test_a_subscription_of_somebody_who_is_no_function() -> None:
    entry = SUBSCRIPTIONS.value["Subscriptions"][0] | {"Protocol": "email", "Endpoint": "ana@example.com"}
    facts = read({"s.json": {"Subscriptions": [entry]}})
    assert (the_resource(facts, TOPIC).triggers, facts.not_read) == ((), ())


def test_a_queue() -> None:
    queue = the_resource(read_samples(BY_FILE["get-queue-attributes"]), QUEUE)
    assert queue.policy is not None
    assert actions(queue.policy) == ["sqs:SendMessage"]


@pytest.mark.parametrize(
    ("attributes", "told"), [({"CreatedTimestamp": "1"}, True), ({"VisibilityTimeout": "30"}, False)]
)
def test_whether_a_queue_without_a_policy_has_none(attributes: Json, told: bool) -> None:
    """Attributes that were not asked for are not printed, so only an answer with all of them says there is none."""
    queue = the_resource(read({"q.json": {"Attributes": {"QueueArn": QUEUE} | attributes}}), QUEUE)
    assert (queue.policy, queue.policy_read) == (None, told)


def test_a_queue_that_its_policy_names() -> None:
    facts = read({"q.json": {"Attributes": {"Policy": json.dumps(granted(QUEUE))}}})
    assert the_resource(facts, QUEUE).policy is not None
    assert facts.not_read == ()


def test_a_queue_that_the_file_names() -> None:
    open_to_all = {"Attributes": {"Policy": json.dumps(granted("*"))}}
    facts = read({"get-queue-attributes.jobs.json": open_to_all} | LISTED)
    assert the_resource(facts, QUEUE).policy is not None
    facts = read({"q.json": open_to_all} | LISTED)
    assert facts.resources == ()
    assert "not of which queue" in gap_about(facts, "a policy").error


def test_a_queue_that_is_only_mentioned_is_no_neighbour() -> None:
    facts = read({"q.json": {"Attributes": {"Policy": json.dumps(granted("*"))}}, "p.json": ROLE_CALLERS[3].value})
    assert the_resource(facts, QUEUE).forwards == (PIPE,)
    assert gap_about(facts, "not of which queue").source == "q.json"
    facts = read({"q.json": {"Attributes": {"Policy": json.dumps(granted("*"))}},
                  "a.json": {"Attributes": {"QueueArn": QUEUE}}})  # fmt: skip
    assert the_resource(facts, QUEUE).policy is not None


def test_a_policy_that_cannot_be_read() -> None:
    facts = read({"t.json": {"Attributes": {"TopicArn": TOPIC, "Policy": '{"Statement": '}}})
    policy = the_resource(facts, TOPIC).policy
    assert policy is not None and policy.document is None
    assert gap_about(facts, "policy text").effect == f"who may use {TOPIC} is unknown"


def test_a_rule() -> None:
    rule = the_resource(read_samples(BY_FILE["list-rules"], TARGETS), RULE)
    assert called(rule) == [(FUNCTION, None)]
    assert rule.forwards == (QUEUE,)
    assert rule.pattern == '{"source":["app"]}'


def test_a_rule_that_is_switched_off() -> None:
    off = changed(BY_FILE["describe-rule"], State="DISABLED")
    assert not the_trigger(the_resource(read_samples(off, TARGETS), RULE)).enabled


def test_a_rule_with_a_schedule_waits_for_no_event() -> None:
    value = {"Name": "nightly", "Arn": RULE, "State": "ENABLED", "ScheduleExpression": "rate(1 day)"}
    assert the_resource(read({"r.json": value}), RULE).pattern is None


def test_a_target_with_a_role() -> None:
    with_role = TARGETS._replace(value={"Targets": [{"Id": "1", "Arn": FUNCTION, "RoleArn": "arn:aws:iam::1:role/r"}]})
    rule = the_resource(read_samples(BY_FILE["list-rules"], with_role), RULE)
    assert called(rule) == [(FUNCTION, "arn:aws:iam::1:role/r")]


def test_targets_of_no_rule() -> None:
    gap = gap_about(read({"targets.json": TARGETS.value}), "targets")
    assert gap.error == "it tells targets, but not of which rule: neither the text nor the file's name says so"
    assert "list-targets-by-rule.NAME.json" in gap.effect


def test_a_rule_of_another_bus_by_its_name() -> None:
    arn = f"arn:aws:events:{REGION}:{ACCOUNT}:rule/shop/nightly"
    facts = read({"list-rules.json": {"Rules": [{"Name": "nightly", "Arn": arn}]}, TARGETS.file: TARGETS.value})
    assert called(the_resource(facts, arn)) == [(FUNCTION, None)]


def test_two_rules_of_one_name() -> None:
    arns = [f"arn:aws:events:{REGION}:{ACCOUNT}:rule/{path}nightly" for path in ("", "shop/")]
    rules = {"Rules": [{"Name": "nightly", "Arn": arn} for arn in arns]}
    facts = read({"list-rules.json": rules, TARGETS.file: TARGETS.value})
    assert all(called(the_resource(facts, arn)) == [] for arn in arns)
    assert gap_about(facts, "targets").source == TARGETS.file


def test_an_event_bus() -> None:
    bus = the_resource(read_samples(BY_FILE["describe-event-bus"]), BUS)
    assert bus.policy is not None
    bare = the_resource(read_samples(BY_FILE["list-event-buses"]), BUS)
    assert (bare.policy, bare.policy_read) == (None, True)


def test_an_iot_rule() -> None:
    rule = the_resource(read_samples(BY_FILE["get-topic-rule"]), IOT_RULE)
    assert [f for f, _ in called(rule)] == [FUNCTION, f"{FUNCTION}-failed"]
    assert rule.pattern == "SELECT * FROM 'd/+'"
    entry = BY_FILE["list-topic-rules"].value["rules"][0] | {"ruleDisabled": True}
    facts = read_samples(BY_FILE["get-topic-rule"], list_topic_rules={"rules": [entry]})
    assert not any(t.enabled for t in the_resource(facts, IOT_RULE).triggers)


def test_a_log_group() -> None:
    facts = read_samples(BY_FILE["describe-subscription-filters"])
    group = the_resource(facts, f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/app/web")
    assert called(group) == [(FUNCTION, None)]


def test_an_alarm() -> None:
    alarm = the_resource(read_samples(BY_FILE["describe-alarms"]), ALARM)
    assert (called(alarm), alarm.forwards) == ([(FUNCTION, None)], (TOPIC,))
    off = BY_FILE["describe-alarms"].value["MetricAlarms"][0] | {"ActionsEnabled": False}
    facts = read({"a.json": {"MetricAlarms": [], "CompositeAlarms": [off]}})
    assert not the_trigger(the_resource(facts, ALARM)).enabled


def test_a_function_that_only_a_trigger_names() -> None:
    facts = read_samples(NOTIFIED)
    assert not the_function(facts).listed
    assert [q.name for q in the_function(facts).qualifiers] == [""]
    assert facts.not_read == ()  # nobody listed the functions


def test_a_trigger_to_a_function_that_is_gone() -> None:
    facts = read_samples(TARGETS, BY_FILE["list-rules"], list_functions={"Functions": [{
        "FunctionName": "other", "FunctionArn": f"{FUNCTION}-other"}]})  # fmt: skip
    assert called(the_resource(facts, RULE)) == [(FUNCTION, None)]
    gap = gap_about(facts, "not among the functions listed")
    assert gap.error.startswith("the rule nightly calls the function resize")
    assert gap.effect == "it calls nothing now, and would call whatever is created under the name resize"
    assert (gap.source, gap.pointer, gap.arn) == (TARGETS.file, "/Targets/0/Arn", FUNCTION)


def test_a_mapping_to_a_function_that_is_gone() -> None:
    mapping = {"UUID": "1", "FunctionArn": f"{FUNCTION}-gone", "EventSourceArn": QUEUE}
    facts = read({"m.json": mapping} | LISTED)
    assert "an event source mapping calls the function resize-gone" in gap_about(facts, "resize-gone").error
    assert [m.function_arn for m in facts.mappings] == [f"{FUNCTION}-gone"]


def test_a_listing_with_a_page_missing_proves_nothing() -> None:
    mapping = {"UUID": "1", "FunctionArn": f"{FUNCTION}-gone"}
    cut = LISTED["list-functions.json"] | {"NextMarker": "x"}
    facts = read({"m.json": mapping, "list-functions.json": cut})
    assert not any("resize-gone" in gap.error for gap in facts.not_read)
