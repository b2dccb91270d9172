"""Declared REST APIs. CloudFormation Template Reference, ``AWS::ApiGateway::*``."""

from permcheck.model.api import Authorizer
from permcheck.model.policy import PolicyKind
from permcheck.sources.declared import open_api
from permcheck.sources.declared.room import Declared, Room
from permcheck.sources.declared.value import Value
from permcheck.sources.files.called import in_uri
from permcheck.sources.files.resource_drafts import ApiDraft, RouteDraft, StageDraft

API = "AWS::ApiGateway::RestApi"


def api(room: Room, declared: Declared) -> None:
    """AWS::ApiGateway::RestApi, with the routes of its OpenAPI body."""
    properties = declared.properties
    draft = room.gathered.api(declared.names.name, "REST", declared.source, declared.pointer)
    draft.source, draft.pointer, draft.told, draft.routes_told = declared.source, declared.pointer, True, True
    draft.name = properties.text("Name") or declared.address
    draft.region, draft.account = declared.where.region, declared.where.account
    endpoint = properties.get("EndpointConfiguration")
    if endpoint is not None:
        draft.private = [value.text() for value in endpoint.entries("Types")] == ["PRIVATE"]
    policy = properties.get("Policy")
    body = properties.get("Body")
    if policy is None and body is not None:
        policy = body.get("x-amazon-apigateway-policy")
    if policy is not None:
        effect = f"who may call the API {draft.name} is unknown"
        draft.policy = room.policy(PolicyKind.RESOURCE, "resource policy", policy, effect, None)
    if body is not None:
        open_api.read(room, draft, body, declared)
    elif properties.get("BodyS3Location") is not None:
        draft.gaps = True
        room.miss(
            properties.get("BodyS3Location") or declared,
            f"the definition of the API {draft.name} stands in a bucket",
            "what it calls is unknown",
        )


def draft_of(room: Room, declared: Declared, key: str, kind: str) -> ApiDraft | None:
    """The API that a part of one names, where it is declared or at least named."""
    named = declared.properties.text(key)
    if named is None:
        room.miss(declared, "which API it belongs to is not known before deploy", "it is left out")
        return None
    draft = room.gathered.apis.get(named)
    if draft is None:
        draft = room.gathered.api(named, kind, declared.source, declared.pointer)
        draft.region, draft.account = declared.where.region, declared.where.account
    return draft


def method(room: Room, declared: Declared) -> None:
    """AWS::ApiGateway::Method."""
    properties = declared.properties
    draft = draft_of(room, declared, "RestApiId", "REST")
    if draft is None:
        return
    verb = properties.text("HttpMethod") or "ANY"
    behind = properties.get("Integration")
    uri = behind.get("Uri") if behind is not None else None
    if uri is not None and uri.unknown:
        room.miss(uri, f"what {verb} of the API {draft.name} calls is not known before deploy", "it is left out")
        draft.gaps = True
    key = f"{verb} {_path(room, declared)}"
    made = RouteDraft(
        key,
        declared.source,
        properties.pointer,
        properties.text("AuthorizationType") or "NONE",
        properties.text("AuthorizerId"),
        properties.flag("ApiKeyRequired") is True,
        uri.text() if uri is not None else None,
        behind.text("Credentials") if behind is not None else None,
    )
    put(room, declared, draft, made)


def put(room: Room, declared: Declared, draft: ApiDraft, route: RouteDraft) -> None:
    """Give an API a route. Who may call it is unknown where nobody knows which way, or which of two routes, it is."""
    before = room.before(declared, "route", draft.id, route.key) and draft.routes.get(route.key)
    place = declared.properties.get("AuthorizationType") or declared
    if before and (before.auth, before.authorizer, before.api_key) != (route.auth, route.authorizer, route.api_key):
        route.auth, route.authorizer, route.api_key = None, None, before.api_key and route.api_key
    if before and (before.uri, before.target) != (route.uri, route.target):
        draft.gaps = True
        room.miss(
            declared,
            f"which of two declarations of {route.key} of the API {draft.name} is made is not known before deploy",
            "what it calls is unknown",
        )
    if route.auth is None or "<" in route.auth:
        route.auth = None
        error = f"whether {route.key} of the API {draft.name} asks who calls is not known before deploy"
        room.miss(place, error, "whether anybody may call it is unknown")
    draft.routes[route.key] = route


def _path(room: Room, declared: Declared) -> str:
    """The path of a method's resource, through all resources above it. A circle ends."""
    parts: list[str] = []
    at = declared.properties.text("ResourceId")
    seen: set[str] = set()
    while at is not None and at not in seen:
        seen.add(at)
        found = room.find("AWS::ApiGateway::Resource", at)
        if found is None:
            if not at.endswith("RootResourceId"):
                parts.append(f"<{at.strip('<>')}>")
            break
        parts.append(found.properties.text("PathPart") or "")
        at = found.properties.text("ParentId")
    return "/" + "/".join(reversed(parts))


def authorizer(room: Room, declared: Declared) -> None:
    """AWS::ApiGateway::Authorizer."""
    properties = declared.properties
    draft = draft_of(room, declared, "RestApiId", "REST")
    if draft is None:
        return
    pools = [value.text() for value in properties.entries("ProviderARNs")]
    draft.authorizers[declared.names.name] = Authorizer(
        declared.names.name,
        properties.text("Name") or declared.address,
        properties.text("Type") or "",
        declared.source,
        properties.pointer,
        asked_function(properties),
        properties.text("AuthorizerCredentials"),
        tuple(arn for arn in pools if arn),
    )


def stage(room: Room, declared: Declared) -> None:
    """AWS::ApiGateway::Stage, or the stage that a deployment makes by the way."""
    properties = declared.properties
    draft = draft_of(room, declared, "RestApiId", "REST")
    name = properties.text("StageName")
    if draft is None or name is None:
        return
    made = StageDraft(name)
    described = properties.get("StageDescription") or properties
    for setting in described.entries("MethodSettings"):
        path, verb = setting.text("ResourcePath") or "/*", setting.text("HttpMethod") or "*"
        key = "*" if (path, verb) == ("/*", "*") else f"{verb} {path.replace('~1', '/')}"
        made.limits[key] = limited(setting.text("ThrottlingRateLimit"))
    add_stage(draft, made, described.get("Variables"))


def asked_function(properties: Value) -> str | None:
    """The function that an authorizer asks, None where it asks none or it is not told."""
    uri = properties.text("AuthorizerUri")
    called = in_uri(uri) if uri is not None else None
    return called[0] if called else None


def add_stage(draft: ApiDraft, made: StageDraft, variables: Value | None) -> None:
    """Give an API a stage. variables: what the stage fills into its integrations."""
    if variables is not None:
        made.variables = {key: value.text() or "" for key, value in variables.members()}
    draft.stages = {**(draft.stages or {}), made.name: made}


def limited(rate: str | None) -> bool:
    """Whether a rate is a limit below that of the account."""
    try:
        return rate is not None and 0 <= float(rate) < 10000.0
    except ValueError:
        return False
