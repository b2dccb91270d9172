"""Whose account a name belongs to, where an output tells names alone."""

from collections import Counter
from functools import cached_property
from posixpath import dirname

from permcheck.sources.files.drafts import IdentityDraft
from permcheck.sources.files.gathered import Gathered
from permcheck.sources.files.shapes import account_of, last_part

NOWHERE = ("aws", "000000000000")
Account = tuple[str, str]  # partition, account id


class Accounts:
    """The accounts in view, and the identities by name."""

    def __init__(self, gathered: Gathered) -> None:
        self._gathered = gathered

    @cached_property
    def _named(self) -> dict[tuple[str, str], list[str]]:
        named: dict[tuple[str, str], list[str]] = {}
        for draft in self._gathered.identities.values():
            named.setdefault((draft.kind, draft.name), []).append(draft.arn)
        return named

    @cached_property
    def _mentioned(self) -> dict[str, list[str]]:
        """Roles that something runs as or hands out, in view or not, by name."""
        arns = {f.role for f in self._gathered.functions.values() if f.role}
        arns |= {role.role for pool in self._gathered.pools.values() for role in pool.roles or ()}
        mentioned: dict[str, list[str]] = {}
        for arn in sorted(arns):
            mentioned.setdefault(last_part(arn), []).append(arn)
        return mentioned

    @cached_property
    def _counted(self) -> dict[str | None, Counter[Account]]:
        """How often each account is seen, by folder; under None, everywhere."""
        counted: dict[str | None, Counter[Account]] = {None: Counter()}
        seen = [(draft.arn, draft.source) for draft in self._gathered.identities.values()]
        seen += [(draft.arn, draft.source) for draft in self._gathered.functions.values()]
        for arn, source in seen:
            account = (arn.split(":", 2)[1], account_of(arn))
            counted[None][account] += 1
            counted.setdefault(dirname(source), Counter())[account] += 1
        return counted

    def of(self, source: str) -> Account:
        """The account a file is taken to be about: that of its folder, else the commonest; zeros where none is."""
        told = self._gathered.folders.get(dirname(source))
        if told is not None:
            return told[:2]
        for counts in (self._counted.get(dirname(source)), self._counted[None]):
            if counts:
                return min(counts, key=lambda account: (-counts[account], account))
        return NOWHERE

    def names(self, kind: str) -> set[str]:
        """The names of all roles, users or groups in view, and of roles that something runs as."""
        known = {name for of_kind, name in self._named if of_kind == kind}
        return known | set(self._mentioned) if kind == "role" else known

    def find(self, kind: str, name: str, source: str) -> list[str]:
        """The ARNs that a name told in a file may stand for; the identities of the same folder come first."""
        known = self._named.get((kind, name), [])
        near = [arn for arn in known if dirname(self._gathered.identities[arn].source) == dirname(source)]
        if near or known:
            return near or known
        return self._mentioned.get(name, []) if kind == "role" else []

    def adopt(self, draft: IdentityDraft) -> None:
        """Take in an identity that was only known by name until now."""
        self._gathered.identities[draft.arn] = draft
        self._named.setdefault((draft.kind, draft.name), []).append(draft.arn)
