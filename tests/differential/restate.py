"""Walks over a request that rewrite its policies, statement by statement or condition by condition.

Everything here leaves the given request as it was and answers with a changed one. Statements are copied one level deep,
so a change replaces an element and never alters one within.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from .vocabulary import Context, Policy, Request, Statement

SINGLE = ("permissions_boundary", "resource_policy")
LISTS = ("identity_policies", "session_policies")
LEVELS = ("service_control_policies", "resource_control_policies")

NEVER = False
ALWAYS = True
Comparison = tuple[str, str, Any]
VARIABLE = re.compile(r"\$\{([^{}]*)\}")
# What stands for "${" where it is to be text: a mark that policies may hold and no request does.
UNREAD = "$\u00a7{"
NOBODY = "arn:aws:iam::999999999999:role/nobody"


def listed(value: Any) -> list[Any]:
    """A grammar value that may be a scalar, as a list."""
    return list(value) if isinstance(value, list) else [value]


def texts(values: Any) -> list[str]:
    """The values of a comparison as texts, however they are written."""
    return [str(value).lower() if isinstance(value, bool) else str(value) for value in listed(values)]


def documents(request: Request) -> Iterator[tuple[str, Policy]]:
    """Every policy document of the request with the field it stands in."""
    for field in SINGLE:
        if request.get(field):
            yield field, request[field]
    for field in LISTS:
        for document in request.get(field) or ():
            yield field, document
    for field in LEVELS:
        for level in request.get(field) or ():
            for document in level:
                yield field, document


def with_statements(request: Request, change: Callable[[str, Policy, Statement], Statement | None]) -> Request:
    """A copy in which every statement is what `change` makes of it; None drops it."""

    def rewritten(field: str, document: Policy) -> Policy:
        alone = not isinstance(document["Statement"], list)
        made = [change(field, document, {**statement}) for statement in listed(document["Statement"])]
        kept = [statement for statement in made if statement is not None]
        return {**document, "Statement": kept[0] if alone and kept else kept}

    changed = dict(request)
    for field in SINGLE:
        if request.get(field):
            changed[field] = rewritten(field, request[field])
    for field in LISTS:
        if request.get(field):
            changed[field] = [rewritten(field, document) for document in request[field]]
    for field in LEVELS:
        if request.get(field):
            changed[field] = [[rewritten(field, document) for document in level] for level in request[field]]
    return changed


def with_conditions(request: Request, change: Callable[[Policy, str, str, Any], Comparison | bool]) -> Request:
    """A copy in which `change` has replaced each comparison (operator, key, values), or said NEVER or ALWAYS of it."""

    def rewrite(_: str, document: Policy, statement: Statement) -> Statement | None:
        block: dict[str, dict[str, Any]] = {}
        for operator, comparisons in statement.get("Condition", {}).items():
            for key, values in comparisons.items():
                made = change(document, operator, key, values)
                if made is NEVER:
                    return None
                if isinstance(made, tuple):
                    _put(block, made)
        if "Condition" in statement:
            statement["Condition"] = block
        return statement

    return with_statements(request, rewrite)


def with_conditions_holding(
    request: Request, mark: str, change: Callable[[Policy, str, str, Any], Comparison | bool]
) -> Request:
    """with_conditions, for comparisons in whose values `mark` stands; the others keep their form."""

    def only(document: Policy, operator: str, key: str, values: Any) -> Comparison | bool:
        if any(mark in text for text in texts(values)):
            return change(document, operator, key, values)
        return operator, key, values

    return with_conditions(request, only)


def _put(block: dict[str, dict[str, Any]], made: Comparison) -> None:
    """Add a comparison; where operator and key stand already, in another case, so that both are kept."""
    operator, key, values = made
    while key in block.get(operator, {}):
        operator = operator.upper() if operator != operator.upper() else operator.swapcase()
    block.setdefault(operator, {})[key] = values


def operator_parts(operator: str) -> tuple[str, str, bool]:
    """The set prefix ("", "all" or "any"), the bare operator and whether it ends in IfExists; all lower case."""
    name = operator.lower()
    prefix = ""
    for written, short in (("forallvalues:", "all"), ("foranyvalue:", "any")):
        if name.startswith(written):
            prefix, name = short, name.removeprefix(written)
    return prefix, name.removesuffix("ifexists"), name.endswith("ifexists")


def is_negated(bare: str) -> bool:
    return "not" in bare


def carried(context: Context, key: str) -> Any:
    """What the request carries for a key, whatever the case of its name; None when the key is absent."""
    return next((value for name, value in context.items() if name.lower() == key.lower()), None)


def has_variables(document: Policy) -> bool:
    """Whether `${…}` means anything in this document."""
    return document.get("Version") == "2012-10-17"


def unresolved(text: str, context: Context) -> bool:
    """Whether a variable in the text has neither a single value in the request nor a default."""
    for inner in VARIABLE.findall(text):
        if inner in ("*", "?", "$"):
            continue
        key, _, default = inner.partition(",")
        value = carried(context, key.strip())
        if value in (None, []):
            if not default:
                return True
        elif isinstance(value, list) and len(value) > 1:
            return True
    return False


def spelled_out(text: str, context: Context, odd_only: bool = True) -> str:
    """The text with its variables replaced; of them only those whose value holds `*` or `?`, or is empty."""

    def value_of(match: re.Match[str]) -> str:
        key, comma, default = match.group(1).partition(",")
        value = carried(context, key.strip())
        if isinstance(value, list):
            value = value[0] if len(value) == 1 else None
        elif value is None and comma:
            value = default.strip().strip("'")
        if value is None or match.group(1) in ("*", "?", "$"):
            return match.group(0)
        odd = not odd_only or value == "" or "*" in value or "?" in value
        return value if odd else match.group(0)

    return VARIABLE.sub(value_of, text)


def with_principals(statement: Statement, change: Callable[[str], list[str]]) -> Statement:
    """The statement with each entry of its AWS principals replaced by the entries `change` makes of it."""
    for element in ("Principal", "NotPrincipal"):
        named = statement.get(element)
        if isinstance(named, dict) and "AWS" in named:
            entries = [made for entry in listed(named["AWS"]) for made in change(entry)]
            if entries != listed(named["AWS"]):
                statement[element] = {**named, "AWS": entries or [NOBODY]}
    return statement
