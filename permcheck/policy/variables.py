"""Policy variables (IAM User Guide, "IAM policy elements: Variables and tags").

``${key}``, ``${key, 'default'}`` and the escapes ``${*}``, ``${?}``, ``${$}``. A substituted value keeps the meaning
its wildcards have (Cognito Developer Guide, "Using attributes for access control"); only the escapes are literal.
"""

import re
from enum import Enum
from functools import lru_cache

from permcheck.policy.context import Context
from permcheck.policy.wildcard import LITERAL_MARK, LITERAL_STAR

_VARIABLE = re.compile(r"\$\{([^{}]*)\}")
_ESCAPES = {"*": LITERAL_STAR, "?": LITERAL_MARK, "$": "$"}


# Keys that may hold several values; no variable can stand for them, whatever a request holds.
MULTIVALUED = frozenset(
    (
        "aws:calledvia",
        "aws:principalorgpaths",
        "aws:principalservicenameslist",
        "aws:resourceorgpaths",
        "aws:sourceorgpaths",
        "aws:tagkeys",
        "cognito-identity.amazonaws.com:amr",
    )
)


class Unresolved(Enum):
    """Why a text with variables has no value."""

    ABSENT = "absent"  # a key is missing or has several values, and there is no default
    OPEN = "open"  # nothing is known of a key


@lru_cache(maxsize=1 << 14)
def template(text: str) -> tuple[tuple[str, str | None, str | None], ...]:
    """The text as (literal, key, default) pieces: literal text, then a variable or None at the end."""
    pieces: list[tuple[str, str | None, str | None]] = []
    at = 0
    literal = ""
    for found in _VARIABLE.finditer(text):
        literal += text[at : found.start()]
        at = found.end()
        name = found.group(1)
        if name in _ESCAPES:
            literal += _ESCAPES[name]
            continue
        key, default = _key_and_default(name)
        pieces.append((literal, key.lower(), default))
        literal = ""
    pieces.append((literal + text[at:], None, None))
    return tuple(pieces)


def _key_and_default(name: str) -> tuple[str, str | None]:
    """``key`` or ``key, 'default'``; what has another form is a key as it stands."""
    key, comma, rest = (part.strip() for part in name.partition(","))
    if comma and key and len(rest) >= 2 and rest[0] == rest[-1] == "'" and "'" not in rest[1:-1]:
        return key, rest[1:-1]
    return name.strip(), None


def keys_in(text: str) -> tuple[str, ...]:
    """The condition keys (lower case) that the variables of a text read."""
    return tuple(key for _, key, _ in template(text) if key is not None) if "${" in text else ()


def substitute(text: str, context: Context) -> str | Unresolved:
    """The text with its variables replaced."""
    result: list[str] = []
    open_key = False
    for literal, key, default in template(text):
        result.append(literal)
        if key is None:
            continue
        values = context.get(key)
        if key in MULTIVALUED:
            return Unresolved.ABSENT
        if values is None:
            open_key = True
        elif len(values) == 1:
            result.append(values[0])
        elif default is not None and not values:
            result.append(default)
        else:
            return Unresolved.ABSENT
    return Unresolved.OPEN if open_key else "".join(result)
