"""Outputs of ``aws apigateway`` about the stages and authorizers of a REST API.

Shapes: Amazon API Gateway REST API Reference, "GetStages", "GetAuthorizers". Neither tells the API.
"""

from typing import Any

from permcheck.model.api import Authorizer
from permcheck.sources.files.called import in_uri
from permcheck.sources.files.kind import Kind
from permcheck.sources.files.reading import Reading
from permcheck.sources.files.resource_drafts import ApiDraft, StageDraft
from permcheck.sources.files.rest_apis import first_has, later
from permcheck.sources.files.shapes import JsonObject, member, strings, text, text_or_none

# Requests per second that every account may make anyway (Developer Guide, "Throttle requests to your REST APIs"): a
# stage that prints this number was given no limit of its own.
ACCOUNT_LIMIT = 10000.0


def stages(reading: Reading, value: JsonObject, at: str) -> None:
    """get-stages of a REST API."""
    found: list[StageDraft] = []
    reading.each(value, "item", at, lambda r, e, here: found.append(_stage(e, here)), "stage")

    def give(draft: ApiDraft) -> None:
        draft.stages = (draft.stages or {}) | {stage.name: stage for stage in found}

    later(reading, at, "REST", "get-stages", "stages", give)


def _stage(entry: JsonObject, at: str) -> StageDraft:
    stage = StageDraft(text(entry, "stageName", at))
    settings = member(entry, "methodSettings", at) or {}
    for name in settings:
        limits = member(settings, name, f"{at}/methodSettings") or {}
        # "*/*" is every method; "~1pets/GET" is GET /pets.
        path, _, verb = name.rpartition("/")
        key = "*" if name == "*/*" else f"{verb} {path.replace('~1', '/')}"
        stage.limits[key] = limited(limits.get("throttlingRateLimit"))
    stage.variables = {k: v for k, v in (member(entry, "variables", at) or {}).items() if isinstance(v, str)}
    return stage


def limited(rate: Any) -> bool:
    """Whether a rate is a limit below that of the account."""
    return isinstance(rate, (int, float)) and not isinstance(rate, bool) and 0 <= rate < ACCOUNT_LIMIT


def authorizers(reading: Reading, value: JsonObject, at: str) -> None:
    """get-authorizers of a REST API."""
    found: list[Authorizer] = []

    def one(reading: Reading, entry: JsonObject, here: str) -> None:
        uri = text_or_none(entry, "authorizerUri", here)
        called = in_uri(uri) if uri is not None else None
        found.append(
            Authorizer(
                text(entry, "id", here),
                text_or_none(entry, "name", here) or "",
                text(entry, "type", here),
                reading.source,
                here,
                called[0] if called else None,
                text_or_none(entry, "authorizerCredentials", here),
                tuple(strings(entry, "providerARNs", here)),
            )
        )

    reading.each(value, "items", at, one, "authorizer")

    def give(draft: ApiDraft) -> None:
        draft.authorizers.update({each.id: each for each in found})

    later(reading, at, "REST", "get-authorizers", "authorizers", give)


KINDS = (
    Kind("get-stages", "item", first_has("item", "stageName"), stages),
    Kind("get-stages", "item", lambda value: value["item"] == [], stages),
    Kind("get-authorizers", "items", first_has("items", "id", "type", "name"), authorizers),
)
