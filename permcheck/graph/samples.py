"""Requests to try for patterns: a few actions and resources that stand for all that a statement names."""

import re
from collections.abc import Iterator, Sequence

from permcheck.access import Item, Subject
from permcheck.data import actions
from permcheck.graph.anything import any_resource, item_named
from permcheck.graph.scene import Scene
from permcheck.policy.action import service_of
from permcheck.policy.wildcard import has_wildcard

# Services tried for a statement that names every action.
EVERYTHING = ("s3:GetObject", "dynamodb:Scan", "lambda:InvokeFunction", "iam:CreateUser", "ec2:RunInstances")
_VARIABLE = re.compile(r"\$\{[^}]*\}")


def item_for(scene: Scene, arn: str, action: str, subject: Subject) -> Item:
    """The resource as it is in view, or as one outside it."""
    if service_of(action) == "sts" and (number := scene.roles.position.get(arn)) is not None:
        return scene.roles.items[number]
    return item_named(arn, action, subject.account)


def concrete(patterns: Sequence[str]) -> Iterator[str]:
    """The actions to try for these patterns: all that exist, a few of every service for a bare star."""
    for pattern in patterns:
        if pattern.startswith("*"):
            yield from EVERYTHING
        elif "*" in pattern or "?" in pattern:
            yield from actions.matching(pattern) or (re.sub(r"[*?]", "X", pattern),)
        else:
            yield pattern


def examples(action: str, patterns: Sequence[str], subject: Subject) -> Iterator[str]:
    """For each Resource pattern one resource it matches and the action takes."""
    for pattern in patterns:
        if pattern.strip("*") == "":
            yield any_resource(action, subject.account, subject.arn.split(":")[1])
        else:
            parts = _VARIABLE.sub("x", pattern).split(":", 5)
            if len(parts) > 5 and has_wildcard(parts[4]):
                parts[4] = subject.account  # what others own is theirs to give
            yield ":".join(parts).replace("*", "x").replace("?", "x")
