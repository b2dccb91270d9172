"""The shortest way from every caller to a goal, worked out backwards once for all of them.

A step is: invoke, rewrite or open a function and so act with its role; assume a role; pass a role to something new that
acts with it. Backwards, one round asks each caller that is not there yet whether it may take any step into what is: a
few operations on sets, however many functions and roles there are.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, partial
from typing import NamedTuple

from permcheck.access import Item, Subject, Universe, bits, targets
from permcheck.access.world import Access
from permcheck.data import escalation
from permcheck.frozen import dataclass
from permcheck.graph.anything import item_named
from permcheck.graph.asked import GRANTS, REWRITES
from permcheck.graph.expand import CREATES, GIVES, pick, role_node, subject_grounds
from permcheck.graph.handing import CHANGE, changed_and_run
from permcheck.graph.new_function import made_and_run
from permcheck.graph.nodes import Grounds, Hop, Node
from permcheck.graph.outsiders import INVOKE
from permcheck.graph.scene import Scene
from permcheck.graph.trust import LAMBDA
from permcheck.model.verdict import Verdict

INVOKES, ASSUMES, REWRITES_IT, OPENS_IT = "invokes", "assumes", "rewrites", "grants itself"
STARTS = "starts something that runs as"
# After each of these the caller decides what is done with the role; a function that is only invoked decides itself.
CONTROL = (ASSUMES, REWRITES_IT, CREATES, GIVES, STARTS)
_INTO_ROLES = (ASSUMES, CREATES, GIVES, STARTS)


class Step(NamedTuple):
    """One step of a caller: by which relation, through which item, and whom it then acts as."""

    relation: "Relation"
    item: int
    then: int

    @property
    def kind(self) -> str:
        """What the caller does."""
        return self.relation.kind


@dataclass(frozen=True, slots=True, eq=False)
class Relation:
    """One kind of step for everybody: the action on the items, and what each subject is among the items.

    onto: subject → the items through which one comes to act as it. explicit: as for World.access. needs: what one has
    to be allowed on any resource besides.
    """

    kind: str
    action: str
    universe: Universe
    onto: Mapping[int, int]
    explicit: bool = False
    needs: tuple[str, ...] = ()

    def onto_any(self, subjects: Iterable[int]) -> int:
        """The items through which one comes to act as any of these."""
        mask = 0
        for number in subjects:
            mask |= self.onto.get(number, 0)
        return mask


class Relations:
    """The kinds of step of a scene, and who may take them."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self._makers: dict[int, bool] = {}

    @cached_property
    def all(self) -> Sequence[Relation]:
        """Every kind of step, the plainest first."""
        scene = self.scene
        whole, named = self._functions_onto()
        found = [
            Relation(INVOKES, INVOKE, scene.invocable, named),
            Relation(ASSUMES, "sts:AssumeRole", scene.roles, self._onto(scene.roles), explicit=True),
        ]
        for kind, actions in ((REWRITES_IT, REWRITES), (OPENS_IT, GRANTS)):
            found += (Relation(kind, action, scene.functions, whole) for action in actions)
        return (*found, *self._passing())

    def _passing(self) -> Iterator[Relation]:
        """Passing a role to a service that acts with it, as far as roles in view let the service in."""
        scene = self.scene
        for row in escalation.services():
            fit = scene.roles_for(row.service) if row.service != LAMBDA else scene.lambda_roles
            if fit:
                universe = scene.passable if row.service == LAMBDA else self._passable(row.service, fit)
                kind = CREATES if row.service == LAMBDA else STARTS
                onto = self._onto(universe, fit)
                yield Relation(kind, "iam:PassRole", universe, onto, needs=row.needs)
                if kind == CREATES:
                    yield Relation(GIVES, "iam:PassRole", universe, onto, needs=(CHANGE,))

    def _passable(self, service: str, fit: Collection[str]) -> Universe:
        """The roles as what is passed to a service, those alone that let it in."""
        return targets.passable((r for r in self.scene.facts.roles if r.arn in fit), service)

    def may(self, relation: Relation, subject: Subject, level: Verdict, among: int = -1) -> int:
        """The items, among some of them, that a caller may take the step through, with at most this certainty."""
        rights, asked = self.scene.rights, (subject, relation.universe, relation.action, relation.explicit)
        found = (_maybe(rights.of(*asked)) if level is Verdict.CONDITIONAL else rights.surely(*asked)) & among
        return found if found and self._has(subject, relation) else 0

    def _has(self, subject: Subject, relation: Relation) -> bool:
        """Whether a caller has what a step needs besides: a function that is made or changed must also run."""
        if relation.kind == CREATES:
            found = self._makers.get(subject.number)
            if found is None:
                found = self._makers[subject.number] = any(True for _ in made_and_run(self.scene, subject))
            return found
        if relation.kind == GIVES:
            return bool(changed_and_run(self.scene, subject))
        held, mask = self.scene.probes.held(subject)[1], self.scene.probes.mask(subject, relation.needs)
        return held & mask == mask

    def _functions_onto(self) -> tuple[dict[int, int], dict[int, int]]:
        """For each role that functions run as: those functions as wholes, and under every name."""
        scene = self.scene
        roles: dict[str, int] = {}
        for function in scene.facts.functions:
            role = scene.executes_as(function)
            if role is not None:
                roles[function.arn] = role.number
        whole: dict[int, int] = {}
        for number, item in enumerate(scene.functions.items):
            if item.arn in roles:
                whole[roles[item.arn]] = whole.get(roles[item.arn], 0) | 1 << number
        named: dict[int, int] = {}
        for number, owner in enumerate(scene.owners):
            if owner is not None and owner.arn in roles:
                role_number = roles[owner.arn]
                named[role_number] = named.get(role_number, 0) | 1 << number
        return whole, named

    def _onto(self, universe: Universe, fit: Collection[str] | None = None) -> dict[int, int]:
        by_arn = self.scene.world.by_arn
        return {
            by_arn[item.arn].number: 1 << number
            for number, item in enumerate(universe.items)
            if item.arn in by_arn and (fit is None or item.arn in fit)
        }


def _maybe(access: Access) -> int:
    return access.possible & ~access.unread


class Toward:
    """Ways to the goals with steps of at most one certainty (allowed, or conditional too), and of certain kinds."""

    def __init__(
        self, relations: Relations, goals: Iterable[int], level: Verdict, kinds: Collection[str] | None = None
    ) -> None:
        self._relations = relations
        self._scene = relations.scene
        self._level = level
        self.distance: dict[int, int] = dict.fromkeys(goals, 0)
        self.step: dict[int, Step] = {}
        if self.distance:
            self._search([r for r in relations.all if kinds is None or r.kind in kinds])

    def _search(self, relations: Sequence[Relation]) -> None:
        scene = self._scene
        frontier = list(self.distance)
        asked = ((r.universe, r.action, r.explicit) for r in relations)
        waiting = [s for s in scene.rights.movers(asked, scene.world.everybody) if s.number not in self.distance]
        distance = 0
        while frontier and waiting:
            distance += 1
            masks = [(r, r.onto_any(frontier)) for r in relations]
            masks = [(r, mask) for r, mask in masks if mask]
            frontier, left = [], []
            for subject in waiting:
                step = self._step(subject, masks)
                if step is None:
                    left.append(subject)
                else:
                    self.step[subject.number] = step
                    self.distance[subject.number] = distance
                    frontier.append(subject.number)
            waiting = left

    def _step(self, subject: Subject, masks: Sequence[tuple[Relation, int]]) -> Step | None:
        for relation, mask in masks:
            found = self._relations.may(relation, subject, self._level, mask)
            if found:
                item = bits.first(found)
                return step_by(self._scene, relation, item)
        return None

    def hops(self, number: int) -> list[Hop]:
        """The hops from a caller to the goal."""
        hops: list[Hop] = []
        while (step := self.step.get(number)) is not None:
            hops += hops_of(self._scene, self._scene.world.everybody[number], step)
            number = step.then
        return hops


def step_by(scene: Scene, relation: Relation, item: int) -> Step:
    """The step that leads through an item."""
    arn = relation.universe.items[item].arn
    if relation.kind in _INTO_ROLES:
        then = scene.world.by_arn[arn]
    else:
        function = scene.function_of_item(arn)
        role = scene.executes_as(function) if function is not None else None
        if role is None:
            raise LookupError(arn)
        then = role
    return Step(relation, item, then.number)


def hops_of(scene: Scene, subject: Subject, step: Step) -> Iterator[Hop]:
    """A step as edges: onto a function, and from there onto its role; or onto a role at once."""
    relation = step.relation
    item = relation.universe.items[step.item]
    may = scene.rights.of(subject, relation.universe, relation.action, relation.explicit)
    verdict = Verdict.ALLOWED if pick(may, Verdict.ALLOWED) >> step.item & 1 else Verdict.CONDITIONAL
    grounds = partial(_grounds, scene, subject, relation, step.item)
    role = role_node(scene.world.everybody[step.then])
    if relation.kind in _INTO_ROLES:
        yield Hop(relation.kind, verdict, role, grounds)
        return
    function = scene.function_of_item(item.arn)
    yield Hop(relation.kind, verdict, Node("function", function.arn if function else item.arn), grounds)
    yield Hop("runs as", Verdict.ALLOWED, role)


def _grounds(scene: Scene, subject: Subject, relation: Relation, item: int) -> Grounds:
    """Why the caller may take the step: what it needs besides, and the step itself, whose request is the witness."""
    found = subject_grounds(scene, subject, relation.action, relation.universe.items[item])
    more = [subject_grounds(scene, subject, action, _example(scene, subject, action)) for action in relation.needs]
    reasons = dict.fromkeys(b for grounds in (*more, found) for b in grounds.because)
    left = {repr(c): c for grounds in (*more, found) for c in grounds.conditions}
    return Grounds(tuple(reasons), tuple(left.values()), found.witness)


def _example(scene: Scene, subject: Subject, action: str) -> Item:
    """What to show that an action is allowed on: any resource, or a function the caller may create or change."""
    if action == CHANGE:
        return scene.functions.items[bits.first(changed_and_run(scene, subject))]
    if action == "lambda:CreateFunction":
        arn = next(made_and_run(scene, subject), None)
        if arn is not None:
            return item_named(arn, action, subject.account)
    return scene.probes.item(subject, action)
