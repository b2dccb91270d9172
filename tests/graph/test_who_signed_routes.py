"""``who`` and ``why``: callers who sign requests for a route of an API, and so have it call the function.

API Gateway Developer Guide, "Control access to a REST API with IAM permissions" and "How API Gateway resource policies
affect authorization workflow".
"""

from typing import Any

import pytest

from permcheck.model import CallerRow
from tests.graph.asking import (
    ACCOUNT,
    API_ARN,
    FUNCTION,
    OTHER,
    POOL,
    Json,
    account,
    allow,
    api,
    by_api,
    deny,
    document,
    grant,
    handed,
    method,
    pool,
    role,
    role_arn,
    rows,
    takes,
    user,
    user_arn,
    why,
)

SIGN = "execute-api:Invoke"
ROUTE = f"{API_ARN}/*/GET/orders"
OFFICE = {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}
SIGNED = api(GET=method(auth="AWS_IAM"))
CALLS = role("app", allow(SIGN, ROUTE))


def signed(*identities: Json, files: Any = None, policy: Any = None, **more: Any) -> list[CallerRow]:
    """The rows of callers who sign for a route."""
    given = account(*identities, policy=[by_api()] if policy is None else policy, **(files or SIGNED), **more)
    return [r for r in rows(given) if r.action == SIGN]


def brief(*identities: Json, **more: Any) -> list[tuple[str, str, str]]:
    """Kind, caller and verdict of the same."""
    return [(r.kind, r.caller.rpartition("/")[2], str(r.verdict)) for r in signed(*identities, **more)]


def test_who_may_sign_for_the_route_has_the_function_called() -> None:
    (row,) = signed(CALLS, user("lee"))
    assert (row.caller, row.kind, row.verdict, row.resource) == (role_arn("app"), "role", "allowed", FUNCTION)
    assert row.via == "api" and row.note.startswith("GET /orders of API")
    assert row.witness is not None and row.witness["action"] == SIGN
    asked = str(row.witness["resource"])
    assert asked.startswith(API_ARN) and asked.endswith("/GET/orders")
    assert {b.location.source for b in row.because} >= {"account.json", "get-policy.orders.json"}


def test_the_permission_to_invoke_is_another() -> None:
    assert signed(role("app", allow())) == []


@pytest.mark.parametrize(
    ("statements", "verdicts"),
    [
        ([allow(SIGN, ROUTE, Condition=OFFICE)], ["conditional"]),
        ([allow(SIGN, ROUTE), deny(SIGN, "*")], []),
        ([allow(SIGN, f"{API_ARN}/*/POST/orders")], []),
        ([allow("execute-api:*", "*")], ["allowed"]),
        ([allow("*", "*")], ["allowed"]),
    ],
    ids=str,
)
def test_what_the_caller_may(statements: list[Json], verdicts: list[str]) -> None:
    assert [verdict for _, _, verdict in brief(role("app", *statements))] == verdicts


def test_a_route_that_the_function_does_not_let_in() -> None:
    assert signed(CALLS, policy=[by_api(f"{API_ARN}/*/POST/orders")]) == []


@pytest.mark.parametrize("auth", ["NONE", "COGNITO_USER_POOLS", "CUSTOM"])
def test_routes_that_ask_for_no_signature(auth: str) -> None:
    assert signed(CALLS, files=api(GET=method(auth=auth))) == []


def test_of_several_routes_the_surest() -> None:
    both = api(GET=method(auth="AWS_IAM"), POST=method(auth="AWS_IAM"))
    mixed = role("app", allow(SIGN, f"{API_ARN}/*/POST/orders", Condition=OFFICE), allow(SIGN, ROUTE))
    assert brief(mixed, files=both) == [("role", "app", "allowed")]


def test_guests_who_may_sign() -> None:
    guest = role("guest", allow(SIGN, ROUTE), trusts=[takes()])
    (row,) = signed(guest, pool=pool(), roles=handed(unauthenticated="guest"))
    assert [(h.kind, h.name, str(h.verdict)) for h in row.held_by] == [("guest", POOL, "allowed")]


@pytest.mark.parametrize(
    ("principal", "found"),
    [
        ({"AWS": f"arn:aws:iam::{OTHER}:root"}, [("account", OTHER, "conditional")]),
        ("*", [("aws", "*", "allowed")]),
        ({"AWS": ACCOUNT}, []),
    ],
    ids=str,
)
def test_outsiders_whom_the_policy_of_the_api_names(principal: Any, found: list[tuple[str, str, str]]) -> None:
    lets = document(allow(SIGN, "*", Principal=principal))
    outside = [r for r in brief(files=api(policy=lets, GET=method(auth="AWS_IAM"))) if r[0] not in ("role", "user")]
    assert outside == found


def test_the_policy_of_the_api_is_enough_within_its_account() -> None:
    lets = document(allow(SIGN, "*", Principal={"AWS": user_arn("lee")}))
    assert brief(user("lee"), files=api(policy=lets, GET=method(auth="AWS_IAM"))) == [("user", "lee", "allowed")]


def test_why_says_the_same() -> None:
    lets = document(allow(SIGN, "*", Principal={"AWS": f"arn:aws:iam::{OTHER}:root"}, Condition=OFFICE))
    files = account(CALLS, role("idle"), policy=[by_api()], **api(policy=lets, GET=method(auth="AWS_IAM")))
    told = {r.caller: r.verdict for r in rows(files) if r.action == SIGN}
    assert set(told) == {role_arn("app"), OTHER}
    for caller in (*told, role_arn("idle"), "333333333333"):
        (answer,) = [a for a in why(files, caller) if a.via == "api"]
        assert answer.verdict == told.get(caller, "denied"), caller
        assert (answer.denied_by is None) is (caller in told)


def test_why_a_caller_gets_no_further_than_the_route() -> None:
    files = account(CALLS, policy=[grant({"Service": "s3.amazonaws.com"})], **SIGNED)
    (answer,) = [a for a in why(files, role_arn("app")) if a.via == "api"]
    assert (answer.verdict, answer.denied_by) == ("denied", "implicit:resource_policy")
