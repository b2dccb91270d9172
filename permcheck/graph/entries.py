"""Edges whose start is not a role or user: everybody outside, API routes and event sources, by the node they leave."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple

from permcheck.access import Item
from permcheck.access.targets import names_of
from permcheck.graph.asked import WRITES
from permcheck.graph.candidates import candidates
from permcheck.graph.entrances import route_arn, written_arn
from permcheck.graph.nodes import Grounds, Node, no_grounds
from permcheck.graph.outsiders import INVOKE, Outsider, admitted
from permcheck.graph.places import because, conditions
from permcheck.graph.pollers import poller_row
from permcheck.graph.scene import Scene
from permcheck.model.answer import Because
from permcheck.model.api import Api, Route
from permcheck.model.function import Function
from permcheck.model.location import Location
from permcheck.model.resource import Resource, Trigger
from permcheck.model.verdict import Verdict
from permcheck.policy.arn import account_of
from permcheck.policy.caller import Caller, CallerKind
from permcheck.policy.context import Context
from permcheck.policy.evaluate import evaluate
from permcheck.policy.request import Decision, Policies, Request

# The service that calls the function on behalf of a source of this service.
CALLS_AS = {
    "s3": "s3.amazonaws.com",
    "sns": "sns.amazonaws.com",
    "events": "events.amazonaws.com",
    "iot": "iot.amazonaws.com",
    "logs": "logs.amazonaws.com",
    "ses": "ses.amazonaws.com",
    "cloudwatch": "lambda.alarms.cloudwatch.amazonaws.com",
    "cognito-idp": "cognito-idp.amazonaws.com",
}


class Entry(NamedTuple):
    """An edge, with the grounds worked out when it is shown."""

    start: Node
    edge: str
    verdict: Verdict
    target: Node
    grounds: Callable[[], Grounds] = no_grounds


def entries(scene: Scene) -> Iterator[Entry]:
    """Every such edge of the scene."""
    for function in scene.facts.functions:
        for outsider in scene.outsiders(function):
            edge = "calls the URL of" if outsider.via == "function_url" else "invokes"
            yield _admission(outsider, edge, Node("function", function.arn))
    yield from _into_roles(scene)
    for api in scene.facts.apis:
        for route in api.routes:
            yield from _route(scene, api, route)
    for resource in scene.facts.resources:
        yield from _source(scene, resource)
    for mapping in scene.facts.mappings:
        polled = scene.function_of_item(mapping.function_arn)
        if polled is not None and mapping.enabled and mapping.event_source:
            row = poller_row(scene, polled, mapping, mapping.event_source)
            if row.verdict is not Verdict.DENIED:
                start, target = Node("event_source", mapping.event_source), Node("function", polled.arn)
                grounds = Grounds(row.because, row.conditions, None)
                yield Entry(start, "is polled for", row.verdict, target, partial(_same, grounds))


def _same(grounds: Grounds) -> Grounds:
    return grounds


def _admission(outsider: Outsider, edge: str, target: Node) -> Entry:
    return Entry(_start(outsider), edge, outsider.verdict, target, partial(_row_grounds, outsider))


def _start(outsider: Outsider) -> Node:
    name = "" if outsider.kind == "anyone" else outsider.caller
    return Node(outsider.kind, name)


def _row_grounds(outsider: Outsider) -> Grounds:
    return Grounds(outsider.row.because, outsider.row.conditions, outsider.row.witness)


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
                    yield _admission(outsider, "assumes", target)


def _of_decision(decision: Decision) -> Grounds:
    return Grounds(because(decision.because), conditions(decision))


def _route(scene: Scene, api: Api, route: Route) -> Iterator[Entry]:
    """Into a route: anyone, where it asks for nothing. On from it: the function, if its policy or the role lets."""
    node = Node("api", route_arn(api, route))
    verdict = open_to_anyone(api, route)
    here = Grounds((Because(Location(route.source, route.pointer, node.name), "Allow"),))
    if verdict is not Verdict.DENIED:
        yield Entry(Node("anyone", ""), "requests", verdict, node, partial(_same, here))
    function = scene.function_of_item(route.function)
    if function is None:
        return
    if route.credentials is not None:
        role = scene.subject(route.credentials)
        position = scene.invocable.position
        item = scene.invocable.items[position.get(route.function, position[function.arn])]
        decision = scene.world.decide(role, INVOKE, item) if role is not None else Decision(Verdict.UNKNOWN)
    else:
        decision = service_call(function, route.function, "apigateway.amazonaws.com", node.name, api.account)
    if decision.verdict is not Verdict.DENIED:
        target = Node("function", function.arn)
        yield Entry(node, "invokes", decision.verdict, target, partial(_of_decision, decision))


def open_to_anyone(api: Api, route: Route) -> Verdict:
    """Whether somebody without credentials gets through: no authorizer, no key, no resource policy against it."""
    if api.private or route.auth not in (None, "NONE"):
        return Verdict.DENIED
    if route.auth is None:
        return Verdict.UNKNOWN
    if route.api_key:
        return Verdict.CONDITIONAL
    if api.policy is None:
        return Verdict.ALLOWED
    request = Request(
        Caller(CallerKind.ANONYMOUS, "*"), "execute-api:Invoke", route_arn(api, route), Context(complete=False)
    )
    return evaluate(request, Policies(resource=(api.policy,))).verdict


def service_call(function: Function, called: str, service: str, source_arn: str, account: str) -> Decision:
    """Whether the function's policy lets a service call it for this source."""
    item = next((i for i in names_of(function) if i.arn == called), next(names_of(function)))
    known = {
        "aws:sourcearn": (source_arn,),
        "aws:sourceaccount": (account,) if account else (),
        "aws:principalisawsservice": ("true",),
        "aws:principalservicename": (service,),
        "aws:principalarn": (),
        "aws:principalorgid": (),
    }
    if not account:
        del known["aws:sourceaccount"]
    context = Context(known, complete=False).merged(dict(item.known), item.closed)
    return evaluate(
        Request(Caller(CallerKind.SERVICE, service), INVOKE, item.arn, context),
        Policies(resource=item.policies, doubtful=item.doubtful),
    )


def _source(scene: Scene, resource: Resource) -> Iterator[Entry]:
    """On from an event source: the functions it triggers. Into it: outsiders that its own policy lets write."""
    node = Node("event_source", resource.arn)
    for trigger in resource.triggers:
        if trigger.enabled:
            yield from _trigger(scene, resource, trigger, node)
    action = WRITES.get(resource.service)
    if resource.triggers and resource.policy is not None and action is not None:
        item = Item(written_arn(resource), policies=(resource.policy,), owner=resource.account)
        for candidate in candidates(item, action):
            outsider = admitted(candidate, item, action, "resource_policy", "")
            if outsider is not None and candidate.kind != "service":
                yield _admission(outsider, "writes to", node)


def _trigger(scene: Scene, resource: Resource, trigger: Trigger, node: Node) -> Iterator[Entry]:
    function = scene.function_of_item(trigger.function)
    if function is None:
        return
    if trigger.credentials is not None:
        role = scene.subject(trigger.credentials)
        item = scene.invocable.items[scene.invocable.position[function.arn]]
        decision = scene.world.decide(role, INVOKE, item) if role is not None else Decision(Verdict.UNKNOWN)
    else:
        service = CALLS_AS.get(resource.service, f"{resource.service}.amazonaws.com")
        account = resource.account or account_of(resource.arn)
        decision = service_call(function, trigger.function, service, resource.arn, account)
    if decision.verdict is not Verdict.DENIED:
        here = Because(Location(trigger.source, trigger.pointer, resource.arn), "Allow")
        grounds = Grounds((here, *because(decision.because)), conditions(decision))
        yield Entry(node, "triggers", decision.verdict, Node("function", function.arn), partial(_same, grounds))

