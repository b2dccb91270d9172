"""What the rules about paths share: severities, places and how a path is told."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from permcheck.model import SEVERITIES, Function, Location, PathStep, Role, User, Verdict
from permcheck.model.answer import JsonObject
from permcheck.rule import Answer, Narrowing, Strength, Trail, View

Caller = Role | User
INVOKE = "lambda:InvokeFunction"
REWRITES = ("lambda:UpdateFunctionCode", "lambda:UpdateFunctionConfiguration")
MAY = (Verdict.ALLOWED, Verdict.CONDITIONAL)
WORTH = {
    Strength.ADMINISTRATOR: "critical",
    Strength.IAM_WRITE: "critical",
    Strength.ALL_DATA: "high",
    Strength.SOME: "medium",
    Strength.NOTHING: "low",
}
DOES_NOT_APPLY = "this Deny does not apply when its conditions fail"


def whom(caller: Caller) -> str:
    """The caller as the subject of a sentence."""
    if isinstance(caller, User):
        return f"user {caller.name}"
    return "whoever has this policy" if caller.loose else f"role {caller.name}"


def shifted(severity: str, steps: int) -> str:
    """The severity so many steps up (or down)."""
    at = SEVERITIES.index(severity) + steps
    return SEVERITIES[max(0, min(at, len(SEVERITIES) - 1))]


def deploys(view: View, *callers: Caller) -> str | None:
    """Why configuration expects this of one of the callers, None where it does not."""
    return "deploy_roles names it" if any(view.is_deploy_role(caller) for caller in callers) else None


def is_function(view: View, caller: Caller) -> bool:
    """Whether functions run as the caller: what it may do is then said of the function."""
    return isinstance(caller, Role) and bool(view.functions_of(caller.arn))


def acts_as(view: View, role: Role) -> str:
    """The end of a sentence about whoever comes to act as a role."""
    last = view.role_steps(role)[-1]
    return f"act as {role.name}" + (f", which may reach {last.name}" if last.kind in ("admin", "target") else "")


def places(view: View, answers: Iterable[Answer], note: str) -> list[Location]:
    """The statements behind the answers, each once. note: what is said beside those that allow."""
    return view.places(answers, note)


def trust_of(view: View, role: Role, note: str) -> Iterator[Location]:
    """The statements of a role's trust policy that let somebody in."""
    trust = role.trust
    if trust is not None and trust.source:
        yield from (view.place(trust, statement, note) for statement in trust.statements if statement.is_allow)


def reached(view: View, role: Role) -> tuple[Location, ...]:
    """The statements that say what a role reaches; many findings end in the same role."""
    return view.ways.once(_reached, role, view)


def _reached(view: View, role: Role) -> tuple[Location, ...]:
    answer = view.ways.worth(role)
    return tuple(places(view, [answer] if answer is not None else [], f"what {role.name} reaches"))


def once(found: Iterable[Location]) -> list[Location]:
    """Each place once, the first note kept."""
    seen: dict[tuple[str, str], Location] = {}
    for place in found:
        seen.setdefault((place.source, place.pointer), place)
    return list(seen.values())


def conditions(answers: Iterable[Answer]) -> tuple[JsonObject, ...]:
    """The open conditions of all answers, each once."""
    return tuple({repr(c): c for answer in answers for c in answer.conditions}.values())


def verdict(answers: Iterable[Answer]) -> Verdict:
    """How sure it is that all of it is allowed."""
    return Verdict.ALLOWED if all(a.verdict is Verdict.ALLOWED for a in answers) else Verdict.CONDITIONAL


def limited(answers: Iterable[Answer], *chosen: str) -> bool:
    """Whether some answer depends on from where, when or how the request comes; chosen: keys the caller sets itself."""
    return any(a.narrowing_but(*chosen) is not Narrowing.NONE for a in answers)


def start(view: View, caller: Caller, action: str, sure: Verdict) -> tuple[PathStep, ...]:
    """The caller, behind whoever in view or outside can act as it."""
    steps = tuple(view.caller_step(caller, action, sure))
    before = view.ways.assumer(caller) if isinstance(caller, Role) and len(steps) == 1 else None
    if before is None:
        return steps
    kind = "role" if isinstance(before, Role) else "user"
    return (PathStep(kind, before.name, before.arn, "sts:AssumeRole", Verdict.ALLOWED), *steps)


def entry(view: View, caller: Caller) -> Iterator[Location]:
    """The trust policy by which somebody comes to be the caller, where the path begins with somebody."""
    before = view.ways.assumer(caller) if isinstance(caller, Role) else None
    if before is not None and isinstance(caller, Role):
        answer = view.decide(before, "sts:AssumeRole", caller.arn)
        yield from places(view, [answer], f"lets {before.name} assume {caller.name}")


def called(functions: Iterable[Function], most: int = 4) -> str:
    """The names of functions; more than ``most`` with commas alone, so that a report for people can cut them short."""
    names = [f.name for f in functions]
    if len(names) > most:
        return ", ".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else "".join(names)


def along(trail: Trail) -> list[Location]:
    """The statements behind every step of a way, in order."""
    return once(
        replace(reason.location, note=_note(edge.kind, node.name) if reason.effect == "Allow" else DOES_NOT_APPLY)
        for node, edge in zip(trail.path().nodes, trail.path().edges, strict=False)
        for reason in edge.because
        if reason.location.source
    )


def _note(edge: str, name: str) -> str:
    if edge in _ENDS:
        return f"what {name} reaches"
    if edge.startswith("takes by"):
        return "lets the role be taken with the pool's token"
    return _NOTES.get(edge, f"allows {edge}" if ":" in edge else "has its part in it")


_ENDS = ("may reach", "is administrator of", "can make itself administrator of")
_NOTES = {
    "assumes": "lets the role be assumed",
    "invokes": "lets the function be invoked",
    "calls the URL of": "lets the URL be called",
    "rewrites": "lets the function be rewritten",
    "grants itself": "lets the function be opened",
    "creates a function that runs as": "lets a function be created with the role",
    "gives a function the role": "lets a function be given the role",
    "starts something that runs as": "lets something be started with the role",
    "sends mail to": "takes mail from everybody",
    "calls": "lets the route be called",
    "requests": "the route asks for nothing",
    "writes to": "lets events be sent",
    "triggers": "calls the function for its events",
    "is polled for": "calls the function for its records",
    "sends on to": "sends its events on",
}
_INVOKING = ("invokes", "calls the URL of", "calls", "requests", "writes to", "rewrites", "grants itself")


def shown(trail: Trail) -> JsonObject | None:
    """The request that shows the first step onto a function, or else the first there is."""
    edges = [edge for edge in trail.path().edges if edge.witness is not None]
    first = next((edge for edge in edges if edge.kind in _INVOKING), edges[0] if edges else None)
    return first.witness if first is not None else None


def left(trail: Trail) -> tuple[JsonObject, ...]:
    """The conditions that are open on the way, each once."""
    return tuple({repr(c): c for edge in trail.path().edges for c in edge.conditions}.values())
