"""Intrinsic functions (CloudFormation Template Reference, "Intrinsic function reference")."""

from typing import Any

import pytest

from tests.sources.cloudformation.checking import ACCOUNT, REGION, granting, resources_of, world

TEMPLATE: dict[str, Any] = {
    "Parameters": {
        "Stage": {"Type": "String", "Default": "dev"},
        "Names": {"Type": "CommaDelimitedList", "Default": "red, green"},
        "Untold": {"Type": "String"},
        "FromSsm": {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/path"},
    },
    "Mappings": {"Buckets": {"dev": {"name": "dev-bucket"}, "prod": {"name": "prod-bucket"}}},
    "Conditions": {
        "IsDev": {"Fn::Equals": [{"Ref": "Stage"}, "dev"]},
        "Never": {"Fn::And": [{"Condition": "IsDev"}, {"Fn::Not": [{"Condition": "IsDev"}]}]},
        "Maybe": {"Fn::Equals": [{"Ref": "Untold"}, "yes"]},
        "Surely": {"Fn::Or": [{"Condition": "Maybe"}, {"Condition": "IsDev"}]},
    },
    "Resources": {
        "Pictures": {"Type": "AWS::S3::Bucket"},
        "Orders": {"Type": "AWS::DynamoDB::Table", "Properties": {"TableName": "orders"}},
        "Jobs": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "jobs"}},
        "Vault": {"Type": "AWS::Glacier::Vault"},
        "Own": {"Type": "Custom::Thing", "Properties": {"ServiceToken": "arn:x"}},
    },
}
HERE = f"{REGION}:{ACCOUNT}"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ({"Fn::GetAtt": ["Pictures", "Arn"]}, "arn:aws:s3:::demo-pictures"),
        ({"Fn::GetAtt": "Pictures.Arn"}, "arn:aws:s3:::demo-pictures"),
        ({"Fn::Sub": "${Pictures.Arn}/*"}, "arn:aws:s3:::demo-pictures/*"),
        ({"Fn::Sub": "arn:aws:s3:::${Pictures}/${!aws:username}"}, "arn:aws:s3:::demo-pictures/${aws:username}"),
        ({"Fn::Sub": ["arn:aws:s3:::${A}-${Stage}", {"A": {"Ref": "Pictures"}}]}, "arn:aws:s3:::demo-pictures-dev"),
        ({"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, ":s3:::x"]]}, "arn:aws:s3:::x"),
        ({"Fn::Join": ["-", {"Ref": "Names"}]}, "red-green"),
        ({"Fn::Select": [1, {"Ref": "Names"}]}, "green"),
        ({"Fn::Select": ["0", {"Fn::Split": ["/", "a/b"]}]}, "a"),
        ({"Fn::FindInMap": ["Buckets", {"Ref": "Stage"}, "name"]}, "dev-bucket"),
        ({"Fn::If": ["IsDev", "yes", "no"]}, "yes"),
        ({"Fn::If": ["Never", "yes", "no"]}, "no"),
        ({"Fn::If": ["Surely", "yes", "no"]}, "yes"),
        ({"Fn::If": ["Maybe", "same", "same"]}, "same"),
        ({"Fn::If": ["Maybe", "yes", "no"]}, "<Maybe>"),
        ({"Fn::Sub": "${AWS::Region}/${AWS::AccountId}/${AWS::StackName}"}, f"{REGION}/{ACCOUNT}/demo"),
        ({"Fn::GetAtt": ["Orders", "Arn"]}, f"arn:aws:dynamodb:{HERE}:table/orders"),
        ({"Ref": "Orders"}, "orders"),
        ({"Ref": "Jobs"}, f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/jobs"),
        ({"Fn::GetAtt": ["Jobs", "Arn"]}, f"arn:aws:sqs:{HERE}:jobs"),
        ({"Ref": "Untold"}, "<Untold>"),
        ({"Fn::Sub": "arn:aws:s3:::${Untold}/*"}, "arn:aws:s3:::<Untold>/*"),
        ({"Ref": "FromSsm"}, "<FromSsm>"),
        ("{{resolve:ssm:/path:1}}/*", "<ssm-path-1>/*"),
        ({"Fn::GetAtt": ["Own", "Arn"]}, "<Own.Arn>"),
        ({"Fn::ImportValue": "elsewhere"}, "<elsewhere>"),
        ({"Fn::Select": [7, {"Ref": "Names"}]}, "<Select.7>"),
        ({"Fn::GetAZs": ""}, "<AvailabilityZones>"),
    ],
)
def test_what_a_value_stands_for(written: Any, meant: str) -> None:
    facts = world({**TEMPLATE, "Resources": {**TEMPLATE["Resources"], "R": granting(written)}})
    assert resources_of(facts) == [meant]
    assert not facts.not_read


def test_entries_that_stand_for_no_value_are_left_out() -> None:
    listed = ["a", {"Ref": "AWS::NoValue"}, {"Fn::If": ["Never", "b", {"Ref": "AWS::NoValue"}]}, "c"]
    assert resources_of(world({**TEMPLATE, "Resources": {"R": granting(listed)}})) == ["a", "c"]


def test_given_parameters_go_before_defaults() -> None:
    resources = {"R": granting([{"Ref": "Stage"}, {"Ref": "Untold"}])}
    assert resources_of(world({**TEMPLATE, "Resources": resources}, Stage="prod", Untold="told")) == ["prod", "told"]


def test_a_resource_whose_condition_is_false_is_not_created() -> None:
    resources = {"R": {**granting("a"), "Condition": "Never"}, "S": {**granting("b"), "Condition": "Maybe"}}
    facts = world({**TEMPLATE, "Resources": resources})
    assert resources_of(facts) == ["b"]
    assert any("The condition Maybe is not known" in sentence for sentence in facts.assumptions)


def test_a_statement_under_a_condition_that_nobody_knows_may_hold() -> None:
    statement = {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}
    document = {"Version": "2012-10-17", "Statement": [{"Fn::If": ["Maybe", statement, {"Ref": "AWS::NoValue"}]}]}
    held = granting("a")
    held["Properties"]["Policies"][0]["PolicyDocument"] = document
    facts = world({**TEMPLATE, "Resources": {"R": held}})
    (found,) = facts.roles[0].policies[0].statements
    assert [(c.operator, c.key, c.values) for c in found.conditions] == [("StringEquals", "deploy:Maybe", ("true",))]


def test_a_loop_makes_a_resource_of_each_entry() -> None:
    """CloudFormation Template Reference, "Fn::ForEach"."""
    loop = {"Fn::ForEach::Each": ["Colour", {"Ref": "Names"}, {"Role${Colour}": granting({"Fn::Sub": "x-${Colour}"})}]}
    facts = world({**TEMPLATE, "Transform": "AWS::LanguageExtensions", "Resources": loop})
    assert sorted(resources_of(facts)) == ["x-green", "x-red"]
    assert [role.name for role in facts.roles] == ["demo-Rolegreen", "demo-Rolered"]


SHORT = """
Conditions:
  Yes: !Not [!Equals [a, b]]
Resources:
  Box: {Type: AWS::S3::Bucket}
  R:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: &trust
        Version: 2012-10-17
        Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}]
      Policies:
        - PolicyName: own
          PolicyDocument:
            Version: 2012-10-17
            Statement:
              Effect: Allow
              Action: s3:GetObject
              Resource:
                - !GetAtt Box.Arn
                - !Sub "${Box.Arn}/*"
                - !Join ["", [x, !Ref Box]]
                - !If [Yes, 012345670123, no]
                - !Select [1, !Split [",", "a,b"]]
  S:
    Type: AWS::IAM::Role
    Properties: {AssumeRolePolicyDocument: *trust}
"""


def test_short_tags_anchors_and_numbers_that_are_text() -> None:
    facts = world(SHORT)
    box = "arn:aws:s3:::demo-box"
    assert resources_of(facts) == [box, f"{box}/*", "xdemo-box", "012345670123", "b"]
    assert all(role.trust is not None and role.trust.document is not None for role in facts.roles)
    assert facts.not_read == ()


def test_a_policy_that_is_written_as_text() -> None:
    """People write trust policies for OIDC providers like this, to put a reference into a key."""
    text = """
Parameters: {Provider: {Type: String, Default: oidc.example.com}}
Resources:
  R:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: !Sub |
        {
          "Version": "2012-10-17",
          "Statement": [{
            "Effect": "Allow",
            "Principal": {"Federated": "arn:aws:iam::${AWS::AccountId}:oidc-provider/${Provider}"},
            "Action": "sts:AssumeRoleWithWebIdentity",
            "Condition": {"StringEquals": {"${Provider}:sub": "x"}}
          }]
        }
"""
    facts = world(text)
    assert facts.not_read == ()
    trust = facts.roles[0].trust
    assert trust is not None
    (statement,) = trust.statements
    assert [c.key for c in statement.conditions] == ["oidc.example.com:sub"]
    assert world(text.replace("}]\n", "}\n")).not_read[0].pointer.startswith("/Resources/R/Properties/Assume")
