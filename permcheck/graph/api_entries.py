"""Edges into and on from APIs: who gets to a route, and which function it calls.

Everybody's way to a function that an API asks as its authorizer, and ways through APIs that are not in view, are no
ground for a finding: more_ways has them, for whoever asks.
"""

from collections.abc import Iterator
from functools import partial

from permcheck.graph.api_routes import INVOKE_API, route_arn
from permcheck.graph.calls import route_call
from permcheck.graph.candidates import candidates
from permcheck.graph.entry import Entry, admission, of_decision
from permcheck.graph.in_view import let_in
from permcheck.graph.nodes import Grounds, Node
from permcheck.graph.openings import unsigned
from permcheck.graph.places import conditions
from permcheck.graph.scene import Scene
from permcheck.model.answer import Because
from permcheck.model.api import Api, Route
from permcheck.model.location import Location
from permcheck.model.verdict import Verdict


def api_entries(scene: Scene) -> Iterator[Entry]:
    """Every edge to a route of an API in view, and from there to the function."""
    for api in scene.facts.apis:
        for route in api.routes:
            yield from to_route(scene, api, route)
            yield from on_from_route(scene, api, route)


def on_from_route(scene: Scene, api: Api, route: Route) -> Iterator[Entry]:
    """From a route to the function it calls."""
    call = route_call(scene, api, route)
    function = scene.function_of_item(route.function)
    if call is not None and function is not None and call.verdict is not Verdict.DENIED:
        start, target = Node("api", route_arn(api, route)), Node("function", function.arn)
        grounds = partial(Grounds, call.because, conditions(call.decision), call.witness)
        yield Entry(start, "invokes", call.verdict, target, grounds, call.called)


def to_route(scene: Scene, api: Api, route: Route) -> Iterator[Entry]:
    """Anyone, where a route asks for no credentials; outsiders that a REST API's own policy lets sign requests."""
    node = Node("api", route_arn(api, route))
    passing = unsigned(api, route)
    if passing.verdict is not Verdict.DENIED:
        here = (Because(Location(route.source, route.pointer, node.name), "Allow"),)
        yield Entry(Node("anyone", ""), "requests", passing.verdict, node, of_decision(passing, here=here))
    if route.auth == "AWS_IAM" and api.policy is not None:
        for item in scene.entrances.items_of(node.name):
            for candidate in candidates(item, INVOKE_API):
                for outsider in let_in(scene.world, candidate, item, INVOKE_API) if candidate.kind != "service" else ():
                    yield admission(outsider, "calls", node)
