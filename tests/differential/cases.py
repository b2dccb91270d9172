"""Short ways to write requests by hand."""

from __future__ import annotations

from typing import Any

from .vocabulary import Policy, Request, Statement

DEFAULT_RESOURCE = "arn:aws:lambda:us-east-1:111111111111:function:api"


def ask(principal: Any, **fields: Any) -> Request:
    """A request: lambda:InvokeFunction on the function `api` unless told otherwise."""
    return {
        "id": "case",
        "principal": principal,
        "action": "lambda:InvokeFunction",
        "resource": DEFAULT_RESOURCE,
        "context": {},
        "context_complete": True,
        **fields,
    }


def _statement(effect: str, action: str, resource: str | None, elements: dict[str, Any]) -> Statement:
    written: Statement = {"Effect": effect, "Action": action, **elements}
    if resource is not None:
        written["Resource"] = resource
    return written


def grant(action: str = "lambda:*", resource: str | None = "*", **elements: Any) -> Statement:
    """An Allow statement."""
    return _statement("Allow", action, resource, elements)


def refuse(action: str = "*", resource: str | None = "*", **elements: Any) -> Statement:
    """A Deny statement."""
    return _statement("Deny", action, resource, elements)


def named(*statements: Statement) -> Policy:
    """A policy document of these statements."""
    return {"Version": "2012-10-17", "Statement": list(statements)}


def identity(*statements: Statement) -> list[Policy]:
    """A list of one such document."""
    return [named(*statements)]
