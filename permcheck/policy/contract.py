"""``permcheck evaluate``: one JSON request with its policies in, one JSON verdict out."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from permcheck.errors import PermcheckError
from permcheck.model.policy import Policy, PolicyKind
from permcheck.policy.arn import split
from permcheck.policy.caller import parse_caller
from permcheck.policy.context import Context
from permcheck.policy.evaluate import evaluate
from permcheck.policy.parse import PolicySyntaxError, check_place, parse_document
from permcheck.policy.request import Decision, OpenCondition, Policies, Request

FIELDS = frozenset(
    "id principal action resource resource_account context context_complete identity_policies permissions_boundary "
    "session_policies resource_policy service_control_policies resource_control_policies".split()
)
_ACCOUNT = re.compile(r"\d{12}", re.ASCII)
_ACTION = re.compile(r"[A-Za-z0-9-]+:[A-Za-z0-9]+")


def evaluate_request(asked: object) -> dict[str, Any]:
    """Decide one request in the form of ``permcheck evaluate``.

    Raises PermcheckError where the request or one of its policies cannot be read; the message names the field.
    """
    if not isinstance(asked, Mapping):
        raise PermcheckError("a request is a JSON object")
    unknown = [name for name in asked if name not in FIELDS]
    if unknown:
        raise PermcheckError(f"a request has no field {unknown[0]!r}")
    decision = evaluate(read_request(asked), read_policies(asked))
    return {"id": asked.get("id"), **answer(decision)}


def read_request(asked: Mapping[str, Any]) -> Request:
    """The request without its policies. Raises PermcheckError naming the field that is wrong."""
    for name in ("principal", "action", "resource"):
        if name not in asked:
            raise PermcheckError(f"the request has no {name}")
    action, resource = asked["action"], asked["resource"]
    if not isinstance(action, str) or not _ACTION.fullmatch(action):
        raise PermcheckError("action is one service:Name, without wildcards")
    owner = _owner(resource, asked.get("resource_account"))
    complete = asked.get("context_complete", True)
    if not isinstance(complete, bool):
        raise PermcheckError("context_complete is true or false")
    context = Context(_context(asked.get("context")), complete)
    named = context.get("aws:principalarn")
    caller = parse_caller(asked["principal"], named[0] if named else None, open_session=not complete)
    if caller.account and not _ACCOUNT.fullmatch(caller.account):
        raise PermcheckError(f"principal: an account is 12 digits, not {caller.account[:80]!r}")
    return Request(caller, action, resource, context, owner)


def _owner(resource: object, told: object) -> str:
    """The account that ``resource_account`` tells, "" where it tells none. Raises PermcheckError for either."""
    arn = split(resource) if isinstance(resource, str) else None
    if resource != "*" and (arn is None or not arn.resource):
        raise PermcheckError('resource is an ARN, or "*"')
    if arn is not None and arn.account.isdigit() and not _ACCOUNT.fullmatch(arn.account):
        raise PermcheckError(f"resource: an account is 12 digits, not {arn.account[:80]!r}")
    if told is None:
        return ""
    if not isinstance(told, str) or not _ACCOUNT.fullmatch(told):
        raise PermcheckError("resource_account is 12 digits")
    return told


def _context(given: object) -> dict[str, list[str]]:
    if given is None:
        return {}
    if not isinstance(given, Mapping):
        raise PermcheckError("context is an object of condition keys and values")
    known: dict[str, list[str]] = {}
    spelled: set[str] = set()
    for key, value in given.items():
        if key.lower() in spelled:
            raise PermcheckError(f"context key {key!r} stands twice: keys are compared without case")
        spelled.add(key.lower())
        values = value if isinstance(value, list) else [value]
        if any(not isinstance(v, (str, int, float)) for v in values):
            raise PermcheckError(f"context key {key!r} holds something that is no string, number or boolean")
        known[key] = [("true" if v else "false") if isinstance(v, bool) else str(v) for v in values]
    return known


def read_policies(asked: Mapping[str, Any]) -> Policies:
    """The policies of a request. Raises PermcheckError naming the policy and the place that is wrong."""
    boundary, resource = asked.get("permissions_boundary"), asked.get("resource_policy")
    return Policies(
        identity=_list(asked, "identity_policies", PolicyKind.IDENTITY),
        boundary=None if boundary is None else _policy(boundary, "permissions_boundary", PolicyKind.BOUNDARY),
        session=_list(asked, "session_policies", PolicyKind.SESSION),
        resource=() if resource is None else (_policy(resource, "resource_policy", PolicyKind.RESOURCE),),
        scps=_levels(asked, "service_control_policies", PolicyKind.SCP),
        rcps=_levels(asked, "resource_control_policies", PolicyKind.RCP),
    )


def _list(asked: Mapping[str, Any], name: str, kind: PolicyKind) -> tuple[Policy, ...]:
    return tuple(_policy(doc, f"{name}/{i}", kind) for i, doc in enumerate(_items(asked.get(name), name)))


def _levels(asked: Mapping[str, Any], name: str, kind: PolicyKind) -> tuple[tuple[Policy, ...], ...]:
    return tuple(
        tuple(_policy(doc, f"{name}/{i}/{j}", kind) for j, doc in enumerate(_items(level, f"{name}/{i}")))
        for i, level in enumerate(_items(asked.get(name), name))
    )


def _items(value: object, name: str) -> Iterable[object]:
    if value is None:
        return ()
    if not isinstance(value, list):
        raise PermcheckError(f"{name} is a list")
    return value


def _policy(document: object, name: str, kind: PolicyKind) -> Policy:
    try:
        parsed = parse_document(document, repeated=True)
        check_place(parsed, kind)
    except PolicySyntaxError as error:
        raise PermcheckError(f"{name}{error.pointer}: {error}") from error
    return Policy(kind, name, "", name, parsed)


def answer(decision: Decision) -> dict[str, Any]:
    """A decision as the contract's object, without the id."""
    return {
        "verdict": str(decision.verdict),
        "denied_by": decision.denied_by,
        "because": [
            {"policy": r.policy.name, "statement": r.statement.index, "effect": str(r.statement.effect)}
            for r in decision.because
        ],
        "conditions": [condition_object(c) for c in decision.conditions],
    }


def condition_object(entry: OpenCondition) -> dict[str, Any]:
    """An open condition as JSON: operator, key, values, source, pointer."""
    condition = entry.condition
    source, pointer = entry.policy.place(condition.pointer)
    return {
        "operator": condition.operator,
        "key": condition.key,
        "values": list(condition.values),
        "source": source or entry.policy.name,
        "pointer": pointer if source else condition.pointer,
    }
