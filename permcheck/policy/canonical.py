"""What a statement says, whatever the order and the place it is written in."""

import json
from collections.abc import Iterator
from dataclasses import replace
from itertools import product

from permcheck.model.policy import Principals, Statement


def canonical(statement: Statement) -> str:
    """One text for all ways to write a statement that differ in the order of lists alone."""
    conditions = sorted((c.operator, c.key, sorted(c.values)) for c in statement.conditions)
    lists = (statement.actions, statement.not_actions, statement.resources, statement.not_resources)
    who = [_who(statement.principals), _who(statement.not_principals)]
    said = [statement.effect, statement.sid, *(each and sorted(each) for each in lists), who, conditions]
    more = [name for name in ("widened", "partial") if getattr(statement, name)]
    return json.dumps([*said, statement.variables, *more])


def atoms(statement: Statement) -> Iterator[str]:
    """The same for each action on each resource by itself, without Sid: equal sets of these decide the same."""
    for actions, resources in product(_ones(statement.actions), _ones(statement.resources)):
        yield canonical(replace(statement, sid=None, actions=actions, resources=resources))


def _ones(values: tuple[str, ...] | None) -> list[tuple[str, ...] | None]:
    return [None] if values is None else [(value,) for value in values]


def _who(principals: Principals | None) -> object:
    if principals is None:
        return None
    named = (principals.aws, principals.service, principals.federated, principals.canonical, principals.bare)
    return [principals.everyone, *(sorted(each) for each in named)]
