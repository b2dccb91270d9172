"""Of two actions that are alike one decision answers for both: what is asked once is the same asked again."""

from __future__ import annotations

from itertools import product

from hypothesis import given, settings

from permcheck.access import World
from permcheck.access.subject import Holder
from permcheck.access.targets import functions
from permcheck.access.world import request_of
from permcheck.model.facts import Facts
from permcheck.policy.alike import alike
from permcheck.policy.evaluate import evaluate
from permcheck.rule.answer import Answer
from tests.access.accounts import accounts
from tests.access.test_same_as_reference import FREELY

ACTIONS = ("lambda:UpdateFunctionCode", "lambda:InvokeFunction", "lambda:UpdateAlias", "sqs:SendMessage")


@settings(FREELY, max_examples=300)
@given(accounts())
def test_the_answer_is_the_same_but_for_the_action(drawn: tuple[Facts, list[Holder]]) -> None:
    world = World(*drawn)
    for subject, item in product(world.everybody, functions(world.facts).items):
        asked = [request_of(subject, action, item) for action in ACTIONS]
        answers = [Answer(request, policies, evaluate(request, policies)) for request, policies in asked]
        for one, other in product(answers, answers):
            given_for_it = one.under(other.action)
            if given_for_it is not None:
                assert given_for_it.verdict is other.verdict
                assert given_for_it.reasons == other.reasons
                assert given_for_it.conditions == other.conditions
                assert given_for_it.witness == other.witness
                assert given_for_it.action == other.action


def test_alike_actions_are_common_and_others_too() -> None:
    """Both come up among the random accounts."""
    times = {True: 0, False: 0}

    @settings(FREELY, max_examples=60, database=None)
    @given(accounts())
    def count(drawn: tuple[Facts, list[Holder]]) -> None:
        world = World(*drawn)
        for subject, item in product(world.everybody, functions(world.facts).items):
            times[alike(*ACTIONS[:2], item.arn, request_of(subject, ACTIONS[0], item)[1])] += 1

    count()
    assert min(times.values()) > 0.1 * sum(times.values()), times
