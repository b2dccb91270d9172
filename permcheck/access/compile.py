"""One statement against a whole universe: the sets of items it surely and possibly names.

A condition is split by what it reads. Keys of the caller and of the way a request comes are decided once; keys of the
resource once for each distinct value; request keys leave the statement possible, not sure. A statement whose Resource
holds a variable that cannot be put in beforehand is asked item by item, by the reference.
"""

from typing import NamedTuple

from permcheck.access import bits
from permcheck.access.context import is_item_key
from permcheck.access.universe import Item, Universe
from permcheck.model.policy import PolicyKind, Statement
from permcheck.policy.condition import Match, keys_read
from permcheck.policy.context import Context
from permcheck.policy.matching import conditions_apply
from permcheck.policy.resource import resource_applies
from permcheck.policy.together import contradictory
from permcheck.policy.variables import keys_in, substitute


class Sets(NamedTuple):
    """What a statement, policy or layer says of the items: sure ⊆ possible, for Allow and for Deny."""

    allow_sure: int = 0
    allow_possible: int = 0
    deny_sure: int = 0
    deny_possible: int = 0

    def __or__(self, other: "Sets") -> "Sets":
        return Sets(
            self.allow_sure | other.allow_sure,
            self.allow_possible | other.allow_possible,
            self.deny_sure | other.deny_sure,
            self.deny_possible | other.deny_possible,
        )


NOTHING = Sets()


def keys_of(statement: Statement) -> tuple[str, ...]:
    """Every condition key, lower case, that a statement reads."""
    keys = [k for c in statement.conditions for k in keys_read(c, statement.variables)]
    if statement.variables:
        for pattern in (*(statement.resources or ()), *(statement.not_resources or ())):
            keys.extend(keys_in(pattern))
    return tuple(dict.fromkeys(keys))


def caller_keys_of(statement: Statement) -> tuple[str, ...]:
    """The keys a statement reads on which callers may differ: a session brings keys of its own, whatever their name."""
    if not statement.conditions and not _moves(statement):
        return ()
    return tuple(k for k in keys_of(statement) if not is_item_key(k))


def named_items(statement: Statement, kind: PolicyKind, universe: Universe, among: int) -> int:
    """The items, among those whose action the statement names, that its Resource names whoever calls.

    All of them where a variable has to be put in first.
    """
    if _moves(statement):
        return among
    if statement.resources is not None:
        return universe.index.matching_any(statement.resources, kind) & among
    if statement.not_resources is not None:
        return among & ~universe.index.matching_any(statement.not_resources, kind)
    return among


def _moves(statement: Statement) -> bool:
    """Whether a variable stands in what names the resources."""
    if statement.variables:
        for pattern in statement.resources or statement.not_resources or ():
            if "${" in pattern:
                return True
    return False


def compile_statement(statement: Statement, kind: PolicyKind, universe: Universe, named: int, caller: Context) -> Sets:
    """What the statement allows or denies this caller of the items that it names (see ``named_items``)."""
    if _moves(statement):
        moving = (k for p in (statement.resources or statement.not_resources or ()) for k in keys_in(p))
        if all(_settled(k, caller) for k in moving):
            named &= _by_resource(statement, kind, universe, caller)
            sure, possible = _by_condition(statement, universe, caller, named)
        else:
            sure, possible = _one_by_one(statement, kind, universe, named, caller)
    else:
        sure, possible = _by_condition(statement, universe, caller, named)
    return Sets(sure, possible) if statement.is_allow else Sets(0, 0, sure, possible)


def _settled(key: str, caller: Context) -> bool:
    """Whether a variable has one value for every item: a key of the caller that is known and not its to choose."""
    return not is_item_key(key) and caller.get(key) is not None and not caller.is_chosen(key)


def _by_resource(statement: Statement, kind: PolicyKind, universe: Universe, caller: Context) -> int:
    """The items that Resource names once the caller's keys are put into it."""
    found = 0
    for pattern in statement.resources or statement.not_resources or ():
        if "${" in pattern:
            parts = pattern.split(":", 5)
            rest = substitute(parts[5], caller) if len(parts) == 6 else None
            if not isinstance(rest, str):
                continue  # a variable without a value matches nothing
            pattern = ":".join((*parts[:5], rest))
        found |= universe.index.matching(pattern, kind)
    return found if statement.resources is not None else universe.all & ~found


def _by_condition(statement: Statement, universe: Universe, caller: Context, items: int) -> tuple[int, int]:
    """(sure, possible) among the items, by the conditions."""
    if not statement.conditions or not items:
        return items, items
    reads = tuple(k for k in keys_of(statement) if is_item_key(k))
    if not reads:
        match = condition_match(statement, caller)
        return (items if match is Match.YES else 0), (items if match is not Match.NO else 0)
    sure = possible = 0
    for item, group in universe.grouped(reads):
        here = group & items
        if here:
            match = condition_match(statement, item.context(caller))
            sure |= here if match is Match.YES else 0
            possible |= here if match is not Match.NO else 0
    return sure, possible


def condition_match(statement: Statement, context: Context) -> Match:
    """Whether the conditions hold; open ones that contradict one another do not."""
    match, residue = conditions_apply(statement, context)
    if len(residue) > 1 and contradictory(residue):
        return Match.NO
    return match


def _one_by_one(
    statement: Statement, kind: PolicyKind, universe: Universe, named: int, caller: Context
) -> tuple[int, int]:
    sure = possible = 0
    for number in bits.members(named):
        match = statement_match(statement, kind, universe.items[number], caller)
        possible |= 1 << number if match is not Match.NO else 0
        sure |= 1 << number if match is Match.YES else 0
    return sure, possible


def statement_match(statement: Statement, kind: PolicyKind, item: Item, caller: Context) -> Match:
    """The reference answer for one item: resource and conditions, the action taken as named."""
    context = item.context(caller)
    resource, left = resource_applies(statement, item.arn, kind, context)
    condition, more = conditions_apply(statement, context)
    residue = (*left, *more)
    if len(residue) > 1 and contradictory(residue):
        return Match.NO
    return min(resource, condition)
