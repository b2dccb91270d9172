"""Queues and streams that somebody might write to and a function's role might read: how records get to a function.

Lambda Developer Guide, "Using Lambda with Amazon SQS", "Using Lambda with Kinesis", "Using Lambda with DynamoDB".
Whether they may is decided by whoever asks; here it is only said which are worth asking about.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import chain
from typing import NamedTuple

from permcheck.access import Item, Subject, Universe, bits
from permcheck.access.context import item_keys
from permcheck.graph.anything import any_resource
from permcheck.graph.scene import Scene
from permcheck.policy.arn import split
from permcheck.policy.matching import naming
from permcheck.policy.wildcard import has_wildcard

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

    used: whether a mapping in view reads it, so that records come without the caller. made_up: whether only a pattern
    says that there may be such a thing.
    """

    source: str
    written: str
    write: str
    reads: tuple[str, ...]
    used: bool
    made_up: bool


class _Named(NamedTuple):
    service: str
    written: str
    made_up: bool


class Feeds:
    """The sources of one scene."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._known: dict[tuple[int, bool], Sequence[_Named]] = {}

    def of(self, caller: Subject, role: Subject) -> Iterator[Feed]:
        """Sources that the caller's policies let it write to and the role's let it read, by name or as any.

        Then those that functions in view read already.
        """
        named = self._by_name(caller, role)
        yield from map(self._feed, named.values())
        yield from (feed for feed in self._read_already if feed.written not in named)

    def known(self, roles: Iterable[Subject]) -> Mapping[str, Feed]:
        """Sources that a role by itself may both write to and read, made-up names left out; by what is written to."""
        named = dict.fromkeys(each for role in roles for each in self._by_name(role, role).values())
        feeds = chain(map(self._feed, named), self._read_already)
        return {feed.written: feed for feed in feeds if not feed.made_up}

    def _by_name(self, caller: Subject, role: Subject) -> Mapping[str, _Named]:
        found: dict[str, _Named] = {}
        for named in (*self._named(caller, True), *self._named(role, False)):
            # What one of them names is there, whoever else has only a pattern that fits it.
            if found.setdefault(named.written, named).made_up and not named.made_up:
                found[named.written] = named
        return found

    def _feed(self, named: _Named) -> Feed:
        used = self._used.get(named.written)
        source = used or named.written + (_STREAM if named.service == "dynamodb" else "")
        made_up = named.made_up and used is None
        return Feed(source, named.written, WRITES[named.service], READS[named.service], used is not None, made_up)

    @cached_property
    def _read_already(self) -> Sequence[Feed]:
        found = ((written, source, written.split(":")[2]) for written, source in self._used.items())
        return [Feed(source, written, WRITES[of], READS[of], True, False) for written, source, of in found]

    @cached_property
    def _used(self) -> Mapping[str, str]:
        """What is written to → the source that some mapping reads."""
        found = (m.event_source for m in self._scene.facts.mappings if m.event_source)
        return {s.partition("/stream/")[0]: s for s in found if s.count(":") >= 5 and s.split(":")[2] in WRITES}

    def _named(self, subject: Subject, writing: bool) -> Sequence[_Named]:
        key = (subject.number, writing)
        found = self._known.get(key)
        if found is None:
            asked = ((s, WRITES[s] if writing else READS[s][0]) for s in WRITES)
            each = (named for service, action in asked for named in self._of_service(subject, service, action))
            found = self._known[key] = tuple(dict.fromkeys(each))
        return found

    def _of_service(self, subject: Subject, service: str, action: str) -> Iterator[_Named]:
        """What a principal's policies name for the action, as what is written to."""
        partition, region = subject.arn.split(":", 2)[1], self._scene.regions.get(subject.account, "us-east-1")
        for policy in subject.policies:
            for statement in naming(policy.document, action) if policy.document is not None else ():
                for text in (statement.resources or ("*",)) if statement.is_allow else ():
                    arn = split(text)
                    if arn is None or "$" in text:
                        any_of_them = any_resource(WRITES[service], subject.account, partition, region)
                        yield _Named(service, any_of_them, True)
                        continue
                    place = arn.region if arn.region and "*" not in arn.region else region
                    part = arn.resource.partition("/stream/")[0]
                    name = part.replace("*", _NAME).replace("?", "x")
                    written = f"arn:{partition}:{service}:{place}:{subject.account}:{name}"
                    yield _Named(service, written, has_wildcard(part))


class Pairs:
    """Known sources between callers who write and roles that read, as sets: for many callers and few roles."""

    def __init__(self, scene: Scene, feeds: Feeds, roles: Sequence[Subject]) -> None:
        self._scene = scene
        self._feeds = feeds.known(roles)
        found = self._feeds.values()
        self._writes = Universe(Item(f.written, f.write, known=item_keys(f.written)[0]) for f in found)
        self._reads = Universe(Item(f.source, f.reads[0], known=item_keys(f.source)[0]) for f in found)
        writes, sources = self._writes.position, {feed.source: feed.written for feed in found}
        self._reading = {n: writes[sources[item.arn]] for n, item in enumerate(self._reads.items)}
        self._read: dict[int, int] = {}

    def written_by(self, caller: Subject) -> int:
        """What the caller might write to, as a set: empty for nearly everybody."""
        return self._may(caller, self._writes)

    def of(self, caller: Subject, role: Subject) -> Iterator[Feed]:
        """Sources that the caller might write to and the role read."""
        both = self.written_by(caller) & self._read_by(role)
        yield from (self._feeds[written] for written in sorted(self._writes.items[n].arn for n in bits.members(both)))

    def _read_by(self, role: Subject) -> int:
        """What the role might read, numbered as what is written to."""
        found = self._read.get(role.number)
        if found is None:
            numbers = (self._reading[n] for n in bits.members(self._may(role, self._reads)))
            found = self._read[role.number] = bits.of(numbers)
        return found

    def _may(self, subject: Subject, universe: Universe) -> int:
        may = self._scene.world.access_of(subject, universe, "")
        return may.possible & ~may.unread


def may_read(role: Subject) -> bool:
    """Whether some policy of the role names what reading a source takes: a first look."""
    return any(
        p.document is None or any(s.is_allow for s in naming(p.document, reads[0]))
        for p in role.policies
        for reads in READS.values()
    )
