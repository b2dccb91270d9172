"""Paths through the graph of access."""

from permcheck.frozen import dataclass
from permcheck.model.answer import Because, JsonObject
from permcheck.model.location import NotRead
from permcheck.model.verdict import Verdict


@dataclass(frozen=True, slots=True)
class PathNode:
    """A node: its kind, its name for people (a pool's id, a function's name) and its ARN where it has one."""

    kind: str
    name: str
    arn: str | None = None


@dataclass(frozen=True, slots=True)
class PathEdge:
    """What leads from one node to the next, and why. witness: one request that shows it, where it is a request."""

    kind: str
    verdict: Verdict
    conditions: tuple[JsonObject, ...] = ()
    because: tuple[Because, ...] = ()
    witness: JsonObject | None = None


@dataclass(frozen=True, slots=True)
class Path:
    """A way from the first node to the last; verdict is that of the weakest edge. edges[i] joins nodes[i] and [i+1]."""

    verdict: Verdict
    nodes: tuple[PathNode, ...]
    edges: tuple[PathEdge, ...]
    witness: JsonObject | None = None


@dataclass(frozen=True, slots=True)
class PathsAnswer:
    """One path for each pair of start and end that are joined."""

    paths: tuple[Path, ...]
    not_read: tuple[NotRead, ...] = ()
