"""Outputs of ``aws apigatewayv2``: HTTP and WebSocket APIs, their routes, integrations, stages and authorizers.

Shapes: Amazon API Gateway V2 API Reference, "GetApis", "GetRoutes", "GetIntegrations", "GetStages", "GetAuthorizers".
All but the first do not tell their API: the file's name or a neighbour must.
"""

import re
from collections.abc import Callable

from permcheck.model.api import Authorizer
from permcheck.sources.files import naming
from permcheck.sources.files.called import in_uri
from permcheck.sources.files.kind import Kind
from permcheck.sources.files.reading import Entry, Reading
from permcheck.sources.files.resource_drafts import ApiDraft, RouteDraft, StageDraft
from permcheck.sources.files.rest_apis import later
from permcheck.sources.files.rest_stages import limited
from permcheck.sources.files.shapes import JsonObject, WrongShape, flag, member, text, text_or_none

_HOST = re.compile(r"\w+://\w+\.execute-api\.(?P<region>[\w-]+)\.amazonaws\.")


def apis(reading: Reading, value: JsonObject, at: str) -> None:
    """get-apis."""
    reading.page(value, at, ("get-apis", ""), "HTTP and WebSocket APIs of later pages are missing")
    reading.each(value, "Items", at, api, "HTTP or WebSocket API")


def api(reading: Reading, entry: JsonObject, at: str) -> None:
    """get-api: its endpoint tells the Region."""
    kind = text(entry, "ProtocolType", at)
    if kind not in ("HTTP", "WEBSOCKET"):
        raise WrongShape(f"{at}/ProtocolType", "ProtocolType is HTTP or WEBSOCKET")
    draft = reading.gathered.api(text(entry, "ApiId", at), kind, reading.source, at)
    draft.source, draft.pointer, draft.told = reading.source, at, True
    draft.name = text_or_none(entry, "Name", at) or draft.name
    host = _HOST.match(text_or_none(entry, "ApiEndpoint", at) or "")
    draft.region = host["region"] if host else draft.region


def _listed(operation: str, what: str, one: Entry, give: Callable[[ApiDraft], None]) -> Callable[..., None]:
    """A reader of a listing, or of one entry of it. one: reads an entry; give: hands the API what was read."""

    def read(reading: Reading, value: JsonObject, at: str) -> None:
        before = len(reading.gathered.not_read)
        if "Items" in value:
            reading.each(value, "Items", at, one, what)
        else:
            one(reading, value, at)
        gaps = operation in ("get-routes", "get-integrations") and len(reading.gathered.not_read) > before

        def whole(draft: ApiDraft) -> None:
            give(draft)
            draft.gaps |= gaps

        later(reading, at, "V2", operation, f"{what}s", whole)

    return read


def routes(reading: Reading, value: JsonObject, at: str) -> None:
    """get-routes, get-route."""
    found: dict[str, RouteDraft] = {}

    def one(reading: Reading, entry: JsonObject, here: str) -> None:
        key = text(entry, "RouteKey", here)
        found[key] = RouteDraft(
            key,
            reading.source,
            here,
            text_or_none(entry, "AuthorizationType", here),
            text_or_none(entry, "AuthorizerId", here),
            flag(entry, "ApiKeyRequired", here) is True,
            target=text_or_none(entry, "Target", here),
        )

    def give(draft: ApiDraft) -> None:
        reading.page(value, at, ("get-routes", draft.id), f"routes of the API {draft.id} on later pages are missing")
        draft.routes.update(found)
        draft.routes_told |= "Items" in value

    _listed("get-routes", "route", one, give)(reading, value, at)


def integrations(reading: Reading, value: JsonObject, at: str) -> None:
    """get-integrations, get-integration: what stands behind the routes that name them."""
    found: dict[str, RouteDraft] = {}

    def one(reading: Reading, entry: JsonObject, here: str) -> None:
        own = text(entry, "IntegrationId", here)
        uri, role = text_or_none(entry, "IntegrationUri", here), text_or_none(entry, "CredentialsArn", here)
        found[own] = RouteDraft(own, reading.source, here, uri=uri, credentials=role)

    def give(draft: ApiDraft) -> None:
        effect = f"integrations of the API {draft.id} on later pages are missing"
        reading.page(value, at, ("get-integrations", draft.id), effect)
        draft.integrations.update(found)

    _listed("get-integrations", "integration", one, give)(reading, value, at)


def stages(reading: Reading, value: JsonObject, at: str) -> None:
    """get-stages, get-stage of an HTTP or WebSocket API."""
    found: dict[str, StageDraft] = {}

    def one(reading: Reading, entry: JsonObject, here: str) -> None:
        stage = StageDraft(text(entry, "StageName", here))
        usual = member(entry, "DefaultRouteSettings", here) or {}
        stage.limits["*"] = limited(usual.get("ThrottlingRateLimit"))
        settings = member(entry, "RouteSettings", here) or {}
        for key in settings:
            own = member(settings, key, f"{here}/RouteSettings") or {}
            if own.get("ThrottlingRateLimit") is not None:
                stage.limits[key] = limited(own["ThrottlingRateLimit"])
        variables = member(entry, "StageVariables", here) or {}
        stage.variables = {k: v for k, v in variables.items() if isinstance(v, str)}
        found[stage.name] = stage

    def give(draft: ApiDraft) -> None:
        draft.stages = (draft.stages or {}) | found

    _listed("get-stages", "stage", one, give)(reading, value, at)


def authorizers(reading: Reading, value: JsonObject, at: str) -> None:
    """get-authorizers, get-authorizer of an HTTP or WebSocket API."""
    found: dict[str, Authorizer] = {}

    def one(reading: Reading, entry: JsonObject, here: str) -> None:
        own, uri = text(entry, "AuthorizerId", here), text_or_none(entry, "AuthorizerUri", here)
        called = in_uri(uri) if uri is not None else None
        tokens = member(entry, "JwtConfiguration", here) or {}
        found[own] = Authorizer(
            own,
            text_or_none(entry, "Name", here) or "",
            text(entry, "AuthorizerType", here),
            reading.source,
            here,
            called[0] if called else None,
            text_or_none(entry, "AuthorizerCredentialsArn", here),
            issuer=text_or_none(tokens, "Issuer", f"{here}/JwtConfiguration"),
        )

    _listed("get-authorizers", "authorizer", one, lambda draft: draft.authorizers.update(found))(reading, value, at)


def nothing(reading: Reading, value: JsonObject, at: str) -> None:
    """An empty listing; that it is empty matters only where the file's name says what it would list."""
    operation = naming.told(reading.source)[0]
    of = {"get-routes": routes, "get-integrations": integrations, "get-stages": stages}.get(operation)
    if of is not None:
        of(reading, value, at)


_BY_MEMBER = {
    "ProtocolType": ("api", apis, api),
    "RouteKey": ("route", routes, routes),
    "IntegrationId": ("integration", integrations, integrations),
    "StageName": ("stage", stages, stages),
    "AuthorizerType": ("authorizer", authorizers, authorizers),
}


def _first_has(key: str) -> Callable[[JsonObject], bool]:
    def fits(value: JsonObject) -> bool:
        listed = value["Items"]
        first = listed[0] if isinstance(listed, list) and listed else None
        return isinstance(first, dict) and key in first

    return fits


def _alone(value: JsonObject) -> bool:
    return any(key in value for key in ("ApiId", "RouteId", "IntegrationType", "CreatedDate", "AuthorizerId"))


KINDS = (
    *(Kind(f"get-{name}s", "Items", _first_has(key), many) for key, (name, many, _) in _BY_MEMBER.items()),
    Kind("an empty listing", "Items", lambda value: value["Items"] == [], nothing),
    *(Kind(f"get-{name}", key, _alone, one) for key, (name, _, one) in _BY_MEMBER.items()),
)
