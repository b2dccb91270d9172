"""``permcheck explain``: the page of one rule."""

import click

from permcheck.cli import options
from permcheck.cli.output import coloured, emit
from permcheck.errors import ExitCode


@click.command(short_help="Explain a rule.")
@click.argument("rule", metavar="RULE")
@options.rules_folders
def command(rule: str, rules_folders: tuple[str, ...]) -> int:
    """Explain RULE, an id or a name: what it reports, why that matters, how to fix it, and when it is fine."""
    from permcheck import registry
    from permcheck.report import rule_page
    from permcheck.report.style import Style

    emit(rule_page.page(registry.find(rule, rules_folders), Style(coloured())))
    return ExitCode.CLEAN
