"""A statement as boxes of requests: what its Action and Resource name, with the conditions that are left open."""

from collections.abc import Iterator

from permcheck.frozen import dataclass
from permcheck.model.policy import Condition, Policy, PolicyKind, Statement
from permcheck.policy.area import EVERY, Axis, Box, canonical
from permcheck.policy.condition import Match
from permcheck.policy.context import Context
from permcheck.policy.matching import conditions_apply
from permcheck.policy.patterns import resource_covers
from permcheck.policy.together import contradictory
from permcheck.policy.variables import Unresolved, keys_in, substitute, template


@dataclass(frozen=True, slots=True)
class Extent:
    """What a statement names, if the residue holds: none where it surely applies."""

    box: Box
    residue: tuple[Condition, ...] = ()


def extents(policy: Policy, statement: Statement, context: Context) -> Iterator[Extent]:
    """The boxes of one statement in this context; none where its conditions cannot hold.

    A pattern with a variable that is not known is taken for every value, on the condition that there is one.
    """
    match, residue = conditions_apply(statement, context)
    if match is Match.NO or (len(residue) > 1 and contradictory(residue)):
        return
    actions = Axis(statement.actions) if statement.actions is not None else Axis(statement.not_actions or (), True)
    patterns = statement.resources if statement.resources is not None else statement.not_resources
    if patterns is None:
        yield Extent(Box(actions, EVERY), residue)
        return
    settled: list[str] = []
    loose: list[tuple[str, tuple[Condition, ...]]] = []
    for number, pattern in enumerate(patterns):
        known, wide = _resolved(pattern, policy.kind, statement, context)
        if known is not None:
            settled.append(known)
        if wide is not None:
            loose.append((wide, _there_is_a_value(pattern, statement, number, context)))
    if statement.resources is not None:
        if settled:
            yield Extent(Box(actions, Axis(tuple(settled))), residue)
        for wide, asked in loose:
            yield Extent(Box(actions, Axis((wide,))), (*residue, *asked))
        return
    every = (*settled, *(wide for wide, _ in loose))
    yield Extent(Box(actions, Axis(every, negated=True)), residue)
    for wide, asked in loose:
        if any(resource_covers(p, PolicyKind.IDENTITY, wide, PolicyKind.IDENTITY) for p in settled):
            continue  # it is left out in any case
        if statement.is_allow:
            absent = tuple(Condition("Null", c.key, ("true",), c.pointer) for c in asked)
            yield Extent(Box(actions, Axis(tuple(settled), negated=True)), (*residue, *absent))
        else:
            yield Extent(Box(actions, Axis((wide,))), (*residue, *asked))


def _resolved(pattern: str, kind: PolicyKind, statement: Statement, context: Context) -> tuple[str | None, str | None]:
    """(the pattern it surely is, the widest it may be), each None where there is none. As policy.matching reads it."""
    if not (statement.variables and "${" in pattern):
        return canonical(pattern, kind), None
    parts = pattern.split(":", 5)
    if len(parts) < 6:
        return None, None
    head, rest = ":".join(parts[:5]), parts[5]
    value = substitute(rest, context)
    if value is Unresolved.ABSENT:
        return None, None
    wide = "".join(
        text + ("" if key is None else _known(key, default, context)) for text, key, default in template(rest)
    )
    if not isinstance(value, str):
        return None, canonical(f"{head}:{wide}", kind)
    known = canonical(f"{head}:{value}", kind)
    if not any(context.is_chosen(key) for key in keys_in(rest)):
        return known, None
    # The caller may ask for another value than the known one, where that one does not suit it.
    if statement.is_allow is (statement.resources is not None):
        return known, canonical(f"{head}:{wide}", kind)
    return None, known


def _known(key: str, default: str | None, context: Context) -> str:
    """The value of a variable, ``*`` where it is open or the caller's to choose."""
    values = context.get(key)
    if values is None or context.is_chosen(key):
        return "*"
    return values[0] if len(values) == 1 else default or ""


def _there_is_a_value(pattern: str, statement: Statement, number: int, context: Context) -> tuple[Condition, ...]:
    element = "Resource" if statement.resources is not None else "NotResource"
    pointer = f"{statement.pointer}/{element}/{number}"
    keys = (k for k in keys_in(pattern) if context.get(k) is None or context.is_chosen(k))
    return tuple(Condition("StringLike", key, ("*",), pointer) for key in dict.fromkeys(keys))
