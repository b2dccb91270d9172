"""Bytes → text → JSON values: everything that can be wrong with a file before anyone asks what it says."""

import json
import re
from dataclasses import field
from typing import Any

from permcheck.frozen import dataclass
from permcheck.policy.parse import Repeated

_SPACE = re.compile(r"[ \t\n\r]*")
HOLDS_KEY = "permcheck:EnvironmentHoldsAccessKey"
# IAM, "IAM identifiers": AKIA and sixteen letters and digits.
_KEY_ID = re.compile(r"(?<![A-Z0-9])AKIA(?![A-Z0-9]*EXAMPLE)[A-Z2-7]{16}(?![A-Z0-9])")
DEEP = 200  # no capture of AWS nests half as deep
_TOKENS = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{}]', re.DOTALL)
_LONG_NUMBER = re.compile(r"\d{4000,}")


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a text, or the rest of it, was not read. line and column count from 1; None where no place is to blame."""

    error: str
    line: int | None = None
    column: int | None = None


@dataclass(frozen=True, slots=True)
class Parsed:
    """What one file holds.

    values: each JSON document with its pointer. One document has the pointer ``""``; several one after the other (pages
    of the AWS CLI, JSON Lines) are counted from 0: ``/0``, ``/1``, as if they stood in a list.
    repeated: some object has the same key twice. text: the file's text where it was not all JSON, for a better guess.
    """

    values: list[tuple[str, Any]] = field(default_factory=list)
    repeated: bool = False
    problem: Problem | None = None
    text: str = ""


def parse(content: bytes | str) -> Parsed:
    """Read everything that one file holds. Raises nothing: what is wrong is in ``problem``."""
    if isinstance(content, bytes):
        encoding = json.detect_encoding(content)
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError as error:
            return Parsed(problem=_undecodable(content, encoding, error), text=content.decode("latin-1"))
    else:
        text = content.removeprefix("\ufeff")
    values: list[Any] = []
    problem, repeated = _documents(text, values)
    # A text that goes on after its first document is a list of documents, whether or not the rest can be read.
    several = len(values) > 1 or (problem is not None and bool(values))
    pointed = [(f"/{i}" if several else "", value) for i, value in enumerate(values)]
    return Parsed(pointed, repeated, problem, text if problem else "")


def parse_embedded(text: str) -> tuple[Any, bool]:
    """Read the JSON that a JSON string holds; also tell whether some key stood twice in one object.

    Raises ValueError with one line that says what is wrong.
    """
    values: list[Any] = []
    problem, repeated = _documents(text, values)
    if problem is None and len(values) > 1:
        problem = Problem("broken JSON: something follows its end")
    if problem is not None:
        place = "" if problem.column is None else f", at character {problem.column} of the text"
        raise ValueError(problem.error + place)
    return values[0], repeated


def _as_object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) == len(pairs) and "Environment" not in made:
        return made
    if len(made) != len(pairs):
        made = Repeated(made)
        keys = [key for key, _ in pairs]
        made.repeated = next(key for key in keys if keys.count(key) > 1)
        _seen_twice.append(made.repeated)
    # Environment variables hold secrets: they are gone before anything else sees the object. In AWS's answers the
    # member is an object; a tag or a label of that name is a string and stays. All that is kept is whether one of them
    # was an access key.
    if "Environment" in made and isinstance(made["Environment"], (dict, list)) and holds_key(made.pop("Environment")):
        made[HOLDS_KEY] = True
    return made


def holds_key(environment: Any) -> bool:
    """Whether a variable's value is the id of a long-term access key, and none of those that AWS uses as examples."""
    variables = environment.get("Variables") if isinstance(environment, dict) else None
    values = variables.values() if isinstance(variables, dict) else ()
    return any(isinstance(value, str) and "AKIA" in value and _KEY_ID.search(value) is not None for value in values)


# Made once: a file is read in less time than a decoder is made. The keys that it met twice are counted beside it.
_seen_twice: list[str] = []
_decode = json.JSONDecoder(object_pairs_hook=_as_object).raw_decode


def _documents(text: str, values: list[Any]) -> tuple[Problem | None, bool]:
    """Append each document of the text to ``values``.

    Returns what stopped the reading, None at a proper end, and whether a key stood twice in one object.
    """
    _seen_twice.clear()
    return _stopped(text, values), bool(_seen_twice)


def _stopped(text: str, values: list[Any]) -> Problem | None:
    at = _next(text, 0)
    if at == len(text):
        return Problem("it is empty", 1, 1)
    try:
        while at < len(text):
            value, end = _decode(text, at)
            values.append(value)
            at = _next(text, end)
    except json.JSONDecodeError as error:
        return _broken(text, at, error)
    except RecursionError:
        return _too_deep(text, at)
    except ValueError:
        # Python refuses to convert numbers of several thousand digits.
        found = _LONG_NUMBER.search(text, at)
        return _problem("a number with thousands of digits", text, found.start() if found else at)
    return None


def _next(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at


def _broken(text: str, start: int, error: json.JSONDecodeError) -> Problem:
    if "\0" in text[:1024]:
        return Problem("a binary file, not JSON", 1, 1)
    if error.pos == start and text[start] not in '{["':
        return _problem("something that is not JSON follows" if start else "not JSON", text, start)
    ends = error.msg.startswith("Unterminated string") or error.pos >= len(text.rstrip())
    said = "the text ends in the middle" if ends else error.msg[:1].lower() + error.msg[1:]
    # An unterminated string is noticed at its start; the place to look at is the end of the text.
    return _problem(f"broken JSON: {said}", text, len(text.rstrip()) if ends else error.pos)


def _too_deep(text: str, start: int) -> Problem:
    depth = 0
    for token in _TOKENS.finditer(text, start):
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(token[0], 0)
        if depth == DEEP:
            return _problem("nested too deeply to be read", text, token.start())
    return _problem("nested too deeply to be read", text, start)


def _undecodable(content: bytes, encoding: str, error: UnicodeDecodeError) -> Problem:
    if b"\0" in content[:1024] and not encoding.startswith("utf-8-sig"):
        return Problem("a binary file, not JSON", 1, 1)
    before = content[: error.start].decode(encoding, "replace")
    name = {"utf-8-sig": "UTF-8"}.get(encoding, encoding.upper())
    wrong = f"not {name} text: byte 0x{content[error.start]:02x} has no meaning there"
    return Problem(wrong, before.count("\n") + 1, len(before) - before.rfind("\n"))


def _problem(error: str, text: str, at: int) -> Problem:
    return Problem(error, text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at))
