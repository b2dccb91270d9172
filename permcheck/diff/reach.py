"""What each role and user may do, before and after.

Policies are not compared as texts: every action on every resource that either side's statements name is decided on
both sides. So a policy that is split, merged or reordered is no difference, and a new Deny, boundary or control policy
is one.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from permcheck.access import Subject
from permcheck.diff import weights
from permcheck.diff.callers import narrowed
from permcheck.diff.sameness import Sameness
from permcheck.frozen import dataclass
from permcheck.graph.places import because, conditions
from permcheck.graph.samples import EVERYTHING, concrete, examples, item_for
from permcheck.graph.scene import Scene
from permcheck.model.answer import Because, JsonObject
from permcheck.model.difference import Change, ReachChange
from permcheck.model.policy import Statement
from permcheck.model.verdict import Verdict
from permcheck.policy.request import Decision

Probe = tuple[str, str]  # a concrete action, a resource pattern as written


@dataclass(frozen=True, slots=True)
class _Answer:
    """What one side says of a probe. A side on which the subject is not there denies."""

    verdict: Verdict = Verdict.DENIED
    because: tuple[Because, ...] = ()
    conditions: tuple[JsonObject, ...] = ()


class _Fate(NamedTuple):
    """What actions have in common that are told together."""

    change: Change
    service: str
    pattern: str
    old: Verdict
    new: Verdict
    because: tuple[Because, ...]


def reach(old: Scene, new: Scene, same: Sameness) -> Iterator[ReachChange]:
    """Yield every change of what a role or user may do, actions that share their fate together."""
    before, after = ({s.arn: s for s in scene.world.subjects} for scene in (old, new))
    for arn in sorted(before.keys() | after.keys()):
        was, now = before.get(arn), after.get(arn)
        if same.around and arn not in same.callers:
            continue
        yield from _changes(old, new, arn, was, now)


def _changes(old: Scene, new: Scene, arn: str, was: Subject | None, now: Subject | None) -> Iterator[ReachChange]:
    grouped: defaultdict[_Fate, list[str]] = defaultdict(list)
    shown: dict[_Fate, _Answer] = {}
    for action, pattern in _probes(was, now):
        one, two = _decided(old, was, action, pattern), _decided(new, now, action, pattern)
        change = weights.change(one.verdict, two.verdict)
        if change is None and one.verdict is Verdict.CONDITIONAL:
            change = narrowed(one.conditions, two.conditions)
        if change is None:
            continue
        judged = two if change.opens else one
        key = _Fate(change, action.partition(":")[0], pattern, one.verdict, two.verdict, judged.because)
        grouped[key].append(action)
        shown.setdefault(key, judged)
    functions = new.functions_of_role.get(arn) or old.functions_of_role.get(arn) or ()
    for fate, actions in grouped.items():
        answer = shown[fate]
        yield ReachChange(
            fate.change,
            weights.of_reach(fate.pattern, answer.verdict),
            arn,
            tuple(function.arn for function in functions),
            tuple(sorted(actions)),
            fate.pattern,
            fate.old,
            fate.new,
            answer.because,
            answer.conditions,
        )


def _probes(*subjects: Subject | None) -> Sequence[Probe]:
    """Every action and resource that a statement of either side speaks of, each once."""
    found: dict[Probe, None] = {}
    allowed = [s for subject in subjects if subject for p in subject.policies for s in p.statements if s.is_allow]
    named = list(dict.fromkeys(action for statement in allowed for action in _actions(statement)))
    for statement in allowed:
        for action in _actions(statement):
            found.update(((action, pattern), None) for pattern in _resources(statement))
    for statement in _denying(subjects):
        # What a Deny takes away is something that an Allow gives.
        actions = _actions(statement) if statement.actions and "*" not in statement.actions else named
        for action in actions:
            found.update(((action, pattern), None) for pattern in _resources(statement))
    return tuple(found)


def _denying(subjects: Iterable[Subject | None]) -> Iterator[Statement]:
    for subject in filter(None, subjects):
        boundary = (subject.boundary,) if subject.boundary is not None else ()
        layers = (*subject.policies, *boundary, *(policy for level in subject.scps for policy in level))
        yield from (s for policy in layers for s in policy.statements if not s.is_allow)


def _actions(statement: Statement) -> Iterator[str]:
    if statement.actions is None:
        yield from EVERYTHING
    else:
        yield from concrete(statement.actions)


def _resources(statement: Statement) -> Sequence[str]:
    return statement.resources or ("*",)


def _decided(scene: Scene, subject: Subject | None, action: str, pattern: str) -> _Answer:
    if subject is None:
        return _Answer()
    (example,) = examples(action, (pattern,), subject)
    decision: Decision = scene.world.decide(subject, action, item_for(scene, example, action, subject))
    if decision.verdict is Verdict.DENIED:
        return _Answer()
    return _Answer(decision.verdict, because(decision.because), conditions(decision))
