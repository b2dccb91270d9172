"""Templates held in memory or in a folder → worlds."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from permcheck.model import Facts
from permcheck.sources.cloudformation import Options, Templates
from permcheck.sources.declared import Value

ACCOUNT, REGION = "111122223333", "eu-west-1"
TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}


def worlds(files: Mapping[str, str | bytes], **parameters: Any) -> list[Facts]:
    """Return the worlds of these templates; what could not be read of a file is in the first."""
    return taken(files, **parameters)[0]


def taken(files: Mapping[str, str | bytes], **parameters: Any) -> tuple[list[Facts], Templates]:
    """Return the worlds of these templates and the taker itself."""
    given = {key: Value(value, "parameters", "") for key, value in parameters.items()}
    templates = Templates(Options(ACCOUNT, REGION, given))
    for source in sorted(files):
        templates.takes(source, files[source])
    return templates.worlds(), templates


def world(template: str | Mapping[str, Any], **parameters: Any) -> Facts:
    """Return the one world of one template."""
    text = template if isinstance(template, str) else json.dumps(template)
    (found,) = worlds({"demo.yaml": text}, **parameters)
    return found


def folder(root: Path, files: Mapping[str, Any]) -> dict[str, bytes]:
    """Write files below a folder and return their contents by path."""
    found = {}
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content if isinstance(content, str) else json.dumps(content))
        found[str(path)] = path.read_bytes()
    return found


def role(**more: Any) -> dict[str, Any]:
    """Return a role that Lambda may take."""
    return {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": TRUST, **more}}


def granting(resource: Any, action: Any = "s3:GetObject") -> dict[str, Any]:
    """Return a role that may do this."""
    statement = {"Effect": "Allow", "Action": action, "Resource": resource}
    document = {"Version": "2012-10-17", "Statement": [statement]}
    return role(Policies=[{"PolicyName": "own", "PolicyDocument": document}])


def resources_of(facts: Facts) -> list[str]:
    """Return the resources that the identity policies name, widened ones left out."""
    statements = [s for r in facts.roles for p in r.policies for s in p.statements if not s.widened]
    return [resource for statement in statements for resource in statement.resources or ()]
