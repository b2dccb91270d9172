"""The shortest way from every caller to a goal, worked out backwards once for all of them.

A step is: invoke, rewrite or re-grant a function and so act with its role; assume a role; create a function that runs
as a role. Backwards, one round asks each caller that is not there yet whether it may take any step into what is: a few
operations on sets, however many functions and roles there are.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import NamedTuple

from permcheck.access import Subject, Universe, bits
from permcheck.access.world import Access
from permcheck.graph.asked import GRANTS, REWRITES
from permcheck.graph.expand import pick, role_node, subject_grounds
from permcheck.graph.nodes import Hop, Node
from permcheck.graph.outsiders import INVOKE
from permcheck.graph.scene import Scene
from permcheck.model.verdict import Verdict

_CREATE = ("lambda:CreateFunction",)


class Step(NamedTuple):
    """One step of a caller: what it does, with which action, on which item, and whom it then acts as."""

    kind: str
    action: str
    universe: Universe
    item: int
    then: int


@dataclass(frozen=True, slots=True)
class _Relation:
    """One kind of step for everybody: who may do it to which items, and what each subject is among the items."""

    kind: str
    action: str
    universe: Universe
    access: Sequence[Access]
    onto: Mapping[int, int]  # subject → the items through which one comes to act as it
    gate: int | None = None  # the callers that may take the step at all, None for all


class Relations:
    """The kinds of step of a scene."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene

    @cached_property
    def all(self) -> Sequence[_Relation]:
        """Every kind of step, the plainest first."""
        scene, world = self.scene, self.scene.world
        whole, named = self._functions_onto()
        found = [_Relation("invokes", INVOKE, scene.invocable, world.access(scene.invocable, INVOKE), named)]
        assume = world.access(scene.roles, "sts:AssumeRole", explicit=True)
        found.append(_Relation("assumes", "sts:AssumeRole", scene.roles, assume, self._roles_onto(scene.roles, False)))
        for kind, actions in (("rewrites", REWRITES), ("grants itself", GRANTS)):
            for action in actions:
                found.append(_Relation(kind, action, scene.functions, world.access(scene.functions, action), whole))
        create = bits.of(s.number for s in world.everybody if scene.probes.held(s)[1] & scene.probes.mask(s, _CREATE))
        passing = world.access(scene.passable, "iam:PassRole")
        onto = self._roles_onto(scene.passable, True)
        kind = "creates a function that runs as"
        found.append(_Relation(kind, "iam:PassRole", scene.passable, passing, onto, create))
        return found

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
        for number, item in enumerate(scene.invocable.items):
            owner = scene.function_of_item(item.arn)
            if owner is not None and owner.arn in roles:
                role_number = roles[owner.arn]
                named[role_number] = named.get(role_number, 0) | 1 << number
        return whole, named

    def _roles_onto(self, universe: Universe, for_lambda: bool) -> dict[int, int]:
        scene = self.scene
        return {
            scene.world.by_arn[item.arn].number: 1 << number
            for number, item in enumerate(universe.items)
            if item.arn in scene.world.by_arn and (not for_lambda or item.arn in scene.lambda_roles)
        }


class Toward:
    """Ways to the goals with steps of at most one certainty (allowed, or conditional too)."""

    def __init__(self, relations: Relations, goals: Iterable[int], level: Verdict) -> None:
        self._scene = relations.scene
        self._level = level
        self.distance: dict[int, int] = dict.fromkeys(goals, 0)
        self.step: dict[int, Step] = {}
        self._search(relations.all)

    def _search(self, relations: Sequence[_Relation]) -> None:
        frontier = list(self.distance)
        waiting = [s.number for s in self._scene.world.everybody if s.number not in self.distance]
        distance = 0
        while frontier and waiting:
            distance += 1
            masks = [(r, self._union(r, frontier)) for r in relations]
            masks = [(r, mask) for r, mask in masks if mask]
            frontier, left = [], []
            for number in waiting:
                step = self._step(number, masks)
                if step is None:
                    left.append(number)
                else:
                    self.step[number] = step
                    self.distance[number] = distance
                    frontier.append(number)
            waiting = left

    @staticmethod
    def _union(relation: _Relation, frontier: Iterable[int]) -> int:
        mask = 0
        for number in frontier:
            mask |= relation.onto.get(number, 0)
        return mask

    def _step(self, number: int, masks: Sequence[tuple[_Relation, int]]) -> Step | None:
        for relation, mask in masks:
            if relation.gate is not None and not relation.gate >> number & 1:
                continue
            may = relation.access[number]
            found = may.sure & mask
            if not found and self._level is Verdict.CONDITIONAL:
                found = may.possible & ~may.unread & mask
            if found:
                item = next(bits.members(found))
                return Step(relation.kind, relation.action, relation.universe, item, self._acts_as(relation, item))
        return None

    def _acts_as(self, relation: _Relation, item: int) -> int:
        arn = relation.universe.items[item].arn
        if relation.kind in ("assumes", "creates a function that runs as"):
            return self._scene.world.by_arn[arn].number
        function = self._scene.function_of_item(arn)
        role = self._scene.executes_as(function) if function is not None else None
        if role is None:
            raise LookupError(arn)
        return role.number

    def hops(self, number: int) -> list[Hop]:
        """The hops from a caller to the goal."""
        hops: list[Hop] = []
        world = self._scene.world
        while (step := self.step.get(number)) is not None:
            subject: Subject = world.everybody[number]
            item = step.universe.items[step.item]
            may = world.access(step.universe, step.action)[number]
            verdict = Verdict.ALLOWED if pick(may, Verdict.ALLOWED) >> step.item & 1 else Verdict.CONDITIONAL
            grounds = partial(subject_grounds, self._scene, subject, step.action, item)
            role = role_node(world.everybody[step.then])
            if step.kind in ("assumes", "creates a function that runs as"):
                hops.append(Hop(step.kind, verdict, role, grounds))
            else:
                function = self._scene.function_of_item(item.arn)
                hops.append(Hop(step.kind, verdict, Node("function", function.arn if function else item.arn), grounds))
                hops.append(Hop("runs as", Verdict.ALLOWED, role))
            number = step.then
        return hops
