"""What the rules about functions that get at stronger roles share: how a role escalates, and who opens the function."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from permcheck.model import Function, Location, PathStep, Role, Verdict
from permcheck.model.answer import JsonObject
from permcheck.rule import Door, Strength, View
from permcheck.rules.path._creating import PASS, creation, made_by, new_function_steps
from permcheck.rules.path._steps import (
    REWRITES,
    acts_as,
    along,
    conditions,
    left,
    limited,
    once,
    places,
    reached,
    shown,
    verdict,
)

_DOORS = 8  # functions of a role among which the most open is looked for


@dataclass(frozen=True, slots=True)
class Escalation:
    """How a role comes to more. said: the predicate of a sentence; steps: the way on, the role first."""

    said: str
    worth: Strength
    limited: bool
    steps: Sequence[PathStep]
    places: Sequence[Location]
    conditions: Sequence[JsonObject]
    witness: JsonObject | None
    fix: str
    others: Collection[str] = ()


def escalation(view: View, role: Role) -> Escalation | None:
    """The strongest way by which code that runs as the role gets more rights; None where it has none."""
    return view.ways.once(_escalation, role, view)


def _escalation(view: View, role: Role) -> Escalation | None:
    if view.strength(role) >= Strength.IAM_WRITE or role.service_linked:
        return None
    return next((e for e in (_in_steps(view, role), _by_creating(view, role), _by_rewriting(view, role)) if e), None)


def _in_steps(view: View, role: Role) -> Escalation | None:
    """To administrator, where no rule about a single step on the way says so."""
    if not view.names(role, *REWRITES, PASS):
        return None
    trail = view.ways.to_administrator(role)
    kinds = [hop.kind for hop in trail.hops] if trail is not None else []
    if trail is None or not (
        {"rewrites", "creates a function that runs as", "gives a function the role", "starts something that runs as"}
        & {*kinds}
    ):
        return None
    if kinds[0] == "rewrites" and len(kinds) <= 3 and view.controls_functions(role) is Verdict.DENIED:
        return None
    if kinds[0].startswith("creates") and len(kinds) == 2 and creation(view, role) is None:
        return None  # nothing makes the new function run
    end = view.role(trail.nodes[-2].name)
    return Escalation(
        f"can make itself administrator: it {kinds[0].replace(' that runs as', '')}, and so comes to "
        f"{acts_as(view, end) if end is not None else 'act as administrator'}",
        Strength.IAM_WRITE,
        False,
        trail.steps(),
        along(trail),
        left(trail),
        shown(trail),
        "leave rewriting functions and passing roles to the role that deploys",
    )


def _by_creating(view: View, role: Role) -> Escalation | None:
    made = creation(view, role)
    if made is None:
        return None
    chosen = made.gain.role
    return Escalation(
        f"can create a function that runs as {chosen.name}, have it run, and so {acts_as(view, chosen)}",
        made.gain.strength,
        limited(made.answers),
        (
            PathStep("role", role.name, role.arn, PASS, verdict(made.answers)),
            *new_function_steps(view, chosen),
        ),
        once((*made_by(view, made, "allows having it run"), *reached(view, chosen))),
        conditions(made.answers),
        made.run.answers[0].witness,
        f"name the roles that {role.name} has to pass, and not {chosen.name}, in its statement for {PASS}",
    )


def _by_rewriting(view: View, role: Role) -> Escalation | None:
    """By taking over a stronger function, where it controls all of them: else a rule about one step says so."""
    if view.controls_functions(role) is Verdict.DENIED:
        return None
    gain = view.gain(role, view.functions_for(role, REWRITES[0]))
    other = view.role_of(gain.function) if gain is not None else None
    if gain is None or other is None or gain.strength < Strength.ALL_DATA:
        return None
    answer = view.decide(role, REWRITES[0], gain.function.arn)
    others = view.as_good(gain)
    more = f" (or {len(others)} more)" if others else ""
    return Escalation(
        f"can put its own code into {gain.function.name}{more}, and so {acts_as(view, other)}",
        gain.strength,
        limited([answer]),
        (PathStep("role", role.name, role.arn, REWRITES[0], answer.verdict), *view.function_steps(gain.function)),
        once((*places(view, [answer], "allows rewriting it"), *reached(view, other))),
        answer.conditions,
        answer.witness,
        f"let {role.name} change the functions it is for, by name, or none",
        others,
    )


def opened(view: View, functions: Sequence[Function], beside: Sequence[Function] = ()) -> tuple[Function, Door | None]:
    """The function of several that the most people come to from outside, with their way; the first where nobody does.

    beside: functions that those people must not come to directly, since the way over this one would add nothing.
    """
    found = [(function, view.door(function, beside)) for function in islice(functions, _DOORS)]
    doors = [(f, d) for f, d in found if d is not None]
    if not doors:
        return functions[0], None
    return max(doors, key=lambda each: (each[1].journey.openness, [-r for r in each[1].trail.rank]))


def way_to(function: Function, door: Door | None) -> Iterator[PathStep]:
    """The steps from outside to a function and onto its role."""
    if door is not None:
        yield from door.trail.steps()[:-1]
    yield PathStep("function", function.name, function.arn, "runs as", Verdict.ALLOWED)


def by_way_of(function: Function, functions: Sequence[Function], door: Door | None) -> str:
    """A function of several that run as one role, and whether it is open, as the subject of a sentence."""
    others = len(functions) - 1
    more = f" and {others} more" if others else ""
    opens = {3: "which everybody may call, ", 2: "which whoever signs up may call, ", 1: "which others may call, "}
    return f"function {function.name}{more}" + (
        f", {opens.get(door.journey.openness, '')}" if door is not None else " "
    )
