"""Services that call functions: what a grant to each can name as its source."""

from __future__ import annotations

import json
import re

import pytest

from permcheck.data import managed_policies, service_principals
from permcheck.data.service_principals import ServicePrincipal, find


def row(principal: str) -> ServicePrincipal:
    found = find(principal)
    assert found is not None, principal
    return found


def test_a_bucket_arn_names_no_account() -> None:
    bucket = row("s3.amazonaws.com")
    assert bucket.source_patterns == ("arn:*:s3:::*",)
    assert bucket.source_arn_has_account is False
    assert bucket.source_account is True


@pytest.mark.parametrize(
    ("principal", "pattern"),
    [
        ("sns.amazonaws.com", "arn:*:sns:*:*:*"),
        ("events.amazonaws.com", "arn:*:events:*:*:rule/*"),
        ("apigateway.amazonaws.com", "arn:*:execute-api:*:*:*/*/*/*"),
        ("logs.amazonaws.com", "arn:*:logs:*:*:log-group:*:*"),
        ("lambda.alarms.cloudwatch.amazonaws.com", "arn:*:cloudwatch:*:*:alarm:*"),
        ("cognito-idp.amazonaws.com", "arn:*:cognito-idp:*:*:userpool/*"),
        ("cloudfront.amazonaws.com", "arn:*:cloudfront::*:distribution/*"),
        ("connect.amazonaws.com", "arn:*:connect:*:*:instance/*"),
        ("codecommit.amazonaws.com", "arn:*:codecommit:*:*:*"),
    ],
)
def test_source_arns(principal: str, pattern: str) -> None:
    assert pattern in row(principal).source_patterns


@pytest.mark.parametrize("principal", ["alexa-appkit.amazon.com", "alexa-connectedhome.amazon.com"])
def test_alexa_sends_a_token_and_no_source(principal: str) -> None:
    alexa = row(principal)
    assert alexa.event_source_token
    assert alexa.source_arns == ()
    assert alexa.without_source == "exempt"


def test_only_alexa_sends_a_token() -> None:
    tokens = {one.principal for one in service_principals.known() if one.event_source_token}
    assert tokens == {"alexa-appkit.amazon.com", "alexa-connectedhome.amazon.com"}


@pytest.mark.parametrize(
    ("principal", "severity"),
    [
        ("s3.amazonaws.com", "high"),
        ("sns.amazonaws.com", "high"),
        ("events.amazonaws.com", "high"),
        ("apigateway.amazonaws.com", "high"),
        ("logs.amazonaws.com", "high"),
        ("ses.amazonaws.com", "high"),
        ("iot.amazonaws.com", "high"),
        ("elasticloadbalancing.amazonaws.com", "low"),
        ("config.amazonaws.com", "medium"),
        ("cloudformation.amazonaws.com", "medium"),
        ("edgelambda.amazonaws.com", "exempt"),
        ("replicator.lambda.amazonaws.com", "exempt"),
    ],
)
def test_severity_without_a_source(principal: str, severity: str) -> None:
    assert row(principal).without_source == severity


@pytest.mark.parametrize(
    ("form", "principal"),
    [
        ("logs.us-east-2.amazonaws.com", "logs.amazonaws.com"),
        ("logs.us-gov-west-1.amazonaws.com", "logs.amazonaws.com"),
        ("logs.cn-northwest-1.amazonaws.com.cn", "logs.amazonaws.com"),
        ("s3.amazonaws.com.cn", "s3.amazonaws.com"),
        ("sns.me-south-1.amazonaws.com", "sns.amazonaws.com"),
        ("pinpoint.us-east-1.amazonaws.com", "pinpoint.amazonaws.com"),
        ("lambda.alarms.cloudwatch.af-south-1.amazonaws.com", "lambda.alarms.cloudwatch.amazonaws.com"),
    ],
)
def test_regional_and_chinese_forms(form: str, principal: str) -> None:
    assert row(form) is row(principal)


@pytest.mark.parametrize(
    "principal",
    [
        "states.amazonaws.com",  # calls with a role
        "s3.example.com",
        "s3.amazonaws.com.example.com",
        "evil.s3.amazonaws.com",
        "xs3.amazonaws.com",
        "alexa-appkit.amazonaws.com",
        "s3.amazon.com",
        "us-east-1.amazonaws.com",
        "amazonaws.com",
        "*",
        "",
    ],
)
def test_not_in_the_table(principal: str) -> None:
    assert find(principal) is None


def test_rows_agree_with_themselves() -> None:
    rows = service_principals.known()
    assert len({one.principal for one in rows}) == len(rows) >= 25
    for one in rows:
        named = {"${Account}" in arn for arn in one.source_arns}
        assert named == ({one.source_arn_has_account} if one.source_arns else set()), one
        assert all(arn.startswith("arn:${Partition}:") and arn.count(":") >= 5 for arn in one.source_arns), one
        assert one.reference and one.name, one
        assert one.known_from in ("documented", "public templates"), one
        assert one.without_source in ("high", "medium", "low", "exempt"), one
        if one.without_source in ("high", "low"):
            assert one.source_arns, f"{one.principal}: blamed for a source it is not known to send"
        for form in one.forms:
            assert find(form.replace("${Region}", "eu-west-1")) is one, form


def test_the_table_is_dated() -> None:
    assert service_principals.made() >= "2026-11-21"


@pytest.mark.parametrize(
    ("principal", "meant"),
    [
        ("lamda.amazonaws.com", "lambda.amazonaws.com"),
        ("apigatway.eu-west-1.amazonaws.com", "apigateway.amazonaws.com"),
        ("lambda.amazon.com", "lambda.amazonaws.com"),
        ("alexa-appkit.amazonaws.com", "alexa-appkit.amazon.com"),
        ("elasticloadbalancingv2.amazonaws.com", "elasticloadbalancing.amazonaws.com"),
        # What is close to another, and a service all the same: by its actions, or for all one can tell.
        ("inspector2.amazonaws.com", None),
        ("ops.apigateway.amazonaws.com", None),
        ("ses.amazonaws.com", None),
        ("logs.eu-west-1.amazonaws.com", None),
        ("lambda.amazonaws.com.cn", None),
        ("new-service.amazonaws.com", None),
        ("no service at all", None),
    ],
)
def test_which_service_was_meant(principal: str, meant: str | None) -> None:
    assert service_principals.meant(principal) == meant


def test_no_service_that_aws_names_itself_is_taken_for_a_misspelling() -> None:
    text = json.dumps([managed_policies.document(arn) for arn in managed_policies.by_name().values()])
    named = set(re.findall(r"[a-z0-9.-]+\.amazon(?:aws)?\.com(?:\.cn)?", text))
    assert len(named) > 200
    assert {name for name in named if service_principals.meant(name)} == set()
