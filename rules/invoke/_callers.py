"""What the rules about callers share: whom they pass over, and how they speak of a caller."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from permcheck.model import SEVERITIES, Function, Location, PathStep, Role, User, Verdict
from permcheck.model.answer import JsonObject
from permcheck.rule import Answer, Narrowing, View

Caller = Role | User
INVOKE = "lambda:InvokeFunction"
MAY = (Verdict.ALLOWED, Verdict.CONDITIONAL)
_SERVICES = ("states", "scheduler", "events", "apigateway", "pipes")


def whom(caller: Caller) -> str:
    """The caller as the subject of a sentence."""
    if isinstance(caller, User):
        return f"user {caller.name}"
    return "whoever has this policy" if caller.loose else f"role {caller.name}"


def administers(view: View, caller: Caller) -> bool:
    """Whether there is no need to list what the caller may do: it may do everything, or is a role of AWS's own."""
    if isinstance(caller, Role) and caller.service_linked:
        return True
    return view.administrator(caller) is Verdict.ALLOWED


def passed_over(view: View, caller: Caller) -> bool:
    """The same, unless the policy was given on its own or guests hold the role: then somebody has to be told."""
    if not administers(view, caller):
        return False
    if isinstance(caller, Role) and caller.service_linked:
        return True
    loose = isinstance(caller, Role) and caller.loose
    return not loose and view.guest_who_may(caller, INVOKE) is None


def controls_all(view: View, caller: Caller) -> Answer | None:
    """The answer of somebody who may do everything with every function, conditions granted; None for all others.

    Conditions that choose among functions make it somebody else's: it is not every function then.
    """
    verdict = view.controls_functions(caller)
    if verdict not in MAY:
        return None
    answer = view.decide_any(caller, "lambda:UpdateFunctionCode")
    return None if answer.narrowing is Narrowing.RESOURCE else answer


def left_to_others(view: View, caller: Caller) -> bool:
    """Whether a finding on the caller would only repeat part of what another says: it controls every function."""
    return view.ways.once(_left_to_others, caller, view)


def _left_to_others(view: View, caller: Caller) -> bool:
    if view.controls_functions(caller) is Verdict.ALLOWED or passed_over(view, caller):
        return True
    return controls_all(view, caller) is not None


def shifted(severity: str, steps: int) -> str:
    """The severity so many steps up (or down)."""
    at = SEVERITIES.index(severity) + steps
    return SEVERITIES[max(0, min(at, len(SEVERITIES) - 1))]


def weighed(severity: str, answer: Answer) -> str:
    """The severity, one step lower where open conditions limit from where, when or how it can be done."""
    return shifted(severity, -1) if answer.narrowing is not Narrowing.NONE else severity


def places(view: View, answers: Iterable[Answer], note: str) -> list[Location]:
    """The statements behind the answers, each once. note: what is said beside those that allow."""
    return view.places(answers, note)


def shown(view: View, caller: Caller, action: str, function: Function | None, answer: Answer) -> JsonObject | None:
    """A request to replay: on a function in view where there is one, else on a made-up one."""
    concrete = view.decide(caller, action, function.arn) if function is not None else answer
    return concrete.witness or answer.witness


def way(view: View, caller: Caller, edge: str, answer: Answer, function: Function | None) -> tuple[PathStep, ...]:
    """The path from the caller through a function to what its role reaches."""
    start = view.caller_step(caller, edge, answer.verdict)
    return (*start, *view.function_steps(function)) if function is not None else ended(start)


def ended(steps: Sequence[PathStep]) -> tuple[PathStep, ...]:
    """A path that goes no further than its last node."""
    return (*steps[:-1], replace(steps[-1], edge="", verdict=None))


def is_for_services(caller: Caller) -> bool:
    """Whether only services that exist to call others (Step Functions, Scheduler …) may assume the role."""
    if not isinstance(caller, Role) or caller.trust is None:
        return False
    named = [s.principals for s in caller.trust.statements if s.is_allow]
    return bool(named) and all(
        p is not None
        and p.service
        and not (p.everyone or p.aws or p.federated)
        and all(service.partition(".")[0] in _SERVICES for service in p.service)
        for p in named
    )


def arn_like(view: View, caller: Caller) -> str:
    """The form of an ARN to put into a proposed statement, with the Region of a function in view."""
    account = caller.arn.split(":")[4]
    for function in view.facts.functions:
        if function.arn.split(":")[4] == account:
            return f"{function.arn.rpartition(':')[0]}:NAME"
    partition = caller.arn.split(":", 2)[1]
    return f"arn:{partition}:lambda:REGION:{account}:function:NAME"
