"""A report as text: one format a file, chosen by name, each loaded when it is asked for."""

from importlib import import_module
from typing import Protocol, cast

from permcheck.errors import UsageError
from permcheck.model import Report

# A format is a module with a function ``render(report, stdin, colour) -> str``. This is the only list of them.
FORMATS = {"text": "permcheck.report.text", "json": "permcheck.report.json"}


class _Format(Protocol):
    def render(self, report: Report, stdin: str | None, colour: bool) -> str: ...


def render(report: Report, form: str, *, stdin: str | None = None, colour: bool = False) -> str:
    """Return ``report`` in the format named ``form``, ending with a newline.

    stdin: the text read from standard input, where the report speaks of the source ``-``. colour: for a terminal.
    Raises UsageError for a format that is not in FORMATS.
    """
    if form not in FORMATS:
        raise UsageError(f"there is no format {form!r}", f"the formats are {', '.join(FORMATS)}")
    return cast(_Format, import_module(FORMATS[form])).render(report, stdin, colour)
