"""AWS managed policies: facts that AWS's reference of managed policies states, and the form of the table."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator, Mapping
from importlib import metadata, resources
from typing import Any

import pytest

from permcheck.data import managed_policies
from tools import make_managed_policies

PACKED = resources.files("permcheck.data").joinpath("aws_managed_policies.json.gz").read_bytes()
WHOLE: dict[str, Any] = json.loads(gzip.decompress(PACKED))


def statements(document: Mapping[str, Any] | None) -> Iterator[Mapping[str, Any]]:
    assert document is not None
    written = document["Statement"]
    yield from written if isinstance(written, list) else [written]


def allowed(arn: str) -> set[str]:
    found: set[str] = set()
    for statement in statements(managed_policies.document(arn)):
        if statement["Effect"] == "Allow":
            actions = statement["Action"]
            found.update([actions] if isinstance(actions, str) else actions)
    return found


def test_basic_execution_role_writes_logs_and_nothing_else() -> None:
    arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
    assert allowed(arn) == {"logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"}


def test_vpc_execution_role_has_the_newer_version_with_subnets() -> None:
    arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole"
    assert "ec2:DescribeSubnets" in allowed(arn)
    assert managed_policies.version(arn) not in ("v1", "v2")


def test_administrator_is_everything() -> None:
    (statement,) = statements(managed_policies.document("arn:aws:iam::aws:policy/AdministratorAccess"))
    assert (statement["Effect"], statement["Action"], statement["Resource"]) == ("Allow", "*", "*")


def test_lambda_full_access_passes_any_role_to_lambda() -> None:
    document = managed_policies.document("arn:aws:iam::aws:policy/AWSLambda_FullAccess")
    (passing,) = (one for one in statements(document) if "iam:PassRole" in one["Action"])
    assert passing["Resource"] == "*"
    assert passing["Condition"] == {"StringEquals": {"iam:PassedToService": "lambda.amazonaws.com"}}


def test_lambda_execute_reaches_every_bucket() -> None:
    document = managed_policies.document("arn:aws:iam::aws:policy/AWSLambdaExecute")
    (objects,) = (one for one in statements(document) if "s3:GetObject" in one["Action"])
    assert "s3:PutObject" in objects["Action"]
    assert objects["Resource"] == "arn:aws:s3:::*"


@pytest.mark.parametrize(
    "arn",
    [
        "arn:aws:iam::aws:policy/AWSLambdaBasicExecutionRole",  # its path is missing
        "arn:aws:iam::aws:policy/awslambda_fullaccess",
        "arn:aws:iam::aws:policy/NoSuchPolicy",
        "arn:aws:iam::123456789012:policy/AdministratorAccess",
        "arn:aws:iam::aws:policy/",
        "made",
        "policies",
        "",
        'arn:aws:iam::aws:policy/Administrator"Access',
        'arn:aws:iam::aws:policy/AdministratorAccess":{"version',
        "arn:aws:iam::aws:policy/AdministratorAccess\n",
        "arn:azure:iam::aws:policy/AdministratorAccess",
    ],
)
def test_what_is_not_listed_has_no_text(arn: str) -> None:
    assert managed_policies.document(arn) is None
    assert managed_policies.version(arn) is None
    assert not managed_policies.borrowed(arn)


@pytest.mark.parametrize("partition", ["aws-cn", "aws-us-gov"])
def test_other_partitions_borrow_the_text_with_their_own_arns(partition: str) -> None:
    arn = f"arn:{partition}:iam::aws:policy/AWSLambdaExecute"
    assert managed_policies.borrowed(arn)
    assert not managed_policies.borrowed("arn:aws:iam::aws:policy/AWSLambdaExecute")
    text = json.dumps(managed_policies.document(arn))
    assert f"arn:{partition}:s3:::*" in text
    assert "arn:aws:" not in text
    assert f"arn:{partition}:" not in json.dumps(managed_policies.document("arn:aws:iam::aws:policy/AWSLambdaExecute"))


def test_one_question_answers_what_the_whole_table_holds() -> None:
    assert len(WHOLE["policies"]) == WHOLE["count"] > 1500
    for arn, entry in WHOLE["policies"].items():
        assert managed_policies.document(arn) == entry["document"], arn
        assert managed_policies.version(arn) == entry["version"], arn


def test_every_policy_is_well_formed() -> None:
    for arn, entry in WHOLE["policies"].items():
        assert re.fullmatch(r"arn:aws:iam::aws:policy/([a-z-]+/)?[\w+=,.@-]+", arn), arn
        assert re.fullmatch(r"v\d+", entry["version"]), arn
        assert entry["document"]["Version"] == "2012-10-17", arn
        for statement in statements(entry["document"]):
            assert statement["Effect"] in ("Allow", "Deny"), arn
            assert ("Action" in statement) != ("NotAction" in statement), arn
            assert "Principal" not in statement, arn


def test_equal_attachments_share_one_document() -> None:
    arn = "arn:aws:iam::aws:policy/ReadOnlyAccess"
    assert managed_policies.document(arn) is managed_policies.document(arn)


def test_retired_services_are_still_named_by_aws() -> None:
    # CodeStar ended in 2024; AWSCodeStarFullAccess stayed.
    assert managed_policies.names_service("codestar")
    assert managed_policies.names_action("codestar:*")
    assert not managed_policies.names_service("codestarr")
    assert not managed_policies.names_action("sts:GetCallerIdentify")
    # Condition keys and ARNs begin alike and are no actions.
    assert not managed_policies.names_service("aws")
    assert not managed_policies.names_service("arn")


def test_the_table_is_dated() -> None:
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", managed_policies.made())
    assert re.match(r"moto \d+\.\d+", managed_policies.source())
    assert WHOLE["newest_policy"] <= managed_policies.made()


def row(path: str, action: str) -> dict[str, object]:
    return {
        "Path": path,
        "DefaultVersionId": "v2",
        "CreateDate": "2020-01-02T00:00:00+00:00",
        "UpdateDate": "2021-03-04T00:00:00+00:00",
        "Document": {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": action, "Resource": "*"}]},
    }


def test_the_script_gives_the_same_bytes_for_the_same_policies() -> None:
    one, two = row("/", "s3:GetObject"), row("/service-role/", "sqs:SendMessage")
    content = make_managed_policies.packed({"A": one, "B": two}, "2026-01-01", "9.9")
    assert content == make_managed_policies.packed({"B": two, "A": one}, "2026-01-01", "9.9")
    assert content[3] == 0, "the gzip header holds a file name"
    assert content[4:8] == bytes(4), "the gzip header holds a time"
    table = json.loads(gzip.decompress(content))
    assert list(table["policies"]) == ["arn:aws:iam::aws:policy/A", "arn:aws:iam::aws:policy/service-role/B"]
    assert table["policies"]["arn:aws:iam::aws:policy/A"] == {"version": "v2", "document": one["Document"]}
    assert (table["newest_policy"], table["source"][:8]) == ("2021-03-04", "moto 9.9")


def test_the_table_is_what_the_script_makes_of_moto() -> None:
    pytest.importorskip("moto")
    release = metadata.version("moto")
    if f"moto {release}," not in managed_policies.source():
        pytest.skip(f"the table is of {managed_policies.source()}, installed is moto {release}")
    # Compared unpacked: zlib's own releases may pack the same text differently.
    made = make_managed_policies.packed(make_managed_policies.policies(), managed_policies.made(), release)
    assert gzip.decompress(made) == gzip.decompress(PACKED)
