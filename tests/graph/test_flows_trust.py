"""Trust policies of identity-pool roles, row by row of "IAM roles" (Cognito Developer Guide)."""

from dataclasses import replace

import pytest

from permcheck.graph.explore import explore, starts
from permcheck.graph.paths import path_to
from permcheck.graph.scene import Scene
from permcheck.model import Organization, Policy, PolicyKind
from permcheck.policy.parse import parse_document
from tests.graph.pool_captures import (
    ACCOUNT,
    COGNITO,
    POOL,
    STRANGE_POOL,
    Json,
    account,
    document,
    guest_role,
    handed,
    held,
    holders,
    load,
    pool,
    role,
    takes,
)

AUD, AMR, SUB = f"{COGNITO}:aud", f"{COGNITO}:amr", f"{COGNITO}:sub"
REGION_IDENTITY = "eu-west-1:99999999-0000-0000-0000-000000000009"


def taken(*statements: Json, guests: bool = True, classic: bool = True) -> set[tuple[str, str]]:
    """(who, verdict) for a role that nobody is handed, in a pool with guests, users and the classic flow."""
    files = account(role("it", trusts=statements), pool=pool(guests=guests, classic=classic), roles=handed())
    return {(kind, verdict) for kind, _, _, verdict in held(files)}


GUESTS, USERS = {("guest", "allowed")}, {("signed_in", "allowed")}
UNSURE = {("signed_in", "unknown")}


def test_aud_and_amr_as_the_console_writes_them() -> None:
    assert taken(takes(amr="unauthenticated")) == GUESTS
    assert taken(takes(amr="authenticated")) == USERS


def test_a_missing_aud_takes_any_pool_of_the_account() -> None:
    assert taken(takes(aud=None, amr="unauthenticated")) == GUESTS
    assert taken(takes(aud=None)) == GUESTS | USERS


def test_a_missing_amr_takes_guests_and_users() -> None:
    assert taken(takes()) == GUESTS | USERS


def test_the_aud_of_another_pool_takes_nobody() -> None:
    assert taken(takes(aud=STRANGE_POOL)) == set()
    assert taken(takes(aud=[STRANGE_POOL, POOL], amr="unauthenticated")) == GUESTS


@pytest.mark.parametrize(
    "conditions",
    [
        {"StringEqualsIfExists": {AMR: "authenticated"}},
        {"ForAllValues:StringLike": {AMR: "auth*"}},
    ],
)
def test_an_amr_that_must_hold_keeps_guests_out_whatever_is_done_about_its_absence(conditions: Json) -> None:
    """Tokens of a pool always carry ``amr``, so IfExists and ForAllValues only matter where the key is missing."""
    statement = takes() | {"Condition": {"StringEquals": {AUD: POOL}, **conditions}}
    assert ("guest", "allowed") not in taken(statement)


@pytest.mark.parametrize(
    "conditions",
    [
        {"StringLike": {AUD: "*"}},
        {"StringLike": {AUD: "eu-west-1:*"}},
        {"StringNotEquals": {AUD: STRANGE_POOL}},
        {"ForAllValues:StringLike": {AUD: ["*", STRANGE_POOL]}},
        {"StringLikeIfExists": {AUD: "*"}},
    ],
)
def test_an_aud_that_accepts_everything_is_no_aud(conditions: Json) -> None:
    assert taken(takes(aud=None) | {"Condition": conditions}) == GUESTS | USERS


def test_an_amr_that_accepts_everything_is_no_amr() -> None:
    assert taken(takes(amr="*")) == GUESTS | USERS
    assert taken(takes(amr="*authenticated")) == GUESTS | USERS
    assert taken(takes(ForAllValues__StringLike={AMR: "*"})) == GUESTS | USERS


def test_string_equals_takes_a_star_literally() -> None:
    assert taken(takes(aud="*")) == set()
    assert taken(takes(ForAnyValue__StringEquals={AMR: "*"})) == set()


def test_an_operator_without_a_quantifier_leaves_the_several_values_of_users_undecided() -> None:
    """A guest's ``amr`` has one value, which any reading compares alike; a user's has several."""
    assert taken(takes(StringEquals={AMR: "unauthenticated"})) == GUESTS
    assert taken(takes(StringEquals={AMR: "authenticated"})) == UNSURE
    assert taken(takes(StringNotEquals={AMR: "unauthenticated"})) == USERS


def test_amr_may_name_a_provider() -> None:
    files = account(
        role("face", trusts=[takes(amr="graph.facebook.com")]),
        pool=pool(SupportedLoginProviders={"graph.facebook.com": "1"}),
        roles=handed(user="face"),
    )
    (holder,) = holders(files)
    assert (holder.login, str(holder.verdict)) == ("graph.facebook.com", "allowed")


def test_amr_may_name_one_user() -> None:
    one = "cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Users0001:CognitoSignIn:5e6f"
    files = account(role("one", trusts=[takes(amr=one)]), pool=pool(), roles=handed(user="one"))
    (holder,) = holders(files)
    assert str(holder.verdict) == "conditional"
    assert [need["values"] for need in holder.needs] == [[one]]


def test_which_provider_a_pool_accepts_is_unknown_where_the_pool_is_not_in_view() -> None:
    files = account(role("face", trusts=[takes(amr="graph.facebook.com")]), roles=handed(user="face"))
    assert ("signed_in", "enhanced", "face", "unknown") in held(files)


def test_sub_lets_in_only_the_identities_it_names() -> None:
    statement = takes(amr="unauthenticated", StringEquals={SUB: REGION_IDENTITY})
    assert taken(statement) == {("guest", "conditional")}
    scene = Scene(load(account(role("it", trusts=[statement]), pool=pool(guests=True), roles=handed("it"))))
    (start,) = starts(scene, "guest")
    reached = explore(scene, start)
    (path,) = [path_to(reached, node) for node in reached.arrivals if node.kind == "role"]
    (edge,) = path.edges
    assert [c["key"] for c in edge.conditions] == [SUB]
    assert edge.witness is not None
    assert edge.witness["context"] == {
        AMR: "unauthenticated",
        AUD: POOL,
        SUB: REGION_IDENTITY,
        "aws:FederatedProvider": COGNITO,
    }


def test_a_deny_in_the_trust_policy_wins() -> None:
    no_guests = takes(amr="unauthenticated", aud=None, effect="Deny")
    assert taken(takes(), no_guests) == USERS


def test_an_address_in_the_trust_policy_never_lets_anybody_in_by_the_enhanced_flow() -> None:
    """Cognito calls STS there, from an address of its own; in the classic flow the client does."""
    office = takes(amr="unauthenticated", IpAddress={"aws:SourceIp": "203.0.113.0/24"})
    files = account(role("it", trusts=[office]), pool=pool(guests=True, classic=True), roles=handed("it"))
    assert held(files) == {("guest", "classic", "it", "conditional")}
    everywhere = takes(amr="unauthenticated", IpAddress={"aws:SourceIp": "0.0.0.0/0"})
    files = account(role("it", trusts=[everywhere]), pool=pool(guests=True), roles=handed("it"))
    assert held(files) == {("guest", "enhanced", "it", "allowed")}


def test_the_role_a_pool_hands_out_must_trust_the_pool() -> None:
    lambda_only = [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]
    files = account(role("it", trusts=lambda_only), pool=pool(guests=True), roles=handed("it", "it"))
    assert held(files) == set()


def test_a_role_that_is_not_in_view_is_held_by_nobody_and_told_of() -> None:
    facts = load(account(guest_role("other"), pool=pool(guests=True), roles=handed("it")))
    assert any("role it" in gap.error for gap in facts.not_read)


def test_a_trust_policy_that_was_not_read_leaves_it_unknown() -> None:
    files = account(pool=pool(guests=True), roles=handed("it"))
    bare = {key: value for key, value in role("it").items() if key not in ("AssumeRolePolicyDocument",)}
    files["account.json"]["RoleDetailList"] = [bare]
    assert held(files, "guest") <= {("guest", "enhanced", "it", "unknown")}


@pytest.mark.parametrize(
    ("action", "left"),
    [
        ("sts:AssumeRoleWithWebIdentity", set()),
        ("cognito-identity:GetCredentialsForIdentity", {"classic"}),
        ("cognito-identity:GetOpenIdToken", {"enhanced"}),
        ("cognito-identity:*", set()),
        ("lambda:*", {"classic", "enhanced"}),
    ],
)
def test_an_rcp_may_deny_the_calls_of_a_flow(action: str, left: set[str]) -> None:
    facts = load(account(guest_role("it"), pool=pool(guests=True, classic=True), roles=handed("it")))
    deny = document({"Effect": "Deny", "Principal": "*", "Action": action, "Resource": "*"})
    limit = Policy(PolicyKind.RCP, "limit", "rcp.json", "", parse_document(deny))
    under = replace(facts, organization=Organization(rcps={ACCOUNT: ((limit,),)}))
    assert {s.holder.flow for s in Scene(under).world.sessions if s.holder} == left
