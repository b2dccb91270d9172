"""Whether a condition holds, in three values (IAM User Guide, "Conditions with multiple context keys or values").

Values of one key are alternatives; for negated operators none may match. A missing key fails a positive operator,
passes a negated one and every IfExists; ForAllValues passes on it and ForAnyValue fails.
"""

from enum import IntEnum
from functools import lru_cache

from permcheck.model.policy import Condition
from permcheck.policy.compare import Predicate, predicate, predicates
from permcheck.policy.context import Context
from permcheck.policy.operators import TAKES_VARIABLES, read_operator
from permcheck.policy.variables import Unresolved, keys_in, substitute


class Match(IntEnum):
    """Kleene's three values: min is "and", max is "or"."""

    NO = 0
    MAYBE = 1
    YES = 2


class _Prepared:
    """A condition made ready to be asked: operator, lower-case key, ready predicates and texts with variables."""

    __slots__ = ("key", "moving", "operator", "ready")

    def __init__(self, condition: Condition, variables: bool) -> None:
        operator = self.operator = read_operator(condition.operator)
        self.key = condition.key.lower()
        expand = variables and operator.base in TAKES_VARIABLES
        self.moving = tuple(v for v in condition.values if expand and "${" in v)
        fixed = [v for v in condition.values if not (expand and "${" in v)]
        self.ready: tuple[Predicate, ...] = () if operator.base == "Null" else predicates(operator.base, fixed)


@lru_cache(maxsize=1 << 15)
def _prepared(condition: Condition, variables: bool) -> _Prepared:
    return _Prepared(condition, variables)


def keys_read(condition: Condition, variables: bool) -> tuple[str, ...]:
    """The keys, lower case, that decide this condition: its own and those of its variables."""
    prepared = _prepared(condition, variables)
    return (prepared.key, *(key for text in prepared.moving for key in keys_in(text)))


def holds(condition: Condition, context: Context, variables: bool) -> Match:
    """Whether the condition holds in this context. variables: whether ``${…}`` is expanded."""
    prepared = _prepared(condition, variables)
    operator, present = prepared.operator, context.get(prepared.key)
    if operator.base == "Null":
        return _null(condition.values, operator.quantifier, present)
    if present == ():
        if operator.quantifier is not None:
            return Match.YES if operator.quantifier == "all" or operator.if_exists else Match.NO
        return Match.YES if operator.if_exists or operator.negated else Match.NO
    ready, open_values = _resolve(prepared, context)
    if present is None:
        hopeless = not ready and not open_values and not operator.negated and not operator.if_exists
        return Match.NO if hopeless and operator.quantifier != "all" else Match.MAYBE
    found = [_one(value, ready, open_values, operator.negated) for value in present]
    if operator.quantifier == "all" or (operator.quantifier is None and operator.negated):
        return min(found)
    return max(found)


def _resolve(prepared: _Prepared, context: Context) -> tuple[tuple[Predicate, ...], bool]:
    """The predicates of all values, and whether some value is open. A value without its variable matches nothing."""
    if not prepared.moving:
        return prepared.ready, False
    found, open_values = list(prepared.ready), False
    for text in prepared.moving:
        value = substitute(text, context)
        if isinstance(value, str):
            found.append(predicate(prepared.operator.base, value))
        elif value is Unresolved.OPEN:
            open_values = True
    return tuple(found), open_values


def _one(value: str, ready: tuple[Predicate, ...], open_values: bool, negated: bool) -> Match:
    if any(p(value) for p in ready):
        match = Match.YES
    else:
        match = Match.MAYBE if open_values else Match.NO
    return Match(2 - match) if negated else match


def _null(values: tuple[str, ...], quantifier: str | None, present: tuple[str, ...] | None) -> Match:
    if quantifier is not None:
        # Access Analyzer, NULL_WITH_QUALIFIER: ForAllValues:Null is always true, ForAnyValue:Null never.
        return Match.YES if quantifier == "all" else Match.NO
    wanted = {v.lower() for v in values} & {"true", "false"}
    if present is None:
        return (Match.NO, Match.MAYBE, Match.YES)[len(wanted)]
    return Match.YES if ("true" if present == () else "false") in wanted else Match.NO
