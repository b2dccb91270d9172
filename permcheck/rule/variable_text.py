"""The policy variables in a statement, and what is wrong with their text.

IAM User Guide, "IAM policy elements: Variables and tags": where they may stand, which keys they may name.
"""

import re
from functools import lru_cache

from permcheck.model.policy import Statement
from permcheck.policy.operators import TAKES_VARIABLES, operator_named
from permcheck.policy.variables import keys_in
from permcheck.rule.tables import condition_key, nearest_keys, part

TOO_EARLY = "variables are filled in only behind the fifth colon of an ARN"
_VARIABLE = re.compile(r"\$\{[^}]*\}")


def places(statement: Statement) -> tuple[tuple[str, str], ...]:
    """(place below the statement, first variable there) of each text that holds a variable, in order."""
    return tuple((below, _VARIABLE.findall(text)[0]) for below, text in _texts(statement) if _VARIABLE.search(text))


def idle(statement: Statement) -> tuple[tuple[str, str, str], ...]:
    """(place below the statement, variable, why it never gets a value) of each text with such a variable."""
    return tuple((below, *found) for below, text in _texts(statement) if (found := _idle(text, below)))


def any_variable(statement: Statement) -> bool:
    """Whether a variable stands anywhere in the statement: a cheap question, asked of every one."""
    for text in statement.resources or statement.not_resources or ():
        if "${" in text:
            return True
    for condition in statement.conditions:
        for value in condition.values:
            if "${" in value:
                return True
    return False


def _texts(statement: Statement) -> list[tuple[str, str]]:
    element = "Resource" if statement.resources is not None else "NotResource"
    named = statement.resources or statement.not_resources or ()
    found = [(part(element, i, len(named)), text) for i, text in enumerate(named) if "${" in text]
    for condition in statement.conditions:
        operator = operator_named(condition.operator)
        if operator is not None and operator.base in TAKES_VARIABLES:
            below = condition.pointer.removeprefix(statement.pointer)
            found += [(below, value) for value in condition.values if "${" in value]
    return found


@lru_cache(maxsize=1 << 12)
def _idle(text: str, below: str) -> tuple[str, str] | None:
    first = _VARIABLE.search(text)
    if first is not None and not below.startswith("/Condition") and text.count(":", 0, first.start()) < 5:
        return first[0], TOO_EARLY
    for key in keys_in(text):
        known = condition_key(key)
        if known is not None and known.multivalued:
            return f"${{{key}}}", "a variable takes a key with one value, and this one has several"
        if known is None and key.startswith("aws:"):
            near = nearest_keys(key)
            return f"${{{key}}}", "AWS has no such key" + (f"; perhaps {' or '.join(near)}" if near else "")
    return None
