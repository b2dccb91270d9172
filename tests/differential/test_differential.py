"""permcheck against iam-simulate: random requests, and the named departures, one case each.

PERMCHECK_DIFF_N sets the number of requests (20,000 in CI or with PERMCHECK_REQUIRE_NODE, else 2,000),
PERMCHECK_DIFF_SEED the seed, which is printed. Without Node, or before `npm ci`, the tests are skipped and say so;
with PERMCHECK_REQUIRE_NODE=1 they fail instead.
"""

from __future__ import annotations

import json
import os
import random
from collections import Counter

import pytest

from .comparison import Difference, decide, differences, restated_answers, their_word
from .conditions import ALL_OPERATORS
from .departures import DEPARTURES
from .generate import requests
from .restate import documents, listed, operator_parts
from .shrink import shrink
from .simulator import missing, simulate
from .vocabulary import Request

REQUIRED = os.environ.get("PERMCHECK_REQUIRE_NODE", "") not in ("", "0")
COUNT = int(os.environ.get("PERMCHECK_DIFF_N") or (20_000 if REQUIRED or os.environ.get("CI") else 2_000))
SEED = int(os.environ.get("PERMCHECK_DIFF_SEED") or random.SystemRandom().randrange(1_000_000))
BATCH = 5_000


@pytest.fixture(scope="module")
def node() -> None:
    """Skips, or where Node is required fails, when iam-simulate cannot be run."""
    if reason := missing():
        if REQUIRED:
            pytest.fail(reason)
        pytest.skip(reason)


def unexplained(candidates: list[Request]) -> list[bool]:
    """Of each request whether the two differ without an explanation."""
    found = {d.request["id"] for d in differences(candidates) if not d.departures}
    return [candidate["id"] in found for candidate in candidates]


def report(difference: Difference) -> str:
    """What to look at: the request made small, both answers, and how to draw it again."""
    small = shrink(difference.request, unexplained)
    left = differences([small])[0]
    answers = f"permcheck {left.ours}, iam-simulate {left.theirs}"
    return f"request {small['id']} (seed/number): {answers}\n{json.dumps(small, indent=1)}"


def test_random_requests(node: None, capsys: pytest.CaptureFixture[str]) -> None:
    """No difference without a named departure that explains it."""
    found: list[Difference] = []
    drawn = list(requests(SEED, COUNT))
    for start in range(0, COUNT, BATCH):
        found += differences(drawn[start : start + BATCH])
    named = Counter(" + ".join(one.name for one in d.departures) for d in found if d.departures)
    open_ = [d for d in found if not d.departures]
    with capsys.disabled():
        print(f"\ndifferential: seed {SEED}, {COUNT} requests, {sum(named.values())} explained, {len(open_)} not")
        for name, count in named.most_common():
            print(f"  {count:5}  {name}")
    if open_:
        pytest.fail(
            f"{len(open_)} differences, seed {SEED}; the first ones:\n" + "\n".join(map(report, open_[:3])), False
        )
    assert sum(named.values()) <= COUNT * 0.05, "departures explain too much: the requests test too little"


def test_departures(node: None) -> None:
    """Each departure is one: AWS's answer from permcheck, the other from iam-simulate, and agreement once restated."""
    cases = [{**d.case, "id": d.name} for d in DEPARTURES]
    theirs = simulate(cases)
    restated = restated_answers(cases)
    for departure, case, answer, (word, taking_part) in zip(DEPARTURES, cases, theirs, restated, strict=True):
        seen = (decide(case), their_word(answer), word)
        assert seen == (departure.right, departure.theirs, departure.right), departure.name
        assert departure in taking_part


def test_requests_are_worth_asking(node: None) -> None:
    """About half are allowed, and every operator is met."""
    drawn = list(requests(1, 2_000))
    verdicts = Counter(their_word(answer).split(":")[0] for answer in simulate(drawn))
    assert verdicts["error"] < 10, "iam-simulate refuses these requests"
    assert 0.35 < verdicts["allowed"] / len(drawn) < 0.65
    met = {
        operator_parts(operator)[1]
        for request in drawn
        for _, document in documents(request)
        for statement in listed(document["Statement"])
        for operator in statement.get("Condition", {})
    }
    assert met == {operator.lower() for operator in ALL_OPERATORS}
    assert len(ALL_OPERATORS) == 27


def test_requests_repeat_with_their_seed() -> None:
    assert list(requests(7, 50)) == list(requests(7, 80))[:50]
    assert list(requests(7, 50)) != list(requests(8, 50))


def test_a_wrong_evaluator_is_found_and_shrunk(node: None) -> None:
    """An evaluator that forgets Deny is caught, by a request that is little more than that Deny."""

    def deny_forgotten(request: Request) -> str:
        kept = json.loads(json.dumps(request))
        for _, document in documents(kept):
            document["Statement"] = [s for s in listed(document["Statement"]) if s["Effect"] == "Allow"]
        return decide(kept)

    def still(candidates: list[Request]) -> list[bool]:
        found = {d.request["id"] for d in differences(candidates, deny_forgotten) if not d.departures}
        return [candidate["id"] in found for candidate in candidates]

    wrong = [d for d in differences(list(requests(3, 300)), deny_forgotten) if not d.departures]
    assert wrong
    small = shrink(min((d.request for d in wrong), key=lambda request: len(json.dumps(request))), still)
    statements = [s for _, document in documents(small) for s in listed(document["Statement"])]
    assert 1 <= len(statements) <= 3
    assert any(s["Effect"] == "Deny" for s in statements)
