"""The functions that ``paths --from guest`` names are those that asking about every single request finds.

PERMCHECK_PATHS_N sets the number of accounts (200), PERMCHECK_PATHS_SEED the seed, which is printed.
"""

import os
import random
from collections import Counter

import pytest
from hypothesis import HealthCheck, given, seed, settings

from permcheck.graph import questions
from tests.graph.brute_force import BruteForce
from tests.graph.small_accounts import Account, accounts, facts_of

COUNT = int(os.environ.get("PERMCHECK_PATHS_N") or 200)
SEED = int(os.environ.get("PERMCHECK_PATHS_SEED") or random.SystemRandom().randrange(1_000_000))
FREELY = settings(
    max_examples=COUNT,
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def told(drawn: Account) -> dict[str, dict[str, str]]:
    """Pool → function → verdict, as ``paths`` tells it."""
    found: dict[str, dict[str, str]] = {pool.id: {} for pool in drawn.pools}
    for path in questions.each_path(facts_of(drawn), "guest", "function"):
        found[path.nodes[0].name][path.nodes[-1].name] = str(path.verdict)
    return found


def test_every_function_a_guest_gets_to(capsys: pytest.CaptureFixture[str]) -> None:
    """No difference in any account; and the accounts are worth it: most have functions that guests get to."""
    times: Counter[str] = Counter()

    @seed(SEED)
    @FREELY
    @given(accounts())
    def compare(drawn: Account) -> None:
        force = BruteForce(drawn)
        asked = {pool.id: force.functions_of(pool) for pool in drawn.pools}
        assert told(drawn) == asked, f"seed {SEED}"
        times["accounts"] += 1
        times["with a way"] += any(asked.values())
        times.update(verdict for found in asked.values() for verdict in found.values())

    try:
        compare()
    finally:
        drawn = f"seed {SEED}, {dict(times)}"
        with capsys.disabled():
            print(f"\npaths: {drawn}")
    assert times["with a way"] > times["accounts"] / 4, drawn
    # Draws resemble one another: some hold hardly any account where anything is conditional, or unknown.
    assert times["allowed"] and (times["conditional"] or times["unknown"]), drawn
