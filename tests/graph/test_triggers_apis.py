"""APIs in front of a function: what each kind asks of a caller, and whether the call behind it works.

API Gateway Developer Guide: "Controlling and managing access to REST APIs", "Control and manage access to HTTP APIs",
"Control and manage access to WebSocket APIs".
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from permcheck.graph.scene import Scene
from permcheck.rules._examples import ACCOUNT, OTHER, REGION, Json, allow, document, function_arn, role, trust
from tests.graph.trigger_captures import (
    ANYONE,
    ORDERS,
    edges,
    files,
    grant,
    own,
    rows,
    scene_of,
    source,
    verdict,
    writes,
)

REST, HTTP, SOCKET = "a1b2c3d4e5", "z9y8x7w6v5", "s5o4c3k2e1"
AUTH = function_arn("check")
GATEWAY = {"Service": "apigateway.amazonaws.com"}
EC2 = trust({"Service": "ec2.amazonaws.com"})


def node(api: str, rest: str) -> tuple[str, str]:
    """The node of a route."""
    return "api", own("execute-api", f"{api}/*/{rest}")


def uri(function: str = ORDERS) -> str:
    """The URI of an integration."""
    return f"arn:aws:apigateway:{REGION}:lambda:path/2015-03-31/functions/{function}/invocations"


def rest(
    auth: str = "NONE", *, key: bool = False, verb: str = "GET", path: str = "/orders", stages: tuple[str, ...] = (),
    policy: Json | None = None, private: bool = False, function: str = ORDERS, authorizer: str = "",
) -> Json:  # fmt: skip
    """A REST API with one method that calls a function."""
    api: Json = {"id": REST, "name": "shop", "createdDate": "x", "apiKeySource": "HEADER"}
    api["endpointConfiguration"] = {"types": ["PRIVATE" if private else "REGIONAL"]}
    if policy is not None:
        api["policy"] = json.dumps(policy)
    behind = {"type": "AWS_PROXY", "httpMethod": "POST", "uri": uri(function)}
    told: Json = {"httpMethod": verb, "authorizationType": auth, "apiKeyRequired": key, "methodIntegration": behind}
    if authorizer:
        told["authorizerId"] = authorizer
    resource = {"id": "r1", "path": path, "resourceMethods": {verb: told}}
    made: Json = {
        "get-rest-apis.json": {"items": [api]},
        f"get-resources.{REST}.json": {"items": [{"id": "r0", "path": "/"}, resource]},
    }
    if stages:
        listed = [{"deploymentId": "d", "stageName": s} for s in stages]
        made[f"get-stages.{REST}.json"] = {"item": listed}
    return made


def v2(api: str, routes: dict[str, str | None], **more: Any) -> Json:
    """An HTTP or WebSocket API with these routes and what each asks for."""
    kind = "WEBSOCKET" if api == SOCKET else "HTTP"
    about = {"ApiId": api, "Name": "notes", "ProtocolType": kind, "RouteSelectionExpression": "x"}
    about["ApiEndpoint"] = f"https://{api}.execute-api.{REGION}.amazonaws.com"
    listed = [
        {"RouteId": f"r{i}", "RouteKey": key, "Target": "integrations/i1"}
        | ({"AuthorizationType": auth} if auth else {})
        | more
        for i, (key, auth) in enumerate(routes.items())
    ]
    behind = {"IntegrationId": "i1", "IntegrationType": "AWS_PROXY", "IntegrationUri": ORDERS}
    return {
        "get-apis.json": {"Items": [about]},
        f"get-routes.{api}.json": {"Items": listed},
        f"get-integrations.{api}.json": {"Items": [behind]},
    }


def any_of(api: str, pattern: str = "*/*/*") -> Json:
    """The usual grant to an API."""
    return grant(GATEWAY, source(own("execute-api", f"{api}/{pattern}")))


def of(captures: Json, *statements: Json, identities: tuple[Json, ...] = ()) -> Scene:
    """A scene of an API and the policy of the function."""
    return scene_of(files(*statements, identities=identities, functions=("orders", "check")) | captures)


# who gets to a route


@pytest.mark.parametrize(
    ("auth", "key", "expected"),
    [
        ("NONE", False, "allowed"),
        ("NONE", True, "conditional"),
        ("AWS_IAM", False, "denied"),
        ("COGNITO_USER_POOLS", False, "denied"),
        ("CUSTOM", False, "denied"),
        ("CUSTOM", True, "denied"),
    ],
)
def test_what_a_rest_method_asks_for(auth: str, key: bool, expected: str) -> None:
    scene = of(rest(auth, key=key), any_of(REST))
    assert verdict(scene, ANYONE, node(REST, "GET/orders")) == expected
    assert verdict(scene, node(REST, "GET/orders"), ("function", ORDERS)) == "allowed"
    found = [r.verdict for r in rows(scene) if r.kind == "anyone"]
    assert [str(v) for v in found] == ([] if expected == "denied" else [expected])


@pytest.mark.parametrize(
    ("auth", "expected"),
    [("NONE", "allowed"), ("JWT", "denied"), ("AWS_IAM", "denied"), ("CUSTOM", "denied"), (None, "unknown")],
)
def test_what_a_route_of_an_http_api_asks_for(auth: str | None, expected: str) -> None:
    scene = of(v2(HTTP, {"GET /notes": auth}), any_of(HTTP))
    assert verdict(scene, ANYONE, node(HTTP, "GET/notes")) == expected


@pytest.mark.parametrize(("auth", "expected"), [("NONE", "allowed"), ("AWS_IAM", "denied"), ("CUSTOM", "denied")])
def test_a_websocket_api_is_authorized_on_connect_alone(auth: str, expected: str) -> None:
    scene = of(v2(SOCKET, {"$connect": auth, "sendmessage": "NONE"}), any_of(SOCKET, "*/*"))
    assert verdict(scene, ANYONE, node(SOCKET, "$connect")) == expected
    assert verdict(scene, ANYONE, node(SOCKET, "sendmessage")) == expected


def test_options_is_a_way_in_like_any_other() -> None:
    scene = of(rest("NONE", verb="OPTIONS"), any_of(REST))
    assert verdict(scene, ANYONE, node(REST, "OPTIONS/orders")) == "allowed"


def test_a_private_api_is_reached_from_its_network_alone() -> None:
    scene = of(rest("NONE", private=True), any_of(REST))
    assert verdict(scene, ANYONE, node(REST, "GET/orders")) == "denied"
    assert verdict(scene, node(REST, "GET/orders"), ("function", ORDERS)) == "allowed"


def policy_of(*statements: Json) -> Json:
    """A resource policy of the REST API."""
    made = {"Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke"}
    return document(*(made | {"Resource": own("execute-api", f"{REST}/*")} | s for s in statements))


INSIDE = {"StringNotEquals": {"aws:SourceVpce": "vpce-0a1b2c"}}
OFFICE = {"NotIpAddress": {"aws:SourceIp": "203.0.113.0/24"}}


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        (({},), "allowed"),
        (({}, {"Effect": "Deny", "Condition": INSIDE}), "denied"),
        (({}, {"Effect": "Deny", "Condition": OFFICE}), "conditional"),
        (({"Condition": {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}},), "conditional"),
        (({"Principal": {"AWS": ACCOUNT}},), "denied"),
        (({}, {"Effect": "Deny", "Resource": own("execute-api", f"{REST}/*/GET/orders")}), "denied"),
        (({}, {"Effect": "Deny", "Resource": own("execute-api", f"{REST}/*/POST/orders")}), "allowed"),
        (({"Resource": own("execute-api", f"{REST}/prod/GET/*")},), "allowed"),
        (({"Resource": own("execute-api", "other/*")},), "denied"),
    ],
)
def test_the_resource_policy_of_a_rest_api_has_its_say(statements: tuple[Json, ...], expected: str) -> None:
    scene = of(rest("NONE", policy=policy_of(*statements)), any_of(REST))
    assert verdict(scene, ANYONE, node(REST, "GET/orders")) == expected


def test_a_key_does_not_open_what_the_policy_closes() -> None:
    closed = policy_of({}, {"Effect": "Deny"})
    assert (
        verdict(of(rest("NONE", key=True, policy=closed), any_of(REST)), ANYONE, node(REST, "GET/orders")) == "denied"
    )


# callers with IAM rights


@pytest.mark.parametrize(
    ("resource", "expected"),
    [
        (own("execute-api", f"{REST}/*/GET/orders"), "allowed"),
        (own("execute-api", f"{REST}/prod/GET/orders"), "allowed"),
        (own("execute-api", f"{REST}/*"), "allowed"),
        ("arn:aws:execute-api:*:*:*", "allowed"),
        (own("execute-api", f"{REST}/*/POST/orders"), "denied"),
        (own("execute-api", f"{REST}/*/GET/other"), "denied"),
        (own("execute-api", "other/*"), "denied"),
    ],
)
def test_a_route_that_asks_for_a_signature_is_called_by_who_may(resource: str, expected: str) -> None:
    caller = role("caller", allow("execute-api:Invoke", resource), trusts=EC2)
    scene = of(rest("AWS_IAM"), any_of(REST), identities=(caller,))
    assert writes(scene, "caller", node(REST, "GET/orders")[1]) == expected


def test_the_stages_that_are_told_count() -> None:
    caller = role("caller", allow("execute-api:Invoke", own("execute-api", f"{REST}/test/GET/orders")), trusts=EC2)
    name = node(REST, "GET/orders")[1]
    for stages, expected in ((("prod",), "denied"), (("prod", "test"), "allowed")):
        scene = of(rest("AWS_IAM", stages=stages), any_of(REST), identities=(caller,))
        assert writes(scene, "caller", name) == expected


@pytest.mark.parametrize(
    ("path", "resource", "expected"),
    [
        ("/orders/{id}", "GET/orders/42", "allowed"),
        ("/orders/{id}", "GET/orders/*", "allowed"),
        ("/orders/{id}", "GET/orders", "denied"),
        ("/orders/{id}", "GET/orders/42/lines", "denied"),
        ("/orders/{proxy+}", "GET/orders/42/lines", "allowed"),
    ],
)
def test_a_path_with_parameters_is_called_by_many_names(path: str, resource: str, expected: str) -> None:
    caller = role("caller", allow("execute-api:Invoke", own("execute-api", f"{REST}/prod/{resource}")), trusts=EC2)
    scene = of(rest("AWS_IAM", path=path), any_of(REST), identities=(caller,))
    assert writes(scene, "caller", node(REST, f"GET{path}")[1]) == expected


def test_any_is_every_verb() -> None:
    caller = role("caller", allow("execute-api:Invoke", own("execute-api", f"{HTTP}/*/DELETE/notes")), trusts=EC2)
    scene = of(v2(HTTP, {"ANY /notes": "AWS_IAM"}), any_of(HTTP), identities=(caller,))
    assert writes(scene, "caller", node(HTTP, "*/notes")[1]) == "allowed"


def test_a_websocket_route_has_no_verb() -> None:
    for resource, expected in ((f"{SOCKET}/prod/$connect", "allowed"), (f"{SOCKET}/prod/GET/$connect", "denied")):
        caller = role("caller", allow("execute-api:Invoke", own("execute-api", resource)), trusts=EC2)
        scene = of(v2(SOCKET, {"$connect": "AWS_IAM"}), any_of(SOCKET, "*/*"), identities=(caller,))
        assert writes(scene, "caller", node(SOCKET, "$connect")[1]) == expected


def test_another_account_is_let_in_by_the_resource_policy() -> None:
    theirs = policy_of({"Principal": {"AWS": f"arn:aws:iam::{OTHER}:root"}})
    scene = of(rest("AWS_IAM", policy=theirs), any_of(REST))
    assert verdict(scene, ("account", OTHER), node(REST, "GET/orders")) == "conditional"
    assert verdict(scene, ANYONE, node(REST, "GET/orders")) == "denied"
    assert verdict(of(rest("AWS_IAM"), any_of(REST)), ("account", OTHER), node(REST, "GET/orders")) == "denied"


# the call behind a route


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("*/*/*", "allowed"),
        ("*/GET/orders", "allowed"),
        ("*/GET/*", "allowed"),
        ("*", "allowed"),
        ("*/POST/orders", "denied"),
        ("*/GET/other", "denied"),
        ("authorizers/*", "denied"),
    ],
)
def test_the_function_must_let_the_api_in_for_this_route(pattern: str, expected: str) -> None:
    scene = of(rest("NONE", stages=("prod",)), any_of(REST, pattern))
    assert verdict(scene, node(REST, "GET/orders"), ("function", ORDERS)) == expected


def test_another_apis_grant_is_no_help() -> None:
    assert verdict(of(rest("NONE"), any_of("other")), node(REST, "GET/orders"), ("function", ORDERS)) == "denied"


def test_a_grant_for_one_stage_holds_for_that_stage() -> None:
    for stages, expected in ((("prod",), "allowed"), (("test",), "denied"), (("prod", "test"), "allowed")):
        scene = of(rest("NONE", stages=stages), any_of(REST, "prod/GET/orders"))
        assert verdict(scene, node(REST, "GET/orders"), ("function", ORDERS)) == expected


def test_an_alias_has_a_policy_of_its_own() -> None:
    alias = f"{ORDERS}:prod"
    captures = rest("NONE", function=alias)
    assert verdict(of(captures, any_of(REST)), node(REST, "GET/orders"), ("function", ORDERS)) == "denied"
    on_alias = any_of(REST) | {"Resource": alias}
    scene = of(captures, on_alias)
    assert verdict(scene, node(REST, "GET/orders"), ("function", ORDERS)) == "allowed"
    assert [r.resource for r in rows(scene) if r.kind == "anyone"] == [alias]


@pytest.mark.parametrize(
    ("key", "pattern"),
    [("GET /notes", "*/*/notes"), ("$default", "*/$default"), ("$default", "*/*"), ("ANY /{proxy+}", "*/*/{proxy+}")],
)
def test_the_grants_of_http_apis_as_tools_write_them(key: str, pattern: str) -> None:
    scene = of(v2(HTTP, {key: "NONE"}), any_of(HTTP, pattern))
    assert [e.verdict for e in edges(scene) if e.end == ("function", ORDERS) and e.start[0] == "api"] == ["allowed"]


def test_the_owner_of_the_api_may_be_asked_for() -> None:
    told = source(own("execute-api", f"{REST}/*"), OTHER)
    assert verdict(of(rest("NONE"), grant(GATEWAY, told)), node(REST, "GET/orders"), ("function", ORDERS)) == "denied"


# authorizers, and APIs that are not in view


def locked() -> Json:
    """A REST API whose method asks a function whether to let a caller in."""
    asked = {"id": "auth1", "name": "tokens", "type": "TOKEN", "authType": "custom", "authorizerUri": uri(AUTH)}
    return rest("CUSTOM", authorizer="auth1") | {f"get-authorizers.{REST}.json": {"items": [asked]}}


def test_an_authorizer_is_called_for_everybody_who_asks() -> None:
    lets = grant(GATEWAY, source(own("execute-api", f"{REST}/authorizers/auth1")), on=AUTH)
    (row,) = [r for r in rows(of(locked(), any_of(REST), lets), AUTH) if r.kind == "anyone"]
    assert (row.verdict, row.via) == ("allowed", "api")
    assert not [r for r in rows(of(locked(), any_of(REST), lets)) if r.kind == "anyone"]
    other = grant(GATEWAY, source(own("execute-api", f"{REST}/authorizers/auth2")), on=AUTH)
    assert not [r for r in rows(of(locked(), any_of(REST), other), AUTH) if r.kind == "anyone"]


def test_an_api_that_is_not_in_view_is_an_unknown_caller() -> None:
    scene = scene_of(files(any_of("n0t1nv1ew2")))
    (row,) = [r for r in rows(scene) if r.kind == "api"]
    assert (row.verdict, row.via) == ("unknown", "api")
    asked = Scene(scene.facts, every_way=True)
    assert [e.verdict for e in edges(asked) if e.start == ANYONE] == ["unknown"]


def test_an_api_in_view_whose_routes_do_not_lead_here_is_no_caller() -> None:
    scene = of(rest("NONE", function=AUTH), any_of(REST))
    assert not [r for r in rows(scene) if r.kind in ("api", "anyone")]
