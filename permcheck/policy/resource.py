"""Whether a statement's Resource names a resource, with the variables in it put in as far as they are known."""

import re
from dataclasses import replace

from permcheck.model.policy import Condition, PolicyKind, Statement
from permcheck.policy.arn import resource_matcher
from permcheck.policy.condition import Match
from permcheck.policy.context import Context
from permcheck.policy.negation import negation
from permcheck.policy.variables import Unresolved, keys_in, substitute, template
from permcheck.policy.wildcard import plain


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
