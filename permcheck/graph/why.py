"""Why a caller may or may not do something: the decision, layer by layer."""

from collections.abc import Iterator

from permcheck.access import Item
from permcheck.access.targets import LATEST, names_of, through_url
from permcheck.access.world import request_of
from permcheck.graph.outsiders import INVOKE, INVOKE_URL, stranger_or
from permcheck.graph.places import because, conditions
from permcheck.graph.scene import Scene
from permcheck.graph.witness import witness
from permcheck.model.answer import WhyAnswer, WhyLayer
from permcheck.model.function import Function
from permcheck.model.verdict import Verdict
from permcheck.policy.condition import Match
from permcheck.policy.evaluate import Layer, evaluate, layers_of
from permcheck.policy.request import Reason


def why(scene: Scene, caller: str, function: Function) -> Iterator[WhyAnswer]:
    """One answer for each name the function can be called by, and for its URLs. The plain name comes first."""
    asked: list[tuple[str, Item]] = [
        (INVOKE, item) for item in names_of(function) if not item.arn.endswith(f":{LATEST}")
    ]
    for qualifier in function.qualifiers:
        if qualifier.url is not None:
            item = through_url(function, qualifier)
            asked += [(INVOKE_URL, item), (INVOKE, item)]
    for action, item in asked:
        yield _one(scene, caller, action, item)


def _one(scene: Scene, caller: str, action: str, item: Item) -> WhyAnswer:
    subject = scene.subject(caller)
    if subject is not None:
        request, policies = request_of(subject, action, item)
    else:
        request, policies = stranger_or(caller, item, action)
    decision = evaluate(request, policies)
    layers = [_layer(layer) for layer in layers_of(request, policies)]
    if not request.caller.has_identity_policies:
        layers.append(WhyLayer("identity_policy", "not asked: this caller has no policies of its own"))
    elif subject is None and request.cross_account:
        layers.append(WhyLayer("identity_policy", "not in view: the caller's own account has to allow it too"))
    return WhyAnswer(
        caller,
        action,
        item.arn,
        decision.verdict,
        decision.denied_by,
        tuple(layers),
        conditions(decision),
        witness(request, policies, decision) if decision.verdict is not Verdict.DENIED else None,
    )


def _layer(layer: Layer) -> WhyLayer:
    """One layer in words, with the statements behind them."""
    denying = layer.denying()
    surely = [a for a in denying if a.match is Match.YES]
    allowing = [a for a in layer.applied if a.statement.is_allow]
    if surely:
        answer, shown = "denies in words", surely
    elif layer.unread:
        names = ", ".join(p.name for p in layer.unread)
        answer, shown = f"could not be read in full ({names})", [*allowing, *denying]
    elif any(a.match is Match.YES for a in allowing):
        answer = "allows" if not denying else "allows, unless a Deny applies that depends on the request"
        shown = [a for a in allowing if a.match is Match.YES] + denying
    elif allowing:
        answer, shown = "allows if its conditions hold", [*allowing, *denying]
    elif denying:
        answer, shown = "says nothing that allows, and may deny", denying
    else:
        answer, shown = "says nothing about this", []
    reasons = dict.fromkeys(Reason(a.policy, a.statement) for a in shown)
    return WhyLayer(str(layer.kind), answer, because(r for r in reasons if r.policy.source))
