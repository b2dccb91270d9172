"""Outputs of ``aws sns`` and ``aws sqs``: topics with their subscriptions, queues, and the policies of both.

Shapes: Amazon SNS API Reference, "GetTopicAttributes", "ListSubscriptions"; Amazon SQS API Reference,
"GetQueueAttributes". Their attributes are strings, a policy is JSON in one.
"""

from permcheck.sources.files.kind import Kind, holds_objects
from permcheck.sources.files.reading import Reading, embedded
from permcheck.sources.files.resource_drafts import Part
from permcheck.sources.files.resource_policies import elsewhere, resource_policy
from permcheck.sources.files.sending import Sent, sends
from permcheck.sources.files.shapes import JsonObject, arn, member, text, text_or_none


def topic(reading: Reading, value: JsonObject, at: str) -> None:
    """get-topic-attributes: every topic has a policy."""
    found, here = member(value, "Attributes", at) or {}, f"{at}/Attributes"
    own = arn(found, "TopicArn", here)
    reading.gathered.resource(own, reading.source, at, told=True)
    if found.get("Policy") is not None:
        resource_policy(reading, found["Policy"], f"{here}/Policy", own)


def subscriptions(reading: Reading, value: JsonObject, at: str) -> None:
    """list-subscriptions, list-subscriptions-by-topic."""
    reading.page(value, at, ("list-subscriptions", ""), "subscriptions of later pages are missing")
    reading.each(value, "Subscriptions", at, subscription, "subscription")


def one_subscription(reading: Reading, value: JsonObject, at: str) -> None:
    """get-subscription-attributes."""
    subscription(reading, member(value, "Attributes", at) or {}, f"{at}/Attributes")


def subscription(reading: Reading, entry: JsonObject, at: str) -> None:
    """A subscription; one that nobody confirmed gets nothing."""
    draft = reading.gathered.resource(arn(entry, "TopicArn", at), reading.source, at)
    endpoint = text_or_none(entry, "Endpoint", at)
    if endpoint is not None and text(entry, "Protocol", at) in ("lambda", "sqs", "firehose"):
        pending = entry.get("SubscriptionArn") == "PendingConfirmation" or entry.get("PendingConfirmation") == "true"
        name = draft.arn.rsplit(":", 1)[-1]
        sends(reading, draft, [Sent(endpoint, f"{at}/Endpoint", not pending)], f"the topic {name}")


def queue(reading: Reading, value: JsonObject, at: str) -> None:
    """get-queue-attributes: which attributes there are depends on which were asked for."""
    found, here = member(value, "Attributes", at) or {}, f"{at}/Attributes"
    raw = found.get("Policy")
    if text_or_none(found, "QueueArn", here) is None:
        _unnamed_queue(reading, raw, f"{here}/Policy")
        return
    draft = reading.gathered.resource(arn(found, "QueueArn", here), reading.source, at, told=True)
    # With all attributes asked for, a queue that prints no policy has none.
    draft.policy_read |= "CreatedTimestamp" in found
    if raw is not None:
        resource_policy(reading, raw, f"{here}/Policy", draft.arn)


def _unnamed_queue(reading: Reading, raw: object, at: str) -> None:
    try:
        document, repeated = embedded(raw) if isinstance(raw, str) else (raw, reading.repeated)
    except ValueError:
        document, repeated = None, False
    if elsewhere(reading, document, repeated, at):
        return

    def give(arn: str) -> None:
        resource_policy(reading, raw, at, arn)

    reading.gathered.parts.append(Part("queue", "a policy", "get-queue-attributes", reading.source, at, give))


def _attributes(*names: str) -> Kind:
    read = {"SubscriptionArn": one_subscription, "TopicArn": topic}.get(names[0], queue)
    operation = {"SubscriptionArn": "get-subscription-attributes", "TopicArn": "get-topic-attributes"}
    return Kind(
        operation.get(names[0], "get-queue-attributes"),
        "Attributes",
        lambda value: isinstance(value["Attributes"], dict) and any(name in value["Attributes"] for name in names),
        read,
    )


KINDS = (
    _attributes("SubscriptionArn"),
    _attributes("TopicArn"),
    _attributes("QueueArn", "Policy"),
    Kind("list-subscriptions", "Subscriptions", holds_objects("Subscriptions", "TopicArn"), subscriptions),
)
