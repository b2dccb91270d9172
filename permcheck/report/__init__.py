"""A report as text: one format a file, chosen by name, each loaded when it is asked for."""

from importlib import import_module
from typing import Protocol, cast

from permcheck.errors import UsageError
from permcheck.model import Report
from permcheck.report.setting import Setting

# A format is a module with a function ``render(report, setting) -> str``. This is the only list of them.
FORMATS = {
    "text": "permcheck.report.text",
    "json": "permcheck.report.json",
    "sarif": "permcheck.report.sarif",
    "github": "permcheck.report.github",
    "markdown": "permcheck.report.markdown",
    "junit": "permcheck.report.junit",
}


class _Format(Protocol):
    def render(self, report: Report, setting: Setting) -> str: ...


def render(report: Report, form: str, setting: Setting | None = None) -> str:
    """Return ``report`` in the format named ``form``, ending with a newline.

    Raises UsageError for a format that is not in FORMATS.
    """
    if form not in FORMATS:
        raise UsageError(f"there is no format {form!r}", f"the formats are {', '.join(FORMATS)}")
    return cast(_Format, import_module(FORMATS[form])).render(report, setting or Setting())
