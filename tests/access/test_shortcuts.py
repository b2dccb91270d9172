"""What the sets pass by has nothing to say, and sets hold what was put into them."""

from __future__ import annotations

from functools import reduce
from operator import or_

from hypothesis import given
from hypothesis import strategies as st

from permcheck.access import bits
from permcheck.access.granted import Spread
from permcheck.access.index import ArnIndex, ordered
from permcheck.access.resource import may_name
from permcheck.access.universe import Item, Universe
from permcheck.model.policy import Effect, PolicyKind, Statement
from permcheck.policy.arn import resource_matcher
from permcheck.policy.caller import parse_caller
from permcheck.policy.matching import action_applies, principal_applies
from permcheck.policy.parse import parse_document

from .vocabulary import A

CALLERS = [
    parse_caller(f"arn:aws:iam::{A}:role/r", open_session=True),
    parse_caller(f"arn:aws:iam::{A}:user/u"),
    parse_caller(f"arn:aws:sts::{A}:assumed-role/r/s"),
]
ENTRIES = st.sampled_from(
    ("lambda.amazonaws.com", "cognito-identity.amazonaws.com", A, "*", *[c.name for c in CALLERS])
)
NAMES = st.dictionaries(st.sampled_from(("AWS", "Service", "Federated")), st.lists(ENTRIES, max_size=2), max_size=2)


@given(st.lists(st.integers(0, 5000)))
def test_a_set_has_the_members_it_was_made_of(numbers: list[int]) -> None:
    made = bits.of(numbers)
    assert list(bits.members(made)) == sorted(set(numbers))
    assert not made or bits.first(made) == min(numbers)


@given(st.lists(st.tuples(st.integers(0, (1 << 40) - 1), st.integers(0, 7))))
def test_what_many_have_alike_is_what_each_has(entries: list[tuple[int, int]]) -> None:
    spread = Spread()
    for callers, items in entries:
        spread.add(callers, items)
    for caller in range(40):
        mine = [items for callers, items in entries if callers >> caller & 1]
        assert spread.of(caller) == reduce(or_, mine, 0)
        assert spread.callers >> caller & 1 == bool(mine)


@given(
    NAMES | st.just("*") | st.none(), st.sampled_from(("Principal", "NotPrincipal")), st.sampled_from(("Allow", "Deny"))
)
def test_a_statement_that_is_passed_by_names_no_caller(names: object, element: str, effect: str) -> None:
    written = {"Effect": effect, "Action": "*", "Resource": "*"} | ({element: names} if names is not None else {})
    for statement in parse_document({"Statement": written}).statements:
        assert may_name(statement) or not any(principal_applies(statement, caller, False) for caller in CALLERS)


def test_most_statements_are_passed_by() -> None:
    written = {"Effect": "Allow", "Action": "*", "Resource": "*", "Principal": {"Service": "s3.amazonaws.com"}}
    assert not may_name(parse_document({"Statement": written}).statements[0])


SEGMENTS = st.sampled_from(("aws", "AWS", "s3", "S3", "", "*", "s?", "é", "\ue02a"))
NAMED = st.sampled_from(("b", "b/*", "b/c", "b/?", "?", "", "*", "b:c", "B", "b/\ue02a", "**"))
PATTERNS = st.builds(
    lambda first, *rest: ":".join((first, *rest)), st.sampled_from(("arn", "ARN", "ar?")), *[SEGMENTS] * 4, NAMED
)


@given(st.sets(PATTERNS, max_size=12), PATTERNS | NAMED, st.sampled_from(PolicyKind))
def test_a_pattern_finds_the_arns_that_it_matches_one_by_one(arns: set[str], pattern: str, kind: PolicyKind) -> None:
    index, matches = ArnIndex(ordered(arns)), resource_matcher(pattern, kind)
    found = [index.arns[number] for number in bits.members(index.matching(pattern, kind))]
    assert found == [arn for arn in index.arns if matches(arn)]


ACTIONS = ("iam:PassRole", "iam:passrole", "IAM:GetRole", "s3:GetObject", "sts", "")
ASKED = st.sampled_from(
    (*ACTIONS, "*", "**", "*:*", "iam:*", "IAM:pass*", "i?m:*", "ia*", "iam*", ":*", "s3:", "?ts", "é:*", "s3:\ue02a")
)


@given(st.lists(ASKED, min_size=1, max_size=3).map(tuple), st.booleans())
def test_a_statement_names_the_items_whose_action_it_names(patterns: tuple[str, ...], spared: bool) -> None:
    universe = Universe(Item(f"arn:aws:s3:::{number}", action) for number, action in enumerate(ACTIONS))
    statement = Statement(Effect.ALLOW, 0, "/Statement/0", actions=patterns)
    if spared:
        statement = Statement(Effect.ALLOW, 0, "/Statement/0", not_actions=patterns)
    named = {universe.items[number].action for number in bits.members(universe.naming(statement))}
    assert named == {action for action in ACTIONS if action_applies(statement, action)}
