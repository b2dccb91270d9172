"""What is said of trust policies of pool roles, and of the classic flow."""

import pytest

from permcheck.rules._examples import OTHER, Json, allow, document, role, table_arn, trust
from permcheck.rules.invoke._pool_examples import (
    COGNITO,
    OTHER_POOL,
    POOL,
    app,
    by_rules,
    by_token,
    guest,
    taking,
    user,
)
from tests.rules.auditing import Files, found, severities

AUD, AMR, SUB = f"{COGNITO}:aud", f"{COGNITO}:amr", f"{COGNITO}:sub"
ORDERS = allow("dynamodb:Query", table_arn("Orders"))


def trusting(amr: str | None = "authenticated", aud: object = POOL, **more: Json) -> Files:
    """An app whose users have a role with this trust policy. more: elements of the statement."""
    return app(role("shop-user", trusts=taking(amr, aud, **more)))


def conditions(**asked: Json) -> Files:
    """The same with these conditions; ``__`` stands for a colon in an operator."""
    return trusting(Condition={operator.replace("__", ":"): keys for operator, keys in asked.items()})


USERS_ONLY: Json = {"ForAnyValue__StringLike": {AMR: "authenticated"}}


# aud


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"StringLike": {AUD: "*"}},
        {"StringNotEquals": {AUD: OTHER_POOL}},
        {"StringNotEqualsIfExists": {AUD: OTHER_POOL}},
        {"ForAllValues__StringLike": {AUD: "*"}},
        {"Null": {AUD: "false"}},
        {"StringEquals": {"aws:RequestedRegion": "eu-west-1"}},
    ],
)
def test_an_aud_that_is_missing_or_accepts_everything(asked: Json) -> None:
    (finding,) = found(conditions(**asked, **USERS_ONLY), "PC155")
    assert (finding.severity, finding.confidence) == ("high", "high")


@pytest.mark.parametrize("asked", [{"StringEqualsIfExists": {AUD: POOL}}, {"ForAllValues__StringEquals": {AUD: POOL}}])
def test_an_aud_that_counts_only_where_the_token_has_one(asked: Json) -> None:
    (finding,) = found(conditions(**asked, **USERS_ONLY), "PC155")
    assert (finding.severity, finding.confidence) == ("high", "medium")


@pytest.mark.parametrize(
    "asked",
    [
        {"StringEquals": {AUD: POOL}},
        {"StringEquals": {AUD: [POOL, OTHER_POOL]}},
        {"StringLike": {AUD: f"{POOL[:-4]}*"}},
        {"ForAnyValue__StringEquals": {AUD: POOL}},
        {"StringEquals": {SUB: "eu-west-1:99999999-0000-0000-0000-000000000009"}},
    ],
)
def test_an_aud_that_keeps_other_pools_out(asked: Json) -> None:
    """An identity belongs to one pool."""
    assert "PC155" not in severities(conditions(**asked, **USERS_ONLY))


def test_a_pool_with_the_classic_flow_makes_it_critical() -> None:
    files = app(role("shop-user", ORDERS, trusts=taking("authenticated", None)), classic=True)
    assert severities(files)["PC155"] == "critical"
    assert "shop" in found(files, "PC155")[0].message
    idle = app(role("shop-user", allow("polly:SynthesizeSpeech"), trusts=taking("authenticated", None)), classic=True)
    assert severities(idle)["PC155"] == "high", "there is nothing to be had"


def test_who_comes_by_the_classic_flow_must_fit_the_rest_of_the_trust_policy() -> None:
    """A pool without logins has guests alone, and their tokens never say "authenticated"."""
    files = app(role("shop-user", ORDERS, trusts=taking("authenticated", None)), guests=True, classic=True)
    files["pool.json"]["CognitoIdentityProviders"] = []
    assert severities(files)["PC155"] == "high"
    files = app(role("shop-user", ORDERS, trusts=taking("unauthenticated", None)), guests=True, classic=True)
    assert severities(files)["PC155"] == "critical"
    assert "guests of pool shop" in found(files, "PC155")[0].message


def test_role_mappings_bar_the_classic_flow() -> None:
    lax = role("shop-user", trusts=taking("authenticated", None))
    files = app(lax, classic=True, mappings=by_token("AuthenticatedRole"))
    assert severities(files)["PC155"] == "high"


def test_a_classic_pool_of_another_account_does_not() -> None:
    files = app(role("shop-user", trusts=taking("authenticated", None)), handed={}, classic=True)
    files["pool-roles.json"]["Roles"] = {"authenticated": f"arn:aws:iam::{OTHER}:role/theirs"}
    assert severities(files)["PC155"] == "high"


def test_no_pool_needs_to_be_in_view() -> None:
    files = {"account.json": app(role("old", trusts=taking("authenticated", None)))["account.json"]}
    assert severities(files) == {"PC155": "high"}


def test_a_trust_policy_that_a_deployment_rewrites_lets_nobody_in_until_then() -> None:
    """Amplify writes the trust as a Deny, and a function of its own turns it round when it deploys."""
    shut = document({"Effect": "Deny", "Principal": {"Federated": COGNITO}, "Action": "sts:AssumeRoleWithWebIdentity"})
    assert severities(app(role("shop-user", trusts=shut))) == {}


def test_other_providers_are_not_identity_pools() -> None:
    github = trust({"Federated": "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"})
    assert "PC155" not in severities(app(role("ci", trusts=github)))


# amr


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"ForAnyValue__StringLike": {AMR: "*"}},
        {"ForAllValues__StringLike": {AMR: "*authenticated"}},
        {"ForAnyValue__StringLike": {AMR: ["authenticated", "unauthenticated"]}},
        {"StringNotEquals": {AMR: "graph.facebook.com"}},
    ],
)
def test_an_amr_that_is_missing_or_takes_guests(asked: Json) -> None:
    """The pool lets no guests in today, which makes it one step less."""
    (finding,) = found(conditions(StringEquals={AUD: POOL}, **asked), "PC156")
    assert (finding.severity, finding.confidence) == ("medium", "high")


@pytest.mark.parametrize(
    "asked",
    [{"ForAllValues__StringEquals": {AMR: "authenticated"}}, {"StringEqualsIfExists": {AMR: "authenticated"}}],
)
def test_an_amr_that_counts_only_where_the_token_has_one(asked: Json) -> None:
    (finding,) = found(conditions(StringEquals={AUD: POOL}, **asked), "PC156")
    assert finding.confidence == "medium"


@pytest.mark.parametrize(
    "asked",
    [
        {"ForAnyValue__StringLike": {AMR: "authenticated"}},
        {"ForAnyValue__StringEquals": {AMR: "authenticated"}},
        {"ForAnyValue__StringLike": {AMR: "graph.facebook.com"}},
        {"StringNotEquals": {AMR: "unauthenticated"}},
    ],
)
def test_an_amr_that_keeps_guests_out(asked: Json) -> None:
    assert "PC156" not in severities(conditions(StringEquals={AUD: POOL}, **asked))


def test_a_deny_for_guests_keeps_them_out() -> None:
    policy = taking(None)
    policy["Statement"].append(taking("unauthenticated", None)["Statement"][0] | {"Effect": "Deny"})
    assert severities(app(role("shop-user", trusts=policy))) == {}


def test_where_the_pool_lets_guests_in_it_is_high() -> None:
    files = app(guest(), role("shop-user", trusts=taking(None)), guests=True)
    assert severities(files)["PC156"] == "high"


def test_a_role_that_is_the_guests_anyway_is_low() -> None:
    files = app(role("shop-guest", trusts=taking(None)), guests=True)
    assert severities(files)["PC156"] == "low"


def test_the_role_of_guests_takes_guests() -> None:
    assert "PC156" not in severities(app(guest(), guests=True))
    assert "PC156" not in severities(app(guest(), handed={}))


def test_where_aud_is_missing_too_that_is_told_and_no_more() -> None:
    assert severities(trusting(None, None)) == {"PC155": "high"}


# which pool


def test_a_role_that_trusts_another_pool_than_hands_it_out() -> None:
    files = trusting(aud=OTHER_POOL)
    assert severities(files) == {"PC157": "medium"}
    assert "not in view" in found(files, "PC157")[0].message


def test_a_mapped_role_counts_as_handed_out() -> None:
    admin = role("shop-admin", trusts=taking("authenticated", OTHER_POOL))
    files = app(user(), admin, mappings=by_rules("custom:role", "admin", "shop-admin"))
    assert severities(files) == {"PC157": "medium"}


def test_a_list_with_old_pools_in_it_is_fine() -> None:
    assert severities(trusting(aud=[OTHER_POOL, POOL])) == {}


def test_a_role_that_trusts_no_pool_at_all_is_not_this() -> None:
    assert severities(app(role("shop-user"))) == {}


# the classic flow


def test_the_classic_flow_and_guests() -> None:
    assert severities(app(user(), classic=True)) == {"PC154": "medium"}
    assert severities(app(guest(), guests=True, classic=True)) == {"PC154": "high"}


def test_the_roles_that_nobody_hands_out_are_named() -> None:
    files = app(user(), user(ORDERS, name="back-office"), classic=True)
    (finding,) = found(files, "PC154")
    assert "back-office" in finding.message
    assert finding.path[-1].name == "back-office"


def test_where_mappings_bar_it_nothing_is_said() -> None:
    assert severities(app(user(), classic=True, mappings=by_token("AuthenticatedRole"))) == {}


def test_whether_it_is_on_is_not_told() -> None:
    files = app(user())
    del files["pool.json"]["AllowClassicFlow"]
    assert severities(files) == {}
