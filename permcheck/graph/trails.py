"""A way from a first node, hop by hop, and how it is told."""

from collections.abc import Sequence
from functools import lru_cache

from permcheck.frozen import dataclass
from permcheck.graph.nodes import LEVELS, Hop, Node
from permcheck.graph.paths import edge_of, path_node, short_name
from permcheck.model.finding import PathStep
from permcheck.model.path import Path
from permcheck.model.verdict import Verdict


@dataclass(frozen=True, slots=True, eq=False)
class Trail:
    """A way from the first node: its hops and how sure it is."""

    start: Node
    hops: tuple[Hop, ...]
    verdict: Verdict

    @property
    def end(self) -> Node:
        """The last node."""
        return self.hops[-1].target if self.hops else self.start

    @property
    def nodes(self) -> tuple[Node, ...]:
        """The nodes on the way, the first and the last included."""
        return (self.start, *(hop.target for hop in self.hops))

    @property
    def rank(self) -> tuple[int, int]:
        """The surest first, then the shortest."""
        return LEVELS.index(self.verdict), len(self.hops)

    def then(self, *hops: Hop) -> "Trail":
        """The way with more hops."""
        return Trail(self.start, (*self.hops, *hops), weakest((*self.hops, *hops)))

    def path(self) -> Path:
        """The way with its grounds: statements, conditions and a witness for each edge. Worked out once."""
        return _path(self)

    def steps(self) -> tuple[PathStep, ...]:
        """The way as a finding shows it."""
        nodes = self.nodes
        steps = [
            PathStep(n.kind, short_name(n), n.arn, h.kind, h.verdict) for n, h in zip(nodes, self.hops, strict=False)
        ]
        return (*steps, PathStep(nodes[-1].kind, short_name(nodes[-1]), nodes[-1].arn))


def weakest(hops: Sequence[Hop]) -> Verdict:
    """How sure a way with these hops is."""
    return max((hop.verdict for hop in hops), key=LEVELS.index, default=Verdict.ALLOWED)


@lru_cache(maxsize=64)
def _path(trail: Trail) -> Path:
    edges = tuple(edge_of(hop) for hop in trail.hops)
    nodes = tuple(path_node(n) for n in trail.nodes)
    return Path(trail.verdict, nodes, edges, next((e.witness for e in edges if e.witness is not None), None))
