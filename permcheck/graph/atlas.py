"""What all journeys of a scene share: who is worth getting hold of, and the ways to them."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cached_property, partial

from permcheck.access import Item, Subject, Universe, bits
from permcheck.graph.expand import CREATES, GIVES, pick, subject_grounds, worth_hops
from permcheck.graph.from_outside import FromOutside
from permcheck.graph.nodes import LEVELS, Hop, Node
from permcheck.graph.outsiders import INVOKE
from permcheck.graph.scene import Scene
from permcheck.graph.strength import Strength, strength
from permcheck.graph.toward import (
    ASSUMES,
    CONTROL,
    INVOKES,
    OPENS_IT,
    REWRITES_IT,
    Relation,
    Relations,
    Step,
    Toward,
    hops_of,
    step_by,
)
from permcheck.graph.trails import Trail
from permcheck.model.function import Function
from permcheck.model.verdict import Verdict

WORTHS = (Strength.IAM_WRITE, Strength.ALL_DATA)
# Steps that lead over a function, or make one.
THROUGH = (INVOKES, REWRITES_IT, OPENS_IT, CREATES, GIVES)
_EVERYBODY = (Node("anyone", ""), Node("aws", "*"))


class Atlas:
    """The goals of a scene, by what they are worth: IAM_WRITE stands for it and for administrators."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.relations = Relations(scene)
        self.outside = FromOutside(scene)
        self._toward: dict[tuple[Strength, Verdict, bool], Toward] = {}
        self._masks: dict[tuple[Relation, Strength], int] = {}
        self._risen: dict[tuple[Strength, Verdict], Toward] = {}
        self._near: dict[tuple[Strength, Verdict], Toward] = {}
        self._onto_risen: dict[tuple[Strength, Verdict], Sequence[tuple[Relation, int]]] = {}
        self._commands: dict[int, Strength | None] = {}

    @cached_property
    def goals(self) -> Mapping[Strength, Sequence[int]]:
        """Who is worth this much, by number."""
        found: dict[Strength, list[int]] = {worth: [] for worth in WORTHS}
        for subject in self.scene.world.everybody:
            worth = self.worth(subject)
            if worth is not None:
                found[worth].append(subject.number)
        return found

    def worth(self, subject: Subject) -> Strength | None:
        """What a subject counts as: IAM_WRITE, ALL_DATA, or nothing to speak of."""
        held = strength(self.scene, subject)
        if held >= Strength.IAM_WRITE:
            return Strength.IAM_WRITE
        return Strength.ALL_DATA if held is Strength.ALL_DATA else None

    def worth_of(self, function: Function) -> Strength | None:
        """What the role of a function counts as."""
        role = self.scene.executes_as(function)
        return self.worth(role) if role is not None else None

    def commands(self, subject: Subject) -> Strength | None:
        """What a subject is worth with what it surely takes over in steps of its own deciding: at least this much."""
        if subject.number not in self._commands:
            found = self.worth(subject)
            if found is not Strength.IAM_WRITE and self._takes_over(subject):
                if subject.number in self.toward(Strength.IAM_WRITE, Verdict.ALLOWED, control=True).step:
                    found = Strength.IAM_WRITE
                elif found is None and self.step(subject, Strength.ALL_DATA, Verdict.ALLOWED, CONTROL):
                    found = Strength.ALL_DATA
            self._commands[subject.number] = found
        return self._commands[subject.number]

    def taking_over(self, subject: Subject, worth: Strength) -> Sequence[Hop]:
        """The hops by which a subject takes over somebody worth this much, where that is what it commands."""
        if worth is Strength.IAM_WRITE:
            return self.toward(worth, Verdict.ALLOWED, control=True).hops(subject.number)
        found = self.step(subject, worth, Verdict.ALLOWED, CONTROL)
        return tuple(hops_of(self.scene, subject, found[0])) if found is not None else ()

    def _takes_over(self, subject: Subject) -> bool:
        return subject.number in self._movers

    @cached_property
    def _movers(self) -> Collection[int]:
        """Who may take any step at all after which it decides itself."""
        asked = ((r.universe, r.action, r.explicit) for r in self.relations.all if r.kind in CONTROL)
        return frozenset(s.number for s in self.scene.rights.movers(asked, self.scene.world.everybody))

    @cached_property
    def commanding(self) -> Mapping[Strength, Relation]:
        """Invoking functions whose roles command this much, by what they command: only those are asked about.

        Functions that everybody may invoke are left out: that a function may too is no more than that.
        """
        items: dict[Strength, list[Item]] = {worth: [] for worth in WORTHS}
        everybody = {e.target.name for n in _EVERYBODY for e in self.outside.into.get(n, ())}
        for function, names in zip(self.scene.facts.functions, self.scene.names, strict=True):
            role = self.scene.executes_as(function) if function.arn not in everybody else None
            worth = self.commands(role) if role is not None else None
            if worth is not None:
                items[worth] += names
        return {worth: Relation(INVOKES, INVOKE, Universe(found), {}) for worth, found in items.items() if found}

    def toward(self, worth: Strength, level: Verdict, control: bool = False) -> Toward:
        """Ways to every subject worth this much. control: by steps after which one decides oneself what is done."""
        key = (worth, level, control)
        found = self._toward.get(key)
        if found is None:
            kinds = CONTROL if control else None
            found = self._toward[key] = Toward(self.relations, self.goals[worth], level, kinds)
        return found

    def mask(self, relation: Relation, worth: Strength) -> int:
        """The items of a relation through which one comes to act as somebody worth this much."""
        key = (relation, worth)
        found = self._masks.get(key)
        if found is None:
            found = 0
            for number in self.goals[worth]:
                found |= relation.onto.get(number, 0)
            self._masks[key] = found
        return found

    def step(
        self, subject: Subject, worth: Strength, level: Verdict, kinds: Collection[str]
    ) -> tuple[Step, int] | None:
        """One step to somebody worth this much, and how many functions or roles it can be taken through."""
        for relation in self.relations.all:
            mask = self.mask(relation, worth) if relation.kind in kinds else 0
            found = self.relations.may(relation, subject, level, mask) if mask else 0
            if found:
                return step_by(self.scene, relation, bits.first(found)), self._distinct(relation, found)
        return None

    def rises(self, worth: Strength, level: Verdict) -> Toward:
        """Ways to every subject worth this much by assuming roles alone."""
        key = (worth, level)
        if key not in self._risen:
            self._risen[key] = Toward(self.relations, self.goals[worth], level, (ASSUMES,))
        return self._risen[key]

    def by_assuming(self, subject: Subject, worth: Strength, level: Verdict) -> Sequence[Hop]:
        """The hops to somebody worth this much through one function, with roles assumed before and behind it.

        Empty where there are none. Whoever gets at a role's credentials, also by way of a function, may assume more.
        """
        before: Sequence[Hop] = ()
        # Who can assume nothing need not be looked for among all who lead on; of guests that is nearly everybody.
        if self._assumes_something(subject, level):
            near = self._near_to(worth, level)
            if subject.number not in near.distance:
                return ()
            before = near.hops(subject.number)
        last = self.scene.world.everybody[before[-1].target.number] if before else subject
        step = self._step_into(last, worth, level)
        if step is None:
            return ()
        return (*before, *hops_of(self.scene, last, step), *self.rises(worth, level).hops(step.then))

    def _assumes_something(self, subject: Subject, level: Verdict) -> bool:
        assuming = (r for r in self.relations.all if r.kind == ASSUMES)
        return any(self.relations.may(r, subject, level) for r in assuming)

    def _near_to(self, worth: Strength, level: Verdict) -> Toward:
        """Ways, by assuming roles, to all who are one function away from somebody of ``rises``."""
        key = (worth, level)
        if key not in self._near:
            asked = ((r.universe, r.action, r.explicit) for r in self.relations.all if r.kind in THROUGH)
            movers = self.scene.rights.movers(asked, self.scene.world.everybody)
            starts = [s.number for s in movers if self._step_into(s, worth, level) is not None]
            self._near[key] = Toward(self.relations, starts, level, (ASSUMES,))
        return self._near[key]

    def _step_into(self, subject: Subject, worth: Strength, level: Verdict) -> Step | None:
        """One step through a function to somebody of ``rises``."""
        for relation, mask in self._masks_onto(worth, level):
            found = self.relations.may(relation, subject, level, mask)
            if found:
                return step_by(self.scene, relation, bits.first(found))
        return None

    def _masks_onto(self, worth: Strength, level: Verdict) -> Sequence[tuple[Relation, int]]:
        key = (worth, level)
        if key not in self._onto_risen:
            risen = self.rises(worth, level).distance
            masks = ((r, r.onto_any(risen)) for r in self.relations.all if r.kind in THROUGH)
            self._onto_risen[key] = [(r, mask) for r, mask in masks if mask]
        return self._onto_risen[key]

    def _distinct(self, relation: Relation, found: int) -> int:
        if relation.universe is not self.scene.invocable:
            return found.bit_count()
        return len(self.functions_in(found))

    def acts_as(self, node: Node) -> int | None:
        """Whom one acts as at a node: the subject itself, or the role a function runs as."""
        if node.number >= 0:
            return node.number
        function = self.scene.function_by_arn.get(node.name)
        role = self.scene.executes_as(function) if function is not None else None
        return role.number if role is not None else None

    def as_role(self, trail: Trail) -> Trail:
        """A way that ends at a function, on to the role it runs as."""
        number = self.acts_as(trail.end)
        if trail.end.number >= 0 or number is None:
            return trail
        role = self.scene.world.everybody[number]
        return trail.then(Hop("runs as", Verdict.ALLOWED, Node("role", role.arn, role.number)))

    def with_worth(self, trail: Trail) -> Trail:
        """A way that ends at a role, on to the strongest thing the role may do."""
        last = self.scene.world.everybody[trail.end.number]
        return trail.then(*worth_hops(self.scene, last, Verdict.ALLOWED)[:1])

    def invocations(self, node: Node, level: Verdict) -> Iterator[Hop]:
        """The functions a subject may invoke, with at most this certainty: the surer ones first."""
        scene, offered = self.scene, set[str]()
        subject = scene.world.everybody[node.number]
        may = scene.rights.of(subject, scene.invocable, INVOKE)
        for upto in LEVELS[: LEVELS.index(level) + 1]:
            for number in bits.members(pick(may, upto)):
                item = scene.invocable.items[number]
                function = scene.function_of_item(item.arn)
                if function is not None and function.arn not in offered:
                    offered.add(function.arn)
                    target = Node("function", function.arn)
                    yield Hop("invokes", upto, target, partial(subject_grounds, scene, subject, INVOKE, item))

    def functions_in(self, items: int) -> set[str]:
        """The functions that items of ``invocable`` are names of."""
        owners = self.scene.owners
        return {owner.arn for number in bits.members(items) if (owner := owners[number]) is not None}
