"""Why somebody comes in, or does not, through what stands in front of a function: its URL, an API, an event source."""

from collections.abc import Iterator

from permcheck.access import Item
from permcheck.access.targets import names_of, through_url
from permcheck.graph.calls import Call, caller_of, service_request, trigger_call
from permcheck.graph.candidates import anonymous
from permcheck.graph.event_sources import source_name
from permcheck.graph.in_front import each_once
from permcheck.graph.layers import NOT_IN_VIEW, about, layers, of_each
from permcheck.graph.openings import NO_SIGNATURE, Opening, authorizers, routes
from permcheck.graph.outsiders import INVOKE, INVOKE_URL, Outsider, latent, request_for, url_row
from permcheck.graph.places import because, conditions
from permcheck.graph.pollers import needs_met, poller_row, runs_as
from permcheck.graph.scene import Scene
from permcheck.graph.unseen_apis import call_of, missing, named_apis
from permcheck.graph.witness import witness
from permcheck.model.answer import WhyAnswer, WhyLayer
from permcheck.model.function import EventSourceMapping, Function, FunctionUrl
from permcheck.model.verdict import Verdict
from permcheck.policy.arn import account_of, split
from permcheck.policy.evaluate import evaluate
from permcheck.policy.request import Decision

_SURE_ENOUGH = (Verdict.ALLOWED, Verdict.CONDITIONAL)
_SAID = {
    Verdict.ALLOWED: "allows",
    Verdict.CONDITIONAL: "allows if its conditions hold",
    Verdict.UNKNOWN: "could not be read in full",
    Verdict.DENIED: "says nothing about this",
}
_NO_ROUTE = "implicit:api"


def for_anyone(scene: Scene, function: Function, asked: str) -> Iterator[WhyAnswer]:
    """Somebody without credentials: not through Lambda's own API, perhaps through a URL or a route of an API.

    asked: the name of the function that Lambda's own API is asked about.
    """
    signed = WhyLayer("authentication", "Lambda's own API takes signed requests only")
    yield WhyAnswer("anyone", INVOKE, asked, Verdict.DENIED, NO_SIGNATURE, (signed,))
    for qualifier in function.qualifiers:
        if qualifier.url is not None:
            yield _url(through_url(function, qualifier), qualifier.url)
        elif not function.urls_told:
            yield from map(_unseen_url, latent(function, qualifier))
    for opening in (*routes(scene, function), *authorizers(scene, function)):
        yield _through(opening)


def _unseen_url(found: Outsider) -> WhyAnswer:
    """A URL that the policy would open, and of which the input does not say whether it is there."""
    granted = (layer for r, p, _ in found.asked for layer in about(r.action, layers(r, p)))
    shown = (WhyLayer("authentication", found.note), *granted)
    return WhyAnswer("anyone", INVOKE_URL, found.resource, found.verdict, None, shown, via="function_url")


def _url(item: Item, url: FunctionUrl) -> WhyAnswer:
    if url.auth_type == "AWS_IAM":
        asks = WhyLayer("authentication", "the URL asks for a signature")
        return WhyAnswer("anyone", INVOKE_URL, item.arn, Verdict.DENIED, NO_SIGNATURE, (asks,), via="function_url")
    found = url_row(anonymous(), item, url, "")
    requests = [request_for(anonymous(), item, action) for action in (INVOKE_URL, INVOKE)]
    refused = next((by for r in requests if (by := evaluate(*r).denied_by)), None)
    told = "the URL asks for none" if url.auth_type else "whether the URL asks for a signature is not told"
    return WhyAnswer(
        "anyone",
        INVOKE_URL,
        item.arn,
        found.verdict if found is not None else Verdict.DENIED,
        refused if found is None else None,
        (
            WhyLayer("authentication", told),
            *of_each(requests),
            *((WhyLayer("function_url", found.row.note),) if found is not None and found.row.note else ()),
        ),
        found.row.conditions if found is not None else (),
        found.row.witness if found is not None else None,
        "function_url",
    )


def _through(opening: Opening) -> WhyAnswer:
    """Anyone through an API: first the API, then the call it makes."""
    passing, call = opening.passing, opening.call
    gate = [WhyLayer("api", f"{opening.name}: {opening.asks}", (call.place,))]
    if opening.gate is not None:
        gate.extend(about(opening.gate[0].action, layers(*opening.gate)))
    barred = passing.denied_by if passing.verdict is Verdict.DENIED else call.denied_by
    return WhyAnswer(
        "anyone",
        INVOKE,
        call.called,
        opening.verdict,
        barred,
        (*gate, *about(INVOKE, _call_layers(call))),
        each_once(*conditions(passing), *conditions(call.decision)),
        call.witness if opening.verdict in _SURE_ENOUGH else None,
        "api",
    )


def for_api(scene: Scene, name: str, function: Function, asked: str | None = None) -> Iterator[WhyAnswer]:
    """An API: by its id, its ARN or that of a route, or by the pattern by which a grant means several.

    asked: the one name of the function that is asked about, None for all.
    """
    arn = split(name)
    if arn is not None and arn.service != "execute-api" and not any(name in named_apis(i) for i in names_of(function)):
        return
    leading = False
    for opening in (*routes(scene, function), *authorizers(scene, function)):
        if asked not in (None, opening.call.called):
            continue
        if name == opening.api.id or f"{opening.call.source}/".startswith(f"{name}/"):
            leading = True
            yield _of_call(opening.call, "api")
    if not leading:
        yield from _unseen_api(scene, name, function, asked or function.arn)


def _unseen_api(scene: Scene, name: str, function: Function, asked: str) -> Iterator[WhyAnswer]:
    """An API of which no route in view leads to the function."""
    arn = split(name)
    identifier = arn.resource.partition("/")[0] if arn is not None and arn.service == "execute-api" else name
    if any(api.id == identifier and api.complete for api in scene.facts.apis):
        gone = WhyLayer("api", "none of its routes leads to the function")
        yield WhyAnswer(name, INVOKE, asked, Verdict.DENIED, _NO_ROUTE, (gone,), via="api")
        return
    for item in names_of(function):
        named = named_apis(item)
        pattern = named.get(name, named.get(identifier))
        if pattern is None and arn is not None:
            pattern = name if "/" in arn.resource else f"{name}/*"
        note = missing(scene, function, item, name if name in named else identifier)
        if pattern is None or not note:
            continue
        request, policies = call_of(item, pattern)
        decision = evaluate(request, policies)
        verdict = Verdict.DENIED if decision.verdict is Verdict.DENIED else Verdict.UNKNOWN
        if verdict is Verdict.UNKNOWN or item.arn == asked:
            shown = (WhyLayer("api", note), *layers(request, policies))
            yield WhyAnswer(name, INVOKE, item.arn, verdict, decision.denied_by, shown, conditions(decision), via="api")


def for_source(scene: Scene, name: str, function: Function, asked: str | None = None) -> Iterator[WhyAnswer]:
    """An event source by its ARN: what calls the function by itself, what Lambda polls, and any other resource.

    asked: the one name of the function that is asked about, None for all.
    """
    answers = []
    for resource, trigger in scene.triggers_of.get(function.arn, ()):
        call = trigger_call(scene, resource, trigger) if resource.arn == name else None
        if call is not None:
            answers.append(_of_call(call, "event_source"))
    for mapping in scene.mappings_of.get(function.arn, ()):
        if source_name(mapping) == name:
            answers.append(_poller(scene, function, mapping, name))
    answers = [a for a in answers if asked in (None, a.resource)]
    if not answers and _is_resource(name):
        answers = [_of_resource(name, item) for item in names_of(function) if asked in (None, item.arn)]
        answers = [a for i, a in enumerate(answers) if i == 0 or a.verdict is not Verdict.DENIED]
    yield from {(a.resource, a.layers): a for a in answers}.values()


def _is_resource(name: str) -> bool:
    arn = split(name)
    return arn is not None and arn.service not in ("iam", "sts", "execute-api") and bool(arn.resource)


def _of_resource(name: str, item: Item) -> WhyAnswer:
    """Some resource that nothing in view lets call the function: what the service would be told for it."""
    request, policies = service_request(item, caller_of(name), name, account_of(name))
    decision = evaluate(request, policies)
    shown = (WhyLayer("event_source", "nothing in view sets it up to call the function"), *layers(request, policies))
    seen = witness(request, policies, decision)
    by = decision.denied_by
    return WhyAnswer(name, INVOKE, item.arn, decision.verdict, by, shown, conditions(decision), seen, "event_source")


def _poller(scene: Scene, function: Function, mapping: EventSourceMapping, source: str) -> WhyAnswer:
    """A source that Lambda polls: what the execution role is allowed of all that this takes."""
    row = poller_row(scene, function, mapping, source)
    role = runs_as(scene, function, mapping.function_arn)
    place = WhyLayer("event_source", row.note or "Lambda polls it with the execution role", row.because[:1])
    met = needs_met(scene, role, mapping) if role is not None else ()
    refused = next((m.decision.denied_by for m in met if m.need.firm and m.decision.denied_by), None)
    return WhyAnswer(
        source,
        INVOKE,
        row.resource,
        row.verdict,
        refused if row.verdict is Verdict.DENIED else None,
        (place, *(_in_short("identity_policy", m.need.action, m.decision) for m in met)),
        row.conditions,
        via="event_source",
    )


def _of_call(call: Call, via: str) -> WhyAnswer:
    """The call of an API or event source, for that API or source itself."""
    place = WhyLayer(via, "set up to call the function", (call.place,))
    seen = call.witness if call.verdict in _SURE_ENOUGH else None
    return WhyAnswer(
        call.source,
        INVOKE,
        call.called,
        call.verdict,
        call.denied_by,
        (place, *_call_layers(call)),
        conditions(call.decision),
        seen,
        via,
    )


def _call_layers(call: Call) -> Iterator[WhyLayer]:
    """What decides the call itself; of one made with a role, first whether the role lets the service in."""
    if call.taken is not None:
        yield _in_short("resource_policy", "sts:AssumeRole", call.taken)
    if call.asked is not None:
        yield from layers(*call.asked)
    elif call.verdict is Verdict.UNKNOWN:
        yield NOT_IN_VIEW


def _in_short(layer: str, action: str, decision: Decision) -> WhyLayer:
    """A whole decision as one layer: the one that stops it, else the one given."""
    how, _, by = (decision.denied_by or "").partition(":")
    answer = "denies explicitly" if how == "explicit" else _SAID[decision.verdict]
    return WhyLayer(by or layer, f"{action}: {answer}", because(decision.because))
