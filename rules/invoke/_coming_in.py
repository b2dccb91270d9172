"""What the rules about function policies share: who comes in by which statement, and how it is told."""

import re
from collections.abc import Iterable, Iterator

from permcheck.model import SEVERITIES, Function, Location, PathStep, Statement, Verdict
from permcheck.rule import Outsider, Reason, ServiceGrant, View, traits

INVOKE = "lambda:InvokeFunction"
MAY = (Verdict.ALLOWED, Verdict.CONDITIONAL)
_URL = "function_url"
_WORD = re.compile(r"[\w-]*", re.ASCII)


def named(function: Function, qualifier: str = "") -> str:
    """The function as a person calls it: ``orders``, ``orders:prod``."""
    return f"{function.name}:{qualifier}" if qualifier else function.name


def qualified(function: Function, qualifier: str = "") -> str:
    """The ARN under which the function is called."""
    return f"{function.arn}:{qualifier}" if qualifier else function.arn


def admitted(view: View, function: Function, *kinds: str, action: str = INVOKE) -> Iterator[Outsider]:
    """The outsiders of these kinds, each once for a qualifier: a way in by URL counts where it is the only one."""
    found = view.outsiders(function, action)
    seen = set()
    for outsider in sorted(found, key=lambda o: o.via == _URL):
        key = (outsider.kind, outsider.caller, outsider.qualifier)
        if outsider.kind in kinds and outsider.verdict in MAY and key not in seen:
            seen.add(key)
            yield outsider


def allows(reasons: Iterable[Reason]) -> list[Statement]:
    """The Allow statements among the reasons."""
    return [r.statement for r in reasons if r.statement.is_allow]


def open_to_all(view: View, function: Function, action: str = INVOKE) -> set[Statement]:
    """The statements that let every AWS account in: what else they let in needs no finding of its own."""
    if traits.EVERYBODY not in view.shape(function):
        return set()
    found = view.outsiders(function, action)
    return {s for o in found if o.kind == "aws" and o.verdict in MAY for s in allows(o.reasons)}


def without(reasons: Iterable[Reason], statements: Iterable[Statement]) -> tuple[Reason, ...]:
    """The reasons but for those statements; empty where no Allow is left."""
    left_out = set(statements)
    kept = tuple(r for r in reasons if r.statement not in left_out)
    return kept if allows(kept) else ()


def places(view: View, reasons: Iterable[Reason], note: str) -> Iterator[Location]:
    """Where the statements stand, the granting ones first."""
    for reason in sorted(reasons, key=lambda r: not r.statement.is_allow):
        said = note if reason.statement.is_allow else "this Deny does not apply when its conditions fail"
        yield view.place(reason.policy, reason.statement, said)


def way_in(view: View, function: Function, outsider: Outsider, edge: str = "") -> tuple[PathStep, ...]:
    """The path from the outsider through the function to what its role reaches. edge: what it may do, else invoke."""
    edge = edge or edge_of(outsider.via)
    return path(view, function, (outsider.kind, outsider.caller), outsider.verdict, outsider.qualifier, edge)


def way_of(view: View, function: Function, grant: ServiceGrant) -> tuple[PathStep, ...]:
    """The path from a service. What its grant asks of the source is a condition, also where a stranger can meet it."""
    made = grant.outsider
    verdict = Verdict.CONDITIONAL if grant.conditions else made.verdict
    return path(view, function, (made.kind, made.caller), verdict, made.qualifier, edge_of(made.via))


def edge_of(via: str) -> str:
    """What somebody who comes in this way may do to the function, as words between two names."""
    return "may call the URL of" if via == _URL else "may invoke"


def path(
    view: View, function: Function, who: tuple[str, str], verdict: Verdict, qualifier: str, edge: str
) -> tuple[PathStep, ...]:
    """The same for anybody. who: kind and caller."""
    kind, caller = who
    arn = caller if caller.startswith("arn:") else None
    name = caller.partition(":assumed-role/")[2] or caller.rpartition("/")[2]
    start = PathStep(kind, name if arn else caller, arn, edge, verdict)
    return (start, *view.function_steps(function, qualifier))


def account_of(outsider: Outsider) -> str:
    """The account of a caller of kind account, role or user."""
    return outsider.caller.split(":")[4] if outsider.caller.startswith("arn:") else outsider.caller


def whom(outsider: Outsider) -> str:
    """The outsider as the subject of a sentence."""
    if outsider.kind == "aws":
        return "any AWS account"
    if outsider.kind == "account":
        return f"account {outsider.caller}"
    if outsider.kind == "org":
        return f"any account of organization {outsider.caller}"
    if outsider.kind == "service":
        return "any service" if outsider.caller == "*" else outsider.caller
    named_by = outsider.caller.rpartition("/")[2]
    if ":assumed-role/" in outsider.caller:
        role = outsider.caller.split("/")[1]
        return f"session {named_by} of role {role} of account {account_of(outsider)}"
    return f"{outsider.kind} {named_by} of account {account_of(outsider)}"


def lower(severity: str, steps: int = 1) -> str:
    """The severity so many steps down."""
    return SEVERITIES[max(0, SEVERITIES.index(severity) - steps)]


def revoke(function: Function, qualifier: str, reasons: Iterable[Reason]) -> str:
    """How to take the first granting statement away: the command, where it is in an account and has a Sid."""
    first = next((r for r in reasons if r.statement.is_allow), None)
    sid = first.statement.sid if first is not None and not first.policy.loose else None
    if not sid or not plain(sid, function.name, qualifier):
        return "Remove the statement"
    only = f" --qualifier {qualifier}" if qualifier else ""
    command = f"aws lambda remove-permission --function-name {function.name}{only} --statement-id {sid}"
    return f"Remove the statement ({command})"


def plain(*words: str) -> bool:
    """Whether words of the input may stand in a proposed command as they are: nobody's shell takes them for more."""
    return all(_WORD.fullmatch(word) for word in words)
