"""Facts of a few declared resources, written as a template has them."""

from typing import Any

from permcheck.model import Facts
from permcheck.sources.declared import Declared, Where, names, value_of, write
from permcheck.sources.files.builder import build
from permcheck.sources.files.gathered import Gathered

SOURCE = "stack.json"
LAMBDA = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"},
    ],
}


def facts(resources: dict[str, dict[str, Any]], account: str = "111122223333") -> Facts:
    """Build facts of resources by logical name, each with Type and Properties."""
    where = Where(account, "eu-west-1", "aws", "demo")
    found = []
    for logical, resource in resources.items():
        pointer = f"/Resources/{logical}"
        properties = value_of(resource.get("Properties", {}), SOURCE, f"{pointer}/Properties")
        kind = resource["Type"]
        own = names(kind, logical, properties, where)
        found.append(Declared(kind, logical, properties, own, where, SOURCE, pointer))
    gathered = Gathered()
    write(found, gathered)
    return build(gathered, [SOURCE])


def role(name: str, *statements: dict[str, Any], trust: Any = None, **more: Any) -> dict[str, Any]:
    """Return a role with one inline policy."""
    document = {"Version": "2012-10-17", "Statement": list(statements)}
    policies = [{"PolicyName": "own", "PolicyDocument": document}] if statements else []
    properties = {"RoleName": name, "AssumeRolePolicyDocument": trust or LAMBDA, "Policies": policies, **more}
    return {"Type": "AWS::IAM::Role", "Properties": properties}


def function(name: str, role_name: str = "runner", **more: Any) -> dict[str, Any]:
    """Return a function with a role of the same account."""
    arn = f"arn:aws:iam::111122223333:role/{role_name}"
    return {"Type": "AWS::Lambda::Function", "Properties": {"FunctionName": name, "Role": arn, **more}}


def allow(action: Any, resource: Any, **more: Any) -> dict[str, Any]:
    """Return a statement."""
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}
