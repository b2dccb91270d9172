"""All callers of the view against all resources of one question: the sets, and the reference for one pair."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property

from permcheck.access import bits
from permcheck.access.combine import NO_ACCESS, Access
from permcheck.access.granted import Granted
from permcheck.access.question import Question
from permcheck.access.resource import ResourceSets
from permcheck.access.subject import Holder, Subject, sessions_of, subjects_of
from permcheck.access.universe import Item, Universe
from permcheck.model.facts import Facts
from permcheck.model.verdict import Verdict
from permcheck.policy.evaluate import evaluate
from permcheck.policy.request import Decision, Policies, Request

__all__ = ["NO_ACCESS", "Access", "World", "request_of", "verdicts"]


class World:
    """The callers of one view: roles and users, and the sessions that holders outside IAM take.

    Questions are (universe, action) pairs; each is solved once.
    """

    def __init__(self, facts: Facts, holders: Iterable[Holder] = ()) -> None:
        self.facts = facts
        self.subjects: Sequence[Subject] = tuple(subjects_of(facts))
        self.by_arn = {s.arn: s for s in self.subjects}
        self.sessions: Sequence[Subject] = tuple(sessions_of(facts, holders, self.by_arn))
        self.everybody = (*self.subjects, *self.sessions)
        self._answers: dict[tuple[Universe, str, bool], Sequence[Access]] = {}
        self._questions: dict[tuple[Universe, str, bool], Question] = {}

    @cached_property
    def _resources(self) -> ResourceSets:
        return ResourceSets(self.everybody)

    def access(self, universe: Universe, action: str = "", explicit: bool = False) -> Sequence[Access]:
        """What everybody may do, by number. explicit: the resource policy must allow in words (roles, keys)."""
        key = (universe, action, explicit)
        found = self._answers.get(key)
        if found is None:
            question = self.question(universe, action, explicit)
            found = self._answers[key] = [question.of(subject) for subject in self.everybody]
        return found

    def access_of(
        self, subject: Subject, universe: Universe, action: str, explicit: bool = False, alone: bool = False
    ) -> Access:
        """What one of them may do: solved for it alone, for questions that concern few. alone: as for ``question``."""
        question = self._questions.get((universe, action, explicit))
        return (question or self.question(universe, action, explicit, alone)).of(subject)

    def surely(
        self, subject: Subject, universe: Universe, action: str, explicit: bool = False, alone: bool = False
    ) -> int:
        """The items that one of them surely may act on, as ``access_of``: clashes take away what is open alone."""
        question = self._questions.get((universe, action, explicit))
        return (question or self.question(universe, action, explicit, alone)).surely(subject)

    def named(self, universe: Universe, action: str, explicit: bool = False) -> Collection[int]:
        """The callers, by number, for whom a resource policy of the universe may be enough without one of their own.

        A grant to an account as a whole is not: it leaves the choice to the account's own policies.
        """
        return self.question(universe, action, explicit).granted.named

    def question(self, universe: Universe, action: str, explicit: bool = False, alone: bool = False) -> Question:
        """What callers may do to the items of a universe, to be asked for each.

        alone: no resource policy of the universe speaks of the action, as whoever asks has made sure.
        """
        key = (universe, action, explicit)
        found = self._questions.get(key)
        if found is None or (found.alone and not alone):
            granted = Granted({}) if alone else self._resources.resolve(universe, action)
            found = self._questions[key] = Question(universe, action, explicit, alone, granted, self.decide)
        return found

    def decide(
        self,
        subject: Subject,
        action: str,
        item: Item,
        more: Mapping[str, tuple[str, ...]] | None = None,
    ) -> Decision:
        """The reference's answer for one pair, with its reasons. more: keys of the way the request comes."""
        return evaluate(*request_of(subject, action, item, more))


def request_of(
    subject: Subject, action: str, item: Item, more: Mapping[str, tuple[str, ...]] | None = None
) -> tuple[Request, Policies]:
    """The request of one pair and the policies that bear on it."""
    request = Request(subject.caller, action, item.arn, item.context(subject.context, more), item.owner)
    entity = subject.entity
    return request, Policies(
        entity.policies, entity.boundary, subject.session, item.policies, subject.scps, item.rcps, item.doubtful
    )


def verdicts(access: Access) -> list[tuple[int, Verdict]]:
    """Every item the caller may or might reach, with its verdict."""
    return [(n, access.verdict(n)) for n in bits.members(access.possible)]
