"""``*`` and ``?`` in policy strings, in time linear in pattern and text whatever the pattern.

A star taken literally (policy variable ``${*}``) travels as LITERAL_STAR, which no policy text may contain
(IAM allows U+0009, U+000A, U+000D and U+0020 to U+00FF).
"""

from collections.abc import Callable
from functools import lru_cache

LITERAL_STAR = "\ue02a"
LITERAL_MARK = "\ue03f"
# Where a pattern is read as a text (policy.patterns): the other pattern's star, which no question mark stands for.
ANY_RUN = "\ue0aa"

Matcher = Callable[[str], bool]


def has_wildcard(pattern: str) -> bool:
    """Whether the pattern holds a ``*`` or ``?`` that stands for other text."""
    return "*" in pattern or "?" in pattern


def plain(pattern: str) -> str:
    """The pattern with its literal marks turned back into the characters they stand for."""
    if LITERAL_STAR in pattern or LITERAL_MARK in pattern:
        return pattern.replace(LITERAL_STAR, "*").replace(LITERAL_MARK, "?")
    return pattern


@lru_cache(maxsize=1 << 16)
def glob(pattern: str) -> Matcher:
    """A function that tells whether a text matches the pattern, case-sensitively.

    Text between stars is searched leftmost-first, which never has to be taken back: linear, no regular expression.
    """
    if not has_wildcard(pattern):
        return plain(pattern).__eq__
    chunks = pattern.split("*")
    if len(chunks) == 1:
        return _exact(chunks[0])
    head, *middle, tail = chunks
    inner = tuple(_searcher(c) for c in middle if c)
    if not inner and not has_wildcard(head) and not has_wildcard(tail):
        return _ends(plain(head), plain(tail))
    starts, ends = _exact(head), _exact(tail)
    head_length, tail_length = len(head), len(tail)

    def matches(text: str) -> bool:
        last = len(text) - tail_length
        if last < head_length or not starts(text[:head_length]) or not ends(text[last:]):
            return False
        at = head_length
        for search in inner:
            at = search(text, at, last)
            if at < 0:
                return False
        return True

    return matches


def _ends(head: str, tail: str) -> Matcher:
    if not tail:
        return lambda text: text.startswith(head)
    length = len(head) + len(tail)
    return lambda text: len(text) >= length and text.startswith(head) and text.endswith(tail)


def _exact(chunk: str) -> Matcher:
    """Same length, every character equal or a question mark."""
    if "?" not in chunk:
        return plain(chunk).__eq__
    characters = plain_characters(chunk)
    return lambda text: (
        len(text) == len(characters)
        and all((t != ANY_RUN) if c is None else c == t for c, t in zip(characters, text, strict=False))
    )


def plain_characters(chunk: str) -> tuple[str | None, ...]:
    """The characters of a star-free chunk, None where any character fits."""
    return tuple(None if c == "?" else plain(c) for c in chunk)


def _searcher(chunk: str) -> Callable[[str, int, int], int]:
    """A function (text, start, end) → the end of the leftmost occurrence of chunk, or -1."""
    if "?" not in chunk:
        literal = plain(chunk)
        size = len(literal)

        def find(text: str, start: int, end: int) -> int:
            at = text.find(literal, start, end)
            return at + size if at >= 0 else -1

        return find
    # Shift-And (Baeza-Yates and Gonnet 1992): one step a character, the chunk's positions held in one integer.
    characters = plain_characters(chunk)
    wild = sum(1 << i for i, c in enumerate(characters) if c is None)
    masks: dict[str, int] = {ANY_RUN: 0}
    for i, character in enumerate(characters):
        if character is not None:
            masks[character] = masks.get(character, wild) | 1 << i
    found = 1 << len(characters) - 1

    def shift(text: str, start: int, end: int) -> int:
        state = 0
        for at in range(start, end):
            state = (state << 1 | 1) & masks.get(text[at], wild)
            if state & found:
                return at + 1
        return -1

    return shift
