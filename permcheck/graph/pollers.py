"""Event source mappings: Lambda reads the source with the execution role and invokes the function.

A mapping works only where the role may do what the poller needs (Lambda Developer Guide, the page of each source). The
function's own policy is not asked.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from permcheck.access import Subject
from permcheck.data import actions
from permcheck.graph.anything import any_resource, item_named
from permcheck.graph.entry import best, weakest
from permcheck.graph.event_sources import source_name
from permcheck.graph.places import because, conditions
from permcheck.graph.policy_arns import filled, plain
from permcheck.graph.poller_needs import Need, known_source, needs
from permcheck.graph.scene import Scene
from permcheck.model.answer import Because, CallerRow
from permcheck.model.function import EventSourceMapping, Function
from permcheck.model.location import Location
from permcheck.model.verdict import Verdict
from permcheck.policy.arn import split
from permcheck.policy.matching import naming
from permcheck.policy.request import Decision


class Met(NamedTuple):
    """A need, and whether the role has it."""

    need: Need
    decision: Decision


def pollers(scene: Scene, function: Function) -> Iterator[CallerRow]:
    """A row for each mapping of the function that may work."""
    for mapping in scene.mappings_of.get(function.arn, ()):
        row = poller_row(scene, function, mapping, source_name(mapping))
        if row.verdict is not Verdict.DENIED:
            yield row


def poller_row(scene: Scene, function: Function, mapping: EventSourceMapping, source: str) -> CallerRow:
    """Whether a mapping works, as a row of ``who``. source: what its event source is called."""
    here = Because(Location(mapping.source, mapping.pointer, mapping.function_arn), "Allow")
    role = runs_as(scene, function, mapping.function_arn)
    met = needs_met(scene, role, mapping) if role is not None else ()
    reasons = (b for m in met for b in because(m.decision.because))
    left = (c for m in met for c in conditions(m.decision))
    return CallerRow(
        source,
        "event_source",
        poller_verdict(scene, role, mapping),
        "lambda:InvokeFunction",
        mapping.function_arn,
        "event_source",
        tuple({repr(c): c for c in left}.values()),
        tuple(dict.fromkeys((here, *reasons))),
        note=_said(role, mapping, met),
    )


def _said(role: Subject | None, mapping: EventSourceMapping, met: Sequence[Met]) -> str:
    if role is None:
        return "the execution role is not in view"
    if not known_source(mapping):
        told = bool(mapping.event_source)
        return "what this source needs is not known" if told else "the input does not tell what is read"
    lacking = [m.need.action for m in met if m.decision.verdict is Verdict.DENIED and not m.need.firm]
    return f"AWS lists {', '.join(lacking)} too, which the role may not" if lacking else ""


def poller_verdict(scene: Scene, role: Subject | None, mapping: EventSourceMapping) -> Verdict:
    """Whether the mapping works. Where only what AWS lists beside the rest is missing, that is not known."""
    if role is not None and role.arn in scene.shut_roles:
        return Verdict.DENIED
    if role is None or not known_source(mapping):
        return Verdict.UNKNOWN
    asked = needs_asked(scene, role, mapping)
    firm = weakest(*(verdict for need, verdict in asked if need.firm))
    listed = weakest(*(verdict for need, verdict in asked if not need.firm))
    return firm if firm is Verdict.DENIED else weakest(firm, Verdict.UNKNOWN if listed is Verdict.DENIED else listed)


def runs_as(scene: Scene, function: Function, called: str) -> Subject | None:
    """The execution role, as a caller, of the function under the name it is called by; None where it is not in view.

    A version keeps the role it was published with.
    """
    name = called.removeprefix(function.arn).lstrip(":")
    kept = next((q.role for q in function.qualifiers if name and q.name == name and q.role), None)
    return scene.subject(kept or function.role or "")


def needs_asked(scene: Scene, role: Subject, mapping: EventSourceMapping) -> Sequence[tuple[Need, Verdict]]:
    """Everything the mapping needs, and whether the role has it: what ``needs_met`` says, without the reasons."""
    universe, position = scene.entrances.asked
    may = scene.world.access_of(role, universe, "")
    return [
        (need, may.verdict(position[need.on, need.action]) if _plain(need) else _somewhere(scene, role, need).verdict)
        for need in needs(mapping)
    ]


def needs_met(scene: Scene, role: Subject, mapping: EventSourceMapping) -> Sequence[Met]:
    """Everything the mapping needs, with what the role's policies say of it."""
    universe, position = scene.entrances.asked
    return [
        Met(need, scene.world.decide(role, need.action, universe.items[position[need.on, need.action]]))
        if _plain(need)
        else Met(need, _somewhere(scene, role, need))
        for need in needs(mapping)
    ]


def _plain(need: Need) -> bool:
    """Whether the need is of one particular thing."""
    return bool(need.on) and not need.part


def _somewhere(scene: Scene, role: Subject, need: Need) -> Decision:
    """The surest answer on anything of the kind that is meant."""
    tried = []
    for arn in dict.fromkeys(_candidates(role, need)):
        found = scene.world.decide(role, need.action, item_named(arn, need.action, role.account))
        if found.verdict is Verdict.ALLOWED:
            return found
        tried.append(found)
    return best(tried)


def _candidates(role: Subject, need: Need) -> Iterator[str]:
    """Resources to ask about where no particular one is meant: any, and those that the role's own policies name."""
    if actions.has_resource_level(need.action) is False:
        yield "*"
        return
    prefix = need.on.replace(":cluster/", f":{need.part}/")
    if prefix:
        yield prefix if need.part == "cluster" else f"{prefix}/permcheck"
    else:
        yield any_resource(need.action, role.account, role.arn.split(":", 2)[1])
    for policy in role.policies:
        for statement in naming(policy.document, need.action) if policy.document is not None else ():
            for text in statement.resources or ():
                arn = split(text)
                if statement.is_allow and arn is not None:
                    head = text[: len(text) - len(arn.resource)]
                    named = filled(head) + filled(plain(arn.resource))
                    if not prefix or named.startswith(prefix):
                        yield named
