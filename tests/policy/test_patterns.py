"""Patterns against patterns, compared with all texts over a small alphabet."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from permcheck.model.policy import PolicyKind
from permcheck.policy.patterns import covers, overlaps, resource_covers, resources_overlap
from permcheck.policy.wildcard import glob

TEXTS = ["".join(t) for n in range(8) for t in product("ab", repeat=n)]
LETTERS = st.text(alphabet="ab*?", max_size=4)
IDENTITY = PolicyKind.IDENTITY


@settings(max_examples=400, deadline=None)
@given(LETTERS, LETTERS)
def test_overlaps_is_exact(one: str, other: str) -> None:
    first, second = glob(one), glob(other)
    assert overlaps(one, other) == any(first(t) and second(t) for t in TEXTS)


@settings(max_examples=400, deadline=None)
@given(LETTERS, LETTERS)
def test_covers_is_never_wrong(wide: str, narrow: str) -> None:
    if covers(wide, narrow):
        first, second = glob(wide), glob(narrow)
        assert all(first(t) for t in TEXTS if second(t))


@pytest.mark.parametrize(
    ("wide", "narrow"),
    [("a*", "ab*"), ("a*", "a"), ("*b", "a*b"), ("a?", "ab"), ("a??*", "ab?c*"), ("a*b*c", "axb*yc"), ("a*", "a*b?")],
)
def test_covers(wide: str, narrow: str) -> None:
    assert covers(wide, narrow)
    assert not covers(narrow, wide)


@pytest.mark.parametrize(("wide", "narrow"), [("a?", "a*"), ("a?b", "a*b"), ("*a?b", "a*b")])
def test_a_question_mark_covers_no_star(wide: str, narrow: str) -> None:
    assert not covers(wide, narrow)


def test_resources_by_segment() -> None:
    """IAM User Guide, "IAM JSON policy elements: Resource": a star stands for no colon between the segments."""
    wide, one = "arn:aws:dynamodb:*:*:table/app-*", "arn:aws:dynamodb:eu-west-1:111122223333:table/app-x"
    assert resource_covers(wide, IDENTITY, one, IDENTITY) and not resource_covers(one, IDENTITY, wide, IDENTITY)
    assert not resource_covers("arn:aws:s3:::*", IDENTITY, "*", IDENTITY)
    assert resource_covers("*", IDENTITY, one, IDENTITY)
    assert resources_overlap("arn:aws:dynamodb:eu-*:*:table/*", IDENTITY, wide, IDENTITY)
    assert not resources_overlap("arn:aws:dynamodb:*:*:table/b*", IDENTITY, wide, IDENTITY)
    assert resources_overlap("arn:aws:s3:::*-logs/*", IDENTITY, "arn:aws:s3:::app-*", IDENTITY)
