"""People whom an identity pool serves, and what they come to through functions, APIs and event sources."""

from __future__ import annotations

from typing import Any

import pytest

from permcheck.rules._examples import (
    ACCOUNT,
    REGION,
    Json,
    allow,
    deny,
    function_arn,
    role,
    role_arn,
    table_arn,
    trust,
    worker,
)
from permcheck.rules.invoke._pool_examples import (
    OTHER_POOL,
    app,
    by_rules,
    by_token,
    client,
    groups,
    guest,
    taking,
    user,
    users,
)
from permcheck.rules.path._captures import API, BUCKET, api, bucket
from tests.rules.auditing import Files
from tests.rules.path_asking import LEE, findings, nodes, only, replayed, report, told

INVOKE, CODE, PUT = "lambda:InvokeFunction", "lambda:UpdateFunctionCode", "s3:PutObject"
PASS, CREATE = "iam:PassRole", "lambda:CreateFunction"
CALLS = allow(INVOKE, function_arn("vault"))
VAULT = {"vault": "vault-role"}
SET = "cognito-identity:SetIdentityPoolRoles"


def vault(*gives: Json) -> Json:
    """The role of the function, which reads every table unless told otherwise."""
    return worker("vault-role", *(gives or (allow("dynamodb:GetItem"),)))


def of_guests(*statements: Json, gives: Json | None = None, **more: Any) -> Json:
    """An app whose guests have these statements."""
    runs: Any = {"guests": True, "functions": VAULT, **more}
    return app(guest(*statements), vault(*((gives,) if gives else ())), **runs)


# guests


@pytest.mark.parametrize(
    ("gives", "severity"),
    [
        (allow("*"), "critical"),
        (allow("iam:PutRolePolicy"), "critical"),
        (allow("secretsmanager:GetSecretValue"), "critical"),
        (allow("dynamodb:GetItem", table_arn("Orders")), None),
        (allow("logs:PutLogEvents"), None),
    ],
    ids=str,
)
def test_what_the_function_reaches(gives: Json, severity: str | None) -> None:
    captures = of_guests(CALLS, gives=gives)
    assert told(captures) == ([("PC321", severity)] if severity else [])
    if severity:
        assert replayed(captures, only(captures, "PC321")) == "allowed"


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        (CALLS, "can invoke vault"),
        (allow(INVOKE, function_arn("vault:*")), "can invoke vault"),
        (allow(CODE, function_arn("vault")), "put its own code into vault"),
        (allow("lambda:UpdateFunctionConfiguration", function_arn("vault")), "put its own code into vault"),
        (allow("lambda:AddPermission", function_arn("vault")), "let itself invoke vault"),
    ],
    ids=str,
)
def test_what_guests_may_do_to_it(statement: Json, words: str) -> None:
    assert words in only(of_guests(statement), "PC321").message


@pytest.mark.parametrize(
    "statements",
    [
        [CALLS, deny(INVOKE)],
        [allow(INVOKE, function_arn("other"))],
        [allow("lambda:GetFunction", function_arn("vault"))],
        [allow("sts:AssumeRole")],
    ],
    ids=str,
)
def test_what_guests_may_not(statements: list[Json]) -> None:
    assert told(of_guests(*statements)) == []


def test_guests_are_not_let_in() -> None:
    assert told(of_guests(CALLS, guests=False, handed={})) == []


def test_whether_guests_are_let_in_was_not_told() -> None:
    captures = of_guests(CALLS)
    del captures["pool.json"]
    assert told(captures) == []


def test_what_cognito_puts_over_guests_bars_passing_a_role() -> None:
    """iam:PassRole is outside the ceiling of the enhanced flow, and in the classic flow there is none."""
    makes = (allow(PASS, role_arn("vault-role")), allow([CREATE, INVOKE], function_arn("new-*")))
    assert [r for r, _ in told(of_guests(*makes)) if r == "PC321"] == []
    assert ("PC321", "critical") in told(of_guests(*makes, classic=True))


def test_guests_who_may_give_a_function_a_role() -> None:
    gives = allow(["lambda:UpdateFunctionConfiguration", INVOKE], function_arn("vault"))
    boss = worker("boss-role", allow("*"))
    weak = worker("vault-role", allow("xray:PutTraceSegments"))
    captures = app(
        guest(allow(PASS, role_arn("boss-role")), gives), weak, boss, guests=True, classic=True, functions=VAULT
    )
    (finding,) = [f for f in findings(captures) if f.rule == "PC321"]
    assert "can give a function the role boss-role" in finding.message
    assert ("role", "boss-role") in nodes(finding)


def test_the_classic_flow_leads_to_a_role_that_is_handed_to_nobody() -> None:
    backup = role("backup", CALLS, trusts=taking("unauthenticated"))
    finding = only(app(guest(), backup, vault(), guests=True, classic=True, functions=VAULT), "PC321")
    assert [kind for kind, _ in nodes(finding)][:2] == ["guest", "role"]
    assert ("role", "backup") in nodes(finding)
    assert told(app(guest(), backup, vault(), guests=True, functions=VAULT)) == []


def test_a_role_that_takes_the_tokens_of_any_pool() -> None:
    loose = role("backup", CALLS, trusts=taking("unauthenticated", aud=None))
    assert told(app(guest(), loose, vault(), guests=True, classic=True, functions=VAULT)) == [("PC321", "critical")]
    held = role("backup", CALLS, trusts=taking("unauthenticated", aud=OTHER_POOL))
    assert told(app(guest(), held, vault(), guests=True, classic=True, functions=VAULT)) == []


def test_one_finding_for_a_pool_however_many_functions() -> None:
    functions = {f"vault{n}": "vault-role" for n in range(5)}
    finding = only(app(guest(allow(INVOKE)), vault(), guests=True, functions=functions), "PC321")
    assert "(or 4 more)" in finding.message


def test_what_is_open_is_not_critical() -> None:
    here = allow(INVOKE, function_arn("vault"), Condition={"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}})
    finding = only(of_guests(here), "PC321")
    assert finding.severity == "high"
    assert [c["key"] for c in finding.conditions] == ["aws:SourceIp"]


# those who sign up


def of_users(*statements: Json, sign_up: bool = True, gives: Json | None = None, **more: Any) -> Json:
    """An app whose users have these statements."""
    made = vault(*((gives,) if gives else ()))
    return app(user(*statements), made, functions=VAULT, users=users(sign_up=sign_up), **more)


@pytest.mark.parametrize(
    ("sign_up", "gives", "expected"),
    [
        (True, allow("dynamodb:GetItem"), [("PC323", "high")]),
        (True, allow("*"), [("PC323", "critical")]),
        (False, allow("dynamodb:GetItem"), []),
        (False, allow("*"), [("PC323", "critical")]),
        (False, allow("iam:PutRolePolicy"), [("PC323", "high")]),
        (True, allow("dynamodb:GetItem", table_arn("Orders")), []),
    ],
    ids=str,
)
def test_who_the_users_are(sign_up: bool, gives: Json, expected: list[tuple[str, str]]) -> None:
    assert told(of_users(CALLS, sign_up=sign_up, gives=gives)) == expected


def test_less_confidence_where_it_is_not_told_who_signs_up() -> None:
    told_of = of_users(CALLS)
    assert only(told_of, "PC323").confidence == "high"
    untold = {name: value for name, value in told_of.items() if name != "users.json"}
    assert only(untold, "PC323").confidence == "medium"


def test_a_role_chosen_by_a_claim_the_user_writes() -> None:
    mapped = by_rules("custom:role", "admin", "shop-admin")
    captures = app(
        user(),
        user(CALLS, name="shop-admin"),
        vault(),
        mappings=mapped,
        functions=VAULT,
        users=users(sign_up=True, attributes={"custom:role": True}),
        client=client("email", "custom:role"),
    )
    finding = only(captures, "PC323")
    assert ("role", "shop-admin") in nodes(finding)


# through an API, or an event source

ROUTE = allow("execute-api:Invoke", f"arn:aws:execute-api:{REGION}:{ACCOUNT}:{API}/*/POST/order")


def test_a_route_that_asks_for_a_signature() -> None:
    captures = of_guests(ROUTE) | api("vault", "AWS_IAM")
    finding = only(captures, "PC322")
    assert finding.severity == "critical"
    assert [kind for kind, _ in nodes(finding)] == ["guest", "role", "api", "function", "role", "target"]


@pytest.mark.parametrize(
    "captures",
    [
        of_guests() | api("vault", "AWS_IAM"),
        of_guests(ROUTE, deny("execute-api:*")) | api("vault", "AWS_IAM"),
        of_guests(ROUTE) | {k: v for k, v in api("vault", "AWS_IAM").items() if "policy" not in k},
        of_guests(ROUTE, gives=allow("dynamodb:GetItem", table_arn("Orders"))) | api("vault", "AWS_IAM"),
    ],
    ids=["not granted", "denied", "the API may not call the function", "one table"],
)
def test_a_route_that_leads_nowhere(captures: Files) -> None:
    assert told(captures) == []


def test_users_through_a_route() -> None:
    assert told(of_users(ROUTE) | api("vault", "AWS_IAM")) == [("PC322", "high")]


def test_uploads_that_set_a_function_off() -> None:
    captures = of_guests(allow(PUT, f"{BUCKET}/*")) | bucket("vault")
    finding = only(captures, "PC327")
    assert finding.severity == "critical"
    assert [kind for kind, _ in nodes(finding)] == ["guest", "role", "event_source", "function", "role", "target"]
    assert replayed(captures, finding) == "allowed"


@pytest.mark.parametrize(
    "captures",
    [
        of_guests(allow("s3:GetObject", f"{BUCKET}/*")) | bucket("vault"),
        of_guests(allow(PUT, "arn:aws:s3:::other/*")) | bucket("vault"),
        of_guests(allow(PUT, f"{BUCKET}/*"), gives=allow("dynamodb:PutItem", table_arn("Files"))) | bucket("vault"),
    ],
    ids=["reading", "another bucket", "one table"],
)
def test_uploads_that_do_not(captures: Files) -> None:
    assert [r for r, _ in told(captures) if r == "PC327"] == []


# handing a pool another role

BACKUP = role("backup", allow("dynamodb:GetItem"), trusts=taking("unauthenticated"))
SUPPORT = trust(LEE)


def handing(*statements: Json, backup: Json = BACKUP, **more: Any) -> Json:
    """Support with these statements, beside a role that takes the pool's guests and is handed to nobody."""
    return app(guest(), backup, role("support", *statements, trusts=SUPPORT), **{"guests": True, **more})


def test_a_role_of_ones_choice() -> None:
    captures = handing(allow([SET, PASS]))
    finding = only(captures, "PC314")
    assert finding.severity == "high"
    assert replayed(captures, finding) == "allowed"


@pytest.mark.parametrize(
    "captures",
    [
        handing(allow(SET)),
        handing(allow(PASS)),
        handing(allow([SET, PASS]), deny(PASS, role_arn("backup"))),
        handing(allow(SET), allow(PASS, Condition={"StringEquals": {"iam:PassedToService": "lambda.amazonaws.com"}})),
        handing(allow([SET, PASS]), guests=False),
        handing(allow([SET, PASS]), backup=role("backup", allow("dynamodb:GetItem"), trusts=taking("authenticated"))),
        handing(allow([SET, PASS]), backup=role("backup", allow("ssm:GetParameter"), trusts=taking("unauthenticated"))),
        handing(allow([SET, PASS]), handed={"unauthenticated": "backup"}),
    ],
    ids=[
        "no role to pass",
        "no pool to set",
        "denied",
        "to Lambda alone",
        "no guests",
        "for users, who cannot sign up",
        "outside what guests get",
        "handed out already",
    ],
)
def test_no_role_of_ones_choice(captures: Files) -> None:
    assert [r for r, _ in told(captures) if r == "PC314"] == []


def test_users_who_sign_up_have_no_ceiling() -> None:
    backup = role("backup", allow("iam:PutRolePolicy"), trusts=taking("authenticated"))
    captures = handing(allow([SET, PASS]), backup=backup, guests=False, users=users(sign_up=True))
    assert told(captures) == [("PC314", "critical")]


def test_deploy_roles_may_hand_out_roles() -> None:
    assert not report(handing(allow([SET, PASS])), deploy_roles=["support"]).findings


def test_a_group_that_somebody_has_to_be_put_into_is_told() -> None:
    """Only administrators put users into groups (Cognito Developer Guide, "Adding groups to a user pool")."""
    told_of: Any = {"users": users(sign_up=True), "groups": groups(staff="editor"), "mappings": by_token()}
    captures = app(user(), user(CALLS, name="editor"), vault(), functions=VAULT, **told_of)
    finding = only(captures, "PC323")
    assert (
        "a user who signs up at identity pool shop, with the claim or group that editor takes, can" in finding.message
    )
    assert finding.severity == "medium"
