"""The manifest of a cdk.out folder: which templates are its stacks, under which names, in which account and Region.

AWS CDK, "Cloud assembly": artifacts of the type ``aws:cloudformation:stack``; nested ones (stages) have folders of
their own.
"""

import json
import re
from collections.abc import Iterator
from os.path import dirname, isfile, join, normpath
from typing import Any

from permcheck.frozen import dataclass

_ENVIRONMENT = re.compile(r"aws://(?P<account>\d{12}|unknown-account)/(?P<region>[\w-]+)")


@dataclass(frozen=True, slots=True)
class Member:
    """A stack of an assembly. account and region are empty where they are left to the deploy."""

    path: str
    stack: str
    account: str
    region: str


def is_manifest(value: Any) -> bool:
    """Whether a JSON value is the manifest of a cloud assembly."""
    return isinstance(value, dict) and isinstance(value.get("artifacts"), dict) and "version" in value


def members(manifest: str, value: Any, depth: int = 0) -> Iterator[Member]:
    """The stacks of an assembly and of those nested in it. manifest: path of its file."""
    folder = dirname(manifest)
    for name, artifact in value["artifacts"].items():
        if not isinstance(artifact, dict):
            continue
        found = artifact.get("properties")
        properties: dict[str, Any] = found if isinstance(found, dict) else {}
        if artifact.get("type") == "aws:cloudformation:stack" and isinstance(properties.get("templateFile"), str):
            told = _ENVIRONMENT.fullmatch(str(artifact.get("environment")))
            account, region = (told["account"], told["region"]) if told is not None else ("", "")
            yield Member(
                normpath(join(folder, properties["templateFile"])),
                str(properties.get("stackName") or name),
                account if account.isdecimal() else "",
                region if region != "unknown-region" else "",
            )
        elif artifact.get("type") == "cdk:cloud-assembly" and isinstance(properties.get("directoryName"), str):
            inner = normpath(join(folder, properties["directoryName"], "manifest.json"))
            if depth < 5 and isfile(inner):
                nested = _loaded(inner)
                if is_manifest(nested):
                    yield from members(inner, nested, depth + 1)


def _loaded(path: str) -> Any:
    try:
        with open(path, "rb") as file:
            return json.loads(file.read())
    except (OSError, ValueError, RecursionError):
        return None
