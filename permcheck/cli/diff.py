"""``permcheck diff``: what is not the same in two inputs."""

from functools import reduce

import click

from permcheck.cli import options
from permcheck.cli.group import EXIT_CODES
from permcheck.cli.inputs import load
from permcheck.cli.options import Deploy
from permcheck.cli.output import coloured, emit
from permcheck.cli.reporting import configuration, configuring, opening_code, written
from permcheck.errors import UsageError
from permcheck.model import Facts


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
@options.deploying
@configuring
def command(
    old: str,
    new: str,
    form: str,
    deploy: Deploy,
    config_file: str | None,
    rules_folders: tuple[str, ...],
    fail_on: str | None,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
) -> int:
    """Answer what is possible in NEW that was not in OLD, and the other way round.

    OLD and NEW are anything that audit or check reads: files, folders, snapshots, templates, - for one of them. Callers
    of functions, what roles and users may do, paths and findings are compared by what is decided, so a policy that is
    written in another way and decides the same is no difference.

    The exit code is 1 when something opens that is at or above --fail-on: a finding by its severity, anything else by
    who gets in and how far (docs/ci.md).
    """
    from permcheck import diff

    if old == new == "-":
        raise UsageError("only one of OLD and NEW can be -", "write the other to a file")
    config = configuration(config_file, fail_on, select, ignore, rules_folders)
    before, after = load((old,), deploy), load((new,), deploy)
    # Templates of one folder are one side of the comparison, whether or not they are deployed together.
    was, now = (reduce(diff.overlay, side.worlds) for side in (before, after))
    now = _of_one_stack(was, now, old, new)
    found = diff.compare(was, now, config, rules_folders)
    emit(written(found, form, before.stdin if old == "-" else after.stdin, coloured()))
    return opening_code(found, config.fail_on)


def _of_one_stack(was: Facts, now: Facts, old: str, new: str) -> Facts:
    """Two templates of other file names are two versions of one stack: what they leave unnamed is called the same."""
    from permcheck.diff.physical import as_stack
    from permcheck.sources.cloudformation import stack_name

    one, two = stack_name(old), stack_name(new)
    unnamed = all(
        any(sentence.endswith(f": {stack}-…") for sentence in facts.assumptions)
        for facts, stack in ((was, one), (now, two))
    )
    return as_stack(now, two, one) if one != two and unnamed else now
