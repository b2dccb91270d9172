"""Declared HTTP and WebSocket APIs. CloudFormation Template Reference, ``AWS::ApiGatewayV2::*``."""

from permcheck.model.api import Authorizer
from permcheck.sources.declared import open_api
from permcheck.sources.declared.rest_apis import add_stage, asked_function, draft_of, limited, put
from permcheck.sources.declared.room import Declared, Room
from permcheck.sources.files.resource_drafts import RouteDraft, StageDraft

API = "AWS::ApiGatewayV2::Api"


def api(room: Room, declared: Declared) -> None:
    """AWS::ApiGatewayV2::Api: with the routes of its body, or the one of quick create."""
    properties = declared.properties
    kind = "WEBSOCKET" if properties.text("ProtocolType") == "WEBSOCKET" else "HTTP"
    draft = room.gathered.api(declared.names.name, kind, declared.source, declared.pointer)
    draft.source, draft.pointer, draft.told, draft.routes_told = declared.source, declared.pointer, True, True
    draft.name = properties.text("Name") or declared.address
    draft.region, draft.account = declared.where.region, declared.where.account
    body = properties.get("Body")
    if body is not None:
        open_api.read(room, draft, body, declared)
    target = properties.get("Target")
    if target is not None:
        key = properties.text("RouteKey") or "$default"
        place = (target.source, target.pointer)
        draft.integrations["quick"] = RouteDraft(
            "quick", *place, uri=target.text(), credentials=properties.text("CredentialsArn")
        )
        draft.routes[key] = RouteDraft(key, *place, "NONE", target="integrations/quick")


def route(room: Room, declared: Declared) -> None:
    """AWS::ApiGatewayV2::Route."""
    properties = declared.properties
    draft = draft_of(room, declared, "ApiId", "V2")
    key = properties.text("RouteKey")
    if draft is None or key is None:
        return
    made = RouteDraft(
        key,
        declared.source,
        properties.pointer,
        properties.text("AuthorizationType") or "NONE",
        properties.text("AuthorizerId"),
        properties.flag("ApiKeyRequired") is True,
        target=properties.text("Target"),
    )
    put(room, declared, draft, made)


def integration(room: Room, declared: Declared) -> None:
    """AWS::ApiGatewayV2::Integration."""
    properties = declared.properties
    draft = draft_of(room, declared, "ApiId", "V2")
    if draft is None:
        return
    uri = properties.get("IntegrationUri")
    if uri is not None and uri.unknown:
        draft.gaps = True
        room.miss(
            uri, f"what an integration of the API {draft.name} calls is not known before deploy", "it is left out"
        )
    place = uri if uri is not None else properties
    draft.integrations[declared.names.name] = RouteDraft(
        declared.names.name,
        place.source,
        place.pointer,
        uri=uri.text() if uri is not None else None,
        credentials=properties.text("CredentialsArn"),
    )


def authorizer(room: Room, declared: Declared) -> None:
    """AWS::ApiGatewayV2::Authorizer."""
    properties = declared.properties
    draft = draft_of(room, declared, "ApiId", "V2")
    if draft is None:
        return
    issuer = properties.at("JwtConfiguration", "Issuer")
    draft.authorizers[declared.names.name] = Authorizer(
        declared.names.name,
        properties.text("Name") or declared.address,
        properties.text("AuthorizerType") or "",
        declared.source,
        properties.pointer,
        asked_function(properties),
        properties.text("AuthorizerCredentialsArn"),
        issuer=issuer.text() if issuer is not None else None,
    )


def stage(room: Room, declared: Declared) -> None:
    """AWS::ApiGatewayV2::Stage."""
    properties = declared.properties
    draft = draft_of(room, declared, "ApiId", "V2")
    name = properties.text("StageName")
    if draft is None or name is None:
        return
    made = StageDraft(name)
    usual = properties.at("DefaultRouteSettings", "ThrottlingRateLimit")
    made.limits["*"] = limited(usual.text() if usual is not None else None)
    settings = properties.get("RouteSettings")
    for key, own in settings.members() if settings is not None else ():
        if own.get("ThrottlingRateLimit") is not None:
            made.limits[key] = limited(own.text("ThrottlingRateLimit"))
    add_stage(draft, made, properties.get("StageVariables"))
