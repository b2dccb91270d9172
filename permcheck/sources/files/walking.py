"""Which files the user's paths stand for, and their bytes."""

import os
import stat
import sys
from collections.abc import Callable, Iterator, Sequence
from fnmatch import fnmatch
from typing import IO

from permcheck.errors import UsageError
from permcheck.sources.files.snapshots import may_be

STDIN = "-"
# Folders of tools, not of captures; expected/ holds what a fixture should give. (The CDK's asset.… hold code.)
SKIPPED_FOLDERS = frozenset(("expected", "node_modules", "__pycache__", "venv"))
# Files that people put beside captures and nobody takes for one.
SKIPPED_FILES = ("readme*", "license*", "*.md", "permcheck.toml")
_HEAD = 1 << 16
_YAML = (".yaml", ".yml", ".template")  # templates, which may be longer than their head

Miss = Callable[[str, str], None]  # source, error


def find(paths: Sequence[str], miss: Miss) -> list[str]:
    """The files below ``paths``, sorted, each once; ``-`` is standard input. A path that is named is never skipped.

    Raises UsageError for a path that does not exist.
    """
    found: dict[str, str] = {}
    folders: set[tuple[int, int]] = set()
    for path in sorted(set(paths)):
        if path == STDIN:
            found[STDIN] = STDIN
            continue
        try:
            told = os.stat(path)
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) else str(error)
            hint = "name files or folders that exist, or - for standard input"
            raise UsageError(f"cannot read {path}: {reason}", hint) from None
        if stat.S_ISDIR(told.st_mode):
            for source in _below(path.rstrip("/") or "/", folders, miss):
                found.setdefault(os.path.abspath(source), source)
        else:
            found.setdefault(os.path.abspath(path), path)
    return sorted(found.values())


def _below(folder: str, seen: set[tuple[int, int]], miss: Miss) -> Iterator[str]:
    """Files below a folder. A folder is entered once, so that links in a circle end."""
    pending = [folder]
    while pending:
        here = pending.pop()
        try:
            told = os.stat(here)
            if (told.st_dev, told.st_ino) in seen:
                continue
            seen.add((told.st_dev, told.st_ino))
            with os.scandir(here) as entries:
                listed = sorted(entries, key=lambda entry: entry.name)
        except OSError as error:
            miss(here, f"the folder cannot be read: {error.strerror}")
            continue
        for entry in listed:
            source = entry.name if here == "." else f"{here.rstrip('/')}/{entry.name}"
            try:
                is_folder, is_file = entry.is_dir(), entry.is_file()
            except OSError:  # a link to itself
                is_folder = is_file = False
            if is_folder:
                if _entered(entry.name):
                    pending.append(source)
            elif _skipped(entry.name):
                continue
            elif is_file:
                yield source
            else:
                miss(source, "a link that leads nowhere" if entry.is_symlink() else "not a regular file")


def _entered(name: str) -> bool:
    """Whether to look into a folder. The Serverless Framework keeps what it compiles in a hidden one."""
    return name == ".serverless" or (not name.startswith((".", "asset.")) and name not in SKIPPED_FOLDERS)


def _skipped(name: str) -> bool:
    return name.startswith(".") or (
        not name.endswith(".json") and any(fnmatch(name.lower(), pattern) for pattern in SKIPPED_FILES)
    )


def content(source: str, stdin: IO[bytes] | None) -> bytes:
    """The bytes of one file; only the first of a large file that is plainly not JSON. Raises OSError, MemoryError."""
    if source == STDIN:
        return (stdin or sys.stdin.buffer).read()
    with open(source, "rb", buffering=0) as file:
        head = file.read(_HEAD)
        while 0 < len(head) < _HEAD and (more := file.read(_HEAD - len(head))):  # a pipe gives what it has
            head += more
        if len(head) < _HEAD or not (_may_be_json(head) or b"Resources:" in head or source.endswith(_YAML)):
            return head
        return head + file.read()


def _may_be_json(head: bytes) -> bool:
    return may_be(head) or head.lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n")[:1] in (b"{", b"[", b'"', b"")
