"""Outputs of ``aws lambda`` about functions themselves: configurations, versions, policies, tags.

Shapes: Lambda API Reference, the action of the same name. Environment variables are gone before this module sees them.
"""

from permcheck.model.function import Layer
from permcheck.sources.files.drafts import Fragment, FunctionDraft
from permcheck.sources.files.function_policies import from_output
from permcheck.sources.files.invoke_configs import dead_letter
from permcheck.sources.files.kind import Kind, holds_objects, listing, only
from permcheck.sources.files.lambda_names import function_of, listing_of
from permcheck.sources.files.merging import compared
from permcheck.sources.files.reader import HOLDS_KEY
from permcheck.sources.files.reading import Reading
from permcheck.sources.files.shapes import (
    JsonObject,
    WrongShape,
    items,
    member,
    tag_map,
    text,
    text_or_none,
)


def configuration(reading: Reading, entry: JsonObject, at: str) -> None:
    """A FunctionConfiguration: of the function itself, of a version, or of the version an alias points at."""
    configured(reading, entry, at)


def configured(reading: Reading, entry: JsonObject, at: str) -> FunctionDraft:
    """Take in one FunctionConfiguration; returns the function's draft. Raises WrongShape."""
    own, qualifier = function_of(entry, "FunctionArn", at)
    version = text_or_none(entry, "Version", at)
    qualifier = qualifier or version or ""
    role = text_or_none(entry, "Role", at)
    gathered = reading.gathered
    draft = gathered.function(own, reading.source, at)
    draft.name = text_or_none(entry, "FunctionName", at) or draft.name
    dead_letter(reading, draft, entry, at, qualifier.removeprefix("$LATEST"))
    if qualifier not in ("", "$LATEST"):
        known = draft.qualifier(qualifier, reading.source, at)
        known.role = role or known.role
        known.version = version if version and version != qualifier else known.version
        draft.listed = True
        return draft
    modified = text_or_none(entry, "LastModified", at)
    if draft.disputed and draft.role is None:
        return draft
    layers = _layers(reading, entry, at)
    draft.holds_key |= entry.get(HOLDS_KEY) is True
    if draft.listed and draft.role is not None:
        differing = ["execution role"] if role not in (None, draft.role) else []
        if [layer.arn for layer in layers] != [layer.arn for layer in draft.layers]:
            differing.append("layers")
        later = compared(draft.modified, modified)
        if not differing or draft.disputed or later < 0:
            return draft
        if later == 0:
            gathered.differs(own, draft.source, reading.source, at, differing, unknown=True)
            draft.disputed = True
            role = draft.role = None if "execution role" in differing else draft.role
    draft.source, draft.pointer = reading.source, at
    draft.role, draft.layers, draft.listed = role or draft.role, layers, True
    draft.modified = modified
    return draft


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
        value, at, listing_of(reading, "list-versions", value, "Versions"), "versions of later pages are missing"
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


def _is_configuration(value: JsonObject) -> bool:
    told = ("FunctionArn", "Role", "Runtime", "CodeSize")
    return "AuthType" not in value and any(member in value for member in told)


KINDS = (
    Kind("list-functions", "Functions", holds_objects("Functions", "FunctionArn", "FunctionName"), functions),
    Kind(
        "get-function",
        "Configuration",
        lambda v: isinstance(v["Configuration"], dict) and "FunctionArn" in v["Configuration"],
        function,
    ),
    Kind("list-versions-by-function", "Versions", holds_objects("Versions", "FunctionArn"), versions),
    Kind("get-function-configuration", "FunctionName", _is_configuration, configuration),
    Kind("get-policy", "Policy", lambda value: isinstance(value["Policy"], str), from_output),
    Kind("list-tags", "Tags", lambda v: isinstance(v["Tags"], dict) and only("Tags")(v), tags_of_unnamed),
)
