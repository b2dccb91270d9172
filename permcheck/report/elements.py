"""Steps over the objects of a long list by the lines that close them, in half the time that reading them takes.

A line that closes an object is only a guess: it is taken where the brackets before it say so. They do, whatever the
text may hold, where no bracket stands in a string and nothing is escaped. All else is left to the scanner.
"""

from functools import lru_cache

# No template may be as long (1 MB is CloudFormation's limit). So what is longer was read as JSON, where a template may
# be YAML in braces, of which only what stands before its first line that is no JSON has a place.
LONG = 1 << 20
_NEAR = 1 << 14  # str.find makes itself ready for a long text, at some cost
_DEEPEST = 32  # brackets in brackets; each costs a look at all of them
_OTHERS = bytes(set(range(256)) - set(b'{}[]"\\'))


def closing_line(text: str, at: int) -> str:
    """How a line begins that closes an object which opens at ``at``, its line break included; "" where none is sought.

    That is where the text is short, or where more than an indentation stands before the object.
    """
    line_break = text.rfind("\n", 0, at) if len(text) >= LONG and text.startswith("{", at) else -1
    indented = line_break >= 0 and not text[line_break:at].strip(" \t\r\n")
    return f"{text[line_break:at]}}}" if indented else ""


def end_of_object(text: str, at: int, closing: str) -> int:
    """The offset just after the object that opens at ``at``, where the next such line surely closes it; else 0."""
    if text[at] != "{":
        return 0
    found = text.find(closing, at, at + _NEAR)
    if found < 0:
        found = text.find(closing, at)
        if found < 0:
            return 0
    end = found + len(closing)
    # Only characters of ASCII matter, so any other may become anything.
    marks = text[at:end].encode("utf-8", "replace").translate(None, _OTHERS)
    return end if _is_one_object(marks) else 0


@lru_cache(maxsize=1 << 12)
def _is_one_object(marks: bytes) -> bool:
    """Whether these are brackets, beside strings without any, and the last bracket closes the first."""
    # Two quotes side by side are the ends of one string or of two: what follows them is in a string as it was before.
    inside = marks[1:-1].replace(b'""', b"")
    for _ in range(_DEEPEST):
        if not inside:
            return True
        inside = inside.replace(b"{}", b"").replace(b"[]", b"")
    return False
