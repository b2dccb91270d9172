"""The hops from one node: what somebody who stands there can do next."""

from collections.abc import Iterable, Iterator
from functools import partial

from permcheck.access import Item, Subject, Universe, bits
from permcheck.access.subject import Holder
from permcheck.access.world import Access, request_of
from permcheck.graph.asked import ALL_DATA, GRANTS, IAM_WRITE, REWRITES
from permcheck.graph.handing import CHANGE, CREATE, Handing
from permcheck.graph.nodes import Grounds, Hop, Node
from permcheck.graph.outsiders import INVOKE, INVOKE_URL
from permcheck.graph.places import because, conditions
from permcheck.graph.scene import Scene
from permcheck.graph.strength import Strength, edits_itself, worth_at
from permcheck.graph.witness import witness
from permcheck.model.verdict import Verdict

CREATES, GIVES = "creates a function that runs as", "gives a function the role"
HOLDERS = ("guest", "signed_in", "web_identity")
_ORDER = (Verdict.ALLOWED, Verdict.CONDITIONAL, Verdict.UNKNOWN, Verdict.DENIED)


class Expander:
    """Follows hops from nodes of one search; a function is offered once for each way of acting on it."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._world = scene.world
        self._offered: dict[tuple[str, Verdict], int] = {}
        self._handing = Handing(scene)

    def starts(self, kind: str) -> Iterator[Node]:
        """Every node of a kind that a path can begin at."""
        scene, world = self._scene, self._world
        if kind in ("role", "user"):
            yield from (n for s in world.subjects if (n := role_node(s)).kind == kind)
        elif kind == "function":
            yield from (Node("function", f.arn) for f in scene.facts.functions)
        elif kind in HOLDERS:
            held = (Node(kind, s.holder.name) for s in world.sessions if s.holder is not None and s.holder.kind == kind)
            pools = (Node(kind, pool.id) for pool in scene.facts.pools if any(self._roles_unseen(Node(kind, pool.id))))
            yield from dict.fromkeys((*held, *pools))
        elif kind == "aws":
            yield Node("aws", "*")
        elif kind == "anyone":
            yield Node("anyone", "")
        else:
            yield from (Node(kind, name) for k, name in sorted(scene.entries) if k == kind)
            if kind == "event_source":
                known = {n for k, n in scene.entries if k == kind}
                yield from (Node(kind, name) for name in sorted(scene.entrances.sources.keys() - known))

    def hops(self, node: Node, level: Verdict) -> Iterator[Hop]:
        """The hops of exactly this certainty."""
        if node.number >= 0:
            yield from self._subject(self._world.everybody[node.number], level)
        elif node.kind == "function":
            yield from self._function(node, level)
        elif node.kind in HOLDERS:
            yield from self._holder(node, level)
        else:
            yield from self._entries(node, level)

    # somebody with IAM rights

    def _subject(self, subject: Subject, level: Verdict) -> Iterator[Hop]:
        scene = self._scene
        yield from self.on_functions("invokes", scene.invocable, INVOKE, subject, level)
        for action in REWRITES:
            yield from self.on_functions("rewrites", scene.functions, action, subject, level)
        for action in GRANTS:
            yield from self.on_functions("grants itself", scene.functions, action, subject, level)
        yield from self._through_urls(subject, level)
        may = self._world.access(scene.roles, "sts:AssumeRole", explicit=True)[subject.number]
        yield from self._on_roles("assumes", "sts:AssumeRole", scene.roles, subject, pick(may, level), level)
        yield from self._passes(subject, level)
        yield from self._on_entrances(subject, level)
        yield from worth_hops(scene, subject, level)

    def on_functions(
        self, kind: str, universe: Universe, action: str, subject: Subject, level: Verdict
    ) -> Iterator[Hop]:
        """The functions the subject may do this to that were not offered before."""
        found = pick(self._world.access(universe, action)[subject.number], level)
        new = found & ~self._offered.get((kind, level), 0)
        if not new:
            return
        self._offered[kind, level] = self._offered.get((kind, level), 0) | new
        for number in bits.members(new):
            item = universe.items[number]
            function = self._scene.function_of_item(item.arn)
            if function is not None:
                yield Hop(
                    kind,
                    level,
                    Node("function", function.arn),
                    partial(subject_grounds, self._scene, subject, action, item),
                )

    def _through_urls(self, subject: Subject, level: Verdict) -> Iterator[Hop]:
        universe = self._scene.urls
        if not universe.items:
            return
        first = self._world.access(universe, INVOKE_URL)[subject.number]
        second = self._world.access(universe, INVOKE)[subject.number]
        for number in bits.members(first.possible & second.possible):
            worst = max(first.verdict(number), second.verdict(number), key=_ORDER.index)
            item = universe.items[number]
            function = self._scene.function_of_item(item.arn)
            if worst is level and function is not None:
                grounds = partial(subject_grounds, self._scene, subject, INVOKE_URL, item)
                yield Hop("calls the URL of", level, Node("function", function.arn), grounds)

    def _on_roles(
        self, kind: str, action: str, universe: Universe, subject: Subject, found: int, level: Verdict
    ) -> Iterator[Hop]:
        for number in bits.members(found):
            item = universe.items[number]
            target = self._world.by_arn.get(item.arn)
            if target is not None and target.arn != subject.arn:
                yield Hop(kind, level, role_node(target), partial(subject_grounds, self._scene, subject, action, item))

    def _passes(self, subject: Subject, level: Verdict) -> Iterator[Hop]:
        """A function that runs as a role the subject may pass, new or changed: as good as the role itself."""
        if not self._scene.rights.mentions.any(subject.entity, (CREATE, CHANGE)) and not self._granted(subject):
            return
        may = self._world.access(self._scene.passable, "iam:PassRole")[subject.number]
        for number in bits.members(may.possible):
            item = self._scene.passable.items[number]
            target = self._world.by_arn.get(item.arn) if item.arn in self._scene.lambda_roles else None
            if target is None or target.arn == subject.arn:
                continue
            ways = ((CREATES, self._handing.making(subject, target)), (GIVES, self._handing.changing(subject)))
            for kind, doing in ways:
                if max(doing.verdict, may.verdict(number), key=_ORDER.index) is level:
                    asked = (("iam:PassRole", item), *doing.requests)
                    yield Hop(kind, level, role_node(target), partial(all_grounds, self._scene, subject, asked))

    def _granted(self, subject: Subject) -> bool:
        """Whether the policy of some function may let the subject change it."""
        return bool(self._scene.rights.of(subject, self._scene.functions, CHANGE).possible)

    def _on_entrances(self, subject: Subject, level: Verdict) -> Iterator[Hop]:
        """API routes it may call, and event sources it may write to."""
        for kind, edge, universe in (
            ("api", "calls", self._scene.entrances.routes),
            ("event_source", "writes to", self._scene.entrances.event_sources),
        ):
            if universe.items:
                may = self._world.access(universe)[subject.number]
                for number in bits.members(pick(may, level)):
                    item = universe.items[number]
                    grounds = partial(subject_grounds, self._scene, subject, item.action, item)
                    for name in self._scene.entrances.nodes_of(item):
                        yield Hop(edge, level, Node(kind, name), grounds)

    # functions, holders of sessions, and everybody outside

    def _function(self, node: Node, level: Verdict) -> Iterator[Hop]:
        """The role it runs as, and where its results and failures go by themselves."""
        yield from self._entries(node, level)
        function = self._scene.function_by_arn.get(node.name)
        if function is None or not function.role:
            return
        role = self._scene.executes_as(function)
        if role is not None and level is Verdict.ALLOWED:
            yield Hop("runs as", level, role_node(role))
        elif role is None and level is Verdict.UNKNOWN and function.role not in self._scene.shut_roles:
            yield Hop("runs as", level, Node("role", function.role))

    def _holder(self, node: Node, level: Verdict) -> Iterator[Hop]:
        for session in self._scene.sessions_of_holder.get((node.kind, node.name), ()):
            holder = session.holder
            if holder is not None and holder.verdict is level:
                edge = "assumes" if holder.kind == "web_identity" else f"takes by the {holder.flow} flow"
                yield Hop(edge, level, role_node(session), partial(_holder_grounds, holder))
        if level is Verdict.UNKNOWN:
            yield from self._roles_unseen(node)

    def _roles_unseen(self, node: Node) -> Iterator[Hop]:
        """Roles that a pool hands out and that are not in view: what they may do is unknown."""
        for pool in self._scene.facts.pools:
            if pool.id == node.name and (node.kind != "guest" or pool.guests is not False):
                for handed in pool.roles:
                    if handed.kind == node.kind and handed.role not in self._scene.role_by_arn:
                        yield Hop("takes by the enhanced flow", Verdict.UNKNOWN, Node("role", handed.role))

    def _entries(self, node: Node, level: Verdict) -> Iterator[Hop]:
        for entry in self._scene.entries.get((node.kind, node.name), ()):
            if entry.verdict is level:
                yield Hop(entry.edge, level, entry.target, entry.grounds)


def _holder_grounds(holder: Holder) -> Grounds:
    """Why the role is given: its trust policy, and what the holder must be besides."""
    shown = witness(*holder.asked, holder.decision) if holder.asked is not None else None
    return Grounds(because(holder.decision.because), (*holder.needs, *conditions(holder.decision)), shown)


def subject_grounds(scene: Scene, subject: Subject, action: str, item: Item) -> Grounds:
    """Why the subject may do this."""
    decision = scene.world.decide(subject, action, item)
    request, policies = request_of(subject, action, item)
    return Grounds(because(decision.because), conditions(decision), witness(request, policies, decision))


def all_grounds(scene: Scene, subject: Subject, asked: Iterable[tuple[str, Item]]) -> Grounds:
    """Why the subject may do several things that belong together; the first is the request that shows it."""
    found = [subject_grounds(scene, subject, action, item) for action, item in asked]
    reasons = dict.fromkeys(b for grounds in found for b in grounds.because)
    left = {repr(c): c for grounds in found for c in grounds.conditions}
    return Grounds(tuple(reasons), tuple(left.values()), found[0].witness)


def worth_hops(scene: Scene, subject: Subject, level: Verdict) -> list[Hop]:
    """What the subject may do on any resource, the strongest first."""
    return [
        Hop(
            _EDGES[worth],
            level,
            target_node(subject, name, worth),
            partial(_probe_grounds, scene, subject, worth, level),
        )
        for name, worth in worth_at(scene, subject, level)
    ]


_EDGES = {
    Strength.ADMINISTRATOR: "is administrator of",
    Strength.IAM_WRITE: "can make itself administrator of",
    Strength.ALL_DATA: "may reach",
}


def target_node(subject: Subject, name: str, worth: Strength) -> Node:
    """The node that stands for what a subject is worth."""
    return Node("admin", subject.account) if worth >= Strength.IAM_WRITE else Node("target", name)


def _probe_grounds(scene: Scene, subject: Subject, worth: Strength, level: Verdict) -> Grounds:
    action = scene.probes.shows(subject, IAM_WRITE if worth is Strength.IAM_WRITE else ALL_DATA)
    if worth is Strength.IAM_WRITE and (not action or scene.probes.verdict(subject, action) is not level):
        edit = edits_itself(scene, subject, level)
        return subject_grounds(scene, subject, edit.action, edit.item) if edit is not None else Grounds()
    return subject_grounds(scene, subject, action, scene.probes.item(subject, action)) if action else Grounds()


def role_node(subject: Subject) -> Node:
    """A role, user or session as a node."""
    return Node("role" if subject.caller.role else "user", subject.arn, subject.number)


def pick(may: Access, level: Verdict) -> int:
    """The items of exactly this certainty."""
    if level is Verdict.ALLOWED:
        return may.sure
    unsure = may.possible & ~may.sure
    return unsure & ~may.unread if level is Verdict.CONDITIONAL else unsure & may.unread
