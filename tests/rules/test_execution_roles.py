"""Rules about what functions reach: only roles that functions run as, and only what every policy together leaves."""

from __future__ import annotations

from typing import Any

import pytest

from permcheck.rules._examples import (
    ACCOUNT,
    OTHER,
    REGION,
    account,
    allow,
    deny,
    document,
    function_arn,
    role,
    role_arn,
    table_arn,
    trust,
    user_arn,
    worker,
)
from tests.rules.auditing import found, report, severities

Json = dict[str, Any]

LAMBDA = "lambda.amazonaws.com"
OFFICE = {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}
TAGGED = {"StringEquals": {"aws:ResourceTag/team": "web"}}
LAYER = f"arn:aws:lambda:{REGION}:{OTHER}:layer:telemetry:12"


def one(*statements: Json, managed: tuple[str, ...] = (), **more: Any) -> Json:
    """An account with the function ``f``, whose role has these statements."""
    return account(worker("f-role", *statements, managed=managed, **more), functions={"f": "f-role"})


def test_a_role_that_no_function_can_run_as_is_not_the_subject() -> None:
    """Of well-made accounts many roles, for state machines say, hold what would be wide for a function."""
    wide = allow(["s3:GetObject", "iam:PutRolePolicy", "polly:*", "dynamodb:PutItem"])
    machine = role("machine", wide, trusts=trust({"Service": "states.amazonaws.com"}))
    assert not report(account(machine)).findings


def test_a_role_made_for_lambda_is_the_subject_before_a_function_has_it() -> None:
    assert severities(account(worker("f-role", allow("s3:GetObject")))) == {"PC205": "high"}
    theirs = trust({"Service": LAMBDA}, Condition={"ArnLike": {"aws:SourceArn": function_arn("f")}})
    assert severities(account(worker("f-role", allow("s3:GetObject"), trusts=theirs))) == {"PC205": "high"}


def test_only_what_allows_everything_is_said_to() -> None:
    captures = one(allow("*"), allow(["s3:GetObject", "s3:PutObject"]))
    (finding,) = found(captures, "PC201")
    assert [place.note for place in finding.locations] == ["allows everything"]


def test_a_trust_policy_that_keeps_lambda_out() -> None:
    shut = document(
        {"Effect": "Allow", "Principal": {"Service": LAMBDA}, "Action": "sts:AssumeRole"},
        {"Effect": "Deny", "Principal": {"Service": LAMBDA}, "Action": "sts:AssumeRole"},
    )
    assert not report(account(worker("f-role", allow("s3:GetObject"), trusts=shut))).findings


@pytest.mark.parametrize(
    "captures",
    [
        one(allow("*")),
        one(allow("*", "*"), deny("organizations:*")),
        one(managed=("AdministratorAccess",)),
        one(managed=("PowerUserAccess",)),
        one({"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}),
    ],
    ids=["star", "but one", "AdministratorAccess", "PowerUserAccess", "all but IAM"],
)
def test_an_administrator_is_told_once(captures: Json) -> None:
    said = severities(captures)
    assert said["PC201"] == "critical"
    assert not {rule for rule in said if rule.startswith("PC2")} - {"PC201"}
    assert not {rule for rule in said if rule.startswith("PC13")}


@pytest.mark.parametrize(
    "captures",
    [
        one(allow("*"), deny(["s3:*", "dynamodb:*"])),
        one(allow("*"), boundary=document(allow("dynamodb:Query", table_arn("Orders")))),
        one(allow("*", Condition=TAGGED)),
        one(allow(["s3:*", "dynamodb:*", "lambda:*"])),
    ],
    ids=["services denied", "boundary", "tags", "three services"],
)
def test_no_administrator(captures: Json) -> None:
    assert "PC201" not in severities(captures)


def test_an_administrator_from_the_office_only() -> None:
    (finding,) = found(one(allow("*", Condition=OFFICE)), "PC201")
    assert finding.severity == "high"
    assert finding.conditions


class TestIam:
    """PC202."""

    @pytest.mark.parametrize(
        ("statement", "severity"),
        [
            (allow("iam:PutRolePolicy"), "critical"),
            (allow("iam:*"), "critical"),
            (allow("iam:AttachRolePolicy", role_arn("*")), "critical"),
            (allow("iam:PutRolePolicy", role_arn("f-role")), "critical"),
            (allow("iam:PutRolePolicy", role_arn("f-*")), "critical"),
            (allow("iam:AttachUserPolicy", user_arn("bea")), "low"),
            (allow("iam:UpdateAssumeRolePolicy", [role_arn("web"), role_arn("guest")]), "low"),
            (allow("iam:PutRolePolicy", role_arn("apps/*")), "low"),
        ],
    )
    def test_by_whose_rights(self, statement: Json, severity: str) -> None:
        assert severities(one(statement))["PC202"] == severity

    def test_the_role_of_another_function(self) -> None:
        captures = account(
            worker("f-role", allow("iam:PutRolePolicy", role_arn("g-role"))),
            worker("g-role"),
            functions={"f": "f-role", "g": "g-role"},
        )
        assert severities(captures)["PC202"] == "high"

    def test_held_to_a_boundary(self) -> None:
        bounded = {"StringEquals": {"iam:PermissionsBoundary": f"arn:aws:iam::{ACCOUNT}:policy/apps"}}
        (finding,) = found(one(allow("iam:PutRolePolicy", role_arn("apps/*"), Condition=bounded)), "PC202")
        assert finding.severity == "info"

    def test_passing_a_role_is_another_rules(self) -> None:
        assert "PC202" not in severities(one(allow("iam:PassRole", role_arn("apps/*"))))


class TestWildcards:
    """PC203 and PC204."""

    @pytest.mark.parametrize(
        "actions",
        [
            ["cloudwatch:PutMetricData"],
            ["xray:PutTraceSegments", "xray:PutTelemetryRecords"],
            ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"],
            ["ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface", "ec2:DescribeNetworkInterfaces"],
            ["ec2:AssignPrivateIpAddresses", "ec2:UnassignPrivateIpAddresses", "ec2:DescribeSubnets"],
            ["rekognition:DetectLabels", "textract:DetectDocumentText", "comprehend:DetectSentiment"],
            ["polly:SynthesizeSpeech", "translate:TranslateText"],
            ["codepipeline:PutJobSuccessResult", "config:PutEvaluations"],
            ["s3:ListAllMyBuckets", "dynamodb:ListTables", "lambda:ListFunctions"],
            ["dynamodb:DescribeTable", "sqs:GetQueueAttributes"],
        ],
        ids=lambda actions: actions[0],
    )
    def test_what_has_no_narrower_form_or_tells_little(self, actions: list[str]) -> None:
        assert not report(one(allow(actions))).findings

    @pytest.mark.parametrize(
        ("action", "severity"),
        [
            ("dynamodb:PutItem", "medium"),
            ("s3:PutObject", "medium"),
            ("sqs:SendMessage", "medium"),
            ("events:PutEvents", "medium"),
            ("states:StartExecution", "medium"),
            ("ec2:RunInstances", "medium"),
            ("kinesis:GetRecords", "low"),
            ("sqs:ReceiveMessage", "low"),
        ],
    )
    def test_what_could_be_limited(self, action: str, severity: str) -> None:
        assert severities(one(allow(action))) == {"PC204": severity}

    @pytest.mark.parametrize(
        "resource",
        ["*", "arn:aws:dynamodb:*:*:table/*", f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:*", "arn:aws:dynamodb:*:*:*"],
    )
    def test_everything_in_other_words(self, resource: str) -> None:
        assert severities(one(allow("dynamodb:PutItem", resource))) == {"PC204": "medium"}

    @pytest.mark.parametrize("resource", [table_arn("Tags"), table_arn("Tags*"), table_arn("Tags/index/*")])
    def test_names_and_prefixes(self, resource: str) -> None:
        assert not report(one(allow("dynamodb:PutItem", resource))).findings

    def test_a_statement_is_spoken_of_once(self) -> None:
        assert severities(one(allow(["s3:GetObject", "s3:PutObject", "s3:DeleteObject"]))) == {"PC205": "high"}
        assert severities(one(allow(["s3:PutBucketPolicy", "s3:PutObject"]))) == {"PC207": "high"}

    def test_but_another_statement_beside_it_is(self) -> None:
        assert severities(one(allow("s3:GetObject"), allow("sqs:SendMessage"))) == {"PC204": "medium", "PC205": "high"}

    def test_conditions_on_tags_or_keys_narrow(self) -> None:
        leading = {"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": "${aws:userid}"}}
        assert not report(one(allow("dynamodb:PutItem", Condition=leading))).findings
        assert not report(one(allow("dynamodb:PutItem", Condition=TAGGED))).findings

    @pytest.mark.parametrize("service", ["logs", "xray", "pricing"])
    def test_services_with_nothing_to_limit(self, service: str) -> None:
        assert not found(one(allow(f"{service}:*")), "PC203")

    @pytest.mark.parametrize("service", ["s3", "dynamodb", "sqs", "polly", "ses", "ec2"])
    def test_services_with_something(self, service: str) -> None:
        assert found(one(allow(f"{service}:*")), "PC203")[0].severity == "medium"

    def test_a_service_wildcard_on_one_resource(self) -> None:
        assert not report(one(allow("sqs:*", f"arn:aws:sqs:{REGION}:{ACCOUNT}:jobs"))).findings

    def test_a_service_wildcard_cut_down_by_a_deny(self) -> None:
        assert not found(one(allow("sqs:*"), deny("sqs:*", "arn:aws:sqs:*:*:*")), "PC203")


class TestReadsEverything:
    """PC205."""

    @pytest.mark.parametrize(
        ("statement", "words"),
        [
            (allow("secretsmanager:GetSecretValue"), "every secret"),
            (allow("ssm:GetParameter*"), "every parameter"),
            (allow("s3:Get*", "arn:aws:s3:::*/*"), "every object in S3"),
            (allow("dynamodb:Query", "arn:aws:dynamodb:*:*:table/*"), "every DynamoDB table"),
            (allow("dynamodb:BatchGetItem"), "every DynamoDB table"),
            (allow("kms:Decrypt"), "everything encrypted with KMS keys"),
        ],
    )
    def test_everything_of_a_kind(self, statement: Json, words: str) -> None:
        (finding,) = found(one(statement), "PC205")
        assert finding.severity == "high"
        assert words in finding.message

    @pytest.mark.parametrize(
        "statement",
        [
            allow("s3:GetObject", "arn:aws:s3:::shop/*"),
            allow("ssm:GetParameter", f"arn:aws:ssm:*:{ACCOUNT}:parameter/shop/*"),
            allow("secretsmanager:GetSecretValue", Condition=TAGGED),
            allow("s3:ListBucket"),
            allow("secretsmanager:ListSecrets"),
        ],
    )
    def test_less_than_everything(self, statement: Json) -> None:
        assert not found(one(statement), "PC205")

    def test_kinds_are_told_together(self) -> None:
        (finding,) = found(one(allow(["secretsmanager:GetSecretValue", "ssm:GetParameter"])), "PC205")
        assert "every secret and every parameter" in finding.message

    def test_from_the_office_only(self) -> None:
        (finding,) = found(one(allow("s3:GetObject", Condition=OFFICE)), "PC205")
        assert finding.severity == "medium"

    def test_a_sensitive_bucket_denied_does_not_hide_the_rest(self) -> None:
        assert found(one(allow("s3:GetObject"), deny("s3:GetObject", "arn:aws:s3:::payroll/*")), "PC205")


class TestOpens:
    """PC207."""

    @pytest.mark.parametrize(
        "action",
        [
            "lambda:AddPermission",
            "lambda:PutResourcePolicy",
            "sqs:AddPermission",
            "kms:PutKeyPolicy",
            "ses:PutIdentityPolicy",
        ],
    )
    def test_any_resource(self, action: str) -> None:
        assert found(one(allow(action)), "PC207")[0].severity == "high"

    def test_one_resource(self) -> None:
        assert not found(one(allow("lambda:AddPermission", function_arn("f"))), "PC207")


class TestManaged:
    """PC208."""

    @pytest.mark.parametrize(
        ("name", "pattern"),
        [
            ("AWSLambda_FullAccess", "lambda:*"),
            ("service-role/AWSLambdaRole", "lambda:InvokeFunction"),
            ("AWSLambdaExecute", "s3:GetObject"),
            ("AmazonS3FullAccess", "s3:*"),
            ("AmazonDynamoDBFullAccess", "dynamodb:*"),
        ],
    )
    def test_broad(self, name: str, pattern: str) -> None:
        (finding,) = found(one(managed=(name,)), "PC208")
        assert finding.severity == "medium"
        assert name.rpartition("/")[2] in finding.message
        assert pattern in finding.message

    @pytest.mark.parametrize(
        "name",
        [
            "service-role/AWSLambdaBasicExecutionRole",
            "service-role/AWSLambdaVPCAccessExecutionRole",
            "service-role/AWSLambdaSQSQueueExecutionRole",
            "service-role/AWSLambdaDynamoDBExecutionRole",
            "service-role/AWSLambdaKinesisExecutionRole",
            "service-role/AWSLambdaMSKExecutionRole",
            "AWSXRayDaemonWriteAccess",
            "CloudWatchLambdaInsightsExecutionRolePolicy",
            "CloudWatchLambdaApplicationSignalsExecutionRolePolicy",
        ],
    )
    def test_made_for_functions(self, name: str) -> None:
        assert not report(one(managed=(name,))).findings

    def test_several_are_told_together(self) -> None:
        (finding,) = found(one(managed=("AmazonS3FullAccess", "AWSLambdaExecute")), "PC208")
        assert "AmazonS3FullAccess" in finding.message
        assert "AWSLambdaExecute" in finding.message


class TestShared:
    """PC209."""

    def test_low_between_equals_and_high_where_one_is_open(self) -> None:
        shared = worker("s-role", allow("dynamodb:Query", table_arn("Orders")))
        captures = account(shared, functions={"shut": "s-role", "open": "s-role"})
        assert severities(captures)["PC209"] == "low"
        captures["policy.json"] = document(
            {"Effect": "Allow", "Principal": "*", "Action": "lambda:InvokeFunction", "Resource": function_arn("open")}
        )
        (finding,) = found(captures, "PC209")
        assert finding.severity == "high"
        assert finding.path[0].kind == "aws"
        assert finding.message.startswith("open is open to the world")

    def test_two_open_ones_are_equals(self) -> None:
        shared = worker("s-role", allow("dynamodb:Query", table_arn("Orders")))
        captures = account(shared, functions={"a": "s-role", "b": "s-role"})
        for name in ("a", "b"):
            captures[f"policy-{name}.json"] = document(
                {"Effect": "Allow", "Principal": "*", "Action": "lambda:InvokeFunction", "Resource": function_arn(name)}
            )
        assert severities(captures)["PC209"] == "low"

    def test_a_grant_that_a_deny_takes_back_opens_nothing(self) -> None:
        shared = worker("s-role", allow("dynamodb:Query", table_arn("Orders")))
        captures = account(shared, functions={"a": "s-role", "b": "s-role"})
        grant = {"Principal": "*", "Action": "lambda:InvokeFunction", "Resource": function_arn("a")}
        captures["policy.json"] = document({"Effect": "Allow", **grant}, {"Effect": "Deny", **grant})
        assert severities(captures)["PC209"] == "low"

    def test_a_grant_that_keeps_most_people_out_is_not_open(self) -> None:
        shared = worker("s-role", allow("dynamodb:Query", table_arn("Orders")))
        captures = account(shared, functions={"a": "s-role", "b": "s-role"})
        grant = {"Effect": "Allow", "Principal": "*", "Action": "lambda:InvokeFunction", "Resource": function_arn("a")}
        captures["policy.json"] = document({**grant, "Condition": OFFICE})
        assert severities(captures)["PC209"] == "low"

    def test_logs_may_be_shared(self) -> None:
        assert not report(account(worker("s-role"), functions={"a": "s-role", "b": "s-role"})).findings


class TestTrust:
    """PC210."""

    @pytest.mark.parametrize(
        ("principal", "severity"),
        [
            ({"Service": [LAMBDA, "ec2.amazonaws.com"]}, "high"),
            ({"Service": LAMBDA, "AWS": f"arn:aws:iam::{OTHER}:root"}, "high"),
            ({"Service": LAMBDA, "AWS": OTHER}, "high"),
            ({"Service": LAMBDA, "AWS": f"arn:aws:iam::{OTHER}:role/ci"}, "high"),
            ({"Service": LAMBDA, "AWS": "*"}, "critical"),
            ({"Service": LAMBDA, "AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "medium"),
            ({"Service": LAMBDA, "AWS": role_arn("developer")}, "medium"),
        ],
    )
    def test_who_else(self, principal: Json, severity: str) -> None:
        assert found(one(trusts=trust(principal)), "PC210")[0].severity == severity

    @pytest.mark.parametrize("service", ["edgelambda", "states", "scheduler", "events", "apigateway"])
    def test_services_that_go_with_lambda(self, service: str) -> None:
        assert not found(one(trusts=trust({"Service": [LAMBDA, f"{service}.amazonaws.com"]})), "PC210")

    def test_people_who_sign_in(self) -> None:
        saml = {"Federated": f"arn:aws:iam::{ACCOUNT}:saml-provider/office"}
        trusts = document(
            {"Effect": "Allow", "Principal": {"Service": LAMBDA}, "Action": "sts:AssumeRole"},
            {"Effect": "Allow", "Principal": saml, "Action": "sts:AssumeRoleWithSAML"},
        )
        (finding,) = found(one(trusts=trusts), "PC210")
        assert finding.severity == "high"

    def test_an_organization(self) -> None:
        trusts = document(
            {"Effect": "Allow", "Principal": {"Service": LAMBDA}, "Action": "sts:AssumeRole"},
            {
                "Effect": "Allow",
                "Principal": "*",
                "Action": "sts:AssumeRole",
                "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-examp1e0rg"}},
            },
        )
        (finding,) = found(one(trusts=trusts), "PC210")
        assert finding.severity == "high"
        assert "organization o-examp1e0rg" in finding.message
        assert not found(one(trusts=trusts), "PC210", {"trusted_orgs": ["o-examp1e0rg"]})

    @pytest.mark.parametrize(
        ("condition", "severity"),
        [
            ({"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/admin"}}, "critical"),
            ({"StringLike": {"aws:PrincipalAccount": "4*"}}, "critical"),
            ({"StringEquals": {"aws:PrincipalTag/team": "shop"}}, "critical"),
            ({"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}, "high"),
            ({"StringEquals": {"aws:SourceVpce": "vpce-1"}}, "medium"),
        ],
    )
    def test_a_stranger_who_suits_the_condition(self, condition: Json, severity: str) -> None:
        trusts = document(
            {"Effect": "Allow", "Principal": {"Service": LAMBDA}, "Action": "sts:AssumeRole"},
            {"Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole", "Condition": condition},
        )
        (finding,) = found(one(trusts=trusts), "PC210")
        assert finding.severity == severity
        assert "every AWS account" in finding.message

    def test_a_deny_takes_somebody_out(self) -> None:
        partner = {"AWS": f"arn:aws:iam::{OTHER}:root"}
        trusts = document(
            {"Effect": "Allow", "Principal": {"Service": LAMBDA, **partner}, "Action": "sts:AssumeRole"},
            {"Effect": "Deny", "Principal": partner, "Action": "sts:AssumeRole"},
        )
        assert not found(one(trusts=trusts), "PC210")

    def test_trusted_accounts_explain_and_others_remain(self) -> None:
        third = "777788889999"
        both = trust({"Service": LAMBDA, "AWS": [f"arn:aws:iam::{OTHER}:root", f"arn:aws:iam::{third}:root"]})
        (finding,) = found(one(trusts=both), "PC210", {"trusted_accounts": [OTHER]})
        assert third in finding.message
        assert OTHER not in finding.message

    def test_a_role_that_is_not_for_functions(self) -> None:
        ci = role("ci", allow("s3:GetObject"), trusts=trust({"AWS": f"arn:aws:iam::{OTHER}:root"}))
        assert not report(account(ci)).findings


class TestItself:
    """PC213."""

    def test_a_family_of_functions_means_the_others(self) -> None:
        assert not found(one(allow("lambda:InvokeFunction", function_arn("f*"))), "PC213")

    def test_its_own_name(self) -> None:
        assert found(one(allow("lambda:InvokeFunction", function_arn("f"))), "PC213")[0].severity == "low"

    def test_a_deny(self) -> None:
        own = function_arn("f")
        assert not found(one(allow("lambda:InvokeFunction", own), deny("lambda:*", own)), "PC213")


class TestLayers:
    """PC215."""

    def layered(self, statement: Json, layer: str, settings: Json | None = None) -> list[str]:
        captures = account(worker("f-role", statement), functions={"f": "f-role"}, layers=[layer])
        return [f.severity for f in found(captures, "PC215", settings)]

    def test_by_what_the_function_reaches(self) -> None:
        assert self.layered(allow("s3:GetObject"), LAYER) == ["medium"]
        assert self.layered(allow("s3:GetObject", "arn:aws:s3:::shop/*"), LAYER) == ["low"]
        assert self.layered(allow("xray:PutTraceSegments"), LAYER) == []

    def test_its_own_account(self) -> None:
        assert self.layered(allow("s3:GetObject"), LAYER.replace(OTHER, ACCOUNT)) == []

    @pytest.mark.parametrize("publisher", ["580247275435", "017000801446", "464622532012", "015030872274"])
    def test_well_known_publishers(self, publisher: str) -> None:
        assert self.layered(allow("s3:GetObject"), LAYER.replace(OTHER, publisher)) == []

    def test_trusted_accounts(self) -> None:
        assert self.layered(allow("s3:GetObject"), LAYER, {"trusted_accounts": [OTHER]}) == []
