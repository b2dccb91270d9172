"""What the rules about execution roles share: how they speak of the function, and how its path is shown."""

from collections.abc import Iterable, Iterator

from permcheck.model import SEVERITIES, Location, PathStep, Role, Verdict
from permcheck.rule import Answer, Narrowing, View

MAY = (Verdict.ALLOWED, Verdict.CONDITIONAL)


def whose(view: View, role: Role, bare: bool = False) -> str:
    """The functions that run as the role, as part of a sentence. bare: the sentence has named the role before."""
    functions = view.functions_of(role.arn)
    if not functions:
        return "a function that will run as it" if bare else f"a function that runs as {role.name}"
    more = len(functions) - 1
    return f"function {functions[0].name}" + (
        f" and {more} more" + ("" if bare else f" that run as {role.name}") if more else ""
    )


def running_too(view: View, role: Role) -> list[str]:
    """The functions that ``whose`` counts and does not name."""
    return [function.arn for function in view.functions_of(role.arn)[1:]]


def passed_over(view: View, role: Role) -> bool:
    """Service-linked roles are AWS's, and what an administrator may do in particular is no news."""
    return role.service_linked or view.administrator(role) is Verdict.ALLOWED


def anyhow(view: View, role: Role, actions: tuple[str, ...]) -> Iterator[tuple[str, Answer]]:
    """Those of the actions that the role may do on any resource, with the answers; conditions may limit the requests,
    but not choose among the resources. The actions are among those asked of everybody.
    """
    if not view.may_some(role, actions):
        return
    for action in actions:
        if view.may_any(role, action) in MAY:
            answer = view.decide_any(role, action)
            if answer.narrowing is not Narrowing.RESOURCE:
                yield action, answer


def shifted(severity: str, steps: int) -> str:
    """The severity so many steps up (or down)."""
    at = SEVERITIES.index(severity) + steps
    return SEVERITIES[max(0, min(at, len(SEVERITIES) - 1))]


def weighed(severity: str, answers: Iterable[Answer]) -> str:
    """The severity, one step lower where every one of the answers depends on how the request is made."""
    narrowed = all(answer.narrowing is not Narrowing.NONE for answer in answers)
    return shifted(severity, -1) if narrowed else severity


def places(view: View, answers: Iterable[Answer], note: str, *, whole: bool = False) -> Iterator[Location]:
    """The statements behind the answers, each once. note: what is said beside those that allow.

    whole: leave out those that allow for some of the answers, where others allow for all.
    """
    given = list(answers)
    reasons = dict.fromkeys(r for answer in given for r in answer.told)
    shared = [r for r in reasons if r.statement.is_allow and all(r in answer.reasons for answer in given)]
    if whole and shared:
        reasons = dict.fromkeys(r for r in reasons if r in shared or not r.statement.is_allow)
    for reason in sorted(reasons, key=lambda r: not r.statement.is_allow):
        said = note if reason.statement.is_allow else "this Deny does not apply when its conditions fail"
        yield view.place(reason.policy, reason.statement, said)


def path(view: View, role: Role, edge: str, target: str, kind: str = "target") -> tuple[PathStep, ...]:
    """From a function through its role to what it reaches."""
    steps = []
    functions = view.functions_of(role.arn)
    if functions:
        steps.append(PathStep("function", functions[0].name, functions[0].arn, "runs as", Verdict.ALLOWED))
    steps.append(PathStep("role", role.name, role.arn, edge, Verdict.ALLOWED))
    return (*steps, PathStep(kind, target))


def listed(names: Iterable[str], most: int = 4) -> str:
    """The names; more than ``most`` with commas alone, so that a report for people can cut them short."""
    found = list(dict.fromkeys(names))
    if len(found) > most:
        return ", ".join(found)
    return f"{', '.join(found[:-1])} and {found[-1]}" if len(found) > 1 else "".join(found)
