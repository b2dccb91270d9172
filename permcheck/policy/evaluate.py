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
from permcheck.policy.together import Option, choose

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
Reasons = tuple[tuple[Reason, ...], tuple[OpenCondition, ...]]
_NOTHING_OPEN: Reasons = ((), ())


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


_NO_RESOURCE_POLICY = Layer(PolicyKind.RESOURCE, (), ())


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
    denials: list[Applied] = []
    doubtful: list[Applied] = []
    without_text: list[Policy] = []
    for layer in layers:
        denials += layer.denying()
        doubtful += layer.doubtful
        without_text += layer.unread
    unread = tuple(without_text)
    open_denial = any(not a.statement.is_allow for a in doubtful)
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
    if verdict is Verdict.ALLOWED:
        return _answer(verdict, [(route, _NOTHING_OPEN) for route in works], guards, unread)
    strict = verdict is Verdict.CONDITIONAL
    met = [(route, reasons) for route in works if (reasons := _together(route, guards, denials, strict)) is not None]
    if not met and not doubtful:
        return _never_together(works, guards, denials)
    if not met:
        verdict, met = Verdict.UNKNOWN, [(route, _first(route, guards, denials)) for route in works]
    if verdict is Verdict.UNKNOWN:
        also = tuple(Reason(a.policy, a.statement) for a in doubtful)
        met = [(route, ((*because, *also), conditions)) for route, (because, conditions) in met]
    return _answer(verdict, met, guards, unread)


def _answer(
    verdict: Verdict, met: Sequence[tuple[Route, Reasons]], guards: Sequence[Layer], unread: tuple[Policy, ...]
) -> Decision:
    """The decision with its reasons.

    Allowed: every granting statement of every way that works. Open: the way with the fewest open conditions.
    """

    def of(ways: Sequence[tuple[Route, Reasons]]) -> Reasons:
        if verdict is Verdict.ALLOWED:
            return _granted([route for route, _ in ways], guards)
        return ways[0][1] if len(ways) == 1 else min(ways, key=lambda way: _openness(way[0]))[1]

    because, conditions = of(met)
    vias = tuple(dict.fromkeys(route.via for route, _ in met))
    if len(vias) == 1:
        return Decision(verdict, None, because, conditions, (Way(str(vias[0]), because, conditions),), unread)
    ways = tuple(Way(str(via), *of([each for each in met if each[0].via is via])) for via in vias)
    return Decision(verdict, None, because, conditions, ways, unread)


def _openness(route: Route) -> int:
    return sum(len(a.residue) for a in _granting(route.parts))


def _never_together(routes: Sequence[Route], guards: Sequence[Layer], denials: Sequence[Applied]) -> Decision:
    """Denied because what one statement asks for is what another rules out."""
    route = min(routes, key=_openness)
    because, _ = _first(route, guards, denials)
    if denials and _together(route, guards, (), strict=True) is not None:
        kind = min((a.policy.kind for a in denials), key=ORDER.index)
        return Decision(Verdict.DENIED, f"explicit:{kind}", because)
    open_kinds = {layer.kind for layer, grants in _parts(route, guards) if not layer.allow(*grants).sure}
    limiting = (kind for kind in ORDER if kind in open_kinds and kind is not PolicyKind.IDENTITY)
    return Decision(Verdict.DENIED, f"implicit:{next(limiting, PolicyKind.IDENTITY)}", because)


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
    resource = _NO_RESOURCE_POLICY
    if policies.resource:
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
    # layers_of gives what the caller is limited by behind its own policies.
    own = tuple((layer, ()) for layer in layers if layer.kind is PolicyKind.IDENTITY)
    limits = tuple((layer, ()) for layer in layers if layer.kind in (PolicyKind.BOUNDARY, PolicyKind.SESSION))
    if request.cross_account:
        yield Route(PolicyKind.RESOURCE, (*own, *limits, (resource, ())))
        return
    asked: tuple[tuple[Layer, tuple[Grant, ...]], ...] = ((resource, ()),) if needs_resource_allow(request) else ()
    yield Route(PolicyKind.IDENTITY, (*own, *limits, *asked))
    if resource.applied or resource.unread or resource.doubtful:
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


def _parts(route: Route, guards: Iterable[Layer]) -> list[tuple[Layer, tuple[Grant, ...]]]:
    return [*route.parts, *((guard, ()) for guard in guards)]


def _granted(routes: Iterable[Route], guards: Sequence[Layer]) -> Reasons:
    """Every statement that grants, where nothing is open."""
    granting = _granting([*(part for route in routes for part in route.parts), *((guard, ()) for guard in guards)])
    return tuple(dict.fromkeys(Reason(a.policy, a.statement) for a in granting)), ()


def _first(route: Route, guards: Iterable[Layer], denials: Sequence[Applied]) -> Reasons:
    """The statements and conditions of a way, whether or not these can be met together."""
    around = [ways[0] for denial in denials if (ways := _ways_round(denial))]
    return _reasons(list(_granting(_parts(route, guards))), around, denials)


def _together(route: Route, guards: Sequence[Layer], denials: Sequence[Applied], strict: bool) -> Reasons | None:
    """The statements that carry a way, and the conditions to be met.

    Where these surely contradict one another: None, unless not strict.
    """
    choices = [found for part in _parts(route, guards) if (found := _alternatives(*part))]
    around = [ways for denial in denials if (ways := _ways_round(denial))]
    open_choices = [[a.residue for a in found] for found in choices if found[0].match is not Match.YES]
    options: list[list[Option]] = [*open_choices, *([_conditions(way) for way in ways] for ways in around)]
    taken = choose(options)
    if taken is None:
        return None if strict else _first(route, guards, denials)
    left = iter(taken)
    granting = [a for found in choices for a in (found if found[0].match is Match.YES else [found[next(left)]])]
    return _reasons(granting, [ways[next(left)] for ways in around], denials)


def _conditions(way: Iterable[OpenCondition]) -> Option:
    return tuple(entry.condition for entry in way)


def _reasons(
    granting: Sequence[Applied], around: Iterable[Iterable[OpenCondition]], denials: Iterable[Applied]
) -> Reasons:
    because = [Reason(a.policy, a.statement) for a in (*granting, *denials)]
    conditions = [OpenCondition(c, a.policy, a.statement) for a in granting for c in a.residue]
    conditions.extend(entry for way in around for entry in way)
    return tuple(dict.fromkeys(because)), tuple(dict.fromkeys(conditions))


def _granting(parts: Iterable[tuple[Layer, tuple[Grant, ...]]]) -> Iterator[Applied]:
    """The Allow statements of each part that hold; where none surely does, the one with the fewest open conditions."""
    for part in parts:
        found = _alternatives(*part)
        yield from found if found and found[0].match is Match.YES else found[:1]


def _alternatives(layer: Layer, grants: tuple[Grant, ...]) -> list[Applied]:
    """The Allow statements of a part that surely hold; where none does, those that may, easiest first."""
    found = list(Layer.allowing(layer.applied, grants))
    sure = [a for a in found if a.match is Match.YES]
    return sure or (sorted(found, key=_ease) if len(found) > 1 else found)


def _ease(applied: Applied) -> tuple[int, list[tuple[str, str, tuple[str, ...]]]]:
    """The fewer conditions are open the easier. Of equals what they say decides, not the order they are written in."""
    return len(applied.residue), sorted((c.operator, c.key.lower(), c.values) for c in applied.residue)


def _ways_round(denial: Applied) -> list[tuple[OpenCondition, ...]]:
    """The ways in which a Deny that may apply does not: one of its open conditions fails."""
    left = denial.residue
    if len(left) > 1:
        left = tuple(sorted(left, key=lambda c: (c.operator, c.key.lower(), c.values)))
    return [
        tuple(OpenCondition(turned, denial.policy, denial.statement) for turned in negation(condition))
        for condition in left
    ]
