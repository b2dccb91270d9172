"""Nodes of the graph of access, and the hops between them."""

from collections.abc import Callable
from typing import NamedTuple

from permcheck.frozen import dataclass
from permcheck.model.answer import Because, JsonObject
from permcheck.model.verdict import Verdict

# From surest to least sure; a path is as sure as its weakest hop.
LEVELS = (Verdict.ALLOWED, Verdict.CONDITIONAL, Verdict.UNKNOWN)


class Node(NamedTuple):
    """A node. kind: one of the node kinds; name: ARN, pool id, account … (empty for ``anyone``).

    number: which of the world's subjects acts, for a role or user; a role taken through a pool is another subject than
    the role itself.
    """

    kind: str
    name: str
    number: int = -1

    @property
    def arn(self) -> str | None:
        """The ARN, where the node is named by one."""
        return self.name if self.name.startswith("arn:") else None


@dataclass(frozen=True, slots=True)
class Grounds:
    """What a hop rests on: statements, open conditions, and one request that shows it."""

    because: tuple[Because, ...] = ()
    conditions: tuple[JsonObject, ...] = ()
    witness: JsonObject | None = None


def no_grounds() -> Grounds:
    """For a hop that is a plain fact."""
    return Grounds()


class Hop(NamedTuple):
    """One edge. kind: what happens (``invokes``, ``runs as`` …). grounds: worked out when a path is shown."""

    kind: str
    verdict: Verdict
    target: Node
    grounds: Callable[[], Grounds] = no_grounds
