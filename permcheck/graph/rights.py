"""What single callers may do, solved when asked for; those for whom no policy says anything are passed by."""

from collections.abc import Collection, Iterable, Sequence
from functools import cached_property
from typing import NamedTuple

from permcheck.access import Access, Subject, Universe, World
from permcheck.access.question import Question
from permcheck.access.world import NO_ACCESS
from permcheck.graph.mentions import KNOWN, Mentions, bits_of
from permcheck.graph.outsiders import INVOKE
from permcheck.model.function import Function
from permcheck.model.policy import Policy

_INVOKING = frozenset((INVOKE, "lambda:InvokeFunctionUrl"))
Asked = tuple[Universe, str, bool]


class _Gate(NamedTuple):
    """A question, and the callers, by number, for whom some policy may speak; None where that is not known."""

    question: Question
    concerned: Collection[int] | None


class Rights:
    """Access of one caller after the other: solving a question for everybody costs more where few are asked about."""

    def __init__(self, world: World, functions: Sequence[Function]) -> None:
        self.mentions = Mentions()
        self._world = world
        self._functions = functions
        self._gates: dict[Asked, _Gate] = {}

    def of(self, subject: Subject, universe: Universe, action: str, explicit: bool = False) -> Access:
        """What the caller may do to the items. explicit: as for World.access."""
        question, concerned = self._gates.get((universe, action, explicit)) or self._gate(universe, action, explicit)
        if concerned is not None and subject.number not in concerned:
            return NO_ACCESS
        return question.of(subject)

    def surely(self, subject: Subject, universe: Universe, action: str, explicit: bool = False) -> int:
        """The items the caller surely may act on. It costs less than ``of``: what is open need not be settled."""
        question, concerned = self._gates.get((universe, action, explicit)) or self._gate(universe, action, explicit)
        if concerned is not None and subject.number not in concerned:
            return 0
        return question.surely(subject)

    def may_be(self, subject: Subject, universe: Universe, action: str, explicit: bool = False) -> bool:
        """Whether some policy, of the caller or of an item, may speak for it: a first look."""
        concerned = self._gate(universe, action, explicit).concerned
        return concerned is None or subject.number in concerned

    def named(self, universe: Universe, action: str, explicit: bool = False) -> Collection[int]:
        """The callers, by number, for whom a policy of an item may be enough. explicit: as for World.access."""
        return self._gate(universe, action, explicit).question.granted.named

    def movers(self, asked: Iterable[Asked], among: Iterable[Subject]) -> list[Subject]:
        """Those of some callers for whom some policy may speak for one of several questions."""
        found: set[int] = set()
        for question in set(asked):
            concerned = self._gate(*question).concerned
            if concerned is None:
                return list(among)
            found.update(concerned)
        return [s for s in among if s.number in found]

    def _gate(self, universe: Universe, action: str, explicit: bool) -> _Gate:
        key = (universe, action, explicit)
        found = self._gates.get(key)
        if found is None:
            alone = self._alone(action)
            question = self._world.question(universe, action, explicit, alone)
            concerned = None
            if action in KNOWN:
                concerned = self._mentioning(action) if alone else self._mentioning(action) | question.granted.named
            found = self._gates[key] = _Gate(question, concerned)
        return found

    def _mentioning(self, action: str) -> frozenset[int]:
        """The callers whose own policies allow the action on anything."""
        wanted = bits_of((action,))
        return frozenset(n for mentioned, numbers in self._by_mentions.items() if mentioned & wanted for n in numbers)

    @cached_property
    def _by_mentions(self) -> dict[int, list[int]]:
        """The callers by what their own policies mention."""
        found: dict[int, list[int]] = {}
        for subject in self._world.everybody:
            found.setdefault(self.mentions.bits(subject.entity), []).append(subject.number)
        return found

    def _alone(self, action: str) -> bool:
        """Whether no resource policy has a say: hardly any function's speaks of more than invoking."""
        if action.startswith("lambda:"):
            return action != INVOKE and not self._functions_speak_of_more
        return action.startswith("iam:")

    @cached_property
    def _functions_speak_of_more(self) -> bool:
        policies = (f.qualifiers[0].policy for f in self._functions if f.qualifiers)
        return any(p is not None and _speaks_of_more(p) for p in policies)


def _speaks_of_more(policy: Policy) -> bool:
    return policy.document is None or any(
        s.actions is None or not _INVOKING.issuperset(s.actions) for s in policy.statements
    )
