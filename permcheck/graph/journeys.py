"""What can be got to from each open door, weighed: how open the first node is, how strong the last."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property

from permcheck.access import Subject, bits
from permcheck.access.subject import Holder
from permcheck.graph.expand import Expander, worth_hops
from permcheck.graph.nodes import LEVELS, Hop, Node
from permcheck.graph.outsiders import INVOKE
from permcheck.graph.paths import edge_of, path_node, short_name
from permcheck.graph.scene import Scene
from permcheck.graph.strength import Strength, strength
from permcheck.graph.toward import Relations, Toward
from permcheck.model.finding import PathStep
from permcheck.model.function import Function
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


@dataclass(frozen=True, slots=True)
class Trail:
    """A way from the first node: its hops and how sure it is."""

    start: Node
    hops: tuple[Hop, ...]
    verdict: Verdict

    @property
    def end(self) -> Node:
        """The last node."""
        return self.hops[-1].target

    def then(self, *hops: Hop) -> "Trail":
        """The way with more hops."""
        return Trail(self.start, (*self.hops, *hops), weakest((*self.hops, *hops)))

    def path(self) -> Path:
        """The way with its grounds: statements, conditions and a witness for each edge."""
        edges = tuple(edge_of(hop) for hop in self.hops)
        nodes = tuple(path_node(n) for n in (self.start, *(hop.target for hop in self.hops)))
        return Path(self.verdict, nodes, edges, next((e.witness for e in edges if e.witness is not None), None))

    def steps(self) -> tuple[PathStep, ...]:
        """The way as a finding shows it."""
        nodes = (self.start, *(hop.target for hop in self.hops))
        steps = [
            PathStep(n.kind, short_name(n), n.arn, h.kind, h.verdict) for n, h in zip(nodes, self.hops, strict=False)
        ]
        return (*steps, PathStep(nodes[-1].kind, short_name(nodes[-1]), nodes[-1].arn))


def weakest(hops: Sequence[Hop]) -> Verdict:
    """How sure a way with these hops is."""
    return max((hop.verdict for hop in hops), key=LEVELS.index, default=Verdict.ALLOWED)


class Journey:
    """What one open node leads to. doors: the callers and functions it comes to without acting as anybody.

    strangers: of users and web identities, those that anybody can be; False for those whom somebody has to let in.
    """

    def __init__(self, atlas: "Atlas", start: Node, strangers: bool = True) -> None:
        self._atlas = atlas
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

    @cached_property
    def doors(self) -> Sequence[Trail]:
        """The surest and shortest ways to the first sessions and functions, through APIs and event sources."""
        expander, found = Expander(self._scene), dict[Node, Trail]()
        for level in LEVELS:
            queue = [Trail(self.start, (), Verdict.ALLOWED)]
            while queue:
                trail = queue.pop(0)
                node = trail.hops[-1].target if trail.hops else self.start
                for upto in LEVELS[: LEVELS.index(level) + 1]:
                    for hop in expander.hops(node, upto):
                        if hop.target not in found and (trail.hops or self._leads(hop.target)):
                            onward = trail.then(hop)
                            found[hop.target] = onward
                            if hop.target.number < 0 and hop.target.kind != "function":
                                queue.append(onward)
        return [t for n, t in found.items() if n.number >= 0 or n.kind == "function"]

    def _leads(self, first: Node) -> bool:
        """Whether a first step is one of these people's."""
        holder = self._scene.world.everybody[first.number].holder if first.number >= 0 else None
        return holder is None or open_to_strangers(holder) is self.strangers

    def functions(self) -> Iterator[tuple[Function, Trail]]:
        """The functions it may invoke as itself or in a session it takes: with the way, surest first."""
        seen: set[str] = set()
        for level in LEVELS:
            for trail in self.doors:
                if trail.end.kind == "function":
                    found = [trail.end.name] if trail.verdict is level else []
                    ways = [trail]
                else:
                    found, ways = [], []
                    for hop in self._atlas.invocations(trail.end, level):
                        onward = trail.then(hop)
                        if onward.verdict is level:
                            found.append(hop.target.name)
                            ways.append(onward)
                for arn, way in zip(found, ways, strict=False):
                    function = self._scene.function_by_arn.get(arn)
                    if function is not None and arn not in seen:
                        seen.add(arn)
                        yield function, way

    def count(self) -> int:
        """How many functions it surely may invoke, as itself or in a session it takes."""
        return len(self._atlas.functions_in(sum_of(self._surely())) | {t.end.name for t in self.doors if _sure_call(t)})

    def _surely(self) -> Iterator[int]:
        access = self._scene.world.access(self._scene.invocable, INVOKE)
        return (access[t.end.number].sure for t in self.doors if t.end.number >= 0 and t.verdict is Verdict.ALLOWED)

    def strongest(self) -> Trail | None:
        """The way to the strongest end: administrator before all data, sure before conditional, short before long."""
        best: tuple[tuple[int, int, int], Trail] | None = None
        for rank, worth in enumerate((Strength.IAM_WRITE, Strength.ALL_DATA)):
            for level in (Verdict.ALLOWED, Verdict.CONDITIONAL):
                toward = self._atlas.toward(worth, level)
                for trail in self.doors:
                    number = self._atlas.acts_as(trail.end)
                    distance = toward.distance.get(number) if number is not None else None
                    if distance is None or LEVELS.index(trail.verdict) > LEVELS.index(level):
                        continue
                    key = (LEVELS.index(level), rank, distance)
                    if number is not None and (best is None or key < best[0]):
                        best = (key, self._atlas.to_end(trail, number, toward, worth))
        return best[1] if best else None


def open_to_strangers(holder: Holder) -> bool:
    """Whether anybody may be such a holder; of users of whom nothing is told it is supposed, of web identities not."""
    return holder.strangers is True if holder.kind == "web_identity" else holder.strangers is not False


def _sure_call(trail: Trail) -> bool:
    return trail.end.kind == "function" and trail.verdict is Verdict.ALLOWED


def sum_of(sets: Iterator[int]) -> int:
    """The union of sets."""
    union = 0
    for one in sets:
        union |= one
    return union


class Atlas:
    """What all journeys of a scene share."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self._relations = Relations(scene)
        self._toward: dict[tuple[Strength, Verdict], Toward] = {}

    def toward(self, worth: Strength, level: Verdict) -> Toward:
        """Ways to every subject that is worth this much at least (and no administrator, for ALL_DATA)."""
        found = self._toward.get((worth, level))
        if found is None:
            goals = [s.number for s in self.scene.world.everybody if self._is_goal(s, worth)]
            found = self._toward[worth, level] = Toward(self._relations, goals, level)
        return found

    def _is_goal(self, subject: Subject, worth: Strength) -> bool:
        held = strength(self.scene, subject)
        return held >= worth if worth is Strength.IAM_WRITE else held is worth

    def acts_as(self, node: Node) -> int | None:
        """Whom one acts as at a node: the subject itself, or the role a function runs as."""
        if node.number >= 0:
            return node.number
        function = self.scene.function_by_arn.get(node.name)
        role = self.scene.executes_as(function) if function is not None else None
        return role.number if role is not None else None

    def to_end(self, trail: Trail, number: int, toward: Toward, worth: Strength) -> Trail:
        """The door's way, on to the goal, and what the goal may do."""
        world = self.scene.world
        if trail.end.number < 0:
            role = world.everybody[number]
            trail = trail.then(Hop("runs as", Verdict.ALLOWED, Node("role", role.arn, role.number)))
        trail = trail.then(*toward.hops(number)) if toward.step.get(number) else trail
        last = world.everybody[trail.end.number]
        return trail.then(*worth_hops(self.scene, last, Verdict.ALLOWED)[:1])

    def invocations(self, node: Node, level: Verdict) -> Iterator[Hop]:
        """The functions a subject may invoke, with exactly this certainty or better where the way to it is worse."""
        expander = Expander(self.scene)
        subject = self.scene.world.everybody[node.number]
        for upto in LEVELS[: LEVELS.index(level) + 1]:
            yield from expander.on_functions("invokes", self.scene.invocable, INVOKE, subject, upto)

    def functions_in(self, items: int) -> set[str]:
        """The functions that items of ``invocable`` are names of."""
        found = (self.scene.function_of_item(self.scene.invocable.items[n].arn) for n in bits.members(items))
        return {f.arn for f in found if f is not None}

    def journeys(self) -> Iterator[Journey]:
        """A journey from each open node that leads anywhere."""
        expander = Expander(self.scene)
        for kind in OPEN_KINDS:
            for start in expander.starts(kind):
                for strangers in (True, False) if kind in ("signed_in", "web_identity") else (True,):
                    journey = Journey(self, start, strangers)
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
