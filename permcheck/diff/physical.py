"""Names that CloudFormation makes up: what a template leaves unnamed, found again in an account that it is deployed to.

Such a name is the stack's, the logical name and letters that nobody knows before (CloudFormation User Guide, "Name
type"). A template is judged with the stack's name of its file and without the letters. Where the account has things by
such names for exactly one stack, the template's get those names, so that each is laid over the one it becomes.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

from permcheck.model.facts import Facts
from permcheck.model.function import Function

T = TypeVar("T")
_MADE = re.compile(r"(?P<stack>[A-Za-z][\w-]*)-(?P<logical>[A-Za-z0-9]+)-[A-Za-z0-9]{8,13}")


def placed(account: Facts, declared: Facts, stack: str = "") -> Facts:
    """The declared facts with the names their things have in the account. stack: whose they are, empty to find out."""
    there = {arn for arn, _ in _named(account)}
    missing = {arn: name for arn, name in _named(declared) if arn not in there}
    found: dict[str, dict[str, set[str]]] = {}  # stack → name as declared → names in the account
    by_logical: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for arn, name in _named(account):
        if (made := _MADE.fullmatch(name)) is not None:
            by_logical.setdefault((_kind(arn), made["logical"]), []).append((made["stack"], name))
    for arn, name in missing.items():
        for whose, physical in by_logical.get((_kind(arn), name.rpartition("-")[2]), ()):
            found.setdefault(whose, {}).setdefault(name, set()).add(physical)
    whose = stack or _likeliest(found)
    names = {name: next(iter(each)) for name, each in found.get(whose, {}).items() if len(each) == 1}
    if not names:
        return declared
    sentence = f"Names that CloudFormation made are taken from the stack {whose} of the account."
    return replace(renamed(declared, names), assumptions=(*declared.assumptions, sentence))


def _named(facts: Facts) -> Iterator[tuple[str, str]]:
    """ARN and name of whatever CloudFormation may have named."""
    functions: tuple[Function, ...] = tuple(each for each in facts.functions if each.listed)
    yield from ((each.arn, each.name) for each in functions)
    yield from ((role.arn, role.name) for role in facts.roles if not role.loose)
    yield from ((user.arn, user.name) for user in facts.users)
    yield from ((each.arn, re.split(r"[:/]", each.arn)[-1]) for each in facts.resources)


def _kind(arn: str) -> str:
    """Service and type of an ARN: what two things of one name need not share."""
    service, _, rest = arn.partition(":")[2].partition(":")[2].partition(":")
    kind = rest.rpartition(":")[2] if service == "iam" else rest.split(":")[2] if rest.count(":") > 2 else ""
    return f"{service}:{kind.partition('/')[0]}"


def _likeliest(found: Mapping[str, Mapping[str, set[str]]]) -> str:
    """The stack that most of the names were found in, empty where two have as many."""
    (first, most), *rest = [*Counter({stack: len(names) for stack, names in found.items()}).most_common(2), ("", 0)]
    return first if not rest or rest[0][1] < most else ""


def as_stack(facts: Facts, stack: str, other: str) -> Facts:
    """The facts of a template whose stack is named after its file, as if the stack had another name."""
    names = {name: other + name.removeprefix(stack) for _, name in _named(facts) if name.startswith(f"{stack}-")}
    return renamed(facts, names) if names else facts


def renamed(facts: Facts, names: Mapping[str, str]) -> Facts:
    """The facts with other names in place of these, wherever they stand as a whole."""
    pattern = re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, names))})(?![\w-])")
    known: dict[int, tuple[Any, Any]] = {}  # what was renamed, by identity: parts that are shared stay so

    def again(value: Any) -> Any:
        if isinstance(value, str):
            return pattern.sub(lambda found: names[found[0]], value) if type(value) is str else value
        if id(value) in known:
            return known[id(value)][1]
        made = value
        if isinstance(value, tuple):
            made = tuple(again(part) for part in value)
        elif isinstance(value, Mapping):
            made = {again(key): again(part) for key, part in value.items()}
        elif is_dataclass(value) and not isinstance(value, type):
            kept = ("source", "pointer", "place")
            made = replace(
                value, **{f.name: again(getattr(value, f.name)) for f in fields(value) if f.name not in kept}
            )
        known[id(value)] = (value, made)
        return made

    parts = ("inputs", "assumptions", "suppressions", "listed")
    given = {f.name: again(getattr(facts, f.name)) for f in fields(facts) if f.name not in parts}
    return replace(facts, **given)
