"""One request decided, step by step as AWS's "Policy evaluation logic" tells it.

Three readings of every layer are kept apart: what surely holds, what may hold when open conditions are met, and what
might hold if policies that exist but could not be read said so. The four verdicts follow from the three.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from permcheck.data import rcp
from permcheck.model.policy import Policy, PolicyKind
from permcheck.model.verdict import Verdict
from permcheck.policy.action import service_of
from permcheck.policy.arn import split
from permcheck.policy.caller import CallerKind, Grant
from permcheck.policy.condition import Match
from permcheck.policy.matching import Applied, apply, naming
from permcheck.policy.negation import negation
from permcheck.policy.request import Decision, OpenCondition, Policies, Reason, Request, Way
from permcheck.policy.residue import contradictory

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


class Reading(NamedTuple):
    """The same yes-or-no three ways: sure ⇒ conditional ⇒ possible."""

    sure: bool
    conditional: bool
    possible: bool


SURE, CONDITIONAL = Reading(True, True, True), Reading(False, True, True)
POSSIBLE, NO = Reading(False, False, True), Reading(False, False, False)


class Layer(NamedTuple):
    """The statements of one layer (or one SCP level) that apply, and its policies without text."""

    kind: PolicyKind
    applied: tuple[Applied, ...]
    unread: tuple[Policy, ...]
    doubtful: tuple[Applied, ...] = ()

    def allow(self, *grants: Grant) -> Reading:
        """Whether the layer allows; with grants, only by statements worth one of them."""
        best = Match.NO
        for applied in self.applied:
            if applied.match > best and applied.statement.is_allow and (not grants or applied.grant in grants):
                best = applied.match
        if best is Match.NO:
            doubt = bool(self.doubtful) and any(self.allowing(self.doubtful, grants))
            return POSSIBLE if self.unread or doubt else NO
        return SURE if best is Match.YES else CONDITIONAL

    @staticmethod
    def allowing(applied: Iterable[Applied], grants: tuple[Grant, ...]) -> Iterator[Applied]:
        """The Allow statements, with grants only those worth one of them."""
        return (a for a in applied if a.statement.is_allow and (not grants or a.grant in grants))

    def denying(self) -> list[Applied]:
        """The Deny statements that apply or may."""
        return [a for a in self.applied if not a.statement.is_allow] if self.applied else []


class Route(NamedTuple):
    """One way to be allowed, SCPs aside. via: the layer whose Allow carries it; parts: every layer that must allow."""

    via: PolicyKind
    parts: tuple[tuple[Layer, tuple[Grant, ...]], ...]

    @property
    def reading(self) -> Reading:
        """Whether every part allows."""
        return _all(layer.allow(*grants) for layer, grants in self.parts)


def evaluate(request: Request, policies: Policies) -> Decision:
    """Decide one request. Never raises for anything a parsed policy can hold."""
    if request.action.lower() in NEEDS_NOTHING:
        return Decision(Verdict.ALLOWED)
    layers = tuple(layers_of(request, policies))
    unread = tuple(p for layer in layers for p in layer.unread)
    doubtful = tuple(a for layer in layers for a in layer.doubtful)
    open_denial = any(not a.statement.is_allow for a in doubtful)
    denials = [a for layer in layers for a in layer.denying()]
    explicit = [a for a in denials if a.match is Match.YES]
    if explicit:
        explicit.sort(key=lambda a: ORDER.index(a.policy.kind))
        because = tuple(Reason(a.policy, a.statement) for a in explicit)
        return Decision(Verdict.DENIED, f"explicit:{explicit[0].policy.kind}", because, unread=unread)
    routes = [(route, route.reading) for route in _routes(request, layers)]
    guards = tuple(layer for layer in layers if layer.kind is PolicyKind.SCP)
    allowed = _all((_any(reading for _, reading in routes), *(layer.allow() for layer in guards)))
    if not allowed.possible:
        return Decision(Verdict.DENIED, f"implicit:{_silent(request, layers)}", unread=unread)
    if allowed.sure and not denials and not unread and not open_denial:
        verdict, works = Verdict.ALLOWED, [route for route, reading in routes if reading.sure]
    elif allowed.conditional:
        # A policy without text might deny as well as allow, so it leaves nothing certain but what is denied anyhow.
        verdict = Verdict.UNKNOWN if unread or open_denial else Verdict.CONDITIONAL
        works = [route for route, reading in routes if reading.conditional]
    else:
        verdict, works = Verdict.UNKNOWN, [route for route, reading in routes if reading.possible]
    because, conditions = _reasons(verdict, works, guards, denials, request)
    if verdict is Verdict.UNKNOWN:
        because += tuple(Reason(a.policy, a.statement) for a in doubtful)
    vias = tuple(dict.fromkeys(route.via for route in works))
    if len(vias) == 1:
        return Decision(verdict, None, because, conditions, (Way(str(vias[0]), because, conditions),), unread)
    ways = tuple(
        Way(str(via), *_reasons(verdict, [r for r in works if r.via is via], guards, denials, request)) for via in vias
    )
    return Decision(verdict, None, because, conditions, ways, unread)


def layers_of(request: Request, policies: Policies) -> Iterator[Layer]:
    """The layers that bear on this caller and resource."""
    caller = request.caller
    own = caller.has_identity_policies and caller.kind is not CallerKind.ROOT
    if policies.scps and caller.has_identity_policies and not caller.service_linked:
        for level in policies.scps:
            yield _layer(PolicyKind.SCP, level, request)
    if policies.rcps and rcp.limits(request.action) and not caller.service_linked:
        # RCPFullAWSAccess hangs on every level and cannot be taken off, so an RCP matters through its Deny alone.
        for level in policies.rcps:
            yield _layer(PolicyKind.RCP, level, request)
    bounded = own and policies.boundary is not None
    resource = _layer(PolicyKind.RESOURCE, policies.resource, request, bounded)
    if policies.doubtful:
        beside = _layer(PolicyKind.RESOURCE, policies.doubtful, request, bounded)
        # What is in one without text is not known: it may allow this, deny it, or be about something else.
        resource = resource._replace(unread=(*resource.unread, *beside.unread), doubtful=beside.applied)
    yield resource
    if own:
        yield _layer(PolicyKind.IDENTITY, policies.identity, request)
        if policies.boundary is not None:
            yield _layer(PolicyKind.BOUNDARY, (policies.boundary,), request)
        if policies.session and caller.kind is not CallerKind.USER:
            yield _layer(PolicyKind.SESSION, policies.session, request)


def _layer(kind: PolicyKind, policies: Sequence[Policy], request: Request, bounded: bool = False) -> Layer:
    applied: list[Applied] = []
    unread: list[Policy] = []
    for policy in policies:
        if policy.document is None:
            unread.append(policy)
        else:
            for statement in naming(policy.document, request.action):
                applied.extend(apply(policy, statement, request, bounded))
    return Layer(kind, tuple(applied), tuple(unread))


def _all(readings: Iterable[Reading]) -> Reading:
    return min(readings, default=SURE)  # each implies the next, so the readings are ordered


def _any(readings: Iterable[Reading]) -> Reading:
    return max(readings, default=NO)


def needs_resource_allow(request: Request) -> bool:
    """Role trust policies and KMS key policies must allow in words; elsewhere one side is enough within an account."""
    service, arn = service_of(request.action), split(request.resource)
    if arn is None:
        return False
    if service == "sts":
        return arn.service == "iam" and arn.resource.startswith("role/")
    return service == "kms" and arn.service == "kms" and arn.resource.startswith("key/")


def _routes(request: Request, layers: Sequence[Layer]) -> Iterator[Route]:
    """The ways the request can be allowed, SCPs aside."""
    resource = next(layer for layer in layers if layer.kind is PolicyKind.RESOURCE)
    if not request.caller.has_identity_policies:
        yield Route(PolicyKind.RESOURCE, ((resource, ()),))
        return
    own: dict[PolicyKind, tuple[tuple[Layer, tuple[Grant, ...]], ...]] = {
        kind: tuple((layer, ()) for layer in layers if layer.kind is kind)
        for kind in (PolicyKind.IDENTITY, PolicyKind.BOUNDARY, PolicyKind.SESSION)
    }
    limits = own[PolicyKind.BOUNDARY] + own[PolicyKind.SESSION]
    if request.cross_account:
        yield Route(PolicyKind.RESOURCE, (*own[PolicyKind.IDENTITY], *limits, (resource, ())))
        return
    asked: tuple[tuple[Layer, tuple[Grant, ...]], ...] = ((resource, ()),) if needs_resource_allow(request) else ()
    yield Route(PolicyKind.IDENTITY, (*own[PolicyKind.IDENTITY], *limits, *asked))
    yield Route(PolicyKind.RESOURCE, ((resource, (Grant.ROLE,)), *limits))
    yield Route(PolicyKind.RESOURCE, ((resource, (Grant.FULL,)),))


def _silent(request: Request, layers: Sequence[Layer]) -> PolicyKind:
    """The first layer, in AWS's order, whose silence denies."""
    silent = {layer.kind for layer in layers if not layer.allow().possible}
    if PolicyKind.SCP in silent:
        return PolicyKind.SCP
    if not request.caller.has_identity_policies:
        return PolicyKind.RESOURCE
    if (request.cross_account or needs_resource_allow(request)) and PolicyKind.RESOURCE in silent:
        return PolicyKind.RESOURCE
    resource = next(layer for layer in layers if layer.kind is PolicyKind.RESOURCE)
    by_role = resource.allow(Grant.ROLE).possible and not request.cross_account
    if PolicyKind.IDENTITY in silent and not by_role:
        return PolicyKind.IDENTITY
    return PolicyKind.BOUNDARY if PolicyKind.BOUNDARY in silent else PolicyKind.SESSION


def _reasons(
    verdict: Verdict, routes: Sequence[Route], guards: Sequence[Layer], denials: Sequence[Applied], request: Request
) -> tuple[tuple[Reason, ...], tuple[OpenCondition, ...]]:
    """The statements that carry the answer, and the conditions to be met where it is open.

    Allowed: every granting statement of every way that works. Open: the way with the fewest open conditions.
    """
    if verdict is not Verdict.ALLOWED:
        routes = sorted(routes, key=lambda r: sum(len(a.residue) for a in _granting(r.parts)))[:1]
    parts = [part for route in routes for part in route.parts] + [(guard, ()) for guard in guards]
    granting = list(dict.fromkeys(_granting(parts)))
    because = [Reason(a.policy, a.statement) for a in (*granting, *denials)]
    conditions = [OpenCondition(c, a.policy, a.statement) for a in granting for c in a.residue]
    for denial in denials:
        conditions.extend(_escape(denial, conditions, request))
    return tuple(dict.fromkeys(because)), tuple(dict.fromkeys(conditions))


def _granting(parts: Iterable[tuple[Layer, tuple[Grant, ...]]]) -> Iterator[Applied]:
    """The Allow statements of each part that hold; where none surely does, the one with the fewest open conditions."""
    for layer, grants in parts:
        found = list(Layer.allowing(layer.applied, grants))
        sure = [a for a in found if a.match is Match.YES]
        yield from sure or sorted(found, key=lambda a: len(a.residue))[:1]


def _escape(denial: Applied, conditions: Sequence[OpenCondition], request: Request) -> list[OpenCondition]:
    """Conditions under which a Deny that may apply does not: one of its open conditions has to fail."""
    options = [
        [OpenCondition(turned, denial.policy, denial.statement) for turned in negation(condition)]
        for condition in denial.residue
    ]
    given = [c.condition for c in conditions]
    for option in options:
        if not contradictory([*given, *(o.condition for o in option)], request.context, denial.statement.variables):
            return option
    return options[0] if options else []
