"""``permcheck why``: how one decision comes about."""

import click

from permcheck.cli import options
from permcheck.cli.group import EXIT_CODES
from permcheck.cli.inputs import load
from permcheck.cli.options import Deploy
from permcheck.cli.output import coloured, emit
from permcheck.cli.questions import answered, assumed, positions


@click.command(short_help="Why a caller may or may not invoke a function.", epilog=EXIT_CODES)
@click.argument("caller", metavar="CALLER")
@click.argument("function", metavar="FUNCTION")
@options.paths
@options.deploying
@options.form
def command(caller: str, function: str, paths: tuple[str, ...], deploy: Deploy, form: str) -> int:
    """Answer why CALLER may or may not invoke FUNCTION, layer by layer.

    CALLER is whatever permcheck who calls one: a role or user (name or ARN), an account id, an organization id, a
    service principal, an event source (ARN), an API (id or ARN), anyone, or * for any AWS principal. FUNCTION is a name
    or an ARN.
    """
    from permcheck.graph import questions

    given = load(paths, deploy)
    facts, answers = given.ask(lambda facts: questions.why(facts, caller, function))
    gaps = facts.not_read
    if form == "json":
        from permcheck.report import answers_json

        emit(answers_json.why(answers, gaps, positions(given)))
    else:
        from permcheck.report import answers as answers_text
        from permcheck.report.style import Style

        emit(answers_text.why(answers, gaps, positions(given), Style(coloured())) + assumed(given))
    function_arns = {":".join(answer.resource.split(":")[:7]) for answer in answers}
    about = function_arns | {arn for answer in answers for arn in (answer.caller, answer.resource)}
    return answered(gaps, (answer.verdict for answer in answers), about)
