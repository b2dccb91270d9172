"""Grants to services: on whose behalf the service may call."""

from typing import Any

import pytest

from permcheck.rules._examples import ACCOUNT, OTHER
from permcheck.rules.invoke._grants import captured, for_url, grant, own, refuse, service, source, url
from tests.rules.invoke_asking import ORG, brief, found, loose, report

Condition = dict[str, Any]
TOPIC, RULE, API = own("sns", "news"), own("events", "rule/night"), own("execute-api", "p4q8r2s6t0/*/*")
BUCKET = "arn:aws:s3:::trail-photos"
SKILL = "amzn1.ask.skill.5b0e6f1a-1c2d-4e3f-8a9b-0c1d2e3f4a5b"


@pytest.mark.parametrize(
    ("name", "severity"),
    [
        ("sns", "high"),
        ("s3", "high"),
        ("events", "high"),
        ("apigateway", "high"),
        ("logs.eu-west-1", "high"),
        ("config", "medium"),
        ("cloudformation", "medium"),
        ("elasticloadbalancing", "low"),
        ("vpc-lattice", "low"),
        ("something-new", "high"),
    ],
)
def test_no_source_is_as_bad_as_the_service_makes_it(name: str, severity: str) -> None:
    assert found(service(name)) == [("PC103", severity)]


@pytest.mark.parametrize("name", ["edgelambda", "replicator.lambda"])
def test_services_that_can_name_no_source_are_left_alone(name: str) -> None:
    assert found(service(name)) == []


def test_a_service_that_is_not_known_is_reported_with_less_confidence() -> None:
    findings = report(captured(service("sns"), service("something-new", Sid="new"))).findings
    assert sorted((f.locations[0].sid, f.confidence) for f in findings) == [("grant", "high"), ("new", "medium")]


@pytest.mark.parametrize(
    ("name", "condition"),
    [
        ("sns", source(TOPIC)),
        ("sns", {"StringEquals": {"aws:SourceArn": TOPIC}}),
        ("sns", {"StringLike": {"AWS:SourceArn": TOPIC}}),
        ("sns", {"StringEquals": {"aws:SourceAccount": ACCOUNT}}),
        ("sns", {"StringEquals": {"aws:SourceOrgID": ORG}}),
        ("sns", {"ForAnyValue:StringLike": {"aws:SourceOrgPaths": f"{ORG}/r-a/*"}}),
        ("sns", source(f"arn:aws:sns:eu-west-1:{OTHER}:news")),
        ("events", source(own("events", "rule/nightly-*"))),
        ("events", source(own("events", "rule/bus/night"))),
        ("apigateway", source(API)),
        ("apigateway", source(own("execute-api", "p4q8r2s6t0/authorizers/a1"))),
        ("logs", source(own("logs", "log-group:/aws/app:*"))),
        ("s3", source(BUCKET, ACCOUNT)),
        ("s3", {"StringEquals": {"AWS:SourceAccount": ACCOUNT}}),
        ("s3", source("arn:aws:s3:::*", ACCOUNT)),
        ("events", source(own("events", "rule/*"), ACCOUNT)),
        ("events", {**source(own("events", "rule/*")), "StringEquals": {"aws:SourceOrgID": ORG}}),
        ("sns", {"StringEquals": {"aws:Ec2InstanceSourceVpc": "vpc-1"}}),
        ("cognito-idp", source(own("cognito-idp", "userpool/eu-west-1_abc"))),
        ("elasticloadbalancing", source(own("elasticloadbalancing", "targetgroup/shop/1"))),
    ],
    ids=str,
)
def test_a_source_of_its_own(name: str, condition: Condition) -> None:
    assert found(service(name, condition)) == []


@pytest.mark.parametrize(
    ("name", "condition", "expected"),
    [
        ("sns", {"ArnLikeIfExists": {"aws:SourceArn": TOPIC}}, ("PC103", "medium")),
        ("sns", {"StringEqualsIfExists": {"aws:SourceAccount": ACCOUNT}}, ("PC103", "medium")),
        ("sns", {"ForAllValues:StringEquals": {"aws:SourceAccount": ACCOUNT}}, ("PC103", "medium")),
        ("sns", {"StringEquals": {"aws:ResourceTag/open": "yes"}}, ("PC103", "medium")),
        ("sns", {"StringNotEquals": {"aws:SourceAccount": OTHER}}, ("PC105", "medium")),
        ("sns", {"Null": {"aws:SourceArn": "false"}}, ("PC105", "medium")),
        ("sns", {"StringLike": {"aws:SourceAccount": "*"}}, ("PC105", "medium")),
        ("sns", {"StringLike": {"aws:SourceArn": "*"}}, ("PC105", "medium")),
        ("sns", {"StringLike": {"aws:SourceArn": "arn:aws:sns*"}}, ("PC105", "medium")),
        ("sns", source("arn:aws:sns:*:*:*"), ("PC105", "medium")),
        ("sns", source("arn:aws:sns:us-east-1:*:news"), ("PC105", "medium")),
        ("s3", source("arn:aws:s3:::*"), ("PC105", "medium")),
        ("apigateway", source("arn:aws:execute-api:*:*:*"), ("PC105", "medium")),
        ("apigateway", source("arn:aws:execute-api:eu-west-1:*:*/*/*/*"), ("PC105", "medium")),
        ("apigateway", source("arn:aws:execute-api:eu-west-1:*:p4q8r2s6t0/*/*"), ("PC105", "low")),
        ("apigateway", source(own("execute-api", "*")), ("PC105", "low")),
        ("apigateway", source(own("execute-api", "*/prod/GET/orders")), ("PC105", "low")),
        ("events", source(own("events", "rule/*")), ("PC105", "low")),
        ("cognito-idp", source(own("cognito-idp", "userpool/*")), ("PC105", "low")),
        ("s3", source(BUCKET), ("PC104", "medium")),
        ("s3", {"StringEquals": {"aws:SourceArn": BUCKET}}, ("PC104", "medium")),
        ("s3", source(f"{BUCKET}-*"), ("PC104", "medium")),
        ("s3", {"ArnLike": {"aws:SourceArn": BUCKET}, "Bool": {"aws:SecureTransport": "true"}}, ("PC104", "medium")),
    ],
    ids=str,
)
def test_a_source_that_is_none(name: str, condition: Condition, expected: tuple[str, str]) -> None:
    assert found(service(name, condition)) == [expected]


@pytest.mark.parametrize(
    "deny",
    [
        refuse(),
        refuse({"StringNotEquals": {"aws:SourceAccount": ACCOUNT}}),
        refuse({"StringNotEqualsIfExists": {"aws:SourceAccount": ACCOUNT}}),
        refuse({"ArnNotLike": {"aws:SourceArn": f"arn:aws:*:*:{ACCOUNT}:*"}}),
    ],
    ids=lambda d: str(d.get("Condition")),
)
def test_a_deny_names_the_source(deny: dict[str, Any]) -> None:
    assert found(service("sns"), deny) == []


@pytest.mark.parametrize(
    "deny",
    [
        refuse({"StringNotEquals": {"aws:PrincipalOrgID": ORG}, "Bool": {"aws:PrincipalIsAWSService": "false"}}),
        refuse({"StringNotEquals": {"aws:SourceVpce": "vpce-1"}, "Bool": {"aws:PrincipalIsAWSService": "false"}}),
        refuse({"StringEquals": {"aws:SourceAccount": OTHER}}),
    ],
    ids=lambda d: str(d.get("Condition")),
)
def test_a_deny_that_leaves_services_alone_changes_nothing(deny: dict[str, Any]) -> None:
    assert found(service("sns"), deny) == [("PC103", "high")]


def test_the_source_of_another_statement_does_not_help() -> None:
    assert found(service("sns"), service("sns", source(TOPIC), Sid="narrow")) == [("PC103", "high")]


@pytest.mark.parametrize(
    ("principal", "condition", "expected"),
    [
        ("alexa-appkit.amazon.com", None, [("PC108", "medium")]),
        ("alexa-connectedhome.amazon.com", None, [("PC108", "medium")]),
        ("alexa-appkit.amazon.com", {"StringEquals": {"lambda:EventSourceToken": SKILL}}, []),
        (
            "alexa-appkit.amazon.com",
            {"StringLike": {"lambda:EventSourceToken": "amzn1.ask.skill.*"}},
            [("PC108", "medium")],
        ),
        (
            "alexa-appkit.amazon.com",
            {"StringEqualsIfExists": {"lambda:EventSourceToken": SKILL}},
            [("PC108", "medium")],
        ),
    ],
)
def test_alexa_has_a_token_for_a_source(
    principal: str, condition: Condition | None, expected: list[tuple[str, str]]
) -> None:
    assert found(grant({"Service": principal}, condition)) == expected


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({"Bool": {"aws:PrincipalIsAWSService": "true"}}, [("PC103", "high")]),
        ({"StringEquals": {"aws:PrincipalServiceName": "sns.amazonaws.com"}}, [("PC103", "high")]),
        ({"ArnLike": {"aws:SourceArn": "arn:aws:sns:*:*:*"}}, [("PC105", "medium")]),
        ({"ArnLike": {"aws:SourceArn": BUCKET}}, [("PC104", "medium")]),
        ({"ArnLike": {"aws:SourceArn": TOPIC}}, []),
    ],
    ids=str,
)
def test_everybody_may_mean_services(condition: Condition, expected: list[tuple[str, str]]) -> None:
    assert found(grant("*", condition)) == expected


def test_a_public_function_needs_no_word_on_services() -> None:
    assert found(grant("*", {"ArnLikeIfExists": {"aws:SourceArn": TOPIC}})) == [("PC101", "critical")]


def test_cloudfront_calls_the_url_for_its_distribution() -> None:
    distribution = {"ArnLike": {"aws:SourceArn": f"arn:aws:cloudfront::{ACCOUNT}:distribution/E1"}}
    front = {"Service": "cloudfront.amazonaws.com"}
    right = [grant(front, distribution, Action="lambda:InvokeFunctionUrl"), grant(front, distribution)]
    assert found(*right, urls=[url("AWS_IAM")]) == []
    assert found(*for_url(front, "AWS_IAM"), urls=[url("AWS_IAM")]) == [("PC103", "high")]


def test_the_witness_is_a_call_for_a_stranger() -> None:
    (finding,) = report(captured(service("s3", source(BUCKET)))).findings
    assert finding.witness is not None
    assert finding.witness["principal"] == "s3.amazonaws.com"
    context = finding.witness["context"]
    assert isinstance(context, dict)
    assert context["aws:SourceArn"] == BUCKET
    assert context["aws:SourceAccount"] not in (ACCOUNT, OTHER)
    assert [(c["operator"], c["key"]) for c in finding.conditions] == [("ArnLike", "AWS:SourceArn")]
    assert [str(s.verdict) for s in finding.path if s.kind == "service"] == ["conditional"]
    assert "aws:SourceAccount" in finding.fix


def test_a_token_is_reported_where_somebody_keeps_it() -> None:
    asked = grant({"Service": "alexa-appkit.amazon.com"}, {"StringEquals": {"lambda:EventSourceToken": SKILL}})
    (finding,) = report(loose(asked)).findings
    assert (finding.rule, finding.severity) == ("PC109", "low")
    assert finding.locations[0].pointer == "/Statement/0/Condition/StringEquals/lambda:EventSourceToken"
    assert SKILL not in finding.message
    assert found(asked) == []  # as AWS gave it back
    hidden = grant(
        {"Service": "alexa-appkit.amazon.com"},
        {"StringEquals": {"lambda:EventSourceToken": "{{resolve:secretsmanager:skill:SecretString:id}}"}},
    )
    assert brief(report(loose(hidden)).findings) == []


@pytest.mark.parametrize(
    "condition",
    [
        {"ArnLikeIfExists": {"aws:PrincipalArn": f"arn:aws:iam::{ACCOUNT}:role/*"}},
        {"Null": {"aws:PrincipalArn": "true"}},
    ],
    ids=str,
)
def test_a_condition_on_the_caller_that_services_pass(condition: Condition) -> None:
    """A service has no aws:PrincipalArn (IAM User Guide, "AWS global condition context keys")."""
    assert found(grant("*", condition)) == [("PC103", "high")]


@pytest.mark.parametrize(
    "condition",
    [
        {"StringLike": {"aws:SourceAccount": "1*"}},
        {"StringLike": {"aws:SourceAccount": "????????????"}},
        {"ArnLike": {"aws:SourceArn": "arn:aws:sns:*:1*:news"}},
        {"ArnLike": {"aws:SourceArn": "arn:aws:sns:*:1*:*"}, "StringLike": {"aws:SourceAccount": "1*5"}},
    ],
    ids=str,
)
def test_a_pattern_of_accounts_is_no_account(condition: Condition) -> None:
    """Anybody may get an account whose id fits."""
    assert found(service("sns", condition)) == [("PC105", "medium")]
