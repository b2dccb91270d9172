"""Where the ways from a door end: at functions whose roles may do everything, or have all data of a kind.

The functions a door opens directly are one thing; those that somebody's session may invoke, rewrite or make are
another; so are those it calls through an API, or by writing to what triggers them. The strongest of each is kept.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import NamedTuple

from permcheck.access import Subject, Universe, bits
from permcheck.frozen import dataclass
from permcheck.graph.atlas import THROUGH, WORTHS, Atlas
from permcheck.graph.expand import CREATES, GIVES, pick, subject_grounds
from permcheck.graph.nodes import LEVELS, Hop, Node
from permcheck.graph.strength import Strength, strength
from permcheck.graph.toward import hops_of
from permcheck.graph.trails import Trail
from permcheck.model.function import Function
from permcheck.model.verdict import Verdict

FUNCTION, API, EVENT_SOURCE, ROLE = "function", "api", "event_source", "role"
_LEVELS = (Verdict.ALLOWED, Verdict.CONDITIONAL)


@dataclass(frozen=True, slots=True)
class End:
    """A way that ends well for whoever takes it.

    how: whether a function is come to by itself, through an ``api`` or an ``event_source``; or none is needed, and
    roles are only assumed (``role``). worth: of whom one acts as in the end, ALL_DATA at least. function: the first
    function on the way, None where one has to be made or none is needed. more: how many other functions do as well.
    """

    how: str
    trail: Trail
    worth: Strength
    function: Function | None
    more: int = 0

    @property
    def door(self) -> Node:
        """The first session on the way, or else the function itself."""
        return next((n for n in self.trail.nodes[1:] if n.number >= 0 or n.kind == "function"), self.trail.end)


class _Between(NamedTuple):
    """What stands between a session and a function."""

    how: str
    edge: str
    universe: Universe


class Ends:
    """The ends of ways, by one atlas."""

    def __init__(self, atlas: Atlas) -> None:
        self._atlas = atlas
        self._scene = atlas.scene
        self._known: dict[tuple[str, Strength], int] = {}

    def of(self, doors: Iterable[Trail]) -> Iterator[End]:
        """The ends behind the doors: one for each function opened directly, one of each kind for each session."""
        for door in doors:
            if door.verdict is Verdict.UNKNOWN:
                continue
            if door.end.kind == "function":
                yield from self._function(door)
            else:
                yield from self._session(door)

    def _function(self, door: Trail) -> Iterator[End]:
        function = self._scene.function_by_arn.get(door.end.name)
        if function is None:
            return
        kinds = [n.kind for n in door.nodes]
        how = API if "api" in kinds else EVENT_SOURCE if "event_source" in kinds else FUNCTION
        if self._atlas.worth_of(function) is not None:
            yield self._end(how, door, function)
        elif (risen := self._risen(door)) is not None:
            yield self._end(how, risen, function)

    def _risen(self, door: Trail) -> Trail | None:
        """On from a function whose role is nothing to speak of, over roles that it may assume."""
        number = self._atlas.acts_as(door.end)
        for worth in WORTHS if number is not None else ():
            for level in _LEVELS:
                rises = self._atlas.rises(worth, level)
                if number in rises.step and _reached(door, level):
                    return self._atlas.as_role(door).then(*rises.hops(number))
        return None

    def _end(self, how: str, trail: Trail, function: Function | None, more: int = 0) -> End:
        whole = self._atlas.as_role(trail)
        held = strength(self._scene, self._scene.world.everybody[whole.end.number])
        return End(how, self._atlas.with_worth(whole), held, function, more)

    def _session(self, door: Trail) -> Iterator[End]:
        """The strongest end of each kind; what the session may do without any function is no end of these."""
        subject = self._scene.world.everybody[door.end.number]
        own = self._atlas.worth(subject)
        worths = [worth for worth in WORTHS if own is None or worth > own]
        entrances = self._scene.entrances
        tries: tuple[Callable[[Trail, Subject, Strength, Verdict], End | None], ...] = (
            self._through_function,
            partial(self._through, _Between(API, "calls", entrances.routes)),
            partial(self._through, _Between(EVENT_SOURCE, "writes to", entrances.event_sources)),
            self._through_roles,
        )
        for find in tries:
            asked = ((worth, level) for worth in worths for level in _LEVELS if _reached(door, level))
            found = (find(door, subject, worth, level) for worth, level in asked)
            end = next((e for e in found if e is not None), None)
            if end is not None:
                yield end

    def _through_function(self, door: Trail, subject: Subject, worth: Strength, level: Verdict) -> End | None:
        atlas = self._atlas
        direct = atlas.step(subject, worth, level, THROUGH)
        if direct is not None:
            step, count = direct
            trail, more = door.then(*hops_of(self._scene, subject, step)), count - 1
        elif worth is Strength.IAM_WRITE and atlas.toward(worth, level, control=True).step.get(subject.number):
            trail, more = door.then(*atlas.toward(worth, level, control=True).hops(subject.number)), 0
        else:
            trail, more = door.then(*atlas.by_assuming(subject, worth, level)), 0
        functions = [n.name for n in trail.nodes if n.kind == "function"]
        # Roles that are only assumed are no way through a function, and no hop at all is no way.
        if not functions and not any(hop.kind in (CREATES, GIVES) for hop in trail.hops):
            return None
        first = self._scene.function_by_arn.get(functions[0]) if functions else None
        return self._end(FUNCTION, trail, first, more)

    def _through_roles(self, door: Trail, subject: Subject, worth: Strength, level: Verdict) -> End | None:
        rises = self._atlas.rises(worth, level)
        if subject.number not in rises.step:
            return None
        return self._end(ROLE, door.then(*rises.hops(subject.number)), None)

    def _through(self, between: _Between, door: Trail, subject: Subject, worth: Strength, level: Verdict) -> End | None:
        universe, wanted = between.universe, self._leading(between, worth)
        if not wanted:
            return None
        may = self._scene.world.access_of(subject, universe, "")
        for upto in LEVELS[: LEVELS.index(level) + 1]:
            for number in bits.members(pick(may, upto) & wanted):
                item = universe.items[number]
                grounds = partial(subject_grounds, self._scene, subject, item.action, item)
                for name in self._scene.entrances.nodes_of(item):
                    first = Hop(between.edge, upto, Node(between.how, name), grounds)
                    end = self._onward(between.how, door.then(first), worth, level)
                    if end is not None:
                        return end
        return None

    def _onward(self, how: str, trail: Trail, worth: Strength, level: Verdict, most: int = 4) -> End | None:
        """On from a route or an event source, whose events may be sent on so many times."""
        for entry in self._atlas.outside.onward(trail.end):
            onward = trail.then(Hop(entry.edge, entry.verdict, entry.target, entry.grounds))
            function = self._scene.function_by_arn.get(entry.target.name)
            if not _reached(onward, level):
                continue
            if function is None:
                end = self._onward(how, onward, worth, level, most - 1) if most else None
            else:
                end = self._end(how, onward, function) if self._atlas.worth_of(function) is worth else None
            if end is not None:
                return end
        return None

    def _leading(self, between: _Between, worth: Strength) -> int:
        """The routes or event sources whose functions are worth this much, whether or not they get through."""
        found = self._known.get((between.how, worth))
        if found is None:
            nodes_of = self._scene.entrances.nodes_of
            found = self._known[between.how, worth] = bits.of(
                number
                for number, item in enumerate(between.universe.items)
                if any(self._leads(between.how, name, worth) for name in nodes_of(item))
            )
        return found

    def _leads(self, how: str, name: str, worth: Strength) -> bool:
        return any(self._worth_named(arn) is worth for arn in self._called(how, name))

    def _called(self, how: str, name: str) -> Iterator[str]:
        outside = self._atlas.outside
        if how == API:
            yield from (route.function for _, route in outside.routes.get(name, ()))
        else:
            yield from outside.called_by(name)

    def _worth_named(self, arn: str) -> Strength | None:
        function = self._scene.function_of_item(arn)
        return self._atlas.worth_of(function) if function is not None else None


def _reached(trail: Trail, level: Verdict) -> bool:
    return LEVELS.index(trail.verdict) <= LEVELS.index(level)
