"""What is not the same in two worlds: callers, reach, paths, findings. Both sides are decided, no texts compared."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

from permcheck import engine
from permcheck.config import Config
from permcheck.diff.callers import callers
from permcheck.diff.findings import findings
from permcheck.diff.overlay import overlay
from permcheck.diff.pairing import paired
from permcheck.diff.physical import placed
from permcheck.diff.reach import reach
from permcheck.diff.sameness import Sameness
from permcheck.diff.ways import ways
from permcheck.graph.scene import Scene
from permcheck.model.difference import CallerChange, Change, Difference, FindingChange, PathChange, ReachChange
from permcheck.model.facts import Facts
from permcheck.model.location import NotRead
from permcheck.model.report import SEVERITIES, Report

__all__ = ["against", "compare", "opened", "overlay"]

T = TypeVar("T", CallerChange, ReachChange, PathChange, FindingChange)
_CHANGES = (Change.NEW, Change.WIDER, Change.OTHER, Change.LOST, Change.NARROWER)


def compare(old: Facts, new: Facts, config: Config, rules_folders: Sequence[str] = ()) -> Difference:
    """Everything that opens or closes from old to new. Raises ConfigError where rules cannot be loaded."""
    new = paired(old, new)
    same = Sameness(old, new)
    before, after = Scene(old), Scene(new)
    was, now = (engine.audit(facts, config, rules_folders).findings for facts in (old, new))
    return Difference(
        old.inputs,
        new.inputs,
        _sorted(callers(before, after, same, config)),
        _sorted(reach(before, after, same)),
        () if same.whole else _sorted(ways(old, new)),
        _sorted(findings(was, now)),
        tuple(dict.fromkeys(_gaps(old, new))),
        tuple(dict.fromkeys((*old.assumptions, *new.assumptions))),
    )


def against(
    account: Facts, declared: Sequence[Facts], config: Config, rules_folders: Sequence[str] = (), stack: str = ""
) -> Difference:
    """What a deploy of the declared things, one after the other, would change in the account.

    stack: the stack of the account whose names the things have that the template leaves unnamed, empty to find out.
    """
    after = account
    assumptions: list[str] = []
    for world in declared:
        laid = placed(account, world, stack)
        assumptions.extend(laid.assumptions)
        after = overlay(after, laid)
    found = compare(account, after, config, rules_folders)
    inputs = tuple(dict.fromkeys(name for world in declared for name in world.inputs))
    return replace(found, new=inputs, assumptions=tuple(dict.fromkeys((*account.assumptions, *assumptions))))


def opened(found: Difference) -> Report:
    """A difference as a report: the findings that are new, worse or other than before."""
    findings = tuple(each.new for each in found.findings if each.change.opens and each.new is not None)
    return Report(found.new, findings, assumptions=found.assumptions, not_read=found.not_read, compared=True)


def _gaps(old: Facts, new: Facts) -> Iterable[NotRead]:
    yield from old.not_read
    yield from new.not_read


def _sorted(changes: Iterable[T]) -> tuple[T, ...]:
    """What opens first, the worst of it first; the rest keeps its order."""
    return tuple(sorted(changes, key=lambda each: (_CHANGES.index(each.change), -SEVERITIES.index(each.severity))))
