"""Paths as one picture: what leads where, each node and edge once. For Mermaid, for Graphviz, or as JSON."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from permcheck.model import NotRead, Path, PathEdge, PathNode, Verdict
from permcheck.report import mermaid, objects, words
from permcheck.report.escape import escape
from permcheck.report.json import lines
from permcheck.report.positions import Positions

Key = tuple[str, str]
_SUREST_FIRST = (Verdict.ALLOWED, Verdict.CONDITIONAL, Verdict.UNKNOWN, Verdict.DENIED)
# Mermaid's own limit unless it is configured ("maxEdges").
MANY = 500
_SHAPES = {"anyone": "ellipse", "aws": "ellipse", "guest": "ellipse", "target": "cylinder", "admin": "doubleoctagon"}


@dataclass(slots=True)
class Picture:
    """The union of paths. nodes and edges are in the order in which the paths come to them."""

    nodes: dict[Key, PathNode] = field(default_factory=dict)
    edges: dict[tuple[Key, Key, str], PathEdge] = field(default_factory=dict)

    def add(self, path: Path) -> None:
        """Take in a path; of an edge that several paths share, the surest is kept."""
        keys = [(node.kind, node.arn or node.name) for node in path.nodes]
        self.nodes.update(zip(keys, path.nodes, strict=True))
        for start, end, edge in zip(keys, keys[1:], path.edges, strict=False):
            known = self.edges.get((start, end, edge.kind))
            if known is None or _SUREST_FIRST.index(edge.verdict) < _SUREST_FIRST.index(known.verdict):
                self.edges[start, end, edge.kind] = edge

    @property
    def numbers(self) -> dict[Key, int]:
        """The nodes, counted from 0."""
        return {key: number for number, key in enumerate(self.nodes)}


def of(paths: Iterable[Path]) -> Picture:
    """The picture of these paths."""
    made = Picture()
    for path in paths:
        made.add(path)
    return made


def as_mermaid(picture: Picture) -> str:
    """A flowchart; an edge in doubt is dotted."""
    numbers = picture.numbers
    nodes = [(node.kind, words.node(node.kind, node.name)) for node in picture.nodes.values()]
    edges = [(numbers[a], numbers[b], kind, edge.verdict) for (a, b, kind), edge in picture.edges.items()]
    return mermaid.chart(nodes, edges) + "\n"


def as_dot(picture: Picture) -> str:
    """A directed graph in the DOT language of Graphviz; an edge in doubt is dashed."""
    numbers = picture.numbers
    rows = ["digraph permcheck {", "  rankdir=LR;", "  node [shape=box];"]
    for number, node in enumerate(picture.nodes.values()):
        shape = f", shape={_SHAPES[node.kind]}" if node.kind in _SHAPES else ""
        rows.append(f"  n{number} [label={_quoted(words.node(node.kind, node.name))}{shape}];")
    for (start, end, kind), edge in picture.edges.items():
        sure = edge.verdict is Verdict.ALLOWED
        said = kind if sure else f"{kind} ({edge.verdict})".strip()
        style = "" if sure else ", style=dashed"
        rows.append(f"  n{numbers[start]} -> n{numbers[end]} [label={_quoted(escape(said))}{style}];")
    return "\n".join([*rows, "}"]) + "\n"


def _quoted(text: str) -> str:
    """A string of DOT ("The DOT Language", ID): in a label a backslash would begin an escape."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def as_json(picture: Picture, gaps: Sequence[NotRead], positions: Positions) -> str:
    """Nodes and edges as one JSON object of schema 1, described by graph.schema.json."""
    numbers = picture.numbers
    behind = (reason.location for edge in picture.edges.values() for reason in edge.because)
    positions.prepare((at.source, at.pointer) for at in behind)
    return lines(
        {
            "schema": objects.SCHEMA,
            "nodes": ({"id": number, **objects.node(node)} for number, node in enumerate(picture.nodes.values())),
            "edges": (
                _edge(numbers[start], numbers[end], edge, positions) for (start, end, _), edge in picture.edges.items()
            ),
            "not_read": (objects.not_read(gap, positions) for gap in gaps),
        }
    )


def _edge(start: int, end: int, edge: PathEdge, positions: Positions) -> dict[str, Any]:
    return {"from": start, "to": end, **objects.edge(edge, positions)}
