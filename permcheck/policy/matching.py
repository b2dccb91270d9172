"""Whether one statement applies to one request: action, resource, principal, conditions."""

import re
from dataclasses import dataclass

from permcheck.model.policy import Condition, Policy, PolicyKind, Principals, Statement
from permcheck.policy.action import action_matcher
from permcheck.policy.arn import resource_matcher
from permcheck.policy.caller import Grant, exempt, named_by
from permcheck.policy.condition import Match, holds, keys_read
from permcheck.policy.context import Context
from permcheck.policy.negation import negation
from permcheck.policy.request import Request
from permcheck.policy.residue import contradictory
from permcheck.policy.variables import Unresolved, keys_in, substitute, template


@dataclass(frozen=True, slots=True)
class Applied:
    """A statement that applies, or may. residue: the conditions that were left open. grant: worth of its Principal."""

    policy: Policy
    statement: Statement
    match: Match
    residue: tuple[Condition, ...] = ()
    grant: Grant = Grant.FULL


def apply(policy: Policy, statement: Statement, request: Request, bounded: bool) -> list[Applied]:
    """How the statement applies to the request, once for each way its Principal names the caller; empty when it does not."""
    if not action_applies(statement, request.action):
        return []
    match, residue = resource_applies(statement, request.resource, policy.kind, request.context)
    if match is Match.NO:
        return []
    named = [(Grant.FULL, Match.YES, "")]
    if policy.kind is PolicyKind.RESOURCE:
        named = _principal_applies(statement, request, bounded)
        if not named:
            return []
    holding, left = conditions_apply(statement, request.context)
    match, residue = min(match, holding), (*residue, *left)
    if match is Match.NO or (len(residue) > 1 and contradictory(residue, request.context, statement.variables)):
        return []
    return [
        Applied(policy, statement, min(match, sure), (*residue, *_session_condition(session, statement)), grant)
        for grant, sure, session in named
    ]


def _principal_applies(statement: Statement, request: Request, bounded: bool) -> list[tuple[Grant, Match, str]]:
    if statement.principals is not None:
        return named_by(statement.principals, request.caller)
    if statement.not_principals is None:
        return []  # a resource policy's statement without Principal names nobody
    names: Principals = statement.not_principals
    if exempt(names, request.caller, statement.is_allow, bounded):
        return []
    return [(Grant.FULL, Match.YES, "")]


def _session_condition(session: str, statement: Statement) -> tuple[Condition, ...]:
    """A grant to one session name is open where the caller may choose the name."""
    if not session:
        return ()
    return (Condition("StringEquals", "sts:RoleSessionName", (session,), f"{statement.pointer}/Principal"),)


def action_applies(statement: Statement, action: str) -> bool:
    """Whether Action names the action, or NotAction does not."""
    if statement.actions is not None:
        return any(action_matcher(a)(action) for a in statement.actions)
    return not any(action_matcher(a)(action) for a in statement.not_actions or ())


def resource_applies(
    statement: Statement, resource: str, kind: PolicyKind, context: Context
) -> tuple[Match, tuple[Condition, ...]]:
    """Whether Resource names the resource, or NotResource does not; without either, the policy's own resource is meant."""
    patterns = statement.resources if statement.resources is not None else statement.not_resources
    if patterns is None:
        return Match.YES, ()
    best, residue = Match.NO, tuple[Condition, ...]()
    refused: list[Condition] = []
    for i, pattern in enumerate(patterns):
        if statement.variables and "${" in pattern:
            match, left = _with_variables(pattern, resource, kind, context, statement, i)
        else:
            match, left = Match.YES if resource_matcher(pattern, kind)(resource) else Match.NO, ()
        if match is Match.MAYBE:
            refused.extend(turned for condition in left for turned in negation(condition))
        if match > best:
            best, residue = match, left
    if statement.resources is not None:
        return best, residue
    return Match(2 - best), tuple(refused) if best is Match.MAYBE else ()


def _with_variables(
    pattern: str, resource: str, kind: PolicyKind, context: Context, statement: Statement, index: int
) -> tuple[Match, tuple[Condition, ...]]:
    """Variables stand only behind the fifth colon; before it ``${`` is text. One without a value matches nothing."""
    parts = pattern.split(":", 5)
    if len(parts) < 6:
        return Match.NO, ()
    head, rest = ":".join(parts[:5]), parts[5]
    value = substitute(rest, context)
    matched = isinstance(value, str) and resource_matcher(f"{head}:{value}", kind)(resource)
    # A session tag the caller may choose counts as known only where it suits the caller.
    free = any(context.is_chosen(key) for key in keys_in(rest)) and matched is not statement.is_allow
    if value is not Unresolved.OPEN and not free:
        return (Match.YES if matched else Match.NO), ()
    loose = "".join(
        literal + ("" if key is None else _known_or_star(key, default, context))
        for literal, key, default in template(rest)
    )
    if not resource_matcher(f"{head}:{loose}", kind)(resource):
        return Match.NO, ()
    element = "Resource" if statement.resources is not None else "NotResource"
    asked = resource.split(":", 5)[-1]
    return Match.MAYBE, _needed_values(rest, asked, context, f"{statement.pointer}/{element}/{index}")


def _known_or_star(key: str, default: str | None, context: Context) -> str:
    values = context.get(key)
    if values is None or context.is_chosen(key):
        return "*"
    return values[0] if len(values) == 1 else default or ""


def _needed_values(pattern: str, resource: str, context: Context, pointer: str) -> tuple[Condition, ...]:
    """Values of the open variables for which the pattern matches this resource (one way to make it match, of maybe many)."""
    keys = [k for k in dict.fromkeys(keys_in(pattern)) if _known_or_star(k, None, context) == "*"]
    if len(keys) == 1 and pattern.count("*") <= 2:
        text = ""
        for literal, key, default in template(pattern):
            text += re.escape(literal).replace(r"\*", ".*?").replace(r"\?", ".")
            if key is not None:
                known = _known_or_star(key, default, context)
                text += "(.+?)" if known == "*" and "(" not in text else r"\1" if known == "*" else re.escape(known)
        found = re.fullmatch(text, resource)
        if found and found.groups():
            return (Condition("StringEquals", keys[0], (found.group(1),), pointer),)
    return tuple(Condition("StringLike", key, ("*",), pointer) for key in keys)


def conditions_apply(statement: Statement, context: Context) -> tuple[Match, tuple[Condition, ...]]:
    """Whether all conditions hold, with those that are open."""
    residue: list[Condition] = []
    for condition in statement.conditions:
        match = holds(condition, context, statement.variables)
        # A value that speaks against the caller is open where the caller could have asked for another.
        against = match is (Match.NO if statement.is_allow else Match.YES)
        if against and context.chosen and _chosen(condition, statement, context):
            match = Match.MAYBE
        if match is Match.NO:
            return Match.NO, ()
        if match is Match.MAYBE:
            residue.append(condition)
    return (Match.MAYBE, tuple(residue)) if residue else (Match.YES, ())


def _chosen(condition: Condition, statement: Statement, context: Context) -> bool:
    """Whether the caller could have asked for another value of a key this condition reads."""
    return any(context.is_chosen(key) for key in keys_read(condition, statement.variables))
