"""Whether a condition holds, in three values (IAM User Guide, "Conditions with multiple context keys or values").

Values of one key are alternatives; for negated operators none may match. A missing key fails a positive operator,
passes a negated one and every IfExists; ForAllValues passes on it and ForAnyValue fails.
"""

from enum import IntEnum
from functools import lru_cache
from typing import Final

from permcheck.model.policy import Condition
from permcheck.policy.compare import Predicate, predicate, predicates
from permcheck.policy.context import Context
from permcheck.policy.operators import TAKES_VARIABLES, Operator, read_operator
from permcheck.policy.variables import Unresolved, keys_in, substitute


class Match(IntEnum):
    """Kleene's three values: min is "and", max is "or"."""

    NO = 0
    MAYBE = 1
    YES = 2


# By names of their own: Python 3.11 takes four times as long to find a member of an enumeration as a global.
NO: Final = Match.NO
MAYBE: Final = Match.MAYBE
YES: Final = Match.YES
_TURNED = (YES, MAYBE, NO)


class Prepared:
    """A condition made ready to be asked: operator, lower-case key, ready predicates and texts with variables.

    absent, unknown: what it comes to where the key is absent, and where nothing is known of it; None where that
    depends on the values of variables.
    """

    __slots__ = ("absent", "condition", "key", "moving", "operator", "ready", "unknown")

    def __init__(self, condition: Condition, variables: bool) -> None:
        operator = self.operator = read_operator(condition.operator)
        self.condition = condition
        self.key = condition.key.lower()
        expand = variables and operator.base in TAKES_VARIABLES
        self.moving = tuple(v for v in condition.values if expand and "${" in v)
        fixed = [v for v in condition.values if not (expand and "${" in v)]
        self.ready: tuple[Predicate, ...] = () if operator.base == "Null" else predicates(operator.base, fixed)
        self.absent = _absent(operator, condition.values)
        self.unknown = None if self.moving else _unknown(operator, condition.values, bool(self.ready))

    def holds(self, context: Context) -> Match:
        """Whether the condition holds in this context."""
        present = context.get(self.key)
        if present == ():
            return self.absent
        if present is None and self.unknown is not None:
            return self.unknown
        operator = self.operator
        if operator.base == "Null":
            return _null(self.condition.values, operator.quantifier, present)
        ready, open_values = self._resolve(context) if self.moving else (self.ready, False)
        if present is None:
            return _unknown(operator, self.condition.values, bool(ready) or open_values)
        found = [_one(value, ready, open_values, operator.negated) for value in present]
        if operator.quantifier == "all" or (operator.quantifier is None and operator.negated):
            return min(found)
        return max(found)

    def _resolve(self, context: Context) -> tuple[tuple[Predicate, ...], bool]:
        """The predicates of all values, and whether some value is open. One without its variable matches nothing."""
        found, open_values = list(self.ready), False
        for text in self.moving:
            value = substitute(text, context)
            if isinstance(value, str):
                found.append(predicate(self.operator.base, value))
            elif value is Unresolved.OPEN:
                open_values = True
        return tuple(found), open_values


@lru_cache(maxsize=1 << 15)
def prepared(condition: Condition, variables: bool) -> Prepared:
    """The condition made ready. variables: whether ``${…}`` is expanded."""
    return Prepared(condition, variables)


def keys_read(condition: Condition, variables: bool) -> tuple[str, ...]:
    """The keys, lower case, that decide this condition: its own and those of its variables."""
    ready = prepared(condition, variables)
    return (ready.key, *(key for text in ready.moving for key in keys_in(text)))


def holds(condition: Condition, context: Context, variables: bool) -> Match:
    """Whether the condition holds in this context. variables: whether ``${…}`` is expanded."""
    return prepared(condition, variables).holds(context)


def _absent(operator: Operator, values: tuple[str, ...]) -> Match:
    """What a condition comes to where its key is absent."""
    if operator.base == "Null":
        return _null(values, operator.quantifier, ())
    if operator.quantifier is not None:
        return YES if operator.quantifier == "all" or operator.if_exists else NO
    return YES if operator.if_exists or operator.negated else NO


def _unknown(operator: Operator, values: tuple[str, ...], satisfiable: bool) -> Match:
    """What it comes to where nothing is known of its key. satisfiable: whether some value may match."""
    if operator.base == "Null":
        return _null(values, operator.quantifier, None)
    hopeless = not satisfiable and not operator.negated and not operator.if_exists
    return NO if hopeless and operator.quantifier != "all" else MAYBE


def _one(value: str, ready: tuple[Predicate, ...], open_values: bool, negated: bool) -> Match:
    match = MAYBE if open_values else NO
    for holds_for in ready:
        if holds_for(value):
            match = YES
            break
    return _TURNED[match] if negated else match


def _null(values: tuple[str, ...], quantifier: str | None, present: tuple[str, ...] | None) -> Match:
    if quantifier is not None:
        # Access Analyzer, NULL_WITH_QUALIFIER: ForAllValues:Null is always true, ForAnyValue:Null never.
        return YES if quantifier == "all" else NO
    wanted = {v.lower() for v in values} & {"true", "false"}
    if present is None:
        return (NO, MAYBE, YES)[len(wanted)]
    return YES if ("true" if present == () else "false") in wanted else NO
