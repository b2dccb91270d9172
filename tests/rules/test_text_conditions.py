"""PC005: conditions that hold for no request, or for every one.

IAM User Guide, "IAM JSON policy elements: Condition operators", "AWS global condition context keys" and "Set operators
for multivalued context keys".
"""

from typing import Any

import pytest

from permcheck.model import Condition
from permcheck.policy.condition import Match, holds
from permcheck.policy.context import Context
from tests.rules.text_asking import FUNCTION, allow, deny, findings, ids, trust

NEVER, ALWAYS = "holds for no request", "holds for every request"
ABSENT, PARTLY = "holds only for requests without the key", "has a value that counts for nothing"
ROLE = "arn:aws:iam::111122223333:role/resize"
ORG = "o-d3m0org4nz"


def said(condition: dict[str, Any], effect: str = "Allow") -> list[str]:
    statement = (allow("lambda:GetAlias") if effect == "Allow" else deny("lambda:GetAlias")) | {"Condition": condition}
    found = findings(statement)
    assert set(ids(found)) <= {"PC005"}, found
    return [finding.message for finding in found]


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        # the operator does not fit the type of the key
        ({"StringEquals": {"aws:SourceIp": "203.0.113.0/24"}}, NEVER),
        ({"StringLike": {"aws:SourceIp": "203.0.113.0/24"}}, NEVER),
        ({"StringNotEquals": {"aws:SourceIp": "203.0.113.0/24"}}, ALWAYS),
        ({"IpAddress": {"aws:SourceVpc": "203.0.113.0/24"}}, NEVER),
        ({"NotIpAddress": {"aws:PrincipalArn": "203.0.113.0/24"}}, ALWAYS),
        ({"Bool": {"aws:SourceArn": "true"}}, NEVER),
        ({"NumericLessThan": {"aws:SecureTransport": "1"}}, NEVER),
        ({"DateLessThan": {"aws:SourceIp": "2030-01-01T00:00:00Z"}}, NEVER),
        ({"ArnLike": {"aws:SourceAccount": "111122223333"}}, NEVER),
        # the key cannot hold the value
        ({"IpAddress": {"aws:SourceIp": "203.0.113.0-255"}}, NEVER),
        ({"IpAddressIfExists": {"aws:SourceIp": "office"}}, ABSENT),
        ({"Bool": {"aws:SecureTransport": "yes"}}, NEVER),
        ({"NumericLessThan": {"aws:MultiFactorAuthAge": "1h"}}, NEVER),
        ({"DateGreaterThan": {"aws:CurrentTime": "next monday"}}, NEVER),
        ({"ArnLike": {"aws:PrincipalArn": "role/resize"}}, NEVER),
        ({"ArnLike": {"aws:PrincipalArn": "arn:aws:sts::111122223333:assumed-role/resize/*"}}, NEVER),
        ({"StringEquals": {"aws:PrincipalArn": "arn:aws:sts::111122223333:assumed-role/resize/resize"}}, NEVER),
        ({"StringEquals": {"aws:SourceArn": "trail-photos"}}, NEVER),
        ({"StringEquals": {"aws:SourceAccount": "11112222333"}}, NEVER),
        ({"StringNotEquals": {"aws:PrincipalAccount": "1111-2222-3333"}}, ALWAYS),
        ({"StringEquals": {"aws:PrincipalOrgID": "d3m0org4nz"}}, NEVER),
        ({"StringEquals": {"lambda:FunctionUrlAuthType": "None"}}, NEVER),
        ({"StringEquals": {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/*"}}, NEVER),
        ({"StringEquals": {"aws:PrincipalTag/team": ["pay*", "web"]}}, PARTLY),
        ({"ForAllValues:StringEquals": {"aws:TagKeys": ["team*"]}}, ABSENT),
        # the key does not exist
        ({"StringEquals": {"aws:PrincipleOrgID": ORG}}, NEVER),
        ({"StringNotEquals": {"aws:PrincipleOrgID": ORG}}, ALWAYS),
        ({"StringEqualsIfExists": {"aws:PrincipleOrgID": ORG}}, ALWAYS),
        ({"ForAnyValue:StringNotEquals": {"aws:PrincipleOrgID": ORG}}, NEVER),
        ({"StringEquals": {"SourceAccount": "111122223333"}}, NEVER),
        ({"StringEquals": {"lambda:FunctionUrlAuthTipe": "NONE"}}, NEVER),
        # all or nothing
        ({"IpAddress": {"aws:SourceIp": "0.0.0.0/0"}}, ALWAYS),
        ({"IpAddress": {"aws:SourceIp": ["203.0.113.7", "::/0"]}}, ALWAYS),
        ({"NotIpAddress": {"aws:SourceIp": "0.0.0.0/0"}}, NEVER),
        ({"Bool": {"aws:SecureTransport": ["true", "false"]}}, ALWAYS),
        ({"StringLike": {"aws:PrincipalAccount": "*"}}, ALWAYS),
        ({"StringEquals": {"aws:SourceAccount": []}}, NEVER),
        ({"StringNotEquals": {"aws:SourceAccount": []}}, ALWAYS),
        # Null
        ({"Null": {"aws:SourceVpc": "maybe"}}, NEVER),
        ({"Null": {"aws:SourceVpc": ["true", "false"]}}, ALWAYS),
        ({"ForAllValues:Null": {"aws:TagKeys": "false"}}, ALWAYS),
        ({"ForAnyValue:Null": {"aws:TagKeys": "true"}}, NEVER),
        ({"Null": {"aws:SourceVpc": "true"}, "StringEquals": {"AWS:sourcevpc": "vpc-0abc"}}, NEVER),
        # one value or several
        ({"ForAllValues:StringEquals": {"aws:PrincipalOrgID": ORG}}, ALWAYS),
        ({"StringEquals": {"aws:TagKeys": "team"}}, "may not compare what it seems to"),
        ({"StringEquals": {"cognito-identity.amazonaws.com:amr": "authenticated"}}, "may not compare what it seems to"),
    ],
)
def test_a_condition_decided_by_its_text_is_reported(condition: dict[str, Any], expected: str) -> None:
    (message,) = said(condition)
    assert expected in message


@pytest.mark.parametrize(
    "condition",
    [
        {"IpAddress": {"aws:SourceIp": ["203.0.113.0/24", "2001:db8::/32", "198.51.100.7"]}},
        {"StringEquals": {"aws:SourceIp": "203.0.113.7"}},
        {"Bool": {"aws:SecureTransport": "TRUE"}},
        {"StringEquals": {"aws:MultiFactorAuthPresent": "true"}},
        {"NumericLessThan": {"aws:MultiFactorAuthAge": "3600"}},
        {"NumericLessThan": {"aws:EpochTime": "1900000000"}},
        {"DateGreaterThan": {"aws:CurrentTime": "2026-01-31T12:00:00Z", "aws:EpochTime": "1900000000"}},
        {"ArnLike": {"aws:PrincipalArn": ["arn:aws:iam::*:role/team-*", "*"]}},
        {"ArnEquals": {"aws:PrincipalArn": ROLE}},
        {"StringLike": {"aws:PrincipalArn": "*role/resize"}},
        {"StringLike": {"aws:PrincipalTag/team": "*"}},
        {"StringLike": {"aws:SourceVpc": "*"}},  # asks whether there is one
        {"StringNotLike": {"aws:SourceVpc": "*"}},
        {"StringEquals": {"aws:PrincipalTag/team": "${aws:ResourceTag/team, '*'}"}},
        {"StringEquals": {"AWS:sourceaccount": "111122223333"}},
        {"StringEquals": {"aws:SourceOwner": "111122223333"}},
        {"StringNotEquals": {"lambda:Principal": "*"}},
        {"StringEquals": {"lambda:FunctionUrlAuthType": ["NONE", "AWS_IAM"]}},
        {"ForAllValues:StringEquals": {"aws:TagKeys": ["team"]}},
        {"ForAllValues:StringEquals": {"aws:PrincipalOrgID": ORG}, "Null": {"aws:PrincipalOrgID": "false"}},
        {"ForAllValues:StringNotEquals": {"aws:PrincipalOrgID": ORG}},  # a missing key passes without ForAllValues too
        {"ForAnyValue:StringLike": {"cognito-identity.amazonaws.com:amr": "unauthenticated"}},
        {"Null": {"aws:SourceVpc": "true"}, "StringEqualsIfExists": {"aws:SourceVpc": "vpc-0abc"}},
        {"Null": {"aws:SourceVpc": "false"}, "StringEquals": {"aws:SourceVpc": "vpc-0abc"}},
        {"StringEquals": {"token.actions.githubusercontent.com:repository": "example/app"}},
        {"StringEquals": {"idp.example.com:groups": "admins"}},
        {"StringEquals": {"kms:EncryptionContext:app": "hikes"}},
        {"StringEquals": {"events:source": "aws.ec2"}},
    ],
)
def test_a_condition_that_depends_on_the_request_is_left_alone(condition: dict[str, Any]) -> None:
    assert said(condition) == []


def test_a_key_that_does_not_exist_is_reported_under_null_too() -> None:
    for value in ("true", "false"):
        (message,) = said({"Null": {"aws:MultifactorAuthPresent2": value}})
        assert "the same answer for every request" in message


def test_for_all_values_widens_an_allow_and_not_a_deny() -> None:
    condition = {"ForAllValues:StringEquals": {"aws:PrincipalOrgID": ORG}}
    assert len(said(condition)) == 1
    assert said(condition, "Deny") == []


def test_what_the_flaw_means_depends_on_the_effect() -> None:
    condition = {"StringEquals": {"aws:SourceIp": "203.0.113.0/24"}}
    assert said(condition)[0].endswith("so the statement grants nothing")
    assert said(condition, "Deny")[0].endswith("so the statement stops nothing")


def test_the_nearest_key_is_offered_and_the_condition_pointed_at() -> None:
    (finding,) = findings(allow() | {"Condition": {"StringEquals": {"aws:PrincipleOrgID": ORG}}})
    assert "aws:PrincipalOrgID" in finding.fix
    assert finding.locations[0].pointer == "/Statement/0/Condition/StringEquals/aws:PrincipleOrgID"
    assert (finding.severity, finding.confidence) == ("medium", "high")


def test_a_key_of_a_service_may_be_newer_than_the_table() -> None:
    (finding,) = findings(allow() | {"Condition": {"StringEquals": {"lambda:FunctionUrlAuthTipe": "NONE"}}})
    assert finding.confidence == "medium"


def test_several_conditions_are_several_findings() -> None:
    condition = {"StringEquals": {"aws:SourceIp": "203.0.113.0/24", "aws:SourceAccount": "1"}}
    assert len(said(condition)) == 2


@pytest.mark.parametrize("key", ["aws:SourceArn", "aws:SourceAccount", "aws:SourceOrgID"])
def test_sources_are_told_of_services_and_not_of_roles(key: str) -> None:
    """AWS global condition context keys, aws:SourceArn: in the request only when a service principal calls."""
    value = {"aws:SourceArn": "arn:aws:s3:::trail-photos", "aws:SourceAccount": "111122223333", "aws:SourceOrgID": ORG}
    condition = {"StringEquals": {key: value[key]}}
    (finding,) = findings(trust({"AWS": ROLE}, Condition=condition))
    assert finding.rule == "PC005" and NEVER in finding.message
    for principal in ({"Service": "s3.amazonaws.com"}, {"AWS": ROLE, "Service": "s3.amazonaws.com"}, "*"):
        assert findings(trust(principal, Condition=condition)) == ()
    assert findings(trust({"AWS": ROLE}, Condition={"StringEqualsIfExists": {key: value[key]}})) == ()


@pytest.mark.parametrize(
    "condition",
    [
        Condition("StringEquals", "aws:SourceIp", ("203.0.113.0/24",), ""),
        Condition("ArnLike", "aws:PrincipalArn", ("role/resize",), ""),
        Condition("StringEquals", "aws:PrincipalArn", ("arn:aws:iam::111122223333:role/*",), ""),
        Condition("Bool", "aws:SecureTransport", ("yes",), ""),
        Condition("IpAddress", "aws:SourceIp", ("203.0.113.0-255",), ""),
        Condition("NumericLessThan", "aws:MultiFactorAuthAge", ("1h",), ""),
    ],
)
def test_the_evaluator_agrees_that_it_never_holds(condition: Condition) -> None:
    for value in ("203.0.113.7", ROLE, "true", "false", "60", FUNCTION):
        context = Context({condition.key.lower(): (value,)})
        assert holds(condition, context, True) is Match.NO


def test_the_calling_function_is_no_key_of_resource_policies() -> None:
    # AWS Lambda Developer Guide, permissions-source-function-arn.
    asked = {"Condition": {"ArnEquals": {"lambda:SourceFunctionArn": FUNCTION}}}
    (finding,) = findings(allow() | {"Principal": {"AWS": "111122223333"}} | asked)
    assert (finding.rule, finding.severity, finding.confidence) == ("PC005", "low", "medium")
    assert "resource policies" in finding.locations[0].note
    assert not findings(allow("s3:GetObject", "arn:aws:s3:::shop/*") | asked)
