"""Outputs of ``aws lambda`` about what becomes of an invocation, and of the tagging API about functions and roles.

Shapes: Lambda API Reference, "GetFunctionEventInvokeConfig", "GetFunctionCodeSigningConfig"; Resource Groups
Tagging API Reference, "GetResources".
"""

from collections.abc import Iterator

from permcheck.model.function import SCHEMA_REGISTRY, Destination
from permcheck.sources.files.called import call, is_function
from permcheck.sources.files.drafts import FunctionDraft
from permcheck.sources.files.kind import Kind, always, holds_objects, only
from permcheck.sources.files.lambda_names import function_of, listing_of
from permcheck.sources.files.reading import Reading
from permcheck.sources.files.resource_drafts import Part, Tagged
from permcheck.sources.files.shapes import (
    JsonObject,
    WrongShape,
    arn,
    items,
    member,
    tag_list,
    text,
    text_or_none,
    type_name,
)

KAFKA_CONFIGS = ("AmazonManagedKafkaEventSourceConfig", "SelfManagedKafkaEventSourceConfig")
_WHEN = {"OnSuccess": "on_success", "OnFailure": "on_failure"}


def invoke_configs(reading: Reading, value: JsonObject, at: str) -> None:
    """list-function-event-invoke-configs: of a function and of its versions and aliases."""
    key = "FunctionEventInvokeConfigs"
    told = listing_of(reading, "list-function-event-invoke-configs", value, key)
    reading.page(value, at, told, "destinations on later pages are missing")
    reading.each(value, key, at, invoke_config, "event invoke configuration")


def invoke_config(reading: Reading, entry: JsonObject, at: str) -> None:
    """get-function-event-invoke-config: where the results of asynchronous invocations go."""
    own, qualifier = function_of(entry, "FunctionArn", at)
    draft = reading.gathered.function(own, reading.source, at)
    if qualifier not in ("", "$LATEST"):
        draft.qualifier(qualifier, reading.source, at)
    found, here = member(entry, "DestinationConfig", at) or {}, f"{at}/DestinationConfig"
    for key, kind in _WHEN.items():
        each = member(found, key, here) or {}
        target = text_or_none(each, "Destination", f"{here}/{key}")
        if target is not None:
            place = f"{here}/{key}/Destination"
            _goes(reading, draft, Destination(kind, target, reading.source, place, qualifier.removeprefix("$LATEST")))


def dead_letter(reading: Reading, draft: FunctionDraft, entry: JsonObject, at: str, qualifier: str) -> None:
    """DeadLetterConfig of a FunctionConfiguration."""
    found, here = member(entry, "DeadLetterConfig", at) or {}, f"{at}/DeadLetterConfig"
    target = text_or_none(found, "TargetArn", here)
    if target is not None:
        made = Destination("dead_letter", target, reading.source, f"{here}/TargetArn", qualifier)
        _goes(reading, draft, made)


def _goes(reading: Reading, draft: FunctionDraft, made: Destination) -> None:
    draft.destinations[made.kind, made.qualifier] = made
    if is_function(made.arn):
        call(reading, made.arn, made.pointer, f"the function {draft.name}")


def on_failure(entry: JsonObject, at: str) -> str | None:
    """Where an event source mapping sends what the function refused."""
    found, here = member(entry, "DestinationConfig", at) or {}, f"{at}/DestinationConfig"
    return text_or_none(member(found, "OnFailure", here) or {}, "Destination", f"{here}/OnFailure")


def access(entry: JsonObject, at: str) -> Iterator[tuple[str, str]]:
    """How an event source mapping signs in: the secrets it reads, the networks it enters, where it looks schemas up.

    Raises WrongShape.
    """
    for i, each in enumerate(items(entry, "SourceAccessConfigurations", at)):
        here = f"{at}/SourceAccessConfigurations/{i}"
        if not isinstance(each, dict):
            raise WrongShape(here, f"a way of access is an object, not {type_name(each)}")
        yield text(each, "Type", here), text(each, "URI", here)
    for kind in KAFKA_CONFIGS:
        here = f"{at}/{kind}/SchemaRegistryConfig"
        registry = member(member(entry, kind, at) or {}, "SchemaRegistryConfig", f"{at}/{kind}") or {}
        if place := text_or_none(registry, "SchemaRegistryURI", here):
            yield SCHEMA_REGISTRY, place
        for i, each in enumerate(items(registry, "AccessConfigs", here)):
            if not isinstance(each, dict):
                raise WrongShape(f"{here}/AccessConfigs/{i}", f"a way of access is an object, not {type_name(each)}")
            yield SCHEMA_REGISTRY, text(each, "URI", f"{here}/AccessConfigs/{i}")


def code_signing(reading: Reading, value: JsonObject, at: str) -> None:
    """get-function-code-signing-config: it tells the function by name; "" where it has none."""
    found, name = text_or_none(value, "CodeSigningConfigArn", at), text(value, "FunctionName", at)

    def give(arn: str) -> None:
        reading.gathered.functions[arn].code_signing = found

    if found is not None:
        own = name.rsplit(":function:", 1)[-1].split(":", 1)[0]
        operation = "get-function-code-signing-config"
        reading.gathered.parts.append(Part("function", "code signing", operation, reading.source, at, give, name=own))


def tagged(reading: Reading, value: JsonObject, at: str) -> None:
    """resourcegroupstaggingapi get-resources: tags by ARN. It lists nothing that never had a tag."""
    told = ("resourcegroupstaggingapi get-resources", "")
    reading.page(value, at, told, "tags on later pages are missing")

    def one(reading: Reading, entry: JsonObject, here: str) -> None:
        own = arn(entry, "ResourceARN", here)
        reading.gathered.tagged.append(Tagged(own, tag_list(entry, "Tags", here), reading.source, here))

    reading.each(value, "ResourceTagMappingList", at, one, "resource with tags")


KINDS = (
    Kind(
        "list-function-event-invoke-configs",
        "FunctionEventInvokeConfigs",
        holds_objects("FunctionEventInvokeConfigs", "FunctionArn"),
        invoke_configs,
    ),
    Kind(
        "get-function-event-invoke-config",
        "FunctionArn",
        only("FunctionArn", "LastModified", "MaximumRetryAttempts", "MaximumEventAgeInSeconds", "DestinationConfig"),
        invoke_config,
    ),
    Kind(
        "get-function-code-signing-config",
        "CodeSigningConfigArn",
        only("CodeSigningConfigArn", "FunctionName"),
        code_signing,
    ),
    Kind("get-resources", "ResourceTagMappingList", always, tagged),
)
