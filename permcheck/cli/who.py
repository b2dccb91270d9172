"""``permcheck who``: who can invoke a function."""

from collections.abc import Iterable
from itertools import chain

import click

from permcheck.cli import options
from permcheck.cli.group import EXIT_CODES
from permcheck.cli.inputs import load
from permcheck.cli.options import Deploy
from permcheck.cli.output import coloured, emit
from permcheck.cli.questions import answered, assumed, positions
from permcheck.errors import ExitCode, UsageError
from permcheck.model import WhoAnswer


@click.command(short_help="Who can invoke a function.", epilog=EXIT_CODES)
@click.argument("arguments", metavar="FUNCTION PATH...", nargs=-1, required=True)
@click.option("--all", "every", is_flag=True, help="Every function in the input; no FUNCTION is given then.")
@options.deploying
@options.form
def command(arguments: tuple[str, ...], every: bool, deploy: Deploy, form: str) -> int:
    """Answer who can invoke FUNCTION, a name or an ARN.

    Lists each role and user in the input that may invoke it, and whoever its own policies let in: anyone, accounts,
    organizations, services. Each comes with the statements that decide it.
    """
    from permcheck.graph import questions

    if every:
        given = load(arguments, deploy)
        answers: Iterable[WhoAnswer] = chain.from_iterable(questions.who_all(facts) for facts in given.worlds)
    else:
        if len(arguments) < 2:
            raise UsageError("who takes a FUNCTION and at least one PATH", "permcheck who --all PATH... asks for all")
        given = load(arguments[1:], deploy)
        answers = (given.ask(lambda facts: questions.who(facts, arguments[0]))[1],)
    at = positions(given, every)
    code: int = ExitCode.CLEAN
    number = -1
    for number, answer in enumerate(answers):
        if form == "json":
            from permcheck.report import answers_json

            text = answers_json.who(answer, at)
        else:
            from permcheck.report import answers as answers_text
            from permcheck.report.style import Style

            text = ("\n" if number else "") + answers_text.who(answer, at, Style(coloured()))
        # An API that was not given is unknown, but nothing of what was given failed to be read.
        verdicts = (row.verdict for row in answer.callers if row.kind != "api")
        code = max(code, answered(answer.not_read, verdicts, (answer.function, answer.asked)))
        if not emit(text):
            break
    if form != "json":
        emit(("there is no function in what was read\n" if number < 0 else "") + assumed(given))
    return code
