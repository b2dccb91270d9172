"""What can be got to from each open door, weighed: how open the first node is, how strong the last."""

from collections.abc import Iterator, Sequence
from enum import IntEnum

from permcheck.graph.explore import Reached, explore, starts
from permcheck.graph.nodes import Node
from permcheck.graph.paths import path_to, short_name
from permcheck.graph.scene import Scene
from permcheck.graph.strength import Strength, strength
from permcheck.model.finding import PathStep
from permcheck.model.path import Path
from permcheck.model.verdict import Verdict


class Openness(IntEnum):
    """Who stands at the first node, the fewest first."""

    ONE = 0  # one role or user
    ACCOUNT = 1  # any principal of an account, an organization, a federated provider
    SIGN_UP = 2  # whoever signs up, or is signed in
    EVERYONE = 3  # the internet, guests, every AWS account


OPEN_KINDS = {
    "anyone": Openness.EVERYONE,
    "aws": Openness.EVERYONE,
    "guest": Openness.EVERYONE,
    "signed_in": Openness.SIGN_UP,
    "web_identity": Openness.ACCOUNT,
    "account": Openness.ACCOUNT,
    "org": Openness.ACCOUNT,
}


class Journey:
    """Everything reached from one open node."""

    def __init__(self, scene: Scene, reached: Reached) -> None:
        self._scene = scene
        self.start = reached.start
        self.reached = reached

    @property
    def kind(self) -> str:
        """The kind of the first node."""
        return self.start.kind

    @property
    def openness(self) -> Openness:
        """How many people stand at the first node."""
        return OPEN_KINDS.get(self.start.kind, Openness.ONE)

    def ends(self, kind: str) -> Sequence[Node]:
        """The nodes of a kind that are reached, by name."""
        return sorted(n for n in self.reached.by_name.values() if n.kind == kind)

    def verdict(self, node: Node) -> Verdict:
        """How sure the way to the node is."""
        return self.reached.arrivals[node].verdict

    def edges(self, node: Node) -> tuple[str, ...]:
        """The kinds of the hops on the way to the node."""
        return tuple(hop.kind for hop in self.reached.way(node))

    def way(self, node: Node) -> tuple[Node, ...]:
        """The nodes on the way, first and last included."""
        return (self.start, *(hop.target for hop in self.reached.way(node)))

    def path(self, node: Node) -> Path:
        """The way with its grounds: statements, conditions and a witness for each edge."""
        return path_to(self.reached, node)

    def steps(self, node: Node) -> tuple[PathStep, ...]:
        """The way as a finding shows it."""
        hops = self.reached.way(node)
        nodes = (self.start, *(hop.target for hop in hops))
        steps = [
            PathStep(n.kind, short_name(n), n.arn, hop.kind, hop.verdict) for n, hop in zip(nodes, hops, strict=False)
        ]
        return (*steps, PathStep(nodes[-1].kind, short_name(nodes[-1]), nodes[-1].arn))

    def strength(self, node: Node) -> Strength:
        """What the last node is worth: an administrator or target by itself, a function by the role it runs as."""
        if node.kind == "admin":
            return Strength.IAM_WRITE
        if node.kind == "target":
            return Strength.ALL_DATA
        if node.kind == "function":
            function = self._scene.function_by_arn.get(node.name)
            role = self._scene.executes_as(function) if function is not None else None
            return strength(self._scene, role) if role is not None else Strength.NOTHING
        return strength(self._scene, self._scene.world.everybody[node.number]) if node.number >= 0 else Strength.NOTHING


def journeys(scene: Scene) -> Iterator[Journey]:
    """A journey from each open node that leads anywhere."""
    for kind in OPEN_KINDS:
        for start in starts(scene, kind):
            reached = explore(scene, start)
            if len(reached.arrivals) > 1:
                yield Journey(scene, reached)


def severity(openness: Openness, worth: Strength, verdict: Verdict) -> str:
    """The severity of a path: openness of the first node × strength of the last; one that is not sure is never critical."""
    table = {
        Openness.EVERYONE: ("low", "high", "critical", "critical", "critical"),
        Openness.SIGN_UP: ("info", "medium", "high", "critical", "critical"),
        Openness.ACCOUNT: ("info", "medium", "high", "high", "critical"),
        Openness.ONE: ("info", "low", "medium", "high", "high"),
    }
    found = table[openness][worth]
    if verdict is Verdict.ALLOWED:
        return found
    order = ("info", "low", "medium", "high", "critical")
    return order[max(0, order.index(found) - (1 if verdict is Verdict.CONDITIONAL else 2))]
