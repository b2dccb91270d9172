"""``permcheck audit``: findings in files."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import click

from permcheck.cli import options
from permcheck.cli.group import EXIT_CODES
from permcheck.cli.inputs import load
from permcheck.cli.output import coloured, emit
from permcheck.config import NEVER, Config
from permcheck.errors import ExitCode, UsageError
from permcheck.model import SEVERITIES, Report


@click.command(short_help="Findings in policies and AWS CLI captures.", epilog=EXIT_CODES)
@options.paths
@options.form
@click.option(
    "--fail-on",
    type=click.Choice([*SEVERITIES, NEVER]),
    help="Exit with 1 when there is a finding this severe or worse.  [default: high]",
)
@click.option("--config", "config_file", metavar="FILE", help="Read this configuration instead of looking for one.")
@options.rules_folders
@click.option("--output", metavar="FILE", help="Write the report to this file instead of standard output.")
@click.option("--select", metavar="RULE", multiple=True, help="Run only this rule: id or name, * allowed. Repeatable.")
@click.option("--ignore", metavar="RULE", multiple=True, help="Do not run this rule. Repeatable.")
def command(
    paths: tuple[str, ...],
    form: str,
    fail_on: str | None,
    config_file: str | None,
    rules_folders: tuple[str, ...],
    output: str | None,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
) -> int:
    """Report what is dangerous in policies and AWS CLI captures.

    Reads loose policy documents, get-account-authorization-details, and the output of most aws iam, aws lambda and aws
    cognito-identity commands that describe something. A folder is read with everything below it; the kind of each file
    is told by its content.

    Configuration is permcheck.toml, [permcheck] in setup.cfg or [tool.permcheck] in pyproject.toml, in the current
    folder or the nearest one above it.
    """
    from permcheck import engine, report

    config = _config(config_file, fail_on, select, ignore, rules_folders)
    given = load(paths)
    found = engine.audit(given.facts, config, rules_folders)
    text = report.render(found, form, stdin=given.stdin, colour=output is None and coloured())
    if output is None:
        emit(text)
    else:
        _write(output, text)
    return exit_code(found, config.fail_on)


def exit_code(report: Report, fail_on: str) -> int:
    """What a report ends the program with: findings count first, then gaps."""
    if fail_on != NEVER:
        least = SEVERITIES.index(fail_on)
        if any(SEVERITIES.index(finding.severity) >= least for finding in report.findings):
            return ExitCode.FINDINGS
    return ExitCode.INCOMPLETE if report.not_read else ExitCode.CLEAN


def _config(
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
    )


def _write(path: str, text: str) -> None:
    try:
        Path(path).write_text(text, encoding="utf-8", errors="backslashreplace", newline="\n")
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror or error}") from error
