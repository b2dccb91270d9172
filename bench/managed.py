"""Managed policies of the generated account: AWS's own (shortened) and the customer's, with their versions."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator

from bench.names import function_arn, identifier, local_arn, moment, policy_arn, role_arn
from bench.statements import OFFICE_NETWORKS, SAME_TEAM, Json, allow, deny, deployment, document

AWS = "arn:aws:iam::aws:policy/"
BASIC_EXECUTION = f"{AWS}service-role/AWSLambdaBasicExecutionRole"
VPC_EXECUTION = f"{AWS}service-role/AWSLambdaVPCAccessExecutionRole"
INVOKE_ANY = f"{AWS}service-role/AWSLambdaRole"
FULL_LAMBDA = f"{AWS}AWSLambda_FullAccess"
READ_ONLY = f"{AWS}ReadOnlyAccess"
POWER_USER = f"{AWS}PowerUserAccess"
ADMINISTRATOR = f"{AWS}AdministratorAccess"

# AWS's ReadOnlyAccess names well over a thousand actions; this many services keep the weight without the text.
_READ_SERVICES = """
    acm apigateway appsync athena autoscaling backup batch cloudformation cloudfront cloudtrail cloudwatch codebuild
    codecommit codedeploy codepipeline cognito-identity cognito-idp config dynamodb ec2 ecr ecs eks elasticache
    elasticfilesystem elasticloadbalancing events firehose glue iam inspector2 iot kafka kinesis kms lambda logs mq
    organizations rds redshift route53 s3 sagemaker scheduler secretsmanager servicediscovery ses sns sqs ssm states
    synthetics tag waf workspaces xray
"""


def _aws_documents() -> Iterator[tuple[str, Json]]:
    logs = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"]
    network = ["ec2:CreateNetworkInterface", "ec2:DescribeNetworkInterfaces", "ec2:DeleteNetworkInterface"]
    reads = [f"{service}:{verb}*" for service in _READ_SERVICES.split() for verb in ("Describe", "Get", "List")]
    passing = allow("iam:PassRole", "*", {"StringEquals": {"iam:PassedToService": "lambda.amazonaws.com"}})
    power: Json = {"Effect": "Allow", "NotAction": ["iam:*", "organizations:*", "account:*"], "Resource": "*"}
    yield BASIC_EXECUTION, document([allow(logs, "*")])
    yield VPC_EXECUTION, document([allow(logs + network, "*")])
    yield INVOKE_ANY, document([allow(["lambda:InvokeFunction"], ["*"])])
    yield (
        FULL_LAMBDA,
        document([allow(["lambda:*", "logs:DescribeLogGroups", "states:DescribeStateMachine"], "*"), passing]),
    )
    yield READ_ONLY, document([allow(reads, "*")])
    yield POWER_USER, document([power, allow(["iam:CreateServiceLinkedRole", "iam:ListRoles"], "*")])
    yield ADMINISTRATOR, document([allow("*", "*")])


def _account_documents() -> Iterator[tuple[str, Json]]:
    """Policies that teams share: guard rails, boundaries, tag-based access."""
    unprotected: Json = deny("*", "*", {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}, "NothingWithoutMfa")
    del unprotected["Action"]
    unprotected["NotAction"] = ["iam:ListMFADevices", "iam:EnableMFADevice", "sts:GetSessionToken"]
    elsewhere = {"NotIpAddress": {"aws:SourceIp": OFFICE_NETWORKS}, "Bool": {"aws:ViaAWSService": "false"}}
    abroad = {"StringNotEquals": {"aws:RequestedRegion": ["eu-west-1", "us-east-1"]}}
    yield "require-mfa", document([unprotected])
    yield "office-network", document([deny("*", "*", elsewhere)])
    yield (
        "guard-rails",
        document(
            [
                deny(["iam:CreateUser", "iam:CreateAccessKey", "organizations:*"], "*", sid="NoNewKeys"),
                deny(
                    ["lambda:AddPermission", "lambda:PutResourcePolicy"],
                    "*",
                    {"StringEquals": {"lambda:Principal": "*"}},
                ),
                deny("*", "*", abroad, "OurRegions"),
            ]
        ),
    )
    yield "invoke-own-by-tag", document([allow(["lambda:InvokeFunction", "lambda:GetFunction"], "*", SAME_TEAM)])
    yield "invoke-shared-services", document([allow("lambda:InvokeFunction", function_arn("team-00-*"))])
    yield "legacy-invoke", document([allow("lambda:InvokeFunction", function_arn("${aws:username}-*"))], "2008-10-17")
    yield (
        "workload-boundary",
        document(
            [
                allow(
                    ["logs:*", "dynamodb:*", "s3:*", "sqs:*", "sns:*", "kms:*", "secretsmanager:Get*", "ssm:Get*"], "*"
                ),
                allow(["lambda:InvokeFunction", "xray:*"], "*"),
                deny("lambda:InvokeFunction", function_arn("*-audit-*")),
            ]
        ),
    )
    yield (
        "developer-boundary",
        document(
            [
                allow("*", "*"),
                deny(["iam:*", "lambda:AddPermission"], "*", {"Null": {"aws:PrincipalTag/owner": "true"}}),
            ]
        ),
    )


def _team_documents(team: str) -> Iterator[tuple[str, Json]]:
    own = function_arn(f"{team}-*")
    table = local_arn("dynamodb", f"table/{team}-*")
    yield f"{team}-invoke", document([allow("lambda:InvokeFunction", own), allow("events:PutEvents", "*")])
    yield f"{team}-tables", document([allow("dynamodb:*", table), deny("dynamodb:DeleteTable", "*")])
    yield f"{team}-deploy", document(list(deployment(team)))
    yield (
        f"{team}-develop",
        document(
            [
                allow("lambda:*", own),
                allow(["logs:*", "cloudwatch:*"], "*"),
                allow("iam:PassRole", role_arn(f"{team}-*")),
                deny(
                    "lambda:InvokeFunction",
                    function_arn(f"{team}-payments-*"),
                    {"Bool": {"aws:SecureTransport": "false"}},
                ),
            ]
        ),
    )


def customer_documents(teams: list[str]) -> dict[str, Json]:
    """Customer managed policies by name."""
    return dict(_account_documents()) | {name: text for team in teams for name, text in _team_documents(team)}


def managed_policies(
    teams: list[str], attached: Counter[str], bounding: Counter[str], rng: random.Random
) -> list[Json]:
    """The `Policies` list; `attached` and `bounding` count the uses of each ARN. AWS's stand only where used."""
    ours = [(policy_arn(name), text) for name, text in customer_documents(teams).items()]
    theirs = [(arn, text) for arn, text in _aws_documents() if attached[arn] or bounding[arn]]
    return [_entry(arn, text, attached[arn], bounding[arn], rng) for arn, text in ours + theirs]


def _entry(arn: str, text: Json, attached: int, bounding: int, rng: random.Random) -> Json:
    made = moment(rng)
    newest = rng.choice((1, 1, 1, 2, 3, 4))
    versions: list[Json] = [{"Document": text, "VersionId": f"v{newest}", "IsDefaultVersion": True, "CreateDate": made}]
    # Versions that are no longer the default were wider once; a reader must not take them for the policy.
    for number in range(newest - 1, 0, -1):
        wider = document([allow(["lambda:*", "dynamodb:*"], "*"), *text["Statement"]])
        versions.append({"Document": wider, "VersionId": f"v{number}", "IsDefaultVersion": False, "CreateDate": made})
    head, _, name = arn.partition(":policy")[2].rpartition("/")
    return {
        "PolicyName": name,
        "PolicyId": identifier(rng, "ANPA"),
        "Arn": arn,
        "Path": f"{head}/",
        "DefaultVersionId": f"v{newest}",
        "AttachmentCount": attached,
        "PermissionsBoundaryUsageCount": bounding,
        "IsAttachable": True,
        "CreateDate": made,
        "UpdateDate": made,
        "PolicyVersionList": versions,
    }
