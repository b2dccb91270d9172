"""``*`` and ``?``: the same as the plainest matcher there is, and linear work whatever the pattern."""

from __future__ import annotations

from functools import cache
from typing import SupportsIndex

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from permcheck.policy.wildcard import LITERAL_MARK, LITERAL_STAR, glob, has_wildcard, plain

LETTERS = "ab*?" + LITERAL_STAR + LITERAL_MARK


def naive(pattern: str, text: str) -> bool:
    """Straight from the definition: a star is nothing, or one character and a star again."""

    @cache
    def at(p: int, t: int) -> bool:
        if p == len(pattern):
            return t == len(text)
        if pattern[p] == "*":
            return at(p + 1, t) or (t < len(text) and at(p, t + 1))
        if t == len(text):
            return False
        wanted = {LITERAL_STAR: "*", LITERAL_MARK: "?"}.get(pattern[p], pattern[p])
        return (pattern[p] == "?" or wanted == text[t]) and at(p + 1, t + 1)

    return at(0, 0)


@settings(max_examples=3000, deadline=None, print_blob=True)
@given(st.text(LETTERS, max_size=9), st.text("ab*?", max_size=10))
@example("", "")
@example("*", "")
@example("a*a", "a")
@example("?*?", "a")
@example("*ab?*b*", "aabab")
def test_the_same_as_the_definition(pattern: str, text: str) -> None:
    assert glob(pattern)(text) is naive(pattern, text)


@settings(max_examples=500, deadline=None, print_blob=True)
@given(st.text("ab*?", max_size=8), st.data())
def test_what_a_pattern_is_filled_with_matches(pattern: str, draw: st.DataObject) -> None:
    filled = "".join(
        draw.draw(st.text("ab*?:", max_size=4)) if c == "*" else draw.draw(st.sampled_from("ab")) if c == "?" else c
        for c in pattern
    )
    assert glob(pattern)(filled)


@pytest.mark.parametrize(
    ("pattern", "text", "matches"),
    [
        ("a", "A", False),
        ("*", "line\nline", True),
        ("?", "\n", True),
        ("a.c", "abc", False),
        ("a[bc]", "ab", False),
        ("(a)+", "(a)+", True),
        ("a\\*", "a\\b", True),
        ("é*", "école", True),
        ("?", "é", True),
        ("*a*b*c*", "xaxbxc", True),
        ("*a*b*c*", "xcxbxa", False),
        ("a*b*a", "aba", True),
        ("ab*ba", "aba", False),
        ("?????", "four", False),
        ("*?a?*", "ba", False),
        ("*?a?*", "bab", True),
        (f"a{LITERAL_STAR}c", "a*c", True),
        (f"a{LITERAL_STAR}c", "abc", False),
        (f"?{LITERAL_MARK}*", "a?b", True),
        (f"?{LITERAL_MARK}*", "abb", False),
    ],
)
def test_cases(pattern: str, text: str, matches: bool) -> None:
    assert glob(pattern)(text) is matches


def test_marks() -> None:
    assert has_wildcard("a*") and has_wildcard("a?") and not has_wildcard("a" + LITERAL_STAR)
    assert plain(f"a{LITERAL_STAR}{LITERAL_MARK}") == "a*?"


class Counted(str):
    """A text that counts how many characters were asked for, one by one or in slices and searches."""

    steps = 0

    def __getitem__(self, at: object) -> str:
        found = super().__getitem__(at)  # type: ignore[index]
        Counted.steps += len(found)
        return found

    def find(self, piece: str, start: SupportsIndex | None = None, end: SupportsIndex | None = None, /) -> int:
        assert isinstance(start, int) and isinstance(end, int)
        at = super().find(piece, start, end)
        Counted.steps += (at if at >= 0 else end) - start + len(piece)
        return at


def _steps(pattern: str, text: str) -> int:
    Counted.steps = 0
    glob(pattern)(Counted(text))
    return Counted.steps


@pytest.mark.parametrize("piece", ["a", "a?", "?a", "ab", "a?b"])
@pytest.mark.parametrize("tail", ["b", "x", "?x"])
def test_many_stars_are_linear_work(piece: str, tail: str) -> None:
    """Ten times the stars and ten times the text: about ten times the characters looked at, and never a power of it."""
    for stars in (400, 4000):
        pattern, text = f"*{piece}" * stars + "*" + tail, "a" * (stars * 5)
        assert _steps(pattern, text) <= 4 * (len(pattern) + len(text)), stars


def test_stars_that_a_backtracking_matcher_never_finishes() -> None:
    for size in (400, 4000):
        pattern = "*a" * size + "*b"
        assert not glob(pattern)("a" * (size * 10))
        assert glob(pattern)("a" * (size * 10) + "b")
        assert not glob("*a?" * size + "*b")("a" * (size * 10))
        assert not glob("*" * size + "b")("a" * size)
