"""Edges whose start is not a role or user: everybody outside, API routes and event sources, by the node they leave."""

from collections.abc import Iterator

from permcheck.access import Item
from permcheck.graph.api_entries import api_entries
from permcheck.graph.candidates import candidates
from permcheck.graph.destinations import destination_entries
from permcheck.graph.entry import Entry as Entry
from permcheck.graph.entry import admission
from permcheck.graph.in_view import let_in
from permcheck.graph.nodes import Node
from permcheck.graph.scene import Scene
from permcheck.graph.source_entries import source_entries
from permcheck.model.function import Function


def entries(scene: Scene) -> Iterator[Entry]:
    """Every such edge of the scene, and what functions send on by themselves."""
    for function in scene.facts.functions:
        yield from into_function(scene, function)
    for item in scene.roles.items:
        yield from into_role(scene, item)
    yield from api_entries(scene)
    yield from source_entries(scene)
    yield from destination_entries(scene)


def into_function(scene: Scene, function: Function) -> Iterator[Entry]:
    """Everybody outside whom a function's policies and URLs let in."""
    for outsider in scene.outsiders(function):
        edge = "calls the URL of" if outsider.via == "function_url" else "invokes"
        yield admission(outsider, edge, Node("function", function.arn))


def into_role(scene: Scene, item: Item) -> Iterator[Entry]:
    """Outsiders with an AWS identity that a role's trust policy lets in: the world, other accounts, organizations."""
    subject = scene.subject(item.arn)
    if subject is None:
        return
    target = Node("role", item.arn, subject.number)
    for candidate in candidates(item, "sts:AssumeRole"):
        if candidate.kind != "service":
            for outsider in let_in(scene.world, candidate, item, "sts:AssumeRole"):
                yield admission(outsider, "assumes", target)
