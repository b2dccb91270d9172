"""Patterns against patterns: does one cover another, can both match one text; in time linear in both.

The same for action patterns and, segment by segment, for Resource patterns.
"""

from functools import lru_cache

from permcheck.model.policy import PolicyKind
from permcheck.policy.arn import pattern_segments
from permcheck.policy.wildcard import ANY_RUN, glob, has_wildcard, plain, plain_characters

_ANY_ONE = "\ue0bb"  # a question mark read as a character: what stands for one character, and nothing but it, fits


@lru_cache(maxsize=1 << 16)
def covers(wide: str, narrow: str) -> bool:
    """Whether every text that ``narrow`` matches is matched by ``wide``.

    True is certain. The narrow pattern is read as a text whose wildcards only wildcards stand for, so a few equal
    patterns that are written differently (``?*`` and ``*?``) are not seen to cover each other.
    """
    if wide == narrow or (wide and wide.strip("*") == ""):
        return True
    return glob(wide)(plain(narrow.replace("*", ANY_RUN).replace("?", _ANY_ONE)))


@lru_cache(maxsize=1 << 16)
def overlaps(one: str, other: str) -> bool:
    """Whether some text matches both. Exact.

    Two patterns with stars have one as soon as their ends agree: what stands between the stars of one fits into a star
    of the other.
    """
    if "*" in one and "*" in other:
        return _agree(one.partition("*")[0], other.partition("*")[0]) and _agree(
            one.rpartition("*")[2][::-1], other.rpartition("*")[2][::-1]
        )
    if "*" in one:
        one, other = other, one
    if not has_wildcard(one):
        return glob(other)(plain(one))
    if "*" not in other:
        return len(one) == len(other) and _agree(one, other)
    return _fits(one, other)


def _agree(one: str, other: str) -> bool:
    """Whether two star-free texts agree as far as the shorter goes; a question mark agrees with everything."""
    pairs = zip(plain_characters(one), plain_characters(other), strict=False)
    return all(a is None or b is None or a == b for a, b in pairs)


def _fits(fixed: str, pattern: str) -> bool:
    """Whether a star-free pattern has a text in common with one that has stars: chunk by chunk, leftmost first."""
    head, *middle, tail = pattern.split("*")
    if len(fixed) < len(head) + len(tail) or not _agree(head, fixed) or not _agree(tail[::-1], fixed[::-1]):
        return False
    text = plain_characters(fixed)[len(head) : len(fixed) - len(tail)]
    at = 0
    for chunk in middle:
        at = _found(plain_characters(chunk), text, at)
        if at < 0:
            return False
    return True


def _found(chunk: tuple[str | None, ...], text: tuple[str | None, ...], start: int) -> int:
    """The end of the leftmost place where the chunk fits, or -1. Shift-And, as in policy.wildcard."""
    if not chunk:
        return start
    wild = sum(1 << i for i, c in enumerate(chunk) if c is None)
    masks: dict[str | None, int] = {None: (1 << len(chunk)) - 1}
    for i, character in enumerate(chunk):
        if character is not None:
            masks[character] = masks.get(character, wild) | 1 << i
    state, last = 0, 1 << len(chunk) - 1
    for at in range(start, len(text)):
        state = (state << 1 | 1) & masks.get(text[at], wild)
        if state & last:
            return at + 1
    return -1


@lru_cache(maxsize=1 << 16)
def action_covers(wide: str, narrow: str) -> bool:
    """Whether every action of ``narrow`` is one of ``wide``."""
    return covers(wide.lower(), narrow.lower())


@lru_cache(maxsize=1 << 16)
def actions_overlap(one: str, other: str) -> bool:
    """Whether some action is named by both."""
    return overlaps(one.lower(), other.lower())


@lru_cache(maxsize=1 << 16)
def resource_covers(wide: str, kind: PolicyKind, narrow: str, narrow_kind: PolicyKind) -> bool:
    """Whether every resource of ``narrow`` is one of ``wide``. The kinds are those of the layers they stand in."""
    if _everything(wide):
        return True
    if _everything(narrow):
        return False
    one, other = pattern_segments(wide, kind), pattern_segments(narrow, narrow_kind)
    if one is None or other is None:
        return wide == narrow
    return all(covers(a, b) for a, b in zip(one, other, strict=True))


@lru_cache(maxsize=1 << 16)
def resources_overlap(one: str, kind: PolicyKind, other: str, other_kind: PolicyKind) -> bool:
    """Whether some resource is named by both."""
    if _everything(one) or _everything(other):
        return True
    first, second = pattern_segments(one, kind), pattern_segments(other, other_kind)
    if first is None or second is None:
        return one == other
    return all(overlaps(a, b) for a, b in zip(first, second, strict=True))


def _everything(pattern: str) -> bool:
    return bool(pattern) and pattern.strip("*") == ""
