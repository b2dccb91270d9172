"""The program and its commands. A command's module is imported when the command is used."""

import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any, NoReturn, cast

import click

import permcheck
from permcheck.cli.running import run
from permcheck.errors import ExitCode, UsageError

# The order of the help text.
COMMANDS = {
    "audit": "permcheck.cli.audit",
    "check": "permcheck.cli.check",
    "scan": "permcheck.cli.scan",
    "who": "permcheck.cli.who",
    "reach": "permcheck.cli.reach",
    "why": "permcheck.cli.why",
    "paths": "permcheck.cli.paths",
    "graph": "permcheck.cli.graph",
    "diff": "permcheck.cli.diff",
    "evaluate": "permcheck.cli.evaluate",
    "snapshot": "permcheck.cli.snapshot",
    "permissions": "permcheck.cli.permissions",
    "rules": "permcheck.cli.rules",
    "explain": "permcheck.cli.explain",
    "config": "permcheck.cli.config",
    "new-rule": "permcheck.cli.new_rule",
}

EXIT_CODES = """\b
Exit codes:
  0  nothing at or above --fail-on; a question was answered
  1  findings at or above --fail-on
  2  wrong usage or configuration; a name that is not in the input
  3  nothing to check
  4  incomplete: something could not be read, and nothing failing was found
  5  a bug in permcheck
"""


class Program(click.Group):
    """A group that loads each command when it is asked for, and ends with permcheck's own exit codes."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every command, in the order of the help text."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, None where there is none."""
        if cmd_name not in COMMANDS:
            return None
        return cast(click.Command, import_module(COMMANDS[cmd_name]).command)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that the arguments begin with. Raises UsageError naming the nearest one."""
        if args and not args[0].startswith("-") and args[0] not in COMMANDS:
            from difflib import get_close_matches

            close = get_close_matches(args[0], COMMANDS, 1)
            hint = f"did you mean permcheck {close[0]}?" if close else f"the commands are {', '.join(COMMANDS)}"
            raise UsageError(f"there is no command {args[0]!r}", hint)
        return super().resolve_command(ctx, args)

    def main(self, args: Sequence[str] | None = None, *_: Any, **__: Any) -> NoReturn:
        """Run and exit, as click's own main does, with permcheck's exit codes."""
        sys.exit(run(self, sys.argv[1:] if args is None else args))


@click.group(cls=Program, invoke_without_command=True, epilog=EXIT_CODES)
@click.version_option(permcheck.__version__, prog_name="permcheck", message="%(prog)s %(version)s")
@click.pass_context
def program(context: click.Context) -> int | None:
    """Who can invoke an AWS Lambda function, and what the function can reach.

    All but scan and snapshot work on files, offline: policies, what the AWS CLI prints, snapshots. PATH is a file, a
    folder or - for standard input. permcheck COMMAND --help says more about each command.
    """
    if context.invoked_subcommand is None:
        click.echo(context.get_help(), err=True)
        return ExitCode.USAGE
    return None
