"""Sets of requests by action and resource: what a statement names, less what others take away.

An area is a product of patterns, cut down by boxes: ``actions on resources, within, without``. Patterns that can be
put together are; the rest is kept as boxes, so that an area says exactly what it holds.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from enum import IntEnum
from functools import lru_cache

from permcheck.frozen import dataclass
from permcheck.model.policy import PolicyKind
from permcheck.policy.arn import pattern_segments
from permcheck.policy.heads import Heads
from permcheck.policy.patterns import action_covers, actions_overlap, resource_covers, resources_overlap
from permcheck.policy.request import Reason
from permcheck.policy.wildcard import has_wildcard

_KIND = PolicyKind.IDENTITY  # what a canonical Resource pattern means does not depend on the layer


class Share(IntEnum):
    """How much of a pattern an axis holds."""

    NONE = 0
    SOME = 1
    ALL = 2


@dataclass(frozen=True, slots=True)
class Axis:
    """The actions or the resources of a box: those that a pattern names, or (negated) all others."""

    patterns: tuple[str, ...] = ("*",)
    negated: bool = False


EVERY = Axis()


@dataclass(frozen=True, slots=True)
class Box:
    """The requests of a statement, conditions aside. Resource patterns are canonical."""

    actions: Axis = EVERY
    resources: Axis = EVERY


@dataclass(frozen=True, slots=True)
class Taken:
    """What an area does not hold, and the statements that take it away; none where the area's own statement does."""

    box: Box
    because: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Area:
    """Requests: any of the actions on any of the resources, if in every ``within`` and in no ``without``."""

    actions: tuple[str, ...]
    resources: tuple[str, ...]
    within: tuple[Box, ...] = ()
    without: tuple[Taken, ...] = ()


def canonical(pattern: str, kind: PolicyKind) -> str | None:
    """A Resource pattern with all six segments, the first four in lower case; None where it can name no resource."""
    if pattern and pattern.strip("*") == "":
        return "*"
    segments = pattern_segments(pattern, kind)
    return None if segments is None else ":".join(("arn", *segments))


class _Known:
    """The patterns of an axis, made ready to be looked up."""

    def __init__(self, patterns: Iterable[str]) -> None:
        self.every = tuple(patterns)
        self.literal = frozenset(p for p in self.every if not has_wildcard(p))
        self.heads = Heads(self.every)


@lru_cache(maxsize=1 << 12)
def _known(patterns: tuple[str, ...], lower: bool) -> _Known:
    return _Known([p.lower() if lower else p for p in patterns])


def _action_share(axis: Axis, pattern: str) -> Share:
    return _share(axis, pattern.lower(), True, action_covers, actions_overlap)


def _resource_share(axis: Axis, pattern: str) -> Share:
    return _share(axis, pattern, False, _covers, _overlap)


def _covers(wide: str, narrow: str) -> bool:
    return resource_covers(wide, _KIND, narrow, _KIND)


def _overlap(one: str, other: str) -> bool:
    return resources_overlap(one, _KIND, other, _KIND)


Relation = Callable[[str, str], bool]


def _share(axis: Axis, pattern: str, lower: bool, covers: Relation, overlap: Relation) -> Share:
    known = _known(axis.patterns, lower)
    found = Share.NONE
    if pattern in known.literal:
        found = Share.ALL
    else:
        near = [known.every[n] for n in known.heads.near(pattern)]
        if any(covers(p, pattern) for p in near):
            found = Share.ALL
        elif has_wildcard(pattern) and any(overlap(p, pattern) for p in near):
            found = Share.SOME
    return Share(2 - found) if axis.negated else found


def _shares(area: Area, box: Box) -> tuple[list[Share], list[Share]]:
    actions = [_action_share(box.actions, a) for a in area.actions]
    if not any(actions):
        return actions, [Share.NONE]
    return actions, [_resource_share(box.resources, r) for r in area.resources]


def touches(area: Area, box: Box) -> Share:
    """How much of the area the box holds, by the patterns: ALL is certain, SOME may turn out to be nothing."""
    actions, resources = _shares(area, box)
    if not any(actions) or not any(resources):
        return Share.NONE
    return min(*actions, *resources, Share.ALL) or Share.SOME


def meet(area: Area, box: Box) -> Area | None:
    """What both hold; None for nothing."""
    actions, within, without = _meet_axis(area.actions, box.actions, _action_share, action_covers)
    if not actions:
        return None
    resources, also_within, also_without = _meet_axis(area.resources, box.resources, _resource_share, _covers)
    if not resources:
        return None
    boxes = [Box(actions=a) for a in within] + [Box(resources=a) for a in also_within]
    taken = [Taken(Box(actions=a)) for a in without] + [Taken(Box(resources=a)) for a in also_without]
    return _tidy(Area(actions, resources, (*area.within, *boxes), (*area.without, *taken)))


def _meet_axis(
    patterns: Sequence[str], axis: Axis, share: Callable[[Axis, str], Share], covers: Relation
) -> tuple[tuple[str, ...], list[Axis], list[Axis]]:
    """(the patterns that are left, what they must be within besides, what they must be without)."""
    shares = [(p, share(axis, p)) for p in patterns]
    kept = [p for p, much in shares if much is not Share.NONE]
    partly = [p for p, much in shares if much is Share.SOME]
    if not partly:
        return tuple(kept), [], []
    if axis.negated:
        return tuple(kept), [], [Axis(_near(axis.patterns, partly, share))]
    found: list[str] = []
    exact = True
    for pattern, much in shares:
        if much is Share.ALL:
            found.append(pattern)
        elif much is Share.SOME:
            meeting = _near(axis.patterns, (pattern,), share)
            inside = [m for m in meeting if covers(pattern, m)]
            if len(inside) == len(meeting):
                found.extend(inside)
            else:
                exact = False
                found.append(pattern)
    left = tuple(dict.fromkeys(found))
    return left, [] if exact else [Axis(_near(axis.patterns, left, share))], []


def _near(patterns: tuple[str, ...], others: Sequence[str], share: Callable[[Axis, str], Share]) -> tuple[str, ...]:
    """Those of some patterns that have something in common with others."""
    against = Axis(tuple(others))
    lower = share is _action_share
    heads = _known(patterns, lower).heads
    may = {n for other in others for n in heads.near(other.lower() if lower else other)}
    return tuple(patterns[n] for n in sorted(may) if share(against, patterns[n]) is not Share.NONE)


def _tidy(area: Area) -> Area | None:
    """The same without boxes that say nothing any more; None where one of them takes everything."""
    without = []
    for taken in area.without:
        much = touches(area, taken.box)
        if much is Share.ALL:
            return None
        if much is Share.SOME:
            without.append(taken)
    within = tuple(box for box in dict.fromkeys(area.within) if touches(area, box) is not Share.ALL)
    return replace(area, within=within, without=tuple(dict.fromkeys(without)))


def cut(area: Area, box: Box, because: tuple[Reason, ...] = ()) -> Area | None:
    """The area less the box; None where nothing is left. because: the statements behind the box."""
    actions, resources = _shares(area, box)
    if not any(actions) or not any(resources):
        return area
    every_action, every_resource = min(actions) is Share.ALL, min(resources) is Share.ALL
    if every_action and every_resource:
        return None
    if every_action and box.resources.negated:
        return meet(area, Box(resources=Axis(box.resources.patterns)))
    if every_resource and box.actions.negated:
        return meet(area, Box(actions=Axis(box.actions.patterns)))
    left = area
    if every_action:
        left = replace(area, resources=_less(area.resources, resources))
    elif every_resource:
        left = replace(area, actions=_less(area.actions, actions))
    if not left.actions or not left.resources:
        return None
    if touches(left, box) is Share.NONE:
        return left
    return replace(left, without=(*left.without, Taken(_trimmed(box, left), because)))


def _less(patterns: Sequence[str], shares: Sequence[Share]) -> tuple[str, ...]:
    return tuple(p for p, much in zip(patterns, shares, strict=True) if much is not Share.ALL)


def _trimmed(box: Box, area: Area) -> Box:
    """The box with only those patterns that bear on the area."""
    actions, resources = box.actions, box.resources
    if not actions.negated and len(actions.patterns) > 1:
        actions = Axis(_near(actions.patterns, area.actions, _action_share))
    if not resources.negated and len(resources.patterns) > 1:
        resources = Axis(_near(resources.patterns, area.resources, _resource_share))
    return Box(actions, resources)


def holds(area: Area, action: str, resource: str) -> bool:
    """Whether one request is in the area. resource: a concrete one as it is asked for, ``*`` for none."""
    return (
        any(action_covers(a, action) for a in area.actions)
        and _names(Axis(area.resources), resource)
        and all(_in_box(box, action, resource) for box in area.within)
        and not any(_in_box(taken.box, action, resource) for taken in area.without)
    )


def _in_box(box: Box, action: str, resource: str) -> bool:
    return _action_share(box.actions, action) is Share.ALL and _names(box.resources, resource)


def _names(axis: Axis, resource: str) -> bool:
    """Whether an axis names a concrete resource. Only a star names the request that is about none."""
    named = any(p == "*" or (resource != "*" and _covers(p, resource)) for p in axis.patterns)
    return named is not axis.negated


def actions_left(area: Area, names: Iterable[str]) -> Iterator[str]:
    """Those of some concrete actions that the area holds on some resource."""
    for name in names:
        if any(action_covers(a, name) for a in area.actions):
            left = _tidy(replace(area, actions=(name,)))
            if left is not None and all(touches(left, box) is not Share.NONE for box in area.within):
                yield name
