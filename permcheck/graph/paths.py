"""Paths from one node to another, as answers."""

from collections.abc import Iterable, Iterator

from permcheck.graph.explore import Reached, explore, starts
from permcheck.graph.nodes import Hop, Node
from permcheck.graph.scene import Scene
from permcheck.model.path import Path, PathEdge, PathNode

KINDS = (
    "anyone",
    "aws",
    "guest",
    "signed_in",
    "account",
    "org",
    "service",
    "user",
    "role",
    "web_identity",
    "api",
    "event_source",
    "function",
    "admin",
    "target",
)


def paths(scene: Scene, sources: Iterable[Node], wanted: str | None) -> Iterator[Path]:
    """One path for each start and each wanted node it reaches (a kind, an ARN or a name; None for every one)."""
    for start in sources:
        reached = explore(scene, start)
        ends = [n for n in reached.by_name.values() if _ends_here(n, start, wanted)]
        for node in sorted(ends, key=lambda n: (KINDS.index(n.kind), n.name)):
            yield path_to(reached, node)


def _ends_here(node: Node, start: Node, wanted: str | None) -> bool:
    if (node.kind, node.name) == (start.kind, start.name):
        return False
    return wanted is None or wanted in (node.kind, node.name, short_name(node))


def path_to(reached: Reached, node: Node) -> Path:
    """The surest, then shortest way, with the grounds of every hop."""
    hops = reached.way(node)
    nodes = (reached.start, *(hop.target for hop in hops))
    edges = tuple(edge_of(hop) for hop in hops)
    asked = next((e.witness for e in edges if e.witness is not None), None)
    return Path(reached.arrivals[node].verdict, tuple(path_node(n) for n in nodes), edges, asked)


def edge_of(hop: Hop) -> PathEdge:
    """A hop with its grounds."""
    grounds = hop.grounds()
    return PathEdge(hop.kind, hop.verdict, grounds.conditions, grounds.because, grounds.witness)


def path_node(node: Node) -> PathNode:
    """A node as people see it."""
    return PathNode(node.kind, short_name(node), node.arn)


def short_name(node: Node) -> str:
    """The name behind the ARN: a function's, a role's; a pool's id; an account's number."""
    if node.arn is None:
        return node.name or node.kind
    if node.kind == "function":
        return node.name.split(":", 6)[6]
    if node.kind in ("role", "user"):
        return node.name.rpartition("/")[2]
    return node.name


def nodes_named(scene: Scene, name: str) -> list[Node]:
    """The starts that a kind, an ARN or a name means; empty where nothing has it."""
    if name in KINDS:
        return list(starts(scene, name))
    found = [n for kind in KINDS for n in starts(scene, kind) if name in (n.name, short_name(n))]
    return list(dict.fromkeys(found))
