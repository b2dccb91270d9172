"""Declared functions, their versions and aliases, URLs, pollers and destinations.

CloudFormation Template Reference, ``AWS::Lambda::*``. Environment variables are gone before this module sees them.
"""

import re
from collections.abc import Iterator

from permcheck.model.function import SCHEMA_REGISTRY, Destination, EventSourceMapping, FunctionUrl, Layer
from permcheck.model.location import NOT_DECLARED
from permcheck.sources.declared.identities import tags
from permcheck.sources.declared.room import Declared, Room
from permcheck.sources.declared.value import Value
from permcheck.sources.files.called import call, is_function
from permcheck.sources.files.reader import HOLDS_KEY

_LAYER = re.compile(r"arn:[\w-]+:lambda:[^:]+:[^:]+:layer:[^:]+")
_WHEN = {"OnSuccess": "on_success", "OnFailure": "on_failure"}


def function(room: Room, declared: Declared) -> None:
    """AWS::Lambda::Function."""
    properties = declared.properties
    draft = room.gathered.function(declared.names.arn, declared.source, declared.pointer)
    draft.source, draft.pointer, draft.listed = properties.source, properties.pointer, True
    draft.name = declared.names.name
    role, twice = _role(room, declared), room.before(declared, "function", declared.names.arn) is not None
    if twice and role != draft.role:
        error = f"the execution role of {draft.name}, which is declared twice, is not known before deploy"
        room.miss(properties, error, f"what {draft.name} can reach is unknown", declared.names.arn)
        role = None
    draft.role = role
    draft.layers = tuple(_layers(room, declared))
    draft.tags = tags(properties)
    draft.code_signing = properties.text("CodeSigningConfigArn")
    draft.holds_key |= properties.flag(HOLDS_KEY) is True
    dead = properties.at("DeadLetterConfig", "TargetArn")
    if dead is not None and dead.text():
        made = Destination("dead_letter", dead.text() or "", dead.source, dead.pointer)
        draft.destinations[made.kind, ""] = made
        _called(room, dead, f"the function {draft.name}")


def _layers(room: Room, declared: Declared) -> Iterator[Layer]:
    for value in declared.properties.entries("Layers"):
        arn = value.text() or ""
        if _LAYER.match(arn):
            yield Layer(arn, value.source, value.pointer)
        else:
            name = declared.names.name
            room.miss(value, f"a layer of {name} is not known before deploy", "whose code runs in it is unknown")


def _role(room: Room, declared: Declared) -> str | None:
    """The execution role by ARN. One that is told by nothing but an unknown value keeps a name made of that."""
    value = declared.properties.get("Role")
    text = value.text() if value is not None else None
    if value is None or text is None:
        error = f"the execution role of {declared.names.name} is not known before deploy"
        place = value if value is not None else declared
        room.miss(place, error, f"what {declared.names.name} can reach is unknown", declared.names.arn)
        return None
    where = declared.where
    by_name = room.find("AWS::IAM::Role", text)
    arn = text if text.startswith("arn:") else f"arn:{where.partition}:iam::{where.account}:role/{text}"
    arn = by_name.names.arn if by_name is not None else arn
    if room.by_arn(arn) is None and not any(_of_account(each, arn) for each in room.of("AWS::IAM::Role")):
        # With other roles of the account in view, the builder says so.
        error = f"the execution role {arn.rsplit('/', 1)[-1]} of {declared.names.name} {NOT_DECLARED}"
        room.miss(value, error, f"what {declared.names.name} can reach is unknown", arn)
    return arn


def _of_account(declared: Declared, arn: str) -> bool:
    return declared.names.arn.split(":")[4] == arn.split(":")[4]


def _called(room: Room, value: Value, by: str) -> None:
    arn = value.text()
    if arn is not None and is_function(arn):
        call(room.reading(value), arn, value.pointer, by)


def version(room: Room, declared: Declared) -> None:
    """AWS::Lambda::Version: it keeps the role that the function has at that time."""
    own = room.function(declared.properties.get("FunctionName"), declared.where)
    if own is None:
        return
    draft = room.gathered.function(own[0], declared.source, declared.pointer)
    draft.qualifier(declared.names.name, declared.source, declared.pointer).role = draft.role


def alias(room: Room, declared: Declared) -> None:
    """AWS::Lambda::Alias."""
    own = room.function(declared.properties.get("FunctionName"), declared.where)
    if own is None:
        return
    draft = room.gathered.function(own[0], declared.source, declared.pointer)
    known = draft.qualifier(declared.names.name, declared.source, declared.pointer)
    number = declared.properties.text("FunctionVersion")
    if number is not None:
        known.version = number.rsplit(":", 1)[-1]


def url(room: Room, declared: Declared) -> None:
    """AWS::Lambda::Url. CloudFormation adds no grants to it."""
    properties = declared.properties
    own = room.function(properties.get("TargetFunctionArn"), declared.where)
    if own is None:
        room.miss(declared, "which function the URL is of is not known before deploy", "the URL is left out")
        return
    qualifier = properties.text("Qualifier") or own[1]
    asked = properties.get("AuthType")
    auth = asked.text() if asked is not None else None
    draft = room.gathered.function(own[0], declared.source, declared.pointer)
    known = draft.qualifier(qualifier, declared.source, declared.pointer)
    if room.before(declared, "url", own[0], qualifier) and known.url is not None and known.url.auth_type != auth:
        auth = None
    if auth not in ("NONE", "AWS_IAM"):
        error = f"whether the URL of {own[0].rsplit(':', 1)[-1]} asks who calls is not known before deploy"
        room.miss(asked or declared, error, "whether anybody may call it is unknown", own[0])
        auth = None
    cors = properties.get("Cors")
    origins, methods = (
        tuple(value.text() or "" for value in cors.entries(key)) if cors is not None else ()
        for key in ("AllowOrigins", "AllowMethods")
    )
    credentials = cors is not None and cors.flag("AllowCredentials") is True
    # Where a tool makes the URL of a part of something else, that part is the place.
    place = asked if asked is not None and asked.pointer.endswith("/AuthType") else None
    pointer = place.pointer.removesuffix("/AuthType") if place is not None else properties.pointer
    known.url = FunctionUrl(auth, properties.source, pointer, None, None, origins, methods, credentials)


def mapping(room: Room, declared: Declared) -> None:
    """AWS::Lambda::EventSourceMapping."""
    properties = declared.properties
    own = room.function(properties.get("FunctionName"), declared.where)
    if own is None:
        error = "which function the event source mapping calls is not known before deploy"
        room.miss(declared, error, "the mapping is left out")
        return
    arn, qualifier = own
    failed = properties.at("DestinationConfig", "OnFailure", "Destination")
    access = [(each.text("Type"), each.text("URI")) for each in properties.entries("SourceAccessConfigurations")]
    for kind in ("AmazonManagedKafkaEventSourceConfig", "SelfManagedKafkaEventSourceConfig"):
        registry = properties.at(kind, "SchemaRegistryConfig")
        if registry is not None:
            places = (registry.text("SchemaRegistryURI"), *(e.text("URI") for e in registry.entries("AccessConfigs")))
            access += [(SCHEMA_REGISTRY, place) for place in places]
    cluster = properties.at("SelfManagedEventSource", "Endpoints")
    servers = cluster.entries("KafkaBootstrapServers") if cluster is not None else ()
    room.gathered.mappings[declared.names.arn] = EventSourceMapping(
        f"{arn}:{qualifier}" if qualifier else arn,
        properties.text("EventSourceArn"),
        declared.source,
        properties.pointer,
        declared.names.name,
        properties.flag("Enabled") is not False,
        failed.text() if failed is not None else None,
        tuple((kind, uri) for kind, uri in access if kind and uri),
        tuple(each.text() or "" for each in servers),
        tuple(each.text() or "" for each in properties.entries("Topics")),
    )
    draft = room.gathered.function(arn, declared.source, declared.pointer)
    if qualifier not in ("", "$LATEST"):
        draft.qualifier(qualifier, declared.source, declared.pointer)


def invoke_config(room: Room, declared: Declared) -> None:
    """AWS::Lambda::EventInvokeConfig: where the results of asynchronous invocations go."""
    own = room.function(declared.properties.get("FunctionName"), declared.where)
    if own is None:
        return
    qualifier = (declared.properties.text("Qualifier") or own[1]).removeprefix("$LATEST")
    draft = room.gathered.function(own[0], declared.source, declared.pointer)
    for key, kind in _WHEN.items():
        target = declared.properties.at("DestinationConfig", key, "Destination")
        text = target.text() if target is not None else None
        if target is not None and text:
            draft.destinations[kind, qualifier] = Destination(kind, text, target.source, target.pointer, qualifier)
            _called(room, target, f"the function {draft.name}")
