"""Answers about one caller: rules of a family ask nearly the same of it, one behind the other."""

from collections.abc import Mapping

from permcheck.access import Item, Subject
from permcheck.access.world import request_of
from permcheck.policy.evaluate import evaluate
from permcheck.rule.answer import Answer

Known = Mapping[str, tuple[str, ...]]


class Answered:
    """What was answered about the caller that was asked about last; it is forgotten when another is asked about."""

    def __init__(self) -> None:
        self._subject: Subject | None = None
        self._kept: dict[str, list[tuple[Item, Known | None, Answer]]] = {}

    def of(self, subject: Subject, action: str, item: Item, known: Known | None) -> Answer:
        """The answer to one request. known: condition keys, lower case, that it is made with."""
        if subject is not self._subject:
            self._subject, self._kept = subject, {}
        kept = self._kept.setdefault(item.arn, [])
        found: Answer | None = None
        for asked, keys, answer in kept:
            if keys == known and _same(asked, item):
                if answer.action == action:
                    return answer
                found = found or answer.under(action)
        if found is None:
            request, policies = request_of(subject, action, item, known)
            found = Answer(request, policies, evaluate(request, policies))
        kept.append((item, known, found))
        return found


def _same(one: Item, other: Item) -> bool:
    """Whether two items are the same to a request; an action of their own is told apart by whoever asks."""
    return one is other or (
        one.arn == other.arn
        and one.owner == other.owner
        and one.all_tags == other.all_tags
        and one.known == other.known
        and one.policies == other.policies
        and one.doubtful == other.doubtful
        and one.rcps == other.rcps
    )
