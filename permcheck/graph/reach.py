"""What a function or principal may do: by service and resource, and which functions and roles it may act on."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from permcheck.access import Item, Subject, bits
from permcheck.access.world import Access
from permcheck.graph.passing import passed
from permcheck.graph.places import because, conditions
from permcheck.graph.reach_rows import ASSUMED_KEYS, Rows
from permcheck.graph.scene import Scene
from permcheck.graph.strength import administrator
from permcheck.model.answer import ReachAnswer, ReachTarget
from permcheck.model.function import Function
from permcheck.model.verdict import Verdict

# What acting on a function is called, and the actions that do it.
ON_FUNCTIONS: Mapping[str, Sequence[str]] = {
    "invoke": ("lambda:InvokeFunction",),
    "rewrite": ("lambda:UpdateFunctionCode", "lambda:UpdateFunctionConfiguration"),
    "grant": ("lambda:AddPermission", "lambda:PutResourcePolicy"),
}
SOURCE_FUNCTION = "lambda:sourcefunctionarn"


def reach(scene: Scene, subject: Subject, asked: str, function: Function | None = None) -> ReachAnswer:
    """Everything the subject's policies let it do, decided with every other layer in force. function: whose code asks.

    Lambda Developer Guide, "Using source function ARN to control function access behavior": requests of a function's
    code carry its unqualified ARN; nobody else's carry the key.
    """
    known: dict[str, tuple[str, ...]] = {}
    if function is not None:
        known[SOURCE_FUNCTION] = (function.arn,)
    elif ":user/" in subject.arn:
        known[SOURCE_FUNCTION] = ()
    asking = replace(subject, context=subject.context.with_known(known)) if known else subject
    rows = Rows(scene, asking)
    found = sorted(rows, key=lambda r: (r.service, r.actions, r.resources))
    return ReachAnswer(
        asked,
        subject.arn,
        tuple(found),
        tuple(_targets(scene, asking)),
        scene.facts.not_read,
        administrator(scene, subject),
        (*scene.facts.assumptions, *((ASSUMED_KEYS,) if rows.assumes_keys else ())),
    )


def _targets(scene: Scene, subject: Subject) -> Iterator[ReachTarget]:
    """Functions it may invoke, rewrite or re-grant, and roles it may pass to a service or assume."""
    for how, names in ON_FUNCTIONS.items():
        universe = scene.invocable if how == "invoke" else scene.functions
        for action in names:
            may = scene.world.access(universe, action)[subject.number]
            yield from _on(scene, subject, how, action, may, universe.items)
    yield from passed(scene, subject)
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
        if decision.verdict is not Verdict.DENIED:
            yield ReachTarget(how, item.arn, decision.verdict, action, because(decision.because), conditions(decision))
