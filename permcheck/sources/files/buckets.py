"""Outputs of ``aws s3api`` about one bucket. None of them tells the bucket, so the file's name or a neighbour must.

Shapes: Amazon S3 API Reference, "GetBucketNotificationConfiguration", "GetBucketTagging". Policies of buckets are read
by resource_policies.py.
"""

from permcheck.sources.files.kind import Kind, only
from permcheck.sources.files.reading import Reading
from permcheck.sources.files.resource_drafts import Part
from permcheck.sources.files.sending import Sent, sends
from permcheck.sources.files.shapes import JsonObject, arn, items, member, tag_list, text_or_none

# What is notified, by the member that lists it and the member of an entry that names the destination.
_LISTS = {
    "LambdaFunctionConfigurations": "LambdaFunctionArn",
    "QueueConfigurations": "QueueArn",
    "TopicConfigurations": "TopicArn",
}
_NOTIFICATION = only(*_LISTS, "EventBridgeConfiguration")


def notifications(reading: Reading, value: JsonObject, at: str) -> None:
    """get-bucket-notification-configuration: the functions, queues and topics that hear of new objects."""
    sent: list[Sent] = []
    for key, name in _LISTS.items():

        def one(reading: Reading, entry: JsonObject, here: str, name: str = name) -> None:
            prefix, suffix = (_filter(entry, here, end) for end in ("prefix", "suffix"))
            sent.append(Sent(arn(entry, name, here), f"{here}/{name}", prefix=prefix, suffix=suffix))

        reading.each(value, key, at, one, "notification")

    def give(bucket: str) -> None:
        draft = reading.gathered.resource(bucket, reading.source, at)
        sends(reading, draft, sent, f"the bucket {bucket.rsplit(':', 1)[-1]}")

    operation = "get-bucket-notification-configuration"
    reading.gathered.parts.append(Part("bucket", "notifications", operation, reading.source, at, give))


def _filter(entry: JsonObject, at: str, end: str) -> str:
    """What the keys of objects must begin or end with, "" for anything; S3 prints the name of a rule in any case."""
    found = member(member(entry, "Filter", at) or {}, "Key", f"{at}/Filter") or {}
    for i, rule in enumerate(items(found, "FilterRules", f"{at}/Filter/Key")):
        if isinstance(rule, dict) and str(rule.get("Name")).lower() == end:
            return text_or_none(rule, "Value", f"{at}/Filter/Key/FilterRules/{i}") or ""
    return ""


def tags(reading: Reading, value: JsonObject, at: str) -> None:
    """get-bucket-tagging."""
    found = tag_list(value, "TagSet", at)

    def give(bucket: str) -> None:
        reading.gathered.resource(bucket, reading.source, at).tags = found

    reading.gathered.parts.append(Part("bucket", "tags", "get-bucket-tagging", reading.source, at, give))


KINDS = (
    *(Kind("get-bucket-notification-configuration", key, _NOTIFICATION, notifications) for key in _LISTS),
    Kind("get-bucket-notification-configuration", "EventBridgeConfiguration", _NOTIFICATION, notifications),
    Kind("get-bucket-tagging", "TagSet", only("TagSet"), tags),
)
