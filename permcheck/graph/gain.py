"""What a principal gains by taking over a function: the rights of its role that the principal does not have itself."""

from collections.abc import Mapping, Sequence
from itertools import islice

from permcheck.access import Subject, bits
from permcheck.frozen import dataclass
from permcheck.graph.asked import ALL_DATA, EVERYTHING, IAM_WRITE
from permcheck.graph.beyond import Example, beyond, examples
from permcheck.graph.scene import Scene
from permcheck.graph.strength import Strength, strength
from permcheck.model.function import Function
from permcheck.model.identity import Role

# Of the functions whose roles hold nothing account-wide, so many are looked at one by one for something to gain.
_LOOKED_AT = 4


@dataclass(frozen=True, slots=True)
class Gain:
    """The strongest thing gained, a function that gives it, and the numbers of all functions that give as much.

    NOTHING: their roles hold nothing that the principal lacks.
    """

    strength: Strength
    function: Function
    alike: int


@dataclass(frozen=True, slots=True)
class RoleGain:
    """The same of a role that is taken on."""

    strength: Strength
    role: Role
    alike: int


@dataclass(frozen=True, slots=True)
class _Kind:
    """The members of one account whose roles hold the same of what is asked for on any resource."""

    account: str
    held: int
    administrator: bool
    members: int


class _Grouped:
    """Things that run as roles, by number, grouped by what the roles hold: a question is a few operations on sets."""

    def __init__(self, scene: Scene, roles: Mapping[int, Subject]) -> None:
        self._scene = scene
        self._roles = roles
        self._answers: dict[tuple[int, int], tuple[Strength, int, int] | None] = {}
        self._examples: dict[int, Sequence[Example]] = {}
        self._more: dict[tuple[int, int], bool] = {}
        acting: dict[int, int] = {}
        for number, role in roles.items():
            acting[role.number] = acting.get(role.number, 0) | 1 << number
        found: dict[tuple[str, int], int] = {}
        for number, members in acting.items():
            role = scene.world.everybody[number]
            key = (role.account, self._worth_taking(role))
            found[key] = found.get(key, 0) | members
        kinds = [_Kind(account, held, _has(held, EVERYTHING), members) for (account, held), members in found.items()]
        self._kinds = sorted(kinds, key=lambda kind: (-self._level(kind.held, kind), kind.members))

    def _held(self, subject: Subject) -> int:
        """What the subject holds of _ASKED, as a set that is the same in every account."""
        numbers, sure = self._scene.probes.held(subject)
        return _renumbered(numbers, sure) if sure else 0

    def _worth_taking(self, role: Subject) -> int:
        """The same of a role that is to be gained: one that may edit its own rights has them all but for the asking.

        Nothing where it comes to nothing: most roles need no second look.
        """
        worth = strength(self._scene, role)
        if worth < Strength.ALL_DATA:
            return 0
        return self._held(role) | (_ALL[IAM_WRITE] if worth is Strength.IAM_WRITE else 0)

    @staticmethod
    def _level(new: int, kind: _Kind) -> Strength:
        if kind.administrator and new & _ALL[EVERYTHING]:
            return Strength.ADMINISTRATOR
        if new & _ALL[IAM_WRITE]:
            return Strength.IAM_WRITE
        return Strength.ALL_DATA if new & _ALL[ALL_DATA] else Strength.NOTHING

    def best(self, caller: Subject, members: int) -> tuple[Strength, int, int] | None:
        """What the caller gains by acting as one of a set of members: how much, one that gives it, all that do.

        None where no role of them is in view, or where the caller can already give itself everything.
        """
        key = (caller.number, members)
        if key not in self._answers:
            self._answers[key] = self._best(caller, members)
        return self._answers[key]

    def _best(self, caller: Subject, members: int) -> tuple[Strength, int, int] | None:
        own = self._held(caller)
        if _has(own, EVERYTHING) or own & _ALL[IAM_WRITE]:
            return None
        best, where, rest = Strength.NOTHING, 0, 0
        for kind in self._kinds:
            hit = kind.members & members
            if not hit:
                continue
            level = self._level(kind.held if kind.account != caller.account else kind.held & ~own, kind)
            if level > best:
                best, where = level, hit
            elif level and level == best:
                where |= hit
            rest |= hit
        if not rest:
            return None
        if best is Strength.NOTHING:
            some = next((n for n in islice(bits.members(rest), _LOOKED_AT) if self._beyond(caller, n)), None)
            best = Strength.NOTHING if some is None else Strength.SOME
            return best, bits.first(rest) if some is None else some, rest
        return best, bits.first(where), where

    def _beyond(self, caller: Subject, number: int) -> bool:
        """Whether the member's role may do something with named resources that the caller may not."""
        role = self._roles.get(number)
        if role is None or role is caller or strength(self._scene, role) is Strength.NOTHING:
            return False
        key = (caller.number, role.number)
        if key not in self._more:
            if role.number not in self._examples:
                self._examples[role.number] = examples(self._scene, role)
            self._more[key] = beyond(self._examples[role.number], caller)
        return self._more[key]


class Gains(_Grouped):
    """What is gained by taking over functions, which are given as a set of the scene's functions."""

    def __init__(self, scene: Scene) -> None:
        functions = ((n, scene.function_by_arn[item.arn]) for n, item in enumerate(scene.functions.items))
        super().__init__(scene, {n: role for n, f in functions if (role := scene.executes_as(f)) is not None})

    def of(self, caller: Subject, functions: int) -> Gain | None:
        """What the caller gains by taking over one of the functions; None as for ``best``."""
        found = self.best(caller, functions)
        if found is None:
            return None
        worth, number, alike = found
        return Gain(worth, self._scene.function_by_arn[self._scene.functions.items[number].arn], alike)


class RoleGains(_Grouped):
    """What is gained by acting as a role, among those that a function may be given; a set of the passable ones."""

    def __init__(self, scene: Scene) -> None:
        fit = ((n, item.arn) for n, item in enumerate(scene.passable.items) if item.arn in scene.lambda_roles)
        super().__init__(scene, {n: scene.world.by_arn[arn] for n, arn in fit})

    def of(self, caller: Subject, roles: int) -> RoleGain | None:
        """What the caller gains by acting as one of the roles; None as for ``best``."""
        found = self.best(caller, roles)
        if found is None:
            return None
        worth, number, alike = found
        return RoleGain(worth, self._scene.role_by_arn[self._scene.passable.items[number].arn], alike)


_ASKED = tuple(dict.fromkeys((*EVERYTHING, *IAM_WRITE, *ALL_DATA)))
_ALL: Mapping[tuple[str, ...], int] = {
    group: bits.of(_ASKED.index(action) for action in group) for group in (EVERYTHING, IAM_WRITE, ALL_DATA)
}


def _has(held: int, group: tuple[str, ...]) -> bool:
    return held & _ALL[group] == _ALL[group]


def _renumbered(numbers: Mapping[str, int], sure: int) -> int:
    return bits.of(at for at, action in enumerate(_ASKED) if sure >> numbers[action] & 1)
