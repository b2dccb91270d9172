"""Queues and streams that somebody might write to and a function's role might read: how records get to a function.

Lambda Developer Guide, "Using Lambda with Amazon SQS", "Using Lambda with Kinesis", "Using Lambda with DynamoDB".
Whether they may is decided by whoever asks; here it is only said which are worth asking about.
"""

from collections.abc import Iterator
from typing import NamedTuple

from permcheck.access import Subject
from permcheck.graph.anything import any_resource
from permcheck.graph.scene import Scene
from permcheck.policy.arn import split
from permcheck.policy.matching import naming

# What puts a record into a source, and what the poller needs to get it out again, on the source itself.
WRITES = {"sqs": "sqs:SendMessage", "kinesis": "kinesis:PutRecord", "dynamodb": "dynamodb:PutItem"}
READS = {
    "sqs": ("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"),
    "kinesis": ("kinesis:GetRecords", "kinesis:GetShardIterator", "kinesis:DescribeStreamSummary"),
    "dynamodb": ("dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:DescribeStream"),
}
_STREAM = "/stream/2026-01-01T00:00:00.000"
_NAME = "permcheck"


class Feed(NamedTuple):
    """A source. written: what a record is written to (a stream of changes is written through its table).

    used: whether a mapping in view reads it, so that records come without the caller.
    """

    source: str
    written: str
    write: str
    reads: tuple[str, ...]
    used: bool


def feeds(scene: Scene, caller: Subject) -> Iterator[Feed]:
    """Sources the caller's policies let it write to, by name or as any, then those that are read already."""
    partition, region = caller.arn.split(":", 2)[1], scene.regions.get(caller.account, "us-east-1")
    used = {m.event_source: None for m in scene.facts.mappings if m.event_source}
    seen: set[str] = set()
    for service, action in WRITES.items():
        for policy in caller.policies:
            for statement in naming(policy.document, action) if policy.document is not None else ():
                for text in (statement.resources or ("*",)) if statement.is_allow else ():
                    arn = split(text)
                    if arn is None or "$" in text:
                        written = any_resource(action, caller.account, partition, region)
                    else:
                        place = arn.region if "*" not in arn.region and arn.region else region
                        name = arn.resource.replace("*", _NAME).replace("?", "x")
                        written = f"arn:{partition}:{service}:{place}:{caller.account}:{name}"
                    if written not in seen:
                        seen.add(written)
                        yield _feed(service, written, written + _STREAM if service == "dynamodb" else written, used)
    for source in used:
        service = source.split(":")[2] if source.count(":") >= 5 else ""
        if service in WRITES and source not in seen:
            yield _feed(service, source.partition("/stream/")[0], source, used)


def _feed(service: str, written: str, source: str, used: dict[str, None]) -> Feed:
    known = next((s for s in used if s == source or s.startswith(f"{written}/stream/")), None)
    return Feed(known or source, written, WRITES[service], READS[service], known is not None)


def may_read(role: Subject) -> bool:
    """Whether some policy of the role names what reading a source takes: a first look."""
    return any(
        p.document is None or any(s.is_allow for s in naming(p.document, reads[0]))
        for p in role.policies
        for reads in READS.values()
    )
