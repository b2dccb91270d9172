"""What has to hold for a condition not to hold: the way round a Deny that may match, in AWS's own operators."""

from collections.abc import Iterable
from functools import lru_cache

from permcheck.model.policy import Condition
from permcheck.policy.compare import TRUTHS, date, number
from permcheck.policy.operators import OPPOSITE_ORDER, Operator, read_operator

_OTHER_QUANTIFIER = {"all": "any", "any": "all", None: None}


@lru_cache(maxsize=1 << 14)
def negation(condition: Condition) -> tuple[Condition, ...]:
    """Conditions that hold together exactly where this one does not.

    Exact for every request AWS can make: keys compared as numbers, dates or truth values hold such values, and
    operators of that sort without ForAllValues or ForAnyValue meet a single value.
    """
    operator = read_operator(condition.operator)
    base, negated, if_exists = operator.base, not operator.negated, False
    quantifier = _OTHER_QUANTIFIER[operator.quantifier]
    values: tuple[str, ...] = condition.values
    if base == "Null":
        if quantifier is None:
            values = tuple(sorted(TRUTHS - {v.lower() for v in values}))
        return (_written(condition, Operator("Null", quantifier=quantifier), values),)
    # What a missing key makes true must come out false; a negated operator without quantifier is true of one too.
    there = operator.if_exists and (operator.quantifier == "any" or (quantifier is None and negated))
    if base in OPPOSITE_ORDER or base == "Bool":
        values = _bound(base, values) if base != "Bool" else tuple({v.lower() for v in values} & TRUTHS)
        if len(values) == 1:
            # These have no negated twin, but for a value that is there an operator that says the opposite.
            base = OPPOSITE_ORDER.get(base, base)
            values = tuple(TRUTHS - set(values)) if base == "Bool" else values
            negated, if_exists = False, quantifier is None and not operator.if_exists
            there = there and quantifier is not None
        else:
            base, values = "StringEqualsIgnoreCase", tuple(sorted(values))
    elif base == "BinaryEquals":
        base = "StringEquals"
    result = _written(condition, Operator(base, negated, if_exists, quantifier), values)
    return (result, _written(condition, Operator("Null"), ("false",))) if there else (result,)


def _bound(base: str, values: Iterable[str]) -> tuple[str, ...]:
    """The one value that decides (alternatives make the loosest bound count), or none where no value can be read."""
    read = number if base.startswith("Numeric") else date
    bounds = [(bound, value) for value in values if (bound := read(value)) is not None]
    if not bounds:
        return ()
    return ((max if "Less" in base else min)(bounds)[1],)


def _written(condition: Condition, operator: Operator, values: tuple[str, ...]) -> Condition:
    return Condition(operator.name, condition.key, values, condition.pointer)
