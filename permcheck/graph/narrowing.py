"""What the open conditions of an answer leave: everything, everything at some time or place, or some resources only."""

from collections.abc import Iterable
from enum import IntEnum
from functools import lru_cache

from permcheck.data import condition_keys
from permcheck.model.answer import JsonObject
from permcheck.policy.operators import operator_named


class Narrowing(IntEnum):
    """How much of an allowed request the conditions take away.

    NONE: nothing, the caller sets the keys as it likes. REQUEST: they limit from where, when or how it may be sent.
    RESOURCE: they choose among the resources, or what is done with them.
    """

    NONE = 0
    REQUEST = 1
    RESOURCE = 2


def narrowing(conditions: Iterable[JsonObject]) -> Narrowing:
    """The strongest of the conditions, as objects of the JSON contract."""
    found = [_of(c) for c in conditions]
    return max(found) if found else Narrowing.NONE


def _of(condition: JsonObject) -> Narrowing:
    key, operator = str(condition["key"]).lower(), operator_named(str(condition["operator"]))
    negated = operator is not None and operator.negated
    if _chosen(key):
        return Narrowing.NONE
    if key == "aws:sourceip" and not negated and _every_address(condition.get("values")):
        return Narrowing.NONE
    if key.startswith("aws:") and not key.startswith("aws:resource"):
        return Narrowing.REQUEST
    # "All but those tagged so" leaves most of the resources.
    return Narrowing.REQUEST if negated else Narrowing.RESOURCE


@lru_cache(maxsize=1 << 10)
def _chosen(key: str) -> bool:
    """Whether the caller decides the key's value."""
    found = condition_keys.find(key)
    return (found is not None and found.caller_chosen) or key == "aws:securetransport"


def _every_address(values: object) -> bool:
    return isinstance(values, (list, tuple)) and any(str(v).endswith("/0") for v in values)
