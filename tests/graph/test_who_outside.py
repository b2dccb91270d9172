"""``who``: everybody outside the view whom a function's policies admit, one form of row after the other."""

import pytest

from permcheck.graph import questions
from permcheck.model import Verdict
from tests.graph.asking import (
    ACCOUNT,
    FUNCTION,
    INVOKE,
    ORG,
    OTHER,
    account,
    allow,
    brief,
    deny,
    grant,
    keys,
    read,
    role,
    role_arn,
    row,
    rows,
)

EVERYBODY = ("aws", "*", "allowed", "resource_policy")


@pytest.mark.parametrize("principal", ["*", {"AWS": "*"}])
def test_every_account_is_allowed_by_the_functions_side_alone(principal: object) -> None:
    """Anyone can own an account."""
    found = row(account(policy=[grant(principal)]), "*")
    assert (found.kind, found.verdict, found.via, found.conditions) == ("aws", Verdict.ALLOWED, "resource_policy", ())
    assert (found.action, found.resource) == (INVOKE, FUNCTION)
    (reason,) = found.because
    assert (reason.location.source, reason.location.pointer, reason.effect) == (
        "get-policy.orders.json",
        "/Policy/Statement/0",
        "Allow",
    )


@pytest.mark.parametrize("principal", [{"AWS": OTHER}, {"AWS": f"arn:aws:iam::{OTHER}:root"}])
def test_an_account_is_conditional_on_its_own_side(principal: object) -> None:
    found = row(account(policy=[grant(principal)]), OTHER)
    assert (found.kind, found.verdict, found.via) == ("account", Verdict.CONDITIONAL, "resource_policy")
    assert keys(found) == [("StringEquals", "aws:PrincipalAccount", [OTHER])]


def test_a_role_of_another_account_is_conditional_on_its_own_side() -> None:
    partner = role_arn("partner", OTHER)
    found = row(account(policy=[grant({"AWS": partner})]), partner)
    assert (found.kind, found.verdict) == ("role", Verdict.CONDITIONAL)
    assert keys(found) == [("StringEquals", "aws:PrincipalArn", [partner])]


def test_an_organization_is_conditional_on_being_of_it() -> None:
    statement = grant("*", StringEquals={"aws:PrincipalOrgID": ORG})
    found = row(account(policy=[statement]), ORG)
    assert (found.kind, found.verdict) == ("org", Verdict.CONDITIONAL)
    assert keys(found) == [("StringEquals", "aws:PrincipalOrgID", [ORG])]
    assert found.conditions[0]["pointer"] == "/Policy/Statement/0/Condition/StringEquals/aws:PrincipalOrgID"
    assert EVERYBODY not in brief(account(policy=[statement]))


def test_a_service_with_a_source_is_conditional_on_it() -> None:
    bucket = "arn:aws:s3:::uploads"
    named = grant({"Service": "s3.amazonaws.com"}, ArnLike={"AWS:SourceArn": bucket})
    found = row(account(policy=[named]), "s3.amazonaws.com")
    assert (found.kind, found.verdict) == ("service", Verdict.CONDITIONAL)
    assert keys(found) == [("ArnLike", "AWS:SourceArn", [bucket])]


def test_a_service_without_a_source_is_allowed() -> None:
    found = row(account(policy=[grant({"Service": "sns.amazonaws.com"})]), "sns.amazonaws.com")
    assert (found.kind, found.verdict, found.conditions) == ("service", Verdict.ALLOWED, ())


def test_a_star_means_services_too() -> None:
    """With a key that only services send, nobody else is meant."""
    statement = grant("*", StringEquals={"aws:SourceAccount": ACCOUNT})
    assert brief(account(policy=[statement])) == [("service", "*", "conditional", "resource_policy")]


def test_everyone_but_those_named() -> None:
    named = {"AWS": [f"arn:aws:iam::{OTHER}:root", role_arn("partner", OTHER)]}
    statement = {"Effect": "Allow", "NotPrincipal": named, "Action": INVOKE, "Resource": FUNCTION}
    assert EVERYBODY in brief(account(policy=[statement]))


def test_a_statement_that_names_nobody_matches_nobody() -> None:
    assert rows(account(policy=[allow()])) == []


def test_the_functions_own_account_is_no_caller() -> None:
    """Naming the account leaves everything to its identity policies: it adds nothing."""
    own = [grant({"AWS": ACCOUNT}), grant({"AWS": f"arn:aws:iam::{ACCOUNT}:root"})]
    assert rows(account(policy=own)) == []


def test_a_deny_takes_the_row_away() -> None:
    assert rows(account(policy=[grant({"AWS": OTHER}), deny(Principal={"AWS": OTHER})])) == []


def test_a_deny_that_depends_on_the_request_is_a_condition() -> None:
    shut = deny(Principal="*", Condition={"Bool": {"aws:SecureTransport": "false"}})
    found = row(account(policy=[grant("*"), shut]), "*")
    assert found.verdict is Verdict.CONDITIONAL
    assert [key for _, key, _ in keys(found)] == ["aws:SecureTransport"]
    assert {str(b.effect) for b in found.because} == {"Allow", "Deny"}


def test_a_policy_that_could_not_be_read_leaves_no_clean_answer() -> None:
    """Its text is cut off: the row of somebody in view is unknown, and the gap is told."""
    texts = account(role("caller", allow()))
    texts["get-policy.orders.json"] = '{"Policy": "{\\"Statement\\": [{\\"Resource\\": \\"' + FUNCTION + '\\"'
    answer = questions.who(read(texts), "orders")
    assert [gap.source for gap in answer.not_read] == ["get-policy.orders.json"]
    assert {r.verdict for r in answer.callers if r.caller == role_arn("caller")} == {Verdict.UNKNOWN}


def test_several_statements_one_row_each_caller_and_way() -> None:
    statements = [grant({"AWS": OTHER}), grant({"AWS": OTHER}, action="lambda:*"), grant({"AWS": role_arn("p", OTHER)})]
    found = rows(account(policy=statements))
    named = [(r.caller, r.action, r.resource, r.via) for r in found]
    assert len(named) == len(set(named)) == 2
    assert {len(r.because) for r in found if r.caller == OTHER} == {2}
