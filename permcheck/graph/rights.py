"""What single callers may do, solved when asked for; those for whom no policy says anything are passed by."""

from collections.abc import Collection, Iterable, Sequence
from functools import cached_property

from permcheck.access import Access, Subject, Universe, World
from permcheck.access.world import NO_ACCESS
from permcheck.graph.mentions import KNOWN, Mentions, bits_of
from permcheck.graph.outsiders import INVOKE
from permcheck.model.function import Function
from permcheck.model.policy import Policy

_INVOKING = frozenset((INVOKE, "lambda:InvokeFunctionUrl"))


class Rights:
    """Access of one caller after the other: solving a question for everybody costs more where few are asked about."""

    def __init__(self, world: World, functions: Sequence[Function]) -> None:
        self.mentions = Mentions()
        self._world = world
        self._functions = functions
        self._named: dict[tuple[Universe, str, bool], Collection[int]] = {}

    def of(self, subject: Subject, universe: Universe, action: str, explicit: bool = False) -> Access:
        """What the caller may do to the items. explicit: as for World.access."""
        if not self.may_be(subject, universe, action, explicit):
            return NO_ACCESS
        return self._world.access_of(subject, universe, action, explicit, alone=self._alone(action))

    def surely(self, subject: Subject, universe: Universe, action: str, explicit: bool = False) -> int:
        """The items the caller surely may act on. It costs less than ``of``: what is open need not be settled."""
        if not self.may_be(subject, universe, action, explicit):
            return 0
        return self._world.surely(subject, universe, action, explicit, alone=self._alone(action))

    def may_be(self, subject: Subject, universe: Universe, action: str, explicit: bool = False) -> bool:
        """Whether some policy, of the caller or of an item, may speak for it: a first look."""
        if action not in KNOWN or self.mentions.any(subject.entity, (action,)):
            return True
        return not self._alone(action) and subject.number in self._by_resources(universe, action, explicit)

    def movers(self, asked: Iterable[tuple[Universe, str, bool]], among: Iterable[Subject]) -> list[Subject]:
        """Those of some callers for whom some policy may speak for one of several questions."""
        questions = set(asked)
        wanted = bits_of(tuple(sorted({action for _, action, _ in questions})))
        named = {n for q in questions if not self._alone(q[1]) for n in self._by_resources(*q)}
        return [s for s in among if self.mentions.bits(s.entity) & wanted or s.number in named]

    def _by_resources(self, universe: Universe, action: str, explicit: bool) -> Collection[int]:
        key = (universe, action, explicit)
        found = self._named.get(key)
        if found is None:
            found = self._named[key] = self._world.named(universe, action, explicit)
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
