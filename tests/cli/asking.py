"""Runs the program in this process, or in one of its own."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from click.testing import CliRunner, Result

from permcheck.cli.group import program

STATEMENT = {"Effect": "Allow", "Action": "lambda:InvokeFunction", "Resource": "*"}
POLICY = {"Version": "2012-10-17", "Statement": [STATEMENT]}
START = "import sys; from permcheck.cli import main; sys.exit(main())"


def ask(*arguments: str | Path, stdin: str | bytes | None = None, env: Mapping[str, str] | None = None) -> Result:
    """Run ``permcheck`` with these arguments; exit_code, stdout and stderr are in the result."""
    result = CliRunner(env=env).invoke(program, [str(argument) for argument in arguments], input=stdin)
    assert isinstance(result.exception, SystemExit | None), result.exception
    return result


def started(
    *arguments: str | Path, stdin: bytes = b"", env: Mapping[str, str] | None = None, cwd: Path | None = None
) -> subprocess.CompletedProcess[bytes]:
    """Run it as a process of its own."""
    return subprocess.run(
        [sys.executable, "-c", START, *map(str, arguments)],
        input=stdin,
        capture_output=True,
        env={**os.environ, **(env or {})},
        cwd=cwd,
        check=False,
        timeout=60,
    )


def told(result: Result) -> str:
    """What was printed, without the lines on what is taken for granted."""
    return "".join(line for line in result.stdout.splitlines(True) if not line.startswith("assumed: "))
