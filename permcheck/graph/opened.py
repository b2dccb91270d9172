"""Who outside comes to a function first: the most open of the doors that lead to it."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, partial, reduce
from operator import or_
from typing import NamedTuple

from permcheck.access import bits
from permcheck.access.targets import names_of
from permcheck.graph.expand import subject_grounds
from permcheck.graph.journeys import Journey, Openness
from permcheck.graph.nodes import Hop, Node
from permcheck.graph.outsiders import INVOKE
from permcheck.graph.scene import Scene
from permcheck.graph.trails import Trail
from permcheck.model.function import Function
from permcheck.model.verdict import Verdict

# Programs and people with an identity of a provider are let in one by one; who they are is another matter.
_LEFT_OUT = ("web_identity",)


class Door(NamedTuple):
    """A journey, and its surest way to the function."""

    journey: Journey
    trail: Trail


class Doors:
    """The doors of the functions of a scene. Ways that are unknown are left out."""

    def __init__(self, scene: Scene, journeys: Iterable[Journey]) -> None:
        self._scene = scene
        found = (j for j in journeys if j.kind not in _LEFT_OUT and (j.kind != "signed_in" or j.strangers))
        self._journeys: Sequence[Journey] = sorted(found, key=lambda j: -j.openness)
        self._known: dict[int, int] = {}
        self._by_openness: dict[Openness, int] = {}
        self._fronts: dict[tuple[Openness, int], int] = {}

    def of(self, function: Function, beside: Collection[Function] = ()) -> Door | None:
        """The most open door of a function, the surest of these; None where nobody outside comes to it.

        beside: functions that whoever stands at the door must not come to as well, or there is no need for this one.
        """
        wanted, others = self._numbered((function,)), self._numbered(beside)
        best: Door | None = None
        for openness, numbers in self._alike.items():
            if not self._reached_by(openness) & wanted:
                continue
            for number in numbers:
                reached = self._reached(number)
                if reached & wanted and not reached & others:
                    journey = self._journeys[number]
                    trail = min(self._ways(journey, function), key=lambda t: t.rank, default=None)
                    if trail is not None and (best is None or trail.rank < best.trail.rank):
                        best = Door(journey, trail)
            if best is not None:
                return best
        return None

    def fronts(self, openness: Openness, beside: int) -> int:
        """The functions that people so many or more come to, if they do not come to all of those beside: a first look.

        ``of`` finds nobody so open for any other function, beside some of those. Both are sets of functions.
        """
        key = (openness, beside)
        found = self._fronts.get(key)
        if found is None:
            numbers = (n for each, alike in self._alike.items() for n in alike if each >= openness and beside)
            reached = map(self._reached, numbers)
            found = self._fronts[key] = reduce(or_, (r for r in reached if beside & ~r), 0)
        return found

    def _numbered(self, functions: Iterable[Function]) -> int:
        position = self._scene.functions.position
        return bits.of(position[function.arn] for function in functions)

    @cached_property
    def _alike(self) -> Mapping[Openness, Sequence[int]]:
        """The journeys of each openness, the most open first."""
        found: dict[Openness, list[int]] = {}
        for number, journey in enumerate(self._journeys):
            found.setdefault(journey.openness, []).append(number)
        return found

    def _reached_by(self, openness: Openness) -> int:
        """The functions that some journey of this openness comes to."""
        found = self._by_openness.get(openness)
        if found is None:
            found = reduce(or_, map(self._reached, self._alike[openness]), 0)
            self._by_openness[openness] = found
        return found

    def _reached(self, number: int) -> int:
        """The functions that a journey comes to."""
        found = self._known.get(number)
        if found is None:
            scene, found = self._scene, 0
            for trail in self._journeys[number].doors:
                if trail.verdict is Verdict.UNKNOWN:
                    continue
                if trail.end.kind == "function":
                    found |= 1 << scene.functions.position[trail.end.name]
                else:
                    may = scene.rights.of(scene.world.everybody[trail.end.number], scene.invocable, INVOKE)
                    found |= self._whole(may.possible & ~may.unread)
            self._known[number] = found
        return found

    def _whole(self, items: int) -> int:
        """The functions that items are names of."""
        if items == self._scene.invocable.all:
            return self._scene.functions.all
        return bits.of(self._numbers[n] for n in bits.members(items))

    @cached_property
    def _numbers(self) -> Sequence[int]:
        scene = self._scene
        return [scene.functions.position[owner.arn] if owner is not None else 0 for owner in scene.owners]

    def _ways(self, journey: Journey, function: Function) -> Iterator[Trail]:
        scene, invocable = self._scene, self._scene.invocable
        for trail in journey.doors:
            if trail.verdict is Verdict.UNKNOWN:
                continue
            if trail.end.kind == "function":
                if trail.end.name == function.arn:
                    yield trail
                continue
            subject = scene.world.everybody[trail.end.number]
            may = scene.rights.of(subject, invocable, INVOKE)
            for item in names_of(function):
                number = invocable.position[item.arn]
                verdict = may.verdict(number)
                if verdict in (Verdict.ALLOWED, Verdict.CONDITIONAL):
                    grounds = partial(subject_grounds, scene, subject, INVOKE, invocable.items[number])
                    yield trail.then(Hop("invokes", verdict, Node("function", function.arn), grounds))
