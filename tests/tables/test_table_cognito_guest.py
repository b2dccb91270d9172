"""The ceiling over guests of an identity pool (Amazon Cognito Developer Guide, iam-roles)."""

from __future__ import annotations

import fnmatch
from collections.abc import Mapping
from typing import Any

import pytest

from permcheck.data import cognito_guest, managed_policies


def covers(document: Mapping[str, Any], action: str) -> bool:
    (statement,) = document["Statement"]
    assert statement["Effect"] == "Allow"
    assert statement["Resource"] in ("*", ["*"])
    return any(fnmatch.fnmatchcase(action, pattern) for pattern in statement["Action"])


def within(action: str, region: str | None = None) -> bool:
    return any(covers(document, action) for document in cognito_guest.session_policies(region))


@pytest.mark.parametrize(
    "action",
    [
        "lambda:InvokeFunction",
        "lambda:UpdateFunctionCode",
        "lambda:PutResourcePolicy",
        "execute-api:Invoke",
        "dynamodb:PutItem",
        "s3:GetObject",
        "kms:Decrypt",
        "rum:PutRumEvents",
        "geo:ListMaps",
    ],
)
def test_inside(action: str) -> None:
    assert within(action)
    assert within(action, "eu-west-1")


@pytest.mark.parametrize(
    "action",
    [
        "iam:PassRole",
        "sts:AssumeRole",
        "secretsmanager:GetSecretValue",
        "ssm:GetParameter",
        "ec2:DescribeInstances",
        "events:PutEvents",
        "states:StartExecution",
        "cloudformation:CreateStack",
        "kms:CreateGrant",
        "sagemaker:CreateEndpoint",
    ],
)
def test_outside(action: str) -> None:
    assert not within(action)


def test_each_part_adds_something() -> None:
    inline, managed = cognito_guest.session_policies()
    assert covers(inline, "lambda:InvokeFunction") and not covers(managed, "lambda:InvokeFunction")
    assert covers(managed, "kms:Decrypt") and not covers(inline, "kms:Decrypt")


@pytest.mark.parametrize(
    "action", ["cognito-sync:ListRecords", "codewhisperer:X", "textract:AnalyzeDocument", "sdb:Select"]
)
def test_opt_in_regions_have_less(action: str) -> None:
    assert within(action)
    assert within(action, "us-east-1")
    assert not within(action, "af-south-1")


def test_lambda_is_inside_everywhere() -> None:
    assert within("lambda:InvokeFunction", "af-south-1")


@pytest.mark.parametrize("region", ["af-south-1", "me-central-1", "ap-southeast-3", "il-central-1", "mx-central-1"])
def test_opt_in(region: str) -> None:
    assert cognito_guest.is_opt_in(region)


@pytest.mark.parametrize(
    "region",
    ["us-east-1", "eu-north-1", "ap-northeast-3", "cn-north-1", "us-gov-west-1", "us-iso-east-1", "", "nowhere"],
)
def test_not_opt_in(region: str) -> None:
    assert not cognito_guest.is_opt_in(region)
    assert cognito_guest.session_policies(region) == cognito_guest.session_policies()


def test_the_managed_part_is_the_managed_policy() -> None:
    assert cognito_guest.session_policies()[1] == managed_policies.document(cognito_guest.managed_arn())


def test_the_table_is_dated() -> None:
    assert cognito_guest.made() >= "2026-11-21"
