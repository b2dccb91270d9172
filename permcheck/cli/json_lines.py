"""JSON Lines of requests → JSON Lines of verdicts, one line at a time: a pipe gets each answer as it is known."""

import json
from collections.abc import Iterator
from typing import IO, Any

from permcheck.errors import PermcheckError
from permcheck.policy import evaluate_request
from permcheck.policy.parse import Repeated, repeated_keys

LONGEST = 32 * 1024 * 1024  # bytes of a line; the policies of a real request come to less than one of these

_encode = json.JSONEncoder(ensure_ascii=True, check_circular=False).encode


class _Unreadable(Exception):
    """A line that is no request. id: of the request, where that much could be read."""

    def __init__(self, message: str, known_id: object = None) -> None:
        super().__init__(message)
        self.message = message
        self.id = known_id


def answers(stream: IO[bytes]) -> Iterator[tuple[str, bool]]:
    """Yield the answer to each line with its newline, and whether it is an error. Blank lines have no answer."""
    for number, line in _lines(stream):
        try:
            yield _encode(_answer(line)) + "\n", False
        except _Unreadable as error:
            said = {"message": error.message, "line": number}
            yield _encode({"id": error.id, "error": said}) + "\n", True


def _lines(stream: IO[bytes]) -> Iterator[tuple[int, bytes | None]]:
    """Yield (number, line), None for a line too long to be read; it is passed over without being kept."""
    number = 0
    while line := stream.readline(LONGEST + 1):
        number += 1
        too_long = len(line) > LONGEST
        while too_long and not line.endswith(b"\n") and (line := stream.readline(LONGEST)):
            pass
        if too_long:
            yield number, None
        elif line.strip() not in (b"", b"\xef\xbb\xbf"):
            yield number, line


def _answer(line: bytes | None) -> dict[str, Any]:
    if line is None:
        raise _Unreadable(f"the line is longer than {LONGEST >> 20} MiB")
    asked, repeated = _parsed(line)
    known_id = asked.get("id") if isinstance(asked, dict) else None
    if isinstance(known_id, (dict, list)):
        raise _Unreadable("id is a string or a number")
    if repeated:
        pointer, key = next(repeated_keys(asked))
        raise _Unreadable(f"{pointer or 'the request'}: the key {key!r} stands twice in one object", known_id)
    try:
        return evaluate_request(asked)
    except PermcheckError as error:
        raise _Unreadable(error.message, known_id) from error
    except RecursionError as error:
        raise _Unreadable("the request is nested too deeply", known_id) from error


def _parsed(line: bytes) -> tuple[Any, bool]:
    """The JSON value of a line, and whether a key stands twice somewhere in it. Raises _Unreadable."""
    repeated = False

    def pairs(members: list[tuple[str, Any]]) -> dict[str, Any]:
        nonlocal repeated
        made = dict(members)
        if len(made) == len(members):
            return made
        repeated = True
        again = Repeated(made)
        keys = [key for key, _ in members]
        again.repeated = next(key for i, key in enumerate(keys) if key in keys[:i])
        return again

    try:
        text = line.decode("utf-8-sig")
        return json.loads(text, object_pairs_hook=pairs, parse_constant=_no_number), repeated
    except UnicodeDecodeError as error:
        raise _Unreadable(f"the line is not UTF-8 text (byte {error.start + 1})") from error
    except json.JSONDecodeError as error:
        raise _Unreadable(f"the line is no JSON: {error.msg} at column {error.colno}") from error
    except RecursionError as error:
        raise _Unreadable("the line is nested too deeply") from error
    except ValueError as error:
        raise _Unreadable(f"the line holds a number that cannot be read: {error}") from error


def _no_number(name: str) -> Any:
    raise ValueError(f"JSON has no {name}")
