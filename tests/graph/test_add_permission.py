"""What AddPermission makes of its members, row by row, and whom each statement then lets in.

Lambda API Reference, "AddPermission"; the statements are those of the samples in the Lambda Developer Guide, "Granting
Lambda function access to AWS services" and "Control access to Lambda function URLs".
"""

import json

import pytest

from permcheck.model import Verdict
from tests.graph.asking import (
    ACCOUNT,
    FUNCTION,
    INVOKE,
    INVOKE_URL,
    ORG,
    OTHER,
    Json,
    account,
    brief,
    grant,
    keys,
    row,
    rows,
    url,
)

SNS, TOPIC = {"Service": "sns.amazonaws.com"}, f"arn:aws:sns:eu-west-1:{ACCOUNT}:news"
PARTNER = f"arn:aws:iam::{OTHER}:role/partner"


@pytest.mark.parametrize(
    ("principal", "kind", "caller", "verdict"),
    [
        pytest.param({"AWS": f"arn:aws:iam::{OTHER}:root"}, "account", OTHER, "conditional", id="twelve digits"),
        pytest.param({"AWS": PARTNER}, "role", PARTNER, "conditional", id="an ARN"),
        pytest.param(SNS, "service", "sns.amazonaws.com", "allowed", id="a service"),
        pytest.param("*", "aws", "*", "allowed", id="a star"),
    ],
)
def test_principal(principal: object, kind: str, caller: str, verdict: str) -> None:
    assert brief(account(policy=[grant(principal)])) == [(kind, caller, verdict, "resource_policy")]


@pytest.mark.parametrize("action", [INVOKE, "lambda:*", "*", "LAMBDA:invokefunction"])
def test_action(action: str) -> None:
    assert row(account(policy=[grant(SNS, action=action)]), "sns.amazonaws.com").action == INVOKE


@pytest.mark.parametrize("action", ["lambda:GetFunction", "lambda:InvokeAsync", INVOKE_URL])
def test_an_action_that_invokes_nothing_by_itself(action: str) -> None:
    assert brief(account(policy=[grant(SNS, action=action)])) == []


@pytest.mark.parametrize("operator", ["ArnLike", "StringLike"])
def test_source_arn_with_either_operator_that_aws_names(operator: str) -> None:
    found = row(account(policy=[grant(SNS) | {"Condition": {operator: {"AWS:SourceArn": TOPIC}}}]), "sns.amazonaws.com")
    assert (found.verdict, keys(found)) == (Verdict.CONDITIONAL, [(operator, "AWS:SourceArn", [TOPIC])])


def test_source_account() -> None:
    found = row(account(policy=[grant(SNS, StringEquals={"AWS:SourceAccount": ACCOUNT})]), "sns.amazonaws.com")
    assert (found.verdict, keys(found)) == (Verdict.CONDITIONAL, [("StringEquals", "AWS:SourceAccount", [ACCOUNT])])


def test_principal_org_id() -> None:
    found = row(account(policy=[grant("*", StringEquals={"aws:PrincipalOrgID": ORG})]), ORG)
    assert (found.kind, found.verdict) == ("org", Verdict.CONDITIONAL)


def for_url(auth: str) -> list[Json]:
    """The two statements of a URL, as the console writes them."""
    first = grant("*", action=INVOKE_URL, StringEquals={"lambda:FunctionUrlAuthType": auth})
    return [first, grant("*", Bool={"lambda:InvokedViaFunctionUrl": "true"})]


def test_function_url_auth_type_and_invoked_via_function_url() -> None:
    opened = {"get_function_url_config__orders": url("NONE", "2026-01-01")}
    assert ("anyone", "anyone", "allowed", "function_url") in brief(account(policy=for_url("NONE"), **opened))
    assert brief(account(policy=for_url("AWS_IAM"), **opened)) == []
    assert brief(account(policy=for_url("NONE")[:1], **opened)) == []
    # Through the API of Lambda nobody comes in by these.
    assert {r.via for r in rows(account(policy=for_url("NONE"), **opened))} == {"function_url"}


def test_event_source_token() -> None:
    statement = grant({"Service": "alexa-appkit.amazon.com"}, StringEquals={"lambda:EventSourceToken": "amzn1.ask.1"})
    found = row(account(policy=[statement]), "alexa-appkit.amazon.com")
    assert (found.verdict, keys(found)) == (
        Verdict.CONDITIONAL,
        [("StringEquals", "lambda:EventSourceToken", ["amzn1.ask.1"])],
    )


def test_qualifier() -> None:
    stored = {"Version": "2012-10-17", "Statement": [grant(SNS, f"{FUNCTION}:prod")]}
    alias = {"AliasArn": f"{FUNCTION}:prod", "Name": "prod", "FunctionVersion": "1"}
    captures = {"get-policy.orders.prod": {"Policy": json.dumps(stored)}, "list-aliases.orders": {"Aliases": [alias]}}
    found = row(account(**captures), "sns.amazonaws.com")
    assert (found.resource, found.verdict) == (f"{FUNCTION}:prod", Verdict.ALLOWED)


def test_a_service_of_an_opt_in_region_has_the_region_in_its_name() -> None:
    # IAM User Guide, "AWS JSON policy elements: Principal": calls from an opt-in Region to another one.
    news = f"arn:aws:sns:eu-south-1:{ACCOUNT}:news"
    listed = {"TopicArn": news, "Protocol": "lambda", "Endpoint": FUNCTION, "SubscriptionArn": f"{news}:1"}
    for region, calls in (("eu-south-1", True), ("af-south-1", False)):
        statement = grant({"Service": f"sns.{region}.amazonaws.com"}, ArnLike={"aws:SourceArn": news})
        found = rows(account(policy=[statement], subscriptions={"Subscriptions": [listed]}))
        told = [(r.caller, r.verdict) for r in found if r.kind == "event_source"]
        assert told == ([(news, Verdict.ALLOWED)] if calls else [])
