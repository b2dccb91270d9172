"""Event sources of the view, and what a write to each asks for: whoever may write there can set the function off.

The action and its resource stand in the Service Authorization Reference; what is written is often not the source
itself but an object in the bucket, the bus behind a rule, the table behind a stream.
"""

import json
import re
from collections.abc import Iterator, Mapping

from permcheck.frozen import dataclass
from permcheck.graph.policy_arns import MADE_UP, PolicyArns, below, filled, rests_named
from permcheck.model.facts import Facts
from permcheck.model.function import EventSourceMapping
from permcheck.model.policy import Policy
from permcheck.model.resource import Resource
from permcheck.policy.arn import account_of, split
from permcheck.policy.wildcard import glob

# Service of the source → the actions that make an event of it.
_ACTIONS = {
    "s3": ("s3:PutObject",),
    "sns": ("sns:Publish",),
    "sqs": ("sqs:SendMessage",),
    "events": ("events:PutEvents",),
    "kinesis": ("kinesis:PutRecord", "kinesis:PutRecords"),
    "dynamodb": ("dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem", "dynamodb:BatchWriteItem"),
    "iot": ("iot:Publish",),
    "logs": ("logs:PutLogEvents",),
    "cloudwatch": ("cloudwatch:SetAlarmState",),
    "states": ("states:StartExecution", "states:StartSyncExecution"),
    "appsync": ("appsync:GraphQL",),
    "kafka": ("kafka-cluster:WriteData",),
    "cognito-idp": ("cognito-idp:AdminCreateUser", "cognito-idp:AdminConfirmSignUp", "cognito-idp:AdminInitiateAuth"),
}
_FROM = re.compile(r"""\bFROM\s+['\"]([^'\"]*)['\"]""", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class EventSource:
    """Something that sets functions off. name: its ARN, or a made-up name for a Kafka cluster that has none.

    written: (ARN, action) of every request that makes an event. policy: of what is written to. owner: its account.
    resource: as the input tells it, None where only a mapping names it. only_from: accounts whose events it takes, None
    for all.
    """

    name: str
    written: tuple[tuple[str, str], ...]
    policy: Policy | None = None
    owner: str = ""
    resource: Resource | None = None
    only_from: frozenset[str] | None = None

    @property
    def service(self) -> str:
        """The service segment of the ARN."""
        arn = split(self.name)
        return arn.service if arn is not None else ""


def source_name(mapping: EventSourceMapping) -> str:
    """What the source of a mapping is called: its ARN, or the servers and topics of a Kafka cluster outside AWS.

    Where the input tells neither, the mapping itself stands for it.
    """
    if mapping.event_source:
        return mapping.event_source
    if mapping.servers:
        return f"kafka://{','.join(mapping.servers)}/{','.join(mapping.topics)}"
    return f"mapping:{mapping.uuid or mapping.function_arn}"


def event_sources(facts: Facts, spoken: PolicyArns) -> Iterator[EventSource]:
    """Every source in view, each once: what has triggers or sends on, user pools with triggers, and what is polled."""
    resources = {r.arn: r for r in facts.resources}
    fed = {arn for r in facts.resources for arn in r.forwards}
    names: dict[str, None] = {}
    for resource in facts.resources:
        if resource.triggers or resource.forwards or resource.arn in fed:
            names[resource.arn] = None
    for pool in facts.user_pools:
        if pool.triggers:
            names[pool.arn] = None
    for mapping in facts.mappings:
        names[source_name(mapping)] = None
    for name in names:
        yield _source(name, resources, spoken)


def _source(name: str, resources: Mapping[str, Resource], spoken: PolicyArns) -> EventSource:
    arn, own = split(name), resources.get(name)
    if arn is None:
        return EventSource(name, (), resource=own)
    carrier, only_from = name, None
    if arn.service == "dynamodb":
        carrier = name.partition("/stream/")[0]
    elif arn.service == "kinesis":
        carrier = name.partition("/consumer/")[0]
    elif arn.service == "events" and own is not None and arn.resource.startswith("rule/"):
        carrier = bus_of(name)
        told = _heard(own)
        if told is None:
            return EventSource(name, (), resource=own)
        only_from = told[0]
    actions = _ACTIONS.get(arn.service, ())
    head = name[: len(name) - len(arn.resource)]
    written = tuple((f"{head}{part}", a) for part in _parts(name, carrier, own, spoken) for a in actions)
    holder = resources.get(carrier)
    policy = holder.policy if holder is not None else None
    owner = (own.account if own is not None else "") or account_of(name)
    return EventSource(name, written, policy, owner, own, only_from)


def bus_of(rule: str) -> str:
    """The ARN of the event bus whose events a rule hears (EventBridge, "Event buses": ``rule/BUS/NAME``)."""
    head, _, rest = rule.partition(":rule/")
    bus, apart, _ = rest.rpartition("/")
    return f"{head}:event-bus/{bus if apart else 'default'}"


def _heard(rule: Resource) -> tuple[frozenset[str] | None] | None:
    """Whose events set a rule off: (accounts or None for all,); None where nobody's do.

    A rule without a pattern has only its schedule. Events of AWS services cannot be made up: PutEvents refuses a
    source that begins with ``aws.``.
    """
    if rule.pattern is None:
        return None
    try:
        pattern = json.loads(rule.pattern)
    except ValueError:
        return (None,)
    if not isinstance(pattern, dict):
        return (None,)
    told = pattern.get("source")
    if isinstance(told, list) and told and all(isinstance(s, str) and s.startswith("aws.") for s in told):
        return None
    accounts = pattern.get("account")
    if isinstance(accounts, list) and all(isinstance(a, str) for a in accounts):
        return (frozenset(accounts),)
    return (None,)


def _parts(name: str, carrier: str, own: Resource | None, spoken: PolicyArns) -> Iterator[str]:
    """The resource parts of the ARNs that a write may name."""
    arn = split(carrier)
    if arn is None:
        return
    part = arn.resource
    if arn.service == "s3":
        yield from _objects(part, own, spoken)
    elif arn.service == "logs":
        yield from below(part.removesuffix(":*"), spoken.of("logs"), apart=":log-stream:")
    elif arn.service == "kafka":
        yield from below(f"topic{part.removeprefix('cluster')}", spoken.of("kafka"))
    elif arn.service == "appsync":
        yield from (f"{part}/types/{kind}/fields/{MADE_UP}" for kind in ("Query", "Mutation", "Subscription"))
        yield from (f for f in below(part, spoken.of("appsync")) if "/types/" in f and "/fields/" in f)
    elif arn.service == "iot":
        yield from (f"topic/{topic}" for topic in dict.fromkeys(_topics(own, name, spoken)))
    else:
        yield part


def _objects(bucket: str, own: Resource | None, spoken: PolicyArns) -> Iterator[str]:
    """Objects that a notification is sent for. One that is sent on, or whose filter is not told, takes every object."""
    triggers = [t for t in own.triggers if t.enabled] if own is not None else []
    filters = dict.fromkeys((t.prefix, t.suffix) for t in triggers)
    if not filters or (own is not None and own.forwards):
        filters = {("", ""): None}
    for prefix, suffix in filters:
        for found in below(bucket, spoken.of("s3"), f"{prefix}{MADE_UP}{suffix}", ending=suffix):
            key = found.removeprefix(f"{bucket}/")
            if key.startswith(prefix) and key.endswith(suffix):
                yield found


def _topics(rule: Resource | None, name: str, spoken: PolicyArns) -> Iterator[str]:
    """Topics that an IoT rule hears: those of its FROM clause, and its own ("Basic Ingest")."""
    yield f"$aws/rules/{name.rpartition('/')[2]}/{MADE_UP}"
    found = _FROM.search(rule.pattern or "") if rule is not None else None
    if found is None:
        yield MADE_UP
        return
    heard = found[1].split("/")
    yield "/".join(MADE_UP if level in ("+", "#") else level for level in heard)
    for rest in rests_named("topic", spoken.of("iot")):
        yield from _aligned(heard, rest)


def _aligned(heard: list[str], rest: str) -> Iterator[str]:
    """A topic that a pattern of a policy names and the filter hears, level by level where the pattern has levels."""
    said = rest.split("/")
    if "#" in heard:
        said += [MADE_UP] * (len(heard) - len(said))
        heard = heard[:-1] + ["+"] * (len(said) - len(heard) + 1)
    said += [MADE_UP] * (len(heard) - len(said))
    levels = [filled(own) if level == "+" else level for level, own in zip(heard, said, strict=False)]
    topic = "/".join(levels)
    if glob(rest)(topic):
        yield topic
