"""The sets and the reference give the same verdict for every caller and every resource of random small accounts."""

from __future__ import annotations

from collections.abc import Iterator

from hypothesis import HealthCheck, given, settings

from permcheck.access import Item, Universe, World
from permcheck.access.subject import Holder
from permcheck.access.targets import functions, invocable, passable, roles, urls
from permcheck.model.facts import Facts
from permcheck.model.verdict import Verdict

from .accounts import accounts

INVOKE, UPDATE, PASS, ASSUME = "lambda:InvokeFunction", "lambda:UpdateFunctionCode", "iam:PassRole", "sts:AssumeRole"
FREELY = settings(
    max_examples=1000,
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
Question = tuple[Universe, str, bool]


def questions(facts: Facts) -> Iterator[Question]:
    """Every universe with an action permcheck asks it about, and whether an explicit Allow is needed."""
    yield invocable(facts), INVOKE, False
    yield functions(facts), UPDATE, False
    yield urls(facts), "lambda:InvokeFunctionUrl", False
    yield roles(facts), ASSUME, True
    yield passable(facts.roles), PASS, False
    yield probes(facts), "", False


def probes(facts: Facts) -> Universe:
    """Items that each have an action of their own, some without an account in their ARN."""
    items = [
        Item(item.arn, action, item.policies, item.doubtful, item.known, item.all_tags)
        for item in invocable(facts).items
        for action in (INVOKE, UPDATE)
    ]
    items.append(Item("*", "lambda:ListFunctions"))
    items.append(Item("arn:aws:s3:::bucket/red", "s3:GetObject"))
    items.append(Item("arn:aws:s3:::bucket/red", "s3:PutObject", owner="222222222222"))
    return Universe(items)


def differences(world: World, question: Question) -> Iterator[str]:
    """Each pair on which the two disagree, in a line."""
    universe, action, explicit = question
    alone = [(world.surely(subject, *question), world.access_of(subject, *question)) for subject in world.everybody]
    answers = world.access(universe, action, explicit)
    assert len(answers) == len(world.everybody)
    for subject in world.everybody:
        found = answers[subject.number]
        assert alone[subject.number] == (found.sure, found)
        assert found.sure & ~found.possible == 0 and found.unread & ~found.possible == 0
        assert found.possible & ~universe.all == 0
        for number, item in enumerate(universe.items):
            wanted = world.decide(subject, item.action or action, item).verdict
            if found.verdict(number) is not wanted:
                who = subject.caller.name + (f" ({subject.holder.kind})" if subject.holder else "")
                what = item.action or action
                yield f"{who} {what} {item.arn}: sets say {found.verdict(number)}, the reference {wanted}"


@FREELY
@given(accounts())
def test_every_pair(drawn: tuple[Facts, list[Holder]]) -> None:
    facts, holders = drawn
    world = World(facts, holders)
    found = [line for question in questions(facts) for line in differences(world, question)]
    assert found == []


def test_the_random_accounts_are_worth_comparing() -> None:
    """All four verdicts come up, and none of them nearly always."""
    times = dict.fromkeys(Verdict, 0)

    @settings(FREELY, max_examples=60, database=None)
    @given(accounts())
    def count(drawn: tuple[Facts, list[Holder]]) -> None:
        facts, holders = drawn
        world = World(facts, holders)
        for universe, action, explicit in questions(facts):
            for access in world.access(universe, action, explicit):
                for number in range(len(universe.items)):
                    times[access.verdict(number)] += 1

    count()
    total = sum(times.values())
    assert all(0.01 * total < n < 0.9 * total for n in times.values()), times
