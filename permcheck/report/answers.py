"""Answers to the questions for people: a block of lines each, with the statement behind every line."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from permcheck.model import (
    Because,
    CallerRow,
    NotRead,
    ReachAnswer,
    ReachRow,
    ReachTarget,
    Verdict,
    WhoAnswer,
    WhyAnswer,
)
from permcheck.report import words
from permcheck.report.escape import escape
from permcheck.report.positions import Positions
from permcheck.report.style import Style
from permcheck.report.summary import not_read

_HOW = {
    "invoke": "may invoke",
    "rewrite": "may rewrite",
    "grant": "may let others invoke",
    "pass": "may pass to a function",
    "assume": "may assume",
}


def who(answer: WhoAnswer, positions: Positions, style: Style) -> str:
    """Who may invoke one function: a block for each caller, those who may first."""
    reasons = (reason for row in answer.callers for reason in row.because)
    positions.prepare((reason.location.source, reason.location.pointer) for reason in reasons)
    return _text(_who(answer, positions, style))


def _who(answer: WhoAnswer, positions: Positions, style: Style) -> Iterator[str]:
    yield style("bold", f"function {escape(answer.function)}")
    if not answer.callers:
        yield "  nobody in view may invoke it"
    for row in answer.callers:
        yield f"  {_verdict(row.verdict, style)} {words.node(row.kind, row.caller)}"
        yield f"    {escape(row.action)} on {escape(row.resource)}, by {escape(row.via.replace('_', ' '))}"
        yield from _held(row)
        yield from _reasons(row.because, row.conditions, row.note, positions)
    yield from not_read(answer.not_read, positions, style)


def _held(row: CallerRow) -> Iterator[str]:
    for held in row.held_by:
        flow = f", {escape(held.flow)} flow" if held.flow else ""
        yield f"    held by {words.node(held.kind, held.name)}{flow}: {held.verdict}"


def reach(answer: ReachAnswer, positions: Positions, style: Style) -> str:
    """What a function or principal may do: by service, then the functions and roles it may act on."""
    entries: tuple[ReachRow | ReachTarget, ...] = (*answer.rows, *answer.targets)
    reasons = (reason for entry in entries for reason in entry.because)
    positions.prepare((reason.location.source, reason.location.pointer) for reason in reasons)
    return _text(_reach(answer, positions, style))


def _reach(answer: ReachAnswer, positions: Positions, style: Style) -> Iterator[str]:
    acting = "" if answer.principal == answer.subject else f", acting as {escape(answer.principal)}"
    yield style("bold", f"{escape(answer.subject)}{acting}")
    if answer.administrator is not Verdict.DENIED:
        yield f"  {_verdict(answer.administrator, style)} everything: it is an administrator"
    if not answer.rows and not answer.targets:
        yield "  nothing in view is allowed to it"
    for service, rows in groupby(answer.rows, key=lambda row: row.service):
        yield f"  {style('bold', escape(service))}"
        for row in rows:
            actions, resources = ", ".join(row.expanded or row.actions), ", ".join(row.resources)
            yield f"    {_verdict(row.verdict, style)} {escape(actions)} on {escape(resources)}"
            yield from _reasons(row.because, row.conditions, row.note, positions, indent=6)
    for how, targets in groupby(answer.targets, key=lambda target: target.how):
        yield f"  {style('bold', _HOW.get(how, escape(how)))}"
        for target in targets:
            yield from _target(target, positions, style)
    yield from not_read(answer.not_read, positions, style)


def _target(target: ReachTarget, positions: Positions, style: Style) -> Iterator[str]:
    yield f"    {_verdict(target.verdict, style)} {escape(target.arn)}, {escape(target.action)}"
    yield from _reasons(target.because, target.conditions, "", positions, indent=6)


def why(answers: Sequence[WhyAnswer], gaps: Iterable[NotRead], positions: Positions, style: Style) -> str:
    """How each decision came about, layer by layer, as a tree."""
    reasons = (reason for answer in answers for layer in answer.layers for reason in layer.because)
    positions.prepare((reason.location.source, reason.location.pointer) for reason in reasons)
    blocks = [_text(_why(answer, positions, style)) for answer in answers]
    missing = "".join(line + "\n" for line in not_read(gaps, positions, style))
    return "\n".join([*blocks, missing] if missing else blocks)


def _why(answer: WhyAnswer, positions: Positions, style: Style) -> Iterator[str]:
    by = f", by {escape(answer.denied_by)}" if answer.denied_by else ""
    yield style("bold", f"{escape(answer.caller)}: {escape(answer.action)} on {escape(answer.resource)}")
    yield f"  {style(str(answer.verdict), str(answer.verdict))}{by}"
    for i, layer in enumerate(answer.layers):
        final = i == len(answer.layers) - 1
        branch, trunk = ("└─", "  ") if final else ("├─", "│ ")
        yield f"  {branch} {escape(layer.layer)}: {escape(layer.answer)}"
        for reason in layer.because:
            yield f"  {trunk}   {_because(reason, positions)}"
    yield from _conditions(answer.conditions, 2)


def _reasons(
    reasons: Iterable[Because],
    conditions: Sequence[Mapping[str, object]],
    note: str,
    positions: Positions,
    indent: int = 4,
) -> Iterator[str]:
    pad = " " * indent
    yield from (f"{pad}{_because(reason, positions)}" for reason in reasons)
    yield from _conditions(conditions, indent)
    if note:
        yield f"{pad}note: {escape(note)}"


def _because(reason: Because, positions: Positions) -> str:
    return f"{reason.effect} {words.place(reason.location, positions)}{words.statement(reason.location)}"


def _conditions(conditions: Sequence[Mapping[str, object]], indent: int) -> Iterator[str]:
    if conditions:
        yield f"{' ' * indent}if {' and '.join(words.condition(entry) for entry in conditions)}"


def _verdict(verdict: Verdict, style: Style) -> str:
    return style(str(verdict), f"{verdict!s:<11}")


def _text(lines: Iterable[str]) -> str:
    return "\n".join(lines) + "\n"
