"""``permcheck reach``: what a function, role or user can do."""

from dataclasses import replace

import click

from permcheck.cli import options
from permcheck.cli.group import EXIT_CODES
from permcheck.cli.inputs import load
from permcheck.cli.options import Deploy
from permcheck.cli.output import coloured, emit
from permcheck.cli.questions import answered, positions


@click.command(short_help="What a function, role or user can do.", epilog=EXIT_CODES)
@click.argument("name", metavar="NAME")
@options.paths
@options.deploying
@options.form
@click.option("--expand", is_flag=True, help="Spell out wildcards in actions.")
def command(name: str, paths: tuple[str, ...], deploy: Deploy, form: str, expand: bool) -> int:
    """Answer what NAME can do: a function (through its execution role), a role or a user, by name or ARN.

    By service and resource, with the statement; then the functions it may invoke, rewrite or open to others, and the
    roles it may pass or assume.
    """
    from permcheck.graph import questions

    given = load(paths, deploy)
    answer = given.ask(lambda facts: questions.reach(facts, name))[1]
    if expand:
        from permcheck.data.expansion import expanded
        from permcheck.graph.reach_rows import left_of

        rows = ((row, expanded(row.actions)) for row in answer.rows)
        answer = replace(answer, rows=tuple(replace(row, expanded=left_of(row, names)) for row, names in rows))
    if form == "json":
        from permcheck.report import answers_json

        emit(answers_json.reach(answer, positions(given)))
    else:
        from permcheck.report import answers
        from permcheck.report.style import Style

        emit(answers.reach(answer, positions(given), Style(coloured())))
    verdicts = (answer.administrator, *(row.verdict for row in answer.rows), *(to.verdict for to in answer.targets))
    return answered(answer.not_read, verdicts, (answer.subject, answer.principal))
