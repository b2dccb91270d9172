"""One request decided, step by step as AWS's "Policy evaluation logic" tells it.

Three readings of every layer are kept apart: what surely holds, what may hold when open conditions are met, and what
might hold if policies that exist but could not be read said so. The four verdicts follow from the three.
"""

from collections.abc import Sequence
from typing import NamedTuple

from permcheck.data import rcp
from permcheck.model.policy import Policy, PolicyKind
from permcheck.model.verdict import Verdict
from permcheck.policy.action import service_of
from permcheck.policy.arn import split
from permcheck.policy.caller import CallerKind, Grant
from permcheck.policy.condition import Match
from permcheck.policy.grounds import Grounds, Part, Route, first, granted, openness, together
from permcheck.policy.layer import SILENT, Layer, Reading, layer_of
from permcheck.policy.matching import Applied
from permcheck.policy.request import Decision, Policies, Reason, Request, Way

# The order in which an explicit Deny is named, and an implicit one: the order of the evaluation logic.
ORDER = (
    PolicyKind.SCP,
    PolicyKind.RCP,
    PolicyKind.RESOURCE,
    PolicyKind.IDENTITY,
    PolicyKind.BOUNDARY,
    PolicyKind.SESSION,
)
# STS Reference, GetCallerIdentity: no permission is required, and a Deny does not take it away.
NEEDS_NOTHING = frozenset(("sts:getcalleridentity",))


class Layers(NamedTuple):
    """The layers that bear on one request. identity is None for a caller on whom no policies of its own bear.

    scps, rcps: one for each level. limits: the permissions boundary and the session policies.
    """

    scps: tuple[Layer, ...]
    rcps: tuple[Layer, ...]
    resource: Layer
    identity: Layer | None
    limits: tuple[Layer, ...]

    @property
    def each(self) -> tuple[Layer, ...]:
        """All of them, in the order of the evaluation logic."""
        own = () if self.identity is None else (self.identity,)
        return (*self.scps, *self.rcps, self.resource, *own, *self.limits)


def evaluate(request: Request, policies: Policies) -> Decision:
    """Decide one request. Never raises for anything a parsed policy can hold."""
    if request.action.lower() in NEEDS_NOTHING:
        return Decision(Verdict.ALLOWED)
    layers = layers_of(request, policies)
    denials: list[Applied] = []
    doubtful: list[Applied] = []
    without_text: list[Policy] = []
    for layer in layers.each:
        denials += layer.denying
        doubtful += layer.doubtful
        without_text += layer.unread
    unread = tuple(without_text)
    if denials and any(a.match is Match.YES for a in denials):
        return _refused([a for a in denials if a.match is Match.YES], unread)
    guards: tuple[Part, ...] = tuple([(layer, ()) for layer in layers.scps]) if layers.scps else ()
    routes = _routes(request, layers)
    allowed = max([route.reading for route in routes]) if len(routes) > 1 else routes[0].reading
    if guards:
        allowed = min(allowed, *(layer.reading for layer in layers.scps))
    if allowed is Reading.NO:
        return Decision(Verdict.DENIED, f"implicit:{_silent(request, layers)}", unread=unread)
    open_denial = bool(doubtful) and any(not a.statement.is_allow for a in doubtful)
    if allowed is Reading.SURE and not (denials or unread or open_denial):
        return _granted([route for route in routes if route.reading is Reading.SURE], guards)
    if allowed is Reading.POSSIBLE:
        verdict, works = Verdict.UNKNOWN, [route for route in routes if route.reading is not Reading.NO]
    else:
        # A policy without text might deny as well as allow, so it leaves nothing certain but what is denied anyhow.
        verdict = Verdict.UNKNOWN if unread or open_denial else Verdict.CONDITIONAL
        works = [route for route in routes if route.reading >= Reading.CONDITIONAL]
    strict = verdict is Verdict.CONDITIONAL
    met: list[tuple[Route, Grounds]] = []
    for route in works:
        grounds = together((*route.parts, *guards), denials, strict)
        if grounds is not None:
            met.append((route, grounds))
    if not met and not doubtful:
        return _never_together(works, guards, denials)
    if not met:
        verdict, met = Verdict.UNKNOWN, [(route, first((*route.parts, *guards), denials)) for route in works]
    if verdict is Verdict.UNKNOWN and doubtful:
        also = tuple(Reason(a.policy, a.statement) for a in doubtful)
        met = [(route, Grounds((*because, *also), conditions)) for route, (because, conditions) in met]
    return _open(verdict, met, unread)


def _refused(explicit: list[Applied], unread: tuple[Policy, ...]) -> Decision:
    """Denied in words."""
    explicit.sort(key=lambda a: ORDER.index(a.policy.kind))
    because = tuple(Reason(a.policy, a.statement) for a in explicit)
    return Decision(Verdict.DENIED, f"explicit:{explicit[0].policy.kind}", because, unread=unread)


def _granted(routes: Sequence[Route], guards: tuple[Part, ...]) -> Decision:
    """Allowed, whatever the request: with every granting statement of every way that works."""
    because, _ = granted(routes, guards)
    if len(routes) == 1:
        return Decision(Verdict.ALLOWED, None, because, (), (Way(str(routes[0].via), because, ()),))
    vias = dict.fromkeys(route.via for route in routes)
    ways = ((via, granted([route for route in routes if route.via is via], guards)) for via in vias)
    return Decision(Verdict.ALLOWED, None, because, (), tuple(Way(str(via), *grounds) for via, grounds in ways))


def _open(verdict: Verdict, met: Sequence[tuple[Route, Grounds]], unread: tuple[Policy, ...]) -> Decision:
    """Conditional or unknown: with the grounds of the way that has the fewest open conditions."""
    because, conditions = _easiest(met)
    if len(met) == 1:
        return Decision(verdict, None, because, conditions, (Way(str(met[0][0].via), because, conditions),), unread)
    vias = dict.fromkeys(route.via for route, _ in met)
    ways = tuple(Way(str(via), *_easiest([each for each in met if each[0].via is via])) for via in vias)
    return Decision(verdict, None, because, conditions, ways, unread)


def _easiest(met: Sequence[tuple[Route, Grounds]]) -> Grounds:
    return met[0][1] if len(met) == 1 else min(met, key=lambda way: openness(way[0].parts))[1]


def _never_together(routes: Sequence[Route], guards: tuple[Part, ...], denials: Sequence[Applied]) -> Decision:
    """Denied because what one statement asks for is what another rules out."""
    parts = (*min(routes, key=lambda route: openness(route.parts)).parts, *guards)
    because, _ = first(parts, denials)
    if denials and together(parts, (), strict=True) is not None:
        kind = min((a.policy.kind for a in denials), key=ORDER.index)
        return Decision(Verdict.DENIED, f"explicit:{kind}", because)
    open_kinds = {layer.kind for layer, grants in parts if layer.allow(*grants) is not Reading.SURE}
    limiting = (kind for kind in ORDER if kind in open_kinds and kind is not PolicyKind.IDENTITY)
    return Decision(Verdict.DENIED, f"implicit:{next(limiting, PolicyKind.IDENTITY)}", because)


def layers_of(request: Request, policies: Policies) -> Layers:
    """The layers that bear on this caller and resource."""
    caller = request.caller
    has_policies = caller.has_identity_policies
    own = has_policies and caller.kind is not CallerKind.ROOT
    scps: tuple[Layer, ...] = ()
    if policies.scps and has_policies and not caller.service_linked:
        scps = tuple([layer_of(PolicyKind.SCP, level, request) for level in policies.scps])
    rcps: tuple[Layer, ...] = ()
    if policies.rcps and rcp.limits(request.action) and not caller.service_linked:
        # RCPFullAWSAccess hangs on every level and cannot be taken off, so an RCP matters through its Deny alone.
        rcps = tuple([layer_of(PolicyKind.RCP, level, request) for level in policies.rcps])
    bounded = own and policies.boundary is not None
    resource = SILENT[PolicyKind.RESOURCE]
    if policies.resource:
        resource = layer_of(PolicyKind.RESOURCE, policies.resource, request, bounded)
    if policies.doubtful:
        beside = layer_of(PolicyKind.RESOURCE, policies.doubtful, request, bounded)
        # What is in one without text is not known: it may allow this, deny it, or be about something else.
        unread = (*resource.unread, *beside.unread)
        resource = Layer(PolicyKind.RESOURCE, resource.applied, unread, beside.applied)
    if not own:
        return Layers(scps, rcps, resource, None, ())
    limits: tuple[Layer, ...] = ()
    if policies.boundary is not None:
        limits = (layer_of(PolicyKind.BOUNDARY, (policies.boundary,), request),)
    if policies.session and caller.kind is not CallerKind.USER:
        limits = (*limits, layer_of(PolicyKind.SESSION, policies.session, request))
    return Layers(scps, rcps, resource, layer_of(PolicyKind.IDENTITY, policies.identity, request), limits)


def needs_resource_allow(request: Request) -> bool:
    """Role trust policies and KMS key policies must allow in words; elsewhere one side is enough within an account."""
    service = service_of(request.action)
    if service not in ("sts", "kms"):
        return False
    arn = split(request.resource)
    if arn is None:
        return False
    if service == "sts":
        return arn.service == "iam" and arn.resource.startswith("role/")
    return arn.service == "kms" and arn.resource.startswith("key/")


def _routes(request: Request, layers: Layers) -> Sequence[Route]:
    """The ways the request can be allowed, SCPs aside."""
    resource = layers.resource
    if layers.identity is None and not request.caller.has_identity_policies:
        return (_route(PolicyKind.RESOURCE, (resource, ())),)
    # layers_of gives what the caller is limited by behind its own policies.
    own: tuple[Part, ...] = () if layers.identity is None else ((layers.identity, ()),)
    limits: tuple[Part, ...] = tuple([(layer, ()) for layer in layers.limits]) if layers.limits else ()
    if request.cross_account:
        return (_route(PolicyKind.RESOURCE, *own, *limits, (resource, ())),)
    asked: tuple[Part, ...] = ((resource, ()),) if needs_resource_allow(request) else ()
    by_identity = _route(PolicyKind.IDENTITY, *own, *limits, *asked)
    if resource.silent:
        return (by_identity,)
    return (
        by_identity,
        _route(PolicyKind.RESOURCE, (resource, (Grant.ROLE,)), *limits),
        _route(PolicyKind.RESOURCE, (resource, (Grant.FULL,))),
    )


def _route(via: PolicyKind, *parts: Part) -> Route:
    reading = Reading.SURE
    for layer, grants in parts:
        part = layer.allow(*grants) if grants else layer.reading
        if part < reading:
            reading = part
    return Route(via, parts, reading)


def _silent(request: Request, layers: Layers) -> PolicyKind:
    """The first layer, in AWS's order, whose silence denies."""
    silent = {layer.kind for layer in layers.each if layer.reading is Reading.NO}
    if PolicyKind.SCP in silent:
        return PolicyKind.SCP
    if not request.caller.has_identity_policies:
        return PolicyKind.RESOURCE
    if PolicyKind.RESOURCE in silent and (request.cross_account or needs_resource_allow(request)):
        return PolicyKind.RESOURCE
    by_role = layers.resource.allow(Grant.ROLE) is not Reading.NO and not request.cross_account
    if PolicyKind.IDENTITY in silent and not by_role:
        return PolicyKind.IDENTITY
    return PolicyKind.BOUNDARY if PolicyKind.BOUNDARY in silent else PolicyKind.SESSION
