"""``permcheck config``: which configuration is in force, and where it comes from."""

import click

from permcheck.cli import options
from permcheck.cli.output import coloured, emit
from permcheck.cli.reporting import configuration, configuring
from permcheck.errors import ExitCode


@click.command(short_help="The configuration in force, and where it comes from.")
@options.form
@configuring
def command(
    form: str,
    config_file: str | None,
    rules_folders: tuple[str, ...],
    fail_on: str | None,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
) -> int:
    """Show every setting with the line of the file, or the option, that it comes from.

    Looks for the configuration as audit does: permcheck.toml, [permcheck] in setup.cfg or [tool.permcheck] in
    pyproject.toml, in the current folder or the nearest one above it. Options overrule it. Ends with 2, and says where,
    if something in it is wrong or unknown.
    """
    from permcheck import registry
    from permcheck.report import config as shown
    from permcheck.report.style import Style

    config = configuration(config_file, fail_on, select, ignore, rules_folders)
    rules = registry.rules(rules_folders)
    emit(shown.as_json(config, rules) if form == "json" else shown.as_text(config, rules, Style(coloured())))
    return ExitCode.CLEAN
