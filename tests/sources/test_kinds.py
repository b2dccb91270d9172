"""Which kind a value is taken for, and what is said of the ones that are none."""

import json

import pytest

from permcheck.sources.files.kinds import KINDS, kind_of
from tests.sources.captures import (
    FUNCTION,
    ROLE,
    attached,
    configuration,
    details,
    document,
    functions,
    group,
    inline,
    managed,
    policy_output,
    read,
    role,
    the_gap,
    user,
)
from tests.sources.samples import SAMPLES

POLICY = {"PolicyName": "p", "Arn": "arn:aws:iam::111122223333:policy/p"}
SHORT = {"RoleName": "r", "Arn": ROLE}
VERSION = {"VersionId": "v1", "IsDefaultVersion": True, "Document": document()}


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (details(role()), "get-account-authorization-details"),
        ({"UserDetailList": []}, "get-account-authorization-details"),
        (role(), "a role, user or group with its policies"),
        ({"Role": role()}, "get-role"),
        ({"User": user()}, "get-user"),
        ({"Group": group(), "Users": []}, "get-group"),
        ({"RoleName": "r"} | inline("p", {}), "get-role-policy"),
        ({"UserName": "u"} | inline("p", {}), "get-role-policy"),
        ({"Policy": POLICY}, "get-policy"),
        ({"PolicyVersion": VERSION}, "get-policy-version"),
        (VERSION, "a policy version"),
        ({"Roles": [SHORT]}, "list-roles"),
        ({"Users": [user()]}, "list-users"),
        ({"Groups": [group()]}, "list-groups"),
        ({"Policies": [POLICY]}, "list-policies"),
        ({"Versions": [{"VersionId": "v1", "IsDefaultVersion": True}]}, "list-policy-versions"),
        ({"PolicyNames": ["a"]}, "a list of PolicyNames"),
        ({"AttachedPolicies": attached("a"), "IsTruncated": False}, "a list of AttachedPolicies"),
        ({"Tags": [{"Key": "a", "Value": "b"}]}, "a list of Tags"),
        (managed("p", {}), "a managed policy"),
        (SHORT, "a role"),
        (functions(), "list-functions"),
        ({"Configuration": configuration(), "Code": {}, "Tags": {}}, "get-function"),
        ({"Versions": [configuration()]}, "list-versions-by-function"),
        (configuration(), "get-function-configuration"),
        (policy_output("{}"), "get-policy"),
        ({"FunctionUrlConfigs": []}, "list-function-url-configs"),
        ({"FunctionArn": FUNCTION, "AuthType": "NONE"}, "get-function-url-config"),
        ({"EventSourceMappings": []}, "list-event-source-mappings"),
        ({"UUID": "1", "FunctionArn": FUNCTION}, "get-event-source-mapping"),
        ({"Aliases": [{"AliasArn": FUNCTION, "FunctionVersion": "1"}]}, "list-aliases"),
        ({"AliasArn": FUNCTION, "FunctionVersion": "1"}, "get-alias"),
        ({"Tags": {"a": "b"}}, "list-tags"),
        ({"IdentityPools": []}, "list-identity-pools"),
        ({"IdentityPoolId": "x", "IdentityPoolName": "y"}, "describe-identity-pool"),
        ({"IdentityPoolId": "x", "Roles": {}}, "get-identity-pool-roles"),
        (document(), "a policy document"),
        ({"PolicyDocument": {}}, "a policy document"),
    ],
)
def test_every_kind(value: dict[str, object], name: str) -> None:
    kind = kind_of(value)
    assert kind is not None
    assert kind.name == name
    backwards = dict(reversed(value.items()))
    assert kind_of(backwards) is kind  # the order of members does not matter


def test_no_kind_is_forgotten_above() -> None:
    named = {k.name for k in KINDS}
    tested = {mark.args[1][i][1] for mark in test_every_kind.pytestmark for i in range(len(mark.args[1]))}  # type: ignore[attr-defined]
    told_elsewhere = {sample.kind for sample in SAMPLES} | {"an empty listing"}
    ours = {"permcheck", "permcheck --format sarif"}  # test_own_outputs.py
    assert named - tested - told_elsewhere - ours == {"a user", "a group"}  # told as a role is


@pytest.mark.parametrize(
    "value",
    [
        {},
        [],
        3,
        None,
        "text",
        True,
        {"Aliases": [{"AliasName": "alias/x", "AliasArn": "arn:aws:kms:us-east-1:1:alias/x"}]},
        {"Statement": '{"Sid": "x"}'},
        {"Policies": [{"Id": "p-1", "Name": "x", "Type": "TAG_POLICY"}]},
        {"Roles": "x"},
        {"Tags": {"a": "b"}, "Name": "x"},
        {"Buckets": [], "Owner": {}},
        {"requests": [1, 2, 3]},
        [[document()]],
    ],
)
def test_what_is_no_kind(value: object) -> None:
    facts = read({"a.json": json.dumps(value)})
    gap = the_gap(facts)
    assert (gap.error, gap.effect, gap.pointer) == (
        "not a kind of JSON that permcheck reads",
        "nothing in it is used",
        "",
    )
    assert (facts.roles, facts.functions, facts.policies) == ((), (), ())


def test_some_entries_of_a_list_are_no_kind() -> None:
    facts = read({"a.json": [configuration(), {"x": 1}, {"y": 2}]})
    assert len(facts.functions) == 1
    error = "not a kind of JSON that permcheck reads"
    assert [(gap.pointer, gap.error) for gap in facts.not_read] == [("/1", error), ("/2", error)]


@pytest.mark.parametrize(
    ("name", "content", "error"),
    [
        ("t.json", {"AWSTemplateFormatVersion": "2010-09-09", "Resources": {}}, "a CloudFormation template"),
        ("t.json", {"Resources": {"F": {"Type": "AWS::Lambda::Function"}}}, "a CloudFormation template"),
        ("t.json", {"Transform": "AWS::Serverless-2016-10-31", "Resources": {"F": {"Type": "AWS::S3::Bucket"}}},
         "a SAM template"),
        ("t.yaml", "AWSTemplateFormatVersion: '2010-09-09'\nResources:\n", "a CloudFormation template"),
        ("t.yml", "Transform: AWS::Serverless-2016-10-31\nResources:\n  F:\n", "a SAM template"),
        ("plan.json", {"terraform_version": "1.9", "planned_values": {}}, "a Terraform plan"),
    ],
)  # fmt: skip
def test_templates_are_for_another_command(name: str, content: object, error: str) -> None:
    gap = the_gap(read({name: content}))
    assert (gap.error, gap.effect) == (error, "permcheck check reads templates and Terraform plans")


@pytest.mark.parametrize(
    ("name", "content", "error"),
    [
        ("terraform.tfstate", {"terraform_version": "1.9", "resources": []}, "a Terraform state"),
        ("main.tf", 'resource "aws_lambda_function" "f" {}', "Terraform source"),
        ("notes.yaml", "a: 1", "not JSON"),
        ("list.txt", "-------\n| ListFunctions |", "not JSON"),
    ],
)
def test_other_files(name: str, content: object, error: str) -> None:
    assert the_gap(read({name: content})).error == error
