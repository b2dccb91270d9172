"""What a function or principal may do: by service and resource, and which functions and roles it may act on."""

import re
from collections.abc import Iterator, Mapping, Sequence

from permcheck.access import Item, Subject, bits
from permcheck.access.world import Access
from permcheck.data import actions
from permcheck.graph.anything import any_resource, item_named
from permcheck.graph.places import because, conditions
from permcheck.graph.scene import Scene
from permcheck.graph.strength import administrator
from permcheck.model.answer import ReachAnswer, ReachRow, ReachTarget
from permcheck.model.policy import Policy, Statement
from permcheck.model.verdict import Verdict
from permcheck.policy.action import service_of
from permcheck.policy.request import Decision

# What acting on a function or role is called, and the actions that do it.
ON_FUNCTIONS: Mapping[str, Sequence[str]] = {
    "invoke": ("lambda:InvokeFunction",),
    "rewrite": ("lambda:UpdateFunctionCode", "lambda:UpdateFunctionConfiguration"),
    "grant": ("lambda:AddPermission", "lambda:PutResourcePolicy"),
}
_ORDER = (Verdict.DENIED, Verdict.UNKNOWN, Verdict.CONDITIONAL, Verdict.ALLOWED)
# Services tried for a statement that names every action; one that is refused on all of them is not shown.
EVERYTHING = ("s3:GetObject", "dynamodb:Scan", "lambda:InvokeFunction", "iam:CreateUser", "ec2:RunInstances")
_VARIABLE = re.compile(r"\$\{[^}]*\}")


def reach(scene: Scene, subject: Subject, asked: str) -> ReachAnswer:
    """Everything the subject's policies let it do, decided with every other layer in force."""
    rows = [row for p in subject.policies for s in p.statements if s.is_allow for row in _rows(scene, subject, p, s)]
    rows.sort(key=lambda r: (r.service, r.actions, r.resources))
    return ReachAnswer(
        asked,
        subject.arn,
        tuple(rows),
        tuple(_targets(scene, subject)),
        scene.facts.not_read,
        administrator(scene, subject),
    )


def _rows(scene: Scene, subject: Subject, policy: Policy, statement: Statement) -> Iterator[ReachRow]:
    patterns = statement.actions if statement.actions is not None else ("*",)
    by_service: dict[str, list[str]] = {}
    for pattern in patterns:
        by_service.setdefault("*" if pattern.startswith("*") else service_of(pattern), []).append(pattern)
    for service, named in by_service.items():
        row = _row(scene, subject, policy, statement, service, named)
        if row is not None:
            yield row


def _row(
    scene: Scene, subject: Subject, policy: Policy, statement: Statement, service: str, named: list[str]
) -> ReachRow | None:
    """One service of one statement; None where every other layer together leaves nothing of it."""
    resources = statement.resources or ("*",)
    best: Decision | None = None
    refused: list[str] = []
    for action in concrete(named):
        items = (item_for(scene, arn, action, subject) for arn in examples(action, resources, subject))
        decisions = (scene.world.decide(subject, action, item) for item in items)
        decision = max(decisions, key=lambda d: _ORDER.index(d.verdict))
        if decision.verdict is Verdict.DENIED:
            refused.append(action)
        elif best is None or _ORDER.index(decision.verdict) > _ORDER.index(best.verdict):
            best = decision
    if best is None:
        return None
    note = f"except {_list(refused)}" if refused and service != "*" else ""
    if statement.not_actions is not None:
        note = f"every action but {_list(statement.not_actions)}"
    if statement.not_resources is not None:
        resources, note = ("*",), f"every resource but {_list(statement.not_resources)}"
    return ReachRow(
        service, tuple(named), tuple(resources), best.verdict, because(best.because), conditions(best), note
    )


def item_for(scene: Scene, arn: str, action: str, subject: Subject) -> Item:
    """The resource as it is in view, or as one outside it."""
    if service_of(action) == "sts" and (number := scene.roles.position.get(arn)) is not None:
        return scene.roles.items[number]
    return item_named(arn, action, subject.account)


def _list(names: Sequence[str]) -> str:
    return ", ".join(names[:4]) + (f" and {len(names) - 4} more" if len(names) > 4 else "")


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
            yield _VARIABLE.sub("x", pattern).replace("*", "x").replace("?", "x")


def _targets(scene: Scene, subject: Subject) -> Iterator[ReachTarget]:
    """Functions it may invoke, rewrite or re-grant, and roles it may pass to Lambda or assume."""
    for how, names in ON_FUNCTIONS.items():
        universe = scene.invocable if how == "invoke" else scene.functions
        for action in names:
            may = scene.world.access(universe, action)[subject.number]
            yield from _on(scene, subject, how, action, may, universe.items)
    may = scene.world.access(scene.passable, "iam:PassRole")[subject.number]
    yield from _on(scene, subject, "pass", "iam:PassRole", may, scene.passable.items)
    may = scene.world.access(scene.roles, "sts:AssumeRole", explicit=True)[subject.number]
    yield from _on(scene, subject, "assume", "sts:AssumeRole", may, scene.roles.items)


def _on(
    scene: Scene, subject: Subject, how: str, action: str, may: Access, items: Sequence[Item]
) -> Iterator[ReachTarget]:
    for number in bits.members(may.possible):
        item = items[number]
        if item.arn.endswith(":$LATEST") or item.arn == subject.arn:
            continue
        decision = scene.world.decide(subject, action, item)
        yield ReachTarget(how, item.arn, decision.verdict, action, because(decision.because), conditions(decision))
