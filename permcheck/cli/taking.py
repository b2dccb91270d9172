"""What the commands that ask a live account share: their options, and the way from them to a snapshot."""

import sys
from collections.abc import Callable, Iterable
from dataclasses import fields
from functools import wraps
from typing import TYPE_CHECKING, Any

import click

import permcheck
from permcheck.cli.progress import watching
from permcheck.frozen import dataclass
from permcheck.report.escape import escape

if TYPE_CHECKING:
    from permcheck.sources.live.begin import Scan
    from permcheck.sources.live.take import Taken


@dataclass(frozen=True, slots=True)
class Taking:
    """The options, as they were given."""

    profile: str | None
    regions: tuple[str, ...]
    endpoint_url: str | None
    roles: tuple[str, ...]
    external_id: str | None
    organization: str | None
    include: tuple[str, ...]
    exclude: tuple[str, ...]
    concurrency: int
    resume: str | None


services = (
    click.option("--include", metavar="SERVICE", multiple=True, help="Read only this service. Repeatable."),
    click.option("--exclude", metavar="SERVICE", multiple=True, help="Do not read this service. Repeatable."),
)
_OPTIONS = (
    click.option("--profile", metavar="NAME", help="A profile of the AWS configuration."),
    click.option(
        "--region",
        "regions",
        metavar="REGION",
        multiple=True,
        help="Read this Region; all for every enabled one. Repeatable.  [default: the profile's]",
    ),
    click.option("--endpoint-url", metavar="URL", help="Send every call there, and not to AWS."),
    click.option(
        "--assume-role",
        "roles",
        metavar="ARN",
        multiple=True,
        help="Read the account of this role, with the role, in place of the credentials' own. Repeatable.",
    ),
    click.option("--external-id", metavar="ID", help="What the roles' trust policies ask for."),
    click.option(
        "--org",
        "organization",
        metavar="ROLE",
        help="Read every active account of the organization, with the role of this name in each.",
    ),
    *services,
    click.option(
        "--concurrency",
        metavar="N",
        type=click.IntRange(1, 64),
        default=10,
        show_default=True,
        help="Calls at the same time; each service's rate limits hold in any case.",
    ),
    click.option("--resume", metavar="FILE", help="Go on with a snapshot that a scan left unfinished."),
)

_ENDED = {"expired": "the credentials expired", "unreachable": "nobody answers any more"}

Command = Callable[..., int]


def taking(command: Command) -> Command:
    """Give a command the options that say which account is read; it gets them together, as ``wanted``."""

    @wraps(command)
    def gathered(**given: Any) -> int:
        return command(wanted=Taking(**{field.name: given.pop(field.name) for field in fields(Taking)}), **given)

    made: Command = gathered
    for option in reversed(_OPTIONS):
        made = option(made)
    return made


def begin(wanted: Taking, keep: str | None) -> "Scan":
    """Find out whose account it is, and say so. keep: the file of the snapshot. Raises UsageError."""
    from permcheck.sources.live.begin import Scan, Wanted
    from permcheck.sources.live.clients import Access

    scan = Scan(
        Access(wanted.profile, wanted.endpoint_url, wanted.external_id),
        Wanted(
            wanted.regions,
            wanted.roles,
            wanted.organization or "",
            wanted.include,
            wanted.exclude,
            wanted.concurrency,
            wanted.resume,
            f"permcheck {permcheck.__version__}",
        ),
        keep,
    )
    asked = scan.begun.asked
    say(f"permcheck runs as {scan.identity.arn}, in account {scan.identity.account}")
    accounts = "every active account of its organization" if asked.organization else ", ".join(sorted(asked.accounts))
    say(f"reading {accounts} in {', '.join(asked.regions)}")
    if scan.begun.answers:
        say(f"going on with {len(scan.begun.answers)} answers of {scan.begun.date}")
    return scan


def run(scan: "Scan") -> "Taken":
    """Ask everything, and sum up what could not be read."""
    from permcheck.sources.snapshot.facts import summed_up

    with watching() as progress:
        taken = scan.run(progress)
    _listed("not read", summed_up(taken.snapshot))
    if taken.ended in _ENDED:
        say(f"{_ENDED[taken.ended]}: nothing more was asked")
    return taken


def _listed(head: str, lines: Iterable[str]) -> None:
    for line in lines:
        say(f"{head}: {line}")


def say(line: str) -> None:
    """A line for people: on standard error, so that standard output holds the report and nothing else."""
    print(escape(line), file=sys.stderr)
