"""``permcheck new-rule``: a file to start a rule from."""

import re
from collections.abc import Iterable
from pathlib import Path

import click

from permcheck.cli.output import emit
from permcheck.errors import ExitCode, UsageError

# Family → first digit of its ids, the hook that most of its rules use, and what the hook is given.
FAMILIES = {
    "text": ("0", "check_statement", "policy: Policy, statement: Statement", "Policy, Statement"),
    "invoke": ("1", "check_function", "function: Function", "Function"),
    "reach": ("2", "check_role", "role: Role", "Role"),
    "path": ("3", "check_caller", "caller: Role | User", "Role, User"),
}
ELSEWHERE = "9"  # ids of rules that are not part of permcheck, so that its later rules do not take them

TEMPLATE = '''"""{id}: {title}."""

from collections.abc import Iterable

from permcheck.model import {imports}
from permcheck.rule import Example, Rule, View


class {title_case}(Rule):
    """Say in a line what is wrong.

    What
        Reports what, and exactly when.

    Why it matters
        Say what somebody could do with it.

    How to fix
        Say what to write instead.

    When it is fine
        Say where it is meant, and what to write into the configuration then.

    References
        IAM User Guide, "title of the page"
    """

    id = "{id}"
    name = "{name}"
    severity = "medium"
    confidence = "high"
    since = "{since}"
    # Words of which one has to be there for the rule to be asked at all (see permcheck.rule.Rule); none: always asked.
    concerns = ()

    # What this rule must report, and no other rule besides: file name -> JSON, as "permcheck audit" would read it.
    bad = (Example(files={{}}, about=""),)
    # What it must leave alone. The best one is something that a careless version of this rule would report.
    good = (Example(files={{}}, about=""),)

    def {hook}(self, view: View, {takes}) -> Iterable[Finding]:
        return ()
'''


@click.command(short_help="Write the file of a new rule.")
@click.argument("rule", metavar="FAMILY/NAME")
@click.option(
    "--into",
    metavar="DIR",
    type=click.Path(file_okay=False),
    help="Write into this folder, made where it is missing.  [default: ./rules of a checkout of permcheck]",
)
def command(rule: str, into: str | None) -> int:
    """Write the file of a new rule, with a bad and a good example that fail until they are filled.

    FAMILY is text, invoke, reach or path; NAME is in kebab-case: permcheck new-rule path/shadow-admin
    """
    family, name = _named(rule)
    folder = Path(into or "rules")
    part = folder / family
    if into is None and not part.is_dir():
        raise UsageError("there is no folder ./rules: this is no checkout of permcheck", "say where: --into DIR")
    inside = part.is_dir()
    path = (part if inside else folder) / f"{name.replace('-', '_')}.py"
    rule_id = _free(FAMILIES[family][0] if inside else ELSEWHERE, [] if inside else [str(folder)], name)
    _write(path, _text(rule_id, family, name))
    emit(f"{path}: {rule_id} {name}\n")
    return ExitCode.CLEAN


def _named(rule: str) -> tuple[str, str]:
    family, _, name = rule.partition("/")
    if family not in FAMILIES:
        raise UsageError(f"there is no family {family!r}", f"the families are {', '.join(FAMILIES)}")
    if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", name):
        raise UsageError(f"{name!r} is no name of a rule", "small letters, digits and single hyphens: shadow-admin")
    return family, name


def _free(digit: str, folders: Iterable[str], name: str) -> str:
    """The id after the last one in use among those that begin with the digit. Raises UsageError for a name in use."""
    from permcheck import registry

    rules = registry.rules([folder for folder in folders if Path(folder).is_dir()])
    for rule in rules:
        if rule.name == name:
            raise UsageError(f"{rule.id} is already called {name}", f"permcheck explain {rule.id}")
    used = [int(rule.id[2:]) for rule in rules if re.fullmatch(rf"PC{digit}\d\d", rule.id)]
    return f"PC{max(used, default=int(digit) * 100) + 1:03d}"


def _text(rule_id: str, family: str, name: str) -> str:
    import permcheck

    _, hook, takes, imports = FAMILIES[family]
    return TEMPLATE.format(
        title=name.replace("-", " "),
        title_case="".join(part.capitalize() for part in name.split("-")),
        imports=", ".join(sorted(["Finding", *imports.split(", ")])),
        id=rule_id,
        name=name,
        since=".".join(permcheck.__version__.split(".")[:2]),
        hook=hook,
        takes=takes,
    )


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
    except FileExistsError as error:
        raise UsageError(f"{path} is already there", "choose another name, or remove it") from error
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror or error}") from error
