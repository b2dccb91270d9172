"""Offsets in the value of a JSON string, mapped to offsets in the literal that writes it."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from itertools import accumulate

# Each stands for one character of the value; the first is a character beyond U+FFFF, written as two halves.
_escapes = re.compile(r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.").finditer


def outer_offsets(text: str, start: int, end: int, offsets: Sequence[int]) -> dict[int, int]:
    """Map offsets in the value of the string literal ``text[start:end]`` (quotes included) to offsets in ``text``.

    offsets: ascending, 0 to the length of the value; the length itself maps to the closing quote.
    """
    written = text[start + 1 : end - 1]
    if "\\\\" not in written and "\\u" not in written:  # so each backslash is one character more
        escaped = list(accumulate(map(len, written.split("\\"))))[:-1]
        return {offset: start + 1 + offset + bisect_left(escaped, offset) for offset in offsets}
    outer: dict[int, int] = {}
    pending = iter(offsets)
    offset = next(pending, None)
    shift = start + 1  # outer offset minus inner offset of the plain stretch now being looked at
    for escape in _escapes(text, start + 1, end - 1):
        while offset is not None and offset + shift <= escape.start():
            outer[offset] = offset + shift
            offset = next(pending, None)
        if offset is None:
            return outer
        shift += escape.end() - escape.start() - 1
    while offset is not None:
        outer[offset] = offset + shift
        offset = next(pending, None)
    return outer
