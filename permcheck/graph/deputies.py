"""Functions that may edit whoever calls them: the caller has nothing, and is given what it asks the function for.

A function's role may attach a policy to a user, or write one into a role, a group or a policy that the user has. Where
that user, or a role it can assume, may invoke the function, what the function agrees to do is all that stands between.
"""

from collections.abc import Mapping
from functools import cached_property, partial
from itertools import islice

from permcheck.access import Item, Subject, Universe, bits
from permcheck.access.context import item_keys
from permcheck.access.targets import names_of
from permcheck.data import escalation
from permcheck.data.escalation import IamEdit
from permcheck.frozen import dataclass
from permcheck.graph.expand import role_node, subject_grounds
from permcheck.graph.nodes import Hop, Node
from permcheck.graph.outsiders import INVOKE
from permcheck.graph.own_rights import speaks_of_edits
from permcheck.graph.scene import Scene
from permcheck.graph.strength import Strength, strength
from permcheck.graph.trails import Trail
from permcheck.model.function import Function
from permcheck.model.identity import Role, User
from permcheck.model.verdict import Verdict

_EDITS = tuple(e for e in escalation.iam_edits() if e.gives == "rights")
_ASSUMED = 32  # so many roles are followed, one step on from somebody who may not invoke the function itself


@dataclass(frozen=True, slots=True)
class Deputy:
    """A function that may edit a caller. edit: what it may do, to the resource ``edited``: the caller, or what it has.

    trail: from the caller over the function and its role to what is edited.
    """

    function: Function
    role: Role
    edit: IamEdit
    edited: str
    trail: Trail


class Deputies:
    """The functions of a scene that may edit somebody, and who can call them."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._universes: dict[int, Universe] = {}

    def of(self, caller: Subject) -> Deputy | None:
        """The first function that the caller can have invoked and that may edit it, None where there is none."""
        for number, found in self.editors.items():
            role = self._scene.world.subjects[number]
            for edit, items in found:
                mine = items & self._having.get(caller.number, 0)
                if mine and role is not caller:
                    deputy = self._deputy(caller, role, edit, self._editable.items[bits.first(mine)])
                    if deputy is not None:
                        return deputy
        return None

    @cached_property
    def editors(self) -> Mapping[int, tuple[tuple[IamEdit, int], ...]]:
        """The roles of functions that may edit something, by number, with what they surely may edit and how."""
        found: dict[int, tuple[tuple[IamEdit, int], ...]] = {}
        for arn in self._scene.functions_of_role:
            role = self._scene.subject(arn) if arn not in self._scene.shut_roles else None
            if role is None or not speaks_of_edits(self._scene, role):
                continue
            access = ((e, self._scene.world.access_of(role, self._editable, e.action, alone=True)) for e in _EDITS)
            edits = tuple((e, items) for e, may in access if (items := may.sure & self._kinds[e.on]))
            if edits:
                found[role.number] = edits
        return found

    @cached_property
    def _editable(self) -> Universe:
        """Users, roles, groups and policies somebody has."""
        facts = self._scene.facts
        subjects = self._scene.world.subjects
        identities = (*(s.arn for s in subjects), *(g.arn for g in facts.groups))
        attached = (p.arn for s in subjects for p in s.policies)
        policies = [arn for arn in attached if arn and ":iam::aws:" not in arn]
        return Universe(Item(arn, known=item_keys(arn)[0]) for arn in dict.fromkeys((*identities, *policies)))

    @cached_property
    def _kinds(self) -> Mapping[str, int]:
        items = self._editable.items
        return {
            kind: bits.of(n for n, item in enumerate(items) if f":{kind}/" in item.arn)
            for kind in ("user", "role", "group", "policy")
        }

    @cached_property
    def _having(self) -> Mapping[int, int]:
        """For each caller, by number, the items whose editing gives it rights."""
        position, groups = self._editable.position, {g.name: g.arn for g in self._scene.facts.groups}
        found: dict[int, int] = {}
        for subject in self._scene.world.subjects:
            own = [subject.arn, *(p.arn for p in subject.policies if p.arn)]
            if isinstance(subject.entity, User):
                own += [groups.get(name, name) for name in subject.entity.groups]
            found[subject.number] = bits.of(position[arn] for arn in own if arn in position)
        return found

    def _deputy(self, caller: Subject, role: Subject, edit: IamEdit, item: Item) -> Deputy | None:
        scene = self._scene
        if strength(scene, caller) >= Strength.IAM_WRITE or not isinstance(role.entity, Role):
            return None
        hops = self._way(caller, self._called(role))
        if hops is None:
            return None
        function = scene.function_by_arn[hops[-1].target.name]
        end = Node("user" if edit.on == "user" else "role" if edit.on == "role" else "target", item.arn)
        grounds = partial(subject_grounds, scene, role, edit.action, item)
        runs = Hop("runs as", Verdict.ALLOWED, role_node(role))
        trail = Trail(role_node(caller), (), Verdict.ALLOWED)
        trail = trail.then(*hops, runs, Hop(edit.action, Verdict.ALLOWED, end, grounds))
        return Deputy(function, role.entity, edit, item.arn, trail)

    def _called(self, role: Subject) -> Universe:
        found = self._universes.get(role.number)
        if found is None:
            items = (item for f in self._scene.functions_of_role[role.arn] for item in names_of(f))
            found = self._universes[role.number] = Universe(items)
        return found

    def _way(self, caller: Subject, called: Universe) -> list[Hop] | None:
        """The hops by which the caller invokes one of the functions: itself, or as a role it can assume."""
        scene = self._scene
        direct = self._invokes(caller, called)
        if direct is not None:
            return [direct]
        may = scene.rights.of(caller, scene.roles, "sts:AssumeRole", explicit=True)
        for number in islice(bits.members(may.sure), _ASSUMED):
            item = scene.roles.items[number]
            assumed = scene.world.by_arn.get(item.arn)
            onward = self._invokes(assumed, called) if assumed is not None else None
            if assumed is not None and onward is not None:
                grounds = partial(subject_grounds, scene, caller, "sts:AssumeRole", item)
                first = Hop("assumes", Verdict.ALLOWED, role_node(assumed), grounds)
                return [first, onward]
        return None

    def _invokes(self, caller: Subject, called: Universe) -> Hop | None:
        may = self._scene.rights.of(caller, called, INVOKE)
        for items, verdict in ((may.sure, Verdict.ALLOWED), (may.possible & ~may.unread, Verdict.CONDITIONAL)):
            for number in bits.members(items):
                item = called.items[number]
                function = self._scene.function_of_item(item.arn)
                if function is not None:
                    grounds = partial(subject_grounds, self._scene, caller, INVOKE, item)
                    return Hop("invokes", verdict, Node("function", function.arn), grounds)
        return None
