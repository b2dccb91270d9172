"""``permcheck graph``: the ways through an account as a picture."""

from collections.abc import Iterator

import click

from permcheck.cli import options
from permcheck.cli.group import EXIT_CODES
from permcheck.cli.inputs import Input, load
from permcheck.cli.options import Deploy
from permcheck.cli.output import emit
from permcheck.cli.questions import answered, positions
from permcheck.errors import UsageError
from permcheck.model import Path

OUTSIDE = ("anyone", "aws", "guest", "signed_in", "web_identity", "account", "org", "service")


@click.command(short_help="The ways through an account, as a picture.", epilog=EXIT_CODES)
@options.paths
@click.option(
    "--from", "start", metavar="X", help="Where the ways begin: a kind, an ARN or a name.  [default: outside]"
)
@click.option("--to", "end", metavar="Y", help="Where they end, likewise.  [default: everywhere]")
@click.option(
    "--format",
    "form",
    type=click.Choice(["mermaid", "dot", "json"]),
    default="mermaid",
    show_default=True,
    help="mermaid for Markdown, dot for Graphviz, json for programs.",
)
@options.deploying
def command(paths: tuple[str, ...], start: str | None, end: str | None, form: str, deploy: Deploy) -> int:
    """Draw what permcheck paths tells: who comes by which way to which functions and data, each node once.

    X and Y are what they are for permcheck paths. Without --from the ways begin at everybody who is not of the account:
    anyone, any AWS principal, guests and signed-in users of identity pools, accounts, organizations and services.
    """
    from permcheck.report import graph

    given = load(paths, deploy)
    gaps = tuple(gap for facts in given.worlds for gap in facts.not_read)
    picture = graph.of(_found(given, start, end))
    if form == "json":
        text = graph.as_json(picture, gaps, positions(given))
    elif form == "dot":
        text = graph.as_dot(picture)
    else:
        text = graph.as_mermaid(picture)
        if len(picture.edges) > graph.MANY:
            from permcheck.cli.taking import say

            said = f"the picture has {len(picture.edges)} edges, and Mermaid draws {graph.MANY}"
            say(f"{said}: choose with --from and --to, or use --format dot")
    emit(text)
    about = {node.arn for node in picture.nodes.values() if node.arn} | {start or "", end or ""}
    return answered(gaps, {edge.verdict for edge in picture.edges.values()}, about)


def _found(given: Input, start: str | None, end: str | None) -> Iterator[Path]:
    """The paths of every world. Raises UsageError for a name that none of them knows."""
    from permcheck.graph import questions

    unknown: UsageError | None = None
    known = False
    for facts in given.worlds:
        for kind in OUTSIDE if start is None else (start,):
            try:
                yield from questions.each_path(facts, kind, end)
                known = True
            except UsageError as error:
                unknown = unknown or error
    if unknown is not None and not known:
        raise unknown
