"""Where the results and failures of a function go by themselves: destinations, dead-letter queues, failed batches.

The execution role must be allowed to send there (Lambda Developer Guide, "Retaining records of asynchronous
invocations"; what a stream's failed batches need stands with each source).
"""

from collections.abc import Iterator
from typing import NamedTuple

from permcheck.access import Subject
from permcheck.graph.anything import item_named
from permcheck.graph.calls import item_called
from permcheck.graph.entry import Entry, of_decision, weakest
from permcheck.graph.nodes import Node
from permcheck.graph.policy_arns import MADE_UP
from permcheck.graph.pollers import runs_as, with_policy
from permcheck.graph.scene import Scene
from permcheck.model.answer import Because
from permcheck.model.function import Function
from permcheck.model.location import Location
from permcheck.model.verdict import Verdict
from permcheck.policy.arn import split
from permcheck.policy.request import Decision

_EDGES = {"on_success": "sends results to", "on_failure": "sends failures to", "dead_letter": "sends failures to"}
_SENDS = {
    "sqs": ("sqs:SendMessage",),
    "sns": ("sns:Publish",),
    "events": ("events:PutEvents",),
    "lambda": ("lambda:InvokeFunction",),
    "s3": ("s3:PutObject", "s3:ListBucket"),
}


class Sending(NamedTuple):
    """Something that a function sends to. met: each action it takes, and whether the role may. role: None if unseen."""

    function: Function
    edge: str
    to: str
    location: Location
    role: Subject | None
    met: tuple[tuple[str, Decision], ...]

    @property
    def verdict(self) -> Verdict:
        """Whether it arrives."""
        if self.role is None or not self.met:
            return Verdict.UNKNOWN
        return weakest(*(d.verdict for _, d in self.met))


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
    arn = split(to)
    wanted = _SENDS.get(arn.service, ()) if arn is not None and role is not None else ()
    met = tuple((action, _decide(scene, role, action, to)) for action in wanted if role is not None)
    return Sending(function, edge, to, place, role, met)


def _decide(scene: Scene, role: Subject, action: str, to: str) -> Decision:
    target = scene.function_of_item(to) if action == "lambda:InvokeFunction" else None
    if target is not None:
        return scene.world.decide(role, action, item_called(target, to))
    named = f"{to}/{MADE_UP}" if action == "s3:PutObject" else to
    return scene.world.decide(role, action, with_policy(scene, to, named) or item_named(named, action, role.account))


def destination_entries(scene: Scene) -> Iterator[Entry]:
    """From a function to another function, or to an event source that sets off others."""
    for sent in sendings(scene):
        target = scene.function_of_item(sent.to)
        if sent.verdict is Verdict.DENIED or (target is None and sent.to not in scene.entrances.sources):
            continue
        start = Node("function", sent.function.arn)
        end = Node("function", target.arn) if target is not None else Node("event_source", sent.to)
        here = (Because(sent.location, "Allow"),)
        grounds = of_decision(*(d for _, d in sent.met), here=here)
        yield Entry(start, sent.edge, sent.verdict, end, grounds, sent.to if target is not None else "")
