"""Random accounts whose policies are written in another way: nothing opens, and nothing closes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from permcheck import diff
from permcheck.access.subject import Holder
from permcheck.config import Config
from permcheck.diff.callers import callers
from permcheck.diff.reach import reach
from permcheck.diff.sameness import Sameness
from permcheck.graph.scene import Scene
from permcheck.model import Change, Document, Facts, Policy, Statement, Verdict
from tests.access.accounts import accounts

NO_RULES = Config(ignore=("PC*",))
FREELY = settings(
    max_examples=60,
    deadline=None,
    print_blob=True,
    phases=[
        phase for phase in Phase if phase is not Phase.shrink
    ],  # a shrunk account takes minutes, and says little more
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


class Rewriting:
    """Splits every statement into one for each action and resource, and turns their order round."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[Any, Any]] = {}

    def facts(self, facts: Facts) -> Facts:
        """The facts with every document rewritten."""
        return replace(
            facts,
            roles=tuple(
                replace(
                    role,
                    policies=self._each(role.policies),
                    trust=self._maybe(role.trust),
                    boundary=self._maybe(role.boundary),
                )
                for role in facts.roles
            ),
            users=tuple(
                replace(user, policies=self._each(user.policies), boundary=self._maybe(user.boundary))
                for user in facts.users
            ),
            functions=tuple(
                replace(
                    function,
                    qualifiers=tuple(replace(q, policy=self._maybe(q.policy)) for q in function.qualifiers),
                )
                for function in facts.functions
            ),
            organization=facts.organization
            and replace(
                facts.organization,
                scps={k: tuple(map(self._each, levels)) for k, levels in facts.organization.scps.items()},
                rcps={k: tuple(map(self._each, levels)) for k, levels in facts.organization.rcps.items()},
            ),
        )

    def _each(self, policies: tuple[Policy, ...]) -> tuple[Policy, ...]:
        return tuple(self._policy(policy) for policy in reversed(policies))

    def _maybe(self, policy: Policy | None) -> Policy | None:
        return None if policy is None else self._policy(policy)

    def _policy(self, policy: Policy) -> Policy:
        if policy.document is None:
            return policy
        if id(policy) not in self._known:
            document = Document(tuple(_split(policy.document)), policy.document.version)
            self._known[id(policy)] = (policy, replace(policy, document=document))
        made: Policy = self._known[id(policy)][1]
        return made


def _split(document: Document) -> Iterator[Statement]:
    parts = [
        replace(statement, actions=actions, resources=resources)
        for statement in reversed(document.statements)
        for actions, resources in product(_ones(statement.actions), _ones(statement.resources))
    ]
    for index, part in enumerate(parts):
        yield replace(part, index=index, pointer=f"/Statement/{index}")


def _ones(values: tuple[str, ...] | None) -> list[tuple[str, ...] | None]:
    return [None] if values is None else [(value,) for value in reversed(values)]


class NothingIsTheSame(Sameness):
    """Has everything decided again."""

    around = False


@FREELY
@given(accounts())
def test_written_in_another_way(drawn: tuple[Facts, list[Holder]]) -> None:
    facts, _ = drawn
    found = diff.compare(facts, Rewriting().facts(facts), NO_RULES)
    assert not found.changes, found.changes[0]


@FREELY
@given(accounts())
def test_written_in_another_way_and_decided_again(drawn: tuple[Facts, list[Holder]]) -> None:
    """Of several ways to meet a condition one is told, which may be another one; the verdicts are the same."""
    facts, _ = drawn
    other = Rewriting().facts(facts)
    same = NothingIsTheSame(facts, other)
    for caller in callers(Scene(facts), Scene(other), same, NO_RULES):
        assert caller.old_verdict is caller.new_verdict is Verdict.CONDITIONAL, caller
    for reached in reach(Scene(facts), Scene(other), same):
        assert reached.old is reached.new is Verdict.CONDITIONAL, reached


@FREELY
@given(accounts(), st.data())
def test_one_way_is_the_other_way_round(drawn: tuple[Facts, list[Holder]], data: st.DataObject) -> None:
    facts, _ = drawn
    role = data.draw(st.sampled_from(facts.roles))
    fewer = replace(facts, roles=tuple(each for each in facts.roles if each is not role))
    there, back = (diff.compare(*sides, NO_RULES) for sides in ((facts, fewer), (fewer, facts)))
    assert {each.principal for each in back.reach} <= {role.arn}
    opposite = {Change.NEW: Change.LOST, Change.WIDER: Change.NARROWER, Change.OTHER: Change.OTHER}
    opposite |= {new: old for old, new in opposite.items()}
    for one, two in ((there.reach, back.reach), (there.paths, back.paths), (there.callers, back.callers)):
        assert sorted(str(opposite[each.change]) for each in one) == sorted(str(each.change) for each in two)
