"""The names of the 27 condition operators and what may be put around them.

IAM User Guide, "IAM JSON policy elements: Condition operators" and "Set operators for multivalued context keys".
"""

from functools import lru_cache

from permcheck.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Operator:
    """A parsed operator name.

    base: the positive operator (``StringEquals`` for StringNotEquals too). negated: the Not form.
    if_exists: the IfExists suffix. quantifier: ``all`` (ForAllValues), ``any`` (ForAnyValue) or None.
    """

    base: str
    negated: bool = False
    if_exists: bool = False
    quantifier: str | None = None

    @property
    def name(self) -> str:
        """The name as AWS spells it."""
        prefix = {"all": "ForAllValues:", "any": "ForAnyValue:", None: ""}[self.quantifier]
        bare = _NEGATED[self.base] if self.negated else self.base
        return f"{prefix}{bare}{'IfExists' if self.if_exists else ''}"


# Operators with a negated twin; the twin is true exactly where the operator is false, a missing key included.
_NEGATED = {
    "StringEquals": "StringNotEquals",
    "StringEqualsIgnoreCase": "StringNotEqualsIgnoreCase",
    "StringLike": "StringNotLike",
    "NumericEquals": "NumericNotEquals",
    "DateEquals": "DateNotEquals",
    "IpAddress": "NotIpAddress",
    "ArnEquals": "ArnNotEquals",
    "ArnLike": "ArnNotLike",
}
# Operators whose values may hold policy variables ("Where you can use policy variables").
TAKES_VARIABLES = frozenset(("StringEquals", "StringEqualsIgnoreCase", "StringLike", "ArnEquals", "ArnLike"))
_PLAIN = (
    "NumericLessThan",
    "NumericLessThanEquals",
    "NumericGreaterThan",
    "NumericGreaterThanEquals",
    "DateLessThan",
    "DateLessThanEquals",
    "DateGreaterThan",
    "DateGreaterThanEquals",
    "Bool",
    "BinaryEquals",
    "Null",
)
# The operator that is true for a present value exactly where the other is false.
OPPOSITE_ORDER = {
    "NumericLessThan": "NumericGreaterThanEquals",
    "NumericLessThanEquals": "NumericGreaterThan",
    "NumericGreaterThan": "NumericLessThanEquals",
    "NumericGreaterThanEquals": "NumericLessThan",
    "DateLessThan": "DateGreaterThanEquals",
    "DateLessThanEquals": "DateGreaterThan",
    "DateGreaterThan": "DateLessThanEquals",
    "DateGreaterThanEquals": "DateLessThan",
}
NAMES = tuple(sorted({*_NEGATED, *_NEGATED.values(), *_PLAIN}))
_BY_LOWER = {
    **{base.lower(): (base, False) for base in (*_NEGATED, *_PLAIN)},
    **{twin.lower(): (base, True) for base, twin in _NEGATED.items()},
}
_QUANTIFIERS = {"forallvalues": "all", "foranyvalue": "any"}


@lru_cache(maxsize=1024)
def operator_named(name: str) -> Operator | None:
    """The operator of that name, compared without case; None when AWS has none such."""
    head, colon, rest = name.lower().partition(":")
    quantifier = _QUANTIFIERS.get(head) if colon else None
    if colon and quantifier is None:
        return None
    bare = rest if colon else head
    if_exists = bare.endswith("ifexists")
    found = _BY_LOWER.get(bare.removesuffix("ifexists"))
    if found is None or (if_exists and found[0] == "Null"):
        return None
    return Operator(found[0], found[1], if_exists, quantifier)


def read_operator(name: str) -> Operator:
    """The operator of a parsed condition. Raises ValueError for a name AWS does not know; parsing lets none pass."""
    operator = operator_named(name)
    if operator is None:
        raise ValueError(f"unknown operator {name}")
    return operator
