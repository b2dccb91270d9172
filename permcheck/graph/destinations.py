"""Where the results and failures of a function go by themselves: destinations, dead-letter queues, failed batches.

The execution role must be allowed to send there (Lambda Developer Guide, "Retaining records of asynchronous
invocations"; what a stream's failed batches need stands with each source).
"""

from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

from permcheck.access import Subject
from permcheck.graph.calls import item_called
from permcheck.graph.entrances import sent
from permcheck.graph.entry import Entry, weakest
from permcheck.graph.nodes import Grounds, Node
from permcheck.graph.outsiders import INVOKE
from permcheck.graph.places import because, conditions
from permcheck.graph.pollers import runs_as
from permcheck.graph.scene import Scene
from permcheck.model.answer import Because
from permcheck.model.function import Function
from permcheck.model.location import Location
from permcheck.model.verdict import Verdict
from permcheck.policy.request import Decision

_EDGES = {"on_success": "sends results to", "on_failure": "sends failures to", "dead_letter": "sends failures to"}


class Sending(NamedTuple):
    """Something that a function sends to. needs: each action it takes, and whether the role may (None: not in view)."""

    function: Function
    edge: str
    to: str
    location: Location
    role: Subject | None
    needs: tuple[tuple[str, Verdict], ...]

    @property
    def verdict(self) -> Verdict:
        """Whether it arrives."""
        return weakest(*(v for _, v in self.needs)) if self.role is not None and self.needs else Verdict.UNKNOWN


def sendings(scene: Scene) -> Iterator[Sending]:
    """Every destination in view, those of functions and those of mappings."""
    for function in scene.facts.functions:
        for destination in function.destinations:
            called = f"{function.arn}:{destination.qualifier}" if destination.qualifier else function.arn
            place = Location(destination.source, destination.pointer, function.arn)
            yield _sending(scene, function, called, _EDGES[destination.kind], destination.arn, place)
    for mapping in scene.facts.mappings:
        polled = scene.function_of_item(mapping.function_arn)
        if polled is not None and mapping.enabled and mapping.on_failure:
            place = Location(mapping.source, mapping.pointer, polled.arn)
            yield _sending(scene, polled, mapping.function_arn, "sends failures to", mapping.on_failure, place)


def _sending(scene: Scene, function: Function, called: str, edge: str, to: str, place: Location) -> Sending:
    role = runs_as(scene, function, called)
    return Sending(function, edge, to, place, role, tuple(_needs(scene, role, to)) if role is not None else ())


def _needs(scene: Scene, role: Subject, to: str) -> Iterator[tuple[str, Verdict]]:
    target = scene.function_of_item(to)
    if target is not None:
        yield INVOKE, scene.world.decide(role, INVOKE, item_called(target, to)).verdict
        return
    universe, position = scene.entrances.asked
    may = scene.world.access_of(role, universe, "")
    for arn, action, _ in sent(to):
        yield action, may.verdict(position[arn, action])


def destination_entries(scene: Scene) -> Iterator[Entry]:
    """From a function to another function, or to an event source that sets off others."""
    for each in sendings(scene):
        target = scene.function_of_item(each.to)
        if each.verdict is Verdict.DENIED or (target is None and each.to not in scene.entrances.sources):
            continue
        end = Node("function", target.arn) if target is not None else Node("event_source", each.to)
        grounds = partial(_grounds, scene, each)
        called = each.to if target is not None else ""
        yield Entry(Node("function", each.function.arn), each.edge, each.verdict, end, grounds, called)


def _grounds(scene: Scene, each: Sending) -> Grounds:
    decisions = list(_decisions(scene, each))
    reasons = (b for d in decisions for b in because(d.because))
    left = {repr(c): c for d in decisions for c in conditions(d)}
    return Grounds(tuple(dict.fromkeys((Because(each.location, "Allow"), *reasons))), tuple(left.values()))


def _decisions(scene: Scene, each: Sending) -> Iterator[Decision]:
    if each.role is None:
        return
    target = scene.function_of_item(each.to)
    if target is not None:
        yield scene.world.decide(each.role, INVOKE, item_called(target, each.to))
        return
    universe, position = scene.entrances.asked
    for arn, action, _ in sent(each.to):
        yield scene.world.decide(each.role, action, universe.items[position[arn, action]])
