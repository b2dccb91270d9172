"""What the sets pass by has nothing to say, and sets hold what was put into them."""

from __future__ import annotations

from functools import reduce
from operator import or_

from hypothesis import given
from hypothesis import strategies as st

from permcheck.access import bits
from permcheck.access.granted import Spread
from permcheck.access.resource import may_name
from permcheck.policy.caller import parse_caller
from permcheck.policy.matching import principal_applies
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
