"""Edges whose start is not a role or user: everybody outside, API routes and event sources, by the node they leave."""

from collections.abc import Iterator

from permcheck.graph.api_entries import api_entries
from permcheck.graph.candidates import candidates
from permcheck.graph.destinations import destination_entries
from permcheck.graph.entry import Entry as Entry
from permcheck.graph.entry import admission
from permcheck.graph.nodes import Node
from permcheck.graph.outsiders import admitted
from permcheck.graph.scene import Scene
from permcheck.graph.source_entries import source_entries


def entries(scene: Scene) -> Iterator[Entry]:
    """Every such edge of the scene, and what functions send on by themselves."""
    for function in scene.facts.functions:
        for outsider in scene.outsiders(function):
            edge = "calls the URL of" if outsider.via == "function_url" else "invokes"
            yield admission(outsider, edge, Node("function", function.arn))
    yield from _into_roles(scene)
    yield from api_entries(scene)
    yield from source_entries(scene)
    yield from destination_entries(scene)


def _into_roles(scene: Scene) -> Iterator[Entry]:
    """Outsiders with an AWS identity that a role's trust policy lets in: the world, other accounts, organizations."""
    for item in scene.roles.items:
        subject = scene.subject(item.arn)
        if subject is None:
            continue
        target = Node("role", item.arn, subject.number)
        for candidate in candidates(item, "sts:AssumeRole"):
            if candidate.kind != "service":
                outsider = admitted(candidate, item, "sts:AssumeRole", "resource_policy", "")
                if outsider is not None:
                    yield admission(outsider, "assumes", target)
