"""Names, Sids and values come from input that nobody has checked: what a terminal would obey is shown, not sent."""

import unicodedata

# Letters and symbols that leave no mark on the screen, so that two different names would look alike.
_INVISIBLE = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")


def escape(text: str) -> str:
    r"""Return ``text`` with every character that does not print as itself written as ``\u{1b}``.

    That covers control characters, newlines, marks that turn the direction of writing, and invisible characters.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(c if _shows(c) else f"\\u{{{ord(c):x}}}" for c in text)


def _shows(character: str) -> bool:
    return (
        character.isprintable()
        and character not in _INVISIBLE
        and not "\ufe00" <= character <= "\ufe0f"
        and not "\U000e0100" <= character <= "\U000e01ef"
    )


def width(text: str) -> int:
    """How many columns of a terminal the escaped text takes."""
    if text.isascii():
        return len(text)
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
