"""``permcheck evaluate``: requests with their policies in, verdicts out, as JSON Lines."""

import sys
from contextlib import AbstractContextManager, nullcontext
from typing import IO

import click

from permcheck.cli.group import EXIT_CODES
from permcheck.cli.output import emit
from permcheck.errors import ExitCode, NothingToCheck, UsageError


@click.command(short_help="Decide requests given with their policies, as JSON Lines.", epilog=EXIT_CODES)
@click.argument("file", metavar="FILE")
def command(file: str) -> int:
    """Decide the requests in FILE (or -): a simulator without an account.

    FILE holds a JSON object a line: principal, action, resource, and any of id, resource_account, context,
    context_complete, identity_policies, permissions_boundary, session_policies, resource_policy,
    service_control_policies, resource_control_policies. The answer is one object a line, in order: id, verdict,
    denied_by, because, conditions. A line that cannot be read gives id and error, and the exit code is 4.
    """
    from permcheck.cli.json_lines import answers

    code: int = ExitCode.NOTHING
    with _opened(file) as stream:
        for line, failed in answers(stream):
            code = ExitCode.INCOMPLETE if failed or code == ExitCode.INCOMPLETE else ExitCode.CLEAN
            if not emit(line):
                break
    if code == ExitCode.NOTHING:
        raise NothingToCheck(f"there is no request in {file}", "write one JSON object a line")
    return code


def _opened(file: str) -> AbstractContextManager[IO[bytes]]:
    if file == "-":
        return nullcontext(sys.stdin.buffer)
    try:
        return open(file, "rb")
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {error.strerror or error}") from error
