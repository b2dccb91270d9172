"""Outputs of ``aws lambda``: functions, versions, aliases, URLs, event source mappings, tags.

Shapes: Lambda API Reference, the action of the same name. Environment variables are gone before this module sees them.
"""

from permcheck.model.function import EventSourceMapping, FunctionUrl, Layer
from permcheck.sources.files.drafts import Fragment, FunctionDraft
from permcheck.sources.files.function_policies import from_output
from permcheck.sources.files.kind import Kind, always, holds_objects, listing, only
from permcheck.sources.files.reading import Reading
from permcheck.sources.files.shapes import (
    JsonObject,
    WrongShape,
    arn,
    function_name,
    items,
    member,
    tag_map,
    text,
    text_or_none,
)

STOPPED = ("Disabled", "Disabling", "Deleting")


def configuration(reading: Reading, entry: JsonObject, at: str) -> None:
    """A FunctionConfiguration: of the function itself, of a version, or of the version an alias points at."""
    configured(reading, entry, at)


def configured(reading: Reading, entry: JsonObject, at: str, qualifier: str = "") -> FunctionDraft:
    """Take in one FunctionConfiguration; returns the function's draft. Raises WrongShape."""
    own, suffix = _function(entry, "FunctionArn", at)
    version = text_or_none(entry, "Version", at)
    qualifier = qualifier or suffix or ("" if version in (None, "$LATEST") else str(version))
    role = text_or_none(entry, "Role", at)
    gathered = reading.gathered
    draft = gathered.function(own, reading.source, at)
    draft.name = text_or_none(entry, "FunctionName", at) or draft.name
    if qualifier not in ("", "$LATEST"):
        known = draft.qualifier(qualifier, reading.source, at)
        known.role = role or known.role
        known.version = version if version and version != qualifier else known.version
        draft.listed = True
        return draft
    layers = _layers(reading, entry, at)
    if draft.listed and draft.role is not None:
        differing = ["execution role"] if role not in (None, draft.role) else []
        if [layer.arn for layer in layers] != [layer.arn for layer in draft.layers]:
            differing.append("layers")
        gathered.differs(own, draft.source, reading.source, at, differing)
        if not differing:
            return draft
    draft.source, draft.pointer = reading.source, at
    draft.role, draft.layers, draft.listed = role or draft.role, layers, True
    return draft


def _function(entry: JsonObject, key: str, at: str) -> tuple[str, str]:
    found = function_name(arn(entry, key, at))
    if found is None:
        raise WrongShape(f"{at}/{key}", f"{key} is not the ARN of a function")
    return found


def _layers(reading: Reading, entry: JsonObject, at: str) -> tuple[Layer, ...]:
    found: list[Layer] = []
    for i, each in enumerate(items(entry, "Layers", at)):
        here = f"{at}/Layers/{i}"
        if not isinstance(each, dict):
            raise WrongShape(here, "a layer is an object")
        found.append(Layer(text(each, "Arn", here), reading.source, here))
    return tuple(found)


def functions(reading: Reading, value: JsonObject, at: str) -> None:
    """list-functions, also with --function-version ALL."""
    told = listing("list-functions", value, "Functions", "FunctionArn")
    reading.page(value, at, told, "functions of later pages are missing")
    reading.each(value, "Functions", at, configuration, "function")


def versions(reading: Reading, value: JsonObject, at: str) -> None:
    """list-versions-by-function: $LATEST and every published version, each with the role it was published with."""
    reading.page(
        value, at, _of_function(reading, "list-versions", value, "Versions"), "versions of later pages are missing"
    )
    reading.each(value, "Versions", at, configuration, "version")


def function(reading: Reading, value: JsonObject, at: str) -> None:
    """get-function: the configuration, and the tags where the caller was allowed to see them."""
    found = member(value, "Configuration", at) or {}
    draft = configured(reading, found, f"{at}/Configuration")
    # Without lambda:ListTags AWS leaves Tags out, so nothing follows from their absence (GetFunction, "Tags").
    if value.get("Tags") is not None:
        set_tags(reading, draft, tag_map(value, "Tags", at), at)


def set_tags(reading: Reading, draft: FunctionDraft, tags: dict[str, str], at: str) -> None:
    """Note a function's tags; a second, different answer counts and is told."""
    if draft.tags is not None and draft.tags != tags:
        reading.gathered.differs(draft.arn, draft.source, reading.source, f"{at}/Tags", ["tags"])
    draft.tags = tags


def tags_of_unnamed(reading: Reading, value: JsonObject, at: str) -> None:
    """list-tags: the tags of a function that only the file's name tells."""
    found = tag_map(value, "Tags", at)
    reading.gathered.fragments.append(Fragment("function", "", reading.source, at, tags=found))


def aliases(reading: Reading, value: JsonObject, at: str) -> None:
    """list-aliases."""
    told = _of_function(reading, "list-aliases", value, "Aliases", "AliasArn")
    reading.page(value, at, told, "aliases of later pages are missing")
    reading.each(value, "Aliases", at, alias, "alias")


def alias(reading: Reading, entry: JsonObject, at: str) -> None:
    """get-alias: a name for a version."""
    own, name = _function(entry, "AliasArn", at)
    known = reading.gathered.function(own, reading.source, at).qualifier(
        name or text(entry, "Name", at), reading.source, at
    )
    known.version = text_or_none(entry, "FunctionVersion", at) or known.version


def urls(reading: Reading, value: JsonObject, at: str) -> None:
    """list-function-url-configs: a function's URL and those of its aliases."""
    told = _of_function(reading, "list-function-url-configs", value, "FunctionUrlConfigs")
    reading.page(value, at, told, "function URLs of later pages are missing")
    reading.each(value, "FunctionUrlConfigs", at, url, "function URL")


def url(reading: Reading, entry: JsonObject, at: str) -> None:
    """get-function-url-config."""
    own, qualifier = _function(entry, "FunctionArn", at)
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
    """get-event-source-mapping; a self-managed Kafka cluster has no ARN."""
    own, qualifier = _function(entry, "FunctionArn", at)
    uuid = text_or_none(entry, "UUID", at) or ""
    made = EventSourceMapping(
        f"{own}:{qualifier}" if qualifier else own,
        text_or_none(entry, "EventSourceArn", at),
        reading.source,
        at,
        uuid,
        entry.get("State") not in STOPPED,
    )
    reading.gathered.mappings[uuid or f"{reading.source}{at}"] = made
    draft = reading.gathered.function(own, reading.source, at)
    if qualifier not in ("", "$LATEST"):
        draft.qualifier(qualifier, reading.source, at)


def _of_function(
    reading: Reading, name: str, value: JsonObject, key: str, member: str = "FunctionArn"
) -> tuple[str, str]:
    """What a page lists, where each function has a listing of its own; an empty page is one of nobody else's."""
    listed = value.get(key)
    if isinstance(listed, list) and listed and isinstance(listed[0], dict):
        found = function_name(str(listed[0].get(member)))
        if found is not None:
            return name, found[0]
    return name, reading.source


KINDS = (
    Kind("list-functions", "Functions", holds_objects("Functions", "FunctionArn", "FunctionName"), functions),
    Kind(
        "get-function",
        "Configuration",
        lambda v: isinstance(v["Configuration"], dict) and "FunctionArn" in v["Configuration"],
        function,
    ),
    Kind("list-versions-by-function", "Versions", holds_objects("Versions", "FunctionArn"), versions),
    Kind("get-function-configuration", "FunctionName", lambda value: "AuthType" not in value, configuration),
    Kind("get-policy", "Policy", lambda value: isinstance(value["Policy"], str), from_output),
    Kind("list-function-url-configs", "FunctionUrlConfigs", always, urls),
    Kind("get-function-url-config", "AuthType", lambda value: "FunctionArn" in value, url),
    Kind("list-event-source-mappings", "EventSourceMappings", always, mappings),
    Kind("get-event-source-mapping", "UUID", lambda value: "FunctionArn" in value, mapping),
    Kind("list-aliases", "Aliases", holds_objects("Aliases", "FunctionVersion"), aliases),
    Kind("get-alias", "AliasArn", lambda value: "FunctionVersion" in value, alias),
    Kind("list-tags", "Tags", lambda v: isinstance(v["Tags"], dict) and only("Tags")(v), tags_of_unnamed),
)
