"""``permcheck scan``: findings in a live account."""

import click

from permcheck.cli import inputs
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
    if taken.ended and keep:
        say(f"what was read is kept: --resume {keep} goes on with it")
    elif taken.ended:
        say("what was read is not kept: --snapshot FILE keeps it, for --resume")
    if taken.ended == "interrupted":
        return INTERRUPTED
    name = f"account {scan.identity.account}"
    given = inputs.taken(facts_of(taken.snapshot, (name,)), name)
    return reporter.finish(given.worlds)
