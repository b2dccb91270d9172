"""Paths from one node to another, as answers."""

from collections.abc import Iterable, Iterator
from functools import partial

from permcheck.graph.asked import ALL_DATA
from permcheck.graph.explore import Reached, explore, starts
from permcheck.graph.nodes import Hop, Node
from permcheck.graph.scene import Scene
from permcheck.graph.upstream import Upstream
from permcheck.model.path import Path, PathEdge, PathNode
from permcheck.model.verdict import Verdict

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
# Ends that nearly every start leads to.
_COMMON = (None, "function", "role")


def paths(scene: Scene, sources: Iterable[Node], wanted: str | None) -> Iterator[Path]:
    """One path for each start and each node it reaches that is wanted: a kind, an ARN or a name; None for every one."""
    for reached, ends in _reached(scene, sources, wanted):
        # Ways to many ends begin with the same hops, and working out the grounds of one takes a decision.
        edges: dict[Node, PathEdge] = {}
        for node in ends:
            yield path_to(reached, node, edges)


def verdicts(scene: Scene, sources: Iterable[Node], wanted: str | None) -> Iterator[tuple[Node, Node, Verdict]]:
    """The start, the end and the verdict of each of those paths, without its grounds: that takes far less time."""
    for reached, ends in _reached(scene, sources, wanted):
        yield from ((reached.start, node, reached.arrivals[node].verdict) for node in ends)


def _reached(scene: Scene, sources: Iterable[Node], wanted: str | None) -> Iterator[tuple[Reached, list[Node]]]:
    """What each start reaches, with the ends among it that are wanted, in order."""
    # Where the end is no common kind of node most starts lead nowhere: find out together which they are.
    upstream = Upstream(scene, partial(_is_end, wanted=wanted)) if wanted not in _COMMON else None
    for start in sources:
        if upstream is not None and not upstream.may(start):
            continue
        reached = explore(scene, start, upstream.ends if upstream is not None else None)
        ends = [n for n in reached.by_name.values() if _ends_here(n, start, wanted)]
        yield reached, sorted(ends, key=lambda n: (KINDS.index(n.kind), n.name))


def _ends_here(node: Node, start: Node, wanted: str | None) -> bool:
    return (node.kind, node.name) != (start.kind, start.name) and _is_end(node, wanted)


def _is_end(node: Node, wanted: str | None) -> bool:
    if wanted is None or wanted in KINDS:
        return wanted in (None, node.kind)
    return wanted in (node.name, short_name(node))


def path_to(reached: Reached, node: Node, known: dict[Node, PathEdge] | None = None) -> Path:
    """The surest, then shortest way, with the grounds of every hop. known: edges of this search worked out before."""
    edges = {} if known is None else known
    hops = reached.way(node)
    for hop in hops:
        if hop.target not in edges:
            edges[hop.target] = edge_of(hop)
    taken = tuple(edges[hop.target] for hop in hops)
    nodes = (reached.start, *(hop.target for hop in hops))
    asked = next((e.witness for e in taken if e.witness is not None), None)
    return Path(reached.arrivals[node].verdict, tuple(path_node(n) for n in nodes), taken, asked)


def edge_of(hop: Hop) -> PathEdge:
    """A hop with its grounds. What Cognito itself puts over a guest stands in no input, and is no statement to show."""
    grounds = hop.grounds()
    reasons = tuple(b for b in grounds.because if b.location.source)
    return PathEdge(hop.kind, hop.verdict, grounds.conditions, reasons, grounds.witness)


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


def has_end(scene: Scene, name: str) -> bool:
    """Whether some edge, whoever may take it, leads to a node of this ARN or name, or some caller is worth it."""
    return bool(Upstream(scene, partial(_is_end, wanted=name)).ends) or name in _targets(scene)


def _targets(scene: Scene) -> set[str]:
    """What somebody could be worth, whether anybody is."""
    return {s.account for s in scene.world.subjects} | {f"{action} on everything" for action in ALL_DATA}
