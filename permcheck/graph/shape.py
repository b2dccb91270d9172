"""What a function's policies hold, at a glance: enough for a rule to pass by a function that cannot concern it.

A trait is never an answer. What it hints at has still to be decided; what it does not name needs no decision.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from permcheck.model.function import Function
from permcheck.model.policy import Condition, Policy, Statement
from permcheck.policy.arn import account_of
from permcheck.policy.caller import account_in
from permcheck.policy.wildcard import has_wildcard

EVERYBODY = "everybody"  # an Allow for * or for all but some
SERVICE = "service"  # an Allow for a service whose source is not plainly one resource of one account
FOREIGN = "foreign"  # an Allow that names a principal of another account
MORE = "more"  # an Allow of more than invoking
NEGATED = "negated"  # an Allow with NotPrincipal, NotAction or NotResource
GONE = "gone"  # the id of a principal, which AWS shows once the principal is deleted
QUALIFIED = "qualified"  # a policy on a version or alias that names more than services
URL = "url"  # a function URL
ELSEWHERE = "elsewhere"  # a condition on the source of a call that names another account
# a policy on the function itself that may reach its versions and aliases, a URL whose type is not told, or an Allow for
# somebody of another account, whose own policies may be in view without their text
UNSURE = "unsure"

_INVOKING = frozenset(("lambda:invokefunction", "lambda:invokefunctionurl", "lambda:invokeasync", "lambda:invoke*"))
_PLAIN = frozenset(("stringequals", "stringlike", "arnlike", "arnequals"))
_ACCOUNT = re.compile(r"\d{12}")
_SOURCE = re.compile(
    r"arn:[a-z-]+:(?:execute-api:[^:]*:\d{12}:[^/*?$]+(?:/[^$]*)?|[a-z0-9-]+:[^:$]*:\d{12}:[^*?$]+(?::\*)?)"
)
_UNIQUE_ID = re.compile(r"A(?:RO|ID)A[A-Z0-9]{12,}")


def shape(function: Function) -> frozenset[str]:
    """The traits of a function's policies and URLs."""
    return frozenset(_traits(function))


def unique_id(entry: str) -> bool:
    """Whether a principal entry is the id of a role or user (IAM, "IAM identifiers")."""
    return _UNIQUE_ID.fullmatch(entry) is not None


def _traits(function: Function) -> Iterator[str]:
    account = account_of(function.arn)
    for qualifier in function.qualifiers:
        if qualifier.url is not None:
            yield URL
            if not qualifier.url.auth_type:
                yield UNSURE
        if qualifier.policy is None:
            continue
        if not qualifier.name and _may_reach_further(qualifier.policy, function.arn):
            yield UNSURE
        for statement in qualifier.policy.statements:
            for condition in statement.conditions:
                if _is_elsewhere(condition, account):
                    yield ELSEWHERE
            found = list(_of(statement, account)) if statement.is_allow else []
            yield from found
            if EVERYBODY in found and any(s.conditions or s.not_principals for s in qualifier.policy.statements):
                yield SERVICE  # a condition may hold for services alone
            if qualifier.name and (EVERYBODY in found or FOREIGN in found):
                yield QUALIFIED


def _may_reach_further(policy: Policy, arn: str) -> bool:
    """Whether a function's own policy may be about its versions and aliases, or is about others than itself anyhow."""
    if policy.document is None or has_wildcard(arn) or "$" in arn:
        return True
    itself = (arn,)
    for statement in policy.statements:
        if statement.resources != itself and (statement.resources is None or {*statement.resources} != {arn}):
            return True
    return False


def _of(statement: Statement, account: str) -> Iterator[str]:
    if statement.not_actions or statement.not_resources or statement.not_principals:
        yield NEGATED
    principals = statement.principals
    if statement.not_principals is not None or (principals is not None and principals.everyone):
        yield EVERYBODY
    if principals is not None:
        # * means services as well, but only a condition on the source makes it mean them alone.
        if (principals.service or (principals.everyone and _asks_source(statement))) and not _one_source(statement):
            yield SERVICE
        for entry in principals.aws:
            if unique_id(entry):
                yield GONE
            elif account_in(entry) != account:
                yield FOREIGN
            if account_in(entry) != account:
                yield UNSURE
    if statement.actions and _more_than_invoking(statement.actions):
        yield MORE


def _is_elsewhere(condition: Condition, account: str) -> bool:
    """Whether one of the values is another account, or the ARN of something of another account."""
    key = condition.key.lower()
    if key == "aws:sourceaccount":
        return condition.values.count(account) < len(condition.values)
    if key == "aws:sourcearn":
        for value in condition.values:
            owner = account_of(value)
            if owner != account and owner.isdecimal():
                return True
    return False


@lru_cache(maxsize=1 << 10)
def _more_than_invoking(actions: tuple[str, ...]) -> bool:
    return any(action.lower() not in _INVOKING for action in actions)


def _asks_source(statement: Statement) -> bool:
    if statement.not_principals is not None and statement.not_principals.service:
        return True
    keys = (condition.key.lower() for condition in statement.conditions)
    return any(key.startswith(("aws:source", "aws:principalisaws", "aws:principalservice")) for key in keys)


def _one_source(statement: Statement) -> bool:
    """Whether a condition plainly names one resource with its account, or the account."""
    for condition in statement.conditions:
        if condition.operator.lower() in _PLAIN:
            key = condition.key.lower()
            if key == "aws:sourcearn" and all(_SOURCE.fullmatch(v) for v in condition.values):
                return True
            if key == "aws:sourceaccount" and all(_ACCOUNT.fullmatch(v) for v in condition.values):
                return True
    return False
