"""Short ways to write a request with its policies, in the form of ``permcheck evaluate``."""

from __future__ import annotations

from typing import Any

from permcheck.policy import evaluate_request

Json = dict[str, Any]

A, B = "111111111111", "222222222222"
OTHER = "999999999999"
REGION = "us-east-1"
FUNCTION = f"arn:aws:lambda:{REGION}:{A}:function:F"
ROLE = f"arn:aws:iam::{A}:role/App"
SESSION = f"arn:aws:sts::{A}:assumed-role/App/s1"
USER = f"arn:aws:iam::{A}:user/alice"
FEDERATED_USER = f"arn:aws:sts::{A}:federated-user/bob"
INVOKE = "lambda:InvokeFunction"
NEW, OLD = "2012-10-17", "2008-10-17"


def document(*statements: Json, version: str | None = NEW) -> Json:
    """A policy document; version None leaves Version out."""
    return ({"Version": version} if version else {}) | {"Statement": list(statements)}


def allow(action: object = INVOKE, resource: object = "*", condition: object = None, **more: object) -> Json:
    """An Allow statement. more: further elements (Principal, Sid, NotAction …), which replace what they exclude."""
    return _statement("Allow", action, resource, condition, more)


def deny(action: object = INVOKE, resource: object = "*", condition: object = None, **more: object) -> Json:
    """A Deny statement."""
    return _statement("Deny", action, resource, condition, more)


def _statement(effect: str, action: object, resource: object, condition: object, more: Json) -> Json:
    statement: Json = {"Effect": effect, "Action": action, "Resource": resource} | more
    for kept, replaced in (("NotAction", "Action"), ("NotResource", "Resource")):
        if kept in more:
            del statement[replaced]
    if condition is not None:
        statement["Condition"] = condition
    return statement


def naming(principal: object, **more: Any) -> Json:
    """A resource policy with one Allow that names this principal."""
    return document(allow(Principal=principal, **more))


def ask(principal: object = SESSION, action: str = INVOKE, resource: str = FUNCTION, **fields: object) -> Json:
    """The whole answer to one request. identity: shorthand for identity_policies with one document of one statement."""
    statement = fields.pop("identity", None)
    if statement is not None:
        fields["identity_policies"] = [document(statement)]  # type: ignore[arg-type]
    return evaluate_request({"id": "t", "principal": principal, "action": action, "resource": resource} | fields)


def verdict(principal: object = SESSION, action: str = INVOKE, resource: str = FUNCTION, **fields: object) -> str:
    """Only the verdict."""
    return str(ask(principal, action, resource, **fields)["verdict"])
