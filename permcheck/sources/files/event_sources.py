"""Things that call functions in a service's name: IoT rules, subscription filters of log groups, CloudWatch alarms.

Shapes: AWS IoT API Reference, "GetTopicRule", "ListTopicRules"; CloudWatch Logs API Reference,
"DescribeSubscriptionFilters"; CloudWatch API Reference, "DescribeAlarms".
"""

from permcheck.sources.files.called import is_function
from permcheck.sources.files.kind import Kind, holds_objects, listing
from permcheck.sources.files.reading import Reading
from permcheck.sources.files.sending import Sent, sends
from permcheck.sources.files.shapes import JsonObject, arn, items, member, strings, text, text_or_none, type_name


def topic_rules(reading: Reading, value: JsonObject, at: str) -> None:
    """list-topic-rules: names, without what the rules do."""
    told = listing("list-topic-rules", value, "rules", "ruleArn")
    reading.page(value, at, told, "IoT rules of later pages are missing")

    def one(reading: Reading, entry: JsonObject, here: str) -> None:
        draft = reading.gathered.resource(arn(entry, "ruleArn", here), reading.source, here)
        draft.enabled = draft.enabled and entry.get("ruleDisabled") is not True

    reading.each(value, "rules", at, one, "IoT rule")


def topic_rule(reading: Reading, value: JsonObject, at: str) -> None:
    """get-topic-rule: which messages it takes, and what it does with them or when that fails."""
    draft = reading.gathered.resource(arn(value, "ruleArn", at), reading.source, at, told=True)
    rule, here = member(value, "rule", at) or {}, f"{at}/rule"
    draft.pattern = text_or_none(rule, "sql", here)
    draft.enabled = rule.get("ruleDisabled") is not True
    actions = [(each, f"{here}/actions/{i}") for i, each in enumerate(items(rule, "actions", here))]
    if rule.get("errorAction") is not None:
        actions.append((rule["errorAction"], f"{here}/errorAction"))
    name = draft.arn.rsplit("/", 1)[-1]
    for each, place in actions:
        if not isinstance(each, dict):
            reading.miss(f"an action is an object, not {type_name(each)}", f"what {name} does there is unknown", place)
            continue
        called = member(each, "lambda", place)
        if called is not None:
            sent = Sent(text(called, "functionArn", f"{place}/lambda"), f"{place}/lambda/functionArn")
            sends(reading, draft, [sent], f"the IoT rule {name}")


def filters(reading: Reading, value: JsonObject, at: str) -> None:
    """describe-subscription-filters: log groups that are read by functions.

    A function must be of the log group's own account and Region (PutSubscriptionFilter, destinationArn), so it tells
    the ARN of the log group.
    """
    reading.page(value, at, ("describe-subscription-filters", ""), "subscription filters of later pages are missing")

    def one(reading: Reading, entry: JsonObject, here: str) -> None:
        group, target = text(entry, "logGroupName", here), arn(entry, "destinationArn", here)
        if is_function(target):
            _, partition, _, region, account, _ = target.split(":", 5)
            own = f"arn:{partition}:logs:{region}:{account}:log-group:{group}"
            draft = reading.gathered.resource(own, reading.source, here, told=True)
            sends(reading, draft, [Sent(target, f"{here}/destinationArn")], f"the log group {group}")

    reading.each(value, "subscriptionFilters", at, one, "subscription filter")


def alarms(reading: Reading, value: JsonObject, at: str) -> None:
    """describe-alarms: what is called when an alarm goes off, ends, or has nothing to go by."""
    told = listing("describe-alarms", value, "MetricAlarms", "AlarmArn")
    reading.page(value, at, told, "alarms of later pages are missing")
    for key in ("MetricAlarms", "CompositeAlarms"):
        reading.each(value, key, at, _alarm, "alarm")


def _alarm(reading: Reading, entry: JsonObject, at: str) -> None:
    draft = reading.gathered.resource(arn(entry, "AlarmArn", at), reading.source, at, told=True)
    draft.enabled = entry.get("ActionsEnabled") is not False
    sent = [
        Sent(target, f"{at}/{key}/{i}")
        for key in ("AlarmActions", "OKActions", "InsufficientDataActions")
        for i, target in enumerate(strings(entry, key, at))
    ]
    sends(reading, draft, sent, f"the alarm {draft.arn.rsplit(':', 1)[-1]}")


KINDS = (
    Kind("list-topic-rules", "rules", holds_objects("rules", "ruleArn"), topic_rules),
    Kind("get-topic-rule", "ruleArn", lambda value: "rule" in value, topic_rule),
    Kind(
        "describe-subscription-filters",
        "subscriptionFilters",
        holds_objects("subscriptionFilters", "destinationArn"),
        filters,
    ),
    Kind("describe-alarms", "MetricAlarms", holds_objects("MetricAlarms", "AlarmArn"), alarms),
    Kind("describe-alarms", "CompositeAlarms", holds_objects("CompositeAlarms", "AlarmArn"), alarms),
)
