"""Makes what ``terraform show -json`` prints of a plan, of resources as a person writes them."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True)
class Ref:
    """``RESOURCE.attribute``: known only after the deploy."""

    resource: str
    attribute: str

    def names(self) -> list[str]:
        return [f"{self.resource}.{self.attribute}", self.resource]


@dataclass(frozen=True)
class Text:
    """A text with references in it: a plan tells what stands in it, and not how it is put together."""

    parts: tuple[str | Ref, ...]


@dataclass(frozen=True)
class Resource:
    type: str
    name: str
    arguments: Mapping[str, Any]
    mode: str = "managed"
    index: str | int | None = None


def plan(*resources: Resource, region: str = "eu-west-1", account: str | None = "111122223333") -> Json:
    """The plan of a root module that makes all this. account: as ``data.aws_caller_identity`` told it."""
    planned = [_planned(each) for each in resources]
    made: Json = {
        "format_version": "1.2",
        "terraform_version": "1.9.5",
        "planned_values": {"root_module": {"resources": [p for p, _ in planned]}},
        "resource_changes": [
            {
                **{k: v for k, v in p.items() if k not in ("values", "schema_version")},
                "change": {"actions": ["create"], "before": None, "after": p["values"], "after_unknown": unknown},
            }
            for p, unknown in planned
        ],
        "configuration": {
            "provider_config": {
                "aws": {
                    "name": "aws",
                    "full_name": "registry.terraform.io/hashicorp/aws",
                    "expressions": {"region": {"constant_value": region}},
                }
            },
            "root_module": {"resources": list(_written(resources))},
        },
    }
    if account is not None:
        identity = {
            "address": "data.aws_caller_identity.current",
            "mode": "data",
            "type": "aws_caller_identity",
            "name": "current",
            "values": {"account_id": account, "arn": f"arn:aws:iam::{account}:user/ci", "id": account},
        }
        made["prior_state"] = {"format_version": "1.0", "values": {"root_module": {"resources": [identity]}}}
    return made


def _planned(each: Resource) -> tuple[Json, Json]:
    values: Json = {}
    unknown: Json = {"id": True, "arn": True}
    for key, value in each.arguments.items():
        known, open_ = _split(value)
        if open_ is True:
            unknown[key] = True
        else:
            values[key] = known
            if open_:
                unknown[key] = open_
    return {**_head(each), "schema_version": 0, "values": values, "sensitive_values": {}}, unknown


def _head(each: Resource) -> Json:
    head = f"data.{each.type}.{each.name}" if each.mode == "data" else f"{each.type}.{each.name}"
    index = {} if each.index is None else {"index": each.index}
    tail = "" if each.index is None else f"[{json.dumps(each.index)}]"
    return {
        "address": head + tail,
        "mode": each.mode,
        "type": each.type,
        "name": each.name,
        **index,
        "provider_name": "registry.terraform.io/hashicorp/aws",
    }


def _split(value: Any) -> tuple[Any, Any]:
    """What is known of a value, and true (or the shape with true in it) for what is not."""
    if isinstance(value, (Ref, Text)):
        return None, True
    if isinstance(value, list):
        both = [_split(each) for each in value]
        if any(o for _, o in both):
            # As Terraform does: entries at the end that are unknown are left out of what is known.
            known = [k for k, _ in both]
            while known and known[-1] is None:
                known.pop()
            return known, [o or False for _, o in both]
        return [k for k, _ in both], []
    if isinstance(value, dict):
        split = {k: _split(v) for k, v in value.items()}
        known_part = {k: kv for k, (kv, o) in split.items() if o is not True}
        return known_part, {k: o for k, (_, o) in split.items() if o}
    return value, False


def _written(resources: tuple[Resource, ...]) -> Iterator[Json]:
    seen: set[tuple[str, str]] = set()
    for each in resources:
        if (each.type, each.name) not in seen:
            seen.add((each.type, each.name))
            head = f"data.{each.type}.{each.name}" if each.mode == "data" else f"{each.type}.{each.name}"
            yield {
                "address": head,
                "mode": each.mode,
                "type": each.type,
                "name": each.name,
                "provider_config_key": "aws",
                "expressions": {key: expression(value) for key, value in each.arguments.items()},
                "schema_version": 0,
            }


def expression(value: Any) -> Any:
    """How a configuration represents an argument."""
    if isinstance(value, list) and value and all(isinstance(each, dict) for each in value):
        return [{key: expression(inner) for key, inner in block.items()} for block in value]
    names = list(_names(value))
    return {"references": names} if names else {"constant_value": value}


def _names(value: Any) -> Iterator[str]:
    if isinstance(value, Ref):
        yield from value.names()
    elif isinstance(value, Text):
        for part in value.parts:
            yield from _names(part)
    elif isinstance(value, (list, tuple)):
        for each in value:
            yield from _names(each)
    elif isinstance(value, dict):
        for each in value.values():
            yield from _names(each)
