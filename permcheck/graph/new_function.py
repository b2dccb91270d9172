"""Names under which somebody could make a function: what the caller's own policies leave open.

To create under one name and invoke under another gets nobody anywhere, so names are tried that fit both, where two
patterns have one in common. Whether the caller may do either with such a name is decided, not read off here.
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import chain, islice, tee
from typing import NamedTuple

from permcheck.access import Subject
from permcheck.graph.anything import item_named
from permcheck.graph.scene import Scene
from permcheck.model.policy import Document, Statement
from permcheck.model.verdict import Verdict
from permcheck.policy.arn import split
from permcheck.policy.matching import naming
from permcheck.policy.wildcard import glob, has_wildcard

_MADE_UP = "permcheck-new"
_CREATE = "lambda:CreateFunction"
_RUNS = ("lambda:InvokeFunction", "lambda:AddPermission", "lambda:PutResourcePolicy")
_TRIED = 8


class _Name(NamedTuple):
    """A Region and a name, with wildcards."""

    region: str
    name: str


def new_functions(scene: Scene, subject: Subject, *actions: str) -> Iterator[str]:
    """ARNs of functions not in view that the caller might create, first those its policies name for the actions."""
    created = dict.fromkeys(_patterns(subject, _CREATE))
    used = (pattern for action in actions for pattern in _patterns(subject, action))
    common = _fitting(created, used)
    partition, usual = subject.arn.split(":", 2)[1], scene.regions.get(subject.account, "us-east-1")
    seen: set[_Name] = set()
    # The first name mostly does, so the others are not made before they are asked for.
    for each in chain(common, created):
        if each in seen:
            continue
        seen.add(each)
        region = usual if has_wildcard(each.region) or not each.region else each.region
        name = each.name.replace("*", _MADE_UP).replace("?", "x")
        arn = f"arn:{partition}:lambda:{region}:{subject.account}:function:{name}"
        if arn not in scene.function_by_arn:
            yield arn


def _fitting(created: Iterable[_Name], used: Iterator[_Name]) -> Iterator[_Name]:
    """What fits both, one created after the other; of those used no more are looked at than is asked for."""
    for one in created:
        used, others = tee(used)
        yield from (found for other in others if (found := _common(one, other)) is not None)


def made_and_run(scene: Scene, subject: Subject) -> Iterator[str]:
    """ARNs under which the caller surely may create a function, and have it run."""
    for arn in islice(new_functions(scene, subject, *_RUNS), _TRIED):
        if _may(scene, subject, _CREATE, arn) and any(_may(scene, subject, action, arn) for action in _RUNS):
            yield arn


def _may(scene: Scene, subject: Subject, action: str, arn: str) -> bool:
    return scene.world.decide(subject, action, item_named(arn, action, subject.account)).verdict is Verdict.ALLOWED


def _patterns(subject: Subject, action: str) -> Iterator[_Name]:
    """The functions that the caller's policies allow the action on."""
    for policy in subject.policies:
        if policy.document is not None:
            yield from _allowed(policy.document, action)


@lru_cache(maxsize=1 << 12)
def _allowed(document: Document, action: str) -> tuple[_Name, ...]:
    return tuple(dict.fromkeys(name for s in naming(document, action) if s.is_allow for name in _names(s)))


def _names(statement: Statement) -> Iterator[_Name]:
    if statement.resources is None:
        yield _Name("*", "*")
    for text in statement.resources or ():
        arn = split(text)
        if arn is None or arn.resource.startswith("*") or "$" in arn.resource:
            yield _Name("*" if arn is None else arn.region, "*")
        elif arn.resource.startswith("function:"):
            # A pattern with a qualifier names no function as a whole; one that ends in a star may.
            yield _Name(arn.region, arn.resource.removeprefix("function:").partition(":")[0] or "*")
        elif glob(arn.resource)(f"function:{_MADE_UP}"):
            yield _Name(arn.region, "*")


@lru_cache(maxsize=1 << 12)
def _common(one: _Name, other: _Name) -> _Name | None:
    """What fits both, None where nothing is found that does."""
    name, region = _both(one.name, other.name), _both(one.region, other.region)
    return _Name(region, name) if name is not None and region is not None else None


def _both(one: str, other: str) -> str | None:
    """A text, or a narrower pattern, that both patterns match; None where none is found."""
    if "*" in (one, other):
        return other if one == "*" else one
    if not has_wildcard(one) or not has_wildcard(other):
        name = other if has_wildcard(one) else one
    else:
        firsts, lasts = [p.partition("*") for p in (one, other)], [p.rpartition("*") for p in (one, other)]
        head = max((first for first, _, _ in firsts), key=len)
        tail = max((last for _, _, last in lasts), key=len)
        inner = (p[len(f[0]) + 1 : -len(e[2]) or None] for p, f, e in zip((one, other), firsts, lasts, strict=True))
        name = f"{head}{_MADE_UP}{_joined(inner)}{tail}".replace("?", "x")
    return name if glob(one)(name) and glob(other)(name) else None


def _joined(parts: Iterable[str]) -> str:
    return "".join(part.replace("*", "-") for part in parts)
