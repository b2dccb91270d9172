"""``permcheck permissions``: what a scan needs to be allowed."""

from collections.abc import Callable

import click

from permcheck.cli.output import emit
from permcheck.cli.taking import services
from permcheck.errors import ExitCode


def _with_services(command: Callable[..., int]) -> Callable[..., int]:
    for option in reversed(services):
        command = option(command)
    return command


@click.command(short_help="The IAM policy that a scan needs.")
@_with_services
@click.option(
    "--format",
    "form",
    type=click.Choice(["json", "cloudformation", "terraform"]),
    default="json",
    show_default=True,
    help="A policy document, a template, or Terraform.",
)
@click.option(
    "--partition",
    type=click.Choice(["aws", "aws-cn", "aws-us-gov"]),
    default="aws",
    show_default=True,
    help="The partition of the account.",
)
def command(include: tuple[str, ...], exclude: tuple[str, ...], form: str, partition: str) -> int:
    """Print the least IAM policy that a scan needs: read access to what it reads, and nothing else.

    For --assume-role and --org the credentials that the scan begins with need sts:AssumeRole on those roles as well.
    """
    from permcheck.sources.live.permissions import FORMS
    from permcheck.sources.live.services import chosen

    emit(FORMS[form](chosen(include, exclude), partition))
    return ExitCode.CLEAN
