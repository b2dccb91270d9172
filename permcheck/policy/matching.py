"""Whether one statement applies to one request: action, resource, principal, conditions."""

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from permcheck.model.policy import Condition, Document, Policy, PolicyKind, Principals, Statement
from permcheck.policy.action import action_matcher, service_of
from permcheck.policy.arn import resource_matcher
from permcheck.policy.caller import Caller, Grant, exempt, named_by
from permcheck.policy.condition import Match, holds, keys_read
from permcheck.policy.context import Context
from permcheck.policy.negation import negation
from permcheck.policy.request import Request
from permcheck.policy.together import contradictory
from permcheck.policy.variables import Unresolved, keys_in, substitute, template
from permcheck.policy.wildcard import has_wildcard, plain


@dataclass(frozen=True, slots=True)
class Applied:
    """A statement that applies, or may. residue: the conditions that were left open. grant: worth of its Principal."""

    policy: Policy
    statement: Statement
    match: Match
    residue: tuple[Condition, ...] = ()
    grant: Grant = Grant.FULL


@lru_cache(maxsize=1 << 17)
def naming(document: Document, action: str) -> tuple[Statement, ...]:
    """The statements of a document that name the action: mostly few or none, and asked again for every resource."""
    services = _services(document)
    if services is not None and service_of(action) not in services:
        return ()
    return tuple(s for s in document.statements if action_applies(s, action))


def may_name(document: Document, service: str) -> bool:
    """Whether some statement of a document may name an action of the service, given in lower case: a first look."""
    services = _services(document)
    return services is None or service in services


@lru_cache(maxsize=1 << 15)
def _services(document: Document) -> frozenset[str] | None:
    """The services, lower case, of which a document names actions; None where it may name one of any service."""
    found: set[str] = set()
    for statement in document.statements:
        if statement.actions is None:
            return None
        found.update(map(service_of, statement.actions))
    return None if any(map(has_wildcard, found)) else frozenset(found)


def apply(policy: Policy, statement: Statement, request: Request, bounded: bool) -> list[Applied]:
    """How a statement that names the action applies to the request, once for each way its Principal names the caller.

    Empty when it does not apply.
    """
    match, residue = resource_applies(statement, request.resource, policy.kind, request.context)
    if match is Match.NO:
        return []
    named: list[tuple[Grant, Match, str]] = []
    if policy.kind is PolicyKind.RESOURCE:
        named = principal_applies(statement, request.caller, bounded)
        if not named:
            return []
    if statement.conditions:
        holding, left = conditions_apply(statement, request.context)
        match, residue = min(match, holding), (*residue, *left)
    if match is Match.NO or (len(residue) > 1 and contradictory(residue)):
        return []
    if policy.kind is not PolicyKind.RESOURCE:
        return [Applied(policy, statement, match, residue)]
    return [
        Applied(policy, statement, min(match, sure), (*residue, *session_condition(session, statement)), grant)
        for grant, sure, session in named
    ]


def principal_applies(statement: Statement, caller: Caller, bounded: bool) -> list[tuple[Grant, Match, str]]:
    """The ways in which a resource policy's statement names the caller: (worth, certainty, session name asked for)."""
    if statement.principals is not None:
        return named_by(statement.principals, caller)
    if statement.not_principals is None:
        return []  # a resource policy's statement without Principal names nobody
    names: Principals = statement.not_principals
    if exempt(names, caller, statement.is_allow, bounded):
        return []
    return [(Grant.FULL, Match.YES, "")]


def session_condition(session: str, statement: Statement) -> tuple[Condition, ...]:
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
    """Whether Resource names the resource, or NotResource does not; without either the policy's own is meant."""
    patterns = statement.resources if statement.resources is not None else statement.not_resources
    if patterns is None:
        return Match.YES, ()
    best, open_ways = Match.NO, list[tuple[Condition, ...]]()
    for i, pattern in enumerate(patterns):
        if statement.variables and "${" in pattern:
            match, left = _with_variables(pattern, resource, kind, context, statement, i)
            if match is Match.MAYBE:
                best = match
                open_ways.append(left)
                continue
        else:
            match = Match.YES if resource_matcher(pattern, kind)(resource) else Match.NO
        if match is Match.YES:
            best = match
            break
    if statement.resources is None:
        refused = tuple(turned for way in open_ways for condition in way for turned in negation(condition))
        return Match(2 - best), refused if best is Match.MAYBE else ()
    return best, _either(open_ways) if best is Match.MAYBE else ()


def _either(ways: list[tuple[Condition, ...]]) -> tuple[Condition, ...]:
    """Conditions under which one of several open patterns matches: alternatives of one key become one condition."""
    first = ways[0]
    if any(len(way) != 1 or (way[0].operator, way[0].key) != (first[0].operator, first[0].key) for way in ways):
        return first
    values = tuple(dict.fromkeys(v for way in ways for v in way[0].values))
    return (replace(first[0], values=values),)


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
    wanted = statement.is_allow is (statement.resources is not None)
    free = matched is not wanted and any(context.is_chosen(key) for key in keys_in(rest))
    if value is not Unresolved.OPEN and not free:
        return (Match.YES if matched else Match.NO), ()
    loose = ""
    for literal, key, default in template(rest):
        known = "" if key is None else _known(key, default, context)
        loose += literal + ("*" if known is None else known)
    if not resource_matcher(f"{head}:{loose}", kind)(resource):
        return Match.NO, ()
    element = "Resource" if statement.resources is not None else "NotResource"
    asked = resource.split(":", 5)[-1]
    return Match.MAYBE, _needed_values(rest, asked, context, wanted, f"{statement.pointer}/{element}/{index}")


def _known(key: str, default: str | None, context: Context) -> str | None:
    """The value of a variable, None where it is open or the caller's to choose."""
    values = context.get(key)
    if values is None or context.is_chosen(key):
        return None
    return values[0] if len(values) == 1 else default or ""


def _needed_values(pattern: str, resource: str, context: Context, wanted: bool, pointer: str) -> tuple[Condition, ...]:
    """Conditions on the open variables of a pattern that may match this resource.

    wanted: whether the caller needs the match; then they are one way to it, of maybe many. Else they are such that the
    pattern does not match where they fail: the only values that make it match, or that there are values at all.
    """
    groups: dict[str, str] = {}
    text = ""
    for literal, key, default in template(pattern):
        text += _expression(literal)
        if key is not None:
            known = _known(key, default, context)
            if known is not None:
                text += _expression(known)
            elif key in groups:
                text += f"(?P={groups[key]})"
            else:
                groups[key] = f"v{len(groups)}"
                text += f"(?P<{groups[key]}>.*?)"
    loose = text.count(".*?")  # each multiplies the work by the length of the ARN
    short = loose == 1 or (loose <= 3 and len(resource) <= 256)
    found = re.fullmatch(text, resource, re.DOTALL) if short and (wanted or loose == 1) else None
    if found is None:
        return tuple(Condition("StringLike", key, ("*",), pointer) for key in groups)
    return tuple(Condition("StringEquals", key, (found.group(name),), pointer) for key, name in groups.items())


def _expression(pattern: str) -> str:
    """A policy pattern as a regular expression."""
    return "".join({"*": ".*?", "?": "."}.get(c) or re.escape(plain(c)) for c in pattern)


def conditions_apply(statement: Statement, context: Context) -> tuple[Match, tuple[Condition, ...]]:
    """Whether all conditions hold, with those that are open."""
    found: list[tuple[Condition, Match]] = []
    moved: set[str] = set()
    for condition in statement.conditions:
        match = holds(condition, context, statement.variables)
        # A value that speaks against the caller is open where the caller could have asked for another.
        against = match is (Match.NO if statement.is_allow else Match.YES)
        if against and context.chosen and (chosen := _chosen(condition, statement, context)):
            match = Match.MAYBE
            moved |= chosen
        if match is Match.NO:
            return Match.NO, ()
        found.append((condition, match))
    # Another value for one condition is another value for all that read the key.
    residue = tuple(c for c, m in found if m is Match.MAYBE or (moved and moved & _chosen(c, statement, context)))
    return (Match.MAYBE if residue else Match.YES), residue


def _chosen(condition: Condition, statement: Statement, context: Context) -> set[str]:
    """The keys this condition reads that the caller could have asked another value for."""
    return {key for key in keys_read(condition, statement.variables) if context.is_chosen(key)}
