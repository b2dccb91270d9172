"""`permcheck check` of one big template, beside the linters that people run on templates.

The template is made up: functions with a role, a policy and a grant to a topic, as a service of many functions has
them. cfn-lint checks it against the resource specification and checkov against its own rules, so their work is not the
same; what is compared is how long a build waits.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from bench.measure import Command, Unmeasured, alternate, seconds
from bench.others import program_of
from bench.setting import Setting
from bench.table import Row, against, duration, limited

RESOURCES = 500
# cfn-lint ends with bits for errors, warnings and informations; checkov with 1 where a check fails.
DONE = frozenset(range(16))
OTHERS = {
    "cfn-lint": ("cfn-lint==1.58.0", ("--format", "json")),
    "checkov": ("checkov==3.3.30", ("--framework", "cloudformation", "--quiet", "--compact", "--output", "json")),
}


def templates(setting: Setting) -> Iterator[Row]:
    """One template of 500 resources, as whole processes in turns."""
    path = setting.folder / "template.json"
    path.write_text(json.dumps(template(RESOURCES), indent=2))
    ours = setting.asked("check", path, "--format", "json")
    ours.run()
    trials = alternate([ours], setting.runs)[0]
    found = len(trials[-1].json()["findings"])
    what = f"permcheck check, a template of {RESOURCES} resources"
    yield limited(what, seconds(trials), 1.5, "s", f"{found} findings")
    for name, (requirement, options) in OTHERS.items():
        try:
            program = program_of(requirement, name)
        except Unmeasured as why:
            yield Row(f"{name}, the same template", "no figure", note=str(why))
            continue
        where = ("-t", str(path)) if name == "cfn-lint" else ("-f", str(path))
        theirs = Command((str(program), *where, *options), DONE, setting.limit)
        theirs.run()
        other, own = alternate([theirs, ours], setting.runs)
        yield Row(f"{name}, the same template", duration(seconds(other)), note=requirement)
        yield against(f"permcheck check ÷ {name}", seconds(own), seconds(other), name, None)


def template(resources: int) -> dict[str, Any]:
    """A template of exactly so many resources."""
    made: dict[str, Any] = {}
    number = 0
    while len(made) < resources:
        made.update(_service(number))
        number += 1
    return {"AWSTemplateFormatVersion": "2010-09-09", "Resources": dict(list(made.items())[:resources])}


def _service(number: int) -> dict[str, Any]:
    name = f"Orders{number}"
    table = {"Fn::Sub": f"arn:${{AWS::Partition}}:dynamodb:${{AWS::Region}}:${{AWS::AccountId}}:table/orders-{number}"}
    trust = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    allow = {"Effect": "Allow", "Action": ["dynamodb:GetItem", "dynamodb:PutItem"], "Resource": table}
    wide = {"Effect": "Allow", "Action": "dynamodb:*", "Resource": "*"}
    code = {"ZipFile": "exports.handler = async () => ({})"}
    topic = {"Ref": f"{name}Topic"}
    return {
        f"{name}Role": {
            "Type": "AWS::IAM::Role",
            "Properties": {
                "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [trust]},
                "ManagedPolicyArns": ["arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"],
            },
        },
        f"{name}Policy": {
            "Type": "AWS::IAM::Policy",
            "Properties": {
                "PolicyName": "orders",
                "PolicyDocument": {"Version": "2012-10-17", "Statement": [wide if number % 10 == 0 else allow]},
                "Roles": [{"Ref": f"{name}Role"}],
            },
        },
        f"{name}Function": {
            "Type": "AWS::Lambda::Function",
            "Properties": {
                "Handler": "index.handler",
                "Runtime": "nodejs22.x",
                "Role": {"Fn::GetAtt": [f"{name}Role", "Arn"]},
                "Code": code,
            },
        },
        f"{name}Topic": {"Type": "AWS::SNS::Topic", "Properties": {}},
        f"{name}Permission": {
            "Type": "AWS::Lambda::Permission",
            "Properties": {
                "Action": "lambda:InvokeFunction",
                "FunctionName": {"Ref": f"{name}Function"},
                "Principal": "sns.amazonaws.com",
                **({"SourceArn": topic} if number % 7 else {}),
            },
        },
    }
