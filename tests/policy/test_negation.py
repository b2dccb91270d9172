"""What a Deny that may match leaves to be met holds exactly where the Deny's condition does not."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from permcheck.model.policy import Condition
from permcheck.policy.condition import Match, holds
from permcheck.policy.context import Context
from permcheck.policy.negation import negation

from .drawn import KEYS, MANY_VALUED, Triple, blocks, contexts
from .operator_rows import ROWS
from .rows import Block, Row

POINTER = "/Statement/0/Condition"


def _only(block: Block) -> Condition:
    ((operator, keys),) = block.items()
    ((key, values),) = keys.items()
    return Condition(operator, key, (values,) if isinstance(values, str) else tuple(values), POINTER)


def _negation_holds(condition: Condition, context: Context, variables: bool) -> Match:
    return min(holds(turned, context, variables) for turned in negation(condition))


@settings(max_examples=1500, deadline=None, print_blob=True)
@given(blocks, contexts(many=True), st.booleans())
def test_it_holds_where_the_condition_does_not(block: Triple, known: dict[str, list[str]], variables: bool) -> None:
    condition, context = Condition(*block, POINTER), Context(known)
    assert holds(condition, context, variables) is not Match.MAYBE
    assert _negation_holds(condition, context, variables) is Match(2 - holds(condition, context, variables))


@settings(max_examples=500, deadline=None, print_blob=True)
@given(blocks, contexts(many=True), st.sets(st.sampled_from(sorted(KEYS))))
def test_it_is_open_where_the_condition_is(block: Triple, known: dict[str, list[str]], unknown: set[str]) -> None:
    condition = Condition(*block, POINTER)
    context = Context({k: v for k, v in known.items() if k not in unknown}, complete=False)
    complete = Context(known)
    partial, decided = holds(condition, context, True), holds(condition, complete, True)
    # What is decided on part of the context is decided so on all of it, the negation included.
    assert partial in (decided, Match.MAYBE)
    assert _negation_holds(condition, context, True) in (Match(2 - decided), Match.MAYBE)


@pytest.mark.parametrize("row", [r for r in ROWS if "unreadable" not in r.name], ids=lambda row: row.name)
def test_of_every_operator(row: Row) -> None:
    """The cases of all operators, the negation's expectation being the other one."""
    known = {key: [values] if isinstance(values, str) else values for key, values in row.context.items()}
    expected = Match.NO if row.expected else Match.YES
    assert _negation_holds(_only(row.condition), Context(known), True) is expected


@pytest.mark.parametrize(
    ("operator", "values", "expected"),
    [
        ("StringEquals", ["a"], [("StringNotEquals", ["a"])]),
        ("StringNotLike", ["a*"], [("StringLike", ["a*"])]),
        ("StringEqualsIfExists", ["a"], [("StringNotEquals", ["a"]), ("Null", ["false"])]),
        ("StringNotEqualsIfExists", ["a"], [("StringEquals", ["a"])]),
        ("ForAnyValue:StringLike", ["a"], [("ForAllValues:StringNotLike", ["a"])]),
        ("ForAllValues:StringEquals", ["a"], [("ForAnyValue:StringNotEquals", ["a"])]),
        ("ForAnyValue:StringEqualsIfExists", ["a"], [("ForAllValues:StringNotEquals", ["a"]), ("Null", ["false"])]),
        ("Bool", ["true"], [("BoolIfExists", ["false"])]),
        ("BoolIfExists", ["false"], [("Bool", ["true"])]),
        ("NumericLessThan", ["5", "10"], [("NumericGreaterThanEqualsIfExists", ["10"])]),
        ("DateGreaterThanEqualsIfExists", ["2027", "2026"], [("DateLessThan", ["2026"])]),
        ("NotIpAddress", ["203.0.113.0/24"], [("IpAddress", ["203.0.113.0/24"])]),
        ("ArnLike", ["*"], [("ArnNotLike", ["*"])]),
        ("Null", ["true"], [("Null", ["false"])]),
        ("ForAllValues:Null", ["true"], [("ForAnyValue:Null", ["true"])]),
    ],
)
def test_in_words(operator: str, values: list[str], expected: list[tuple[str, list[str]]]) -> None:
    turned = negation(Condition(operator, "aws:X", tuple(values), POINTER))
    assert [(c.operator, list(c.values)) for c in turned] == expected
    assert {(c.key, c.pointer) for c in turned} == {("aws:X", POINTER)}


def test_many_valued_keys_are_the_ones_compared_as_text() -> None:
    """The law leaves out several values of a number, date or truth value, which AWS has no key for."""
    assert not [key for key in MANY_VALUED if KEYS[key][0][0].startswith(("Numeric", "Date", "Bool"))]
