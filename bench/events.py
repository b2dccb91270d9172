"""What functions of the generated account need for the events they get and for those they lose."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from dataclasses import replace

from bench.names import Workload
from bench.roles import RoleDraft
from bench.statements import Json, allow, document

FORGOTTEN = 0.02  # of the sources and queues, nobody thought of the permission
_READS = {
    "sqs": ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
    "dynamodb": ["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"],
}


def with_events(
    drafts: Iterable[RoleDraft], loads: list[Workload], mappings: list[Json], entries: list[Json], rng: random.Random
) -> Iterator[RoleDraft]:
    """The drafts, those of functions with event sources and dead-letter queues with one more inline policy."""
    role_of = {load.function: load.role for load in loads}
    wanted: dict[str, list[Json]] = {}
    for mapping in mappings:
        source = mapping["EventSourceArn"]
        role = role_of[mapping["FunctionArn"].split(":")[6]]
        if rng.random() >= FORGOTTEN:
            wanted.setdefault(role, []).append(allow(_READS[source.split(":")[2]], source))
            if ":dynamodb:" in source:
                wanted[role].append(allow("dynamodb:ListStreams", "*"))
    for entry in entries:
        if "DeadLetterConfig" in entry and rng.random() >= FORGOTTEN:
            sends = allow("sqs:SendMessage", entry["DeadLetterConfig"]["TargetArn"])
            wanted.setdefault(role_of[entry["FunctionName"]], []).append(sends)
    for draft in drafts:
        statements = wanted.get(draft.name, [])
        yield replace(draft, inline=draft.inline | {"events": document(statements)}) if statements else draft
