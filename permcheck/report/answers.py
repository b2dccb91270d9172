"""Answers to the questions for people: a block of lines each, with the statement behind every line."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from permcheck.model import (
    CallerRow,
    NotRead,
    Portion,
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
from permcheck.report.reasons import because, conditions, reasons, verdict
from permcheck.report.style import Style
from permcheck.report.summary import assumed, not_read

_HOW = {
    "invoke": "may invoke",
    "rewrite": "may rewrite",
    "grant": "may let others invoke",
    "pass": "may pass",
    "assume": "may assume",
}
_SHOWN = 4  # actions, resources or portions that a line, or a row, names; JSON has all of them


def who(answer: WhoAnswer, positions: Positions, style: Style) -> str:
    """Who may invoke one function: a block for each caller, those who may first."""
    behind = (reason for row in answer.callers for reason in row.because)
    positions.prepare((reason.location.source, reason.location.pointer) for reason in behind)
    return _text(_who(answer, positions, style))


def _who(answer: WhoAnswer, positions: Positions, style: Style) -> Iterator[str]:
    yield style("bold", f"function {escape(answer.asked or answer.function)}")
    if not answer.callers:
        yield "  nobody in view may invoke it"
    for row in answer.callers:
        yield f"  {verdict(row.verdict, style)} {words.node(row.kind, row.caller)}"
        yield f"    {escape(row.action)} on {escape(row.resource)}, by {escape(row.via.replace('_', ' '))}"
        yield from _held(row)
        yield from reasons(row.because, row.conditions, row.note, positions)
    yield from not_read(answer.not_read, positions, style)


def _held(row: CallerRow) -> Iterator[str]:
    for held in row.held_by:
        flow = f", {escape(held.flow)} flow" if held.flow else ""
        yield f"    held by {words.node(held.kind, held.name)}{flow}: {held.verdict}"


def reach(answer: ReachAnswer, positions: Positions, style: Style) -> str:
    """What a function or principal may do: by service, then the functions and roles it may act on."""
    entries: tuple[ReachRow | ReachTarget, ...] = (*answer.rows, *answer.targets)
    behind = [reason for entry in entries for reason in entry.because]
    behind += [reason for row in answer.rows for portion in row.besides for reason in portion.because]
    positions.prepare((reason.location.source, reason.location.pointer) for reason in behind)
    return _text(_reach(answer, positions, style))


def _reach(answer: ReachAnswer, positions: Positions, style: Style) -> Iterator[str]:
    acting = f", acting as {escape(answer.principal)}" if answer.principal not in ("", answer.subject) else ""
    yield style("bold", f"{escape(answer.subject)}{acting}")
    nothing = not answer.rows and not answer.targets
    if nothing and answer.administrator is Verdict.UNKNOWN:
        yield f"  {verdict(answer.administrator, style)} what it reaches"
    elif answer.administrator is not Verdict.DENIED:
        yield f"  {verdict(answer.administrator, style)} everything: it is an administrator"
    elif nothing:
        yield "  nothing in view is allowed to it"
    for service, rows in groupby(answer.rows, key=lambda row: row.service):
        yield f"  {style('bold', escape(service))}"
        for row in rows:
            actions, resources = ", ".join(row.expanded or row.actions), ", ".join(row.resources)
            yield f"    {verdict(row.verdict, style)} {escape(actions)} on {escape(resources)}"
            yield from (f"      only {portion(each)}" for each in row.within)
            yield from _besides(row, positions)
            yield from reasons(row.because, row.conditions, row.note, positions, indent=6)
    for how, targets in groupby(answer.targets, key=lambda target: target.how):
        yield f"  {style('bold', _HOW.get(how, escape(how)))}"
        for target in targets:
            yield from _target(target, positions, style)
    yield from assumed(answer.assumptions)
    yield from not_read(answer.not_read, positions, style)


def _besides(row: ReachRow, positions: Positions) -> Iterator[str]:
    """What is taken away from a row: a few entries, with the first statement behind each."""
    for each in row.besides[:_SHOWN]:
        behind = f": {because(each.because[0], positions)}" if each.because else ""
        yield f"      except {portion(each)}{behind}"
    if len(row.besides) > _SHOWN:
        yield f"      except {len(row.besides) - _SHOWN} more portions (all with --format json)"


def portion(found: Portion) -> str:
    """Some requests in words: ``s3:Delete* on arn:…``."""
    said = _named("", found.actions, found.not_actions, "every action")
    on = _named("on ", found.resources, found.not_resources, "every resource")
    return " ".join(part for part in (said, on) if part) or "everything"


def _named(lead: str, named: Sequence[str] | None, others: Sequence[str] | None, every: str) -> str:
    shown = named if named is not None else others
    if shown is None:
        return ""
    more = f" and {len(shown) - _SHOWN} more" if len(shown) > _SHOWN else ""
    text = escape(", ".join(shown[:_SHOWN])) + more
    return f"{lead}{text}" if named is not None else f"{lead}{every} but {text}"


def _target(target: ReachTarget, positions: Positions, style: Style) -> Iterator[str]:
    to = f" to {escape(target.service)}" if target.service else ""
    yield f"    {verdict(target.verdict, style)} {escape(target.arn)}, {escape(target.action)}{to}"
    yield from reasons(target.because, target.conditions, "", positions, indent=6)


def why(answers: Sequence[WhyAnswer], gaps: Iterable[NotRead], positions: Positions, style: Style) -> str:
    """How each decision came about, layer by layer, as a tree."""
    behind = (reason for answer in answers for layer in answer.layers for reason in layer.because)
    positions.prepare((reason.location.source, reason.location.pointer) for reason in behind)
    blocks = [_text(_why(answer, positions, style)) for answer in answers]
    missing = "".join(line + "\n" for line in not_read(gaps, positions, style))
    return "\n".join([*blocks, missing] if missing else blocks)


def _why(answer: WhyAnswer, positions: Positions, style: Style) -> Iterator[str]:
    by = f": {escape(words.denied_by(answer.denied_by))}" if answer.denied_by else ""
    via = f", by {escape(answer.via.replace('_', ' '))}" if answer.via else ""
    yield style("bold", f"{escape(answer.caller)}: {escape(answer.action)} on {escape(answer.resource)}{via}")
    yield f"  {style(str(answer.verdict), str(answer.verdict))}{by}"
    for i, layer in enumerate(answer.layers):
        final = i == len(answer.layers) - 1
        branch, trunk = ("└─", "  ") if final else ("├─", "│ ")
        yield f"  {branch} {escape(layer.layer.replace('_', ' '))}: {escape(layer.answer)}"
        for reason in layer.because:
            yield f"  {trunk}   {because(reason, positions)}"
    yield from conditions(answer.conditions, 2)


def _text(lines: Iterable[str]) -> str:
    return "\n".join(lines) + "\n"
