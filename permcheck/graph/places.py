"""Reasons of a decision as places in the input."""

from collections.abc import Iterable

from permcheck.model.answer import Because
from permcheck.model.location import Location
from permcheck.model.policy import Policy, Statement
from permcheck.policy.contract import condition_object
from permcheck.policy.request import Decision, Reason, Way


def place(policy: Policy, statement: Statement | None = None, note: str = "", below: str = "") -> Location:
    """Where a statement (or its element ``below``) stands."""
    source, pointer = policy.place(statement.pointer + below if statement else below)
    sid = statement.sid if statement else None
    return Location(source, pointer, policy.arn or policy.attached_to, sid, note)


def because(reasons: Iterable[Reason]) -> tuple[Because, ...]:
    """The statements that decided, with their effect."""
    return tuple(Because(place(r.policy, r.statement), str(r.statement.effect)) for r in reasons)


def conditions(answer: Decision | Way) -> tuple[dict[str, object], ...]:
    """The open conditions as objects of the JSON contract."""
    return tuple(condition_object(c) for c in answer.conditions)
