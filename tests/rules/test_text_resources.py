"""PC003: what no ARN matches. IAM User Guide, "IAM JSON policy elements: Resource"."""

import pytest

from permcheck.model import PolicyKind
from permcheck.policy.arn import resource_matcher
from permcheck.rule.arn_text import never_matches
from tests.rules.text_asking import FUNCTION, allow, deny, findings

ARN = "arn:aws:lambda:us-east-1:111122223333"


@pytest.mark.parametrize(
    ("resource", "why"),
    [
        (f"{ARN}:function/resize", "function:"),
        (f"{ARN}:function/*", "function:"),
        ("arn:aws:lambda:*:*:layer/tools", "layer:"),
        ("arn:aws:iam::111122223333:role:resize", "role/"),
        ("arn:aws:dynamodb:us-east-1:111122223333:table:hikes", "table/"),
        ("arn:aws:logs:us-east-1:111122223333:log-group/aws/lambda/x", "log-group:"),
        ("arn:aws:lambda:*:function:resize", "star"),
        ("arn:aws:lambda:*:function:*", "star"),
        ("arn:aws:lambda:us-east-1:function:resize", "lacks a segment"),
        ("arn:aws:s3::trail-photos", "six segments"),
        ("arn:aws:s3::trail-photos/*", "lacks a segment"),
        ("arn:aws:lambda:us-east-1:111122223333", "five|5 of the six"),
        ("resize", "neither an ARN"),
        ("function:resize", "neither an ARN"),
        ("*function*", "neither an ARN"),
        ("", "empty"),
    ],
)
def test_a_resource_that_matches_nothing_is_reported(resource: str, why: str) -> None:
    (finding,) = findings(allow("lambda:*", resource))
    assert (finding.rule, finding.severity, finding.confidence) == ("PC003", "medium", "high")
    assert any(part in finding.locations[0].note for part in why.split("|"))
    assert finding.locations[0].pointer == "/Statement/0/Resource"


@pytest.mark.parametrize(
    "resource",
    [
        "*",
        "**",
        FUNCTION,
        f"{FUNCTION}:*",
        f"{ARN}:function:*/x",
        "arn:aws:lambda:*",
        "arn:aws:lambda:us-east-1:*",
        "arn:aws:lambda:us-east-1:1111*",
        "arn:*",
        "arn:*:lambda:*:*:function:resize",
        "arn:aws:lambda:us-east-?:??????223333:function:resize",
        "arn:aws:iam::aws:policy/AdministratorAccess",
        "arn:aws:s3:::trail-photos",
        "arn:aws:ec2:us-east-1::image/ami-0abc",
        "arn:aws:lambda:us-east-1:${aws:PrincipalAccount}:function:resize",
        "arn:aws:nosuchservice:us-east-1:111122223333:thing/a",
        "arn:aws-cn:lambda:cn-north-1:111122223333:function:resize",
        "arn:aws:states:us-east-1:111122223333:stateMachine:x",
        "arn:aws:elasticloadbalancing:us-east-1:111122223333:loadbalancer/app/a/1",
    ],
)
def test_a_resource_that_may_match_is_left_alone(resource: str) -> None:
    assert never_matches(resource, PolicyKind.IDENTITY) == ""


@pytest.mark.parametrize("resource", [f"{ARN}:function/resize", "arn:aws:lambda:*:function:resize", "function:resize"])
def test_the_evaluator_agrees_that_nothing_matches(resource: str) -> None:
    matches = resource_matcher(resource, PolicyKind.IDENTITY)
    assert not any(matches(arn) for arn in (FUNCTION, f"{FUNCTION}:prod", "arn:aws:s3:::resize"))


def test_the_short_form_of_api_gateway_is_its_own() -> None:
    assert never_matches("execute-api:/prod/GET/*", PolicyKind.RESOURCE) == ""


def test_only_the_wrong_entry_of_a_list_is_pointed_at() -> None:
    (finding,) = findings(deny(resource=[FUNCTION, f"{ARN}:function/b"]))
    assert [place.pointer for place in finding.locations] == ["/Statement/0/Resource/1"]
    assert finding.message.endswith("the statement stops nothing by it")


def test_the_fix_sets_the_sign_right() -> None:
    (finding,) = findings(allow(resource=[f"{ARN}:function/a", FUNCTION, "arn:aws:iam::111122223333:role:b:c"]))
    assert finding.fix == f"write {ARN}:function:a and arn:aws:iam::111122223333:role/b:c"
    (other,) = findings(allow(resource="resize"))
    assert "arn:aws:lambda:REGION:ACCOUNT:function:NAME" in other.fix


def test_not_resource_with_such_an_entry_spares_nothing() -> None:
    statement = {"Effect": "Deny", "Action": "lambda:*", "NotResource": f"{ARN}:function/resize"}
    (finding,) = findings(statement)
    assert finding.rule == "PC003" and finding.message.endswith("spares nothing")
    assert finding.locations[0].pointer == "/Statement/0/NotResource"
