"""Outsiders that choose their own names, and outsiders of whom only a Deny speaks.

IAM User Guide, "AWS global condition context keys": aws:PrincipalArn and aws:PrincipalTag are what the other account's
administrator makes them; an account's or organization's id is not.
"""

import time
from typing import Any

import pytest

from permcheck.graph import questions
from permcheck.graph.common_text import Pattern, Slot, common_text, literally
from permcheck.model import Verdict
from tests.graph.asking import (
    ACCOUNT,
    FUNCTION,
    INVOKE,
    ORG,
    OTHER,
    Json,
    account,
    brief,
    grant,
    read,
    role,
    role_arn,
    row,
)

EVERYBODY = ("aws", "*", "allowed", "resource_policy")
ELSEWHERE = "777788889999"
OWN = role_arn("caller")


def refuse(**condition: Any) -> Json:
    """A Deny for everybody."""
    return grant("*", **condition) | {"Effect": "Deny"}


def spare(*names: str) -> Json:
    """A Deny for everybody but these."""
    made = {k: v for k, v in refuse().items() if k != "Principal"}
    return made | {"NotPrincipal": {"AWS": list(names)}}


@pytest.mark.parametrize(
    "condition",
    [
        {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/admin"}},
        {"ArnEquals": {"aws:PrincipalArn": "arn:*:iam::*:user/ops/*"}},
        {"StringLike": {"aws:PrincipalArn": "*:role/team-?/*"}},
        {"StringLike": {"aws:PrincipalArn": ["arn:aws:iam::444455556666:role/x", "*admin*"]}},
        {"StringLike": {"aws:PrincipalArn": "arn:aws:iam::*:root"}},
        {"StringLike": {"aws:PrincipalAccount": "1*"}},
        {"StringLike": {"aws:PrincipalAccount": "1*", "aws:PrincipalArn": "*:role/ci-*"}},
        {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*5:role/*"}, "StringLike": {"aws:PrincipalAccount": "9*"}},
        {"StringLike": {"aws:PrincipalOrgID": "o-a*"}},
        {"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-*/r-abcd/*"}},
        {"StringLike": {"aws:SourceVpce": "vpce-0a*"}},
        {"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/permcheck-*"}},
    ],
    ids=str,
)
def test_a_stranger_has_the_name_that_lets_it_in(condition: Json) -> None:
    files = account(policy=[grant("*", **condition)])
    assert EVERYBODY in brief(files)
    (answer,) = {a.verdict for a in questions.why(read(files), "*", "orders")}
    assert answer is Verdict.ALLOWED


@pytest.mark.parametrize(
    "condition",
    [
        {"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{OTHER}:role/*"}},
        {"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{ACCOUNT}:role/*"}},
        {"StringLike": {"aws:PrincipalArn": f"*{OTHER}:role/*"}},
        {"StringEquals": {"aws:PrincipalArn": "arn:aws:iam::*:role/admin"}},
        {"StringEquals": {"aws:PrincipalAccount": OTHER}},
        {"StringLike": {"aws:PrincipalAccount": "1*", "aws:PrincipalArn": "arn:aws:iam::2*:role/*"}},
        {"StringLike": {"aws:PrincipalArn": "arn:aws:s3:::*"}},
        {"StringEquals": {"aws:PrincipalOrgID": ORG}},
    ],
    ids=str,
)
def test_what_nobody_can_choose_keeps_strangers_out(condition: Json) -> None:
    assert not [r for r in brief(account(policy=[grant("*", **condition)])) if r[0] == "aws"]


def test_an_account_behind_a_wildcard_is_still_that_account() -> None:
    found = row(account(policy=[grant("*", StringLike={"aws:PrincipalArn": f"*{OTHER}:role/*"})]), OTHER)
    assert (found.kind, found.verdict) == ("account", Verdict.CONDITIONAL)


@pytest.mark.parametrize(
    ("condition", "still"),
    [
        ({"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/admin*"}}, True),
        ({"StringNotLike": {"aws:PrincipalAccount": ["2*", OTHER]}}, True),
        ({"ArnNotLike": {"aws:PrincipalArn": f"arn:aws:iam::{ACCOUNT}:role/*"}}, False),
        ({"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/*"}}, True),
        ({"StringLike": {"aws:PrincipalArn": ["*:role/*", "*:user/*"]}}, True),
        ({"StringLike": {"aws:PrincipalArn": ["*x*", "*1*"]}}, True),
        ({"StringLike": {"aws:PrincipalArn": ["*:role/*", "*:user/*", "*:root"]}}, False),
        ({"StringLike": {"aws:PrincipalAccount": ["0*", "1*", "?0*"]}}, True),
        ({"StringLike": {"aws:PrincipalAccount": [f"{n}*" for n in range(10)]}}, False),
    ],
)
def test_a_stranger_has_the_name_that_a_deny_spares(condition: Json, still: bool) -> None:
    assert (EVERYBODY in brief(account(policy=[grant("*"), refuse(**condition)]))) is still


def test_an_allow_and_a_deny_that_ask_for_different_parts_of_the_name() -> None:
    asks = grant("*", ArnLike={"aws:PrincipalArn": "arn:aws:iam::*:role/a*"})
    refuses = refuse(ArnNotLike={"aws:PrincipalArn": "arn:aws:iam::*:role/*z"})
    assert EVERYBODY in brief(account(policy=[asks, refuses]))


def test_tags_that_a_stranger_gives_itself_are_a_condition() -> None:
    found = row(account(policy=[grant("*", StringEquals={"aws:PrincipalTag/team": "shop"})]), "*")
    assert (found.kind, found.verdict) == ("aws", Verdict.CONDITIONAL)
    assert found.witness is not None


@pytest.mark.parametrize("key", ["aws:SourceVpc", "aws:SourceVpce"])
@pytest.mark.parametrize("by_deny", [False, True])
def test_an_endpoint_is_a_condition_on_everybody(key: str, by_deny: bool) -> None:
    """Whose principals its owner lets through is not in view."""
    ends = "vpc-1" if key.endswith("Vpc") else "vpce-1"
    policy = [grant("*"), refuse(StringNotEquals={key: ends})] if by_deny else [grant("*", StringEquals={key: ends})]
    found = row(account(policy=policy), "*")
    assert (found.kind, found.verdict) == ("aws", Verdict.CONDITIONAL)
    assert [c["key"] for c in found.conditions] == [key]


@pytest.mark.parametrize(
    ("statement", "kind", "caller"),
    [
        (refuse(StringNotEquals={"aws:PrincipalOrgID": ORG}), "org", ORG),
        (refuse(StringNotEqualsIfExists={"aws:PrincipalOrgID": ORG}), "org", ORG),
        (refuse(**{"ForAllValues:StringNotLike": {"aws:PrincipalOrgPaths": f"{ORG}/r-a/*"}}), "org", ORG),
        (refuse(StringNotEquals={"aws:PrincipalAccount": [ACCOUNT, OTHER]}), "account", OTHER),
        (refuse(ArnNotEquals={"aws:PrincipalArn": role_arn("p", OTHER)}), "account", OTHER),
        (refuse(ArnNotLike={"aws:PrincipalArn": role_arn("p*", OTHER)}), "account", OTHER),
        (spare(OTHER, role_arn("p", OTHER)), "role", role_arn("p", OTHER)),
    ],
    ids=str,
)
def test_whom_a_deny_spares_has_a_row(statement: Json, kind: str, caller: str) -> None:
    files = account(policy=[grant("*"), statement])
    found = row(files, caller)
    assert (found.kind, found.verdict) == (kind, Verdict.CONDITIONAL)
    assert EVERYBODY not in brief(files)
    assert {a.verdict for a in questions.why(read(files), caller, "orders")} == {Verdict.CONDITIONAL}


@pytest.mark.parametrize(
    ("condition", "service", "verdict"),
    [
        ({"Bool": {"aws:PrincipalIsAWSService": "false"}}, "*", "allowed"),
        ({"BoolIfExists": {"aws:PrincipalIsAWSService": "false"}}, "*", "allowed"),
        ({"Null": {"aws:SourceArn": "true"}}, "*", "conditional"),
        ({"StringNotEquals": {"aws:SourceAccount": ACCOUNT}}, "*", "conditional"),
        ({"StringNotEquals": {"aws:PrincipalServiceName": "sns.amazonaws.com"}}, "sns.amazonaws.com", "allowed"),
    ],
    ids=str,
)
def test_services_that_a_deny_spares_have_a_row(condition: Json, service: str, verdict: str) -> None:
    found = brief(account(policy=[grant("*"), refuse(**condition)]))
    assert found == [("service", service, verdict, "resource_policy")]


def test_a_deny_of_one_service_spares_all_the_others() -> None:
    # A request that is not a service's has no aws:PrincipalServiceName, and a condition with IfExists holds then (IAM
    # User Guide, "IAM JSON policy elements: Condition operators"): the Deny stops every person and one service.
    shut = refuse(StringLikeIfExists={"aws:PrincipalServiceName": "sns.amazonaws.com"})
    found = row(account(policy=[grant("*"), shut]), "*")
    assert (found.kind, found.verdict) == ("service", Verdict.CONDITIONAL)
    assert [(c["operator"], c["key"]) for c in found.conditions] == [
        ("StringNotLike", "aws:PrincipalServiceName"),
        ("Null", "aws:PrincipalServiceName"),
    ]
    every = refuse(StringLikeIfExists={"aws:PrincipalServiceName": "*"})
    assert brief(account(policy=[grant("*"), every])) == []


def test_a_deny_without_an_allow_for_everybody_names_nobody() -> None:
    only = [grant({"AWS": ELSEWHERE}), refuse(StringNotEquals={"aws:PrincipalAccount": [OTHER, ELSEWHERE]})]
    assert brief(account(policy=only)) == [("account", ELSEWHERE, "conditional", "resource_policy")]


@pytest.mark.parametrize("shut", [refuse(ArnNotEquals={"aws:PrincipalArn": OWN}), spare(ACCOUNT, OWN)], ids=str)
def test_a_role_of_our_own_that_a_deny_spares_and_that_is_not_in_view(shut: Json) -> None:
    assert brief(account(policy=[grant("*"), shut])) == [("role", OWN, "allowed", "resource_policy")]
    assert row(account(role("else"), policy=[grant("*"), shut]), OWN).verdict is Verdict.UNKNOWN


def test_everyone_but_somebody_of_an_organization() -> None:
    made = {k: v for k, v in grant("*", StringEquals={"aws:PrincipalOrgID": ORG}).items() if k != "Principal"}
    files = account(policy=[made | {"NotPrincipal": {"AWS": OTHER}}])
    assert ("org", ORG, "conditional", "resource_policy") in brief(files)


def test_the_witness_names_a_role_of_that_name() -> None:
    found = row(account(policy=[grant("*", ArnLike={"aws:PrincipalArn": "arn:aws:iam::*:role/admin"})]), "*")
    assert found.witness is not None
    context: Any = found.witness["context"]
    assert context["aws:PrincipalArn"].endswith(":role/admin")
    assert (found.witness["action"], found.witness["resource"]) == (INVOKE, FUNCTION)


@pytest.mark.parametrize(
    ("patterns", "expected"),
    [
        ([Pattern("a*")], "a00"),
        ([Pattern("*b"), Pattern("a*")], "a0b"),
        ([Pattern("a?b")], "a0b"),
        ([Pattern("a"), Pattern("b")], None),
        ([Pattern("****0****")], "000"),
        ([Pattern("c*")], None),
    ],
)
def test_a_text_that_all_patterns_match(patterns: list[Pattern], expected: str | None) -> None:
    assert common_text(patterns, [Slot("0ab")] * 3) == expected


def test_a_wildcard_of_an_arn_operator_does_not_stand_for_a_colon() -> None:
    shape = [*literally("a:"), Slot("xy", True)]
    assert common_text([Pattern("a*", False)], shape) == "a:"
    assert common_text([Pattern("a*", True)], shape) is None


def test_the_search_gives_up() -> None:
    """Patterns that were made to blow up cost a bounded number of steps, and nothing is promised of them."""
    hostile = [Pattern("*" + "a?" * n + "*b" * n) for n in (31, 37, 41, 43)]
    begun = time.process_time()
    assert common_text(hostile, [Slot("ab", True), Slot("c")]) == ""
    asked = grant("*", StringLike={"aws:PrincipalArn": [p.text for p in hostile]})
    shut = refuse(StringNotLike={"aws:PrincipalArn": ["c" + p.text for p in hostile]})
    assert time.process_time() - begun < 2
    assert row(account(policy=[asked, shut]), "*").verdict is Verdict.CONDITIONAL
