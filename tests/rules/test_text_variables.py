"""PC007 and PC009: variables that are plain text, or never get a value.

IAM User Guide, "IAM policy elements: Variables and tags" and "IAM JSON policy elements: Version".
"""

import pytest

from tests.rules.text_asking import allow, deny, findings, ids

HOMES = "arn:aws:s3:::homes/${aws:username}/*"
TABLE = "arn:aws:dynamodb:us-east-1:111122223333:table/"


@pytest.mark.parametrize("version", [None, "2008-10-17"])
def test_variables_are_text_in_the_old_version(version: str | None) -> None:
    (finding,) = findings(allow("s3:PutObject", [HOMES, "arn:aws:s3:::x/*"]), version=version)
    assert (finding.rule, finding.severity) == ("PC007", "low")
    assert finding.locations[0].pointer == "/Statement/0/Resource/0"
    assert "${aws:username}" in finding.message


def test_a_deny_that_stops_nothing_for_want_of_a_version_is_medium() -> None:
    statement = deny("s3:PutObject", "*") | {
        "Condition": {"StringNotEquals": {"s3:ExistingObjectTag/team": "${aws:PrincipalTag/team}"}}
    }
    (finding,) = findings(statement, version=None)
    assert (finding.rule, finding.severity) == ("PC007", "medium")
    assert finding.locations[0].pointer == "/Statement/0/Condition/StringNotEquals/s3:ExistingObjectTag~1team"


@pytest.mark.parametrize("version", [None, "2008-10-17", "2012-10-17"])
def test_without_variables_the_version_does_not_matter(version: str | None) -> None:
    assert ids(findings(allow("s3:PutObject", "arn:aws:s3:::homes/$aws/{x}/*"), version=version)) == []


def test_in_the_new_version_they_are_filled_in() -> None:
    assert ids(findings(allow("s3:PutObject", HOMES))) == []


@pytest.mark.parametrize(
    ("resource", "variable", "why"),
    [
        (f"{TABLE}${{aws:usernme}}", "${aws:usernme}", "perhaps aws:username"),
        (f"{TABLE}${{AWS::StackName}}", "${aws::stackname}", "no such key"),
        (f"{TABLE}${{aws:TagKeys}}", "${aws:tagkeys}", "several"),
        ("arn:aws:dynamodb:${aws:RequestedRegion}:111122223333:table/hikes", "${aws:RequestedRegion}", "fifth colon"),
        ("arn:aws:dynamodb:us-east-1:${AWS::AccountId}:table/hikes", "${AWS::AccountId}", "fifth colon"),
    ],
)
def test_a_variable_without_a_value_is_reported(resource: str, variable: str, why: str) -> None:
    (finding,) = findings(allow("dynamodb:GetItem", resource))
    assert (finding.rule, finding.severity) == ("PC009", "medium")
    assert variable in finding.message and why in finding.locations[0].note


@pytest.mark.parametrize(
    "text",
    [
        "${aws:username}",
        "${AWS:UserName}",
        "${aws:PrincipalTag/team, 'common'}",
        "${cognito-identity.amazonaws.com:sub}",
        "${saml:sub}",
        "${graph.facebook.com:id}",
        "${*}${?}${$}",
        "${ec2:SourceInstanceARN}",
    ],
)
def test_a_variable_that_can_have_a_value_is_left_alone(text: str) -> None:
    assert ids(findings(allow("dynamodb:GetItem", TABLE + text))) == []


def test_variables_of_conditions_are_looked_at_too() -> None:
    condition = {"StringEquals": {"aws:ResourceTag/team": "${aws:PrincipalTags/team}"}}
    (finding,) = findings(deny() | {"Condition": condition})
    assert finding.rule == "PC009" and finding.message.endswith("stops nothing by it")
    assert finding.locations[0].pointer == "/Statement/0/Condition/StringEquals/aws:ResourceTag~1team"


def test_operators_that_take_no_variables_are_not_looked_at() -> None:
    condition = {"NumericEquals": {"s3:max-keys": "${aws:usernme}"}}
    assert ids(findings(allow() | {"Condition": condition})) == ["PC005"]
