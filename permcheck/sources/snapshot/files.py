"""Snapshots as files: one gzip'd JSON text when finished, and a journal of JSON Lines beside it until then.

The journal is only ever appended to, a line for each answer, so that a scan that is killed leaves all that it had read.
"""

import gzip
import json
import os
import zlib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import IO, Any

from permcheck.errors import UsageError
from permcheck.sources.snapshot.answer import Answer, Key, as_json, from_json
from permcheck.sources.snapshot.snapshot import MARK, Snapshot, by_key, head_json, head_of, text

GZIP = b"\x1f\x8b"
JOURNAL = ".partial"  # what the journal's name ends with, beside the name of the snapshot
_START = f'{{"{MARK}"'.encode()

Unfinished = dict[Key, tuple[tuple[Mapping[str, Any], ...], Any]]


def read(content: bytes) -> tuple[Snapshot, Unfinished]:
    """A snapshot or a journal from its bytes. Raises ValueError with one line that says what is wrong."""
    if content.startswith(GZIP):
        try:
            content = gzip.decompress(content)
        except (OSError, EOFError, zlib.error):
            raise ValueError("a damaged gzip file") from None
    try:
        if content.startswith(_START):
            return _journal(content)
        value = json.loads(content)
        found = head_of(value)
        return replace(found, answers=by_key(value["answers"])), {}
    except (KeyError, TypeError, AttributeError, RecursionError):
        raise ValueError("a snapshot that lacks a part, or was changed") from None
    except json.JSONDecodeError:
        raise ValueError("a snapshot that breaks off or was changed") from None


def _journal(content: bytes) -> tuple[Snapshot, Unfinished]:
    """Read the lines of a journal; the last one may have been torn when the scan was killed."""
    lines = content.split(b"\n")
    found = head_of(json.loads(lines[0]))
    answers: dict[Key, Answer] = {}
    unfinished: Unfinished = {}
    for line in lines[1:-1]:
        value = json.loads(line)
        answer = from_json(value["answer"])
        if "next" in value:
            before = unfinished.get(answer.key, ((), None))[0]
            unfinished[answer.key] = ((*before, *answer.pages), value["next"])
        else:
            answers[answer.key] = answer
            unfinished.pop(answer.key, None)
    return replace(found, answers=answers, complete=False), unfinished


class JournalFile:
    """The journal of a scan that goes on. unfinished: listings an earlier run broke off, with the token to go on."""

    def __init__(self, path: str, head: Snapshot, unfinished: Unfinished | None = None) -> None:
        self.unfinished: Unfinished = dict(unfinished or {})
        self.path = path
        fresh = path + ".new"
        try:
            self._file: IO[bytes] = _private(fresh)
            self._line(head_json(replace(head, complete=False)))
            for answer in head.answers.values():
                self._line({"answer": as_json(answer)})
            for key, (pages, token) in self.unfinished.items():
                account, region, service, operation, parameters = key
                answer = Answer(account, region, service, operation, json.loads(parameters), pages)
                self._line({"answer": as_json(answer), "next": token})
            # Never without a whole journal: the old one is there until the new one is.
            os.replace(fresh, path)
        except OSError as error:
            raise UsageError(f"{path} cannot be written: {error.strerror or error}") from error

    def page(self, answer: Answer, token: Any) -> None:
        """A page that is followed by another."""
        self._line({"answer": as_json(answer), "next": token})

    def answer(self, answer: Answer) -> None:
        """A question is settled."""
        if not (answer.error and answer.error.unfinished):
            self._line({"answer": as_json(answer)})

    def _line(self, value: dict[str, Any]) -> None:
        try:
            self._file.write(json.dumps(value, separators=(",", ":")).encode() + b"\n")
            self._file.flush()
        except OSError as error:
            raise UsageError(f"{self.path} cannot be written: {error.strerror or error}") from error

    def close(self) -> None:
        """Nothing more will be written."""
        self._file.close()

    def remove(self) -> None:
        """The snapshot itself is there now."""
        self.close()
        Path(self.path).unlink(missing_ok=True)


def write(path: str, snapshot: Snapshot) -> None:
    """Write a snapshot, whole or not at all. The same answers give the same bytes. Raises UsageError."""
    fresh = path + ".new"
    try:
        with _private(fresh) as file:
            file.write(packed(snapshot))
            file.flush()
            os.fsync(file.fileno())
        os.replace(fresh, path)
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror or error}") from error


def packed(snapshot: Snapshot) -> bytes:
    """The bytes of a snapshot's file."""
    return gzip.compress(text(snapshot).encode(), compresslevel=6, mtime=0)


def _private(path: str) -> IO[bytes]:
    """A new file that only its owner may read: it describes an account."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")
