"""What the rules about taking a function over share: which is worth most, and how it is told."""

from collections.abc import Iterator
from dataclasses import dataclass

from permcheck.model import Finding, Function
from permcheck.rule import Answer, Gain, Narrowing, Rule, Strength, Targets, View
from permcheck.rules.invoke._callers import Caller, arn_like, places, way, weighed, whom


@dataclass(frozen=True, slots=True)
class Takeover:
    """Functions somebody may take over: the answer for the one that is worth most, what it is worth, and the others.

    gain is None where no role of these functions is in view.
    """

    function: Function
    others: Targets
    gain: Gain | None
    answer: Answer

    @property
    def worth(self) -> str:
        """Critical for everything, high for all of a kind, medium for single things or where it is not in view."""
        return _WORTH[self.gain.strength] if self.gain is not None else "medium"

    @property
    def severity(self) -> str:
        """What it is worth, less where conditions are open."""
        return weighed(self.worth, self.answer)

    @property
    def named(self) -> str:
        """The function, and how many more there are."""
        more = len(self.others)
        return self.function.name + (f" and {more} more" if more else "")


_WORTH = {
    Strength.ADMINISTRATOR: "critical",
    Strength.IAM_WRITE: "critical",
    Strength.ALL_DATA: "high",
    Strength.SOME: "medium",
    Strength.NOTHING: "low",
}


def takeover(view: View, caller: Caller, action: str, functions: Targets, scoping: bool = False) -> Takeover | None:
    """The takeover of the worthiest of the functions, those with open conditions where there are no others.

    scoping: whether conditions of Lambda's own keys leave enough to speak of. None where nothing can be done, or where
    the caller gains nothing because it can already give itself everything.
    """
    chosen = functions or functions.open
    if not chosen or view.strength(caller) >= Strength.IAM_WRITE:
        return None
    gain = view.gain(caller, chosen)
    function = gain.function if gain is not None else view.function(next(chosen.sure()))
    if function is None:
        return None
    answer = view.decide(caller, action, function.arn)
    if not answer.allowed or (answer.narrowing is Narrowing.RESOURCE and not scoping):
        return None
    return Takeover(function, chosen.but(function.arn), gain, answer)


def runs_as(view: View, function: Function) -> str:
    """The end of a sentence about whoever takes over a function."""
    role = view.role_of(function)
    if role is None:
        return f"and act as its role {function.role or ''}".rstrip() + ", which is not in view"
    last = view.role_steps(role)[-1]
    what = f", which may reach {last.name}" if last.kind in ("admin", "target") else ""
    return f"and so act as {role.name}{what}"


def unseen(rule: Rule, view: View, caller: Caller, action: str, done: str) -> Iterator[Finding]:
    """What can be said where no function is in view: the caller may do it to any, and nobody can say what that gains.

    done: what can be done, up to the word "function".
    """
    if not view.none_in_view(caller, action):
        return
    answer = view.decide_any(caller, action)
    if answer.narrowing is Narrowing.RESOURCE:
        return
    yield rule.finding(
        f"{whom(caller)} can {done} every function, none of which is in view",
        caller.arn,
        places(view, [answer], f"allows {action} on every function"),
        severity=weighed("medium", answer),
        confidence="medium",
        path=way(view, caller, action, answer, None),
        conditions=answer.conditions,
        fix=f'name the functions {caller.name} is to change: "Resource": "{arn_like(view, caller)}"',
        witness=answer.witness,
        explained=meant(view, caller),
    )


def meant(view: View, caller: Caller) -> str | None:
    """Why configuration expects this of the caller, None where it does not."""
    return "deploy_roles names it" if view.is_deploy_role(caller) else None
