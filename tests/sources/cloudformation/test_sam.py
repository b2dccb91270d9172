"""SAM equals its own translation: what is found in a template is what is found in the CloudFormation it stands for."""

import json
from pathlib import Path
from typing import Any

import pytest

from permcheck.config import Config
from permcheck.engine import audit
from permcheck.model import Facts
from permcheck.report.positions import Positions
from permcheck.sources.cloudformation.sam import translated
from permcheck.sources.cloudformation.text import read
from permcheck.sources.declared import Where
from tests.sources.cloudformation.checking import ACCOUNT, REGION, folder, world, worlds

API = """
AWSTemplateFormatVersion: '2010-09-09'
Transform: AWS::Serverless-2016-10-31
Globals:
  Function: {Runtime: python3.13, CodeUri: src/, Handler: app.handler}
Parameters:
  Table: {Type: String}
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Policies:
        - AWSLambda_FullAccess
        - DynamoDBCrudPolicy:
            TableName: '*'
        - S3ReadPolicy: {BucketName: !Ref Table}
        - Version: '2012-10-17'
          Statement:
            - Effect: Allow
              Action: iam:PutRolePolicy
              Resource: '*'
      Events:
        Place: {Type: Api, Properties: {Path: /orders, Method: post}}
        Tick: {Type: Schedule, Properties: {Schedule: rate(1 day)}}
  Search:
    Type: AWS::Serverless::Function
    Properties:
      Policies: arn:aws:iam::aws:policy/AmazonDynamoDBReadOnlyAccess
      Events:
        Find: {Type: HttpApi, Properties: {Path: /find, Method: GET}}
"""
URL = """
Transform: AWS::Serverless-2016-10-31
Resources:
  Hook:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: nodejs22.x
      Handler: index.handler
      InlineCode: exports.handler = () => 1
      AutoPublishAlias: live
      FunctionUrlConfig:
        AuthType: NONE
        Cors: {AllowOrigins: ['*'], AllowCredentials: true}
      Policies: [AdministratorAccess]
"""
QUEUE = """
Transform: AWS::Serverless-2016-10-31
Resources:
  Jobs: {Type: AWS::SQS::Queue}
  Pictures: {Type: AWS::S3::Bucket}
  News: {Type: AWS::SNS::Topic}
  Work:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: .
      Events:
        Queue: {Type: SQS, Properties: {Queue: !GetAtt Jobs.Arn}}
        Bucket: {Type: S3, Properties: {Bucket: !Ref Pictures, Events: 's3:ObjectCreated:*'}}
        Topic: {Type: SNS, Properties: {Topic: !Ref News}}
  Flow:
    Type: AWS::Serverless::StateMachine
    Properties:
      Definition:
        StartAt: A
        States: {A: {Type: Task, Resource: !GetAtt Work.Arn, End: true}}
      Policies: [{LambdaInvokePolicy: {FunctionName: !Ref Work}}]
"""
SAMPLES = {"api": API, "url": URL, "queue": QUEUE}


def plainly(facts: Facts) -> list[tuple[Any, ...]]:
    """Return what is found, without the places."""
    found = audit(facts, Config()).findings
    return sorted((f.severity, f.confidence, f.rule, f.resource, f.message, json.dumps(f.conditions)) for f in found)


@pytest.mark.parametrize("name", SAMPLES)
def test_a_template_and_its_translation(name: str) -> None:
    text = read(SAMPLES[name], "demo.yaml")
    made = translated(text, "demo.yaml", Where(ACCOUNT, REGION, "aws", "demo"), {}, lambda _: None)
    assert made.problems == ()
    deployed = made.root.plain()
    assert not any("Serverless" in value["Type"] for value in deployed["Resources"].values())
    (plain,) = worlds({"demo.json": json.dumps(deployed)})
    sam = world(SAMPLES[name])
    found = [(*each[:5], "") for each in plainly(sam)]
    assert found == [(*each[:5], "") for each in plainly(plain)]
    assert len(found) > 0 or name == "queue"
    assert [role.arn for role in sam.roles] == [role.arn for role in plain.roles]
    assert len(sam.mappings) == len(plain.mappings) and len(sam.resources) == len(plain.resources)


@pytest.mark.parametrize(
    ("name", "rule", "line"),
    [
        ("api", "PC171", "        Place: {Type: Api, Properties: {Path: /orders, Method: post}}"),
        ("api", "PC202", "            - Effect: Allow"),
        ("url", "PC121", "  Hook:"),
        ("url", "PC124", "        Cors: {AllowOrigins: ['*'], AllowCredentials: true}"),
    ],
)
def test_findings_are_placed_in_the_sam_template(name: str, rule: str, line: str, tmp_path: Path) -> None:
    files = folder(tmp_path, {"demo.yaml": SAMPLES[name].lstrip("\n")})
    (path,) = files
    (facts,) = worlds(files)
    finding = next(f for f in audit(facts, Config()).findings if f.rule == rule)
    at = finding.locations[0]
    position = Positions().find(at.source, at.pointer)
    assert at.source == path and position is not None
    assert files[path].decode().split("\n")[position.line - 1] == line


def test_both_grants_of_an_open_url_are_there() -> None:
    """AWS SAM, "FunctionUrlConfig": SAM adds both permissions itself where AuthType is NONE."""
    facts = world(URL)
    rules = {finding.rule for finding in audit(facts, Config()).findings}
    assert {"PC121", "PC201", "PC324"} <= rules and "PC123" not in rules


def test_policy_templates_and_managed_policies_expand() -> None:
    role = next(role for role in world(API).roles if role.name == "demo-OrdersRole")
    actions = {action for p in role.policies for s in p.statements for action in s.actions or ()}
    assert {"dynamodb:GetItem", "iam:PutRolePolicy", "lambda:*", "s3:GetObject"} <= actions


def test_what_cannot_be_translated_is_noted_and_the_rest_is_read() -> None:
    broken = API + "  Wrong:\n    Type: AWS::Serverless::Function\n    Properties: {Nothing: 1}\n"
    facts = world(broken)
    assert [gap.pointer for gap in facts.not_read] == ["/Resources/Wrong"]
    assert {function.name for function in facts.functions} >= {"demo-Orders", "demo-Search"}


def test_nothing_is_asked_of_the_application_repository() -> None:
    location = {"ApplicationId": "arn:aws:serverlessrepo:us-east-1:111122223333:applications/x", "SemanticVersion": "1"}
    app = {"Type": "AWS::Serverless::Application", "Properties": {"Location": location}}
    template = {"Transform": "AWS::Serverless-2016-10-31", "Resources": {"App": app, "B": {"Type": "AWS::S3::Bucket"}}}
    facts = world(template)
    assert [gap.pointer for gap in facts.not_read] == ["/Resources/App"]


def test_definitions_beside_the_template_are_read(tmp_path: Path) -> None:
    body = {
        "openapi": "3.0.1",
        "paths": {
            "/open": {
                "get": {
                    "x-amazon-apigateway-integration": {
                        "type": "aws_proxy",
                        "httpMethod": "POST",
                        "uri": {
                            "Fn::Sub": "arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${F.Arn}"
                            "/invocations"
                        },
                    }
                }
            }
        },
    }
    properties = {"Handler": "a.b", "Runtime": "python3.13", "CodeUri": "."}
    permission = {
        "FunctionName": {"Ref": "F"},
        "Action": "lambda:InvokeFunction",
        "Principal": "apigateway.amazonaws.com",
        "SourceArn": {"Fn::Sub": "arn:aws:execute-api:${AWS::Region}:${AWS::AccountId}:${A}/*"},
    }
    template = {
        "Transform": "AWS::Serverless-2016-10-31",
        "Resources": {
            "F": {"Type": "AWS::Serverless::Function", "Properties": properties},
            "A": {
                "Type": "AWS::Serverless::Api",
                "Properties": {"StageName": "v1", "DefinitionUri": "api.json"},
            },
            "P": {"Type": "AWS::Lambda::Permission", "Properties": permission},
        },
    }
    files = folder(tmp_path, {"demo.json": template, "api.json": body})
    (facts,) = worlds(files)
    assert [(r.method, r.path, r.auth) for api in facts.apis for r in api.routes] == [("GET", "/open", "NONE")]
    assert "PC171" in {finding.rule for finding in audit(facts, Config()).findings}


def test_the_translator_is_not_loaded_for_other_templates() -> None:
    import subprocess
    import sys

    code = (
        "import sys; from permcheck.sources.cloudformation import Options, Templates; t = Templates(Options());"
        't.takes(\'x.json\', \'{"Resources": {"B": {"Type": "AWS::S3::Bucket"}}}\'); t.worlds();'
        "sys.exit(any(name.startswith(('samtranslator', 'boto3', 'yaml')) for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
