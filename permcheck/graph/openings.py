"""Where an API stands between the internet and a function: its routes, and the functions it asks as authorizers."""

from collections.abc import Iterator

from permcheck.frozen import dataclass
from permcheck.graph.api_routes import unsigned_requests
from permcheck.graph.calls import SUREST_FIRST, Call, authorizer_call, route_call
from permcheck.graph.scene import Scene
from permcheck.model.api import Api, Route
from permcheck.model.function import Function
from permcheck.model.verdict import Verdict
from permcheck.policy.evaluate import evaluate
from permcheck.policy.request import Decision, Policies, Request

NO_SIGNATURE = "implicit:authentication"
Gate = tuple[Request, Policies]


@dataclass(frozen=True, slots=True)
class Opening:
    """One way through an API. name: as a person calls it. asks: what it asks of a caller without credentials, in words.

    passing: whether such a caller gets through. gate: its request and the API's resource policy, None where it has
    none. call: what the API then does.
    """

    api: Api
    name: str
    asks: str
    passing: Decision
    gate: Gate | None
    call: Call

    @property
    def verdict(self) -> Verdict:
        """Whether anyone comes as far as the function: as sure as the weaker of the two halves."""
        return max(self.passing.verdict, self.call.verdict, key=SUREST_FIRST.index)


def routes(scene: Scene, function: Function) -> Iterator[Opening]:
    """The routes that lead to the function, open or not."""
    for api, route in scene.routes_to.get(function.arn, ()):
        call = route_call(scene, api, route)
        if call is not None:
            name = f"{route.method} {route.path} of API {api.id}".strip()
            yield Opening(api, name, _authorization(api, route), unsigned(api, route), _gate(api, route), call)


def authorizers(scene: Scene, function: Function) -> Iterator[Opening]:
    """The APIs that call the function to hear whether a caller may enter: everybody makes them do so."""
    for api, authorizer in scene.asked_by.get(function.arn, ()):
        call = authorizer_call(scene, api, authorizer)
        if call is not None:
            name = f"authorizer {authorizer.name or authorizer.id} of API {api.id}"
            gate = next(iter(unsigned_requests(api, None)), None)
            passing = _reachable(api)
            decided = evaluate(*gate) if gate is not None else Decision(Verdict.ALLOWED)
            if passing.verdict is Verdict.ALLOWED and (decided.denied_by or "").startswith("explicit"):
                passing = decided
            yield Opening(api, name, _closed(api) or "it is asked for every caller", passing, gate, call)


def open_to_anyone(api: Api, route: Route) -> Verdict:
    """Whether somebody without any credentials gets through a route."""
    return unsigned(api, route).verdict


def unsigned(api: Api, route: Route) -> Decision:
    """The decision on a request without any credentials: no authorizer, no key, and no resource policy against it.

    A key stands in no policy: a route that asks for one is conditional without a condition that could be listed.
    """
    decision = _reachable(api)
    if decision.verdict is Verdict.DENIED or route.auth not in (None, "NONE"):
        return Decision(Verdict.DENIED, decision.denied_by or NO_SIGNATURE)
    gate = _gate(api, route)
    if gate is not None:
        decision = evaluate(*gate)
    if decision.verdict is not Verdict.DENIED and route.auth is None:
        return decision._replace(verdict=Verdict.UNKNOWN)
    if decision.verdict is Verdict.ALLOWED and route.api_key:
        return decision._replace(verdict=Verdict.CONDITIONAL)
    return decision


def _reachable(api: Api) -> Decision:
    """Whether the internet reaches the API at all."""
    return Decision(Verdict.DENIED, "implicit:api") if _closed(api) else Decision(Verdict.ALLOWED)


def _closed(api: Api) -> str:
    if api.private:
        return "the API is private: it is reached through VPC endpoints only"
    return "the API is deployed at no stage" if api.stages == () else ""


def _gate(api: Api, route: Route) -> Gate | None:
    """The request for the route that gets furthest, None where no resource policy stands before it."""
    gates = unsigned_requests(api, route)
    return min(gates, key=lambda gate: SUREST_FIRST.index(evaluate(*gate).verdict), default=None)


def _authorization(api: Api, route: Route) -> str:
    if closed := _closed(api):
        return closed
    if route.auth is None:
        return "what authorization it asks for is not told"
    if route.auth != "NONE":
        return f"it asks for authorization ({route.auth})"
    return "it asks for an API key and nothing else" if route.api_key else "it asks for nothing"
