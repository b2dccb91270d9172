"""``permcheck scan``: findings in a live account."""

import gc

import click

from permcheck.cli.group import EXIT_CODES
from permcheck.cli.reporting import Asked, Run, reporting
from permcheck.cli.running import INTERRUPTED
from permcheck.cli.taking import Taking, begin, run, say, taking


@click.command(short_help="Findings in a live account.", epilog=EXIT_CODES)
@taking
@click.option("--snapshot", "keep", metavar="FILE", help="Keep what is read in this file, for audit and --resume.")
@reporting
def command(wanted: Taking, keep: str | None, asked: Asked) -> int:
    """Report what is dangerous in a live account.

    Credentials are found as by the AWS CLI; permcheck permissions prints what they need. Nothing is written to the
    account, the code of functions is not downloaded, and values of their environments are dropped as they are read.
    The same as permcheck snapshot followed by permcheck audit.

    What could not be seen is listed as not read, and what depends on it is unknown.
    """
    from permcheck.sources.live.begin import kept_as
    from permcheck.sources.snapshot import files
    from permcheck.sources.snapshot.placed import facts_of

    reporter = Run(asked)
    if wanted.resume is not None and keep is None:
        keep = kept_as(wanted.resume)
    scan = begin(wanted, keep)
    taken = run(scan)
    if keep is not None and scan.journal is not None:
        files.write(keep, taken.snapshot)
        scan.journal.remove()
    if taken.ended == "interrupted":
        say(f"interrupted: --resume {keep} goes on" if keep else "interrupted: --snapshot FILE keeps what was read")
        return INTERRUPTED
    gc.disable()
    return reporter.finish([facts_of(taken.snapshot, (f"account {scan.identity.account}",))])
