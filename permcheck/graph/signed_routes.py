"""Who has an API call the function by signing a request: first its own side and the API's policy, then the API's call.

API Gateway Developer Guide, "Control access to a REST API with IAM permissions": whoever may execute-api:Invoke a route
of type AWS_IAM gets through, and needs no permission for the function behind it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from permcheck.access import Item, Subject
from permcheck.access.world import request_of
from permcheck.frozen import dataclass
from permcheck.graph.api_routes import INVOKE_API, route_arn
from permcheck.graph.caller_named import callers_named
from permcheck.graph.calls import SUREST_FIRST, Call, route_call
from permcheck.graph.candidates import candidates
from permcheck.graph.guests import held_by
from permcheck.graph.in_front import each_once
from permcheck.graph.layers import OWN_SIDE, about, layers
from permcheck.graph.outsiders import Outsider, admitted, request_for
from permcheck.graph.places import because, conditions
from permcheck.graph.scene import Scene
from permcheck.graph.witness import witness
from permcheck.model.answer import CallerRow, WhyAnswer, WhyLayer
from permcheck.model.function import Function
from permcheck.model.verdict import Verdict
from permcheck.policy.evaluate import evaluate
from permcheck.policy.request import Decision, Policies, Request

_SURE_ENOUGH = (Verdict.ALLOWED, Verdict.CONDITIONAL)
Asked = tuple[Request, Policies, Decision]


@dataclass(frozen=True, slots=True)
class SignedRoute:
    """A request for a route that asks for a signature, and the call to the function that follows.

    name: the route as a person calls it.
    """

    name: str
    item: Item
    call: Call

    def weigh(self, verdict: Verdict) -> Verdict:
        """The verdict of the request and of the call together: that of the weaker."""
        return max(verdict, self.call.verdict, key=SUREST_FIRST.index)


def signed_routes(scene: Scene, function: Function) -> Mapping[str, Sequence[SignedRoute]]:
    """Every such request that leads to the function, by the name it is called by."""
    found: dict[str, list[SignedRoute]] = {}
    for api, route in scene.routes_to.get(function.arn, ()):
        call = route_call(scene, api, route) if route.auth == "AWS_IAM" else None
        if call is not None:
            name = f"{route.method} {route.path} of API {api.id}".strip()
            items = scene.entrances.items_of(route_arn(api, route))
            found.setdefault(call.called, []).extend(SignedRoute(name, item, call) for item in items)
    return found


def through_signed_routes(scene: Scene, function: Function) -> Iterator[CallerRow]:
    """Whoever may call such a route, each with the surest of them for every name of the function."""
    for routes in signed_routes(scene, function).values():
        through = [route for route in routes if route.call.verdict is not Verdict.DENIED]
        yield from _insiders(scene, through) if through else ()
        for route in through:
            yield from _outsiders(route)


def _insiders(scene: Scene, routes: Sequence[SignedRoute]) -> Iterator[CallerRow]:
    universe = scene.entrances.routes
    numbered = [(universe.position[route.item.arn], route) for route in routes]
    mask = sum(1 << number for number in {number for number, _ in numbered})
    for subject, may in zip(scene.world.subjects, scene.world.access(universe), strict=False):
        if may.possible & mask:
            found = ((number, route) for number, route in numbered if may.possible >> number & 1)
            _, route = min(found, key=lambda each: SUREST_FIRST.index(each[1].weigh(may.verdict(each[0]))))
            yield _row(scene, subject, route)


def _row(scene: Scene, subject: Subject, route: SignedRoute) -> CallerRow:
    asked = _ask(subject, route.item)
    verdict = route.weigh(asked[2].verdict)
    return CallerRow(
        subject.arn,
        "role" if subject.arn in scene.role_by_arn else "user",
        verdict,
        INVOKE_API,
        route.call.called,
        "api",
        each_once(*conditions(asked[2]), *conditions(route.call.decision)),
        tuple(dict.fromkeys((*because(asked[2].because), *route.call.because))),
        witness(*asked) if verdict in _SURE_ENOUGH else None,
        tuple(held_by(scene, subject, INVOKE_API, route.item)),
        note=route.name,
    )


def _ask(subject: Subject, item: Item) -> Asked:
    request, policies = request_of(subject, INVOKE_API, item)
    return request, policies, evaluate(request, policies)


def _outsiders(route: SignedRoute) -> Iterator[CallerRow]:
    """Callers of other accounts whom the API's own policy names; without one it takes those of its account alone."""
    for candidate in candidates(route.item, INVOKE_API) if route.item.policies else ():
        found = admitted(candidate, route.item, INVOKE_API, "api", "") if candidate.kind != "service" else None
        if found is not None:
            yield _of_outsider(found, route)


def _of_outsider(found: Outsider, route: SignedRoute) -> CallerRow:
    verdict = route.weigh(found.row.verdict)
    return replace(
        found.row,
        verdict=verdict,
        resource=route.call.called,
        conditions=each_once(*found.row.conditions, *conditions(route.call.decision)),
        because=tuple(dict.fromkeys((*found.row.because, *route.call.because))),
        witness=found.row.witness if verdict in _SURE_ENOUGH else None,
        note=route.name,
    )


def for_subject(scene: Scene, subject: Subject, caller: str, function: Function) -> Iterator[WhyAnswer]:
    """Why a role or user in view gets to the function through such a route, or through none: the surest for each name.

    caller: as it was asked for, which may be a session.
    """
    for routes in signed_routes(scene, function).values():
        asked = [(route, _ask(subject, route.item)) for route in routes]
        if asked:
            route, best = min(asked, key=lambda each: SUREST_FIRST.index(each[0].weigh(each[1][2].verdict)))
            yield _why(caller, route, best)


def for_outsider(scene: Scene, caller: str, function: Function) -> Iterator[WhyAnswer]:
    """The same for a caller of another account; nothing where the API has no policy that could name it."""
    for routes in signed_routes(scene, function).values():
        answers = []
        for route in (route for route in routes if route.item.policies):
            for candidate in callers_named(caller, route.item, INVOKE_API):
                found = admitted(candidate, route.item, INVOKE_API, "api", "") if candidate.kind != "service" else None
                if found is not None:
                    request, policies = found.request
                    answer = _why(caller, route, (request, policies, evaluate(request, policies)), outside=True)
                    row = _of_outsider(found, route)
                    answers.append(replace(answer, verdict=row.verdict, conditions=row.conditions, witness=row.witness))
                elif candidate.kind != "service":
                    request, policies = request_for(candidate, route.item, INVOKE_API)
                    answers.append(_why(caller, route, (request, policies, evaluate(request, policies)), outside=True))
        yield from sorted(answers, key=lambda a: SUREST_FIRST.index(a.verdict))[:1]


def _why(caller: str, route: SignedRoute, asked: Asked, *, outside: bool = False) -> WhyAnswer:
    request, policies, decision = asked
    verdict = route.weigh(decision.verdict)
    barred = decision.denied_by if decision.verdict is Verdict.DENIED else route.call.denied_by
    said = {Verdict.ALLOWED: "gets through", Verdict.CONDITIONAL: "gets through if its conditions hold"}
    call = said.get(route.call.verdict, "does not get through" if route.call.denied_by else "is not known")
    return WhyAnswer(
        caller,
        INVOKE_API,
        route.call.called,
        verdict,
        barred if verdict is Verdict.DENIED else None,
        (
            WhyLayer("api", f"{route.name}: it asks for a signature", (route.call.place,)),
            *about(INVOKE_API, layers(request, policies, OWN_SIDE if outside else None)),
            WhyLayer("api", f"the call it then makes {call}", route.call.because[1:]),
        ),
        each_once(*conditions(decision), *conditions(route.call.decision)),
        witness(*asked) if verdict in _SURE_ENOUGH else None,
        "api",
    )
