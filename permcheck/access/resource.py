"""What resource policies say: for each item the callers it names, turned round to sets of items for each caller."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TypeVar

from permcheck.access import bits
from permcheck.access.compile import condition_match, statement_match
from permcheck.access.context import is_item_key
from permcheck.access.granted import Granted, Said
from permcheck.access.subject import Subject
from permcheck.access.universe import Item, Universe
from permcheck.data import rcp
from permcheck.model.policy import Document, PolicyKind, Statement
from permcheck.policy.arn import last_part, split
from permcheck.policy.caller import Grant, account_in, exempt, is_account, session_of
from permcheck.policy.condition import Match, keys_read
from permcheck.policy.context import Context
from permcheck.policy.matching import action_applies, naming
from permcheck.policy.resource import resource_applies

Key = TypeVar("Key")
_NOTHING_KNOWN = Context(complete=False)


def may_name(statement: Statement) -> bool:
    """Whether the Principal of a resource policy's statement can name a caller of the view; most name services."""
    if statement.principals is None:
        return statement.not_principals is not None
    return statement.principals.everyone or bool(statement.principals.aws)


class ResourceSets:
    """Resolves the resource policies of a universe for all subjects at once."""

    def __init__(self, subjects: Sequence[Subject]) -> None:
        self._subjects = subjects
        self._everyone = bits.span(0, len(subjects))
        self._bounded = bits.of(s.number for s in subjects if s.boundary is not None)
        self._speaking: dict[tuple[Document, str], Sequence[Statement]] = {}
        self._groups: dict[tuple[object, ...], list[tuple[Subject, int]]] = {}
        self._matches: dict[tuple[object, ...], tuple[int, int]] = {}

    @cached_property
    def _by_arn(self) -> Mapping[str, int]:
        """The callers by the ARN of their role or user."""
        return _sets((s.arn, s.number) for s in self._subjects)

    @cached_property
    def _accounts(self) -> Mapping[str, int]:
        """The callers by account."""
        return _sets((s.account, s.number) for s in self._subjects)

    @cached_property
    def _roles(self) -> Mapping[tuple[str, str], int]:
        """The callers that act as a role, by the role's account and its name without path."""
        return _sets(((s.account, last_part(s.arn)), s.number) for s in self._subjects if s.caller.role)

    @cached_property
    def _free(self) -> int:
        """All but service-linked roles, which no RCP reaches."""
        return self._everyone & ~bits.of(s.number for s in self._subjects if s.caller.service_linked)

    def resolve(self, universe: Universe, action: str) -> Granted:
        """What every resource policy of the universe says of this action, by caller."""
        said: dict[Said, int] = {}  # equal sets of callers are looked at once, whatever number of items they have alike
        unread = unread_over = 0
        for number, item in enumerate(universe.items):
            if not item.policies and not item.doubtful and not item.rcps:
                continue
            bit = 1 << number
            asked = item.action or action
            if item.rcps and rcp.limits(asked):
                for sure, possible in self._limits(item, asked):
                    said["deny", 0, sure] = said.get(("deny", 0, sure), 0) | bit
                    said["deny", 1, possible] = said.get(("deny", 1, possible), 0) | bit
                if any(p.document is None for level in item.rcps for p in level):
                    unread_over |= bit
            for policy in item.policies:
                if policy.document is None:
                    unread |= bit
                elif heard := self._heard(policy.document, asked):
                    for what, sure, possible in self._said(heard, item):
                        for level, callers in ((0, sure), (1, possible)):
                            if callers:
                                said[what, level, callers] = said.get((what, level, callers), 0) | bit
            for policy in item.doubtful:
                if policy.document is None:
                    unread |= bit
                elif heard := self._heard(policy.document, asked):
                    for what, _, possible in self._said(heard, item):
                        if possible:
                            key = (f"doubtful_{what}", 1, possible)
                            said[key] = said.get(key, 0) | bit
        return Granted(said, unread, unread_over)

    def _heard(self, document: Document, action: str) -> Sequence[Statement]:
        """The statements of a resource policy that name the action and may name a caller of the view."""
        key = (document, action)
        found = self._speaking.get(key)
        if found is None:
            found = self._speaking[key] = tuple(s for s in naming(document, action) if may_name(s))
        return found

    def _said(self, statements: Iterable[Statement], item: Item) -> Iterator[tuple[str, int, int]]:
        """(full, role, account or deny; callers surely, callers possibly) for each statement that bears on the item."""
        for statement in statements:
            named = self._names_item(statement, item)
            if named is Match.NO:
                continue
            for grant, callers, certain in self._named(statement):
                if named is Match.MAYBE:
                    sure, possible = self._one_by_one(statement, item, callers)
                else:
                    sure, possible = self._conditions(statement, item, callers)
                what = "deny" if not statement.is_allow else grant.name.lower()
                yield what, sure if certain else 0, possible

    def _limits(self, item: Item, action: str) -> Iterator[tuple[int, int]]:
        """The callers that RCPs surely and possibly deny. Their Principal is always everyone; Allow adds nothing."""
        for policy in (p for level in item.rcps for p in level):
            for statement in policy.statements:
                if not statement.is_allow and action_applies(statement, action):
                    context = item.context(_NOTHING_KNOWN)
                    match, _ = resource_applies(statement, item.arn, PolicyKind.RCP, context)
                    if match is Match.MAYBE:
                        yield self._one_by_one(statement, item, self._free, PolicyKind.RCP)
                    elif match is Match.YES:
                        yield self._conditions(statement, item, self._free)

    @staticmethod
    def _names_item(statement: Statement, item: Item) -> Match:
        """Whether Resource names the item; MAYBE where a variable in it has to be asked for each caller."""
        patterns = statement.resources if statement.resources is not None else statement.not_resources
        if patterns is None or (statement.resources is not None and item.arn in patterns):
            return Match.YES
        if statement.variables and any("${" in p for p in patterns):
            return Match.MAYBE
        return resource_applies(statement, item.arn, PolicyKind.RESOURCE, _NOTHING_KNOWN)[0]

    def _one_by_one(
        self, statement: Statement, item: Item, callers: int, kind: PolicyKind = PolicyKind.RESOURCE
    ) -> tuple[int, int]:
        sure = possible = 0
        for number in bits.members(callers):
            match = statement_match(statement, kind, item, self._subjects[number].context)
            sure |= 1 << number if match is Match.YES else 0
            possible |= 1 << number if match is not Match.NO else 0
        return sure, possible

    def _named(self, statement: Statement) -> Iterator[tuple[Grant, int, bool]]:
        """The callers a Principal element names: (worth, callers, whether the session name is beside the point)."""
        if statement.principals is None:
            yield Grant.FULL, self._not_named(statement), True
            return
        if statement.principals.everyone:
            yield Grant.FULL, self._everyone, True
            return
        for entry in statement.principals.aws:
            if is_account(entry):
                yield Grant.ACCOUNT, self._accounts.get(account_in(entry), 0), True
            elif (named := self._by_arn.get(entry)) is not None:
                first = self._subjects[bits.first(named)]
                yield (Grant.ROLE if first.caller.role else Grant.FULL), named, True
            elif ":assumed-role/" in entry:
                yield from self._session(entry)

    def _session(self, entry: str) -> Iterator[tuple[Grant, int, bool]]:
        """A session ARN: sure for the subject that is this session, open for those who choose their session's name."""
        arn = split(entry)
        name = arn.resource.split("/")[1] if arn is not None else ""
        for number in bits.members(self._roles.get((arn.account, name), 0) if arn is not None else 0):
            caller = self._subjects[number].caller
            if caller.name == entry:
                yield Grant.FULL, 1 << number, True
            elif caller.session_open and session_of(entry, caller):
                yield Grant.FULL, 1 << number, False

    def _not_named(self, statement: Statement) -> int:
        names = statement.not_principals
        if names is None:
            return 0
        allow = statement.is_allow
        return bits.of(
            s.number for s in self._subjects if not exempt(names, s.caller, allow, bool(self._bounded >> s.number & 1))
        )

    def _conditions(self, statement: Statement, item: Item, callers: int) -> tuple[int, int]:
        """(sure, possible) among the callers, by the conditions; asked once for each value of the caller's keys."""
        if not statement.conditions or not callers:
            return callers, callers
        reads = tuple(dict.fromkeys(k for c in statement.conditions for k in keys_read(c, statement.variables)))
        theirs = tuple(k for k in reads if not is_item_key(k))
        items_own = (*(item.known.get(k) for k in reads), item.all_tags)
        few = callers.bit_count() <= 4
        key = (statement.conditions, statement.variables, statement.is_allow, items_own, callers if few else -1)
        found = self._matches.get(key)
        if found is None:
            sure = possible = 0
            groups = [(self._subjects[n], 1 << n) for n in bits.members(callers)] if few else self._grouped(theirs)
            for subject, group in groups:
                match = condition_match(statement, item.context(subject.context))
                sure |= group if match is Match.YES else 0
                possible |= group if match is not Match.NO else 0
            found = self._matches[key] = (sure, possible)
        return found[0] & callers, found[1] & callers

    def _grouped(self, keys: tuple[str, ...]) -> list[tuple[Subject, int]]:
        """The subjects in groups that agree on these keys of theirs."""
        if not keys:
            return [(self._subjects[0], self._everyone)] if self._subjects else []
        groups = self._groups.get(keys)
        if groups is None:
            found: dict[tuple[object, ...], list[int]] = {}
            for subject in self._subjects:
                context = subject.context
                values: tuple[object, ...] = tuple([context.get(k) for k in keys])
                if context.chosen:
                    values += tuple([context.is_chosen(k) for k in keys])
                found.setdefault(values, []).append(subject.number)
            groups = self._groups[keys] = [(self._subjects[n[0]], bits.of(n)) for n in found.values()]
        return groups


def _sets(numbered: Iterable[tuple[Key, int]]) -> Mapping[Key, int]:
    """The numbers under each key, as sets."""
    found: dict[Key, list[int]] = {}
    for key, number in numbered:
        found.setdefault(key, []).append(number)
    return {key: bits.of(numbers) for key, numbers in found.items()}
