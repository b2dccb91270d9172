"""Roles that are assumed before a function is come to, or behind it, are part of the way to data.

AWS STS API Reference, "AssumeRole"; Amazon Cognito Developer Guide, "Identity pools authentication flow": a guest of
the classic flow has no session policy over it, so it may assume roles; in the enhanced flow sts is outside the ceiling.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.graph.asking import FUNCTION, INVOKE, account, allow, deny, function, handed, pool, role, role_arn, takes
from tests.rules.auditing import found

ASSUME = "sts:AssumeRole"
DATA, ALL = allow("dynamodb:*", "*"), allow("*", "*")


def lets(name: str) -> list[dict[str, Any]]:
    """The trust policy that takes one role."""
    return [{"Effect": "Allow", "Principal": {"AWS": role_arn(name)}, "Action": ASSUME}]


def told(*roles: Any, classic: bool = True, rule: str = "PC321", **more: Any) -> list[tuple[str, str]]:
    """Severity and message of the findings of a rule."""
    pools: dict[str, Any] = {"describe": pool(classic=classic), "handed": handed(unauthenticated="app")}
    texts = account(*roles, more_functions=more or None, **pools)
    captures = {name: json.loads(text) for name, text in texts.items()}
    return [(f.severity, f.message.rpartition("can ")[2]) for f in found(captures, rule)]


APP = role("app", allow(ASSUME, role_arn("b")), trusts=[takes()])
CALLS = role("app", allow(), trusts=[takes()])
TABLES = "invoke orders, and so reach every DynamoDB table"


@pytest.mark.parametrize(
    ("does", "message"),
    [
        (allow(), TABLES),
        (allow("lambda:UpdateFunctionCode"), "put its own code into orders, and so reach every DynamoDB table"),
        (allow(Condition={"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}), TABLES),
    ],
)
def test_a_guest_assumes_a_role_and_comes_to_a_function(does: Any, message: str) -> None:
    bridge = role("b", does, trusts=lets("app"))
    (one,) = told(APP, bridge, role("runs", DATA))
    assert one == ("high" if "Condition" in does else "critical", message)
    assert not told(APP, bridge, role("runs", DATA), classic=False)
    assert not told(APP, role("b", does, deny(), deny("lambda:*"), trusts=lets("app")), role("runs", DATA))
    assert not told(APP, role("b", does, trusts=lets("other")), role("runs", DATA))


def test_over_two_roles() -> None:
    first = role("b", allow(ASSUME, role_arn("c")), trusts=lets("app"))
    assert told(APP, first, role("c", allow(), trusts=lets("b")), role("runs", DATA)) == [("critical", TABLES)]


@pytest.mark.parametrize(("holds", "reached"), [(DATA, "every DynamoDB table"), (ALL, "everything in the account")])
def test_a_function_assumes_a_role(holds: Any, reached: str) -> None:
    runs = role("runs", allow(ASSUME, role_arn("b")))
    strong = role("b", holds, trusts=lets("runs"))
    assert told(CALLS, runs, strong, classic=False) == [("critical", f"invoke orders, and so reach {reached}")]
    assert not told(CALLS, runs, role("b", holds, trusts=lets("other")), classic=False)
    assert not told(CALLS, role("runs", deny(ASSUME, "*"), allow(ASSUME, "*")), strong, classic=False)


def test_a_function_that_anyone_may_call_assumes_a_role() -> None:
    texts = account(
        role("runs", allow(ASSUME, role_arn("b"))),
        role("b", DATA, trusts=lets("runs")),
        policy=[{**allow(INVOKE, FUNCTION), "Principal": "*"}],
    )
    captures = {name: json.loads(text) for name, text in texts.items()}
    assert [f.severity for f in found(captures, "PC324")] == ["critical"]
    assert not found(captures | {"account.json": json.loads(account(role("runs"))["account.json"])}, "PC324")


def test_the_function_that_is_told_is_the_first() -> None:
    bridge = role("b", allow(INVOKE, function("second")), trusts=lets("app"))
    behind = role("c", DATA, trusts=lets("x"))
    second = role("x", allow(ASSUME, role_arn("c")))
    expected = "invoke second, and so reach every DynamoDB table"
    assert told(APP, bridge, second, behind, role("runs"), second=role_arn("x")) == [("critical", expected)]


@pytest.mark.parametrize(("holds", "reached"), [(DATA, "every DynamoDB table"), (ALL, "everything in the account")])
def test_no_function_is_needed(holds: Any, reached: str) -> None:
    strong = role("b", holds, trusts=lets("app"))
    assert told(APP, strong, rule="PC339") == [("critical", f"assume role b, and so reach {reached}")]
    assert not told(APP, strong, rule="PC339", classic=False)
    assert not told(APP, role("b", holds, trusts=lets("other")), rule="PC339")
    over = role("b", allow(ASSUME, role_arn("c")), trusts=lets("app"))
    expected = [("critical", f"assume role c, and so reach {reached}")]
    assert told(APP, over, role("c", holds, trusts=lets("b")), rule="PC339") == expected
    asked = [lets("app")[0] | {"Condition": {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}}]
    assert [severity for severity, _ in told(APP, role("b", holds, trusts=asked), rule="PC339")] == ["high"]
