"""Routes of APIs: what is open, what only looks open, and what a key or a signature is worth."""

from __future__ import annotations

import json
from typing import Any

import pytest

from permcheck.model import Finding
from permcheck.rules._examples import OTHER, Json, account, allow, function_arn, role, role_arn, trust, worker
from permcheck.rules.invoke._front_examples import API, LETS_API_IN, api_policy, rest, socket
from permcheck.rules.invoke._grants import captured, grant, own, service, source
from permcheck.rules.invoke._pool_examples import app, guest
from tests.rules.auditing import found, report

OPEN, KEYED, GUEST = "PC171", "PC172", "PC173"
LETS_ANY = service("apigateway", source(own("execute-api", f"{API}/*")))


def policy() -> Json:
    """The policy of ``orders`` alone."""
    return {name: value for name, value in captured(LETS_ANY).items() if name.startswith("get-policy")}


def http(*routes: tuple[str, str | None]) -> Json:
    """An HTTP API with these routes."""
    files = socket(connect="NONE")
    about = files["get-apis.json"]["Items"][0]
    about |= {"ProtocolType": "HTTP", "ApiEndpoint": about["ApiEndpoint"].replace("wss", "https")}
    files[f"get-routes.{API}.json"]["Items"] = [
        {"RouteId": f"r{i}", "RouteKey": key, "Target": "integrations/i1"}
        | ({"AuthorizationType": auth} if auth else {})
        for i, (key, auth) in enumerate(routes)
    ]
    return files


def brief(captures: Json, rule: str = OPEN, **settings: Any) -> list[tuple[str, str]]:
    """(severity, name of the function) of the findings of a rule."""
    return [(f.severity, f.resource.partition(":function:")[2]) for f in found(captures, rule, settings or None)]


@pytest.mark.parametrize(
    ("routes", "count"),
    [
        ([("GET /orders", "NONE")], 1),
        ([("ANY /{proxy+}", "NONE")], 1),
        ([("$default", "NONE")], 1),
        ([("GET /orders", "NONE"), ("POST /orders", "NONE")], 1),
        ([("GET /orders", "JWT")], 0),
        ([("GET /orders", "AWS_IAM")], 0),
        ([("GET /orders", "CUSTOM")], 0),
        ([("GET /orders", None)], 0),
        ([("OPTIONS /orders", "NONE"), ("GET /orders", "JWT")], 0),
    ],
    ids=str,
)
def test_routes_of_an_http_api(routes: list[tuple[str, str | None]], count: int) -> None:
    assert brief(captured(LETS_ANY) | http(*routes)) == [("high", "orders")] * count


def test_one_finding_names_the_first_route_and_shows_all() -> None:
    files = captured(LETS_ANY) | http(("GET /orders", "NONE"), ("POST /orders", "NONE"), ("PUT /orders", "JWT"))
    (finding,) = found(files, OPEN)
    assert (
        finding.message
        == "anyone on the internet may call orders through GET /orders of API chat and 1 more of its routes"
    )
    assert [where.pointer for where in finding.locations] == ["/Items/0", "/Items/1"]
    assert [step.kind for step in finding.path] == ["anyone", "api", "function"]


@pytest.mark.parametrize(
    ("connect", "default", "count"), [("NONE", "NONE", 1), ("AWS_IAM", "NONE", 0), ("CUSTOM", "NONE", 0)]
)
def test_a_websocket_api_is_judged_by_connect(connect: str, default: str, count: int) -> None:
    assert len(found(captured(LETS_ANY) | socket(connect=connect, default=default), OPEN)) == count


ADDRESSES = {"IpAddress": {"aws:SourceIp": ["203.0.113.0/24"]}}
EVERY_ADDRESS = {"IpAddress": {"aws:SourceIp": ["0.0.0.0/0", "::/0"]}}


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        ([{}], ["high"]),
        ([{"Condition": ADDRESSES}], ["medium"]),
        ([{"Condition": EVERY_ADDRESS}], ["high"]),
        ([{"Condition": {"StringLike": {"aws:Referer": "https://shop.example.com/*"}}}], ["high"]),
        ([{}, {"Effect": "Deny"}], []),
        ([{}, {"Effect": "Deny", "Condition": {"StringNotEquals": {"aws:SourceVpce": "vpce-1"}}}], []),
        ([{}, {"Effect": "Deny", "Condition": {"NotIpAddress": ADDRESSES["IpAddress"]}}], ["medium"]),
        ([{"Principal": {"AWS": OTHER}}], []),
    ],
    ids=str,
)
def test_the_resource_policy_is_decided(statements: list[Json], expected: list[str]) -> None:
    files = captured(LETS_API_IN) | rest(policy=api_policy(*statements))
    assert [severity for severity, _ in brief(files)] == expected


def test_without_the_functions_consent_nothing_is_open() -> None:
    assert brief(captured() | rest()) == []
    refused = grant("*", Effect="Deny", Sid="no")
    assert brief(captured(LETS_API_IN, refused) | rest()) == []


def test_a_stage_that_is_not_deployed_is_not_open() -> None:
    told: dict[str, Any] = {f"get-stages.{API}.json": {"item": []}}
    assert brief(captured(LETS_API_IN) | rest() | told) == []


def test_an_integration_may_call_with_a_role() -> None:
    caller = role(
        "api-role",
        allow("lambda:InvokeFunction", function_arn("orders")),
        trusts=trust({"Service": "apigateway.amazonaws.com"}),
    )
    files = account(worker("orders-role"), caller, functions={"orders": "orders-role"})
    assert brief(files | rest(credentials=role_arn("api-role"))) == [("high", "orders")]
    assert brief(files | rest(credentials="arn:aws:iam::*:user/*")) == []


def test_an_administrator_behind_it_makes_it_critical() -> None:
    files = account(worker("orders-role", managed=["AdministratorAccess"]), functions={"orders": "orders-role"})
    assert brief(files | policy() | rest()) == [("critical", "orders")]


def test_an_alias_is_named_as_it_is_called() -> None:
    on_alias = service("apigateway", source(own("execute-api", f"{API}/*")), on="prod")
    assert brief(captured(on_alias) | rest(function="orders:prod")) == [("high", "orders:prod")]


def test_public_functions_explain_it() -> None:
    settings = {"public_functions": [{"function": "orders", "reason": "a webhook"}]}
    told = report(captured(LETS_API_IN) | rest(), settings)
    assert not told.findings
    assert [s.reason for s in told.suppressed] == ["a webhook"]


def test_an_authorizers_function_is_not_reported() -> None:
    asked = {"id": "a1", "name": "t", "type": "TOKEN", "authorizerUri": rest()[f"get-resources.{API}.json"]["items"][1][
        "resourceMethods"]["GET"]["methodIntegration"]["uri"]}  # fmt: skip
    files = rest("CUSTOM", function="carts") | {f"get-authorizers.{API}.json": {"items": [asked]}}
    assert brief(captured(LETS_ANY) | files) == []


def keyed(**more: Any) -> list[Finding]:
    """The findings on a route that asks for a key."""
    return found(captured(LETS_API_IN) | rest(key=True, **more), KEYED)


def test_a_key_alone_is_reported_as_that() -> None:
    (finding,) = keyed()
    assert finding.severity == "medium"
    assert finding.path[0].verdict == "conditional"
    assert not found(captured(LETS_API_IN) | rest(key=True), OPEN)
    assert not keyed(auth="AWS_IAM")
    assert not keyed(private=True)


@pytest.mark.parametrize(
    ("resource", "count"),
    [
        (own("execute-api", f"{API}/prod/GET/orders"), 1),
        (own("execute-api", f"{API}/*"), 1),
        ("*", 1),
        (own("execute-api", f"{API}/*/POST/orders"), 0),
        (own("execute-api", "other/*"), 0),
    ],
)
def test_what_guests_may_sign_for(resource: str, count: int) -> None:
    holder = guest(allow("execute-api:Invoke", resource))
    files = app(holder, worker("orders-role"), guests=True, functions={"orders": "orders-role"})
    findings = found(files | policy() | rest("AWS_IAM"), GUEST)
    assert [(f.severity, f.path[0].kind) for f in findings] == [("high", "guest")] * count


def test_guests_need_no_right_for_a_route_that_asks_for_nothing() -> None:
    holder = guest(allow("execute-api:Invoke", own("execute-api", f"{API}/*")))
    files = app(holder, worker("orders-role"), guests=True, functions={"orders": "orders-role"}) | policy()
    assert not found(files | rest("NONE"), GUEST)
    assert len(found(files | rest("NONE"), OPEN)) == 1


def test_the_api_of_the_captures_may_be_written_in_any_order() -> None:
    files = captured(LETS_API_IN) | rest()
    backwards = dict(reversed(list(files.items())))
    assert json.dumps([f.message for f in report(files).findings]) == json.dumps(
        [f.message for f in report(backwards).findings]
    )
