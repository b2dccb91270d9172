"""What being allowed certain actions does to somebody's own rights: the ways from few rights to more.

Three kinds: writing IAM, taking over a function, and passing a role to a service that then acts with it. Each row names
the AWS page that says what the action does. That an action is listed says nothing about whether it gets anybody
anywhere: a function has to run as a stronger role, a role has to trust the service, something has to be called.
"""

from __future__ import annotations

from functools import cache
from typing import Literal

from permcheck.data.table import read
from permcheck.frozen import dataclass

_TABLE = "escalation.json"


@dataclass(frozen=True, slots=True)
class IamEdit:
    """An action of IAM that changes what somebody may do.

    on: what its resource is. gives: ``rights`` to what is edited; ``entry`` to the role for whom the caller names;
    ``membership`` of a group for a user; ``credentials`` of a user to the caller; ``limits``: it moves or takes away
    the permissions boundary that limits what is edited.
    """

    action: str
    on: Literal["role", "user", "group", "policy"]
    gives: Literal["rights", "entry", "membership", "credentials", "limits"]
    reference: str


@dataclass(frozen=True, slots=True)
class FunctionEdit:
    """An action on a function. does: ``rewrites`` what it runs, or ``opens`` it to whomever the caller names."""

    action: str
    does: Literal["rewrites", "opens"]
    reference: str


@dataclass(frozen=True, slots=True)
class Service:
    """A service that acts with a role passed to it. needs: the actions, all of them, that make it do so at once."""

    service: str
    needs: tuple[str, ...]
    reference: str


@cache
def iam_edits() -> tuple[IamEdit, ...]:
    """Return every action of IAM in the table, in its order."""
    return tuple(IamEdit(**row) for row in read(_TABLE)["identities"])


@cache
def function_edits() -> tuple[FunctionEdit, ...]:
    """Return every action on functions in the table, in its order."""
    return tuple(FunctionEdit(**row) for row in read(_TABLE)["functions"])


@cache
def services() -> tuple[Service, ...]:
    """Return every service in the table, Lambda first. One that can be made to act in several ways has as many rows."""
    return tuple(Service(**(row | {"needs": tuple(row["needs"])})) for row in read(_TABLE)["services"])


def made() -> str:
    """Return the day the table was made, as an ISO date."""
    return str(read(_TABLE)["made"])
