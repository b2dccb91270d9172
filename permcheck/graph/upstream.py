"""Who may get to an end at all, worked out backwards once for everybody.

A first look that is never too narrow: every step that is not denied counts, and a role counts as good as any session of
it. So whoever is not in it need not be followed step by step, which for thousands of starts is nearly all the work.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, partial
from itertools import chain

from permcheck.access import Item, Subject, bits
from permcheck.access.world import Access
from permcheck.frozen import dataclass
from permcheck.graph.asked import GRANTS, REWRITES
from permcheck.graph.expand import role_node, worth_hops
from permcheck.graph.nodes import LEVELS, Node
from permcheck.graph.outsiders import INVOKE, INVOKE_URL
from permcheck.graph.scene import Scene

Key = tuple[str, str]  # kind and name of a node
_CREATE, _CHANGE = "lambda:CreateFunction", "lambda:UpdateFunctionConfiguration"


@dataclass(frozen=True, slots=True)
class _Step:
    """One kind of step: who may take it to which items, and the items by which one gets to a node."""

    access: Sequence[Access]
    onto: Mapping[Key, int]
    gate: int = -1  # the callers that may take the step at all

    def takes(self, number: int) -> int:
        """The items to which a caller may take the step."""
        return self.access[number].possible if self.gate >> number & 1 else 0


class Upstream:
    """The nodes from which some wanted node may be got to. wanted: whether a node is one of the ends."""

    def __init__(self, scene: Scene, wanted: Callable[[Node], bool]) -> None:
        self._scene = scene
        self._wanted = wanted

    def may(self, start: Node) -> bool:
        """Whether the start, where it is a role or user, may get to an end; always so of other nodes."""
        return start.number < 0 or bool(self._subjects >> start.number & 1)

    @cached_property
    def ends(self) -> frozenset[Key]:
        """Every end there is, whether anybody gets to it or not."""
        worth = (node for names in self._worthy.values() for node in names)
        led_to = (Node(*key) for step in self._steps for key in step.onto)
        before = (Node(*key) for key in self._before)
        return frozenset((n.kind, n.name) for n in chain(worth, led_to, before) if self._wanted(n))

    @cached_property
    def _worthy(self) -> Mapping[int, Sequence[Node]]:
        """The callers that are themselves worth an end, by number, and those ends."""
        found: dict[int, list[Node]] = {}
        for subject in self._scene.world.everybody:
            hops = (hop for level in LEVELS for hop in worth_hops(self._scene, subject, level))
            ends = [hop.target for hop in hops if self._wanted(hop.target)]
            if ends:
                found[subject.number] = ends
        return found

    @cached_property
    def _subjects(self) -> int:
        everybody = self._scene.world.everybody
        good = bits.of(self._worthy)
        reached = {*self.ends, *(_key(s) for s in everybody if good >> s.number & 1)}
        frontier, waiting = set(reached), [s for s in everybody if not good >> s.number & 1]
        while frontier:
            found = {start for key in frontier for start in self._before.get(key, ())}
            masks = [(step, mask) for step in self._steps if (mask := _union(step.onto, frontier))]
            left = []
            for subject in waiting:
                if any(step.takes(subject.number) & mask for step, mask in masks):
                    good |= 1 << subject.number
                    found.add(_key(subject))
                else:
                    left.append(subject)
            waiting = left
            frontier = found - reached
            reached |= frontier
        return good

    @cached_property
    def _before(self) -> Mapping[Key, Sequence[Key]]:
        """The nodes that lead to a node whoever stands there: a function to its role, an event source to a function."""
        found: dict[Key, list[Key]] = {}
        for function in self._scene.facts.functions:
            for role in {function.role, *(q.role for q in function.qualifiers)} - {None}:
                found.setdefault(("role", role or ""), []).append(("function", function.arn))
        for start, entries in self._scene.entries.items():
            for entry in entries:
                found.setdefault((entry.target.kind, entry.target.name), []).append(start)
        return found

    @cached_property
    def _steps(self) -> Sequence[_Step]:
        scene, world = self._scene, self._scene.world
        functions = _onto(scene.functions.items, self._functions)
        names = _onto(scene.invocable.items, self._functions)
        found = [_Step(world.access(scene.invocable, INVOKE), names)]
        found += [_Step(world.access(scene.functions, action), functions) for action in (*REWRITES, *GRANTS)]
        urls = _onto(scene.urls.items, self._functions)
        found.append(_Step(world.access(scene.urls, INVOKE_URL), urls))
        assume = world.access(scene.roles, "sts:AssumeRole", explicit=True)
        found.append(_Step(assume, _onto(scene.roles.items, _role)))
        functions_of = world.access(scene.functions, _CHANGE)
        mentions = scene.rights.mentions
        creates = (s.number for s in world.everybody if mentions.any(s, (_CREATE,)) or functions_of[s.number].possible)
        passed = _onto(scene.passable.items, self._for_lambda)
        found.append(_Step(world.access(scene.passable, "iam:PassRole"), passed, bits.of(creates)))
        around = scene.entrances
        for kind, universe in (("api", around.routes), ("event_source", around.event_sources)):
            found.append(_Step(world.access(universe), _onto(universe.items, partial(self._entrances, kind))))
        return found

    def _for_lambda(self, item: Item) -> Iterable[Key]:
        return _role(item) if item.arn in self._scene.lambda_roles else ()

    def _entrances(self, kind: str, item: Item) -> Iterator[Key]:
        return ((kind, name) for name in self._scene.entrances.nodes_of(item))

    def _functions(self, item: Item) -> Iterator[Key]:
        function = self._scene.function_of_item(item.arn)
        if function is not None:
            yield "function", function.arn


def _role(item: Item) -> tuple[Key]:
    return (("role", item.arn),)


def _key(subject: Subject) -> Key:
    node = role_node(subject)
    return node.kind, node.name


def _onto(items: Sequence[Item], leads: Callable[[Item], Iterable[Key]]) -> Mapping[Key, int]:
    """For each node the items by which one gets to it."""
    found: dict[Key, int] = {}
    for number, item in enumerate(items):
        for key in leads(item):
            found[key] = found.get(key, 0) | 1 << number
    return found


def _union(onto: Mapping[Key, int], frontier: Iterable[Key]) -> int:
    mask = 0
    for key in frontier:
        mask |= onto.get(key, 0)
    return mask
