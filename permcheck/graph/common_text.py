"""A text of a given shape that several policy patterns match: which name somebody would have to choose to get in.

The patterns are followed side by side as sets of positions, one bit each; the search stops after so many
steps.
"""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from permcheck.policy.wildcard import plain

# Steps after which a search gives up: real patterns take one or two hundred.
_STEPS = 1_500


class Slot(NamedTuple):
    """One place of a shape. letters: what may stand there, the preferred one first. repeated: none or several of it."""

    letters: str
    repeated: bool = False


class Pattern(NamedTuple):
    """A policy pattern. by_segment: its wildcards do not stand for a colon (ARN operators)."""

    text: str
    by_segment: bool = False


Shape = Sequence[Slot]
_State = tuple[int, tuple[int, ...]]


def literally(text: str) -> list[Slot]:
    """The shape of one text."""
    return [Slot(letter) for letter in text]


def common_text(patterns: Sequence[Pattern], shape: Shape, avoid: Sequence[Pattern] = ()) -> str | None:
    """A text of the shape that every pattern matches and none of those to avoid.

    None where there is none, empty where the search was given up.
    """
    followed = [_Followed(p) for p in (*patterns, *avoid)]
    needed = len(patterns)
    wanted = "".join(dict.fromkeys(letter for f in followed for letter in f.letters))
    begin: _State = (0, tuple(f.begin for f in followed))
    seen, waiting = {begin}, [(begin, "")]
    while waiting and len(seen) < _STEPS:
        (at, states), text = waiting.pop()
        if at == len(shape):
            if all(f.done(s) is (i < needed) for i, (f, s) in enumerate(zip(followed, states, strict=True))):
                return text
            continue
        letters, repeated = shape[at]
        nexts: dict[_State, str] = {(at + 1, states): text} if repeated else {}
        for letter in _tried(letters, wanted):
            moved = tuple(f.step(state, letter) for f, state in zip(followed, states, strict=True))
            if all(moved[:needed]):
                nexts.setdefault((at if repeated else at + 1, moved), text + letter)
        # The last one is followed first: an end where there may be one, then the preferred letter.
        waiting.extend((state, nexts[state]) for state in reversed(nexts) if state not in seen)
        seen.update(nexts)
    return "" if waiting else None


def _tried(letters: str, wanted: str) -> Iterator[str]:
    """The preferred letter, those that some pattern spells out, and one that none does."""
    yield letters[0]
    yield from (letter for letter in wanted if letter in letters[1:])
    yield from islice((letter for letter in letters[1:] if letter not in wanted), 1)


class _Followed:
    """A pattern as a set of positions, a bit each: those that the text so far may have come to."""

    def __init__(self, pattern: Pattern) -> None:
        tokens: list[str] = []
        for token in pattern.text:
            if token != "*" or not tokens or tokens[-1] != "*":
                tokens.append(token)
        self._by_segment = pattern.by_segment
        self._stars = sum(1 << i for i, token in enumerate(tokens) if token == "*")
        self._any = sum(1 << i for i, token in enumerate(tokens) if token == "?")
        self._at: dict[str, int] = {}
        for i, token in enumerate(tokens):
            if token not in "*?":
                self._at[plain(token)] = self._at.get(plain(token), 0) | 1 << i
        self._end = 1 << len(tokens)
        self.letters = "".join(self._at)
        self.begin = self._past_stars(1)

    def step(self, state: int, letter: str) -> int:
        """The positions after one more letter; 0 = no match any more."""
        wild = not (self._by_segment and letter == ":")
        moved = (state & (self._at.get(letter, 0) | (self._any if wild else 0))) << 1
        return self._past_stars(moved | (state & self._stars if wild else 0))

    def done(self, state: int) -> bool:
        """Whether the whole pattern is matched."""
        return bool(state & self._end)

    def _past_stars(self, state: int) -> int:
        return state | (state & self._stars) << 1
