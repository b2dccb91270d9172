"""``who``: roles and users in view, and what bears on them besides an Allow."""

import json

import pytest

from permcheck.graph import questions
from permcheck.model import Verdict
from tests.graph.asking import (
    ACCOUNT,
    FUNCTION,
    INVOKE,
    LAMBDA,
    OTHER,
    POOL,
    Json,
    account,
    allow,
    brief,
    deny,
    document,
    grant,
    handed,
    keys,
    pool,
    read,
    role,
    role_arn,
    row,
    rows,
    takes,
    user,
    user_arn,
)

CALLER = role_arn("caller")
ASSUME = {"Effect": "Allow", "Principal": LAMBDA, "Action": "sts:AssumeRole"}
TAGGED = {"Tags": [{"Key": "team", "Value": "shop"}]}


def resources(texts: dict[str, str], caller: str = CALLER) -> list[tuple[str, str]]:
    """(name the function is called by, verdict) of a caller's rows."""
    return [(r.resource.removeprefix(FUNCTION), str(r.verdict)) for r in rows(texts, caller)]


def test_an_identity_policy() -> None:
    texts = account(role("caller", allow()), user("ana", allow(resource="*")))
    assert brief(texts) == [
        ("role", CALLER, "allowed", "identity_policy"),
        ("user", user_arn("ana"), "allowed", "identity_policy"),
    ]


def test_one_row_for_each_policy_that_allows() -> None:
    texts = account(role("caller", allow()), policy=[grant({"AWS": CALLER})])
    assert {r.via for r in rows(texts, CALLER)} == {"identity_policy", "resource_policy"}


def test_a_deny_of_any_layer_takes_the_caller_away() -> None:
    assert rows(account(role("caller", allow(), deny()))) == []
    assert rows(account(role("caller", allow()), policy=[deny(Principal={"AWS": CALLER})])) == []
    boundary = f"arn:aws:iam::{ACCOUNT}:policy/b"
    texts = account(role("caller", allow(), PermissionsBoundary={"PermissionsBoundaryArn": boundary}))
    details = json.loads(texts["account.json"])
    details["Policies"] = [
        {
            "PolicyName": "b",
            "Arn": boundary,
            "DefaultVersionId": "v1",
            "PolicyVersionList": [
                {"Document": document(allow("s3:GetObject", "*")), "VersionId": "v1", "IsDefaultVersion": True}
            ],
        }
    ]
    assert rows({**texts, "account.json": json.dumps(details)}) == []


def test_a_star_behind_the_name_covers_latest() -> None:
    """``F:*`` is no grant on ``F``, but every function has a $LATEST, which is the same code."""
    texts = account(role("caller", allow(resource=f"{FUNCTION}:*")))
    assert resources(texts) == [(":$LATEST", "allowed")]


def test_latest_is_not_told_twice() -> None:
    assert resources(account(role("caller", allow(resource="*")))) == [("", "allowed")]


def test_an_alias_is_a_name_of_its_own() -> None:
    alias = {"AliasArn": f"{FUNCTION}:prod", "Name": "prod", "FunctionVersion": "3"}
    texts = account(role("caller", allow(resource=f"{FUNCTION}:prod")), **{"get-alias": alias})
    assert resources(texts) == [(":prod", "allowed")]


def test_whether_a_pattern_on_the_function_governs_its_other_names_is_not_documented() -> None:
    """The function's own policy, with Resource ``F*``: allowed for ``F``, unknown for its other names."""
    alias = {"AliasArn": f"{FUNCTION}:prod", "Name": "prod", "FunctionVersion": "3"}
    statements = [grant(LAMBDA), grant({"AWS": CALLER}, f"{FUNCTION}*"), grant({"AWS": OTHER}, f"{FUNCTION}*")]
    texts = account(role("caller"), policy=statements, **{"get-alias": alias})
    assert resources(texts) == [("", "allowed"), (":$LATEST", "unknown"), (":3", "unknown"), (":prod", "unknown")]
    unsure = [(":$LATEST", "unknown"), (":3", "unknown"), (":prod", "unknown")]
    assert resources(texts, OTHER) == [("", "conditional"), *unsure]
    assert {r.witness is None for r in rows(texts) if r.verdict is Verdict.UNKNOWN} == {True}


def test_a_session_that_the_function_names() -> None:
    """Whoever takes the role chooses the session's name: conditional on it, and the witness is that session."""
    session = f"arn:aws:sts::{ACCOUNT}:assumed-role/caller/deploy"
    found = row(account(role("caller"), policy=[grant({"AWS": session})]), CALLER)
    assert (found.kind, found.verdict, found.via) == ("role", Verdict.CONDITIONAL, "resource_policy")
    assert [(key, values) for _, key, values in keys(found)] == [("sts:RoleSessionName", ["deploy"])]
    assert found.witness is not None and found.witness["principal"] == session


TEAM = {"StringEquals": {"aws:PrincipalTag/team": "ops"}}


def test_a_tag_that_does_not_fit() -> None:
    assert rows(account(role("caller", allow(Condition=TEAM), **TAGGED))) == []


def test_a_tag_that_does_not_fit_where_the_session_may_be_tagged() -> None:
    tagging = [ASSUME, {**ASSUME, "Action": "sts:TagSession"}]
    found = row(account(role("caller", allow(Condition=TEAM), trusts=tagging, **TAGGED)), CALLER)
    assert found.verdict is Verdict.CONDITIONAL
    assert keys(found) == [("StringEquals", "aws:PrincipalTag/team", ["ops"])]


def test_a_tag_that_fits() -> None:
    fits = {"StringEquals": {"aws:PrincipalTag/team": "shop"}}
    assert row(account(role("caller", allow(Condition=fits), **TAGGED)), CALLER).verdict is Verdict.ALLOWED


OF_SHOP = {"StringEquals": {"aws:ResourceTag/team": "shop"}}


@pytest.mark.parametrize(
    ("tags", "verdict"), [(None, "conditional"), ({"team": "shop"}, "allowed"), ({"team": "ops"}, None), ({}, None)]
)
def test_tags_of_the_function(tags: dict[str, str] | None, verdict: str | None) -> None:
    """list-functions does not print them: unknown, not absent."""
    texts = account(role("caller", allow(Condition=OF_SHOP)), tags=tags)
    assert [str(r.verdict) for r in rows(texts, CALLER)] == ([verdict] if verdict else [])


def test_a_policy_attached_without_its_text() -> None:
    """What it says could be anything: unknown, never clean and never denied."""
    missing = [{"PolicyName": "gone", "PolicyArn": f"arn:aws:iam::{ACCOUNT}:policy/gone"}]
    texts = account(role("caller", AttachedManagedPolicies=missing))
    found = row(texts, CALLER)
    assert (found.verdict, found.witness) == (Verdict.UNKNOWN, None)
    assert questions.who(read(texts), "orders").not_read


def test_a_principal_that_is_not_in_view() -> None:
    """Where the account's identities were given, more bears on it than was read; where none were, nothing is missed."""
    named = [grant({"AWS": role_arn("gone")})]
    assert row(account(role("other"), policy=named), role_arn("gone")).verdict is Verdict.UNKNOWN
    alone = row(account(policy=named), role_arn("gone"))
    assert (alone.kind, alone.verdict, alone.via) == ("role", Verdict.ALLOWED, "resource_policy")


def test_a_principal_that_is_not_in_view_and_only_a_condition_names() -> None:
    named = [grant("*", ArnEquals={"aws:PrincipalArn": role_arn("gone")})]
    assert row(account(role("other"), policy=named), role_arn("gone")).verdict is Verdict.UNKNOWN


# Who holds a role by an identity pool.


def held(texts: dict[str, str], name: str = "app") -> list[tuple[str, str, str, str]]:
    """(kind, pool, flow, verdict) of everybody that holds a role."""
    (found,) = rows(texts, role_arn(name))
    assert found.kind == "role"
    return [(h.kind, h.name, h.flow, str(h.verdict)) for h in found.held_by]


def app(*trusts: Json, classic: bool = False, **roles: str) -> dict[str, str]:
    """An account with a pool that hands out roles."""
    identities = [role("app", allow(), trusts=list(trusts or [takes()])), role("plain", allow())]
    return account(*identities, describe=pool(classic=classic), handed=handed(**(roles or {"unauthenticated": "app"})))


def test_a_guest_of_the_enhanced_flow() -> None:
    assert held(app()) == [("guest", POOL, "enhanced", "allowed")]


def test_with_the_classic_flow_a_guest_may_take_it_either_way() -> None:
    assert sorted(held(app(classic=True))) == [
        ("guest", POOL, "classic", "allowed"),
        ("guest", POOL, "enhanced", "allowed"),
    ]


def test_in_the_classic_flow_any_role_that_trusts_the_pool() -> None:
    """The pool hands out another role; this one only accepts its tokens."""
    identities = [role("app", allow(), trusts=[takes()]), role("other", trusts=[takes()])]
    files = {"describe": pool(classic=True), "handed": handed(unauthenticated="other")}
    assert held(account(*identities, **files)) == [("guest", POOL, "classic", "allowed")]


def test_a_signed_in_user() -> None:
    assert held(app(takes("authenticated"), authenticated="app")) == [("signed_in", POOL, "enhanced", "allowed")]


def test_nobody_holds_a_role_that_trusts_no_pool() -> None:
    (found,) = rows(app(), role_arn("plain"))
    assert found.held_by == ()


def test_the_guest_ceiling_counts_for_the_guest_and_not_for_the_role() -> None:
    """A function's policy that names the role: the ceiling allows lambda:* and so keeps nobody out; a Deny does."""
    named = {"StringLike": {"aws:userid": "*:Cognito*"}}
    shut = [grant({"AWS": role_arn("app")}), deny(Principal="*", Condition=named)]
    texts = account(role("app", trusts=[takes()]), policy=shut, describe=pool(), handed=handed(unauthenticated="app"))
    (found,) = rows(texts, role_arn("app"))
    assert found.verdict is Verdict.CONDITIONAL
    assert [h.flow for h in found.held_by] == ["enhanced"]


def test_action_and_name_are_what_must_be_called() -> None:
    found = row(account(role("caller", allow("lambda:*", "*"))), CALLER)
    assert (found.action, found.resource) == (INVOKE, FUNCTION)
