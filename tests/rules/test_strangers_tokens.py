"""Roles for the tokens of identity providers: whose tokens are anybody's, and what that leads to.

IAM User Guide, "Create a role for OpenID Connect federation"; GitHub Docs, "OpenID Connect reference".
"""

from __future__ import annotations

import pytest

from permcheck.rules._examples import Json, account, allow, function_arn, role, worker
from permcheck.rules.invoke._pool_examples import CLIENT, ISSUER, client, users
from permcheck.rules.invoke._token_examples import GITHUB, taking
from tests.rules.auditing import Files, found, severities

CALLS = allow("lambda:InvokeFunction", function_arn("release"))
GITLAB = "gitlab.com"


def taken(provider: str, *statements: Json, **condition: Json) -> Files:
    """An account with a role for a provider's tokens. condition: of its trust policy; ``__`` stands for a colon."""
    asked = {operator.replace("__", ":"): keys for operator, keys in condition.items()}
    return account(role("release", *(statements or (CALLS,)), trusts=taking(provider, **asked)))


@pytest.mark.parametrize(
    "condition",
    [
        {},
        {"StringEquals": {f"{GITHUB}:aud": "sts.amazonaws.com"}},
        {"StringLike": {f"{GITHUB}:sub": "*"}},
        {"StringLike": {f"{GITHUB}:sub": "repo:*:ref:refs/heads/main"}},
        {"StringLike": {f"{GITHUB}:sub": "repo:examp*/*"}},
    ],
    ids=str,
)
def test_workflows_of_any_repository(condition: dict[str, Json]) -> None:
    assert severities(taken(GITHUB, **condition)) == {"PC141": "high"}


@pytest.mark.parametrize(
    "condition",
    [
        {"StringLike": {f"{GITHUB}:sub": "repo:example/*"}},
        {"StringEquals": {f"{GITHUB}:sub": "repo:example/shop:ref:refs/heads/main"}},
        {"StringEquals": {f"{GITHUB}:repository_owner_id": "4711"}},
        {"ForAnyValue__StringLike": {f"{GITHUB}:sub": ["repo:example/shop:*", "repo:example/till:*"]}},
    ],
    ids=str,
)
def test_workflows_of_one_organization(condition: dict[str, Json]) -> None:
    assert "PC141" not in severities(taken(GITHUB, **condition))


def test_gitlab_is_for_everybody_too() -> None:
    assert severities(taken(GITLAB, StringEquals={f"{GITLAB}:aud": "https://gitlab.com"})) == {"PC141": "high"}
    assert severities(taken(GITLAB, StringLike={f"{GITLAB}:sub": "project_path:example/*"})) == {}


def test_a_provider_of_ones_own_is_not() -> None:
    assert severities(taken("idp.example.com", StringEquals={"idp.example.com:aud": "shop"})) == {}


def test_an_administrator_is_critical_and_nothing_is_low() -> None:
    assert severities(taken(GITHUB, allow("*")))["PC141"] == "critical"
    assert severities(taken(GITHUB, allow("logs:PutLogEvents")))["PC141"] == "low"


@pytest.mark.parametrize("sign_up", [True, False])
def test_a_user_pool_as_a_provider(sign_up: bool) -> None:
    """Its tokens are for one app; whose they are depends on who may sign up."""
    files = taken(ISSUER, StringEquals={f"{ISSUER}:aud": CLIENT})
    told = found({**files, "users.json": users(sign_up), "client.json": client()}, "PC141")
    assert [f.severity for f in told] == (["medium"] if sign_up else [])
    assert not sign_up or "signs up" in told[0].message


def test_a_function_behind_it_that_has_every_secret() -> None:
    strong = worker("release-role", allow("secretsmanager:GetSecretValue"))
    files = account(role("pipeline", CALLS, trusts=taking(GITHUB)), strong, functions={"release": "release-role"})
    (finding,) = found(files, "PC338")
    assert finding.severity == "critical" and "can invoke release" in finding.message
    assert [step.kind for step in finding.path] == ["web_identity", "role", "function", "role", "target"]
    (taken_by,) = found(files, "PC141")
    assert taken_by.witness is not None and taken_by.witness["action"] == "sts:AssumeRoleWithWebIdentity"
