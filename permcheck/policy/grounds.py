"""What a verdict rests on: the statements that carry it, and the conditions that must hold for it."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple, TypeVar

from permcheck.model.policy import PolicyKind
from permcheck.policy.condition import YES
from permcheck.policy.layer import Grants, Layer, Reading
from permcheck.policy.matching import Applied
from permcheck.policy.negation import negation
from permcheck.policy.request import OpenCondition, Reason
from permcheck.policy.together import Option, choose

Part = tuple[Layer, Grants]
T = TypeVar("T")


class Route(NamedTuple):
    """One way to be allowed. via: the layer whose Allow carries it; parts: every layer that must allow.

    reading: whether all of them do.
    """

    via: PolicyKind
    parts: tuple[Part, ...]
    reading: Reading


class Grounds(NamedTuple):
    """The deciding statements, the granting ones first, and what must hold besides."""

    because: tuple[Reason, ...]
    conditions: tuple[OpenCondition, ...]


def granted(routes: Iterable[Route], guards: Sequence[Part]) -> Grounds:
    """Every statement that grants, where nothing is open. guards: what must allow besides, whatever the way."""
    because: list[Reason] = []
    for parts in (*(route.parts for route in routes), guards):
        for layer, grants in parts:
            because += [Reason(a.policy, a.statement) for a in layer.granting(grants) if a.match is YES]
    return Grounds(_once(because), ())


def first(parts: Sequence[Part], denials: Sequence[Applied]) -> Grounds:
    """The statements and conditions of a way, whether or not these can be met together."""
    around = [(denial, ways[0]) for denial in denials if (ways := _ways_round(denial))]
    return _grounds(list(_granting(parts)), around, denials)


def together(parts: Sequence[Part], denials: Sequence[Applied], strict: bool) -> Grounds | None:
    """The statements that carry a way, and the conditions to be met.

    Where these surely contradict one another: None, unless not strict.
    """
    choices = [found for part in parts if (found := _alternatives(*part))]
    around = [(denial, ways) for denial in denials if (ways := _ways_round(denial))]
    open_choices = [tuple([a.residue for a in found]) for found in choices if found[0].match is not YES]
    taken = choose((*open_choices, *[ways for _, ways in around]))
    if taken is None:
        return None if strict else first(parts, denials)
    left = iter(taken)
    granting: list[Applied] = []
    for found in choices:
        granting += found if found[0].match is YES else (found[next(left)],)
    return _grounds(granting, [(denial, ways[next(left)]) for denial, ways in around], denials)


def openness(parts: Sequence[Part]) -> int:
    """How many conditions are open on this way."""
    return sum(len(a.residue) for a in _granting(parts))


def _grounds(
    granting: Sequence[Applied], around: Iterable[tuple[Applied, Option]], denials: Sequence[Applied]
) -> Grounds:
    because = [Reason(a.policy, a.statement) for a in granting]
    because += [Reason(a.policy, a.statement) for a in denials]
    conditions = [OpenCondition(c, a.policy, a.statement) for a in granting for c in a.residue]
    conditions += [OpenCondition(c, a.policy, a.statement) for a, way in around for c in way]
    return Grounds(_once(because), _once(conditions))


def _once(found: Sequence[T]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(found)) if len(found) > 1 else tuple(found)


def _granting(parts: Iterable[Part]) -> Iterator[Applied]:
    """The Allow statements of each part that hold; where none surely does, the one with the fewest open conditions."""
    for part in parts:
        found = _alternatives(*part)
        yield from found if found and found[0].match is YES else found[:1]


def _alternatives(layer: Layer, grants: Grants) -> Sequence[Applied]:
    """The Allow statements of a part that surely hold; where none does, those that may, easiest first."""
    found = layer.granting(grants)
    if len(found) < 2:
        return found
    sure = [a for a in found if a.match is YES]
    return sure or sorted(found, key=_ease)


def _ease(applied: Applied) -> tuple[int, list[tuple[str, str, tuple[str, ...]]]]:
    """The fewer conditions are open the easier. Of equals what they say decides, not the order they are written in."""
    return len(applied.residue), sorted((c.operator, c.key.lower(), c.values) for c in applied.residue)


def _ways_round(denial: Applied) -> tuple[Option, ...]:
    """The ways in which a Deny that may apply does not: one of its open conditions fails."""
    left = denial.residue
    if len(left) > 1:
        left = tuple(sorted(left, key=lambda c: (c.operator, c.key.lower(), c.values)))
    return tuple([negation(condition) for condition in left])
