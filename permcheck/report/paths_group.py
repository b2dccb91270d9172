"""Paths that differ only in where they end, brought together for a person. JSON lists every one."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from permcheck.frozen import dataclass
from permcheck.model import Path
from permcheck.report import words
from permcheck.report.escape import escape

NAMED = 3  # of the nodes that a line stands for
_PLURALS = {
    "admin": "accounts",
    "api": "APIs",
    "event_source": "event sources",
    "function": "functions",
    "role": "roles",
    "target": "targets",
    "user": "users",
}
_RUNS_AS = "runs as"


@dataclass(frozen=True, slots=True)
class PathGroup:
    """Equivalent paths, in order; a path that has no equals is a group of one."""

    paths: tuple[Path, ...]

    def steps(self) -> Iterator[str]:
        """The nodes in words: one name where the paths agree, else how many and the first few."""
        for nodes in zip(*(path.nodes for path in self.paths), strict=True):
            names = dict.fromkeys(node.name for node in nodes)
            if len(names) == 1:
                yield words.node(nodes[0].kind, nodes[0].name)
            else:
                yield _several(nodes[0].kind, list(names))


def _several(kind: str, names: Sequence[str]) -> str:
    said = ", ".join(escape(name) for name in names[:NAMED])
    return f"{len(names)} {_PLURALS.get(kind, kind)} ({said}{', …' if len(names) > NAMED else ''})"


def grouped(paths: Iterable[Path], every: bool = False) -> Iterator[PathGroup]:
    """The paths in groups, start by start, each group where its first path stood. every: each path by itself.

    Equal are paths from one start by the same nodes and edges up to the last hop, which has to be of the same kind and
    as sure. A role that a function runs as belongs to the function: paths that end in such roles may differ in both.
    """
    if every:
        yield from (PathGroup((path,)) for path in paths)
        return
    for _, same_start in groupby(paths, key=lambda path: path.nodes[0]):
        groups: dict[tuple[object, ...], list[Path]] = {}
        for path in same_start:
            groups.setdefault(_shape(path), []).append(path)
        yield from (PathGroup(tuple(group)) for group in groups.values())


def _shape(path: Path) -> tuple[object, ...]:
    nodes, edges = path.nodes, path.edges
    own_role = len(nodes) > 2 and edges[-1].kind == _RUNS_AS and nodes[-2].kind == "function"
    loose = 2 if own_role else 1
    fixed, ends = nodes[:-loose], nodes[-loose:]
    return fixed, tuple((edge.kind, edge.verdict) for edge in edges), tuple(node.kind for node in ends)
