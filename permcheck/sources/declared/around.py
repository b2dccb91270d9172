"""Declared buckets, topics, queues, keys, secrets, tables, streams: their policies and whom they tell of events.

CloudFormation Template Reference, the type of the same name.
"""

import re
from collections.abc import Iterable, Iterator

from permcheck.sources.declared.identities import tags
from permcheck.sources.declared.names import Where
from permcheck.sources.declared.room import Declared, Room
from permcheck.sources.declared.value import Raw, Value
from permcheck.sources.files.resource_drafts import ResourceDraft
from permcheck.sources.files.sending import Sent, sends

_QUEUE_URL = re.compile(r"https://(?:sqs\.)?(?P<region>[\w<>-]+)[\w.]*/(?P<account>[\w<>-]+)/(?P<name>.+)")
_NOTIFIED = {"LambdaConfigurations": "Function", "QueueConfigurations": "Queue", "TopicConfigurations": "Topic"}
_PROTOCOLS = ("lambda", "sqs", "firehose")
# Property that holds a resource's own policy, by type.
_OWN_POLICY = {
    "AWS::KMS::Key": "KeyPolicy",
    "AWS::Events::EventBus": "Policy",
    "AWS::DynamoDB::Table": "ResourcePolicy",
    "AWS::ECR::Repository": "RepositoryPolicyText",
}


def resource(room: Room, declared: Declared) -> None:
    """A resource with nothing to tell but that it is there, its tags and perhaps a policy."""
    draft = told(room, declared)
    key = _OWN_POLICY.get(declared.type)
    policy = declared.properties.get(key) if key is not None else None
    if policy is not None:
        document = policy.get("PolicyDocument") or policy
        room.resource_policy(draft.arn, document)


def told(room: Room, declared: Declared) -> ResourceDraft:
    """The draft of a declared resource. That no policy is declared for it means that it has none."""
    draft = room.gathered.resource(declared.names.arn, declared.source, declared.pointer, told=True)
    draft.policy_read, draft.account = True, declared.where.account
    draft.tags = tags(declared.properties)
    return draft


def sent_to(values: Iterable[Value | None], role: str | None = None, enabled: bool = True) -> Iterator[Sent]:
    """Destinations by ARN."""
    for value in values:
        arn = value.text() if value is not None else None
        if value is not None and arn is not None:
            yield Sent(arn, value.pointer, enabled, role)


def bucket(room: Room, declared: Declared) -> None:
    """AWS::S3::Bucket, with the functions, queues and topics that hear of new objects."""
    draft = told(room, declared)
    notified = declared.properties.get("NotificationConfiguration")
    if notified is None:
        return
    sent: list[Sent] = []
    for key, name in _NOTIFIED.items():
        for each in notified.entries(key):
            value = each.get(name)
            arn = value.text() if value is not None else None
            if value is not None and arn is not None:
                prefix, suffix = (_filter(each, end) for end in ("prefix", "suffix"))
                sent.append(Sent(arn, value.pointer, prefix=prefix, suffix=suffix))
    sends(room.reading(notified), draft, sent, f"the bucket {declared.names.name}")


def _filter(entry: Value, end: str) -> str:
    found = entry.at("Filter", "S3Key")
    for rule in found.entries("Rules") if found is not None else ():
        if (rule.text("Name") or "").lower() == end:
            return rule.text("Value") or ""
    return ""


def bucket_policy(room: Room, declared: Declared) -> None:
    """AWS::S3::BucketPolicy."""
    named, document = declared.properties.text("Bucket"), declared.properties.get("PolicyDocument")
    if named is not None and document is not None:
        arn = named if named.startswith("arn:") else f"arn:{declared.where.partition}:s3:::{named}"
        room.gathered.resource(arn, declared.source, declared.pointer).account = declared.where.account
        room.resource_policy(arn, document)


def topic(room: Room, declared: Declared) -> None:
    """AWS::SNS::Topic, with the subscriptions written into it."""
    draft = told(room, declared)
    for each in declared.properties.entries("Subscription"):
        _subscribed(room, draft, each)


def subscription(room: Room, declared: Declared) -> None:
    """AWS::SNS::Subscription."""
    arn = declared.properties.text("TopicArn")
    if arn is None or not arn.startswith("arn:"):
        room.miss(declared, "which topic the subscription is of is not known before deploy", "it is left out")
        return
    _subscribed(room, room.gathered.resource(arn, declared.source, declared.pointer), declared.properties)


def _subscribed(room: Room, draft: ResourceDraft, value: Value) -> None:
    endpoint = value.get("Endpoint")
    if value.text("Protocol") in _PROTOCOLS:
        sends(room.reading(value), draft, sent_to([endpoint]), f"the topic {draft.arn.rsplit(':', 1)[-1]}")


def policies_of(room: Room, declared: Declared) -> None:
    """AWS::SNS::TopicPolicy, AWS::SQS::QueuePolicy and their inline twins: one policy for several."""
    document = declared.properties.get("PolicyDocument")
    keys = ("Topics", "TopicArn", "Queues", "Queue")
    named = [value for key in keys for value in declared.properties.entries(key)]
    for value in named if document is not None else ():
        text = value.text()
        arn = queue_arn(text, declared.where) if text is not None and "SQS" in declared.type else text
        if arn is not None and arn.startswith("arn:") and document is not None:
            room.resource_policy(arn, document)
        else:
            room.miss(value, "what the policy is of is not known before deploy", "it is left out")


def queue_arn(named: str, where: Where) -> str:
    """The ARN of a queue by its URL, name or ARN."""
    if named.startswith("arn:"):
        return named
    found = _QUEUE_URL.fullmatch(named)
    if found is not None:
        return f"arn:{where.partition}:sqs:{found['region']}:{found['account']}:{found['name']}"
    return f"arn:{where.partition}:sqs:{where.region}:{where.account}:{named}"


def arn_policy(room: Room, declared: Declared) -> None:
    """A policy on something told by its ARN: a secret, a stream or table, a vault.

    AWS::SecretsManager::ResourcePolicy, AWS::Kinesis::ResourcePolicy.
    """
    properties = declared.properties
    arn = properties.text("SecretId") or properties.text("ResourceArn")
    document = properties.get("ResourcePolicy") or properties.get("PolicyDocument")
    if arn is None or document is None or not arn.startswith("arn:"):
        room.miss(declared, "what the policy is of is not known before deploy", "it is left out")
        return
    room.resource_policy(arn, document)


def bus_policies(room: Room) -> None:
    """AWS::Events::EventBusPolicy: each adds a statement to the one policy of a bus."""
    by_bus: dict[str, list[Value]] = {}
    for declared in room.of("AWS::Events::EventBusPolicy"):
        where = declared.where
        bus = (declared.properties.text("EventBusName") or "default").rsplit("/", 1)[-1]
        arn = f"arn:{where.partition}:events:{where.region}:{where.account}:event-bus/{bus}"
        statement = declared.properties.get("Statement") or _bus_statement(declared, arn)
        if statement is not None:
            by_bus.setdefault(arn, []).append(statement)
    for arn, written in by_bus.items():
        place = written[0]
        made = {
            "Version": Value("2012-10-17", place.source, place.pointer),
            "Statement": Value(tuple(written), place.source, place.pointer),
        }
        room.resource_policy(arn, Value(made, place.source, place.pointer))


def _bus_statement(declared: Declared, arn: str) -> Value | None:
    """The statement that PutPermission makes of its parameters."""
    properties = declared.properties

    def here(raw: Raw) -> Value:
        return Value(raw, properties.source, properties.pointer)

    principal = properties.get("Principal")
    if principal is None:
        return None
    made: dict[str, Value] = {
        "Sid": properties.get("StatementId") or here(declared.address),
        "Effect": here("Allow"),
        "Principal": principal
        if principal.raw == "*"
        else Value({"AWS": principal}, principal.source, principal.pointer),
        "Action": properties.get("Action") or here("events:PutEvents"),
        "Resource": here(arn),
    }
    condition = properties.get("Condition")
    kind, key = (condition.text(name) if condition else None for name in ("Type", "Key"))
    value = condition.get("Value") if condition else None
    if kind and key and value is not None:
        made["Condition"] = here({kind: here({key: value})})
    return here(made)
