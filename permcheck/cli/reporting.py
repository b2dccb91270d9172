"""What every command that reports findings shares: its options, and the way from facts to output and exit code."""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, replace
from functools import wraps
from pathlib import Path
from typing import Any

import click

from permcheck.cli import options
from permcheck.cli.output import coloured, emit
from permcheck.config import NEVER, Config
from permcheck.errors import ExitCode, UsageError
from permcheck.frozen import dataclass
from permcheck.model import SEVERITIES, Difference, Facts, Report


class Form(click.ParamType[tuple[str, str | None]]):
    """A format, with the file it goes to where one is given: ``text``, ``sarif=out.sarif``."""

    name = "format"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, str | None]:
        """(format, file or None for standard output). Fails for a format that does not exist."""
        from permcheck.report import FORMATS

        form, equals, file = str(value).partition("=")
        if form not in FORMATS:
            self.fail(f"there is no format {form!r}: the formats are {', '.join(FORMATS)}", param, ctx)
        if equals and not file:
            self.fail(f"{value!r} names no file", param, ctx)
        return form, file or None


@dataclass(frozen=True, slots=True)
class Asked:
    """The options, as they were given. forms: (format, file or None for standard output)."""

    forms: tuple[tuple[str, str | None], ...]
    output: str | None
    fail_on: str | None
    baseline: str | None
    write_baseline: str | None
    config_file: str | None
    rules_folders: tuple[str, ...]
    select: tuple[str, ...]
    ignore: tuple[str, ...]


_CONFIGURING = (
    click.option("--config", "config_file", metavar="FILE", help="Read this configuration instead of looking for one."),
    options.rules_folders,
    click.option(
        "--fail-on",
        type=click.Choice([*SEVERITIES, NEVER]),
        help="Exit with 1 when there is a finding this severe or worse.  [default: high]",
    ),
    click.option(
        "--select", metavar="RULE", multiple=True, help="Run only this rule: id or name, * allowed. Repeatable."
    ),
    click.option("--ignore", metavar="RULE", multiple=True, help="Do not run this rule. Repeatable."),
)
_REPORTING = (
    click.option(
        "--format",
        "forms",
        metavar="FORMAT[=FILE]",
        type=Form(),
        multiple=True,
        help="text, json, sarif, github, markdown or junit, to standard output or to a file. Repeatable: --format text "
        "--format sarif=out.sarif  [default: text]",
    ),
    click.option("--output", metavar="FILE", help="Write what would go to standard output to this file."),
    *_CONFIGURING,
    click.option("--baseline", metavar="FILE", help="Findings listed in this file are known, and do not count."),
    click.option("--write-baseline", metavar="FILE", help="List the findings of this run in this file, as known."),
)

Command = Callable[..., int]


def configuring(command: Command) -> Command:
    """Give a command the options that decide which configuration is in force."""
    for option in reversed(_CONFIGURING):
        command = option(command)
    return command


def reporting(command: Command) -> Command:
    """Give a command the options of a report; it gets them together, as ``asked``."""

    @wraps(command)
    def gathered(**given: Any) -> int:
        asked = Asked(**{field.name: given.pop(field.name) for field in fields(Asked)})
        return command(asked=asked, **given)

    made: Command = gathered
    for option in reversed(_REPORTING):
        made = option(made)
    return made


class Run:
    """One run: made before anything is read, so that what is wrong with the options is said at once."""

    def __init__(self, asked: Asked) -> None:
        """Raises ConfigError, UsageError."""
        self._asked = asked
        self._forms = _forms(asked)
        self.config = configuration(asked.config_file, asked.fail_on, asked.select, asked.ignore, asked.rules_folders)
        self._baseline = None
        if asked.baseline is not None and asked.write_baseline is None:
            from permcheck import baseline

            self._baseline = baseline.read(asked.baseline)

    def finish(self, worlds: Sequence[Facts], stdin: str | None = None) -> int:
        """Look for findings in each world, write one report of all of them, and return the exit code.

        stdin: the text of standard input, where ``-`` was an input.
        """
        from permcheck import engine

        asked = self._asked
        found = engine.audit_worlds(worlds, self.config, asked.rules_folders, self._baseline, copies=True)
        if asked.write_baseline is not None:
            from permcheck import baseline

            baseline.write(asked.write_baseline, found.findings)
            found = engine.known(found, asked.write_baseline)
        self._write(found, stdin)
        return exit_code(found, self.config.fail_on)

    def finish_against(self, account: Facts, worlds: Sequence[Facts], stdin: str | None = None, stack: str = "") -> int:
        """Lay the worlds over an account, write what that changes, and return the exit code.

        text and json have every change; the other formats, which are about findings, those that are new or worse.
        """
        from permcheck import diff

        asked = self._asked
        found = diff.against(account, worlds, self.config, asked.rules_folders, stack)
        self._write(diff.opened(found), stdin, found)
        return opening_code(found, self.config.fail_on)

    def _write(self, found: Report, stdin: str | None, difference: Difference | None = None) -> None:
        from permcheck import report
        from permcheck.report.setting import Setting

        root = os.environ.get("GITHUB_WORKSPACE") or None
        setting = Setting(stdin, False, self._asked.rules_folders, self.config.fail_on, root)
        for form, file in self._forms:
            painted = replace(setting, colour=file is None and coloured())
            if difference is not None and form in ("text", "json"):
                text = written(difference, form, stdin, painted.colour)
            else:
                text = report.render(found, form, painted)
            if file is None:
                emit(text)
            else:
                write(file, text)
            if form == "github" and (summary := os.environ.get("GITHUB_STEP_SUMMARY")):
                write(summary, report.render(found, "markdown", setting), "a")


def _forms(asked: Asked) -> list[tuple[str, str | None]]:
    """Formats with the files they go to; at most one of them to standard output. Raises UsageError."""
    forms = list(asked.forms) or [("text", None)]
    plain = [form for form, file in forms if file is None]
    if len(plain) > 1:
        hint = f"name a file for all but one: --format {plain[1]}=FILE"
        raise UsageError(f"{' and '.join(plain)} cannot both go to standard output", hint)
    if asked.output is not None and not plain:
        raise UsageError("--output is for a format without a file of its own", "add --format text, or leave it out")
    files = [asked.output if file is None else file for _, file in forms]
    for file in files:
        if file is not None and files.count(file) > 1:
            raise UsageError(f"two formats cannot both go to {file}", "name a file for each")
    return [(form, file) for (form, _), file in zip(forms, files, strict=True)]


def exit_code(report: Report, fail_on: str) -> int:
    """What a report ends the program with: findings count first, then gaps."""
    if fail_on != NEVER:
        least = SEVERITIES.index(fail_on)
        if any(SEVERITIES.index(finding.severity) >= least for finding in report.findings):
            return ExitCode.FINDINGS
    return ExitCode.INCOMPLETE if report.not_read else ExitCode.CLEAN


def written(found: Difference, form: str, stdin: str | None, colour: bool) -> str:
    """A difference as text or json."""
    from permcheck.report.positions import Positions

    positions = Positions(stdin)
    if form == "json":
        from permcheck.report import diff_json

        return diff_json.text(found, positions)
    from permcheck.report import diff as diff_text
    from permcheck.report.style import Style

    return diff_text.text(found, positions, Style(colour))


def opening_code(found: Difference, fail_on: str) -> int:
    """What a difference ends the program with: 1 where something opens at or above ``fail_on``, else 4 for gaps."""
    if fail_on != NEVER:
        least = SEVERITIES.index(fail_on)
        if any(each.change.opens and SEVERITIES.index(each.severity) >= least for each in found.changes):
            return ExitCode.FINDINGS
    return ExitCode.INCOMPLETE if found.not_read else ExitCode.CLEAN


def configuration(
    path: str | None, fail_on: str | None, select: Sequence[str], ignore: Sequence[str], folders: Sequence[str]
) -> Config:
    """The configuration file's settings, overruled by the options. Raises ConfigError, UsageError."""
    from permcheck.cli.rule_names import check
    from permcheck.config import load as load_config

    config = load_config(path)
    check(config.named_rules(), folders, config.source)
    check((*select, *ignore), folders)
    return replace(
        config,
        select=tuple(select) or config.select,
        ignore=(*config.ignore, *ignore),
        fail_on=fail_on or config.fail_on,
        places=_overruled(config.places, select=select, ignore=ignore, fail_on=fail_on),
    )


def _overruled(places: Mapping[str, str], **given: object) -> Mapping[str, str]:
    """Where each setting comes from, once options have their say. --ignore adds to what the file ignores."""
    said = {}
    for setting, value in given.items():
        if value:
            option = f"option --{setting.replace('_', '-')}"
            both = setting == "ignore" and setting in places
            said[setting] = f"{places[setting]} and {option}" if both else option
    return {**places, **said}


def write(path: str, text: str, mode: str = "w") -> None:
    """Write, or append, a text to a file. Raises UsageError."""
    try:
        with Path(path).open(mode, encoding="utf-8", errors="backslashreplace", newline="\n") as stream:
            stream.write(text)
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror or error}") from error
