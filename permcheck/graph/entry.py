"""An edge that leaves no role or user: where it starts, where it leads, and on what grounds."""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from permcheck.graph.nodes import Grounds, Node, no_grounds
from permcheck.graph.outsiders import Outsider
from permcheck.graph.places import because, conditions
from permcheck.model.answer import Because
from permcheck.model.verdict import Verdict
from permcheck.policy.request import Decision

ORDER = (Verdict.ALLOWED, Verdict.CONDITIONAL, Verdict.UNKNOWN, Verdict.DENIED)


class Entry(NamedTuple):
    """An edge, with the grounds worked out when it is shown. called: the ARN of the function as it is called."""

    start: Node
    edge: str
    verdict: Verdict
    target: Node
    grounds: Callable[[], Grounds] = no_grounds
    called: str = ""


def admission(outsider: Outsider, edge: str, target: Node) -> Entry:
    """An outsider's edge to what lets it in."""
    name = "" if outsider.kind == "anyone" else outsider.caller
    grounds = partial(_of_row, outsider)
    return Entry(Node(outsider.kind, name), edge, outsider.verdict, target, grounds, outsider.resource)


def _of_row(outsider: Outsider) -> Grounds:
    return Grounds(outsider.row.because, outsider.row.conditions, outsider.row.witness)


def of_decision(*decisions: Decision, here: tuple[Because, ...] = ()) -> Callable[[], Grounds]:
    """The grounds of decisions that must all be yes. here: what the input says that makes the call happen."""
    return partial(_of_decisions, decisions, here)


def _of_decisions(decisions: tuple[Decision, ...], here: tuple[Because, ...]) -> Grounds:
    reasons = (*here, *(b for d in decisions for b in because(d.because)))
    left = {repr(c): c for d in decisions for c in conditions(d)}
    return Grounds(tuple(dict.fromkeys(reasons)), tuple(left.values()))


def weakest(*verdicts: Verdict) -> Verdict:
    """The verdict of several things that must all hold."""
    return max(verdicts, key=ORDER.index, default=Verdict.ALLOWED)


def best(decisions: list[Decision]) -> Decision:
    """The surest of several decisions of which one is enough."""
    return min(decisions, key=lambda d: ORDER.index(d.verdict), default=Decision(Verdict.DENIED))
