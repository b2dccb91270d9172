"""``permcheck diff``: what is not the same in two inputs."""

import click

from permcheck.cli.group import EXIT_CODES
from permcheck.cli.inputs import load
from permcheck.cli.output import coloured, emit
from permcheck.cli.reporting import configuration, configuring
from permcheck.config import NEVER
from permcheck.errors import ExitCode, UsageError
from permcheck.model import SEVERITIES, Difference
from permcheck.report.positions import Positions


@click.command(short_help="What opens and what closes between two inputs.", epilog=EXIT_CODES)
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="text for people, json for programs.",
)
@configuring
def command(
    old: str,
    new: str,
    form: str,
    config_file: str | None,
    rules_folders: tuple[str, ...],
    fail_on: str | None,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
) -> int:
    """Answer what is possible in NEW that was not in OLD, and the other way round.

    OLD and NEW are anything that audit reads: files, folders, - for one of them. Callers of functions, what roles and
    users may do, paths and findings are compared by what is decided, so a policy that is written in another way and
    decides the same is no difference.

    The exit code is 1 when something opens that is at or above --fail-on: a finding by its severity, anything else by
    who gets in and how far (docs/ci.md).
    """
    from permcheck import diff

    if old == new == "-":
        raise UsageError("only one of OLD and NEW can be -", "write the other to a file")
    config = configuration(config_file, fail_on, select, ignore, rules_folders)
    before, after = load((old,)), load((new,))
    found = diff.compare(before.facts, after.facts, config, rules_folders)
    show(found, form, before.stdin if old == "-" else after.stdin)
    return exit_code(found, config.fail_on)


def show(found: Difference, form: str, stdin: str | None) -> None:
    """Print a difference."""
    positions = Positions(stdin)
    if form == "json":
        from permcheck.report import diff_json

        emit(diff_json.text(found, positions))
    else:
        from permcheck.report import diff as diff_text
        from permcheck.report.style import Style

        emit(diff_text.text(found, positions, Style(coloured())))


def exit_code(found: Difference, fail_on: str) -> int:
    """1 where something opens at or above ``fail_on``, else 4 where something could not be read."""
    if fail_on != NEVER:
        least = SEVERITIES.index(fail_on)
        if any(each.change.opens and SEVERITIES.index(each.severity) >= least for each in found.changes):
            return ExitCode.FINDINGS
    return ExitCode.INCOMPLETE if found.not_read else ExitCode.CLEAN
