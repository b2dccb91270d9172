"""What is left of conditions that could not be decided: can they hold together, with which values, and their negation."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from permcheck.model.policy import Condition
from permcheck.policy.compare import date, number
from permcheck.policy.condition import Match, holds
from permcheck.policy.context import Context
from permcheck.policy.operators import OPPOSITE_ORDER, Operator, operator_named
from permcheck.policy.variables import keys_in, substitute
from permcheck.policy.wildcard import has_wildcard, plain

SESSION_NAME = "sts:rolesessionname"
_EXACT = frozenset(("StringEquals", "NumericEquals", "DateEquals", "Bool", "BinaryEquals"))
_PATTERN = frozenset(("StringLike", "ArnLike", "ArnEquals"))


def negation(condition: Condition) -> tuple[Condition, ...]:
    """Conditions that hold together exactly where this one does not (what a Deny that may match leaves to be met)."""
    operator = _operator(condition)
    if operator.base == "Null":
        flipped = tuple("false" if v.lower() == "true" else "true" for v in condition.values)
        return (Condition("Null", condition.key, flipped, condition.pointer),)
    quantifier = {"all": "any", "any": "all", None: None}[operator.quantifier]
    base, negated, if_exists = operator.base, not operator.negated, False
    if base in OPPOSITE_ORDER:
        base, negated = OPPOSITE_ORDER[base], False
        if_exists = not operator.if_exists
    elif base == "Bool" and len(condition.values) == 1:
        # Bool has no negated twin: the other truth value, or absence.
        flipped = ("false" if condition.values[0].lower() == "true" else "true",)
        turned = Operator(base, False, not operator.if_exists, quantifier)
        return (Condition(turned.name, condition.key, flipped, condition.pointer),)
    elif base in ("Bool", "BinaryEquals"):
        base = "StringEqualsIgnoreCase" if base == "Bool" else "StringEquals"
    turned = Operator(base, negated, if_exists, quantifier)
    result = [Condition(turned.name, condition.key, condition.values, condition.pointer)]
    if operator.if_exists and quantifier is None and negated and base not in OPPOSITE_ORDER:
        result.append(Condition("Null", condition.key, ("false",), condition.pointer))
    return tuple(result)


def contradictory(conditions: Sequence[Condition], context: Context, variables: bool) -> bool:
    """Whether conditions on open keys surely cannot hold together. False when that is not known."""
    keys = [c.key.lower() for c in conditions]
    for key in dict.fromkeys(keys):
        if keys.count(key) > 1:
            same = [c for c in conditions if c.key.lower() == key]
            if _closed(same, variables) and solve(same, context, variables) is None:
                return True
    return False


def solve(conditions: Sequence[Condition], context: Context, variables: bool) -> tuple[str, ...] | None:
    """Values of the one key these conditions speak of for which all hold; ``()`` = leave it out; None = none found."""
    key = conditions[0].key.lower()
    tried = list(_candidates(conditions, context, variables))
    if any(_operator(c).quantifier for c in conditions):
        tried += [(a, b) for (a, *_), (b, *_) in pairwise(t for t in tried if t)]
        tried.append(tuple(dict.fromkeys(v for t in tried for v in t)))
    for values in tried:
        attempt = context.with_known({key: values})
        if all(holds(c, attempt, variables) is Match.YES for c in conditions):
            return values
    return None


def _closed(conditions: Sequence[Condition], variables: bool) -> bool:
    """Whether the candidates tried are all that could matter, so that finding none proves that there is none."""
    operators = [_operator(c) for c in conditions]
    if any(o.quantifier for o in operators):
        return False
    if any(variables and "${" in v for c in conditions for v in c.values):
        return False
    for condition, operator in zip(conditions, operators):
        if operator.base == "Null" and all(v.lower() == "true" for v in condition.values):
            return True
        if operator.negated or operator.if_exists:
            continue
        if operator.base in _EXACT:
            return True
        if operator.base in _PATTERN and not any(has_wildcard(v) for v in condition.values):
            return True
    bases = {o.base for o in operators}
    return all(b.startswith("Numeric") for b in bases) or all(b.startswith("Date") for b in bases)


def _candidates(conditions: Iterable[Condition], context: Context, variables: bool) -> Iterator[tuple[str, ...]]:
    yield ()
    numbers: set[float] = set()
    dates: set[float] = set()
    for condition in conditions:
        operator = _operator(condition)
        for written in condition.values:
            text = written
            if variables and "${" in written:
                resolved = substitute(written, context)
                text = resolved if isinstance(resolved, str) else written
            if operator.base in ("StringLike", "ArnLike", "ArnEquals"):
                yield (instance(text),)
                yield (plain(text.replace("*", "").replace("?", "x")),)
            elif operator.base == "IpAddress":
                yield from _addresses(text)
            elif operator.base.startswith("Numeric") and (value := number(text)) is not None:
                numbers.add(value)
            elif operator.base.startswith("Date") and (value := date(text)) is not None:
                dates.add(value)
            yield (plain(text),)
    for points, unit in ((numbers, 1), (dates, 86400)):
        ordered = sorted(points)
        beyond = [ordered[0] - unit, ordered[-1] + unit] if ordered else []
        for point in (*ordered, *((a + b) / 2 for a, b in pairwise(ordered)), *beyond):
            yield (f"{point:g}" if unit == 1 and abs(point) < 1e5 else str(int(point) if point == int(point) else point),)
    yield from (("true",), ("false",), ("permcheck",), ("arn:aws:iam::000000000000:role/permcheck",), ("198.51.100.7",))


def instance(pattern: str) -> str:
    """A text that matches the pattern."""
    return plain(pattern.replace("*", "x").replace("?", "x"))


def _addresses(text: str) -> Iterator[tuple[str, ...]]:
    from ipaddress import ip_network

    try:
        network = ip_network(text.strip(), strict=False)
    except ValueError:
        return
    yield (str(network[0] if network.num_addresses < 4 else network[1]),)


def _operator(condition: Condition) -> Operator:
    operator = operator_named(condition.operator)
    if operator is None:
        raise ValueError(f"unknown operator {condition.operator}")
    return operator


def open_keys_in(text: str, context: Context) -> tuple[str, ...]:
    """The keys of a text's variables of which nothing is known."""
    return tuple(k for k in keys_in(text) if context.get(k) is None)
