"""What is deployed together is judged together: nested stacks, cdk.out, imports; everything else alone."""

import json
from pathlib import Path
from typing import Any

from permcheck.model import Facts
from tests.sources.cloudformation.checking import TRUST, folder, granting, resources_of, role, taken, worlds

FUNCTION = {"Type": "AWS::Lambda::Function", "Properties": {"Role": {"Fn::GetAtt": ["R", "Arn"]}}}


def names(found: list[Facts]) -> list[list[str]]:
    """Return the names of the roles of each world."""
    return [[role.name for role in facts.roles] for facts in found]


def test_two_templates_are_two_worlds() -> None:
    one = json.dumps({"Resources": {"R": role()}})
    assert names(worlds({"a/one.json": one, "a/two.json": one})) == [["one-R"], ["two-R"]]


def test_templates_that_import_from_one_another_are_one() -> None:
    """CloudFormation Template Reference, "Fn::ImportValue"."""
    exported = {"Value": {"Fn::GetAtt": ["B", "Arn"]}, "Export": {"Name": {"Fn::Sub": "${AWS::StackName}-bucket"}}}
    base = {"Resources": {"B": {"Type": "AWS::S3::Bucket"}}, "Outputs": {"O": exported}}
    user = {"Resources": {"R": granting({"Fn::ImportValue": "base-bucket"})}}
    (facts,) = worlds({"user.json": json.dumps(user), "base.json": json.dumps(base)})
    assert resources_of(facts) == ["arn:aws:s3:::base-b"]
    assert facts.inputs == ("base.json", "user.json")


def test_a_nested_stack_gets_parameters_and_gives_outputs(tmp_path: Path) -> None:
    child = {
        "Parameters": {"Bucket": {"Type": "String"}},
        "Resources": {"C": granting({"Fn::Sub": "arn:aws:s3:::${Bucket}/*"})},
        "Outputs": {"RoleArn": {"Value": {"Fn::GetAtt": ["C", "Arn"]}}},
    }
    stack = {"TemplateURL": "./sub/child.json", "Parameters": {"Bucket": {"Ref": "B"}}}
    parent: dict[str, Any] = {
        "Resources": {
            "B": {"Type": "AWS::S3::Bucket"},
            "Sub": {"Type": "AWS::CloudFormation::Stack", "Properties": stack},
            "F": {
                "Type": "AWS::Lambda::Function",
                "Properties": {"Role": {"Fn::GetAtt": ["Sub", "Outputs.RoleArn"]}},
            },
        }
    }
    files = folder(tmp_path, {"main.json": parent, "sub/child.json": child})
    (facts,) = worlds(files)
    assert [role.name for role in facts.roles] == ["main-Sub-C"]
    assert facts.functions[0].role == facts.roles[0].arn
    assert resources_of(facts) == ["arn:aws:s3:::main-b/*"]
    assert facts.not_read == ()
    # The child need not be named; it is read because it is at hand.
    (alone,) = worlds({path: text for path, text in files.items() if path.endswith("main.json")})
    assert names([alone]) == names([facts])


def test_a_nested_stack_that_is_not_at_hand_is_noted() -> None:
    stack = {"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": "https://s3.amazonaws.com/b/x.json"}}
    (facts,) = worlds({"main.json": json.dumps({"Resources": {"Sub": stack, "R": role()}})})
    assert [(gap.pointer, gap.effect) for gap in facts.not_read] == [
        ("/Resources/Sub", "what it creates is not in view")
    ]


def test_a_nested_stack_that_holds_itself_ends(tmp_path: Path) -> None:
    stack = {"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": "main.json"}}
    files = folder(tmp_path, {"main.json": {"Resources": {"Sub": stack, "R": role()}}})
    found, _ = taken(files)
    assert all("not at hand" in gap.error for facts in found for gap in facts.not_read)


def assembly(stacks: dict[str, str], nested: dict[str, str] | None = None) -> dict[str, Any]:
    """Return a manifest as the CDK writes it. stacks: artifact → environment."""
    made: dict[str, Any] = {
        name: {
            "type": "aws:cloudformation:stack",
            "environment": environment,
            "properties": {"templateFile": f"{name}.template.json"},
        }
        for name, environment in stacks.items()
    }
    for name, directory in (nested or {}).items():
        made[name] = {"type": "cdk:cloud-assembly", "properties": {"directoryName": directory}}
    return {"version": "36.0.0", "artifacts": made}


def test_the_stacks_of_a_cdk_out_are_one_world(tmp_path: Path) -> None:
    """AWS CDK, "Cloud assembly": cross-stack references are exports and imports; stages are nested assemblies."""
    exported = {"Value": {"Fn::GetAtt": ["B", "Arn"]}, "Export": {"Name": "Data:ExportsOutputFnGetAttBArn"}}
    data = {"Resources": {"B": {"Type": "AWS::S3::Bucket"}}, "Outputs": {"E": exported}}
    app = {"Resources": {"R": granting({"Fn::ImportValue": "Data:ExportsOutputFnGetAttBArn"}), "F": FUNCTION}}
    child = {"Resources": {"N": role()}}
    stage: dict[str, Any] = {
        "Resources": {
            "S": {
                "Type": "AWS::CloudFormation::Stack",
                "Properties": {"TemplateURL": {"Fn::Join": ["", ["https://s3.", {"Ref": "AWS::URLSuffix"}, "/x"]]}},
                "Metadata": {"aws:asset:path": "inner.nested.template.json"},
            }
        }
    }
    environment = "aws://444455556666/eu-north-1"
    files = folder(
        tmp_path / "cdk.out",
        {
            "manifest.json": assembly({"Data": environment, "App": environment}, {"Prod": "assembly-Prod"}),
            "Data.template.json": data,
            "App.template.json": app,
            "assembly-Prod/manifest.json": assembly({"Stage": "aws://unknown-account/unknown-region"}),
            "assembly-Prod/Stage.template.json": stage,
            "assembly-Prod/inner.nested.template.json": child,
            "tree.json": {"version": "tree-0.1"},
            "Renamed.template.json": {"Resources": {"Old": role()}},
        },
    )
    (facts,) = worlds(files)
    assert [role.name for role in facts.roles] == ["App-R", "Stage-S-N"]
    assert resources_of(facts) == ["arn:aws:s3:::data-b"]
    assert facts.not_read == ()


def test_a_stack_of_an_assembly_is_where_the_manifest_says(tmp_path: Path) -> None:
    from permcheck.sources.cloudformation import Options, Templates

    files = folder(
        tmp_path,
        {
            "manifest.json": assembly({"App": "aws://444455556666/eu-north-1"}),
            "App.template.json": {"Resources": {"R": role(), "F": FUNCTION}},
        },
    )
    templates = Templates(Options())
    for path, content in files.items():
        templates.takes(path, content)
    (facts,) = templates.worlds()
    assert facts.functions[0].arn == "arn:aws:lambda:eu-north-1:444455556666:function:App-F"
    assert not any("stands for it" in sentence for sentence in facts.assumptions)


def test_a_manifest_may_name_what_is_missing(tmp_path: Path) -> None:
    files = folder(tmp_path, {"manifest.json": assembly({"App": "aws://444455556666/eu-north-1"})})
    found, templates = taken(files)
    assert found == [] and "has no template" in templates.gaps[0].error


def test_a_deny_that_a_custom_resource_rewrites() -> None:
    """Amplify CLI: UpdateRolesWithIDPFunction writes the trust policies at deploy."""
    deny = {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Deny", "Action": "sts:AssumeRole", "Principal": {"Federated": "cognito-identity.amazonaws.com"}}
        ],
    }
    resources = {
        "AuthRole": role(AssumeRolePolicyDocument=deny, RoleName="app-auth"),
        "UnauthRole": role(AssumeRolePolicyDocument=deny, RoleName="app-unauth"),
        "Other": role(AssumeRolePolicyDocument=deny, RoleName="other"),
        "Pool": {
            "Type": "AWS::Cognito::IdentityPool",
            "Properties": {"AllowUnauthenticatedIdentities": True},
        },
        "UpdateRolesWithIDPFunctionOutputs": {
            "Type": "Custom::LambdaCallout",
            "Properties": {
                "ServiceToken": "arn:x",
                "idpId": {"Ref": "Pool"},
                "authRoleName": {"Ref": "AuthRole"},
                "unauthRoleName": {"Ref": "UnauthRole"},
            },
        },
    }
    (facts,) = worlds({"demo.json": json.dumps({"Resources": resources})})
    trusts = {role.name: role.trust for role in facts.roles}
    for name, amr in (("app-auth", "authenticated"), ("app-unauth", "unauthenticated")):
        trust = trusts[name]
        assert trust is not None
        (statement,) = trust.statements
        assert statement.is_allow
        assert {c.key: c.values for c in statement.conditions} == {
            "cognito-identity.amazonaws.com:aud": (facts.pools[0].id,),
            "cognito-identity.amazonaws.com:amr": (amr,),
        }
        assert trust.place(statement.pointer)[1].startswith("/Resources/UpdateRolesWithIDPFunctionOutputs")
    other = trusts["other"]
    assert other is not None and not other.statements[0].is_allow
    assert any("set at deploy by UpdateRolesWithIDPFunctionOutputs" in each for each in facts.assumptions)
    assert TRUST
