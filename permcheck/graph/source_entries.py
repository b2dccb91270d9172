"""Edges into and on from event sources: outsiders that may write there, and the functions that are called for it."""

from collections.abc import Iterator
from functools import partial

from permcheck.graph.calls import trigger_call
from permcheck.graph.candidates import anonymous, candidates
from permcheck.graph.entry import ORDER, Entry, admission, of_decision
from permcheck.graph.event_sources import EventSource, source_name
from permcheck.graph.forwards import forwarded
from permcheck.graph.in_view import let_in
from permcheck.graph.nodes import Grounds, Node
from permcheck.graph.outsiders import Outsider
from permcheck.graph.places import conditions
from permcheck.graph.pollers import poller_row, poller_verdict, runs_as
from permcheck.graph.scene import Scene
from permcheck.model.answer import Because
from permcheck.model.function import EventSourceMapping, Function
from permcheck.model.location import Location
from permcheck.model.resource import Resource, Trigger
from permcheck.model.user_pool import UserPool
from permcheck.model.verdict import Verdict
from permcheck.policy.arn import account_of

# Services that let unsigned requests in where their policy does.
_UNSIGNED = frozenset(("s3", "sns", "sqs"))
# Signing up, or signing in after it, sets off every trigger but the one for accounts that are moved in from elsewhere
# (Cognito Developer Guide, "Customizing user pool workflows with Lambda triggers").
_MOVED_IN = frozenset(("UserMigration",))


def source_entries(scene: Scene) -> Iterator[Entry]:
    """Every edge into an event source from outside, and from each to functions and to other sources."""
    for source in scene.entrances.sources.values():
        yield from to_source(scene, source)
        if source.resource is not None:
            yield from on_from_source(scene, source.resource)
    for pool in scene.facts.user_pools:
        yield from to_user_pool(pool)
        yield from on_from_user_pool(scene, pool)
    for mapping in scene.facts.mappings:
        yield from on_from_mapping(scene, mapping)


def on_from_mapping(scene: Scene, mapping: EventSourceMapping) -> Iterator[Entry]:
    """From what a mapping reads to its function, where the mapping works."""
    polled = scene.function_of_item(mapping.function_arn)
    if polled is not None and mapping.enabled:
        verdict = poller_verdict(scene, runs_as(scene, polled, mapping.function_arn), mapping)
        if verdict is not Verdict.DENIED:
            start, target = Node("event_source", source_name(mapping)), Node("function", polled.arn)
            grounds = partial(_polling, scene, polled, mapping)
            yield Entry(start, "is polled for", verdict, target, grounds, mapping.function_arn)


def _polling(scene: Scene, function: Function, mapping: EventSourceMapping) -> Grounds:
    row = poller_row(scene, function, mapping, source_name(mapping))
    return Grounds(row.because, row.conditions)


def to_source(scene: Scene, source: EventSource) -> Iterator[Entry]:
    """Outsiders that the source's own policy lets write, each by its surest way."""
    node = Node("event_source", source.name)
    if source.service == "ses" and source.resource is not None and source.resource.triggers:
        here = (Because(Location(source.resource.source, source.resource.pointer, source.name), "Allow"),)
        yield Entry(Node("anyone", ""), "sends mail to", Verdict.ALLOWED, node, of_decision(here=here))
    if source.policy is None:
        return
    for outsider in writers(scene, source):
        yield admission(outsider, "writes to", node)


def writers(scene: Scene, source: EventSource) -> list[Outsider]:
    """Outsiders that the policy of what is written to lets write there, each by its surest way."""
    found: dict[tuple[str, str], Outsider] = {}
    for item in scene.entrances.items_of(source.name):
        if not item.policies:
            continue
        tried = [c for c in candidates(item, item.action) if c.kind != "service"]
        if source.service in _UNSIGNED:
            tried.append(anonymous())
        for candidate in tried:
            for outsider in let_in(scene.world, candidate, item, item.action):
                key = (outsider.kind, outsider.caller)
                surer = key not in found or ORDER.index(outsider.verdict) < ORDER.index(found[key].verdict)
                if surer and _heard(source, outsider):
                    found[key] = outsider
    return list(found.values())


def _heard(source: EventSource, outsider: Outsider) -> bool:
    """Whether events of this outsider are among those taken: a pattern of EventBridge may name accounts."""
    if source.only_from is None:
        return True
    account = account_of(outsider.caller) or outsider.caller
    return account in source.only_from


def on_from_source(scene: Scene, resource: Resource) -> Iterator[Entry]:
    """From an event source to the functions it triggers, and to the sources it sends on to."""
    node = Node("event_source", resource.arn)
    for trigger in resource.triggers:
        yield from _calls(scene, resource, trigger, "triggers") if trigger.enabled else ()
    for arn in resource.forwards:
        decision = forwarded(scene, resource, arn)
        if decision.verdict is not Verdict.DENIED:
            here = (Because(Location(resource.source, resource.pointer, resource.arn), "Allow"),)
            target = Node("event_source", arn)
            yield Entry(node, "sends on to", decision.verdict, target, of_decision(decision, here=here))


def _calls(scene: Scene, resource: Resource, trigger: Trigger, edge: str) -> Iterator[Entry]:
    call, function = trigger_call(scene, resource, trigger), scene.function_of_item(trigger.function)
    if call is not None and function is not None and call.verdict is not Verdict.DENIED:
        start, target = Node("event_source", resource.arn), Node("function", function.arn)
        grounds = partial(Grounds, call.because, conditions(call.decision), call.witness)
        yield Entry(start, edge, call.verdict, target, grounds, call.called)


def to_user_pool(pool: UserPool) -> Iterator[Entry]:
    """Anyone, where people may sign up by themselves and a function is called for that."""
    node, place = Node("event_source", pool.arn), Location(pool.source, pool.pointer, pool.arn)
    if {name for name, _ in pool.triggers} - _MOVED_IN and pool.self_sign_up is not False:
        verdict = Verdict.ALLOWED if pool.self_sign_up else Verdict.UNKNOWN
        grounds = of_decision(here=(Because(place, "Allow"),))
        yield Entry(Node("anyone", ""), "signs up at", verdict, node, grounds)


def on_from_user_pool(scene: Scene, pool: UserPool) -> Iterator[Entry]:
    """From a user pool to the functions it calls."""
    as_source = Resource(pool.arn, "cognito-idp", pool.source, pool.pointer, account_of(pool.arn))
    for _, called in pool.triggers:
        yield from _calls(scene, as_source, Trigger(called, pool.source, pool.pointer), "triggers")
