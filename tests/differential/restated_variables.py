"""Restatements of policy variables, one for each departure that concerns them."""

from __future__ import annotations

import re
from typing import Any

from .restate import (
    UNREAD,
    Comparison,
    has_variables,
    is_negated,
    listed,
    operator_parts,
    spelled_out,
    texts,
    unresolved,
    with_conditions_holding,
    with_statements,
)
from .vocabulary import Policy, Request, Statement

# Operators under which `*` and `?` are wildcards, so that an escaped one has to stay escaped.
WITH_WILDCARDS = ("stringlike", "stringnotlike")


def literal_variables(request: Request) -> Request:
    """`${` made unreadable in documents whose Version has no variables."""

    def unread(value: Any) -> Any:
        if isinstance(value, str):
            return value.replace("${", UNREAD)
        return [unread(one) for one in value] if isinstance(value, list) else value

    def change(_: str, document: Policy, statement: Statement) -> Statement:
        if has_variables(document):
            return statement
        for element in ("Resource", "NotResource"):
            if element in statement:
                statement[element] = unread(statement[element])
        if "Condition" in statement:
            statement["Condition"] = {
                operator: {key: unread(values) for key, values in comparisons.items()}
                for operator, comparisons in statement["Condition"].items()
            }
        return statement

    return with_statements(request, change)


def plain_escapes(request: Request) -> Request:
    """`${*}` and its like as the character itself, in operators that have no wildcards."""

    def change(document: Policy, operator: str, key: str, values: Any) -> Comparison:
        _, bare, _ = operator_parts(operator)
        if has_variables(document) and bare.startswith("string") and bare not in WITH_WILDCARDS:
            values = [re.sub(r"\$\{([*?$])\}", r"\1", text) for text in texts(values)]
        return operator, key, values

    return with_conditions_holding(request, "${", change)


def without_unresolved_notresource(request: Request) -> Request:
    """NotResource without entries whose variable has no value; without any entry left the statement is for all."""

    def change(_: str, document: Policy, statement: Statement) -> Statement:
        if "NotResource" in statement and has_variables(document):
            entries = listed(statement["NotResource"])
            kept = [entry for entry in entries if not unresolved(entry, request["context"])]
            if not kept:
                del statement["NotResource"]
                statement["Resource"] = "*"
            elif kept != entries:
                statement["NotResource"] = kept
        return statement

    return with_statements(request, change)


def without_unresolved_values(request: Request) -> Request:
    """Negated operators without the values whose variable has no value."""

    def change(document: Policy, operator: str, key: str, values: Any) -> Comparison:
        _, bare, _ = operator_parts(operator)
        if has_variables(document) and is_negated(bare) and bare.startswith(("string", "arn")):
            values = [text for text in texts(values) if not unresolved(text, request["context"])]
        return operator, key, values

    return with_conditions_holding(request, "${", change)


def spelled_out_variables(request: Request) -> Request:
    """Variables whose value has wildcards or is empty, replaced by it where wildcards count."""
    context = request["context"]

    def statement_change(_: str, document: Policy, statement: Statement) -> Statement:
        for element in ("Resource", "NotResource"):
            if element in statement and has_variables(document):
                written = statement[element]
                if isinstance(written, str):
                    statement[element] = _behind_fifth_colon(written, request)
                else:
                    statement[element] = [_behind_fifth_colon(entry, request) for entry in written]
        return statement

    def change(document: Policy, operator: str, key: str, values: Any) -> Comparison:
        _, bare, _ = operator_parts(operator)
        if has_variables(document) and bare.startswith(("string", "arn")):
            spelled = [spelled_out(text, context) for text in texts(values)]
            values = values if spelled == texts(values) else spelled
        return operator, key, values

    return with_conditions_holding(with_statements(request, statement_change), "${", change)


def _behind_fifth_colon(pattern: str, request: Request) -> str:
    segments = pattern.split(":", 5)
    if len(segments) < 6:
        return pattern
    return ":".join([*segments[:5], spelled_out(segments[5], request["context"])])


def early_variables(request: Request) -> Request:
    """Values of ARN operators with the variables before the fifth colon replaced."""
    context = request["context"]

    def early(text: str) -> str:
        start = text.find("${")
        if start < 0 or text[:start].count(":") >= 5:
            return text
        return spelled_out(text, context, odd_only=False)

    def change(document: Policy, operator: str, key: str, values: Any) -> Comparison:
        if has_variables(document) and operator_parts(operator)[1].startswith("arn"):
            spelled = [early(text) for text in texts(values)]
            values = values if spelled == texts(values) else spelled
        return operator, key, values

    return with_conditions_holding(request, "${", change)


def without_bool_variables(request: Request) -> Request:
    """Bool without values that hold a variable: as text they are neither true nor false."""

    def change(document: Policy, operator: str, key: str, values: Any) -> Comparison:
        if operator_parts(operator)[1] == "bool":
            values = [text for text in texts(values) if "${" not in text]
        return operator, key, values

    return with_conditions_holding(request, "${", change)
