"""What a template accepts is honoured when it is checked: by comments, by Metadata, in SAM and in nested stacks."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.asking import ask

URL = """\
Resources:
  Hook:
    Type: AWS::Lambda::Function
    Properties: {Role: !GetAtt Role.Arn, Runtime: python3.12, Handler: a.b, Code: {ZipFile: x}}
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}
      Policies:
        - PolicyName: own
          PolicyDocument:
            Statement:
              - {Effect: Allow, Action: logs:*, Resource: "*"}
              # WIDE
              - {Effect: Allow, Action: "s3:*", Resource: "*"}
  # OPEN
  HookUrl:
    Type: AWS::Lambda::Url
    Properties: {AuthType: NONE, TargetFunctionArn: !GetAtt Hook.Arn}
  Open:
    Type: AWS::Lambda::Permission
    Properties: {Action: lambda:InvokeFunctionUrl, FunctionName: !Ref Hook, Principal: "*", FunctionUrlAuthType: NONE}
  AlsoOpen:
    Type: AWS::Lambda::Permission
    Properties: {Action: lambda:InvokeFunction, FunctionName: !Ref Hook, Principal: "*", InvokedViaFunctionUrl: true}
"""


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def checked(*paths: str) -> Any:
    """What permcheck check says of these templates, as JSON."""
    return json.loads(ask("check", *paths, "--format", "json").stdout)


def rules(found: Any, part: str = "findings") -> set[str]:
    """The rules of a part of the report."""
    return {each["rule"] for each in found[part]}


def test_comments(here: Path) -> None:
    (here / "app.yaml").write_text(URL)
    before = checked("app.yaml")
    assert {"PC121", "PC203"} <= rules(before) and not before["notes"]
    text = URL.replace("# OPEN", "# permcheck: suppress PC121 until 2099-12-31: checks signatures")
    (here / "app.yaml").write_text(text.replace("# WIDE", "# permcheck: suppress PC2*: a lab"))
    after = checked("app.yaml")
    assert not {"PC121", "PC203"} & rules(after)
    said = {each["rule"]: (each["by"], each["reason"], each["place"]) for each in after["suppressed"]}
    assert said["PC121"] == ("source", "checks signatures", "app.yaml:17")
    assert said["PC203"] == ("source", "a lab", "app.yaml:15")
    assert rules(before) == rules(after) | rules(after, "suppressed")
    assert not after["notes"]


def test_a_comment_that_does_nothing_is_told(here: Path) -> None:
    text = URL.replace("# OPEN", "# permcheck: suppress PC999: nothing").replace("# WIDE", "# permcheck: allow PC203")
    (here / "app.yaml").write_text(text)
    found = checked("app.yaml")
    assert found["notes"] == ["The suppression of PC999 (app.yaml:17) matched no finding."]
    assert [(gap["line"], gap["effect"]) for gap in found["not_read"] if "comment" in gap["error"]] == [
        (15, "it suppresses nothing")
    ]


def test_metadata(here: Path) -> None:
    block = "  HookUrl:\n    Metadata: {permcheck: {suppressions: [{rule: PC121, reason: a shop window}]}}\n"
    (here / "app.yaml").write_text(URL.replace("  HookUrl:\n", block))
    (accepted,) = (each for each in checked("app.yaml")["suppressed"] if each["rule"] == "PC121")
    place = "app.yaml#/Resources/HookUrl/Metadata/permcheck/suppressions/0"
    assert (accepted["reason"], accepted["by"], accepted["place"]) == ("a shop window", "source", place)


def test_a_nested_stack(here: Path) -> None:
    (here / "child.yaml").write_text(URL.replace("# OPEN", "# permcheck: suppress PC121: checks signatures"))
    (here / "top.yaml").write_text(
        "Resources: {Child: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: child.yaml}}}\n"
    )
    assert "PC121" in rules(checked("top.yaml"), "suppressed")


def test_sam(here: Path) -> None:
    (here / "sam.yaml").write_text("""\
Transform: AWS::Serverless-2016-10-31
Resources:
  Hook:  # permcheck: suppress PC121: checks signatures
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.12
      Handler: a.b
      InlineCode: x
      FunctionUrlConfig: {AuthType: NONE}
""")
    found = checked("sam.yaml")
    assert "PC121" in rules(found, "suppressed") and "PC121" not in rules(found)


def test_each_template_accepts_for_itself(here: Path) -> None:
    (here / "a.yaml").write_text(URL.replace("# OPEN", "# permcheck: suppress PC121: checks signatures"))
    (here / "b.yaml").write_text(URL)
    found = checked("a.yaml", "b.yaml")
    assert [each["locations"][0]["source"] for each in found["findings"] if each["rule"] == "PC121"] == ["b.yaml"]
    assert [each["locations"][0]["source"] for each in found["suppressed"] if each["rule"] == "PC121"] == ["a.yaml"]


def test_a_baseline_of_a_template(here: Path) -> None:
    (here / "app.yaml").write_text(URL)
    assert ask("check", "app.yaml", "--write-baseline", "base.json").exit_code == 0
    (here / "app.yaml").write_text(URL.replace("Resources:", "Description: more\n# lines\nResources:"))
    assert ask("check", "app.yaml", "--baseline", "base.json", "--fail-on", "info").exit_code == 0
    (here / "app.yaml").write_text(URL.replace('"s3:*"', '["s3:*", "sqs:*"]'))
    found = json.loads(ask("check", "app.yaml", "--baseline", "base.json", "--format", "json").stdout)
    assert "PC203" in rules(found) and "PC121" not in rules(found)
