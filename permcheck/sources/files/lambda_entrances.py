"""Outputs of ``aws lambda`` about the ways into a function: aliases, function URLs, event source mappings.

Shapes: Lambda API Reference, the action of the same name.
"""

from permcheck.model.function import EventSourceMapping, FunctionUrl
from permcheck.sources.files.invoke_configs import access, on_failure
from permcheck.sources.files.kind import Kind, always, holds_objects, listing
from permcheck.sources.files.lambda_names import function_of, listing_of
from permcheck.sources.files.reading import Reading
from permcheck.sources.files.shapes import JsonObject, WrongShape, items, member, text, text_or_none

STOPPED = ("Disabled", "Disabling", "Deleting")


def aliases(reading: Reading, value: JsonObject, at: str) -> None:
    """list-aliases."""
    told = listing_of(reading, "list-aliases", value, "Aliases", "AliasArn")
    reading.page(value, at, told, "aliases of later pages are missing")
    reading.each(value, "Aliases", at, alias, "alias")


def alias(reading: Reading, entry: JsonObject, at: str) -> None:
    """get-alias: a name for a version."""
    own, name = function_of(entry, "AliasArn", at)
    draft = reading.gathered.function(own, reading.source, at)
    known = draft.qualifier(name or text(entry, "Name", at), reading.source, at)
    known.version = text_or_none(entry, "FunctionVersion", at) or known.version
    # The versions behind an alias can be called by their own names too (Lambda, "Create an alias": routing).
    weights = member(member(entry, "RoutingConfig", at) or {}, "AdditionalVersionWeights", f"{at}/RoutingConfig") or {}
    for version in (known.version, *weights):
        if version and version.isdecimal():
            draft.qualifier(version, reading.source, at)


def urls(reading: Reading, value: JsonObject, at: str) -> None:
    """list-function-url-configs: a function's URL and those of its aliases."""
    told = listing_of(reading, "list-function-url-configs", value, "FunctionUrlConfigs")
    reading.page(value, at, told, "function URLs of later pages are missing")
    reading.each(value, "FunctionUrlConfigs", at, url, "function URL")


def url(reading: Reading, entry: JsonObject, at: str) -> None:
    """get-function-url-config."""
    own, qualifier = function_of(entry, "FunctionArn", at)
    cors = member(entry, "Cors", at) or {}
    here = f"{at}/Cors"
    asked = text_or_none(entry, "AuthType", at)
    if asked not in (None, "NONE", "AWS_IAM"):
        raise WrongShape(f"{at}/AuthType", "AuthType is NONE or AWS_IAM")
    found = FunctionUrl(
        asked,
        reading.source,
        at,
        text_or_none(entry, "FunctionUrl", at),
        text_or_none(entry, "CreationTime", at),
        tuple(str(each) for each in items(cors, "AllowOrigins", here)),
        tuple(str(each) for each in items(cors, "AllowMethods", here)),
        cors.get("AllowCredentials") is True,
    )
    known = reading.gathered.function(own, reading.source, at).qualifier(qualifier, reading.source, at)
    if known.url is not None and known.url.auth_type not in (None, asked):
        reading.gathered.differs(f"the URL of {own}", known.url.source, reading.source, at, ["AuthType"])
    known.url = found


def mappings(reading: Reading, value: JsonObject, at: str) -> None:
    """list-event-source-mappings."""
    told = listing("list-event-source-mappings", value, "EventSourceMappings", "FunctionArn")
    reading.page(value, at, told, "event source mappings of later pages are missing")
    reading.each(value, "EventSourceMappings", at, mapping, "event source mapping")


def mapping(reading: Reading, entry: JsonObject, at: str) -> None:
    """get-event-source-mapping; a Kafka cluster outside AWS has no ARN, but servers ("SelfManagedEventSource")."""
    own, qualifier = function_of(entry, "FunctionArn", at)
    read = text_or_none(entry, "EventSourceArn", at)
    here = f"{at}/SelfManagedEventSource"
    endpoints = member(member(entry, "SelfManagedEventSource", at) or {}, "Endpoints", here) or {}
    servers = tuple(map(str, items(endpoints, "KAFKA_BOOTSTRAP_SERVERS", f"{here}/Endpoints")))
    if not read and not servers:
        effect = f"what sets off {own.rpartition(':')[2]} through it is unknown"
        reading.miss("the event source mapping does not tell its event source", effect, at, arn=own)
    uuid = text_or_none(entry, "UUID", at) or ""
    made = EventSourceMapping(
        f"{own}:{qualifier}" if qualifier else own,
        read,
        reading.source,
        at,
        uuid,
        entry.get("State") not in STOPPED,
        on_failure(entry, at),
        tuple(access(entry, at)),
        servers,
        tuple(map(str, items(entry, "Topics", at))),
    )
    reading.gathered.mappings[uuid or f"{reading.source}{at}"] = made
    draft = reading.gathered.function(own, reading.source, at)
    if qualifier not in ("", "$LATEST"):
        draft.qualifier(qualifier, reading.source, at)


KINDS = (
    Kind("list-function-url-configs", "FunctionUrlConfigs", always, urls),
    Kind("get-function-url-config", "AuthType", lambda value: "FunctionArn" in value, url),
    Kind("list-event-source-mappings", "EventSourceMappings", always, mappings),
    Kind("get-event-source-mapping", "UUID", lambda value: "FunctionArn" in value, mapping),
    Kind("list-aliases", "Aliases", holds_objects("Aliases", "FunctionVersion"), aliases),
    Kind("get-alias", "AliasArn", lambda value: "FunctionVersion" in value, alias),
)
