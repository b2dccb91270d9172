"""Everything that can be got to from one node, each by its surest and then shortest way.

The graph is never laid out whole: a role with ``lambda:*`` has one set of functions, not one edge for each. From a node
only what has not been reached yet is followed, so the work is linear in what is reached and in the facts.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from heapq import heapify, heappop, heappush
from itertools import chain, count

from permcheck.frozen import dataclass
from permcheck.graph.expand import Expander
from permcheck.graph.nodes import LEVELS, Hop, Node
from permcheck.graph.scene import Scene
from permcheck.model.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Arrival:
    """How a node was first reached: from where, by which hop, and how sure the whole way is."""

    verdict: Verdict
    previous: Node | None
    hop: Hop | None
    length: int


class Reached:
    """The nodes got to from one start."""

    def __init__(self, start: Node, arrivals: Mapping[Node, Arrival]) -> None:
        self.start = start
        self.arrivals = arrivals

    def way(self, node: Node) -> list[Hop]:
        """The hops from the start to the node."""
        hops: list[Hop] = []
        arrival = self.arrivals[node]
        while arrival.hop is not None and arrival.previous is not None:
            hops.append(arrival.hop)
            arrival = self.arrivals[arrival.previous]
        return hops[::-1]

    @cached_property
    def by_name(self) -> Mapping[tuple[str, str], Node]:
        """The best node for each (kind, name): a role may be reached as several sessions."""
        best: dict[tuple[str, str], Node] = {}
        for node, arrival in self.arrivals.items():
            key = (node.kind, node.name)
            known = best.get(key)
            if known is None or _rank(arrival) < _rank(self.arrivals[known]):
                best[key] = node
        return best


def _rank(arrival: Arrival) -> tuple[int, int]:
    return LEVELS.index(arrival.verdict), arrival.length


def explore(scene: Scene, start: Node, until: Iterable[tuple[str, str]] | None = None) -> Reached:
    """Shortest first, once for each level of certainty: what is surely reached is never reached again less surely.

    In the round of a level, nodes of earlier rounds are followed by hops of that level alone, for the surer ones have
    been followed before; nodes that are new, by the surer hops as well. until: kinds and names of the nodes that are
    looked for; when all of them have been reached, nothing more is followed.
    """
    missing = None if until is None else {*until} - {(start.kind, start.name)}
    arrivals: dict[Node, Arrival] = {start: Arrival(Verdict.ALLOWED, None, None, 0)}
    expander = Expander(scene)
    for number, level in enumerate(LEVELS):
        order = count()
        waiting: list[tuple[int, int, Node, tuple[Verdict, ...]]]
        waiting = [(arrival.length, next(order), node, (level,)) for node, arrival in arrivals.items()]
        heapify(waiting)
        while waiting:
            length, _, node, levels = heappop(waiting)
            for hop in chain.from_iterable(expander.hops(node, each) for each in levels):
                if hop.target not in arrivals:
                    arrivals[hop.target] = Arrival(level, node, hop, length + 1)
                    heappush(waiting, (length + 1, next(order), hop.target, LEVELS[: number + 1]))
                    if missing is not None:
                        missing.discard((hop.target.kind, hop.target.name))
                        if not missing:
                            return Reached(start, arrivals)
    return Reached(start, arrivals)


def starts(scene: Scene, kind: str) -> Iterator[Node]:
    """Every node of a kind that a path can begin at."""
    yield from Expander(scene).starts(kind)
