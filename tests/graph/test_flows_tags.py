"""Claims of a token as principal tags ("Using attributes for access control", Cognito Developer Guide)."""

import pytest

from tests.graph.pool_captures import (
    ASSUME,
    CLIENT,
    ISSUER,
    TAG,
    Json,
    account,
    allow,
    client,
    guest_role,
    handed,
    held,
    holders,
    may,
    pool,
    role,
    tag_map,
    takes,
    users,
)

TAGGED = [takes(amr="authenticated", action=[ASSUME, TAG])]
TABLE = "arn:aws:dynamodb:eu-west-1:111122223333:table/"
OWN = allow("dynamodb:GetItem", TABLE + "${aws:PrincipalTag/tenant}")
LIKE = allow(
    "dynamodb:GetItem", TABLE + "*", Condition={"StringLike": {"aws:ResourceTag/x": "${aws:PrincipalTag/tenant}"}}
)


def named(tenant: str, operator: str = "StringEquals") -> Json:
    """A statement for one tenant."""
    return allow("dynamodb:GetItem", TABLE + "acme", Condition={operator: {"aws:PrincipalTag/tenant": tenant}})


def asked(
    *statements: Json, mapped: Json | None, writes: bool, tags: Json | None = None, trusts: list[Json] | None = None
) -> str:
    """Whether a signed-in user may read the table acme."""
    return may(
        files(*statements, mapped=mapped, writes=writes, tags=tags, trusts=trusts), *READ, "signed_in", of="user"
    )


READ = ("dynamodb:GetItem", TABLE + "acme")


def files(
    *statements: Json, mapped: Json | None, writes: bool, tags: Json | None = None, trusts: list[Json] | None = None
) -> Json:
    """An account whose user pool has custom:tenant, which the client may write or not."""
    user = role("user", *statements, trusts=trusts or TAGGED, tags=tags)
    told = {"users": users(False, {"custom:tenant": True}), "client": client("custom:tenant" if writes else "email")}
    maps = {"tags": mapped} if mapped else {}
    return account(user, pool=pool(), roles=handed(user="user"), **told, **maps)


TENANT = tag_map(tenant="custom:tenant")


@pytest.mark.parametrize("statement", [OWN, LIKE], ids=["Resource", "StringLike"])
def test_a_tag_the_user_writes_scopes_nothing_since_it_may_be_a_star(statement: Json) -> None:
    wanted = {OWN["Resource"]: "allowed", LIKE["Resource"]: "conditional"}[statement["Resource"]]
    assert asked(statement, mapped=TENANT, writes=True) == wanted


def test_a_tag_the_user_writes_may_be_whatever_a_statement_asks_for() -> None:
    assert asked(named("acme"), mapped=TENANT, writes=True) == "conditional"
    assert asked(named("acme", "StringLike"), mapped=TENANT, writes=True) == "conditional"
    assert asked(named("acme", "StringNotEquals"), mapped=TENANT, writes=True) == "allowed"
    (holder,) = holders(files(OWN, mapped=TENANT, writes=True))
    assert holder.free == {"aws:principaltag/tenant": "custom:tenant"}


def test_a_tag_the_user_does_not_write_scopes_by_a_value_that_is_open() -> None:
    for statement in (OWN, LIKE, named("acme")):
        assert asked(statement, mapped=TENANT, writes=False) == "conditional"
    (holder,) = holders(files(OWN, mapped=TENANT, writes=False))
    assert holder.free == {}


def test_a_deny_by_a_tag_the_user_writes_stops_nobody() -> None:
    deny = named("acme") | {"Effect": "Deny"}
    assert asked(allow("dynamodb:GetItem"), deny, mapped=TENANT, writes=True) == "allowed"
    assert asked(allow("dynamodb:GetItem"), deny, mapped=TENANT, writes=False) == "conditional"
    others = named("acme", "StringNotEquals") | {"Effect": "Deny"}
    assert asked(allow("dynamodb:GetItem"), others, mapped=TENANT, writes=True) == "conditional"


def test_the_default_mapping_makes_tags_of_sub_and_aud() -> None:
    """The client's id is the same for all; the user's is its own."""
    by_client = allow(
        "dynamodb:GetItem", TABLE + "acme", Condition={"StringEquals": {"aws:PrincipalTag/client": CLIENT}}
    )
    other = allow("dynamodb:GetItem", TABLE + "acme", Condition={"StringEquals": {"aws:PrincipalTag/client": "else"}})
    by_user = allow("dynamodb:GetItem", TABLE + "${aws:PrincipalTag/username}")
    defaults = tag_map(defaults=True)
    assert asked(by_client, mapped=defaults, writes=True) == "allowed"
    assert asked(other, mapped=defaults, writes=True) == "denied"
    assert asked(by_user, mapped=defaults, writes=True) == "conditional"


def test_tags_of_the_token_stand_over_those_of_the_role() -> None:
    assert asked(named("acme"), mapped=None, writes=False, tags={"tenant": "acme"}, trusts=PLAIN) == "allowed"
    for tenant in ("acme", "else"):
        assert asked(named("acme"), mapped=TENANT, writes=False, tags={"tenant": tenant}) == "conditional"


def test_a_tag_that_is_not_mapped_is_not_the_users_to_choose() -> None:
    tier = allow("dynamodb:GetItem", Condition={"StringEquals": {"aws:PrincipalTag/tier": "gold"}})
    assert asked(tier, mapped=TENANT, writes=True) == "denied"
    near = allow("dynamodb:GetItem", Condition={"StringEquals": {"aws:PrincipalTag/tenants": "acme"}})
    assert asked(near, mapped=TENANT, writes=True) == "denied"
    assert asked(tier, mapped=TENANT, writes=True, tags={"tier": "gold"}) == "allowed"


def test_where_the_map_is_not_in_view_a_trust_that_allows_tags_leaves_them_open() -> None:
    assert asked(named("acme"), mapped=None, writes=True) == "conditional"
    assert asked(named("acme"), mapped=None, writes=True, trusts=PLAIN) == "denied"


PLAIN = [takes(amr="authenticated")]


def test_without_tag_session_in_the_trust_policy_aws_may_refuse_the_session() -> None:
    given = files(OWN, mapped=TENANT, writes=True, trusts=PLAIN)
    assert held(given) == {("signed_in", "enhanced", "user", "unknown")}
    (holder,) = holders(given)
    assert "sts:TagSession" in holder.note
    assert holder.free == {}


def test_a_map_without_tags_needs_no_tag_session() -> None:
    assert held(files(OWN, mapped=tag_map(), writes=True, trusts=PLAIN)) == {
        ("signed_in", "enhanced", "user", "allowed")
    }


def test_the_provider_of_a_map_may_be_told_without_its_client() -> None:
    assert asked(OWN, mapped=tag_map(login=ISSUER, tenant="custom:tenant"), writes=True) == "allowed"


def test_guests_have_no_claims_and_so_the_tags_of_the_role_alone() -> None:
    trusts = [takes(amr="unauthenticated", action=[ASSUME, TAG])]
    guest = role("guest", named("acme"), trusts=trusts, tags={"tenant": "else"})
    given = account(guest, pool=pool(guests=True), roles=handed("guest"), tags=TENANT)
    assert may(given, *READ) == "denied"
    given = account(guest_role("guest", named("acme")), pool=pool(guests=True), roles=handed("guest"), tags=TENANT)
    assert may(given, *READ) == "denied"


def test_one_login_may_write_what_another_does_not() -> None:
    """Two clients of one user pool map the claim; each login has a session of its own."""
    clients = [{"ProviderName": ISSUER, "ClientId": CLIENT}, {"ProviderName": ISSUER, "ClientId": "other"}]
    given = files(OWN, mapped=TENANT, writes=True)
    given["pool.json"] = pool(providers=clients)
    free = {frozenset(holder.free) for holder in holders(given)}
    assert free == {frozenset(), frozenset({"aws:principaltag/tenant"})}
