"""Which role signed-in users get, row by row of "Using role-based access control" (Cognito Developer Guide)."""

import pytest

from tests.graph.pool_captures import (
    CLIENT,
    ISSUER,
    Json,
    account,
    by_rules,
    by_token,
    client,
    groups,
    handed,
    held,
    holders,
    pool,
    takes,
    user_role,
    users,
)

ROLES = tuple(user_role(name) for name in ("user", "admin", "editor", "reader"))
FACEBOOK: Json = {"SupportedLoginProviders": {"graph.facebook.com": "1"}}


def chosen(mappings: Json | None, of_pool: Json | None = None, **files: Json) -> set[tuple[str, str]]:
    """(role, verdict) of signed-in users."""
    given = account(*ROLES, pool=of_pool or pool(), roles=handed(user="user", mappings=mappings), **files)
    return {(name, verdict) for _, _, name, verdict in held(given, "signed_in")}


def test_without_a_mapping_everybody_gets_the_authenticated_role() -> None:
    assert chosen(None) == {("user", "allowed")}


def test_by_token_the_role_of_any_group_may_be_chosen_with_custom_role_arn() -> None:
    """All groups count, not only the one that cognito:preferred_role names."""
    told = groups(admins="admin", editors="editor", readers="reader")
    assert chosen(by_token("Deny"), groups=told) == {
        ("admin", "conditional"),
        ("editor", "conditional"),
        ("reader", "conditional"),
    }


def test_who_is_in_which_group_is_a_condition() -> None:
    files = account(
        *ROLES, pool=pool(), roles=handed(user="user", mappings=by_token("Deny")), groups=groups(admins="admin")
    )
    (holder,) = holders(files)
    (need,) = holder.needs
    assert (need["key"], need["values"], need["source"]) == ("cognito:groups", ["admins"], "groups.json")


def test_groups_without_a_role_give_none() -> None:
    assert chosen(by_token("Deny"), groups=groups(everybody=None)) == set()


@pytest.mark.parametrize(
    ("ambiguous", "default"),
    [("AuthenticatedRole", {("user", "allowed")}), ("Deny", set()), (None, {("user", "unknown")})],
)
def test_by_token_who_has_no_clear_role_gets_what_ambiguous_role_resolution_says(
    ambiguous: str | None, default: set[tuple[str, str]]
) -> None:
    found = chosen(by_token(ambiguous), groups=groups(admins="admin"))
    assert found == default | {("admin", "conditional")}


@pytest.mark.parametrize(
    ("ambiguous", "default"),
    [("AuthenticatedRole", {("user", "allowed")}), ("Deny", set()), (None, {("user", "unknown")})],
)
def test_by_rules_whom_no_rule_fits_gets_what_ambiguous_role_resolution_says(
    ambiguous: str | None, default: set[tuple[str, str]]
) -> None:
    found = chosen(by_rules(("custom:dept", "Equals", "it", "admin"), ambiguous=ambiguous))
    assert found == default | {("admin", "conditional")}


def test_group_roles_have_no_effect_unless_the_mapping_is_by_token() -> None:
    told = groups(admins="admin")
    assert chosen(None, groups=told) == {("user", "allowed")}
    assert chosen(by_rules(("custom:dept", "Equals", "it", "editor")), groups=told) == {("editor", "conditional")}


def test_custom_role_arn_overrides_the_order_of_the_rules() -> None:
    rules = by_rules(("custom:dept", "Equals", "it", "admin"), ("custom:dept", "StartsWith", "i", "editor"))
    assert chosen(rules) == {("admin", "conditional"), ("editor", "conditional")}


def test_a_rule_over_a_claim_that_all_tokens_share_is_decided() -> None:
    same = by_rules(("aud", "Equals", CLIENT, "admin"), ambiguous="AuthenticatedRole")
    assert chosen(same) == {("admin", "allowed")}, "nobody is left for the fallback"
    other = by_rules(("aud", "Equals", "another-client", "admin"), ambiguous="AuthenticatedRole")
    assert chosen(other) == {("user", "allowed")}
    assert chosen(by_rules(("iss", "Contains", "Users0001", "admin"))) == {("admin", "allowed")}
    assert chosen(by_rules(("iss", "StartsWith", "https://accounts.google.com", "admin"))) == set()


def test_a_not_equal_rule_needs_the_claim_to_be_there() -> None:
    """It is skipped for a token without the claim, so it is not a rule for everybody else."""
    rules = by_rules(("custom:blocked", "NotEqual", "yes", "admin"), ambiguous="AuthenticatedRole")
    assert chosen(rules) == {("admin", "conditional"), ("user", "allowed")}
    assert chosen(by_rules(("aud", "NotEqual", CLIENT, "admin"))) == set()
    assert chosen(by_rules(("aud", "NotEqual", "another-client", "admin"))) == {("admin", "allowed")}


@pytest.mark.parametrize(
    ("match", "operator", "value"),
    [
        ("Equals", "StringEquals", "it"),
        ("NotEqual", "StringNotEquals", "it"),
        ("StartsWith", "StringLike", "it*"),
        ("Contains", "StringLike", "*it*"),
    ],
)
def test_what_a_rule_asks_of_the_token_is_a_condition(match: str, operator: str, value: str) -> None:
    mappings = by_rules(("custom:dept", match, "it", "admin"))
    (holder,) = holders(account(*ROLES, pool=pool(), roles=handed(user="user", mappings=mappings)))
    (need,) = holder.needs
    assert (need["operator"], need["key"], need["values"]) == (operator, "custom:dept", [value])


def test_another_provider_keeps_the_authenticated_role() -> None:
    of_pool = pool(**FACEBOOK)
    assert chosen(by_rules(("custom:dept", "Equals", "it", "admin")), of_pool) == {
        ("admin", "conditional"),
        ("user", "allowed"),
    }


def test_a_mapping_for_a_provider_the_pool_does_not_accept_gives_nothing() -> None:
    stale = by_rules(("custom:dept", "Equals", "it", "admin"), login="graph.facebook.com")
    assert chosen(stale) == {("user", "allowed")}
    assert chosen(stale, pool(**FACEBOOK)) == {("user", "allowed"), ("admin", "conditional")}


def test_a_mapped_role_must_itself_trust_the_pool() -> None:
    closed = user_role("closed") | {
        "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [takes(aud="x")]}
    }
    mappings = by_rules(("custom:dept", "Equals", "it", "closed"), ("custom:dept", "Equals", "hr", "admin"))
    files = account(*ROLES, closed, pool=pool(), roles=handed(mappings=mappings))
    assert {name for _, _, name, _ in held(files)} == {"admin"}


def test_a_mapping_that_was_not_read_leaves_the_roles_unknown() -> None:
    odd = {f"{ISSUER}:{CLIENT}": {"Type": "Rules", "RulesConfiguration": {"Rules": ["?"]}}}
    assert chosen(odd) == {("user", "unknown")}


WRITABLE = [
    ("a client may write it and it can be changed", users(False, {"custom:role": True}), client("custom:role")),
    ("whoever signs up chooses it", users(True, {"custom:role": False}), client("custom:role")),
    (
        "an attribute belongs to the user whatever client writes it",
        users(False, {"custom:role": True}),
        client("custom:role", name="another-client"),
    ),
]
FIXED = [
    ("no client may write it", users(True, {"custom:role": True}), client("email")),
    ("by default only standard attributes are written", users(True, {"custom:role": True}), client()),
    ("administrators create users", users(False, {"custom:role": False}), client("custom:role")),
    ("no client is in view", users(True, {"custom:role": True}), None),
    ("the user pool has no such attribute", users(True, {"custom:other": True}), client("custom:role")),
    (
        "a function may put another value into the token",
        users(True, {"custom:role": True}, PreTokenGeneration="arn:aws:lambda:eu-west-1:111122223333:function:tokens"),
        client("custom:role"),
    ),
    (
        "a function may refuse whoever signs up",
        users(True, {"custom:role": False}, PreSignUp="arn:aws:lambda:eu-west-1:111122223333:function:sign-up"),
        client("custom:role"),
    ),
]
BY_CLAIM = by_rules(("custom:role", "Equals", "admin", "admin"))


@pytest.mark.parametrize(("why", "people", "app"), WRITABLE, ids=[row[0] for row in WRITABLE])
def test_a_claim_the_user_writes_lets_every_user_have_the_role(why: str, people: Json, app: Json) -> None:
    assert chosen(BY_CLAIM, users=people, client=app) == {("admin", "allowed")}, why


@pytest.mark.parametrize(("why", "people", "app"), FIXED, ids=[row[0] for row in FIXED])
def test_a_claim_the_user_does_not_surely_write_is_a_condition(why: str, people: Json, app: Json | None) -> None:
    files = {"users": people} | ({"client": app} if app else {})
    assert chosen(BY_CLAIM, **files) == {("admin", "conditional")}, why


def test_standard_attributes_are_written_by_default_and_groups_never() -> None:
    told = {"users": users(False), "client": client()}
    assert chosen(by_rules(("email", "Contains", "@example.com", "admin")), **told) == {("admin", "allowed")}
    assert chosen(by_rules(("cognito:groups", "Contains", "admins", "admin")), **told) == {("admin", "conditional")}
    assert chosen(by_rules(("sub", "Equals", "1", "admin")), **told) == {("admin", "conditional")}


def test_a_user_name_is_chosen_when_signing_up() -> None:
    rules = by_rules(("cognito:username", "StartsWith", "admin", "admin"))
    assert chosen(rules, users=users(True), client=client()) == {("admin", "allowed")}
    assert chosen(rules, users=users(False), client=client()) == {("admin", "conditional")}


def test_every_login_is_asked_for_itself() -> None:
    google: Json = {"SupportedLoginProviders": {"accounts.google.com": "1"}}
    rules = by_rules(("email", "Equals", "boss@example.com", "admin"), login="accounts.google.com")
    assert chosen(rules, pool(**google), users=users(), client=client()) == {
        ("user", "allowed"),
        ("admin", "conditional"),
    }
