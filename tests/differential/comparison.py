"""Sets permcheck's verdicts beside iam-simulate's, and looks for the departure that explains each difference."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from permcheck.errors import PermcheckError
from permcheck.policy import evaluate_request

from .departures import DEPARTURES, Departure, restate
from .simulator import Answer, simulate
from .vocabulary import Request

Decide = Callable[[Request], str]


@dataclass(frozen=True, slots=True)
class Difference:
    """A request on which the two answer differently. departures: those that explain it, empty when none does."""

    request: Request
    ours: str
    theirs: str
    departures: tuple[Departure, ...]


def decide(request: Request) -> str:
    """permcheck's verdict, or `error: …` where it refuses the request."""
    try:
        return str(evaluate_request(request)["verdict"])
    except PermcheckError as error:
        return f"error: {error}"


def their_word(answer: Answer) -> str:
    """iam-simulate's verdict, or `error: …` where it refuses the request."""
    return str(answer["verdict"]) if "verdict" in answer else f"error: {answer['error']}"


def joint(words: Iterable[str]) -> str:
    """The answer of several requests that stand for one: allowed if any is, and an error before that."""
    answers = list(words)
    wrong = [word for word in answers if word.startswith("error")]
    if wrong:
        return wrong[0]
    return "allowed" if "allowed" in answers else "denied"


def restated_answers(
    requests: list[Request], departures: list[tuple[Departure, ...]] | None = None
) -> list[tuple[str, tuple[Departure, ...]]]:
    """For each request iam-simulate's answer to its restatement, and the departures that took part.

    departures: for each request those to consider; all of them when left out. The answer is empty where none took part.
    """
    considered = departures or [DEPARTURES] * len(requests)
    restated = [restate(request, names) for request, names in zip(requests, considered, strict=True)]
    flat = [{**asked, "id": str(number)} for number, (group, names) in enumerate(restated) if names for asked in group]
    words: dict[str, list[str]] = {}
    for answer in simulate(flat):
        words.setdefault(answer["id"], []).append(their_word(answer))
    return [(joint(words[str(number)]) if names else "", tuple(names)) for number, (_, names) in enumerate(restated)]


def differences(requests: list[Request], ours: Decide = decide) -> list[Difference]:
    """All requests on which the two differ, explained or not.

    Where departures take part, iam-simulate's answer to the restatement must be ours, also where its answer to the
    original is ours already: two wrongs would agree as well.
    """
    found: list[Difference] = []
    answers = zip(requests, simulate(requests), restated_answers(requests), strict=True)
    for request, answer, (restated, departures) in answers:
        mine, theirs = ours(request), their_word(answer)
        if departures and mine != restated:
            found.append(Difference(request, mine, f"{theirs}, restated {restated}", ()))
        elif mine != theirs:
            found.append(Difference(request, mine, theirs, departures))
    return list(_attributed(found))


def _attributed(found: list[Difference]) -> Iterator[Difference]:
    """Each difference with the one departure that explains it alone, where there is such a one."""
    tried = [(d, departure) for d in found if len(d.departures) > 1 for departure in d.departures]
    answers = restated_answers([d.request for d, _ in tried], [(departure,) for _, departure in tried])
    alone: dict[str, Departure] = {}
    for (difference, departure), (word, _) in zip(tried, answers, strict=True):
        if word == difference.ours:
            alone.setdefault(difference.request["id"], departure)
    for difference in found:
        single = alone.get(difference.request["id"])
        yield replace(difference, departures=(single,)) if single else difference
