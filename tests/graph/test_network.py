"""Paths as a networkx graph."""

from pathlib import Path

import networkx

from permcheck.graph.network import as_graph
from permcheck.graph.questions import paths
from permcheck.sources.files import load

FIXTURE = Path(__file__).parents[2] / "fixtures" / "lambda-privesc" / "account"


def test_networkx_finds_the_same_way_to_the_administrator() -> None:
    found = tuple(paths(load([str(FIXTURE)]), "user", "admin").paths)
    graph = as_graph(found)
    (path,) = found
    first, last = ((node.kind, node.arn or node.name) for node in (path.nodes[0], path.nodes[-1]))
    way = networkx.shortest_path(graph, source=first, target=last)
    assert [kind for kind, _ in way] == [node.kind for node in path.nodes]
    assert {key for _, _, key in graph.edges(keys=True)} == {edge.kind for edge in path.edges}
    assert {told["verdict"] for _, _, told in graph.edges(data=True)} == {"allowed"}


def test_shared_edges_are_there_once() -> None:
    found = tuple(paths(load([str(FIXTURE)]), "user").paths)
    assert len(found) > 1
    graph = as_graph(found + found)
    assert graph.number_of_edges() == as_graph(found).number_of_edges()
