"""Roles taken with tokens of other identity providers and with SAML assertions ("OIDC federation", IAM User Guide)."""

from typing import Any

import pytest

from permcheck.graph.explore import explore, starts
from permcheck.graph.scene import Scene
from tests.graph.pool_captures import (
    ACCOUNT,
    ASSUME,
    CLIENT,
    ISSUER,
    Json,
    account,
    allow,
    client,
    guest_role,
    handed,
    held,
    holders,
    load,
    may,
    pool,
    role,
    user_role,
    users,
)

GITHUB = "token.actions.githubusercontent.com"
EKS = "oidc.eks.eu-west-1.amazonaws.com/id/0123456789ABCDEF"
SAML = f"arn:aws:iam::{ACCOUNT}:saml-provider/Corp"


def provider(name: str) -> str:
    """The ARN of an OIDC provider registered in IAM."""
    return f"arn:aws:iam::{ACCOUNT}:oidc-provider/{name}"


def trusting(federated: str, action: str = ASSUME, **conditions: Any) -> Json:
    """A role for a provider's identities. conditions: operators with keys and values."""
    statement: Json = {"Effect": "Allow", "Principal": {"Federated": federated}, "Action": action}
    return role("it", trusts=[statement | ({"Condition": conditions} if conditions else {})])


def taken(each: Json, **files: Json) -> tuple[str, str, bool | None]:
    """(who, verdict, whether anybody could be it) of the role's only holder."""
    (holder,) = holders(account(each, **files))
    assert (holder.kind, holder.flow) == ("web_identity", "web_identity")
    return holder.name, str(holder.verdict), holder.strangers


def sub(pattern: str, operator: str = "StringLike") -> Json:
    """Conditions of a role for GitHub Actions."""
    return {operator: {f"{GITHUB}:sub": pattern}}


def test_github_without_a_sub_lets_in_whoever_has_a_repository() -> None:
    audience: Json = {"StringEquals": {f"{GITHUB}:aud": "sts.amazonaws.com"}}
    assert taken(trusting(provider(GITHUB), **audience)) == (GITHUB, "allowed", True)
    assert taken(trusting(provider(GITHUB))) == (GITHUB, "allowed", True)


def test_the_audience_is_the_workflows_to_choose() -> None:
    audience: Json = {"StringEquals": {f"{GITHUB}:aud": "https://github.com/acme"}}
    assert taken(trusting(provider(GITHUB), **audience)) == (GITHUB, "allowed", True)


@pytest.mark.parametrize("pattern", ["*", "repo:*", "repo:*/*:ref:refs/heads/main", "repo:acme*", "repo:acme-*/app:*"])
def test_a_sub_in_which_the_owner_is_not_told_in_full_keeps_nobody_out(pattern: str) -> None:
    assert taken(trusting(provider(GITHUB), **sub(pattern))) == (GITHUB, "allowed", True)


@pytest.mark.parametrize("pattern", ["repo:acme/*", "repo:acme/app:*", "repo:acme/app:ref:refs/heads/main"])
def test_a_sub_of_ones_own_repositories_is_a_condition(pattern: str) -> None:
    assert taken(trusting(provider(GITHUB), **sub(pattern))) == (GITHUB, "conditional", False)
    (holder,) = holders(account(trusting(provider(GITHUB), **sub(pattern))))
    assert [c.condition.values for c in holder.decision.conditions] == [(pattern,)]


def test_a_star_under_string_equals_is_literal() -> None:
    assert taken(trusting(provider(GITHUB), **sub("repo:*", "StringEquals")))[1:] == ("conditional", False)


def test_another_key_than_sub_may_keep_strangers_out() -> None:
    mine: Json = {"StringEquals": {f"{GITHUB}:repository_owner": "acme"}}
    assert taken(trusting(provider(GITHUB), **mine))[1:] == ("conditional", False)
    environment: Json = {"StringEquals": {f"{GITHUB}:environment": "production"}}
    assert taken(trusting(provider(GITHUB), **environment))[1:] == ("conditional", None)


def test_a_cluster_is_a_provider_of_its_own() -> None:
    pods: Json = {"StringEquals": {f"{EKS}:sub": "system:serviceaccount:shop:orders"}}
    assert taken(trusting(provider(EKS), **pods)) == (EKS, "conditional", False)
    assert taken(trusting(provider(EKS))) == (EKS, "allowed", False)


def test_saml_needs_its_own_action_and_the_sign_in_audience() -> None:
    audience: Json = {"StringEquals": {"SAML:aud": "https://signin.aws.amazon.com/saml"}}
    saml = "sts:AssumeRoleWithSAML"
    assert taken(trusting(SAML, saml, **audience)) == (SAML.rpartition("/")[2], "allowed", False)
    assert taken(trusting(SAML, saml, StringLike={"SAML:sub": "ana@*"}))[1] == "conditional"
    assert holders(account(trusting(SAML, ASSUME))) == []


def test_a_provider_where_everybody_has_an_account() -> None:
    for name in ("accounts.google.com", "graph.facebook.com", "www.amazon.com"):
        assert taken(trusting(name)) == (name, "allowed", True)
        key = f"{name}:app_id" if name != "accounts.google.com" else f"{name}:aud"
        assert taken(trusting(name, StringEquals={key: "our-app"}))[1] == "conditional"


USER_POOL = provider(ISSUER)
OUR_CLIENT: Json = {"StringEquals": {f"{ISSUER}:aud": CLIENT}}


def test_a_user_pool_as_a_provider_gives_its_users_a_role_without_an_identity_pool() -> None:
    told = {"users": users(sign_up=True), "client": client()}
    assert taken(trusting(USER_POOL, **OUR_CLIENT), **told) == (ISSUER, "allowed", True)
    assert taken(trusting(USER_POOL, **OUR_CLIENT), **told | {"users": users(sign_up=False)}) == (
        ISSUER,
        "allowed",
        False,
    )


def test_a_user_pool_has_no_other_clients_than_its_own() -> None:
    told = {"users": users(), "client": client()}
    other: Json = {"StringEquals": {f"{ISSUER}:aud": "another-client"}}
    assert holders(account(trusting(USER_POOL, **other), **told)) == []


def test_a_user_pool_that_is_not_in_view_is_judged_by_the_trust_policy() -> None:
    assert taken(trusting(USER_POOL, **OUR_CLIENT)) == (ISSUER, "conditional", None)
    assert taken(trusting(USER_POOL)) == (ISSUER, "allowed", None)


def test_there_is_no_ceiling_over_a_web_identity() -> None:
    it = trusting(provider(EKS))
    it["RolePolicyList"] = [{"PolicyName": "own", "PolicyDocument": {"Statement": [allow("iam:*")]}}]
    user = f"arn:aws:iam::{ACCOUNT}:user/x"
    assert may(account(it), "iam:CreateUser", user, "web_identity", "web_identity", "it") == "allowed"


def test_a_trust_policy_that_names_everybody_takes_any_provider_and_any_pool() -> None:
    everybody = {"Effect": "Allow", "Principal": "*", "Action": ASSUME}
    files = account(role("it", trusts=[everybody]), pool=pool(guests=True, classic=True), roles=handed())
    assert held(files) == {
        ("guest", "classic", "it", "allowed"),
        ("signed_in", "classic", "it", "allowed"),
        ("web_identity", "web_identity", "it", "allowed"),
    }


def test_identity_pools_are_not_told_twice() -> None:
    files = account(guest_role(), user_role(), pool=pool(guests=True), roles=handed("guest", "user"))
    assert held(files, "web_identity") == set()


def test_a_path_begins_at_the_provider_and_goes_on_with_the_role() -> None:
    it = trusting(provider(GITHUB))
    it["RolePolicyList"] = [
        {"PolicyName": "own", "PolicyDocument": {"Statement": [allow("sts:AssumeRole", role("next")["Arn"])]}}
    ]
    onward = role("next", trusts=[{"Effect": "Allow", "Principal": {"AWS": it["Arn"]}, "Action": "sts:AssumeRole"}])
    scene = Scene(load(account(it, onward)))
    (start,) = starts(scene, "web_identity")
    assert start.name == GITHUB
    reached = explore(scene, start)
    assert {n.name.rpartition("/")[2] for n in reached.arrivals if n.kind == "role"} == {"it", "next"}
