"""All callers of the view against all resources of one question: the sets, and the reference for one pair."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, reduce
from typing import NamedTuple

from permcheck.access import bits
from permcheck.access.clash import Clashes
from permcheck.access.compile import NOTHING, Sets
from permcheck.access.identity import IdentitySets
from permcheck.access.resource import Granted, ResourceSets
from permcheck.access.subject import Holder, Subject, sessions_of, subjects_of
from permcheck.access.universe import Item, Universe
from permcheck.model.facts import Facts
from permcheck.model.policy import Policy, PolicyKind
from permcheck.model.verdict import Verdict
from permcheck.policy.evaluate import evaluate
from permcheck.policy.request import Decision, Policies, Request


@dataclass(frozen=True, slots=True)
class Access:
    """What one caller may do to the items: sure ⊆ possible; unread: those of the possible that rest on unread text."""

    sure: int = 0
    possible: int = 0
    unread: int = 0

    def verdict(self, number: int) -> Verdict:
        """The verdict for one item."""
        if self.sure >> number & 1:
            return Verdict.ALLOWED
        if not self.possible >> number & 1:
            return Verdict.DENIED
        return Verdict.UNKNOWN if self.unread >> number & 1 else Verdict.CONDITIONAL


NO_ACCESS = Access()


class World:
    """The callers of one view: roles and users, and the sessions that holders outside IAM take.

    Questions are (universe, action) pairs; each is solved once.
    """

    def __init__(self, facts: Facts, holders: Iterable[Holder] = ()) -> None:
        self.facts = facts
        self.subjects: Sequence[Subject] = tuple(subjects_of(facts))
        self.by_arn = {s.arn: s for s in self.subjects}
        self.sessions: Sequence[Subject] = tuple(sessions_of(facts, holders, self.by_arn))
        self.everybody = (*self.subjects, *self.sessions)
        self._answers: dict[tuple[Universe, str, bool], Sequence[Access]] = {}
        self._clashes: dict[tuple[Universe, str], Clashes] = {}
        self._begun: dict[tuple[Universe, str, bool], _Begun] = {}

    @cached_property
    def _resources(self) -> ResourceSets:
        return ResourceSets(self.everybody)

    def access(self, universe: Universe, action: str = "", explicit: bool = False) -> Sequence[Access]:
        """What everybody may do, by number. explicit: the resource policy must allow in words (roles, keys)."""
        key = (universe, action, explicit)
        found = self._answers.get(key)
        if found is None:
            found = self._answers[key] = self._solve(universe, action, explicit)
        return found

    def access_of(
        self, subject: Subject, universe: Universe, action: str, explicit: bool = False, alone: bool = False
    ) -> Access:
        """What one of them may do: solved for it alone, for questions that concern few.

        alone: no resource policy of the universe speaks of the action, as the caller has made sure.
        """
        key = (universe, action, explicit)
        if key in self._answers:
            return self._answers[key][subject.number]
        begun = self._begin(universe, action, explicit, alone)
        found = begun.settled.get(subject.number)
        if found is None:
            combined = begun.of(subject, universe, explicit)
            found = self._without_clashes(subject, universe, action, combined, alone)
            begun.settled[subject.number] = found
        return found

    def surely(
        self, subject: Subject, universe: Universe, action: str, explicit: bool = False, alone: bool = False
    ) -> int:
        """The items that one of them surely may act on, as ``access_of``: clashes take away what is open alone."""
        found = self._answers.get((universe, action, explicit))
        if found is not None:
            return found[subject.number].sure
        return self._begin(universe, action, explicit, alone).of(subject, universe, explicit).sure

    def named(self, universe: Universe, action: str, explicit: bool = False) -> Collection[int]:
        """The callers, by number, for whom a resource policy of the universe may be enough without one of their own.

        A grant to an account as a whole is not: it leaves the choice to the account's own policies.
        """
        granted = self._begin(universe, action, explicit, False).granted
        kinds = (granted.full[1], granted.role[1], granted.doubtful_full, granted.doubtful_role)
        return frozenset(number for kept in kinds for number in kept)

    def _begin(self, universe: Universe, action: str, explicit: bool, alone: bool) -> "_Begun":
        key = (universe, action, explicit)
        begun = self._begun.get(key)
        if begun is None:
            granted = Granted() if alone else self._resources.resolve(universe, action)
            begun = self._begun[key] = _Begun(granted, IdentitySets(universe, action), {}, {})
        return begun

    def _solve(self, universe: Universe, action: str, explicit: bool) -> Sequence[Access]:
        granted = self._resources.resolve(universe, action)
        identity = IdentitySets(universe, action)
        combined = ((s, _combine(s, universe, identity, granted, explicit)) for s in self.everybody)
        return [self._without_clashes(subject, universe, action, access) for subject, access in combined]

    def _without_clashes(
        self, subject: Subject, universe: Universe, action: str, access: Access, alone: bool = False
    ) -> Access:
        """The same less what is open only because statements that ask for opposite things were taken one by one."""
        still_open = access.possible & ~access.sure & ~access.unread
        if not still_open:
            return access
        clashes = self._clashes.get((universe, action))
        if clashes is None:
            clashes = self._clashes[universe, action] = Clashes(universe, action, alone)
        denied = unknown = 0
        for number in bits.members(clashes.among(subject, still_open)):
            item = universe.items[number]
            verdict = self.decide(subject, item.action or action, item).verdict
            denied |= 1 << number if verdict is Verdict.DENIED else 0
            unknown |= 1 << number if verdict is Verdict.UNKNOWN else 0
        if not denied | unknown:
            return access
        return replace(access, possible=access.possible & ~denied, unread=access.unread | unknown)

    def decide(
        self,
        subject: Subject,
        action: str,
        item: Item,
        more: Mapping[str, tuple[str, ...]] | None = None,
    ) -> Decision:
        """The reference's answer for one pair, with its reasons. more: keys of the way the request comes."""
        return evaluate(*request_of(subject, action, item, more))


class _Begun(NamedTuple):
    """A question that is answered for one caller after the other: as the layers combine, and with clashes settled."""

    granted: Granted
    identity: IdentitySets
    combined: dict[int, Access]
    settled: dict[int, Access]

    def of(self, subject: Subject, universe: Universe, explicit: bool) -> Access:
        """What the layers say, clashes left aside."""
        found = self.combined.get(subject.number)
        if found is None:
            found = _combine(subject, universe, self.identity, self.granted, explicit)
            self.combined[subject.number] = found
        return found


def request_of(
    subject: Subject, action: str, item: Item, more: Mapping[str, tuple[str, ...]] | None = None
) -> tuple[Request, Policies]:
    """The request of one pair and the policies that bear on it."""
    request = Request(subject.caller, action, item.arn, item.context(subject.context, more), item.owner)
    return request, Policies(
        identity=subject.policies,
        boundary=subject.boundary,
        session=subject.session,
        resource=item.policies,
        scps=subject.scps,
        rcps=item.rcps,
        doubtful=item.doubtful,
    )


def _combine(subject: Subject, universe: Universe, identity: IdentitySets, granted: Granted, explicit: bool) -> Access:
    """The evaluation logic of policy.evaluate, on sets."""
    number, everything = subject.number, universe.all
    own = identity.of(subject.policies, PolicyKind.IDENTITY, subject)
    if own is NOTHING and not granted.unread and number not in granted.named and not subject.unread:
        return NO_ACCESS
    if not (subject.boundary or subject.session or subject.scps or subject.unread or granted.bears_on(number)):
        # The caller's own policies decide alone, within its account; none speaks for the resource where one must.
        if explicit:
            return NO_ACCESS
        mine = universe.in_account(subject.account) if subject.account else everything
        return Access(own.allow_sure & mine & ~own.deny_possible, own.allow_possible & mine & ~own.deny_sure)
    full, role, account, deny = (
        (kept[0].get(number, 0), kept[1].get(number, 0))
        for kept in (granted.full, granted.role, granted.account, granted.deny)
    )
    kinds = (granted.doubtful_full, granted.doubtful_role, granted.doubtful_account)
    doubtful = tuple(kept.get(number, 0) for kept in kinds)
    own = _or_unread(own, subject.policies, everything)
    limits = [
        _or_unread(identity.of(policies, kind, subject), policies, everything)
        for kind, policies in (
            (PolicyKind.BOUNDARY, (subject.boundary,) if subject.boundary else ()),
            (PolicyKind.SESSION, subject.session),
        )
        if policies
    ]
    limit = reduce(_both, limits) if limits else None
    over = () if subject.scps and subject.caller.service_linked else subject.scps
    levels = [_or_unread(identity.of(level, PolicyKind.SCP, subject), level, everything) for level in over]
    denials = [own, *levels, *([limit] if limit else [])]
    deny_sure, deny_possible = deny
    for layer in denials:
        deny_sure |= layer.deny_sure
        deny_possible |= layer.deny_possible
    mine = universe.in_account(subject.account) if subject.account else everything
    sure = _allowed(own, limit, levels, mine, (full[0], role[0], account[0]), everything, explicit, False)
    read = tuple(grants[1] | granted.unread for grants in (full, role, account))
    widest = tuple(grants | more for grants, more in zip(read, doubtful, strict=True))
    possible = _allowed(own, limit, levels, mine, widest, everything, explicit, True)
    possible &= ~deny_sure
    unread = granted.unread | granted.doubtful_deny.get(number, 0)
    if granted.unread_over and not subject.caller.service_linked:
        unread |= granted.unread_over
    if subject.unread:
        unread = everything
    elif widest != read:
        # What only a doubtful policy allows is unknown; what is possible without it is not.
        unread |= ~_allowed(own, limit, levels, mine, read, everything, explicit, True)
    return Access(sure & ~deny_possible & ~unread, possible, unread & possible)


def _or_unread(sets: Sets, policies: Sequence[Policy], everything: int) -> Sets:
    """The sets, widened where a policy without text might allow anything."""
    return sets._replace(allow_possible=everything) if any(p.document is None for p in policies) else sets


def _both(one: Sets, other: Sets) -> Sets:
    """Two limits of which each must allow and either may deny."""
    return Sets(
        one.allow_sure & other.allow_sure,
        one.allow_possible & other.allow_possible,
        one.deny_sure | other.deny_sure,
        one.deny_possible | other.deny_possible,
    )


def _allowed(
    own: Sets,
    limit: Sets | None,
    levels: Sequence[Sets],
    mine: int,
    granted: tuple[int, ...],
    everything: int,
    explicit: bool,
    possible: bool,
) -> int:
    """The items allowed by the routes of policy.evaluate, read surely or possibly."""
    at = 1 if possible else 0
    full, role, account = granted
    bound = limit[at] if limit is not None else everything
    identity = own[at] & bound
    anyhow = full | role | account
    same = full | (role & bound) | (identity & anyhow if explicit else identity)
    allowed = (mine & same) | (~mine & identity & anyhow)
    for level in levels:
        allowed &= level[at]
    return allowed & everything


def verdicts(access: Access) -> list[tuple[int, Verdict]]:
    """Every item the caller may or might reach, with its verdict."""
    return [(n, access.verdict(n)) for n in bits.members(access.possible)]
