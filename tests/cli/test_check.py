"""``permcheck check``: findings in templates, and questions about them."""

import json
from pathlib import Path
from typing import Any

import pytest

from permcheck.errors import ExitCode
from tests.sources.cloudformation.checking import folder, granting, role

from .asking import ask

ADMIN = """\
Parameters:
  Stage: {Type: String}
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: 2012-10-17
        Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}]
      Policies:
        - PolicyName: all
          PolicyDocument:
            Version: 2012-10-17
            Statement:
              - Effect: Allow
                Action: '*'
                Resource: '*'
  Fn:
    Type: AWS::Lambda::Function
    Properties: {FunctionName: !Sub "${Stage}-fn", Role: !GetAtt Role.Arn}
"""
GOOD = {"Resources": {"R": role(), "F": {"Type": "AWS::Lambda::Function", "Properties": {"Role": {"Ref": "R"}}}}}


def ask_json(*arguments: str) -> Any:
    """Return what a command says as JSON."""
    return json.loads(ask(*arguments).stdout)


def test_findings_have_the_line_of_the_template(tmp_path: Path) -> None:
    (path,) = folder(tmp_path, {"app.yaml": ADMIN})
    result = ask("check", path)
    assert result.exit_code == ExitCode.FINDINGS
    assert f"--> {path}:15:17" in result.stdout
    said = ask_json("check", path, "--format", "json")
    assert said["findings"][0]["locations"][0]["line"] == 15
    assert said["inputs"] == [path]


def test_where_it_is_deployed(tmp_path: Path) -> None:
    (path,) = folder(tmp_path, {"app.yaml": ADMIN})
    plain = ask_json("check", path, "--format", "json")
    assert any("000000000001 stands for it" in sentence for sentence in plain["assumptions"])
    (parameters,) = folder(tmp_path / "p", {"p.json": {"Stage": "prod"}})
    given = ("--account", "111122223333", "--region", "eu-west-1", "--parameters", parameters)
    said = ask_json("who", "prod-fn", path, *given, "--format", "json")
    assert said["function"] == "arn:aws:lambda:eu-west-1:111122223333:function:prod-fn"


@pytest.mark.parametrize("option", [("--account", "12"), ("--region", "here"), ("--parameters", "none.json")])
def test_wrong_options(tmp_path: Path, option: tuple[str, str]) -> None:
    (path,) = folder(tmp_path, {"app.yaml": ADMIN})
    assert ask("check", path, *option).exit_code == ExitCode.USAGE


@pytest.mark.parametrize(
    "files",
    [
        {"package.json": {"name": "x"}, "notes.yaml": "a: 1\n", "README.md": "AWS::Lambda::Function"},
        {"plan.json": {"format_version": "1.2", "terraform_version": "1.9.0", "planned_values": {"root_module": {}}}},
        {"empty.json": {"AWSTemplateFormatVersion": "2010-09-09", "Resources": {}}},
    ],
)
def test_nothing_to_check(tmp_path: Path, files: dict[str, Any]) -> None:
    folder(tmp_path, files)
    result = ask("check", str(tmp_path))
    assert result.exit_code == ExitCode.NOTHING and result.stdout == ""
    assert result.stderr.startswith("error: there is nothing to check")


def test_a_folder_of_templates_and_other_things(tmp_path: Path) -> None:
    files = folder(
        tmp_path,
        {
            "a/app.yaml": ADMIN,
            "b/bad.yaml": "AWSTemplateFormatVersion: x\nResources: [\n",
            "c/data.json": {"x": 1},
            "d/good.json": GOOD,
        },
    )
    said = ask_json("check", str(tmp_path), "--format", "json")
    sources = {at["source"] for finding in said["findings"] for at in finding["locations"]}
    assert sources == {path for path in files if path.endswith(("app.yaml", "good.json"))}
    (gap,) = [gap for gap in said["not_read"] if gap["source"].endswith("bad.yaml")]
    assert gap["line"] == 3 and "broken YAML" in gap["error"]
    assert not any(gap["source"].endswith("data.json") for gap in said["not_read"])


def test_a_file_that_is_named_is_never_passed_over(tmp_path: Path) -> None:
    files = folder(tmp_path, {"app.yaml": ADMIN, "data.json": {"x": 1}})
    said = ask_json("check", *files, "--format", "json")
    assert [(Path(gap["source"]).name, gap["error"]) for gap in said["not_read"]] == [
        ("data.json", "neither a template nor a plan")
    ]


def test_an_unreadable_template_alone_is_incomplete(tmp_path: Path) -> None:
    (path,) = folder(tmp_path, {"bad.yaml": "AWSTemplateFormatVersion: x\nResources: [\n"})
    assert ask("check", path).exit_code == ExitCode.INCOMPLETE


def test_each_template_is_a_world_of_its_own(tmp_path: Path) -> None:
    """A role of one template does not reach the functions of another."""
    invoker = {"Resources": {"Caller": granting("*", "lambda:InvokeFunction")}}
    folder(tmp_path, {"one.json": invoker, "two.json": GOOD})
    said = ask_json("who", "two-F", str(tmp_path), "--format", "json")
    assert said["callers"] == []


@pytest.mark.parametrize(
    "question",
    [("who", "fn"), ("reach", "fn"), ("why", "app-Role", "fn")],
)
def test_every_question_reads_templates(tmp_path: Path, question: tuple[str, ...]) -> None:
    folder(tmp_path, {"app.yaml": ADMIN.replace('!Sub "${Stage}-fn"', "fn"), "other.json": GOOD})
    result = ask(*question, str(tmp_path))
    assert result.exit_code == ExitCode.CLEAN and "fn" in result.stdout


def test_paths_of_every_template(tmp_path: Path) -> None:
    folder(tmp_path, {"a.yaml": ADMIN, "b.yaml": ADMIN})
    said = ask_json("paths", "--from", "function", "--to", "admin", str(tmp_path), "--format", "json")
    assert {path["nodes"][0]["name"] for path in said["paths"]} == {"<Stage>-fn"}


def test_what_depends_on_an_unknown_value_is_said_in_words(tmp_path: Path) -> None:
    permission = {"FunctionName": {"Ref": "F"}, "Action": "lambda:InvokeFunction", "Principal": {"Ref": "Who"}}
    template = {
        "Parameters": {"Who": {"Type": "String"}},
        "Resources": {**GOOD["Resources"], "P": {"Type": "AWS::Lambda::Permission", "Properties": permission}},
    }
    (path,) = folder(tmp_path, {"app.json": template})
    result = ask("who", "app-F", path)
    assert "if <Who> (not known yet) fits" in result.stdout
    (row, *_) = ask_json("who", "app-F", path, "--format", "json")["callers"]
    assert row["verdict"] == "conditional"
    assert row["conditions"][0]["key"].startswith("deploy:Who")


SCOPED = """\
Parameters:
  Account: {Type: String}
  Repository: {Type: String}
  Target: {Type: String}
  Table: {Type: String}
Resources:
  Ci:
    Type: AWS::IAM::Role
    Properties:
      ManagedPolicyArns: [arn:aws:iam::aws:policy/AdministratorAccess]
      AssumeRolePolicyDocument:
        Version: 2012-10-17
        Statement:
          - Effect: Allow
            Principal:
              Federated: !Sub "arn:aws:iam::${AWS::AccountId}:oidc-provider/token.actions.githubusercontent.com"
            Action: sts:AssumeRoleWithWebIdentity
            Condition:
              StringEquals: {"token.actions.githubusercontent.com:aud": sts.amazonaws.com}
              StringLike: {"token.actions.githubusercontent.com:sub": !Sub "repo:${Repository}:*"}
  Runner:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: 2012-10-17
        Statement:
          - {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}
      ManagedPolicyArns: [arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]
      Policies:
        - PolicyName: own
          PolicyDocument:
            Version: 2012-10-17
            Statement:
              - {Effect: Allow, Action: ["dynamodb:GetItem", "dynamodb:Scan", "dynamodb:PutItem"], Resource: !Ref Table}
              - {Effect: Allow, Action: ["iam:PassRole", "sts:AssumeRole", "iam:PutRolePolicy"], Resource: !Ref Target}
              - {Effect: Allow, Action: ["lambda:InvokeFunction", "lambda:AddPermission"], Resource: !Ref Target}
  F: {Type: AWS::Lambda::Function, Properties: {Role: !GetAtt Runner.Arn}}
  P1:
    Type: AWS::Lambda::Permission
    Properties:
      FunctionName: !Ref F
      Action: lambda:InvokeFunction
      Principal: s3.amazonaws.com
      SourceArn: !Ref Target
      SourceAccount: !Ref Account
  P2:
    Type: AWS::Lambda::Permission
    Properties: {FunctionName: !Ref F, Action: lambda:InvokeFunction, Principal: !Ref Account}
  Box:
    Type: AWS::S3::Bucket
    Properties:
      NotificationConfiguration: {LambdaConfigurations: [{Event: "s3:ObjectCreated:*", Function: !GetAtt F.Arn}]}
  BoxPolicy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Box
      PolicyDocument:
        Version: 2012-10-17
        Statement:
          - Effect: Allow
            Principal: {AWS: !Sub "arn:aws:iam::${Account}:root"}
            Action: s3:PutObject
            Resource: !Sub "${Box.Arn}/*"
"""


def test_what_parameters_scope_is_not_taken_for_wide(tmp_path: Path) -> None:
    """Speculation about a value is worth little, and nobody is called anybody."""
    (path,) = folder(tmp_path, {"app.yaml": SCOPED})
    found = ask_json("check", path, "--format", "json")["findings"]
    # That the one account may write to the bucket is said, whichever it is.
    worth = {finding["rule"] for finding in found if finding["severity"] not in ("low", "info")}
    assert worth == {"PC174"}, found
    assert not any("any AWS account" in finding["message"] or "${" in finding["message"] for finding in found)


def test_what_the_serverless_framework_compiles(tmp_path: Path) -> None:
    folder(tmp_path, {".serverless/cloudformation-template-update-stack.json": GOOD, ".other/app.yaml": ADMIN})
    said = ask_json("check", str(tmp_path), "--format", "json")
    assert [Path(name).name for name in said["inputs"]] == ["cloudformation-template-update-stack.json"]


def test_standard_input(tmp_path: Path) -> None:
    result = ask("check", "-", "--format", "json", stdin=ADMIN)
    found = json.loads(result.stdout)["findings"]
    assert found[0]["locations"][0]["source"] == "-" and found[0]["locations"][0]["line"] == 15
