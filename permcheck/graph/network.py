"""Paths as a networkx graph, for whoever wants to ask it something of their own."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from permcheck.model.path import Path, PathNode

if TYPE_CHECKING:
    from networkx import MultiDiGraph


def as_graph(paths: Iterable[Path]) -> "MultiDiGraph[tuple[str, str]]":
    """The union of paths as a networkx.MultiDiGraph.

    A node is (kind, ARN or name) with the attributes ``kind``, ``name`` and ``arn``. An edge's key is its kind
    (``invokes``, ``runs as`` …); its attributes are ``verdict`` and ``because``. An edge that several paths share is
    there once.
    """
    from networkx import MultiDiGraph  # late: it takes longer to load than most questions to answer

    graph: MultiDiGraph[tuple[str, str]] = MultiDiGraph()
    for path in paths:
        for node in path.nodes:
            graph.add_node(_key(node), kind=node.kind, name=node.name, arn=node.arn)
        for start, edge, end in zip(path.nodes, path.edges, path.nodes[1:], strict=False):
            graph.add_edge(_key(start), _key(end), key=edge.kind, verdict=str(edge.verdict), because=edge.because)
    return graph


def _key(node: PathNode) -> tuple[str, str]:
    return node.kind, node.arn or node.name
