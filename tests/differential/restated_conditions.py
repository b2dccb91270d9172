"""Restatements of condition operators and keys, one for each departure that concerns them."""

from __future__ import annotations

import ipaddress
import re
from datetime import UTC, datetime
from typing import Any

from .restate import (
    ALWAYS,
    NEVER,
    Comparison,
    carried,
    is_negated,
    listed,
    operator_parts,
    texts,
    with_conditions,
    with_conditions_holding,
)
from .vocabulary import Policy, Request

NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")
EPOCH = re.compile(r"\d{5,}")
# iam-simulate's own answer to keys outside the action's list is to drop them: these are met in function policies.
RENAMED = {
    "cognito-identity.amazonaws.com:aud": "aws:PrincipalTag/renamed-aud",
    "cognito-identity.amazonaws.com:sub": "aws:PrincipalTag/renamed-sub",
    "lambda:functionurlauthtype": "aws:PrincipalTag/renamed-url",
}


def renamed_keys(request: Request) -> Request:
    """Keys that iam-simulate would drop from lambda:InvokeFunction, under the name of a principal tag."""
    if request["action"] != "lambda:InvokeFunction":
        return request

    def renamed(value: Any) -> Any:
        if isinstance(value, dict):
            return {RENAMED.get(key.lower(), key): renamed(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [renamed(inner) for inner in value]
        if isinstance(value, str) and "${" in value:
            for old, new in RENAMED.items():
                value = re.sub(re.escape("${" + old), "${" + new, value, flags=re.IGNORECASE)
        return value

    return {field: renamed(value) for field, value in request.items()}


def without_empty_keys(request: Request) -> Request:
    """The context without keys that carry no value, where they are asked about otherwise than with a set operator."""
    empty = {key.lower() for key, value in request["context"].items() if value == []}
    asked: set[str] = set()

    def look(_policy: Policy, operator: str, key: str, values: Any) -> bool:
        prefix, bare, if_exists = operator_parts(operator)
        if key.lower() in empty and (not prefix or bare == "null" or if_exists):
            asked.add(key.lower())
        return ALWAYS

    if empty:
        with_conditions(request, look)
    return {**request, "context": {key: value for key, value in request["context"].items() if key.lower() not in asked}}


def null_without_prefix(request: Request) -> Request:
    """ForAllValues:Null as nothing, ForAnyValue:Null as never."""

    def change(_policy: Policy, operator: str, key: str, values: Any) -> Comparison | bool:
        prefix, bare, _ = operator_parts(operator)
        if bare == "null" and prefix:
            return ALWAYS if prefix == "all" else NEVER
        return operator, key, values

    return with_conditions(request, change)


def any_value_if_exists(request: Request) -> Request:
    """ForAnyValue with IfExists as nothing, where the key is absent."""

    def change(_policy: Policy, operator: str, key: str, values: Any) -> Comparison | bool:
        prefix, _, if_exists = operator_parts(operator)
        if prefix == "any" and if_exists and carried(request["context"], key) is None:
            return ALWAYS
        return operator, key, values

    return with_conditions(request, change)


def set_prefix_added(request: Request) -> Request:
    """A set prefix for a plain operator on a key that carries a list: any value, or under a negated operator all."""

    def change(_policy: Policy, operator: str, key: str, values: Any) -> Comparison:
        prefix, bare, _ = operator_parts(operator)
        if not prefix and bare != "null" and isinstance(carried(request["context"], key), list):
            operator = ("ForAllValues:" if is_negated(bare) else "ForAnyValue:") + operator
        return operator, key, values

    return with_conditions(request, change)


def without_unreadable_values(request: Request) -> Request:
    """Negated operators without unreadable values; true where the request's own value cannot be read."""

    def change(_policy: Policy, operator: str, key: str, values: Any) -> Comparison | bool:
        prefix, bare, _ = operator_parts(operator)
        if not is_negated(bare) or bare.startswith("string"):
            return operator, key, values
        written = texts(values)
        kept = [text for text in written if "${" in text or _readable(bare, text)]
        present = carried(request["context"], key)
        if isinstance(present, str) and not prefix and not _readable(bare, present):
            return ALWAYS
        return operator, key, values if kept == written else kept

    return with_conditions(request, change)


def _readable(bare: str, text: str) -> bool:
    if "numeric" in bare:
        return bool(NUMBER.fullmatch(text.strip()))
    if "arn" in bare:
        return text == "*" or text.count(":") >= 5
    try:
        if "date" in bare:
            return bool(EPOCH.fullmatch(text)) or bool(datetime.fromisoformat(text))
        return bool(ipaddress.ip_network(text, strict=False))
    except ValueError:
        return False


def whole_arn_for_star(request: Request) -> Request:
    """A lone star under an ARN operator as a pattern of six segments."""

    def change(_policy: Policy, operator: str, key: str, values: Any) -> Comparison:
        if operator_parts(operator)[1].startswith("arn") and "*" in listed(values):
            values = ["arn:*:*:*:*:*" if text == "*" else text for text in listed(values)]
        return operator, key, values

    return with_conditions(request, change)


def halved_ranges(request: Request) -> Request:
    """A /0 address range as its two halves."""
    halves = {4: ["0.0.0.0/1", "128.0.0.0/1"], 6: ["::/1", "8000::/1"]}

    def change(_policy: Policy, operator: str, key: str, values: Any) -> Comparison:
        made: list[str] = []
        for text in texts(values):
            whole = text.endswith("/0") and "ip" in operator.lower()
            made += halves[6 if ":" in text else 4] if whole else [text]
        return operator, key, made

    return with_conditions_holding(request, "/0", change)


def with_prefix_lengths(request: Request) -> Request:
    """A bare address under an address operator with the length that makes it one address, where texts differ."""

    def change(_policy: Policy, operator: str, key: str, values: Any) -> Comparison:
        if operator_parts(operator)[1] in ("ipaddress", "notipaddress"):
            present = carried(request["context"], key)
            values = [text if text == present else _prefixed(text) for text in texts(values)]
        return operator, key, values

    return with_conditions(request, change)


def _prefixed(text: str) -> str:
    try:
        return text if "/" in text else f"{text}/{ipaddress.ip_address(text).max_prefixlen}"
    except ValueError:
        return text


def dates_written_out(request: Request) -> Request:
    """Epoch seconds as ISO 8601, for those keys where a number of seconds meets a written date."""
    context = request["context"]
    mixed: set[str] = set()

    def look(_policy: Policy, operator: str, key: str, values: Any) -> bool:
        present = carried(context, key)
        if operator_parts(operator)[1].startswith("date") and isinstance(present, str):
            forms = {bool(EPOCH.fullmatch(text)) for text in [present, *texts(values)]}
            mixed.update([key.lower()] if len(forms) > 1 else [])
        return ALWAYS

    def written(text: str) -> str:
        return datetime.fromtimestamp(int(text), UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if EPOCH.fullmatch(text) else text

    def change(_policy: Policy, operator: str, key: str, values: Any) -> Comparison:
        if key.lower() in mixed and operator_parts(operator)[1].startswith("date"):
            values = [written(text) for text in texts(values)]
        return operator, key, values

    with_conditions(request, look)
    if not mixed:
        return request
    dated = {key: written(value) if key.lower() in mixed else value for key, value in context.items()}
    return with_conditions({**request, "context": dated}, change)
