"""The least IAM policy that a scan needs, made of the calls that it declares."""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from permcheck.sources.live.services import calls

SID = "PermcheckScan"
NAME = "permcheck-scan"


def statements(services: Sequence[str], partition: str = "aws") -> list[dict[str, Any]]:
    """The statements of the policy: one for each set of resources, actions sorted."""
    by_resources: dict[tuple[str, ...], set[str]] = {}
    for call in calls(services):
        resources = tuple(each.format(partition=partition) for each in call.resources)
        by_resources.setdefault(resources, set()).update(call.actions)
    merged: dict[tuple[str, ...], set[str]] = {}
    for actions in {frozenset(found) for found in by_resources.values()}:
        same = sorted(r for resources, found in by_resources.items() if found == actions for r in resources)
        merged[tuple(same)] = set(actions)
    return [
        {
            "Sid": f"{SID}{number or ''}",
            "Effect": "Allow",
            "Action": sorted(actions),
            "Resource": resources[0] if len(resources) == 1 else list(resources),
        }
        for number, (resources, actions) in enumerate(sorted(merged.items()))
    ]


def policy(services: Sequence[str], partition: str = "aws") -> dict[str, Any]:
    """The policy document."""
    return {"Version": "2012-10-17", "Statement": statements(services, partition)}


def as_json(services: Sequence[str], partition: str = "aws") -> str:
    """The policy as IAM takes it."""
    return json.dumps(policy(services, partition), indent=2) + "\n"


def as_cloudformation(services: Sequence[str], partition: str = "aws") -> str:
    """A template with the policy as a managed one, to attach to whatever the scan runs as."""
    template = {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": "What permcheck scan may read.",
        "Resources": {
            "PermcheckScan": {
                "Type": "AWS::IAM::ManagedPolicy",
                "Properties": {"ManagedPolicyName": NAME, "PolicyDocument": policy(services, partition)},
            }
        },
        "Outputs": {"PolicyArn": {"Value": {"Ref": "PermcheckScan"}}},
    }
    return json.dumps(template, indent=2) + "\n"


def as_terraform(services: Sequence[str], partition: str = "aws") -> str:
    """The same for Terraform."""
    return "\n".join(_terraform(statements(services, partition))) + "\n"


def _terraform(found: Iterable[dict[str, Any]]) -> Iterator[str]:
    yield 'data "aws_iam_policy_document" "permcheck_scan" {'
    for number, statement in enumerate(found):
        if number:
            yield ""
        yield "  statement {"
        yield f'    sid    = "{statement["Sid"]}"'
        yield '    effect = "Allow"'
        yield "    actions = ["
        yield from (f'      "{action}",' for action in statement["Action"])
        yield "    ]"
        resources = statement["Resource"]
        listed = [resources] if isinstance(resources, str) else resources
        yield f"    resources = [{', '.join(json.dumps(each) for each in listed)}]"
        yield "  }"
    yield "}"
    yield ""
    yield 'resource "aws_iam_policy" "permcheck_scan" {'
    yield f'  name   = "{NAME}"'
    yield "  policy = data.aws_iam_policy_document.permcheck_scan.json"
    yield "}"


FORMS = {"json": as_json, "cloudformation": as_cloudformation, "terraform": as_terraform}
