"""Arguments and options that several commands take."""

import re
from collections.abc import Callable
from functools import wraps
from typing import Any

import click

from permcheck.errors import UsageError
from permcheck.frozen import dataclass

paths = click.argument("paths", metavar="PATH...", nargs=-1, required=True)

form = click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="text for people, json for programs.",
)

rules_folders = click.option(
    "--rules",
    "rules_folders",
    metavar="DIR",
    multiple=True,
    type=click.Path(exists=True, file_okay=False),
    help="Use the rules in this folder too. Rules are code: name only folders you trust. May be repeated.",
)


@dataclass(frozen=True, slots=True)
class Deploy:
    """Where templates are deployed. parameters: files with values; account and region are empty where not given."""

    parameters: tuple[str, ...] = ()
    account: str = ""
    region: str = ""


_DEPLOY = (
    click.option(
        "--parameters",
        metavar="FILE",
        multiple=True,
        help="Values for the parameters of templates: CloudFormation's, SAM's or Amplify's file. Repeatable.",
    ),
    click.option("--account", metavar="ID", default="", help="The account that templates are deployed to."),
    click.option("--region", metavar="NAME", default="", help="The Region that templates are deployed to."),
)
_ACCOUNT = re.compile(r"\d{12}", re.ASCII)
_REGION = re.compile(r"[a-z]{2,5}(-[a-z]+)+-\d", re.ASCII)


def deploying(command: Callable[..., int]) -> Callable[..., int]:
    """Give a command the options that say where templates go; it gets them together, as ``deploy``."""

    @wraps(command)
    def gathered(parameters: tuple[str, ...], account: str, region: str, **given: Any) -> int:
        if account and not _ACCOUNT.fullmatch(account):
            raise UsageError(f"--account {account} is no account id", "it has twelve digits")
        if region and not _REGION.fullmatch(region):
            raise UsageError(f"--region {region} is no Region", "write it like eu-west-1")
        return command(deploy=Deploy(parameters, account, region), **given)

    made: Callable[..., int] = gathered
    for option in reversed(_DEPLOY):
        made = option(made)
    return made
