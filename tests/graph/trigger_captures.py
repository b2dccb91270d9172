"""A small account around one function, ``orders``, and the edges of the graph that lead to it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from typing import Any, NamedTuple

from permcheck.graph.scene import Scene
from permcheck.graph.who import who
from permcheck.model import CallerRow, Facts, Resource
from permcheck.rules._examples import ACCOUNT, REGION, Json, account, document, function_arn, worker
from permcheck.sources.files import load_texts

ORDERS = function_arn("orders")
ANYONE = ("anyone", "")


class Edge(NamedTuple):
    """An edge without its grounds."""

    start: tuple[str, str]
    edge: str
    verdict: str
    end: tuple[str, str]


def own(service: str, resource: str) -> str:
    """The ARN of a resource of our own account."""
    return f"arn:aws:{service}:{REGION}:{ACCOUNT}:{resource}"


def grant(principal: object, condition: Json | None = None, on: str = ORDERS, **more: Any) -> Json:
    """A statement of the policy of ``orders``."""
    made: Json = {"Sid": "s", "Effect": "Allow", "Principal": principal, "Action": "lambda:InvokeFunction"}
    return made | {"Resource": on} | ({"Condition": condition} if condition else {}) | more


def source(arn: str, owner: str = "") -> Json:
    """The conditions that AddPermission writes for a source."""
    made: Json = {"ArnLike": {"AWS:SourceArn": arn}}
    return made | ({"StringEquals": {"AWS:SourceAccount": owner}} if owner else {})


def files(*statements: Json, identities: Iterable[Json] = (), functions: Iterable[str] = ("orders",)) -> Json:
    """Captures of an account: functions that run as ``orders-role``, and the policy of each that statements name."""
    roles = list(identities)
    if not any(r.get("RoleName") == "orders-role" for r in roles):
        roles.append(worker("orders-role"))
    made = account(*roles, functions=dict.fromkeys(functions, "orders-role"))
    policies: dict[str, list[Json]] = {}
    for statement in statements:
        policies.setdefault(statement["Resource"].split(":function:")[1].replace(":", "."), []).append(statement)
    for name, written in policies.items():
        made[f"get-policy.{name}.json"] = {"Policy": json.dumps(document(*written)), "RevisionId": "1"}
    return made


def facts_of(captures: Json, *resources: Resource) -> Facts:
    """What is read from the captures, with resources of kinds that no capture tells. Nothing may go unread."""
    facts = load_texts({name: json.dumps(value) for name, value in captures.items()})
    assert not facts.not_read, facts.not_read
    return replace(facts, resources=(*facts.resources, *resources))


def scene_of(captures: Json, *resources: Resource) -> Scene:
    """A scene of the captures."""
    return Scene(facts_of(captures, *resources))


def edges(scene: Scene) -> list[Edge]:
    """Every edge that leaves no role or user."""
    return [
        Edge((e.start.kind, e.start.name), e.edge, str(e.verdict), (e.target.kind, e.target.name))
        for found in scene.entries.values()
        for e in found
    ]


def verdict(scene: Scene, start: tuple[str, str], end: tuple[str, str]) -> str:
    """The surest verdict of an edge from one node to another; ``denied`` where there is none."""
    order = ("allowed", "conditional", "unknown", "denied")
    found = [e.verdict for e in edges(scene) if e.start == start and e.end == end]
    return min(found, key=order.index, default="denied")


def from_source(scene: Scene, arn: str, function: str = ORDERS) -> str:
    """Whether an event source sets a function off."""
    return verdict(scene, ("event_source", arn), ("function", function))


def rows(scene: Scene, function: str = ORDERS) -> list[CallerRow]:
    """The rows of ``who``."""
    return list(who(scene, scene.function_by_arn[function]).callers)


def writes(scene: Scene, role: str, node: str) -> str:
    """Whether a role (its name) may write to an event source, or call an API route."""
    subject = next(s for s in scene.world.subjects if s.entity.name == role)
    order = ("allowed", "conditional", "unknown", "denied")
    entrances = scene.entrances
    found = ["denied"]
    for universe in (entrances.event_sources, entrances.routes):
        if universe.items:
            may = scene.world.access(universe)[subject.number]
            for number, item in enumerate(universe.items):
                if node in entrances.nodes_of(item):
                    found.append(str(may.verdict(number)))
    return min(found, key=order.index)
