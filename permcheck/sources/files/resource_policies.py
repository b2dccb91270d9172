"""Resource policies of other services: buckets, tables, keys, secrets. The statements' Resource tells whose they are.

``s3api get-bucket-policy`` and ``dynamodb get-resource-policy`` print no name, and look like Lambda's get-policy.
"""

import re
from collections.abc import Iterator
from typing import Any

from permcheck.model.policy import Policy, PolicyKind
from permcheck.sources.files import naming
from permcheck.sources.files.kind import Kind, only
from permcheck.sources.files.reading import Reading, embedded
from permcheck.sources.files.resource_drafts import Part
from permcheck.sources.files.shapes import JsonObject, arn, function_name, is_arn

NAME = "resource policy"
_ACCOUNT = re.compile(r"(?:arn:[\w-]+:iam::)?(\d{12})(?::root)?")
# Which operations print nothing but a policy, and of what.
_OPERATIONS = {"get-bucket-policy": "bucket", "get-key-policy": "key"}


def owner(resource: str) -> str | None:
    """The ARN of the one thing a Resource is about, None if there is none: an object's bucket, an index's table."""
    if not is_arn(resource) or function_name(resource) is not None:
        return None
    _, partition, service, region, account, name = resource.split(":", 5)
    if service == "s3" and not region and not account:
        name = name.split("/", 1)[0]
    elif service == "dynamodb" and "/stream/" not in name:
        name = "/".join(name.split("/")[:2])
    elif service == "lambda" and not name.startswith("layer:"):
        return None
    found = f"arn:{partition}:{service}:{region}:{account}:{name.removesuffix('/*')}"
    return None if "*" in found or "?" in found or "${" in found or not name else found


def resource_policy(reading: Reading, raw: Any, at: str, arn: str) -> None:
    """Put a policy, as an output prints it, on the resource it is known to be of."""
    document, unread = reading.document(raw, at, f"who may use {arn} is unknown")
    made = Policy(PolicyKind.RESOURCE, NAME, reading.source, at, document, None, unread, arn)
    reading.gathered.resource_policy(arn, made)


def elsewhere(reading: Reading, document: Any, repeated: bool, at: str, *, loose: bool = False) -> bool:
    """Put a policy on the resources that its statements name; False where they name functions, or nothing exactly."""
    named = list(dict.fromkeys(_named(document)))
    if any(function_name(each) is not None for each in named):
        return False
    owners = list(dict.fromkeys(found for each in named if (found := owner(each)) is not None))
    if not owners:
        return False
    document, unread = reading.parsed(document, repeated, at, f"who may use {' and '.join(owners)} is unknown")
    for own in owners:
        made = Policy(PolicyKind.RESOURCE, NAME, reading.source, at, document, None, unread, own, loose=loose)
        reading.gathered.resource_policy(own, made)
    return True


def unread(reading: Reading, error: str, at: str) -> str:
    """Note that the resource of the file's name has a policy which cannot be read.

    Returns what is unknown because of it, "" where the file's name does not speak of such a resource.
    """
    operation = naming.told(reading.source)[0]
    kind = _OPERATIONS.get(operation)
    if kind is None:
        return ""

    def give(arn: str) -> None:
        made = Policy(PolicyKind.RESOURCE, NAME, reading.source, at, None, None, error, arn)
        reading.gathered.resource_policy(arn, made)

    reading.gathered.parts.append(Part(kind, "a policy", operation, reading.source, at, give))
    return f"who may use the {kind} it is named after is unknown"


def _named(document: Any) -> Iterator[str]:
    statements = document.get("Statement") if isinstance(document, dict) else None
    for statement in statements if isinstance(statements, list) else [statements]:
        if isinstance(statement, dict):
            written = statement.get("Resource")
            for each in written if isinstance(written, list) else [written]:
                if isinstance(each, str):
                    yield each


def key(reading: Reading, value: JsonObject, at: str) -> None:
    """kms get-key-policy: its statements speak of ``*``, so the file's name must tell the key."""
    raw, here = value["Policy"], f"{at}/Policy"
    try:
        document, repeated = embedded(raw)
    except ValueError as error:
        said = f"the policy text cannot be read: {error}"
        reading.miss(said, unread(reading, said, here) or "who may use the key is unknown", here)
        return
    if elsewhere(reading, document, repeated, here):
        return
    text = reading.parsed_text(document, repeated, here, "who may use the key is unknown")

    def give(arn: str) -> None:
        made = Policy(PolicyKind.RESOURCE, NAME, reading.source, here, text.document, None, text.unread, arn)
        reading.gathered.resource_policy(arn, made)

    account = _only_account(document)
    part = Part("key", "a policy", "get-key-policy", reading.source, here, give, account=account)
    reading.gathered.parts.append(part)


def _only_account(document: Any) -> str:
    """The account that a key policy lets in as a whole, as those made by AWS do; "" for none or several."""
    found: set[str] = set()
    statements = document.get("Statement") if isinstance(document, dict) else None
    for statement in statements if isinstance(statements, list) else [statements]:
        principal = statement.get("Principal") if isinstance(statement, dict) else None
        named = principal.get("AWS") if isinstance(principal, dict) else None
        for each in named if isinstance(named, list) else [named]:
            told = _ACCOUNT.fullmatch(each) if isinstance(each, str) else None
            if told is not None:
                found.add(told[1])
    return min(found) if len(found) == 1 else ""


def secret(reading: Reading, value: JsonObject, at: str) -> None:
    """secretsmanager get-resource-policy; without ResourcePolicy the secret has none."""
    own = arn(value, "ARN", at)
    draft = reading.gathered.resource(own, reading.source, at, told=True)
    draft.policy_read = True
    if value.get("ResourcePolicy") is not None:
        resource_policy(reading, value["ResourcePolicy"], f"{at}/ResourcePolicy", own)


KINDS = (
    Kind("get-key-policy", "Policy", lambda v: isinstance(v["Policy"], str) and "PolicyName" in v, key),
    Kind("get-resource-policy", "ARN", only("ARN", "Name", "ResourcePolicy"), secret),
)
