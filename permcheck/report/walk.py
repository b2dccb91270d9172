"""Where in a JSON text the values stand that some pointers name: one pass, whatever the number of pointers.

A container that a pointer leads through is entered; every other value is skipped by the C scanner of the json module,
which is several times faster than building a tree with positions.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import field
from json import JSONDecoder

from permcheck.frozen import dataclass
from permcheck.report.elements import closing_line, end_of_object
from permcheck.report.literal import outer_offsets

_solid = re.compile(r"[^ \t\n\r]|\Z")
# A key without escapes, with its colon; what stands between a member and the next one, or the closing bracket.
_key = re.compile(r'"([^"\\]*)"[ \t\n\r]*:[ \t\n\r]*').match
_gap = re.compile(r"[ \t\n\r]*(?:,[ \t\n\r]*|(?=[]}]))").match
# A sibling is only skipped, never used: numbers may stay text, and a stray control character must not hide a line.
_skip = JSONDecoder(parse_int=str, parse_float=str, strict=False).raw_decode


@dataclass(frozen=True, slots=True)
class Span:
    """Offsets into the text, in characters: the value is ``text[start:end]``; key is where its key begins, or start.

    depth: in how many JSON strings, one in the other, the value is written.
    """

    start: int
    end: int
    key: int
    depth: int = 0


@dataclass(slots=True)
class _Node:
    """The pointers that go through one value: those that end here, and the rest by their next token."""

    ending: list[str] = field(default_factory=list)
    below: dict[str, "_Node"] = field(default_factory=dict)


def tokens(pointer: str) -> list[str]:
    """The unescaped reference tokens of an RFC 6901 pointer; none for the whole document."""
    return [token.replace("~1", "/").replace("~0", "~") for token in pointer.split("/")[1:]]


def spans(text: str, pointers: Iterable[str]) -> dict[str, Span]:
    """Return the span of each pointer that leads to a value in ``text``; one that leads nowhere is left out.

    A pointer that goes on inside a JSON string is followed into the JSON written there. In a text of several JSON
    documents one after the other, the first token is the number of the document, from 0. Where a key stands twice in
    an object the last one counts, as for Python's json. Text that is no JSON gives what was found before the error.
    """
    root = _tree(pointers)
    found: dict[str, Span] = {}
    try:
        start = _next(text, 0)
        if _next(text, _value(text, start, start, root, found)) < len(text):
            found.clear()
            for number, at in enumerate(_documents(text)):
                if node := root.below.get(str(number)):
                    _value(text, at, at, node, found)
    except (ValueError, IndexError, RecursionError):
        pass
    return found


def _tree(pointers: Iterable[str]) -> _Node:
    root = _Node()
    for pointer in pointers:
        if pointer and not pointer.startswith("/"):
            continue
        node = root
        for token in tokens(pointer):
            node = node.below.setdefault(token, _Node())
        node.ending.append(pointer)
    return root


def _documents(text: str) -> Iterator[int]:
    at = _next(text, 0)
    while at < len(text):
        yield at
        at = _next(text, _skip(text, at)[1])


def _next(text: str, at: int) -> int:
    """The offset of the next character that is no space, the length of the text where there is none."""
    solid = _solid.search(text, at)
    return solid.start() if solid else len(text)


def _value(text: str, at: int, key: int, node: _Node | None, found: dict[str, Span]) -> int:
    """Record what ``node`` wants of the value at ``at`` and below it; return the offset just after the value.

    Raises ValueError (no JSON), IndexError (the text ends), RecursionError.
    """
    if node is None:
        return _skip(text, at)[1]
    first = text[at]
    if not node.below or first not in '{["':
        end = _skip(text, at)[1]
    elif first == "{":
        end = _object(text, at, node.below, found)
    elif first == "[":
        end = _array(text, at, node.below, found)
    else:
        end = _string(text, at, node, found)
    for pointer in node.ending:
        found[pointer] = Span(at, end, key)
    return end


def _object(text: str, at: int, below: dict[str, _Node], found: dict[str, Span]) -> int:
    at = _next(text, at + 1)
    while text[at] != "}":
        plain = _key(text, at)
        key, value = (plain[1], plain.end()) if plain else _escaped_key(text, at)
        node = below.get(key)
        end = _skip(text, value)[1] if node is None else _value(text, value, at, node, found)
        at = _separated(text, end)
    return at + 1


def _array(text: str, at: int, below: dict[str, _Node], found: dict[str, Span]) -> int:
    at, index = _next(text, at + 1), 0
    closing = closing_line(text, at)
    while text[at] != "]":
        if node := below.get(str(index)):
            end = _value(text, at, at, node, found)
        elif not closing or not (end := end_of_object(text, at, closing)):
            end = _skip(text, at)[1]
            if not text.startswith(closing, end - len(closing)):
                closing = ""  # lines tell nothing here, and each look for one might go through the whole text
        at = _separated(text, end)
        index += 1
    return at + 1


def _escaped_key(text: str, at: int) -> tuple[str, int]:
    """Any key, and the offset of its value."""
    key, end = _skip(text, at)
    colon = _next(text, end)
    if text[colon] != ":" or not isinstance(key, str):
        raise ValueError("not an object")
    return key, _next(text, colon + 1)


def _separated(text: str, at: int) -> int:
    """The offset of the next member after a comma, or that of a closing bracket."""
    gap = _gap(text, at)
    if gap is None:
        raise ValueError("not a container")
    return gap.end()


def _string(text: str, at: int, node: _Node, found: dict[str, Span]) -> int:
    """Follow pointers into the JSON that a string holds. One that leads nowhere in it gets the string's own span."""
    inner, end = _skip(text, at)
    wanted = dict(_relative(node, ""))
    inside = spans(inner, wanted)
    offsets = sorted({offset for span in inside.values() for offset in (span.start, span.end, span.key)})
    outer = outer_offsets(text, at, end, offsets)
    for pointer, ending in wanted.items():
        span = inside.get(pointer)
        place = Span(at, end, at)
        if span is not None:
            place = Span(outer[span.start], outer[span.end], outer[span.key], span.depth + 1)
        found.update(dict.fromkeys(ending, place))
    return end


def _relative(node: _Node, pointer: str) -> Iterator[tuple[str, list[str]]]:
    """Yield each pointer below ``node``, relative to it, with the whole pointers that end there."""
    for token, below in node.below.items():
        here = f"{pointer}/{token.replace('~', '~0').replace('/', '~1')}"
        if below.ending:
            yield here, below.ending
        yield from _relative(below, here)
