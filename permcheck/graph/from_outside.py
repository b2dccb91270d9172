"""Edges from everybody outside, without the services: what journeys begin with, made only as far as they are followed.

Most functions and roles admit nobody from outside, and a glance at their policies tells. What an API route or an event
source leads to is decided when somebody is found to get that far.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property, lru_cache

from permcheck.graph.api_entries import on_from_route, to_route
from permcheck.graph.entrances import route_arn
from permcheck.graph.entries import into_function, into_role
from permcheck.graph.entry import Entry
from permcheck.graph.event_sources import source_name
from permcheck.graph.nodes import Node
from permcheck.graph.scene import Scene
from permcheck.graph.shape import EVERYBODY, FOREIGN, URL
from permcheck.graph.source_entries import (
    on_from_mapping,
    on_from_source,
    on_from_user_pool,
    to_source,
    to_user_pool,
)
from permcheck.model.api import Api, Route
from permcheck.model.function import EventSourceMapping
from permcheck.model.policy import Document
from permcheck.model.resource import Resource
from permcheck.policy.arn import account_of
from permcheck.policy.caller import account_in

_DOORS = frozenset((EVERYBODY, FOREIGN, URL))


class FromOutside:
    """The edges of one scene by the node they leave."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._onward: dict[Node, Sequence[Entry]] = {}

    @cached_property
    def into(self) -> Mapping[Node, Sequence[Entry]]:
        """Edges from people outside, by who they are, to functions, roles, API routes and event sources."""
        found: dict[Node, list[Entry]] = {}
        for entry in self._into():
            if entry.start.kind != "service":
                found.setdefault(entry.start, []).append(entry)
        return found

    def _into(self) -> Iterator[Entry]:
        scene, facts = self._scene, self._scene.facts
        for function in facts.functions:
            if _DOORS & scene.shape(function):
                yield from into_function(scene, function)
        for item in scene.roles.items:
            for trust in item.policies[:1]:
                if trust.document is not None and _foreign(trust.document, account_of(item.arn)):
                    yield from into_role(scene, item)
        for api in facts.apis:
            for route in api.routes:
                yield from to_route(scene, api, route)
        for source in scene.entrances.sources.values():
            document = source.policy.document if source.policy is not None else None
            if source.service == "ses" or (document is not None and _foreign(document, source.owner)):
                yield from to_source(scene, source)
        for pool in facts.user_pools:
            yield from to_user_pool(pool)

    def onward(self, node: Node) -> Sequence[Entry]:
        """Edges from an API route or an event source."""
        found = self._onward.get(node)
        if found is None:
            found = self._onward[node] = tuple(self._from(node))
        return found

    def _from(self, node: Node) -> Iterator[Entry]:
        for api, route in self.routes.get(node.name, ()) if node.kind == "api" else ():
            yield from on_from_route(self._scene, api, route)
        for source in self.sources.get(node.name, ()) if node.kind == "event_source" else ():
            if isinstance(source, Resource):
                yield from on_from_source(self._scene, source)
            else:
                yield from on_from_mapping(self._scene, source)
        for pool in self._scene.facts.user_pools if node.kind == "event_source" else ():
            if pool.arn == node.name:
                yield from on_from_user_pool(self._scene, pool)

    def called_by(self, source: str, most: int = 4) -> Iterator[str]:
        """ARNs of the functions that an event source is meant to call, whether or not it may.

        Those it sends its events on to are included. most: how often they may be sent on.
        """
        for each in self.sources.get(source, ()):
            if isinstance(each, Resource):
                yield from (trigger.function for trigger in each.triggers)
                for further in each.forwards if most else ():
                    yield from self.called_by(further, most - 1)
            else:
                yield each.function_arn

    @cached_property
    def routes(self) -> Mapping[str, Sequence[tuple[Api, Route]]]:
        """API routes by ARN."""
        found: dict[str, list[tuple[Api, Route]]] = {}
        for api in self._scene.facts.apis:
            for route in api.routes:
                found.setdefault(route_arn(api, route), []).append((api, route))
        return found

    @cached_property
    def sources(self) -> Mapping[str, Sequence[Resource | EventSourceMapping]]:
        """What hands on the events of a source, by its name."""
        found: dict[str, list[Resource | EventSourceMapping]] = {}
        for resource in self._scene.facts.resources:
            if resource.triggers or resource.forwards:
                found.setdefault(resource.arn, []).append(resource)
        for mapping in self._scene.facts.mappings:
            found.setdefault(source_name(mapping), []).append(mapping)
        return found


@lru_cache(maxsize=1 << 14)
def _foreign(document: Document, account: str) -> bool:
    """Whether some Allow may let in somebody who is not of the account: a first look."""
    for statement in document.statements:
        names = statement.principals
        if not statement.is_allow:
            continue
        if names is None or names.everyone or any(not account or account_in(entry) != account for entry in names.aws):
            return True
    return False
