"""Where the statements behind an answer stand, with what is said beside them."""

from collections.abc import Iterable

from permcheck.graph.places import place
from permcheck.model.location import Location
from permcheck.policy.request import Reason
from permcheck.rule.answer import Answer

DOES_NOT_APPLY = "this Deny does not apply when its conditions fail"


class Told:
    """The places of one run, each made once: what many have attached decides about many."""

    def __init__(self) -> None:
        self._known: dict[tuple[Reason, str], Location] = {}

    def of(self, answers: Iterable[Answer], note: str) -> list[Location]:
        """The statements behind the answers, each once, those that allow first. note: what is said beside these."""
        reasons: dict[Reason, None] = {}
        for answer in answers:
            reasons.update(dict.fromkeys(answer.told))
        allowing = [self._at(reason, note) for reason in reasons if reason.statement.is_allow]
        if len(allowing) == len(reasons):
            return allowing
        return allowing + [self._at(reason, DOES_NOT_APPLY) for reason in reasons if not reason.statement.is_allow]

    def _at(self, reason: Reason, note: str) -> Location:
        found = self._known.get((reason, note))
        if found is None:
            found = self._known[reason, note] = place(reason.policy, reason.statement, note)
        return found
