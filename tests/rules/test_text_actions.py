"""PC001 and PC002: actions that do not exist, and actions that do not fit their resources.

Service Authorization Reference, "Actions table": which resource types an action takes.
"""

import pytest

from permcheck.rule.overlap import NO_SLASH, overlap
from tests.rules.text_asking import FUNCTION, allow, deny, findings, ids, notes


@pytest.mark.parametrize(
    ("action", "meant"),
    [
        ("lambda:InvokeFunctions", "lambda:InvokeFunction"),
        ("sts:GetCallerIdentify", "sts:GetCallerIdentity"),
        ("cognitoidp:*", "cognito-idp:*"),
        ("lambda:GetFunctoin*", "lambda:GetFunction"),
        ("cloudwatch:PutLogEvents", "logs:PutLogEvents"),
    ],
)
def test_an_action_that_does_not_exist_is_reported_with_the_nearest_one(action: str, meant: str) -> None:
    (finding,) = findings(allow(["lambda:GetAlias", action], "*"))
    assert finding.rule == "PC001" and finding.severity == "low"
    assert action in finding.message and "GetAlias" not in finding.message
    assert finding.fix.startswith(f"write {meant}")
    (place,) = finding.locations
    assert place.pointer == "/Statement/0/Action/1" and meant in place.note


@pytest.mark.parametrize(
    "action",
    [
        "lambda:invokefunction",  # names are compared without case
        "LAMBDA:InvokeFunction",
        "lambda:*",
        "*",
        "*:*",
        "s?:Get*",
        "lambda:Invoke?unction",
        "elastictranscoder:ReadPreset",  # a service that AWS retired, and still names in its own policies
        "SNS:Receive",  # in the policy that SNS itself gave to topics
        "lambda:PutResourcePolicy",
    ],
)
def test_an_action_that_exists_is_left_alone(action: str) -> None:
    assert ids(findings(allow(action, "*"))) == []


def test_a_deny_that_stops_no_action_is_medium() -> None:
    (finding,) = findings(deny("lambda:UpdateCode"))
    assert (finding.rule, finding.severity) == ("PC001", "medium")
    (spared,) = findings({"Effect": "Deny", "NotAction": "lambda:GetPolicys", "Resource": "*"})
    assert (spared.rule, spared.severity, spared.locations[0].pointer) == ("PC001", "low", "/Statement/0/NotAction")


def test_several_unknown_actions_of_a_statement_are_one_finding_with_a_place_for_each() -> None:
    (finding,) = findings(allow(["lambda:Foo", "lambda:GetAlias", "nosuchservice:Bar"], "*"))
    assert [place.pointer for place in finding.locations] == ["/Statement/0/Action/0", "/Statement/0/Action/2"]


BUCKET, OBJECTS = "arn:aws:s3:::trail-photos", "arn:aws:s3:::trail-photos/*"
LOGS = "arn:aws:logs:us-east-1:111122223333:log-group:/aws/lambda/resize"


@pytest.mark.parametrize(
    ("action", "resource"),
    [
        ("s3:ListBucket", OBJECTS),
        ("s3:GetObject", BUCKET),
        ("lambda:InvokeFunction", BUCKET),
        ("lambda:UpdateFunctionCode", "arn:aws:lambda:us-east-1:111122223333:layer:tools"),
        ("iam:PassRole", "arn:aws:iam::111122223333:user/lee"),
        ("iam:PassRole", "arn:aws:iam:us-east-1:111122223333:role/resize"),  # ARNs of IAM have no Region
        ("logs:PutLogEvents", LOGS),  # a stream is below the group
        ("dynamodb:GetItem", "arn:aws:dynamodb:us-east-1:111122223333:hikes"),
        ("s3:ListBucket*", "arn:aws:s3:::trail-photos/${aws:username}/*"),
        ("sqs:SendMessage", "arn:aws:sns:us-east-1:111122223333:news"),
        # no resource types (Service Authorization Reference, "Actions defined by AWS Lambda"): asked of * alone
        ("lambda:ListFunctions", FUNCTION),
        ("lambda:CreateEventSourceMapping", FUNCTION),
        ("lambda:GetAccountSettings", "arn:aws:lambda:*:*:*"),
    ],
)
def test_an_action_on_resources_of_another_type_is_reported(action: str, resource: str) -> None:
    (finding,) = findings(allow(action, resource))
    assert (finding.rule, finding.severity) == ("PC002", "medium")
    assert action in finding.message and "grants nothing" in finding.message
    assert finding.locations[0].pointer == "/Statement/0/Resource"


@pytest.mark.parametrize(
    ("action", "resource"),
    [
        ("s3:ListBucket", [BUCKET, OBJECTS]),
        ("s3:GetObject", [BUCKET, OBJECTS]),
        ("s3:ListBucket", "arn:aws:s3:::*"),
        ("s3:GetObject", "arn:aws:s3:::*"),
        ("s3:GetObject", "arn:aws:s3:::${aws:PrincipalTag/bucket}/*"),
        ("s3:*", OBJECTS),
        ("s3:List*", OBJECTS),  # among them ListMultipartUploadParts
        ("lambda:InvokeFunction", f"{FUNCTION}:prod"),
        ("lambda:InvokeFunction", "arn:aws:lambda:*:*:*"),
        ("lambda:InvokeFunction", "arn:aws:lambda:*"),
        ("lambda:InvokeFunction", "arn:*:*:*:*:f?nction:a*"),
        ("lambda:ListFunctions", "*"),
        ("lambda:List*", FUNCTION),  # among them ListAliases
        ("ec2:DescribeInstances", "arn:aws:ec2:*:*:instance/*"),  # that service's list may have gaps
        ("lambda:Get*", BUCKET),  # covers an action that takes no resource
        ("lambda:NoSuch*", "*"),
        ("execute-api:Invoke", "arn:aws:execute-api:us-east-1:111122223333:abcdef1234/prod/$connect"),
        ("ssm:GetDocument", "arn:aws:ssm:us-east-1::document/AWS-RunShellScript"),
        ("logs:PutLogEvents", [f"{LOGS}:*", LOGS]),
        ("logs:PutLogEvents", f"{LOGS}*"),
        ("sts:AssumeRole", "arn:aws:iam::*:role/team/*"),
        ("s3:ListBucket", "*"),
    ],
)
def test_an_action_that_some_resource_fits_is_left_alone(action: str, resource: str | list[str]) -> None:
    assert "PC002" not in ids(findings(allow(action, resource)))


def test_where_other_actions_of_the_statement_fit_the_severity_is_low() -> None:
    (finding,) = findings(allow(["s3:GetObject", "s3:ListBucket"], OBJECTS))
    assert (finding.rule, finding.severity) == ("PC002", "low")
    assert "s3:ListBucket" in finding.message and "GetObject" not in finding.message
    assert "arn:aws:s3:::BucketName" in finding.fix


def test_a_resource_that_matches_nothing_is_not_reported_twice() -> None:
    assert ids(findings(allow(resource=FUNCTION.replace("function:", "function/")))) == ["PC003"]


def test_not_action_and_not_resource_are_not_judged() -> None:
    assert ids(findings({"Effect": "Deny", "NotAction": "s3:ListBucket", "Resource": OBJECTS})) == []
    assert ids(findings({"Effect": "Deny", "Action": "s3:ListBucket", "NotResource": OBJECTS})) == []


@pytest.mark.parametrize(
    ("template", "pattern", "expected"),
    [
        ("function:*", "function:a", True),
        ("function:*", "fun*", True),
        ("function:*", "*", True),
        ("function:*", "*b*", True),
        ("function:*", "layer:*", False),
        ("function:*", "functio?:x", True),
        ("function:*", "functio??:x", True),
        ("function:*", "functi?:x", False),
        ("a*b*c", "a*c", True),
        ("a*b*c", "abc", True),
        ("a*b*c", "ac", False),
        ("a*b*c", "*c?", True),
        ("a*b*c", "*d", False),
        ("abc", "???", True),
        ("abc", "????", False),
        ("", "*", True),
        ("", "?", False),
        (NO_SLASH, "bucket", True),
        (NO_SLASH, "bucket/x", False),
        (NO_SLASH, "bucket*", True),
        (f"{NO_SLASH}/*", "bucket", False),
        (f"{NO_SLASH}/*", "buc*", True),
        (f"{NO_SLASH}/*", "bucket/a/b", True),
    ],
)
def test_whether_two_patterns_have_a_text_in_common(template: str, pattern: str, expected: bool) -> None:
    assert overlap(template, pattern) is expected


def test_a_pattern_of_many_stars_costs_little() -> None:
    assert overlap("table/*/index/*", "*a" * 4000) is True
    assert notes(findings(allow("dynamodb:Query", "arn:aws:dynamodb:*:*:" + "*a" * 900))) == []
