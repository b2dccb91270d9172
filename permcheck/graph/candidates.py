"""Whom a resource policy might mean outside the view: a candidate for each name, source or organization in it."""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from permcheck.access.context import SERVICE_CLOSED
from permcheck.access.universe import Item
from permcheck.graph.strangers import BY_INTERNET, IN_NO_ORG, NO_SOURCE, STRANGER, known_of
from permcheck.model.policy import Condition, Policy, Statement
from permcheck.policy.arn import split
from permcheck.policy.caller import Caller, CallerKind, account_in, is_account
from permcheck.policy.context import Context
from permcheck.policy.matching import action_applies
from permcheck.policy.negation import negation
from permcheck.policy.operators import operator_named
from permcheck.policy.residue import instance
from permcheck.policy.wildcard import has_wildcard

_ACCOUNT = re.compile(r"(?<!\d)\d{12}(?!\d)")
# Keys that only a service's own call carries: a condition on one makes * mean services.
_MEANS_SERVICE = frozenset(
    (
        "aws:sourcearn",
        "aws:sourceaccount",
        "aws:sourceorgid",
        "aws:sourceorgpaths",
        "aws:principalisawsservice",
        "aws:principalservicename",
    )
)
# The service behind the first segment of a source ARN, where its principal is not SERVICE.amazonaws.com.
_SERVICE_OF = {"execute-api": "apigateway", "cloudwatch": "lambda.alarms.cloudwatch"}


class Candidate(NamedTuple):
    """A caller to try. needs: conditions beyond the function's side (its own account must allow it too).

    replayable: whether a witness with this principal means something. strange: whether it is anybody at all, who comes
    in whichever of graph.strangers' ways the policies leave open. implied: whether only everybody's grant means it.
    """

    name: str
    kind: str
    caller: Caller
    context: Context
    needs: tuple[Mapping[str, object], ...] = ()
    note: str = ""
    replayable: bool = True
    strange: bool = False
    implied: bool = False


def candidates(item: Item, action: str, services: bool = False) -> Iterator[Candidate]:
    """The callers that the item's policies name for this action, each once, in a fixed order.

    Where everybody is let in, a Deny that spares somebody names whom is meant. services: whether any service counts as
    named there too, since a condition on the caller may hold for services alone (they have no aws:PrincipalArn).
    """
    found: dict[tuple[str, str], Candidate] = {}
    concerned = [
        (policy, statement)
        for policy in (*item.policies, *item.doubtful)
        for statement in policy.statements
        if _reaches(statement, item.arn) and action_applies(statement, action)
    ]
    everybody = any(s.is_allow and for_everybody(s) for _, s in concerned)
    for policy, statement in concerned:
        if statement.is_allow or everybody:
            for candidate in _named(policy, statement, item):
                found.setdefault((candidate.kind, candidate.name), candidate)
    if services and everybody and any(s.conditions for _, s in concerned):
        found.setdefault(("service", "*"), service_caller("*")._replace(implied=True))
    yield from (found[key] for key in sorted(found))


def for_everybody(statement: Statement) -> bool:
    """Whether the statement speaks of everybody, or of all but some."""
    return statement.principals.everyone if statement.principals is not None else bool(statement.not_principals)


def _reaches(statement: Statement, arn: str) -> bool:
    """Whether Resource may name the ARN: a cheap no for the many statements that spell out another name."""
    named = statement.resources
    if named is None or arn in named:
        return True
    return any("*" in r or "?" in r or "$" in r or r.lower() == arn.lower() for r in named)


def _named(policy: Policy, statement: Statement, item: Item) -> Iterator[Candidate]:
    """Whom an Allow names, or a Deny spares."""
    names = statement.principals if statement.is_allow else statement.not_principals
    if for_everybody(statement):
        if statement.is_allow:
            yield stranger()
        yield from _by_condition(policy, statement, item)
    if names is None:
        return
    for entry in names.aws:
        if entry != "*" and account_in(entry) not in ("", item.account):
            yield from _foreign(entry, policy, statement)
    for service in names.service:
        yield service_caller(service)


def _by_condition(policy: Policy, statement: Statement, item: Item) -> Iterator[Candidate]:
    """Organizations, accounts and services of which a condition makes everybody mean those alone."""
    for condition in statement.conditions:
        operator = operator_named(condition.operator)
        if operator is None:
            continue
        key = condition.key.lower()
        if operator.base in ("Null", "Bool"):
            if key in _MEANS_SERVICE:
                yield service_caller("*")
            continue
        if operator.negated is statement.is_allow:
            continue
        for value in condition.values:
            if key in ("aws:principalorgid", "aws:principalorgpaths"):
                org, _, path = value.partition("/")
                # What is not known before a deploy stands there by its name too.
                if not has_wildcard(org) and "${deploy:" not in org:
                    yield _organization(org, policy, condition, statement.is_allow, instance(value) if path else "")
            elif key in ("aws:principalaccount", "aws:principalarn"):
                for account in _ACCOUNT.findall(value if key == "aws:principalaccount" else value.rpartition("/")[0]):
                    if account != item.account:
                        yield _account(account, policy, statement, value if key == "aws:principalarn" else None)
            elif key in _MEANS_SERVICE:
                yield service_caller(_service_from(value, key))


def _service_from(value: str, key: str) -> str:
    if key == "aws:principalservicename" and "*" not in value:
        return value
    if key != "aws:sourcearn":
        return "*"
    arn = split(value)
    if arn is None or "*" in arn.service:
        return "*"
    return f"{_SERVICE_OF.get(arn.service, arn.service)}.amazonaws.com"


@lru_cache(maxsize=1)
def stranger() -> Candidate:
    """Any principal of any account, in the plainest of its ways."""
    return Candidate("*", "aws", _root_of(STRANGER), Context(known_of((), "", True)[0], False), strange=True)


def ways_of(candidate: Candidate, item: Item, by_url: bool) -> Iterator[Candidate]:
    """The caller in each context that could make a difference to the policies of the item."""
    if not candidate.strange:
        yield candidate
        return
    for known in known_of(item.policies + item.doubtful, item.arn, by_url):
        account = known.get("aws:principalaccount", (STRANGER,))[0]
        yield candidate._replace(caller=_root_of(account), context=Context(known, False), strange=False)


@lru_cache(maxsize=1 << 10)
def _root_of(account: str) -> Caller:
    return Caller(CallerKind.ROOT, f"arn:aws:iam::{account}:root", account)


@lru_cache(maxsize=1)
def anonymous() -> Candidate:
    """Anyone at all, who signs nothing and comes over the internet: who opens a function URL of type NONE."""
    known = {
        **NO_SOURCE,
        **IN_NO_ORG,
        **BY_INTERNET,
        "aws:principalarn": (),
        "aws:principalaccount": ("anonymous",),
        "aws:principaltype": ("Anonymous",),
    }
    return Candidate("anyone", "anyone", Caller(CallerKind.ANONYMOUS, "*"), Context(known, False))


def _own_side(key: str, value: str, policy: Policy, statement: Statement) -> Mapping[str, object]:
    """What the other side has to add: a caller there that its own account lets."""
    element = "Principal" if statement.principals is not None else "NotPrincipal"
    source, pointer = policy.place(f"{statement.pointer}/{element}")
    return {"operator": "StringEquals", "key": key, "values": [value], "source": source, "pointer": pointer}


def _foreign(entry: str, policy: Policy, statement: Statement) -> Iterator[Candidate]:
    """A principal of another account: the account as a whole, or one role, user or session of it."""
    account = account_in(entry)
    if is_account(entry):
        yield _account(account, policy, statement, None)
        return
    arn = split(entry)
    if arn is None or not account:
        return
    kind = arn.resource.partition("/")[0]
    known = {**NO_SOURCE, "aws:principalarn": (entry,), "aws:principalaccount": (account,)}
    needs = (_own_side("aws:PrincipalArn", entry, policy, statement),)
    if kind == "user":
        yield Candidate(entry, "user", Caller(CallerKind.USER, entry, account), Context(known, False), needs)
    elif kind == "role":
        caller = Caller(CallerKind.ROLE, entry, account, entry, session_open=True)
        yield Candidate(entry, "role", caller, Context(known, False), needs)
    elif kind == "assumed-role":
        role = f"arn:{arn.partition}:iam::{account}:role/{arn.resource.split('/')[1]}"
        caller = Caller(CallerKind.SESSION, entry, account, role, role_exact=False)
        known["aws:principalarn"] = (role,)
        # A session's aws:PrincipalArn is its role's (IAM User Guide, "AWS global condition context keys").
        of_role = (_own_side("aws:PrincipalArn", role, policy, statement),)
        yield Candidate(entry, "role", caller, Context(known, False), of_role)


def _account(account: str, policy: Policy, statement: Statement, arn: str | None) -> Candidate:
    root = f"arn:aws:iam::{account}:root"
    known = {**NO_SOURCE, "aws:principalaccount": (account,)}
    if arn is not None and "*" not in arn and "$" not in arn:
        known["aws:principalarn"] = (arn,)
    needs = (_own_side("aws:PrincipalAccount", account, policy, statement),)
    return Candidate(account, "account", Caller(CallerKind.ROOT, root, account), Context(known, False), needs)


def _organization(org: str, policy: Policy, condition: Condition, holds: bool, path: str = "") -> Candidate:
    """Any principal of an organization, or of the part of it at this path; its account is a stranger's.

    holds: whether the condition has to hold, as in an Allow, or to fail.
    """
    needs = tuple(
        {
            "operator": asked.operator,
            "key": asked.key,
            "values": list(asked.values),
            **dict(zip(("source", "pointer"), policy.place(asked.pointer), strict=True)),
        }
        for asked in ((condition,) if holds else negation(condition))
    )
    known = {**NO_SOURCE, "aws:principalorgid": (org,), **({"aws:principalorgpaths": (path,)} if path else {})}
    caller = Caller(CallerKind.ROOT, f"arn:aws:iam::{STRANGER}:root", STRANGER)
    return Candidate(org, "org", caller, Context(known, False), needs)


@lru_cache(maxsize=1 << 10)
def service_caller(name: str) -> Candidate:
    """A service, for whatever source it may call."""
    known = {
        "aws:principalarn": (),
        "aws:principalorgid": (),
        "aws:principalorgpaths": (),
        "aws:principalisawsservice": ("true",),
        **BY_INTERNET,
        "aws:sourceip": (),
        "lambda:functionurlauthtype": (),
        "lambda:invokedviafunctionurl": ("false",),
    }
    if name != "*":
        known["aws:principalservicename"] = (name,)
    context = Context(known, False, closed=SERVICE_CLOSED)
    return Candidate(name, "service", Caller(CallerKind.SERVICE, name), context, replayable=name != "*")
