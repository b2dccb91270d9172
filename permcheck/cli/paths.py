"""``permcheck paths``: the ways from one thing to another."""

from collections.abc import Iterable, Iterator

import click

from permcheck.cli import options
from permcheck.cli.group import EXIT_CODES
from permcheck.cli.inputs import Input, load
from permcheck.cli.options import Deploy
from permcheck.cli.output import coloured, emit
from permcheck.cli.questions import answered, assumed, positions
from permcheck.errors import UsageError
from permcheck.model import Path, Verdict


@click.command(short_help="The ways from a caller to what it can reach.", epilog=EXIT_CODES)
@options.paths
@click.option("--from", "start", metavar="X", required=True, help="Where the paths begin: a kind, an ARN or a name.")
@click.option("--to", "end", metavar="Y", help="Where they end, likewise.  [default: everywhere]")
@click.option("--all", "every", is_flag=True, help="List every path; else paths that are alike share a line.")
@click.option("--statements", is_flag=True, help="Show the statements behind each hop.")
@options.deploying
@options.form
def command(
    paths: tuple[str, ...],
    start: str,
    end: str | None,
    every: bool,
    statements: bool,
    deploy: Deploy,
    form: str,
) -> int:
    """Answer how one comes from X to Y: one path, the surest and then shortest, for each two that are joined.

    X and Y are names or ARNs of roles, users and functions, ids of pools, accounts and organizations, or kinds, which
    mean all of that kind: anyone, aws, guest, signed_in, account, org, service, user, role, web_identity, api,
    event_source, function, admin, target. JSON has every path, with statements and a request that shows each hop.
    """
    given = load(paths, deploy)
    gaps = tuple(gap for facts in given.worlds for gap in facts.not_read)
    verdicts: set[Verdict] = set()
    about: set[str] = {start, end or start}
    found = _noting(_each(given, start, end), verdicts, about)
    if form == "json":
        from permcheck.report import paths_json

        pieces = paths_json.text(found, gaps, positions(given))
    else:
        from permcheck.report import paths as paths_text
        from permcheck.report.style import Style

        at = positions(given, every=statements)
        pieces = paths_text.text(found, gaps, at, Style(coloured()), every=every, statements=statements)
    for piece in pieces:
        if not emit(piece):
            break
    if form != "json":
        emit(assumed(given))
    return answered(gaps, verdicts, about)


def _each(given: Input, start: str, end: str | None) -> Iterator[Path]:
    """The paths of every world that knows both names. Raises UsageError where none does."""
    from permcheck.graph import questions

    asked, found = given.ask(lambda facts: questions.each_path(facts, start, end))
    yield from found
    for facts in given.worlds[given.worlds.index(asked) + 1 :]:
        try:
            yield from questions.each_path(facts, start, end)
        except UsageError:
            continue


def _noting(paths: Iterable[Path], verdicts: set[Verdict], about: set[str]) -> Iterator[Path]:
    """The paths, with their verdicts and the ARNs on them kept for the exit code."""
    for path in paths:
        verdicts.add(path.verdict)
        about.update(node.arn for node in path.nodes if node.arn)
        yield path
