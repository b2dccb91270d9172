"""The two flows of identity pools, row by row of "Identity pools authentication flow" (Cognito Developer Guide)."""

from tests.graph.pool_captures import (
    OTHER,
    POOL,
    STRANGE_POOL,
    account,
    allow,
    by_rules,
    by_token,
    guest_role,
    handed,
    held,
    holders,
    may,
    pool,
    role,
    session,
    takes,
    user_role,
)

PLAIN = (guest_role(), user_role())
BOTH = handed("guest", "user")


def test_in_the_enhanced_flow_the_pool_chooses_the_role() -> None:
    files = account(*PLAIN, guest_role("spare"), user_role("spare-user"), pool=pool(guests=True), roles=BOTH)
    assert held(files) == {
        ("guest", "enhanced", "guest", "allowed"),
        ("signed_in", "enhanced", "user", "allowed"),
    }


def test_in_the_classic_flow_the_client_chooses_among_all_roles_that_take_the_token() -> None:
    lax = role("lax")  # aud alone: guests and users alike
    files = account(*PLAIN, lax, pool=pool(guests=True, classic=True), roles=BOTH)
    assert held(files) == {
        ("guest", "enhanced", "guest", "allowed"),
        ("guest", "classic", "guest", "allowed"),
        ("guest", "classic", "lax", "allowed"),
        ("signed_in", "enhanced", "user", "allowed"),
        ("signed_in", "classic", "user", "allowed"),
        ("signed_in", "classic", "lax", "allowed"),
    }


def test_the_classic_flow_is_off_unless_the_pool_allows_it() -> None:
    for classic in (None, False):
        files = account(*PLAIN, pool=pool(guests=True, classic=classic), roles=BOTH)
        assert {flow for _, flow, _, _ in held(files)} == {"enhanced"}


def test_a_pool_of_which_only_the_roles_are_in_view_leaves_guests_and_the_classic_flow_unknown() -> None:
    assert held(account(*PLAIN, roles=BOTH)) == {
        ("guest", "enhanced", "guest", "unknown"),
        ("guest", "classic", "guest", "unknown"),
        ("signed_in", "enhanced", "user", "allowed"),
        ("signed_in", "classic", "user", "unknown"),
    }


def test_without_guest_access_nobody_is_a_guest_by_either_flow() -> None:
    files = account(*PLAIN, pool=pool(guests=False, classic=True), roles=BOTH)
    assert {kind for kind, _, _, _ in held(files)} == {"signed_in"}


def test_where_no_provider_is_accepted_nobody_is_signed_in() -> None:
    files = account(*PLAIN, pool=pool(guests=True, classic=True, providers=[]), roles=BOTH)
    assert {kind for kind, _, _, _ in held(files)} == {"guest"}


def test_in_the_enhanced_flow_the_role_belongs_to_the_pools_account() -> None:
    foreign = role("far", trusts=[takes(amr="unauthenticated")], account=OTHER)
    roles = {"IdentityPoolId": POOL, "Roles": {"authenticated": PLAIN[1]["Arn"], "unauthenticated": foreign["Arn"]}}
    assert held(account(PLAIN[1], foreign, pool=pool(guests=True), roles=roles), "guest") == set()


def test_in_the_classic_flow_a_role_of_another_account_is_given_if_it_asks_for_aud_and_amr() -> None:
    far = role("far", trusts=[takes(amr="unauthenticated")], account=OTHER)
    files = account(*PLAIN, far, pool=pool(guests=True, classic=True), roles=BOTH)
    assert ("guest", "classic", "far", "allowed") in held(files)


def test_sts_refuses_a_role_of_another_account_that_does_not_ask_for_aud() -> None:
    far = role("far", trusts=[takes(aud=None, amr="unauthenticated")], account=OTHER)
    near = role("near", trusts=[takes(aud=None, amr="unauthenticated")])
    files = account(*PLAIN, far, near, pool=pool(guests=True, classic=True), roles=BOTH)
    assert {name for _, flow, name, _ in held(files, "guest") if flow == "classic"} == {"guest", "near"}


def test_the_statement_that_lets_another_accounts_pool_in_must_itself_ask_for_aud() -> None:
    trusts = [takes(aud=STRANGE_POOL, amr="unauthenticated"), takes(aud=None, amr="unauthenticated")]
    files = account(*PLAIN, role("far", trusts=trusts, account=OTHER), pool=pool(guests=True, classic=True), roles=BOTH)
    assert "far" not in {name for _, _, name, _ in held(files)}


def test_another_accounts_role_whose_aud_accepts_every_pool_is_unknown() -> None:
    any_pool = takes(aud=None, amr="unauthenticated", StringLike={"cognito-identity.amazonaws.com:aud": "*"})
    far = [role("far", trusts=[any_pool], account=OTHER), role("far-amr", trusts=[takes()], account=OTHER)]
    files = account(*PLAIN, *far, pool=pool(guests=True, classic=True), roles=BOTH)
    assert {h[2:] for h in held(files, "guest") if "far" in h[2]} == {("far", "unknown"), ("far-amr", "unknown")}
    assert any("another account" in each.note for each in holders(files))


def test_role_mappings_bar_users_from_the_classic_flow_and_leave_guests_unknown() -> None:
    for mappings in (by_token(), by_rules(("email", "Equals", "a@example.com", "user"))):
        roles = handed("guest", "user", mappings)
        files = account(*PLAIN, pool=pool(guests=True, classic=True), roles=roles)
        assert {h for h in held(files) if h[1] == "classic"} == {("guest", "classic", "guest", "unknown")}


def test_the_guest_ceiling_lies_over_the_enhanced_flow_alone() -> None:
    reads = allow("secretsmanager:GetSecretValue")
    files = account(guest_role("guest", reads), pool=pool(guests=True, classic=True), roles=handed("guest"))
    secret = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-AbCdEf"
    assert may(files, "secretsmanager:GetSecretValue", secret) == "denied"
    assert may(files, "secretsmanager:GetSecretValue", secret, flow="classic") == "allowed"


def test_sessions_are_named_by_cognito_or_by_the_client() -> None:
    files = account(guest_role(), pool=pool(guests=True, classic=True), roles=handed("guest"))
    _, enhanced = session(files, "guest", "enhanced", "guest")
    assert enhanced.caller.name == "arn:aws:sts::111122223333:assumed-role/guest/CognitoIdentityCredentials"
    _, classic = session(files, "guest", "classic", "guest")
    assert classic.caller.session_open
