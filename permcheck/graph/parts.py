"""What each Allow statement of a caller leaves it, after every other layer: as areas, with what is open about each.

Patterns are set against patterns; nothing is tried by example. A Deny, or a limit, that speaks of part of what a
statement names cuts it into what is left and what is open.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property

from permcheck.access import Subject
from permcheck.access.subject import limits_on
from permcheck.data import rcp
from permcheck.frozen import dataclass
from permcheck.model.facts import Facts
from permcheck.model.policy import Policy, PolicyKind, Statement
from permcheck.policy.action import service_of
from permcheck.policy.area import Area, Axis, Box, Share, Taken, canonical, cut, meet, touches
from permcheck.policy.context import Context
from permcheck.policy.extent import extents
from permcheck.policy.heads import Heads
from permcheck.policy.matching import principal_applies, session_condition
from permcheck.policy.negation import negation
from permcheck.policy.request import OpenCondition, Reason
from permcheck.policy.together import choose
from permcheck.policy.wildcard import has_wildcard

Ways = tuple[tuple[OpenCondition, ...], ...]
_MANY = 64  # parts of one statement; beyond it a Deny with open conditions is laid over the whole part it touches
_FEW = 16


@dataclass(frozen=True, slots=True)
class Part:
    """An area that is allowed if, of each level, one way holds. crowded: some levels may concern a part of it only."""

    area: Area
    because: tuple[Reason, ...]
    levels: tuple[Ways, ...] = ()
    crowded: bool = False

    def settled(self) -> tuple[OpenCondition, ...] | None:
        """Conditions under which it is allowed; None where there surely are none."""
        options = [[tuple(entry.condition for entry in way) for way in level] for level in self.levels]
        taken = choose(options)
        if taken is None and not self.crowded:
            return None
        ways = taken or (0,) * len(self.levels)
        found = (entry for level, number in zip(self.levels, ways, strict=True) for entry in level[number])
        return tuple(dict.fromkeys(found))


@dataclass(frozen=True, slots=True)
class _Said:
    """A statement as a box. ways: what must hold for it (of a Deny: for its failing). made_of: several put together."""

    box: Box
    because: tuple[Reason, ...]
    ways: Ways = ()
    made_of: "_Sorted | None" = None

    def reasons(self, area: Area) -> tuple[Reason, ...]:
        """The statements that speak of the area."""
        if self.made_of is None:
            return self.because
        return tuple(r for each in self.made_of.near(area) if touches(area, each.box) for r in each.because)


class _Sorted:
    """Boxes by what their actions and resources begin with, so that few have to be looked at."""

    def __init__(self, said: Iterable[_Said]) -> None:
        self._said = tuple(said)
        self._actions = _Owned(_patterns(s.box.actions, lower=True) for s in self._said)
        self._resources = _Owned(_patterns(s.box.resources) for s in self._said)

    def near(self, area: Area) -> Sequence[_Said]:
        """Those that may speak of the area, in their order."""
        found = self._resources.near(area.resources)
        if len(found) > _FEW:
            found &= self._actions.near(a.lower() for a in area.actions)
        return [self._said[n] for n in sorted(found)]


class _Owned:
    """Lists of patterns to be looked up by a pattern."""

    def __init__(self, lists: Iterable[Sequence[str]]) -> None:
        pairs = [(pattern, number) for number, patterns in enumerate(lists) for pattern in patterns]
        self._owners = [number for _, number in pairs]
        self._heads = Heads(pattern for pattern, _ in pairs)

    def near(self, patterns: Iterable[str]) -> set[int]:
        """The numbers of the lists that hold one that may overlap."""
        return {self._owners[n] for pattern in patterns for n in self._heads.near(pattern)}


def _patterns(axis: Axis, lower: bool = False) -> Sequence[str]:
    if axis.negated:
        return ("*",)
    return [p.lower() for p in axis.patterns] if lower else axis.patterns


def _plain_service(pattern: str) -> str:
    """The service of an action pattern, empty where a wildcard leaves it open."""
    service = service_of(pattern)
    return "" if has_wildcard(service) or ":" not in pattern else service


class Layers:
    """Every layer over one caller, as boxes, in one context."""

    def __init__(self, facts: Facts, subject: Subject, context: Context) -> None:
        self._facts = facts
        self._subject = subject
        self._context = context

    @cached_property
    def limits(self) -> Sequence[_Sorted]:
        """What each layer that must allow besides the identity policies allows; one that was not read is left out."""
        subject = self._subject
        own = [(subject.boundary,)] if subject.boundary is not None else []
        over = () if subject.caller.service_linked else subject.scps
        layers = [*own, *([subject.session] if subject.session else []), *over]
        found = []
        for policies in layers:
            if all(p.document is not None for p in policies):
                found.append(_Sorted(_merged(s for p in policies for s in self._said(p, allow=True))))
        return found

    @cached_property
    def _denials(self) -> tuple[_Sorted, _Sorted]:
        """(what is surely denied, what is denied under conditions)."""
        subject = self._subject
        policies = [*subject.policies, *subject.session, *(p for level in subject.scps for p in level)]
        if subject.caller.service_linked:
            policies = [*subject.policies, *subject.session]
        if subject.boundary is not None:
            policies.append(subject.boundary)
        denials = [*(s for p in policies for s in self._said(p, allow=False)), *self._of_resources()]
        return _Sorted(s for s in denials if not s.ways), _Sorted(s for s in denials if s.ways)

    def _said(self, policy: Policy, allow: bool) -> Iterator[_Said]:
        for statement in policy.statements:
            if statement.is_allow is allow:
                for extent in extents(policy, statement, self._context):
                    opened = tuple(OpenCondition(c, policy, statement) for c in extent.residue)
                    ways = ((opened,) if opened else ()) if allow else _round(opened)
                    yield _Said(extent.box, (Reason(policy, statement),), ways)

    def _of_resources(self) -> Iterator[_Said]:
        """What the policies of resources in view deny the caller, and those over resources of its account."""
        governed = [(r.policy, r.arn) for r in self._facts.resources]
        governed += [(q.policy, _qualified(f.arn, q.name)) for f in self._facts.functions for q in f.qualifiers]
        for policy, arn in governed:
            if policy is not None:
                yield from self._denied_by(policy, arn)
        if not self._subject.caller.service_linked:
            for policy in (p for level in limits_on(self._facts, self._subject.account) for p in level):
                for said in self._denied_by(policy, ""):
                    limited = tuple(a for p in said.box.actions.patterns for a in _limited(p))
                    if limited and not said.box.actions.negated:
                        yield replace(said, box=Box(Axis(limited), said.box.resources))

    def _denied_by(self, policy: Policy, arn: str) -> Iterator[_Said]:
        """The Deny statements that name the caller. arn: of the resource the policy is on, empty for no certain one."""
        for statement in policy.statements:
            if statement.is_allow:
                continue
            for _, _, session in principal_applies(statement, self._subject.caller, self._subject.boundary is not None):
                for extent in extents(policy, statement, self._context):
                    residue = (*extent.residue, *session_condition(session, statement))
                    ways = _round(tuple(OpenCondition(c, policy, statement) for c in residue))
                    box = _on(extent.box, arn) if arn else extent.box
                    if box is not None:
                        yield _Said(box, (Reason(policy, statement),), ways)

    def parts(self, policy: Policy, statement: Statement) -> Iterator[Part]:
        """What an Allow statement leaves, a part for each service it names and each thing that is open."""
        for extent in extents(policy, statement, self._context):
            opened = tuple(OpenCondition(c, policy, statement) for c in extent.residue)
            levels: tuple[Ways, ...] = ((opened,),) if opened else ()
            for area in _areas(extent.box):
                yield from self._left(Part(area, (Reason(policy, statement),), levels))

    def _left(self, part: Part) -> Iterator[Part]:
        found: Iterable[Part] = [part]
        for limit in self.limits:
            found = [inner for each in found for inner in _within(each, limit)]
        for each in found:
            left = self._less(each)
            if left is not None:
                yield from self._opened(left)

    def _less(self, part: Part) -> Part | None:
        area = part.area
        for said in self._denials[0].near(part.area):
            left = cut(area, said.box, said.because)
            if left is None:
                return None
            area = left
        return replace(part, area=area)

    def _opened(self, part: Part) -> list[Part]:
        """The part, cut along every Deny with open conditions."""
        found = [part]
        for said in self._denials[1].near(part.area):
            split: list[Part] = []
            for each in found:
                much = touches(each.area, said.box)
                if much is Share.NONE:
                    split.append(each)
                elif much is Share.ALL or len(found) > _MANY:
                    crowded = each.crowded or much is not Share.ALL
                    split.append(_with(each, said, each.area, crowded))
                else:
                    inside = meet(each.area, said.box)
                    outside = cut(each.area, said.box, said.because) if inside is not None else each.area
                    if outside is not None:
                        split.append(replace(each, area=outside))
                    if inside is not None:
                        split.append(_with(each, said, inside, each.crowded))
            found = split
        return found


def _with(part: Part, said: _Said, area: Area, crowded: bool) -> Part:
    levels = (*part.levels, said.ways) if said.ways else part.levels
    return Part(area, (*part.because, *said.reasons(area)), levels, crowded)


def _within(part: Part, limit: _Sorted) -> Iterator[Part]:
    """What one layer lets through, by each of its statements; by one alone where that surely lets through the whole."""
    near = [(said, much) for said in limit.near(part.area) if (much := touches(part.area, said.box))]
    for said, much in near:
        if much is Share.ALL and not said.ways:
            yield _with(part, said, part.area, part.crowded)
            return
    for said, _ in near:
        inside = meet(part.area, said.box)
        if inside is not None:
            yield _with(part, said, inside, part.crowded)


def _round(opened: tuple[OpenCondition, ...]) -> Ways:
    """The ways in which one of several conditions fails."""
    return tuple(
        tuple(OpenCondition(turned, entry.policy, entry.statement) for turned in negation(entry.condition))
        for entry in opened
    )


def _merged(said: Iterable[_Said]) -> list[_Said]:
    """The same with one box for all that, without conditions, names actions of the same resources."""
    groups: dict[object, list[_Said]] = {}
    for number, each in enumerate(said):
        key: object = number if each.ways or each.box.actions.negated else each.box.resources
        groups.setdefault(key, []).append(each)
    return [_joined(group) if len(group) > 1 else group[0] for group in groups.values()]


def _joined(group: Sequence[_Said]) -> _Said:
    actions = tuple(dict.fromkeys(a for each in group for a in each.box.actions.patterns))
    return _Said(Box(Axis(actions), group[0].box.resources), (), made_of=_Sorted(group))


def _areas(box: Box) -> Iterator[Area]:
    """What a box names, service by service."""
    resources = ("*",) if box.resources.negated else box.resources.patterns
    without = [Taken(Box(resources=Axis(box.resources.patterns)))] if box.resources.negated else []
    if box.actions.negated:
        without.append(Taken(Box(actions=Axis(box.actions.patterns))))
        yield Area(("*",), resources, without=tuple(without))
        return
    services: dict[str, list[str]] = {}
    for pattern in box.actions.patterns:
        services.setdefault(_plain_service(pattern), []).append(pattern)
    for patterns in services.values():
        yield Area(tuple(dict.fromkeys(patterns)), resources, without=tuple(without))


def _on(box: Box, arn: str) -> Box | None:
    """A box of a resource's policy, which speaks of nothing but the resource and what is in it."""
    whole = canonical(arn, PolicyKind.RESOURCE)
    if whole is None:
        return None
    inner = Area(("*",), (whole, f"{whole}/*") if arn.split(":")[2:3] == ["s3"] else (whole,))
    left = meet(inner, Box(resources=box.resources))
    # What only a box can say, a NotResource that spares part of the resource, is left out.
    return None if left is None or left.within or left.without else Box(box.actions, Axis(left.resources))


def _qualified(arn: str, qualifier: str) -> str:
    return f"{arn}:{qualifier}" if qualifier else arn


def _limited(pattern: str) -> Iterator[str]:
    """An action pattern of a resource control policy, for the services that such policies reach."""
    service = _plain_service(pattern)
    if not service:
        yield from (f"{name}:*" for name in rcp.services())
    elif rcp.covers(service):
        yield pattern
