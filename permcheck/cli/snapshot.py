"""``permcheck snapshot``: what a scan reads, as one file."""

import click

from permcheck.cli.group import EXIT_CODES
from permcheck.cli.running import INTERRUPTED
from permcheck.cli.taking import Taking, begin, run, say, taking
from permcheck.errors import ExitCode

DEFAULT = "permcheck-snapshot.json.gz"


@click.command(short_help="Keep what a scan reads, as one file.", epilog=EXIT_CODES)
@taking
@click.option("--output", metavar="FILE", help=f"Where the snapshot goes.  [default: {DEFAULT}]")
@click.option("--redact", is_flag=True, help="Put stand-ins in place of account ids and names, to show it to others.")
def command(wanted: Taking, output: str | None, redact: bool) -> int:
    """Read a live account and keep the answers in one file, which every other command reads in place of PATH.

    The file holds what AWS answered, as far as permcheck reads it: no values of environments, no tokens, no secrets. A
    scan that is killed leaves FILE.partial behind, which --resume FILE goes on with and every command reads too.
    """
    from permcheck.sources.live.begin import kept_as
    from permcheck.sources.snapshot import files
    from permcheck.sources.snapshot.facts import gaps

    keep = output or (DEFAULT if wanted.resume is None else kept_as(wanted.resume))
    scan = begin(wanted, keep)
    taken = run(scan)
    found = taken.snapshot
    # What is made anonymous cannot be gone on with: until it is whole it keeps its names.
    if redact and not found.complete:
        say(f"{keep} is not made anonymous yet: --resume {keep} --redact does so once everything is read")
    elif redact:
        from permcheck.sources.snapshot.redact import redacted

        found = redacted(found)
    files.write(keep, found)
    if scan.journal is not None:
        scan.journal.remove()
    say(f"{keep}: {len(found.answers)} answers" + ("" if found.complete else f"; --resume {keep} goes on with it"))
    if taken.ended == "interrupted":
        return INTERRUPTED
    return ExitCode.INCOMPLETE if gaps(taken.snapshot) else ExitCode.CLEAN
