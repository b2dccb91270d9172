"""What each layer of a decision says, in words, with the statements behind it."""

from collections.abc import Iterable, Iterator

from permcheck.graph.places import because
from permcheck.model.answer import WhyLayer
from permcheck.policy.condition import Match
from permcheck.policy.evaluate import layers_of
from permcheck.policy.layer import Layer
from permcheck.policy.request import Policies, Reason, Request

NO_POLICIES = WhyLayer("identity_policy", "not asked: this caller has no policies of its own")
OWN_SIDE = WhyLayer("identity_policy", "not in view: the caller's own account has to allow it too")
NOT_IN_VIEW = WhyLayer("identity_policy", "not in view: what the caller's own policies say could not be read")


def layers(request: Request, policies: Policies, instead: WhyLayer | None = None) -> Iterator[WhyLayer]:
    """Every layer that bears on the request. instead: what is said of identity policies that are not in view."""
    for layer in layers_of(request, policies).each:
        if instead is None or str(layer.kind) != instead.layer:
            yield _in_words(layer)
    if instead is not None:
        yield instead
    elif not request.caller.has_identity_policies:
        yield NO_POLICIES


def of_each(asked: Iterable[tuple[Request, Policies]], instead: WhyLayer | None = None) -> Iterator[WhyLayer]:
    """The layers of several requests that make up an answer; what is the same for all comes once, at the end."""
    whole = dict.fromkeys(layer for layer in (NO_POLICIES, instead) if layer is not None)
    met: dict[WhyLayer, None] = {}
    for request, policies in asked:
        for layer in layers(request, policies, instead):
            if layer in whole:
                met[layer] = None
            else:
                yield from about(request.action, (layer,))
    yield from met


def about(subject: str, found: Iterable[WhyLayer]) -> Iterator[WhyLayer]:
    """The layers of one of several requests that make up an answer: each begins with what it is about."""
    for layer in found:
        yield WhyLayer(layer.layer, f"{subject}: {layer.answer}", layer.because)


def _in_words(layer: Layer) -> WhyLayer:
    denying = list(layer.denying)
    surely = [a for a in denying if a.match is Match.YES]
    allowing = list(layer.allowing)
    if surely:
        answer, shown = "denies explicitly", surely
    elif layer.unread:
        names = ", ".join(f"{p.name} of {p.attached_to}" if p.attached_to else p.name for p in layer.unread)
        answer, shown = f"could not be read in full ({names})", [*allowing, *denying]
    elif any(a.match is Match.YES for a in allowing):
        answer = "allows" if not denying else "allows, unless a Deny applies that depends on the request"
        shown = [a for a in allowing if a.match is Match.YES] + denying
    elif allowing:
        answer, shown = "allows if its conditions hold", [*allowing, *denying]
    elif denying:
        answer, shown = "says nothing that allows, and may deny", denying
    elif layer.doubtful:
        answer, shown = "may govern this name of the function too, which AWS does not say", list(layer.doubtful)
    else:
        answer, shown = "says nothing about this", []
    reasons = dict.fromkeys(Reason(a.policy, a.statement) for a in shown)
    return WhyLayer(str(layer.kind), answer, because(r for r in reasons if r.policy.source))
