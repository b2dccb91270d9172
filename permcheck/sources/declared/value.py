"""What a template or plan says of a resource: values that know where they stand, unknown ones made explicit.

A text may hold marks for values that nobody knows before deploy, each with the name of what it stands for. Two marks of
one name are the same value, whatever it is; ``shown`` writes them as ``<NAME>``, which no name of AWS can hold.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from permcheck.frozen import dataclass

Scalar = str | int | float | bool | None
Raw: TypeAlias = "Scalar | tuple[Value, ...] | Mapping[str, Value]"

# Private use characters: IAM allows none beyond U+00FF in a policy.
OPEN, CLOSE = "\ue100", "\ue101"
MAYBE = "-or-nothing"
_MARK = re.compile(f"{OPEN}([^{OPEN}{CLOSE}]*){CLOSE}")
_TRUTHS = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}
_UNFIT = re.compile(r"[^\w.\-]+", re.ASCII)


def unknown(name: str, maybe: bool = False) -> str:
    """A text that stands for a value nobody knows before deploy. name: of the parameter, attribute or reference.

    maybe: there may be no value at all, as if nothing had been written.
    """
    return f"{OPEN}{_UNFIT.sub('-', name)}{MAYBE if maybe else ''}{CLOSE}"


def may_be_nothing(text: str) -> bool:
    """Whether a text is one unknown value that may turn out to be none."""
    return text.endswith(MAYBE + CLOSE) and is_unknown(text)


def has_unknown(text: str) -> bool:
    """Whether some part of a text is unknown."""
    return OPEN in text


def is_unknown(text: str) -> bool:
    """Whether a text is one unknown value and nothing else; then it may stand for a list or an object too."""
    return _MARK.fullmatch(text) is not None


def unknowns_in(text: str) -> list[str]:
    """The names of the unknown values in a text, in order, each once."""
    return list(dict.fromkeys(_MARK.findall(text)))


def shown(text: str) -> str:
    """The text with ``<NAME>`` for each unknown value: the same value gives the same text."""
    return _MARK.sub(r"<\1>", text) if OPEN in text else text


def filled(text: str, wildcard: str = "*") -> str:
    """The text with something else for each unknown value; neighbouring stars become one."""
    found = _MARK.sub(lambda _: wildcard, text)
    return re.sub(r"\*{2,}", "*", found) if wildcard == "*" else found


@dataclass(frozen=True, slots=True, eq=False)
class Value:
    """A scalar, a list (tuple of Values) or an object (mapping to Values), and where it is written.

    source, pointer: of the place a person should look at. A value that was worked out keeps the place of what it was
    worked out from; no two values need to nest in their pointers as they nest in each other.
    """

    raw: Raw
    source: str
    pointer: str

    @property
    def unknown(self) -> bool:
        """Whether the whole value is unknown."""
        return isinstance(self.raw, str) and is_unknown(self.raw)

    def get(self, key: str) -> "Value | None":
        """A member of an object; None where there is none, it is null, or this is no object."""
        found = self.raw.get(key) if isinstance(self.raw, Mapping) else None
        return None if found is None or found.raw is None else found

    def at(self, *keys: str) -> "Value | None":
        """A member of a member, and so on."""
        found: Value | None = self
        for key in keys:
            found = found.get(key) if found is not None else None
        return found

    def members(self) -> Iterator[tuple[str, "Value"]]:
        """The members of an object that are not null; none for anything else."""
        if isinstance(self.raw, Mapping):
            yield from ((key, value) for key, value in self.raw.items() if value.raw is not None)

    def entries(self, key: str) -> tuple["Value", ...]:
        """The entries of the list that a member holds; a single value there counts as a list of one."""
        found = self.get(key)
        if found is None:
            return ()
        return tuple(v for v in found.raw if v.raw is not None) if isinstance(found.raw, tuple) else (found,)

    def text(self, key: str = "") -> str | None:
        """This value, or that of a member, as text with ``<NAME>`` for what is unknown; None where there is no text."""
        found = self.written(key)
        return None if found is None else shown(found)

    def written(self, key: str = "") -> str | None:
        """The same with its marks, for whoever takes care of them."""
        found = self.get(key) if key else self
        if found is None or isinstance(found.raw, (tuple, Mapping)) or found.raw is None:
            return None
        if isinstance(found.raw, bool):
            return "true" if found.raw else "false"
        return str(found.raw)

    def flag(self, key: str) -> bool | None:
        """True or false, also where it is written as text; None where it is absent or unknown."""
        text = self.written(key)
        return _TRUTHS.get(text.lower()) if text is not None else None

    def plain(self) -> Any:
        """The value as JSON knows it, marks included."""
        if isinstance(self.raw, tuple):
            return [value.plain() for value in self.raw]
        if isinstance(self.raw, Mapping):
            return {key: value.plain() for key, value in self.raw.items()}
        return self.raw

    def has_unknown(self) -> bool:
        """Whether anything in the value is unknown."""
        if isinstance(self.raw, str):
            return has_unknown(self.raw)
        if isinstance(self.raw, tuple):
            return any(value.has_unknown() for value in self.raw)
        if isinstance(self.raw, Mapping):
            return any(value.has_unknown() for value in self.raw.values())
        return False


def value_of(plain: Any, source: str, pointer: str = "") -> Value:
    """JSON as a Value whose pointers are those of the JSON itself."""
    if isinstance(plain, dict):
        made = {
            key: value_of(member, source, f"{pointer}/{key.replace('~', '~0').replace('/', '~1')}")
            for key, member in plain.items()
        }
        return Value(made, source, pointer)
    if isinstance(plain, list):
        return Value(tuple(value_of(each, source, f"{pointer}/{i}") for i, each in enumerate(plain)), source, pointer)
    return Value(plain, source, pointer)
