"""Colours for a terminal. Everything else gets the same text without them."""

from permcheck.frozen import dataclass

_CODES = {"critical": "1;31", "high": "1;31", "medium": "1;33", "low": "1;36", "info": "1;34"}
_CODES |= {"allowed": "1;31", "conditional": "33", "denied": "32", "unknown": "35"}
_CODES |= {"bold": "1", "dim": "2", "gutter": "1;34"}


@dataclass(frozen=True, slots=True)
class Style:
    """Paints text with the colour of a name: a severity, a verdict, ``bold``, ``dim`` or ``gutter``."""

    colour: bool = False

    def __call__(self, name: str, text: str) -> str:
        """``text``, painted where colours are wanted. Not escaped here: the caller has done that."""
        return f"\x1b[{_CODES[name]}m{text}\x1b[0m" if self.colour else text
