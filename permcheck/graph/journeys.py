"""What can be got to from each open door, weighed: how open the first node is, how strong the last."""

from collections.abc import Iterator, Sequence
from enum import IntEnum
from functools import cached_property

from permcheck.access.subject import Holder
from permcheck.graph.atlas import WORTHS, Atlas
from permcheck.graph.ends import End, Ends
from permcheck.graph.expand import HOLDERS, Expander
from permcheck.graph.nodes import LEVELS, Hop, Node
from permcheck.graph.outsiders import INVOKE
from permcheck.graph.strength import Strength
from permcheck.graph.trails import Trail
from permcheck.model.function import Function
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
    """What one open node leads to. doors: the callers and functions it comes to without acting as anybody.

    strangers: of users and web identities, those that anybody can be; False for those whom somebody has to let in.
    """

    def __init__(self, atlas: Atlas, ends: Ends, start: Node, strangers: bool = True) -> None:
        self._atlas = atlas
        self._ends = ends
        self._scene = atlas.scene
        self.start = start
        self.strangers = strangers

    @property
    def kind(self) -> str:
        """The kind of the first node."""
        return self.start.kind

    @property
    def openness(self) -> Openness:
        """How many people stand at the first node."""
        kind = self.start.kind
        if kind in ("signed_in", "web_identity") and not self.strangers:
            return Openness.ACCOUNT
        if kind == "web_identity":
            return Openness.SIGN_UP if self.start.name.startswith("cognito-idp.") else Openness.EVERYONE
        return OPEN_KINDS.get(kind, Openness.ONE)

    @property
    def told(self) -> bool:
        """Whether the input tells of somebody here that anybody can become it, and it is not only supposed."""
        holders = (self._scene.world.everybody[t.end.number].holder for t in self.doors if t.end.number >= 0)
        return any(h is not None and h.strangers is True for h in holders)

    @cached_property
    def doors(self) -> Sequence[Trail]:
        """The surest and shortest ways to the first sessions and functions, through APIs and event sources."""
        found: dict[Node, Trail] = {}
        queue = [Trail(self.start, (), Verdict.ALLOWED)]
        while queue:
            trail = queue.pop(0)
            for hop in self._hops(trail.end):
                onward = trail.then(hop)
                known = found.get(hop.target)
                if known is None or onward.rank < known.rank:
                    found[hop.target] = onward
                    if hop.target.kind in ("api", "event_source"):
                        queue.append(onward)
        return [t for n, t in found.items() if n.number >= 0 or n.kind == "function"]

    def _hops(self, node: Node) -> Iterator[Hop]:
        if node.kind in HOLDERS:
            expander = Expander(self._scene)
            for level in LEVELS:
                yield from (hop for hop in expander.hops(node, level) if self._leads(hop.target))
            return
        outside = self._atlas.outside
        for entry in outside.onward(node) if node is not self.start else outside.into.get(node, ()):
            yield Hop(entry.edge, entry.verdict, entry.target, entry.grounds)

    def _leads(self, first: Node) -> bool:
        """Whether a first step is one of these people's."""
        holder = self._scene.world.everybody[first.number].holder if first.number >= 0 else None
        return holder is None or open_to_strangers(holder) is self.strangers

    def functions(self) -> Iterator[tuple[Function, Trail]]:
        """The functions it may invoke as itself or in a session it takes: with the way, surest first."""
        seen: set[str] = set()
        for level in LEVELS:
            for trail in self.doors:
                for way in self._invoking(trail, level):
                    function = self._scene.function_by_arn.get(way.end.name)
                    if way.verdict is level and function is not None and function.arn not in seen:
                        seen.add(function.arn)
                        yield function, way

    def _invoking(self, trail: Trail, level: Verdict) -> Iterator[Trail]:
        if trail.end.kind == "function":
            yield trail
        else:
            yield from (trail.then(hop) for hop in self._atlas.invocations(trail.end, level))

    def count(self) -> int:
        """How many functions it surely may invoke, as itself or in a session it takes."""
        scene, found, items = self._scene, set[str](), 0
        for trail in self.doors:
            if trail.verdict is Verdict.ALLOWED and trail.end.kind == "function":
                found.add(trail.end.name)
            elif trail.verdict is Verdict.ALLOWED:
                items |= scene.rights.surely(scene.world.everybody[trail.end.number], scene.invocable, INVOKE)
        return len(found | self._atlas.functions_in(items))

    def strongest(self) -> Trail | None:
        """The way to the strongest end: administrator before all data, sure before conditional, short before long."""
        best: tuple[tuple[int, int, int], Trail] | None = None
        for rank, worth in enumerate(WORTHS):
            for level in (Verdict.ALLOWED, Verdict.CONDITIONAL):
                toward = self._atlas.toward(worth, level)
                for trail in self.doors:
                    number = self._atlas.acts_as(trail.end)
                    distance = toward.distance.get(number) if number is not None else None
                    if number is None or distance is None or LEVELS.index(trail.verdict) > LEVELS.index(level):
                        continue
                    key = (LEVELS.index(level), rank, distance)
                    if best is None or key < best[0]:
                        way = self._atlas.as_role(trail).then(*toward.hops(number))
                        best = (key, self._atlas.with_worth(way))
        return best[1] if best else None

    @cached_property
    def ends(self) -> Sequence[End]:
        """Ways through a function to somebody who may do everything, or has all data of a kind."""
        return tuple(self._ends.of(self.doors))


def open_to_strangers(holder: Holder) -> bool:
    """Whether anybody may be such a holder; of users of whom nothing is told it is supposed, of web identities not."""
    return holder.strangers is True if holder.kind == "web_identity" else holder.strangers is not False


def journeys(atlas: Atlas) -> Iterator[Journey]:
    """A journey from each open node that leads anywhere."""
    expander, ends = Expander(atlas.scene), Ends(atlas)
    for kind in OPEN_KINDS:
        starts = expander.starts(kind) if kind in HOLDERS else sorted(n for n in atlas.outside.into if n.kind == kind)
        for start in starts:
            for strangers in (True, False) if kind in ("signed_in", "web_identity") else (True,):
                journey = Journey(atlas, ends, start, strangers)
                if journey.doors:
                    yield journey


def severity(openness: Openness, worth: Strength, verdict: Verdict) -> str:
    """The severity of a path: openness of the first node by strength of the last; an unsure one is never critical."""
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
