"""Whether one statement applies to one request: action, resource, principal, conditions."""

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from permcheck.model.policy import Condition, Document, Policy, PolicyKind, Principals, Statement
from permcheck.policy.action import lower_matcher, service_of
from permcheck.policy.arn import resource_matcher
from permcheck.policy.caller import Caller, Grant, exempt, named_by
from permcheck.policy.condition import MAYBE, NO, YES, Match, Prepared, holds, keys_read, prepared
from permcheck.policy.context import Context
from permcheck.policy.request import Request
from permcheck.policy.resource import resource_applies
from permcheck.policy.together import contradictory
from permcheck.policy.wildcard import Matcher, has_wildcard


class Applied(NamedTuple):
    """A statement that applies, or may. residue: the conditions that were left open. grant: worth of its Principal."""

    policy: Policy
    statement: Statement
    match: Match
    residue: tuple[Condition, ...] = ()
    grant: Grant = Grant.FULL


class Ready(NamedTuple):
    """A statement made ready to be asked of many resources.

    names: whether its Resource names a resource, or its NotResource does not; where variables have a say (moving) it is
    always true, and the request decides.
    """

    statement: Statement
    names: Matcher
    moving: bool = False


@lru_cache(maxsize=1 << 17)
def naming(document: Document, action: str) -> tuple[Statement, ...]:
    """The statements of a document that name the action: mostly few or none, and asked again for every resource."""
    services = _services(document)
    if services is not None and service_of(action) not in services:
        return ()
    return tuple([s for s in document.statements if action_applies(s, action)])


@lru_cache(maxsize=1 << 17)
def ready_for(document: Document, action: str, kind: PolicyKind) -> tuple[Ready, ...]:
    """The same, made ready for policies of one kind."""
    return tuple([_ready(statement, kind) for statement in naming(document, action)])


@lru_cache(maxsize=1 << 15)
def _ready(statement: Statement, kind: PolicyKind) -> Ready:
    patterns = statement.resources if statement.resources is not None else statement.not_resources
    if patterns is None:
        return Ready(statement, _always)  # what the policy stands on is meant
    if statement.variables and any("${" in p for p in patterns):
        return Ready(statement, _always, moving=True)
    each = tuple([resource_matcher(p, kind) for p in patterns])
    if statement.resources is None:
        return Ready(statement, lambda resource: not any(matches(resource) for matches in each))
    if len(each) == 1:
        return Ready(statement, each[0])
    return Ready(statement, lambda resource: any(matches(resource) for matches in each))


def _always(_: str) -> bool:
    return True


@lru_cache(maxsize=1 << 15)
def _services(document: Document) -> frozenset[str] | None:
    """The services, lower case, of which a document names actions; None where it may name one of any service."""
    found: set[str] = set()
    for statement in document.statements:
        if statement.actions is None:
            return None
        found.update(map(service_of, statement.actions))
    return None if any(map(has_wildcard, found)) else frozenset(found)


def apply(policy: Policy, ready: Ready, request: Request, bounded: bool) -> Sequence[Applied]:
    """How a statement that names the action applies to the request, once for each way its Principal names the caller.

    Empty when it does not apply.
    """
    statement, names, moving = ready
    if not names(request.resource):
        return ()
    match, residue = YES, _NONE_OPEN
    if moving:
        match, residue = resource_applies(statement, request.resource, policy.kind, request.context)
        if match is NO:
            return ()
    named: Sequence[tuple[Grant, Match, str]] | None = None
    if policy.kind is PolicyKind.RESOURCE:
        named = principal_applies(statement, request.caller, bounded)
        if not named:
            return ()
    if statement.conditions:
        holding, left = conditions_apply(statement, request.context)
        if holding is NO:
            return ()
        if left:
            match, residue = min(match, holding), (*residue, *left) if residue else left
    if len(residue) > 1 and contradictory(residue):
        return ()
    if named is None:
        return (Applied(policy, statement, match, residue),)
    return [
        Applied(policy, statement, min(match, sure), (*residue, *session_condition(session, statement)), grant)
        for grant, sure, session in named
    ]


_NONE_OPEN: tuple[Condition, ...] = ()


def principal_applies(statement: Statement, caller: Caller, bounded: bool) -> list[tuple[Grant, Match, str]]:
    """The ways in which a resource policy's statement names the caller: (worth, certainty, session name asked for)."""
    if statement.principals is not None:
        return named_by(statement.principals, caller)
    if statement.not_principals is None:
        return []  # a resource policy's statement without Principal names nobody
    names: Principals = statement.not_principals
    if exempt(names, caller, statement.is_allow, bounded):
        return []
    return [(Grant.FULL, YES, "")]


def session_condition(session: str, statement: Statement) -> tuple[Condition, ...]:
    """A grant to one session name is open where the caller may choose the name."""
    if not session:
        return ()
    return (Condition("StringEquals", "sts:RoleSessionName", (session,), f"{statement.pointer}/Principal"),)


def action_applies(statement: Statement, action: str) -> bool:
    """Whether Action names the action, or NotAction does not."""
    refused = statement.actions is None
    asked = action.lower()
    for pattern in (statement.not_actions or ()) if refused else statement.actions or ():
        if lower_matcher(pattern)(asked):
            return not refused
    return refused


def conditions_apply(statement: Statement, context: Context) -> tuple[Match, tuple[Condition, ...]]:
    """Whether all conditions hold, with those that are open."""
    if context.chosen and any(map(context.is_chosen, _keys(statement))):
        return _conditions_with_choice(statement, context)
    left: list[Condition] = []
    for condition in _conditions(statement):
        match = condition.holds(context)
        if match is NO:
            return NO, ()
        if match is MAYBE:
            left.append(condition.condition)
    if not left:
        return YES, ()
    return MAYBE, tuple(left) if len(left) < len(statement.conditions) else statement.conditions


@lru_cache(maxsize=1 << 15)
def _conditions(statement: Statement) -> tuple[Prepared, ...]:
    return tuple([prepared(condition, statement.variables) for condition in statement.conditions])


@lru_cache(maxsize=1 << 15)
def _keys(statement: Statement) -> tuple[str, ...]:
    """The keys that a statement's conditions read."""
    return tuple(dict.fromkeys(k for c in statement.conditions for k in keys_read(c, statement.variables)))


def _conditions_with_choice(statement: Statement, context: Context) -> tuple[Match, tuple[Condition, ...]]:
    """The same where the caller may give some keys another value."""
    found: list[tuple[Condition, Match]] = []
    moved: set[str] = set()
    for condition in statement.conditions:
        match = holds(condition, context, statement.variables)
        # A value that speaks against the caller is open where the caller could have asked for another.
        against = match is (NO if statement.is_allow else YES)
        if against and (chosen := _chosen(condition, statement, context)):
            match = MAYBE
            moved |= chosen
        if match is NO:
            return NO, ()
        found.append((condition, match))
    # Another value for one condition is another value for all that read the key.
    residue = tuple(c for c, m in found if m is MAYBE or (moved and moved & _chosen(c, statement, context)))
    return (MAYBE if residue else YES), residue


def _chosen(condition: Condition, statement: Statement, context: Context) -> set[str]:
    """The keys this condition reads that the caller could have asked another value for."""
    return {key for key in keys_read(condition, statement.variables) if context.is_chosen(key)}
