"""Outputs of ``aws apigateway``: REST APIs and their methods; rest_stages.py reads stages and authorizers.

Shapes: Amazon API Gateway REST API Reference, "GetRestApis", "GetResources", "GetMethod".
All but the first do not tell their API: the file's name or a neighbour must.
"""

import re
from collections.abc import Callable

from permcheck.model.policy import PolicyKind
from permcheck.policy.parse import escape
from permcheck.sources.files import naming
from permcheck.sources.files.kind import Kind
from permcheck.sources.files.reading import Reading
from permcheck.sources.files.resource_drafts import ApiDraft, Part, RouteDraft
from permcheck.sources.files.shapes import JsonObject, WrongShape, flag, member, strings, text, text_or_none


def apis(reading: Reading, value: JsonObject, at: str) -> None:
    """get-rest-apis."""
    reading.page(value, at, ("get-rest-apis", ""), "REST APIs of later pages are missing")
    reading.each(value, "items", at, api, "REST API")


def api(reading: Reading, entry: JsonObject, at: str) -> None:
    """get-rest-api."""
    draft = reading.gathered.api(text(entry, "id", at), "REST", reading.source, at)
    draft.source, draft.pointer, draft.told = reading.source, at, True
    draft.name = text_or_none(entry, "name", at) or draft.name
    endpoint = member(entry, "endpointConfiguration", at) or {}
    draft.private = "PRIVATE" in strings(endpoint, "types", f"{at}/endpointConfiguration")
    raw = text_or_none(entry, "policy", at)
    if raw is not None:
        # API Gateway escapes the quotes of the policy once more than JSON asks for.
        plain = raw.replace('\\"', '"').replace("\\/", "/") if raw.lstrip().startswith('{\\"') else raw
        effect = f"who may call the API {draft.name or draft.id} is unknown"
        draft.policy = reading.policy(PolicyKind.RESOURCE, "API policy", plain, f"{at}/policy", effect, None)


def later(reading: Reading, at: str, kind: str, operation: str, what: str, give: Callable[[ApiDraft], None]) -> None:
    """Leave something for the API that the file's name or a neighbour tells. kind: ``REST`` or ``V2``."""

    def found(api_id: str) -> None:
        give(reading.gathered.api(api_id, kind, reading.source, at))

    owner = "rest_api" if kind == "REST" else "http_api"
    reading.gathered.parts.append(Part(owner, what, operation, reading.source, at, found))


def resources(reading: Reading, value: JsonObject, at: str) -> None:
    """get-resources: paths, and with --embed methods what stands behind each method."""
    paths: dict[str, str] = {}
    routes: list[RouteDraft] = []

    def one(reading: Reading, entry: JsonObject, here: str) -> None:
        path = text(entry, "path", here)
        paths[text(entry, "id", here)] = path
        methods = member(entry, "resourceMethods", here) or {}
        for name in methods:
            place = f"{here}/resourceMethods/{escape(name)}"
            try:
                found = member(methods, name, f"{here}/resourceMethods") or {}
                routes.append(_route(reading, found, place, f"{name} {path}"))
            except WrongShape as wrong:
                reading.miss(wrong.message, f"what {name} {path} calls is unknown", wrong.pointer)

    before = len(reading.gathered.not_read)
    reading.each(value, "items", at, one, "resource of an API")
    gaps = len(reading.gathered.not_read) > before

    def give(draft: ApiDraft) -> None:
        reading.page(
            value, at, ("get-resources", draft.id), f"methods of the API {draft.id} on later pages are missing"
        )
        draft.paths.update(paths)
        draft.routes_told = True
        draft.gaps |= gaps
        for route in routes:
            known = draft.routes.get(route.key)
            if known is None or route.integrated:
                draft.routes[route.key] = route

    later(reading, at, "REST", "get-resources", "methods", give)


def _route(reading: Reading, entry: JsonObject, at: str, key: str) -> RouteDraft:
    behind, here = member(entry, "methodIntegration", at) or {}, f"{at}/methodIntegration"
    return RouteDraft(
        key,
        reading.source,
        at,
        text_or_none(entry, "authorizationType", at),
        text_or_none(entry, "authorizerId", at),
        flag(entry, "apiKeyRequired", at) is True,
        text_or_none(behind, "uri", here),
        text_or_none(behind, "credentials", here),
        integrated=bool(behind),
    )


def method(reading: Reading, value: JsonObject, at: str) -> None:
    """get-method: of the API and the resource that the file's name tells (get-method.API.RESOURCE.GET.json)."""
    name = text(value, "httpMethod", at)
    route = _route(reading, value, at, name)
    words = tuple(re.split(r"[._-]", naming.told(reading.source)[1]))

    def give(draft: ApiDraft) -> None:
        draft.methods.append((words, route))

    later(reading, at, "REST", "get-method", "a method", give)


def nothing(reading: Reading, value: JsonObject, at: str) -> None:
    """An empty listing; that it is empty matters only where the file's name says what it would list."""
    if naming.told(reading.source)[0] == "get-resources":
        resources(reading, value, at)


def first_has(key: str, *wanted: str) -> Callable[[JsonObject], bool]:
    """Whether a list's first entry has all of these members."""

    def fits(value: JsonObject) -> bool:
        listed = value[key]
        first = listed[0] if isinstance(listed, list) and listed else None
        return isinstance(first, dict) and all(name in first for name in wanted)

    return fits


def _rest_api(value: JsonObject) -> bool:
    return "createdDate" in value and ("apiKeySource" in value or "endpointConfiguration" in value)


def _rest_apis(value: JsonObject) -> bool:
    first = value["items"][0] if isinstance(value["items"], list) and value["items"] else None
    return isinstance(first, dict) and "id" in first and _rest_api(first) and "path" not in first


KINDS = (
    Kind("get-rest-apis", "items", _rest_apis, apis),
    Kind("get-resources", "items", first_has("items", "id", "path"), resources),
    Kind("an empty listing", "items", lambda value: value["items"] == [], nothing),
    Kind("get-rest-api", "id", lambda value: _rest_api(value) and "domainName" not in value, api),
    Kind("get-method", "httpMethod", lambda value: "authorizationType" in value, method),
)
