"""``permcheck rules``: which rules there are."""

import click

from permcheck.cli import options
from permcheck.cli.output import coloured, emit
from permcheck.errors import ExitCode


@click.command(short_help="List the rules.")
@options.form
@options.rules_folders
def command(form: str, rules_folders: tuple[str, ...]) -> int:
    """List the rules, with the severity of each.

    A finding may weigh more or less than its rule, by what the decision says; permcheck explain tells more.
    """
    from permcheck import registry
    from permcheck.report import rule_page

    rules = registry.rules(rules_folders)
    if form == "json":
        from permcheck.report.json import lines

        emit(lines({"schema": 1, "rules": [rule_page.row(rule) for rule in rules]}))
    else:
        from permcheck.report.style import Style

        emit(rule_page.table(rules, Style(coloured())))
    return ExitCode.CLEAN
