"""Arguments and options that several commands take."""

import click

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
