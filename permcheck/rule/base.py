"""What a rule is: one class in one file, with its own page, its own bad and good examples, and one hook."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import field
from typing import Any, ClassVar

from permcheck.frozen import dataclass
from permcheck.graph.journeys import Journey
from permcheck.model.answer import JsonObject
from permcheck.model.facts import Facts
from permcheck.model.finding import Finding, PathStep
from permcheck.model.function import Function
from permcheck.model.identity import Role, User
from permcheck.model.location import Location
from permcheck.model.policy import Policy, Statement
from permcheck.model.pool import IdentityPool
from permcheck.rule.view import View


@dataclass(frozen=True, slots=True)
class Example:
    """Inputs on which a rule fires (``bad``) or keeps quiet (``good``).

    files: name → JSON value, as ``permcheck audit`` would read them. config: keys of permcheck.toml.
    """

    files: Mapping[str, Any]
    about: str = ""
    config: Mapping[str, Any] = field(default_factory=dict)


class Rule:
    """A rule. Its docstring is its page: What, Why it matters, How to fix, When it is fine, References.

    id: ``PC`` and three digits. name: kebab-case. severity: info, low, medium, high or critical, before the decision
    raises or lowers it. confidence: low, medium or high. since: the version that brought it. A rule overrides one hook.

    concerns: words of which one has to be there for the rule to be asked at all, so that the thousands of things that
    surely do not concern it cost nothing. Words are traits (``permcheck.rule.traits``) of a function, a caller or a
    statement, by the hook; for a role or user also actions, which are there where one of its own policies allows
    them on anything, or was not read. They only spare time: what the rule says has to be right without them. Left out,
    the rule is asked of everything.
    """

    id: ClassVar[str]
    name: ClassVar[str]
    severity: ClassVar[str]
    confidence: ClassVar[str] = "high"
    since: ClassVar[str] = "0.1"
    bad: ClassVar[Sequence[Example]]
    good: ClassVar[Sequence[Example]]
    concerns: ClassVar[tuple[str, ...]] = ()

    def check_statement(self, view: View, policy: Policy, statement: Statement) -> Iterable[Finding]:
        """Look at one statement of one policy."""
        return ()

    def check_function(self, view: View, function: Function) -> Iterable[Finding]:
        """Look at one function."""
        return ()

    def check_caller(self, view: View, caller: Role | User) -> Iterable[Finding]:
        """Look at one role or user as somebody who acts."""
        return ()

    def check_role(self, view: View, role: Role) -> Iterable[Finding]:
        """Look at one role that a function runs as."""
        return ()

    def check_pool(self, view: View, pool: IdentityPool) -> Iterable[Finding]:
        """Look at one identity pool."""
        return ()

    def check_path(self, view: View, journey: Journey) -> Iterable[Finding]:
        """Look at everything that is reached from one open door."""
        return ()

    def check_account(self, view: View, facts: Facts) -> Iterable[Finding]:
        """Look at everything at once."""
        return ()

    def finding(
        self,
        message: str,
        resource: str,
        locations: Iterable[Location],
        *,
        severity: str | None = None,
        confidence: str | None = None,
        path: Iterable[PathStep] = (),
        conditions: Iterable[JsonObject] = (),
        fix: str = "",
        witness: JsonObject | None = None,
        explained: str | None = None,
        others: Collection[str] = (),
    ) -> Finding:
        """A finding of this rule. resource: ARN of what the finding is about. The first location is the main one.

        explained: the reason configuration gives for it, None where it gives none. others: ARNs, or texts, of what the
        message only counts; programs get them all, so they may be listed only when somebody asks.
        """
        return Finding(
            self.id,
            self.name,
            severity or self.severity,
            confidence or self.confidence,
            message,
            resource,
            tuple(locations),
            tuple(path),
            tuple(conditions),
            _sentence(fix),
            witness,
            explained=explained or "",
            others=others,
        )


HOOKS = ("check_statement", "check_function", "check_caller", "check_role", "check_pool", "check_path", "check_account")


def _sentence(fix: str) -> str:
    """A fix as it stands behind ``fix:``: no capital, no full stop."""
    fix = fix.removesuffix(".")
    return fix[0].lower() + fix[1:] if fix[:1].isupper() and fix[1:2].islower() else fix
