"""Runs a command to its exit code. Whatever goes wrong ends here, as one line for a person."""

import os
import sys
import traceback
from collections.abc import Sequence
from typing import Any, Protocol

import click

from permcheck.errors import ExitCode, PermcheckError
from permcheck.report.escape import escape

INTERRUPTED = 130  # what a shell reports for a program that was ended with Ctrl-C


class Runnable(Protocol):
    """A click group, as far as it is needed here."""

    def make_context(self, info_name: str | None, args: list[str]) -> click.Context: ...

    def invoke(self, ctx: click.Context) -> Any: ...


def run(program: Runnable, arguments: Sequence[str]) -> int:
    """Run ``program`` and return its exit code; nothing but SystemExit from below this gets past it."""
    _reopen()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            # A terminal that cannot show a character gets its number, not a crash.
            stream.reconfigure(errors="backslashreplace")
    try:
        with program.make_context("permcheck", list(arguments)) as context:
            code = program.invoke(context)
            sys.stdout.flush()
            return int(code or 0)
    except click.exceptions.Exit as done:
        return done.exit_code
    except BrokenPipeError:
        silence()
        return ExitCode.CLEAN
    except (KeyboardInterrupt, click.Abort):
        return INTERRUPTED
    except click.ClickException as error:
        return _usage(error)
    except PermcheckError as error:
        _say(error.message, error.hint)
        return error.exit_code
    except Exception as error:
        return _bug(error)


def _reopen() -> None:
    """Give the program the standard streams that whoever started it has closed (``1>&-``): Python has None for them.

    What would be written goes nowhere, as it was asked for; the exit code says the rest.
    """
    if sys.stdin is None:
        sys.stdin = open(os.devnull, encoding="utf-8")  # noqa: SIM115 - open until the program ends
    if sys.stdout is None:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115


def silence() -> None:
    """Nobody reads standard output any more (``| head``): send the rest nowhere, and what Python flushes at its end."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())


def _usage(error: click.ClickException) -> int:
    hint = None
    if isinstance(error, click.UsageError) and error.ctx is not None:
        hint = f"{error.ctx.command_path} --help says what it takes"
    _say(error.format_message().rstrip("."), hint)
    return ExitCode.USAGE


def _bug(error: Exception) -> int:
    if os.environ.get("PERMCHECK_TRACEBACK"):
        traceback.print_exception(error)
    frames = traceback.extract_tb(error.__traceback__)
    at = f" ({os.path.basename(frames[-1].filename)}:{frames[-1].lineno})" if frames else ""
    said = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    _say(
        f"this is a bug in permcheck: {said}{at}",
        "please report it, with what PERMCHECK_TRACEBACK=1 shows and, where you can, the input that causes it",
    )
    return ExitCode.BUG


def _say(message: str, hint: str | None) -> None:
    print(f"error: {escape(message)}", file=sys.stderr)
    if hint:
        print(f"hint: {escape(hint)}", file=sys.stderr)
