"""The configuration once read. Wildcards are ``*``, ``?`` and ``[…]``, over the whole text.

Names of rules are matched in any case, names of what stands in the account as they are written.
"""

from collections.abc import Iterable, Mapping
from dataclasses import field
from fnmatch import fnmatchcase
from types import MappingProxyType

from permcheck.frozen import dataclass
from permcheck.model.suppression import Suppression

NEVER = "never"  # as fail_on: findings never make the program fail


@dataclass(frozen=True, slots=True)
class PublicFunction:
    """Functions that are meant to be open to anyone. function: ARN or name, with wildcards. place: ``file:line``."""

    function: str
    reason: str
    place: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Config:
    """Everything a configuration can say; the defaults are those of an empty one.

    trusted_accounts: account ids, 12 digits. trusted_orgs: organization ids (``o-…``).
    deploy_roles: ARNs or names of the roles and users that are meant to rewrite functions, with wildcards.
    select: ids or names of the only rules to run, with wildcards; empty for all. ignore: of rules not to run.
    severity: the severity to give a rule's findings, by id or name. fail_on: a severity or ``never``.
    source: the file it was read from, None where there is none. places: setting → ``file:line`` or option it comes
    from; a setting that is not there has its default.
    """

    trusted_accounts: frozenset[str] = frozenset()
    trusted_orgs: frozenset[str] = frozenset()
    deploy_roles: tuple[str, ...] = ()
    public_functions: tuple[PublicFunction, ...] = ()
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    severity: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    fail_on: str = "high"
    suppressions: tuple[Suppression, ...] = ()
    source: str | None = None
    places: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), compare=False)

    def is_deploy_role(self, arn: str) -> bool:
        """Whether the role or user is meant to rewrite functions."""
        return any(names(pattern, arn) for pattern in self.deploy_roles)

    def public(self, function_arn: str) -> PublicFunction | None:
        """The entry that says that the function is meant to be public, None where none does."""
        return next((p for p in self.public_functions if names(p.function, function_arn)), None)

    def public_reason(self, function_arn: str) -> str | None:
        """Why the function is meant to be public, None where it is not."""
        found = self.public(function_arn)
        return found.reason if found is not None else None

    def wants(self, rule_id: str, rule_name: str) -> bool:
        """Whether the rule is to run."""
        chosen = not self.select or lists(self.select, rule_id, rule_name)
        return chosen and not lists(self.ignore, rule_id, rule_name)

    def severity_of(self, rule_id: str, rule_name: str) -> str | None:
        """The severity that the configuration gives the rule's findings, None where it says nothing."""
        said = {name.lower(): severity for name, severity in self.severity.items()}
        return said.get(rule_id.lower()) or said.get(rule_name.lower())

    def named_rules(self) -> Iterable[str]:
        """Every id, name or pattern of a rule that is written somewhere in it, for checking them against the rules."""
        yield from self.select
        yield from self.ignore
        yield from self.severity
        yield from (entry.rule for entry in self.suppressions)


def lists(patterns: Iterable[str], rule_id: str, rule_name: str) -> bool:
    """Whether one of the patterns is the id or the name of the rule, in any case."""
    own = (rule_id.lower(), rule_name.lower())
    return any(fnmatchcase(name, pattern.lower()) for pattern in patterns for name in own)


def names(pattern: str, arn: str) -> bool:
    """Whether a pattern names this ARN: the whole of it, or its name (``role/path/NAME``, ``function:NAME:alias``).

    A function's version or alias is named by the function's ARN too.
    """
    if fnmatchcase(arn, pattern):
        return True
    parts = arn.split(":")
    if len(parts) < 6:
        return False
    if parts[2] == "lambda" and len(parts) > 6:
        return fnmatchcase(parts[6], pattern) or fnmatchcase(":".join(parts[:7]), pattern)
    return fnmatchcase(parts[-1].rsplit("/", 1)[-1], pattern)
