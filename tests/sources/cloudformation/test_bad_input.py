"""What is wrong with a template is said, with its place, and the rest is read."""

import json
import time
from typing import Any

import pytest

from permcheck.sources.cloudformation import Options, Templates
from tests.sources.cloudformation.checking import granting, role, taken, world


def gaps(template: str | dict[str, Any]) -> dict[str, str]:
    """Return what could not be read, by pointer."""
    return {gap.pointer: gap.error for gap in world(template).not_read}


def test_a_name_that_refers_to_itself() -> None:
    one = role(RoleName={"Ref": "Two"})
    two = role(RoleName={"Fn::Sub": "${One}-x"})
    found = gaps({"Resources": {"One": one, "Two": two}})
    assert any("depends on itself" in error for error in found.values())


def test_conditions_that_are_missing_or_circular() -> None:
    conditions = {"A": {"Condition": "B"}, "B": {"Fn::Not": [{"Condition": "A"}]}}
    resources = {"R": {**role(), "Condition": "A"}, "S": {**role(), "Condition": "C"}}
    found = gaps({"Conditions": conditions, "Resources": resources})
    assert found["/Resources/S"] == "there is no condition C in this template"
    assert any("depends on itself" in error for error in found.values())


def test_references_that_lead_nowhere() -> None:
    found = gaps({"Resources": {"R": granting([{"Ref": "Gone"}, {"Fn::GetAtt": ["Away", "Arn"]}])}})
    at = "/Resources/R/Properties/Policies/0/PolicyDocument/Statement/0/Resource"
    assert found[f"{at}/0"] == "Gone is no parameter and no resource of this template"
    assert found[f"{at}/1"] == "Away is no resource of this template"


def test_a_transform_that_nobody_knows() -> None:
    macro = {"Fn::Transform": {"Name": "OurMacro", "Parameters": {}}}
    found = gaps({"Resources": {"R": granting(macro), "S": role(ManagedPolicyArns=macro)}})
    assert all(error == "OurMacro puts a value in at deploy" for at, error in found.items() if at.endswith("Resource"))
    assert len(found) >= 2


@pytest.mark.parametrize("macro", ["OurMacro", {"Name": "AWS::Include", "Parameters": {"Location": "s3://b/k"}}])
def test_a_macro_over_the_whole_template(macro: Any) -> None:
    found = gaps({"Transform": ["AWS::LanguageExtensions", macro], "Resources": {"R": role()}})
    assert list(found) == ["/Transform/1"] and "rewrites the template at deploy" in found["/Transform/1"]


def test_a_macro_in_place_of_resources() -> None:
    found = gaps({"Resources": {"R": role(), "Fn::Transform": {"Name": "Count", "Parameters": {}}}})
    assert found == {"/Resources/Fn::Transform": "Count puts resources in at deploy"}


def test_a_tag_that_nobody_knows() -> None:
    text = """
Resources:
  R: {Type: AWS::IAM::Role, Properties: {RoleName: !Rain::Embed name.txt, AssumeRolePolicyDocument: {}}}
"""
    assert gaps(text)["/Resources/R/Properties/RoleName"] == "there is no tag !Rain::Embed"


def test_aliases_that_expand_without_end() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 12)]
    text = "AWSTemplateFormatVersion: '2010-09-09'\n" + "\n".join(lines) + "\nResources: {}\n"
    started = time.monotonic()
    found, templates = taken({"bomb.yaml": text})
    assert found == [] and [gap.error for gap in templates.gaps] == ["its aliases expand to more than can be read"]
    assert time.monotonic() - started < 20


def test_an_alias_that_stands_for_itself() -> None:
    found, templates = taken({"loop.yaml": "AWSTemplateFormatVersion: x\nResources: &r {R: *r}\n"})
    assert found == [] and templates.gaps[0].error == "an alias stands for itself" and templates.gaps[0].line == 2


@pytest.mark.parametrize("opening", ["[", '{"a":'])
def test_nesting_without_end(opening: str) -> None:
    text = '{"AWSTemplateFormatVersion": ' + opening * 100_000
    found, templates = taken({"deep.json": text, "deep.yaml": f"AWSTemplateFormatVersion: {'[' * 5000}"})
    assert found == [] and len(templates.gaps) == 2


def test_a_template_that_is_not_utf_8() -> None:
    good = json.dumps({"Resources": {"R": role()}})
    bad = b"AWSTemplateFormatVersion: x\nDescription: caf\xe9\nResources: {}\n"
    (facts,), templates = taken({"bad.yaml": bad, "good.json": good})
    assert len(facts.roles) == 1
    (gap,) = templates.gaps
    assert (gap.source, gap.line, gap.column) == ("bad.yaml", 2, 17) and "not UTF-8" in gap.error


@pytest.mark.parametrize(
    "text",
    [
        "AWSTemplateFormatVersion: x\nResources:\n  R: [unclosed\n",
        '{"AWSTemplateFormatVersion": "x", "Resources": {"R": ',
        "AWSTemplateFormatVersion: x\n\tResources: {}\n",
    ],
)
def test_broken_text_is_located(text: str) -> None:
    found, templates = taken({"broken": text})
    assert found == [] and templates.gaps[0].line is not None and "\n" not in templates.gaps[0].error


def test_a_key_that_stands_twice() -> None:
    text = "Resources:\n  R: {Type: AWS::IAM::Role, Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: {}}}\n"
    assert "stands twice" in gaps(text)["/Resources/R"]


@pytest.mark.parametrize("wrong", [None, 1, "x", [], {}, [[]], {"Type": "AWS::IAM::Role"}, {"Type": 1}])
@pytest.mark.parametrize("where", ["resource", "properties", "policies", "document", "parameters", "conditions"])
def test_any_type_in_any_place(wrong: Any, where: str) -> None:
    """Nothing crashes, whatever stands where."""
    template: dict[str, Any] = {"AWSTemplateFormatVersion": "x", "Resources": {"R": granting("a")}}
    properties = template["Resources"]["R"]["Properties"]
    if where == "resource":
        template["Resources"]["S"] = wrong
    elif where == "properties":
        for kind in ("IAM::Role", "Lambda::Function", "Lambda::Permission", "S3::Bucket", "Cognito::UserPool"):
            template["Resources"][kind[-4:]] = {"Type": f"AWS::{kind}", "Properties": wrong}
    elif where == "policies":
        properties["Policies"] = wrong
        properties["ManagedPolicyArns"] = wrong
    elif where == "document":
        properties["Policies"][0]["PolicyDocument"] = wrong
        properties["AssumeRolePolicyDocument"] = wrong
    else:
        template[where.capitalize()] = wrong
    templates = Templates(Options())
    templates.takes("x.json", json.dumps(template))
    templates.worlds()


def test_a_template_of_a_megabyte() -> None:
    resources = {f"R{i}": granting([f"arn:aws:s3:::bucket-{i}/{n}" for n in range(60)]) for i in range(500)}
    text = json.dumps({"Resources": resources})
    assert len(text) > 1_000_000
    assert len(world(text).roles) == 500


def test_environment_variables_are_gone_before_anything_sees_them() -> None:
    text = """
Globals: {Function: {Environment: {Variables: {B: never-print-me}}}}
Resources:
  F:
    Type: AWS::Lambda::Function
    Properties:
      Role: arn:aws:iam::111122223333:role/r
      Environment: {Variables: {SECRET: never-print-me, KEY: AKIAQWERTYUIOPASDFGH}}
"""
    facts = world(text)
    assert facts.functions[0].holds_key
    assert "never-print-me" not in repr(facts) and "AKIAQWERTY" not in repr(facts)


def test_few_references_do_not_make_endless_texts() -> None:
    named = {
        f"R{i}": {"Type": "AWS::IAM::Role", "Properties": {"RoleName": {"Fn::Sub": f"${{R{i + 1}}}${{R{i + 1}}}"}}}
        for i in range(40)
    }
    last = {"R40": {"Type": "AWS::IAM::Role", "Properties": {"RoleName": "ab"}}}
    facts = world({"Resources": {**named, **last}})
    assert any("makes a text that is too long" in each.error for each in facts.not_read)


def test_outputs_that_name_each_other_twice_are_worked_out_once() -> None:
    def both(i: int) -> dict[str, object]:
        again = {"Fn::ImportValue": f"e{i + 1}"}
        return {"Value": {"Fn::Join": ["", [again, again]]}, "Export": {"Name": f"e{i}"}}

    function = {"Type": "AWS::Lambda::Function", "Properties": {"FunctionName": {"Fn::ImportValue": "e0"}}}
    facts = world({"Resources": {"F": function}, "Outputs": {f"O{i}": both(i) for i in range(40)}})
    assert len(facts.functions) == 1


def test_loops_within_loops_end() -> None:
    made: dict[str, object] = {"R${A1}": {"Type": "AWS::IAM::Role"}}
    for depth in range(1, 6):
        made = {f"Fn::ForEach::L{depth}": [f"A{depth}", [f"x{i}" for i in range(40)], made]}
    facts = world({"Transform": "AWS::LanguageExtensions", "Resources": made})
    assert any("makes more than a template may hold" in each.error for each in facts.not_read)
