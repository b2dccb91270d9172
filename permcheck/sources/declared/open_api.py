"""Routes in an OpenAPI definition.

API Gateway Developer Guide, "OpenAPI extensions for API Gateway".
"""

from collections.abc import Mapping

from permcheck.model.api import Authorizer
from permcheck.sources.declared.room import Declared, Room
from permcheck.sources.declared.value import Value
from permcheck.sources.files.called import in_uri
from permcheck.sources.files.resource_drafts import ApiDraft, RouteDraft

_X = "x-amazon-apigateway-"
_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace", f"{_X}any-method")
_AUTH = {"cognito_user_pools": "COGNITO_USER_POOLS", "jwt": "JWT", "token": "CUSTOM", "request": "CUSTOM"}
_SIGNED = ("awssigv4", "aws_iam", "sigv4")


def read(room: Room, draft: ApiDraft, body: Value, declared: Declared) -> None:
    """Take in the routes and authorizers of a definition."""
    if not isinstance(body.raw, Mapping):
        draft.gaps = True
        room.miss(
            body, f"the definition of the API {draft.name} is not known before deploy", "what it calls is unknown"
        )
        return
    schemes = _schemes(body)
    for name, scheme in schemes.items():
        made = _authorizer(name, scheme)
        if made is not None:
            draft.authorizers[name] = made
    paths = body.get("paths")
    for path, item in paths.members() if paths is not None else ():
        if item.unknown:
            draft.gaps = True
            room.miss(item, f"what {path} of the API {draft.name} calls is not known before deploy", "it is left out")
        for verb, operation in item.members():
            if verb.lower() in _METHODS:
                _route(room, draft, body, schemes, path, verb.lower(), operation)


def _schemes(body: Value) -> dict[str, Value]:
    found = body.get("securityDefinitions") or body.at("components", "securitySchemes")
    return dict(found.members()) if found is not None else {}


def _authorizer(name: str, scheme: Value) -> Authorizer | None:
    found = scheme.get(f"{_X}authorizer")
    if found is None:
        return None
    uri = found.text("authorizerUri")
    called = in_uri(uri) if uri is not None else None
    kind = (found.text("type") or "").upper()
    pools = [value.text() for value in found.entries("providerARNs")]
    issuer = found.at("jwtConfiguration", "issuer")
    return Authorizer(
        name,
        name,
        kind,
        found.source,
        found.pointer,
        called[0] if called else None,
        found.text("authorizerCredentials"),
        tuple(arn for arn in pools if arn),
        issuer.text() if issuer is not None else None,
    )


def _route(
    room: Room, draft: ApiDraft, body: Value, schemes: Mapping[str, Value], path: str, verb: str, operation: Value
) -> None:
    method = "ANY" if verb.startswith(_X) else verb.upper()
    key = f"{method} {path}"
    if draft.kind != "REST" and path == "/$default":
        key = "$default"
    behind = operation.get(f"{_X}integration")
    if behind is not None and behind.get("$ref") is not None:
        behind = _referred(body, behind.text("$ref") or "")
    uri = behind.get("uri") if behind is not None else None
    if uri is not None and uri.unknown:
        draft.gaps = True
        room.miss(uri, f"what {key} of the API {draft.name} calls is not known before deploy", "it is left out")
    auth, authorizer, api_key = _asked(operation, body, schemes)
    route = RouteDraft(
        key,
        operation.source,
        operation.pointer,
        auth,
        authorizer,
        api_key,
        uri.text() if uri is not None else None,
        behind.text("credentials") if behind is not None else None,
    )
    if draft.kind != "REST":
        # The drafts of HTTP APIs keep integrations apart.
        draft.integrations[f"body {key}"] = route
        route.target = f"integrations/body {key}" if uri is not None else None
    draft.routes[key] = route


def _referred(body: Value, pointer: str) -> Value | None:
    return body.at(*pointer.removeprefix("#/").split("/")) if pointer.startswith("#/") else None


def _asked(operation: Value, body: Value, schemes: Mapping[str, Value]) -> tuple[str | None, str | None, bool]:
    """How callers are asked who they are: the way, the authorizer, and whether a key is wanted."""
    own = operation.get(f"{_X}auth")
    if own is not None and own.text("type") is not None:
        told = (own.text("type") or "").upper()
        return ("AWS_IAM" if told.lower() in _SIGNED else told), None, False
    holder = operation if operation.get("security") is not None else body
    names = [name for entry in holder.entries("security") for name, _ in entry.members()]
    auth: str | None = "NONE"
    authorizer: str | None = None
    api_key = False
    for name in names:
        scheme = schemes.get(name)
        if scheme is None:
            continue
        found = scheme.get(f"{_X}authorizer")
        if found is not None:
            auth, authorizer = _AUTH.get((found.text("type") or "").lower()), name
        elif (scheme.text(f"{_X}authtype") or "").lower() in _SIGNED:
            auth = "AWS_IAM"
        elif scheme.text("type") == "apiKey":
            api_key = True
    return auth, authorizer, api_key
