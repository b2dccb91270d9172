"""Whether two patterns have a text in common, in time linear in the second."""

from functools import lru_cache

NO_SLASH = "\ue02f"  # in a template: any text without a slash; no policy text may contain this character


@lru_cache(maxsize=1 << 10)
def _compiled(template: str) -> tuple[dict[str, int], int, int, int]:
    """(positions of each literal, positions of ``*``, positions of NO_SLASH, one bit behind the last)."""
    literals: dict[str, int] = {}
    stars = narrow = 0
    for i, character in enumerate(template):
        if character == "*":
            stars |= 1 << i
        elif character == NO_SLASH:
            narrow |= 1 << i
        else:
            literals[character] = literals.get(character, 0) | 1 << i
    return literals, stars, narrow, 1 << len(template)


@lru_cache(maxsize=1 << 15)
def overlap(template: str, pattern: str) -> bool:
    """Whether some text matches both. template: literals, ``*`` and NO_SLASH; pattern: literals, ``*`` and ``?``.

    The template is an automaton whose states are the bits of an integer; the pattern is read through it once.
    """
    literals, stars, narrow, end = _compiled(template)
    every = (end << 1) - 1
    fixed = every & ~end & ~stars & ~narrow
    state = _onwards(1, stars | narrow)
    for character in pattern:
        if character == "*":
            # Some text leads from the first open state to each later one.
            state = every & ~((state & -state) - 1)
            continue
        if character == "?":
            moved = (state & fixed) << 1 | state & (stars | narrow)
        else:
            kept = stars if character == "/" else stars | narrow
            moved = (state & literals.get(character, 0)) << 1 | state & kept
        state = _onwards(moved, stars | narrow)
        if not state:
            return False
    return bool(state & end)


def _onwards(state: int, skippable: int) -> int:
    """The states open without another character: a star may stand for nothing."""
    while (more := state | (state & skippable) << 1) != state:
        state = more
    return state
