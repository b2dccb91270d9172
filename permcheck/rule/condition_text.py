"""What is wrong with the text of a condition: why it holds for no request, or for every one.

IAM User Guide, "IAM JSON policy elements: Condition operators", "Single-valued vs. multivalued context keys" and "AWS
global condition context keys". What a request could hold is judged by the type of the key, never by one request.
"""

from collections.abc import Iterator
from functools import lru_cache

from permcheck.frozen import dataclass
from permcheck.model.policy import Condition, Policy, PolicyKind, Statement
from permcheck.policy.operators import Operator, operator_named
from permcheck.rule.condition_values import EVERY, checker
from permcheck.rule.tables import condition_key, known_prefix, nearest_keys

NEVER, ALWAYS, ABSENT, PARTLY, UNSURE = "never", "always", "absent", "partly", "unsure"
FIXED = "fixed"
# Set only where a service calls for a resource of somebody: a user or role that calls by itself has none of them.
_OF_SOURCES = frozenset(("aws:sourcearn", "aws:sourceaccount", "aws:sourceorgid", "aws:sourceorgpaths"))
# EventBridge's keys are listed with several values, and AWS's own policies compare them with StringEquals.
_PLAIN_IS_USUAL = ("events:",)
_SEVERAL = "a key with several values"


@dataclass(frozen=True, slots=True)
class Flaw:
    """One thing wrong with one condition.

    holds: NEVER, ALWAYS, FIXED (one of the two, whatever the request), ABSENT (only without the key), PARTLY (one value
    of several is idle) or UNSURE.
    why: a clause for people. fix: what to write instead.
    """

    holds: str
    why: str
    fix: str
    confidence: str = "high"


def flaws(policy: Policy, statement: Statement) -> Iterator[tuple[Condition, Flaw]]:
    """The first flaw of each condition of a statement."""
    for condition in statement.conditions:
        found = (
            _of_key(condition.operator, condition.key)
            or _of_values(condition, statement.variables)
            or _of_statement(condition, policy, statement)
        )
        if found is not None:
            yield condition, found


@lru_cache(maxsize=1 << 12)
def _of_key(name: str, key: str) -> Flaw | None:
    """What operator and key say without the values."""
    operator = operator_named(name)
    if operator is None:
        return None
    if operator.base == "Null" and operator.quantifier is not None:
        every = operator.quantifier == "all"
        return Flaw(ALWAYS if every else NEVER, f"{operator.name} asks each value whether it is missing", "write Null")
    known = condition_key(key)
    if known is None:
        return _unknown(operator, key)
    if operator.base == "Null":
        return None
    held = "" if "${" in known.name else _wrong_type(operator.base, known.types)
    if held:
        return Flaw(
            _if_no_value_fits(operator), f"{key} is {_TYPES[known.types[0]]}, and {held}", _fitting(known.types)
        )
    if known.multivalued and operator.quantifier is None and not key.lower().startswith(_PLAIN_IS_USUAL):
        fix = f"write ForAnyValue:{operator.name} (one of the values) or ForAllValues:{operator.name} (each of them)"
        return Flaw(UNSURE, f"{key} is {_SEVERAL}, and {operator.name} is for keys with one", fix, "medium")
    return None


def _unknown(operator: Operator, key: str) -> Flaw | None:
    prefix, colon, _ = key.partition(":")
    if "." in prefix or (colon and not known_prefix(prefix) and not nearest_keys(key)):
        return None  # a claim of some identity provider, or a service that the tables do not know
    near = nearest_keys(key)
    fix = (
        f"write {' or '.join(near)}"
        if near
        else "take the key from the service's page in the Service Authorization Reference"
    )
    sure = "high" if not colon or prefix.lower() == "aws" else "medium"
    return Flaw(_if_absent(operator), f"AWS has no condition key {key}, so no request carries it", fix, sure)


def _if_absent(operator: Operator) -> str:
    """What becomes of a condition whose key is in no request."""
    if operator.base == "Null":
        return FIXED
    if operator.quantifier is not None:
        return ALWAYS if operator.quantifier == "all" or operator.if_exists else NEVER
    return ALWAYS if operator.if_exists or operator.negated else NEVER


def _if_no_value_fits(operator: Operator) -> str:
    """What becomes of a condition whose values match nothing a request can hold."""
    if operator.negated:
        return ALWAYS
    return ABSENT if operator.if_exists or operator.quantifier == "all" else NEVER


_TYPES = {
    "IPAddress": "an address",
    "Bool": "true or false",
    "Numeric": "a number",
    "Date": "a date",
    "ARN": "an ARN",
    "String": "text",
}
_OPERATORS = {
    "IPAddress": "IpAddress",
    "Bool": "Bool",
    "Numeric": "a Numeric operator",
    "Date": "a Date operator",
    "ARN": "ArnLike",
    "String": "a String operator",
}


def _fitting(types: tuple[str, ...]) -> str:
    return f"write {' or '.join(_OPERATORS[kind] for kind in types)}"


def _wrong_type(base: str, types: tuple[str, ...]) -> str:
    """Why an operator can match no value of these types; empty where it can. Text may read like anything."""
    if base == "IpAddress" and "IPAddress" not in types:
        return "IpAddress compares addresses"
    if base == "Bool" and not {"Bool", "String"} & set(types):
        return "Bool compares true and false"
    if base.startswith("Numeric") and {"ARN", "Bool", "IPAddress"} & set(types):
        return f"{base} compares numbers"
    if base.startswith("Date") and {"ARN", "Bool", "IPAddress"} & set(types):
        return f"{base} compares dates"
    return ""


def _of_values(condition: Condition, variables: bool) -> Flaw | None:
    operator = operator_named(condition.operator)
    if operator is None:
        return None
    if not condition.values:
        return Flaw(_if_no_value_fits(operator), "there is no value to compare with", "name the values that are meant")
    check = checker(operator.base, condition.key.lower(), variables)
    if check is None:
        return None
    idle = [(value, wrong) for value in condition.values if (wrong := check(value))]
    if not idle:
        return _both(operator, condition)
    value, (why, fix) = next((entry for entry in idle if entry[1][0] == EVERY), idle[0])
    if why == EVERY:
        holds = NEVER if operator.negated else ALWAYS
        return Flaw(holds, f"{value} stands for everything", fix)
    holds = PARTLY if len(idle) < len(condition.values) else _if_no_value_fits(operator)
    return Flaw(holds, f"{value!r} {why}", fix)


def _both(operator: Operator, condition: Condition) -> Flaw | None:
    if operator.base in ("Null", "Bool") and len({value.lower() for value in condition.values}) == 2:
        return Flaw(ALWAYS, "it takes both true and false", "keep the one that is meant")
    return None


def _of_statement(condition: Condition, policy: Policy, statement: Statement) -> Flaw | None:
    """What a condition means next to the rest of its statement."""
    operator, key = operator_named(condition.operator), condition.key.lower()
    if operator is None or operator.base == "Null":
        return None
    if key == "lambda:sourcefunctionarn" and policy.kind is PolicyKind.RESOURCE:
        why = "AWS does not take this key in resource policies: only policies of the function's own role see it"
        return Flaw(UNSURE, why, "narrow by aws:PrincipalArn, the role of the function that calls", "medium")
    demanding = not operator.negated and not operator.if_exists and operator.quantifier != "all"
    if demanding and _null(statement, key) == "true":
        return Flaw(NEVER, f"Null says that {condition.key} must be missing", "drop one of the two conditions")
    if demanding and key in _OF_SOURCES and _callers_only(policy, statement):
        why = f"{condition.key} is there when a service calls, and the principals are users, roles or accounts"
        return Flaw(
            NEVER, why, "name the service as the principal, or narrow by aws:PrincipalArn or aws:PrincipalOrgID"
        )
    if operator.quantifier == "all" and statement.is_allow and not operator.negated:
        known = condition_key(condition.key)
        if known and not known.multivalued and known.present != "always" and _null(statement, key) != "false":
            why = f"{condition.key} is a key with one value, and ForAllValues also holds where it is missing"
            return Flaw(ALWAYS, why, f"write {operator.name.partition(':')[2]}")
    return None


def _null(statement: Statement, key: str) -> str:
    """The value of the statement's Null condition on a key (lower case), empty where there is none."""
    for other in statement.conditions:
        if other.operator.lower() == "null" and other.key.lower() == key and len(other.values) == 1:
            return other.values[0].lower()
    return ""


def _callers_only(policy: Policy, statement: Statement) -> bool:
    names = statement.principals
    if policy.kind is not PolicyKind.RESOURCE or names is None or names.everyone:
        return False
    return bool(names.aws) and not names.service and not names.federated
