"""Asks the rules about everything they are for, in pieces that can be worked out in any order and side by side."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import NamedTuple, TypeVar

from permcheck.graph.strength import strength
from permcheck.model.finding import Finding
from permcheck.model.function import Function
from permcheck.model.identity import Role, User
from permcheck.model.policy import Document, Policy, PolicyKind
from permcheck.rule import Rule, View
from permcheck.rule.base import HOOKS
from permcheck.rule.concerns import Rota, Sight

T = TypeVar("T")

_TOGETHER = 200  # things in a piece: few enough to share out evenly, and neighbours often have policies in common


class Asked(NamedTuple):
    """What the rules found, and what of the configuration they have met so far (View.used)."""

    findings: list[Finding]
    used: frozenset[tuple[str, str]]


def pieces(rules: Sequence[Rule], view: View) -> list[Callable[[], Asked]]:
    """Everything there is to ask, in the same pieces and order for the same facts and rules.

    Callers stand at one end, functions and what leads to them at the other: who begins there needs little of the rest.
    """
    hooks = {hook: [r for r in rules if getattr(type(r), hook) is not getattr(Rule, hook)] for hook in HOOKS}
    facts, sight = view.facts, Sight(view.scene, rules)
    asked = {hook: Rota(hooks[hook], sight.bits) for hook in HOOKS}
    found: list[Iterator[Finding]] = []
    callers: tuple[Role | User, ...] = (*facts.roles, *facts.users)
    found += [_callers(asked["check_caller"], sight, view, some) for some in _in_groups(callers)]
    found += [_statements(asked["check_statement"], sight, view, some) for some in _in_groups(facts.policies, 5)]
    found += [_roles(asked["check_role"], sight, view)]
    found += [_functions(asked["check_function"], sight, view, some) for some in _in_groups(facts.functions)]
    found += [_rest(hooks, view)]
    return [partial(_ask, view, each) for each in found]


def prepare(rules: Sequence[Rule], view: View) -> None:
    """Work out what both ends of the pieces would, before they are shared out: what everybody is worth.

    Rules about callers ask it of whom they tell of, rules about functions of the roles that those run as.
    """
    ends = ("check_caller", "check_function")
    if all(any(getattr(type(r), hook) is not getattr(Rule, hook) for r in rules) for hook in ends):
        for subject in view.scene.world.everybody:
            strength(view.scene, subject)


def _ask(view: View, found: Iterator[Finding]) -> Asked:
    return Asked(list(found), frozenset(view.used))


def _in_groups(things: Sequence[T], times: int = 1) -> Iterator[Sequence[T]]:
    size = max(_TOGETHER * times, len(things) // 500)
    return (things[start : start + size] for start in range(0, len(things), size))


def _callers(rota: Rota, sight: Sight, view: View, callers: Iterable[Role | User]) -> Iterator[Finding]:
    for caller in callers:
        for rule in rota.of(sight.caller(caller)):
            yield from rule.check_caller(view, caller)


def _functions(rota: Rota, sight: Sight, view: View, functions: Iterable[Function]) -> Iterator[Finding]:
    for function in functions:
        for rule in rota.of(sight.function(function)):
            yield from rule.check_function(view, function)


def _roles(rota: Rota, sight: Sight, view: View) -> Iterator[Finding]:
    for subject in view.scene.execution_roles():
        role = view.role(subject.arn)
        if role is not None:
            for rule in rota.of(sight.caller(role)):
                yield from rule.check_role(view, role)


def _statements(rota: Rota, sight: Sight, view: View, policies: Iterable[Policy]) -> Iterator[Finding]:
    """Statement rules, asked once for each distinct document of a kind; places that share it repeat the finding."""
    quiet: set[tuple[Document, PolicyKind, bool, bool]] = set()
    for policy in policies:
        if policy.document is None:
            continue
        # Rules about text are quiet about AWS's own policies; a copy of one is somebody's here, and judged on its own.
        key = (policy.document, policy.kind, policy.trust, ":iam::aws:" in (policy.arn or ""))
        if key in quiet:
            continue
        found = False
        for statement in policy.document.statements:
            # A text of which a part is not known before deploy cannot be told right or wrong.
            if statement.widened or statement.partial:
                continue
            for rule in rota.of(sight.statement(policy, statement)):
                for finding in rule.check_statement(view, policy, statement):
                    found = True
                    yield finding
        if not found:
            quiet.add(key)


def _rest(hooks: dict[str, list[Rule]], view: View) -> Iterator[Finding]:
    """Identity pools, paths, and everything at once."""
    for pool in view.facts.pools:
        for rule in hooks["check_pool"]:
            yield from rule.check_pool(view, pool)
    if hooks["check_path"]:
        for journey in view.journeys():
            for rule in hooks["check_path"]:
                yield from rule.check_path(view, journey)
    for rule in hooks["check_account"]:
        yield from rule.check_account(view, view.facts)
