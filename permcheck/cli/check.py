"""``permcheck check``: findings in what is to be deployed."""

import click

from permcheck.cli import options
from permcheck.cli.group import EXIT_CODES
from permcheck.cli.inputs import declared
from permcheck.cli.options import Deploy
from permcheck.cli.reporting import Asked, Run, reporting


@click.command(short_help="Findings in templates, before they are deployed.", epilog=EXIT_CODES)
@click.argument("paths", metavar="TEMPLATE...", nargs=-1, required=True)
@options.deploying
@reporting
def command(paths: tuple[str, ...], deploy: Deploy, asked: Asked) -> int:
    """Report what is dangerous in templates, before anything is deployed.

    Reads CloudFormation and SAM templates, YAML or JSON, the cdk.out folder of the CDK, and what the Serverless
    Framework and Amplify compile. A folder is read with everything below it. Each template is judged by itself, but for
    nested stacks, the stacks of one cdk.out, and templates that import from one another.

    What is not known before deploy stays unknown: a parameter without a value makes a verdict conditional or unknown,
    never a guess.
    """
    run = Run(asked)
    given = declared(paths, deploy)
    return run.finish(given.worlds, given.stdin)
