"""Who outside comes to a function first: the most open of the doors that lead to it."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cached_property, partial
from typing import NamedTuple

from permcheck.access import bits
from permcheck.access.targets import names_of
from permcheck.graph.expand import subject_grounds
from permcheck.graph.journeys import Journey
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

    def of(self, function: Function, beside: Collection[Function] = ()) -> Door | None:
        """The most open door of a function, the surest of these; None where nobody outside comes to it.

        beside: functions that whoever stands at the door must not come to as well, or there is no need for this one.
        """
        position = self._scene.functions.position
        wanted, others = 1 << position[function.arn], bits.of(position[f.arn] for f in beside)
        best: Door | None = None
        for number, journey in enumerate(self._journeys):
            if best is not None and journey.openness < best.journey.openness:
                return best
            reached = self._reached(number)
            if reached & wanted and not reached & others:
                trail = min(self._ways(journey, function), key=lambda t: t.rank, default=None)
                if trail is not None and (best is None or trail.rank < best.trail.rank):
                    best = Door(journey, trail)
        return best

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
        owners = (scene.function_of_item(item.arn) for item in scene.invocable.items)
        return [scene.functions.position[owner.arn] if owner is not None else 0 for owner in owners]

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
