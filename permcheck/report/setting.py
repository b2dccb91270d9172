"""What a format may know besides the report itself."""

import os
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

from permcheck.frozen import dataclass
from permcheck.naming import plain


@dataclass(frozen=True, slots=True)
class Setting:
    """How a report is to be written.

    stdin: the text read from standard input, for the source ``-``. colour: for a terminal. rules_folders: folders of
    rules that ran besides permcheck's own. fail_on: the severity from which on findings fail. root: the folder that
    paths in the output start from, None for the current one; a continuous integration service has its own.
    """

    stdin: str | None = None
    colour: bool = False
    rules_folders: Sequence[str] = ()
    fail_on: str = "high"
    root: str | None = None


def file_of(source: str, root: str | None) -> str | None:
    """The path of a source from ``root``, with slashes; absolute where it lies elsewhere. None for what is no file."""
    if source in ("", "-") or source.startswith("arn:"):
        return None
    if root is None:
        return plain(source)
    path = os.path.abspath(source)
    below = os.path.relpath(path, root)
    return Path(path if below.startswith(os.pardir) else below).as_posix()


def uri_of(path: str) -> tuple[str, bool]:
    """A path as a URI reference, and whether it is relative to the root of the project (RFC 3986, RFC 8089)."""
    if path.startswith("../"):
        path = os.path.abspath(path)
    if os.path.isabs(path):
        return f"file://{quote(os.fsencode(path))}", False
    # quote() writes a colon as %3A: in the first segment it would make a scheme of what stands before it.
    return quote(os.fsencode(path)), True
