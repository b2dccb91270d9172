"""``permcheck check``: findings in what is to be deployed."""

import click

from permcheck.cli import options
from permcheck.cli.group import EXIT_CODES
from permcheck.cli.inputs import declared, load
from permcheck.cli.options import Deploy
from permcheck.cli.reporting import Asked, Run, reporting
from permcheck.errors import UsageError
from permcheck.model import Facts


@click.command(short_help="Findings in templates, before they are deployed.", epilog=EXIT_CODES)
@click.argument("paths", metavar="TEMPLATE...", nargs=-1, required=True)
@options.deploying
@click.option("--against", metavar="PATH", help="An account, as a snapshot or captures: tell what the deploy changes.")
@click.option("--stack", metavar="NAME", help="With --against: the stack that the templates are deployed as.")
@reporting
def command(paths: tuple[str, ...], deploy: Deploy, against: str | None, stack: str | None, asked: Asked) -> int:
    """Report what is dangerous in templates, before anything is deployed.

    Reads CloudFormation and SAM templates, YAML or JSON, the cdk.out folder of the CDK, and what the Serverless
    Framework and Amplify compile. A folder is read with everything below it. Each template is judged by itself, but for
    nested stacks, the stacks of one cdk.out, and templates that import from one another.

    With --against, only what the deploy opens or closes in an account is told, by ARN: callers, reach, paths and
    findings, as permcheck diff tells them.

    What is not known before deploy stays unknown: a parameter without a value makes a verdict conditional or unknown,
    never a guess.
    """
    run = Run(asked)
    if against is None:
        if stack is not None:
            raise UsageError("--stack is for --against", "name the account to compare with: --against PATH")
        given = declared(paths, deploy)
        return run.finish(given.worlds, given.stdin)
    if asked.baseline is not None or asked.write_baseline is not None:
        raise UsageError("--against and a baseline do not go together", "--against tells what is new by itself")
    account = load((against,)).facts
    given = declared(paths, within(account, deploy))
    return run.finish_against(account, given.worlds, given.stdin, stack or "")


def within(account: Facts, deploy: Deploy) -> Deploy:
    """Where the templates go, as far as that is not given: the one account, and the one Region, that is in view."""
    placed = [arn.split(":", 5)[3:5] for arn in (*(f.arn for f in account.functions), *(r.arn for r in account.roles))]
    regions, accounts = ({parts[i] for parts in placed if parts[i]} for i in (0, 1))
    return Deploy(
        deploy.parameters,
        deploy.account or (accounts.pop() if len(accounts) == 1 else ""),
        deploy.region or (regions.pop() if len(regions) == 1 else ""),
    )
