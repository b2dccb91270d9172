"""A difference for people: what opens, what closes, and the statements behind it."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

from permcheck.model import (
    Because,
    CallerChange,
    CallerRow,
    Change,
    Difference,
    FindingChange,
    PathChange,
    ReachChange,
    Verdict,
)
from permcheck.report import words
from permcheck.report.diff_json import opened
from permcheck.report.escape import escape
from permcheck.report.group import short
from permcheck.report.positions import Positions
from permcheck.report.reasons import reasons
from permcheck.report.style import Style
from permcheck.report.summary import not_read

SIGNS = {Change.NEW: "+", Change.WIDER: "+", Change.OTHER: "~", Change.LOST: "-", Change.NARROWER: "-"}
NAMED = 8  # of many actions
T = TypeVar("T", CallerChange, ReachChange, PathChange, FindingChange)


def text(difference: Difference, positions: Positions, style: Style) -> str:
    """The difference as text, ending with how much opened and closed."""
    positions.prepare((b.location.source, b.location.pointer) for b in _behind(difference))
    return "\n".join(_lines(difference, positions, style)) + "\n"


def _lines(found: Difference, positions: Positions, style: Style) -> Iterator[str]:
    alike = _alike(found.callers)
    firsts = [group[0] for group in alike]
    names = {id(group[0]): [escape(short(each.function)) for each in group] for group in alike}
    yield from _part("callers", firsts, lambda each: _caller(each, names[id(each)], positions), style)
    yield from _part("reach", found.reach, lambda each: _reach(each, positions), style)
    yield from _part("paths", found.paths, lambda each: _path(each, positions), style)
    yield from _part("findings", found.findings, lambda each: _finding(each, positions), style)
    yield from (f"assumed: {escape(sentence)}" for sentence in found.assumptions)
    yield from not_read(found.not_read, positions, style)
    yield f"compared: {_listed(found.old)} with {_listed(found.new)}"
    yield style("bold", verdict(found))


def verdict(found: Difference) -> str:
    """One line: how much opened and closed."""
    if not found.changes:
        return "nothing opens and nothing closes" + ("; some of it could not be read" if found.not_read else "")
    by_severity = [f"{number} {severity}" for severity, number in opened(found).items() if number]
    closed = sum(not each.change.opens for each in found.changes)
    said = f"{sum(opened(found).values())} opened" + (f" ({', '.join(by_severity)})" if by_severity else "")
    return f"{said}, {closed} closed"


def _part(title: str, changes: Sequence[T], say: Callable[[T], Iterable[str]], style: Style) -> Iterator[str]:
    if not changes:
        return
    yield style("bold", title)
    for each in changes:
        first, *rest = say(each)
        yield f"  {style(_colour(each.change), SIGNS[each.change])} {each.severity:<8} {first}"
        yield from (f"      {line}" for line in rest)
    yield ""


def _colour(change: Change) -> str:
    return "allowed" if change.opens else "denied"


def _verdicts(old: Verdict, new: Verdict) -> str:
    return f"{old} → {new}" if old is not new else f"{new}, other conditions"


def _alike(changes: Iterable[CallerChange]) -> list[list[CallerChange]]:
    """Changes of one caller that rest on the same statements, whatever the function: people read them once."""
    found: dict[tuple[object, ...], list[CallerChange]] = {}
    for each in changes:
        row = _shown(each)
        how = (each.change, each.severity, each.kind, each.name, each.old_verdict, each.new_verdict)
        found.setdefault((*how, row.action, row.via, row.because, repr(row.conditions)), []).append(each)
    return list(found.values())


def _shown(each: CallerChange) -> CallerRow:
    """The row that is told: the new one where something opened. There is always one."""
    row = (each.new if each.change.opens else each.old) or each.new or each.old
    if row is None:
        raise LookupError(each.function)
    return row


def _caller(each: CallerChange, functions: list[str], positions: Positions) -> Iterator[str]:
    row = _shown(each)
    via = row.via.replace("_", " ")
    who = f"{words.node(each.kind, each.name)} → {words.listed(functions, 3)}"
    yield f"{who}: {escape(row.action)}, by {escape(via)} ({_verdicts(each.old_verdict, each.new_verdict)})"
    yield from reasons(row.because, row.conditions, row.note, positions, indent=0)


def _reach(each: ReachChange, positions: Positions) -> Iterator[str]:
    runs = f" (runs {words.listed([escape(short(arn)) for arn in each.functions], 3)})" if each.functions else ""
    actions = words.listed([escape(action) for action in each.actions], NAMED)
    who = f"{escape(short(each.principal))}{runs}"
    yield f"{who}: {actions} on {escape(each.resources)} ({_verdicts(each.old, each.new)})"
    yield from reasons(each.because, each.conditions, "", positions, indent=0)


def _path(each: PathChange, positions: Positions) -> Iterator[str]:
    path = (each.new if each.change.opens else each.old) or each.new or each.old
    if path is None:
        return
    edges = [(edge.kind, edge.verdict) for edge in path.edges]
    steps = zip(path.nodes, [*edges, ("", None)], strict=True)
    said = words.way((words.node(node.kind, node.name), kind, verdict) for node, (kind, verdict) in steps)
    was, now = (side.verdict if side else Verdict.DENIED for side in (each.old, each.new))
    yield f"{said} ({_verdicts(was, now)})"
    behind = tuple(dict.fromkeys(reason for edge in path.edges for reason in edge.because))
    yield from reasons(behind, (), "", positions, indent=0)


def _finding(each: FindingChange, positions: Positions) -> Iterator[str]:
    finding = (each.new if each.change.opens else each.old) or each.new or each.old
    if finding is None:
        return
    was = f" (was {each.old.severity})" if each.old and each.new else ""
    yield f"{escape(finding.rule)} {escape(finding.name)}: {escape(finding.message)}{was}"
    yield from (f"{words.place(at, positions)}{words.statement(at)}" for at in finding.locations[:1])


def _behind(found: Difference) -> Iterator[Because]:
    for caller in found.callers:
        yield from (reason for row in (caller.old, caller.new) if row for reason in row.because)
    yield from (reason for reach in found.reach for reason in reach.because)
    for change in found.paths:
        paths = (path for path in (change.old, change.new) if path)
        yield from (reason for path in paths for edge in path.edges for reason in edge.because)


def _listed(inputs: Sequence[str]) -> str:
    return words.listed([escape(name) for name in inputs], 3) or "nothing"
