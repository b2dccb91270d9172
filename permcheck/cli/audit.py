"""``permcheck audit``: findings in files."""

import click

from permcheck.cli import options
from permcheck.cli.group import EXIT_CODES
from permcheck.cli.inputs import load
from permcheck.cli.reporting import Asked, Run, reporting


@click.command(short_help="Findings in policies and AWS CLI captures.", epilog=EXIT_CODES)
@options.paths
@reporting
def command(paths: tuple[str, ...], asked: Asked) -> int:
    """Report what is dangerous in policies and AWS CLI captures.

    Reads loose policy documents, get-account-authorization-details, and the output of most aws iam, aws lambda and aws
    cognito-identity commands that describe something. A folder is read with everything below it; the kind of each file
    is told by its content.

    Configuration is permcheck.toml, [permcheck] in setup.cfg or [tool.permcheck] in pyproject.toml, in the current
    folder or the nearest one above it.
    """
    run = Run(asked)
    given = load(paths)
    return run.finish([given.facts], given.stdin)
