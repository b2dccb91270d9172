"""What a file's name tells: ``list-attached-role-policies.REPORTER.json`` is about the role REPORTER.

Several AWS CLI outputs do not say whose they are, so the name of the file, or of its folder, is all there is. Read as
``OPERATION.NAME[.MORE].json``; also ``-`` or ``_`` after the operation, or a folder named after operation or owner.
"""

from collections.abc import Container, Iterator
from posixpath import basename, dirname

_SEPARATORS = ".-_"

# The kind of thing each operation is about. get-policy is one of IAM (managed policy) and one of Lambda (function).
ABOUT = {
    "list-attached-role-policies": "role",
    "list-attached-user-policies": "user",
    "list-attached-group-policies": "group",
    "list-role-policies": "role",
    "list-user-policies": "user",
    "list-group-policies": "group",
    "get-role-policy": "role",
    "get-user-policy": "user",
    "get-group-policy": "group",
    "list-role-tags": "role",
    "list-user-tags": "user",
    "list-groups-for-user": "user",
    "get-policy-version": "policy",
    "list-policy-versions": "policy",
    "list-policy-tags": "policy",
    "get-resource-policy": "function",
    "get-policy": "function",
    "list-tags": "function",
    "list-function-url-configs": "function URL",
    "get-bucket-policy": "bucket",
    "get-bucket-notification-configuration": "bucket",
    "get-bucket-tagging": "bucket",
    "get-key-policy": "key",
    "get-queue-attributes": "queue",
    "list-targets-by-rule": "rule",
    "get-resources": "api",
    "get-method": "api",
    "get-routes": "api",
    "get-route": "api",
    "get-integrations": "api",
    "get-integration": "api",
    "get-stages": "api",
    "get-stage": "api",
    "get-authorizers": "api",
    "get-authorizer": "api",
    "list-policies-for-target": "target",
    "list-targets-for-policy": "control policy",
    "list-parents": "child",
    "list-children": "parent",
    "list-accounts-for-parent": "parent",
    "list-organizational-units-for-parent": "parent",
}
_LONGEST_FIRST = sorted(ABOUT, key=len, reverse=True)


def told(source: str) -> tuple[str, str]:
    """The operation a file is named after ("" for none), and the rest of its name."""
    stem = basename(source)
    for ending in (".json", ".jsonl", ".txt"):
        stem = stem.removesuffix(ending)
    lower = stem.lower().replace("_", "-")
    for operation in _LONGEST_FIRST:
        if lower == operation:
            return operation, ""
        if lower.startswith(operation) and stem[len(operation)] in _SEPARATORS:
            return operation, stem[len(operation) + 1 :]
    folder = basename(dirname(source)).lower().replace("_", "-")
    return (folder, stem) if folder in ABOUT else ("", stem)


def about(source: str) -> str:
    """The kind of thing a file is about by its name: role, user, group, policy, function or ""."""
    return ABOUT.get(told(source)[0], "")


def candidates(source: str) -> Iterator[tuple[str, str]]:
    """Names the file may be about, the likeliest first, each with what follows it (a qualifier or a policy's name)."""
    _, rest = told(source)
    name, more = rest, ""
    while name:
        yield name, more
        name, dot, last = name.rpartition(".")
        more = f"{last}.{more}" if more else last
        if not dot:
            break
    folder = basename(dirname(source))
    if folder and folder.lower().replace("_", "-") not in ABOUT:
        yield folder, ""


def owner(source: str, known: Container[str]) -> tuple[str, str] | None:
    """The first of the names that is known, with what follows it; None where none is."""
    return next((found for found in candidates(source) if found[0] in known), None)
