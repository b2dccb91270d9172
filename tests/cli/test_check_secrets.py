"""What a template asks not to be shown appears nowhere, wherever its value comes from."""

import json
from pathlib import Path

import pytest

from tests.cli.asking import ask

SECRET = "amzn1.ask.skill.never-print-me"
TEMPLATE = """\
Parameters:
  Token: {Type: String, NoEcho: %s, Default: %s}
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}
  Skill:
    Type: AWS::Lambda::Function
    Properties: {Role: !GetAtt Role.Arn, Runtime: python3.12, Handler: a.b, Code: {ZipFile: x}}
  Alexa:
    Type: AWS::Lambda::Permission
    Properties:
      Action: lambda:InvokeFunction
      FunctionName: !Ref Skill
      Principal: alexa-appkit.amazon.com
      EventSourceToken: !Ref Token
"""
ASKED = (
    *(("check", "--format", form) for form in ("text", "json", "sarif", "github", "markdown", "junit")),
    ("who", "--all", "--format", "json"),
    ("paths", "--from", "service", "--format", "json"),
)


@pytest.mark.parametrize("asked", ASKED, ids=" ".join)
def test_a_parameter_without_echo(tmp_path: Path, asked: tuple[str, ...]) -> None:
    path = tmp_path / "template.yaml"
    path.write_text(TEMPLATE % ("true", SECRET))
    given = tmp_path / "parameters.json"
    given.write_text(json.dumps([{"ParameterKey": "Token", "ParameterValue": "given-never-print-me"}]))
    for more in ((), ("--parameters", str(given))):
        answer = ask(*asked, str(path), *more)
        assert "never-print-me" not in answer.stdout + answer.stderr


def test_one_with_echo_is_known(tmp_path: Path) -> None:
    path = tmp_path / "template.yaml"
    path.write_text(TEMPLATE % ("false", SECRET))
    assert SECRET in ask("who", "--all", "--format", "json", str(path)).stdout
