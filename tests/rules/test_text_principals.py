"""PC004 and PC008: statements that say who or what is left out, and principals that name nobody.

IAM User Guide, "AWS JSON policy elements: Principal" and "NotPrincipal", "IAM JSON policy elements: NotAction".
"""

from typing import Any

import pytest

from tests.rules.text_asking import FUNCTION, findings, ids, in_files, trust

ACCOUNT, ROLE = "111122223333", "arn:aws:iam::111122223333:role/archive"


def function_policy(**elements: Any) -> dict[str, Any]:
    return {"Sid": "F", "Effect": "Allow", "Action": "lambda:InvokeFunction", "Resource": FUNCTION, **elements}


@pytest.mark.parametrize(
    ("principal", "why"),
    [
        ({"AWS": "arn:aws:iam::111122223333:role/team-*"}, "a part of a name"),
        ({"AWS": "arn:aws:iam::*:root"}, "a part of a name"),
        ({"AWS": "arn:aws:iam::111122223333:group/testers"}, "group"),
        ({"AWS": "lambda.amazonaws.com"}, "under Service"),
        ({"AWS": "11112222333"}, "twelve digits"),
        ({"AWS": "arn:aws:iam::111122223333:user/${aws:username}"}, "variable"),
        ({"AWS": FUNCTION}, "no account, user, role or session"),
        ({"AWS": "role/archive"}, "no account, user, role or session"),
        ({"Service": "lambda"}, "no service"),
        ({"Service": ROLE}, "no service"),
        ({"Service": "*"}, "no star"),
        ("lambda.amazonaws.com", "under Service"),
    ],
)
def test_an_entry_that_names_nobody_is_reported(principal: object, why: str) -> None:
    (finding,) = findings(trust(principal))
    assert (finding.rule, finding.severity) == ("PC008", "medium")
    assert finding.message.endswith("names nobody")
    assert why in finding.locations[0].note


@pytest.mark.parametrize(
    ("principal", "why"),
    [
        ({"Federated": "cognito-identity.amazonaws.com"}, "an identity provider is trusted by roles alone"),
        ({"AWS": ACCOUNT, "CanonicalUser": "79a59df900b949e5"}, "S3 alone knows canonical users"),
    ],
)
def test_providers_are_trusted_by_roles_alone(principal: object, why: str) -> None:
    (finding,) = findings(function_policy(Principal=principal))
    assert (finding.rule, [at.note for at in finding.locations]) == ("PC008", [why])
    assert not [f for f in findings(trust({"Federated": "cognito-identity.amazonaws.com"})) if f.rule == "PC008"]


def test_trust_policies_take_no_not_principal() -> None:
    statement = {k: v for k, v in trust("*").items() if k != "Principal"} | {"NotPrincipal": {"AWS": ACCOUNT}}
    (finding,) = findings(statement | {"Effect": "Deny"})
    assert (finding.rule, finding.severity) == ("PC008", "low")
    assert finding.locations[0].pointer.endswith("/NotPrincipal")
    in_function = function_policy(Effect="Deny", NotPrincipal={"AWS": ACCOUNT})
    assert not findings(in_function)


def test_a_service_that_seems_to_be_misspelt_is_reported_where_it_stands() -> None:
    services = {"Service": ["s3.amazonaws.com", "lamda.amazonaws.com", "evnets.amazonaws.com"]}
    found = [f for f in findings(function_policy(Principal=services)) if f.rule == "PC008"]
    (finding,) = found
    assert (finding.severity, finding.confidence) == ("medium", "medium")
    assert finding.message == "there is no service known as lamda.amazonaws.com, evnets.amazonaws.com"
    assert [(at.pointer.partition("/Principal")[2], at.note) for at in finding.locations] == [
        ("/Service/1", "perhaps lambda.amazonaws.com is meant"),
        ("/Service/2", "perhaps events.amazonaws.com is meant"),
    ]
    assert finding.fix == "write lambda.amazonaws.com, events.amazonaws.com"


@pytest.mark.parametrize(
    "principal",
    [
        "*",
        ["*"],
        {"AWS": "*"},
        {"AWS": [ACCOUNT, f"arn:aws:iam::{ACCOUNT}:root", ROLE, f"arn:aws:iam::{ACCOUNT}:user/team/lee"]},
        {"AWS": f"arn:aws:sts::{ACCOUNT}:assumed-role/archive/nightly"},
        {"AWS": f"arn:aws-us-gov:iam::{ACCOUNT}:role/archive"},
        {"AWS": "AROAEXAMPLE7GONE2LONG"},  # a deleted principal is PC115's
        {"Service": ["s3.amazonaws.com", "logs.eu-west-1.amazonaws.com", "ec2.amazonaws.com.cn"]},
        {"Service": ["alexa-appkit.amazon.com", "lambda.alarms.cloudwatch.amazonaws.com"]},
        {"Federated": "cognito-identity.amazonaws.com"},
    ],
)
def test_a_principal_of_a_known_form_is_left_alone(principal: object) -> None:
    assert ids(findings(trust(principal))) == []


def test_a_text_without_a_word_before_it_is_reported_as_low() -> None:
    (finding,) = findings(trust(ROLE))
    assert (finding.rule, finding.severity) == ("PC008", "low")
    assert f'{{"AWS": "{ROLE}"}}' in finding.fix
    assert finding.locations[0].pointer == "/Statement/0/Principal"


def test_the_entry_itself_is_pointed_at() -> None:
    (finding,) = findings(trust({"AWS": [ROLE, "s3.amazonaws.com"], "Service": "lambda"}))
    assert [place.pointer for place in finding.locations] == [
        "/Statement/0/Principal/AWS/1",
        "/Statement/0/Principal/Service",
    ]
    (listed,) = findings(trust([ROLE, "archive"]))
    assert [place.pointer for place in listed.locations] == ["/Statement/0/Principal/1"]


def test_a_statement_about_nobody_is_reported_in_function_policies() -> None:
    nobody = function_policy()
    policy = {"Version": "2012-10-17", "Statement": [nobody, function_policy(Principal={"AWS": ROLE})]}
    (finding,) = in_files({"resize.json": policy})
    assert finding.rule == "PC008" and "no Principal" in finding.message
    assert finding.locations[0].pointer == "/Statement/0"


def test_identity_policies_name_nobody() -> None:
    assert ids(findings(function_policy())) == []


@pytest.mark.parametrize(
    ("elements", "severity"),
    [
        ({"NotAction": "iam:*", "Resource": "*"}, "medium"),
        ({"NotAction": ["s3:DeleteObject"], "Resource": "arn:aws:s3:::trail-photos/*"}, "low"),
        ({"NotAction": "iam:*", "Resource": ["arn:aws:s3:::a", "arn:aws:sqs:us-east-1:111122223333:b"]}, "medium"),
        ({"Action": "s3:GetObject", "NotResource": "arn:aws:s3:::secrets/*"}, "medium"),
    ],
)
def test_an_allow_of_all_but_something_is_reported(elements: dict[str, Any], severity: str) -> None:
    (finding,) = findings({"Sid": "S", "Effect": "Allow", **elements})
    assert (finding.rule, finding.severity) == ("PC004", severity)
    assert findings({"Sid": "S", "Effect": "Deny", **elements}) == ()


def test_everyone_but_somebody_may_not_assume_a_role() -> None:
    statement = {"Effect": "Allow", "NotPrincipal": {"AWS": ROLE}, "Action": "sts:AssumeRole"}
    assert ids(findings(statement)) == ["PC004"]


def test_function_policies_are_left_to_the_rule_about_them() -> None:
    statement = {"Effect": "Allow", "NotPrincipal": {"AWS": ROLE}, "Action": "lambda:InvokeFunction"}
    assert ids(findings(statement | {"Resource": FUNCTION})) == []


def test_a_boundary_grants_nothing_and_may_say_all_but() -> None:
    boundary = "arn:aws:iam::111122223333:policy/no-iam"
    text = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}}
    role = {
        "Path": "/",
        "RoleName": "archive",
        "RoleId": "AROAEXAMPLE7ARCHIVE11",
        "Arn": ROLE,
        "CreateDate": "2026-01-31T12:00:00+00:00",
        "AssumeRolePolicyDocument": {
            "Version": "2012-10-17",
            "Statement": [
                {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
            ],
        },
        "InstanceProfileList": [],
        "RolePolicyList": [],
        "AttachedManagedPolicies": [],
        "PermissionsBoundary": {"PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": boundary},
        "Tags": [],
    }
    policy = {
        "PolicyName": "no-iam",
        "PolicyId": "ANPAEXAMPLE7NOIAM1111",
        "Arn": boundary,
        "Path": "/",
        "DefaultVersionId": "v1",
        "AttachmentCount": 0,
        "PermissionsBoundaryUsageCount": 1,
        "IsAttachable": True,
        "CreateDate": "2026-01-31T12:00:00+00:00",
        "UpdateDate": "2026-01-31T12:00:00+00:00",
        "PolicyVersionList": [
            {
                "Document": text,
                "VersionId": "v1",
                "IsDefaultVersion": True,
                "CreateDate": "2026-01-31T12:00:00+00:00",
            }
        ],
    }
    details = {"UserDetailList": [], "GroupDetailList": [], "RoleDetailList": [role], "Policies": [policy]}
    assert ids(in_files({"details.json": details})) == []
