"""Doors: a function that the first look passes by has no door so open beside any function of those asked about."""

import os
import random
from collections import Counter
from itertools import product

import pytest
from hypothesis import HealthCheck, given, seed, settings

from permcheck.config import Config
from permcheck.graph.journeys import Openness
from permcheck.rule import View
from permcheck.rule.answer import Targets
from tests.graph.small_accounts import Account, accounts, facts_of

SEED = int(os.environ.get("PERMCHECK_PATHS_SEED") or random.SystemRandom().randrange(1_000_000))


def test_no_door_where_the_first_look_sees_nobody(capsys: pytest.CaptureFixture[str]) -> None:
    """Nobody so open, or more, comes to a function outside ``fronts`` and not to one of the others."""
    times: Counter[str] = Counter()

    @seed(SEED)
    @settings(max_examples=60, deadline=None, print_blob=True, suppress_health_check=list(HealthCheck))
    @given(accounts())
    def compare(drawn: Account) -> None:
        view = View(facts_of(drawn), Config())
        functions = view.facts.functions
        position = view.scene.functions.position
        for openness, subset in product(Openness, range(1, 1 << len(functions))):
            beside = [f for f in functions if subset >> position[f.arn] & 1]
            fronts = view.fronts(openness, Targets(view.scene.functions, subset))
            for function, other in product(functions, beside):
                door = view.door(function, [other])
                found = door is not None and door.journey.openness >= openness
                assert function.arn in fronts or not found, f"seed {SEED}"
                times["seen"] += found
                times["passed by"] += function.arn not in fronts

    compare()
    with capsys.disabled():
        print(f"\ndoors: seed {SEED}, {dict(times)}")
    assert times["seen"] and times["passed by"]
