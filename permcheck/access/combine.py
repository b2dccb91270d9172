"""The evaluation logic of policy.evaluate, on sets: what every layer says of one caller, put together."""

from collections.abc import Sequence
from functools import reduce
from typing import NamedTuple

from permcheck.access.compile import Sets
from permcheck.access.granted import Granted
from permcheck.access.identity import IdentitySets
from permcheck.access.subject import Subject
from permcheck.access.universe import Universe
from permcheck.model.policy import Policy, PolicyKind
from permcheck.model.verdict import Verdict


class Access(NamedTuple):
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


def combine(subject: Subject, universe: Universe, identity: IdentitySets, granted: Granted, explicit: bool) -> Access:
    """What the caller may do to the items. explicit: a resource policy must allow in words (roles, keys)."""
    number, everything = subject.number, universe.all
    own = identity.of(subject.policies, PolicyKind.IDENTITY, subject)
    if not own.allow_possible and not granted.unread and not granted.names(number) and not subject.unread:
        # What is granted to the account as a whole leaves it to the caller's own policies.
        return NO_ACCESS
    mine = universe.in_account(subject.account) if subject.account else everything
    shared = granted.to_account(number)
    if granted.bears_on(number) or (shared and shared & (everything if explicit else ~mine)):
        return _with_grants(subject, own, mine, everything, identity, granted, explicit)
    return NO_ACCESS if explicit else _by_own_side(subject, own, mine, everything, identity)


def _by_own_side(subject: Subject, own: Sets, mine: int, everything: int, identity: IdentitySets) -> Access:
    """Where no resource policy bears on the caller: its own side decides alone, within its account."""
    if subject.unlimited:
        return Access(own.allow_sure & mine & ~own.deny_possible, own.allow_possible & mine & ~own.deny_sure)
    own = _or_unread(own, subject.policies, everything)
    limit, levels = _limits(subject, identity, everything)
    sure, possible, deny_sure, deny_possible = reduce(_both, levels, own if limit is None else _both(own, limit))
    unread = everything if subject.unread else 0
    possible &= mine & ~deny_sure
    return Access(sure & mine & ~deny_possible & ~unread, possible, unread & possible)


def _with_grants(
    subject: Subject,
    own: Sets,
    mine: int,
    everything: int,
    identity: IdentitySets,
    granted: Granted,
    explicit: bool,
) -> Access:
    number = subject.number
    own = _or_unread(own, subject.policies, everything)
    limit, levels = _limits(subject, identity, everything)
    deny_sure, deny_possible = granted.deny[0].of(number), granted.deny[1].of(number)
    for layer in (own, *levels) if limit is None else (own, *levels, limit):
        deny_sure |= layer.deny_sure
        deny_possible |= layer.deny_possible
    grants = Grants(*[kept[0].of(number) for kept in (granted.full, granted.role, granted.account)])
    sure = _allowed(own, limit, levels, mine, grants, everything, explicit, False)
    kinds = (granted.full, granted.role, granted.account)
    read = Grants(*[kept[1].of(number) | granted.unread for kept in kinds])
    doubtful = (granted.doubtful_full, granted.doubtful_role, granted.doubtful_account)
    widest = Grants(*[grant | kept.of(number) for grant, kept in zip(read, doubtful, strict=True)])
    possible = _allowed(own, limit, levels, mine, widest, everything, explicit, True)
    possible &= ~deny_sure
    unread = granted.unread | granted.doubtful_deny.of(number)
    if granted.unread_over and not subject.caller.service_linked:
        unread |= granted.unread_over
    if subject.unread:
        unread = everything
    elif widest != read:
        # What only a doubtful policy allows is unknown; what is possible without it is not.
        unread |= ~_allowed(own, limit, levels, mine, read, everything, explicit, True)
    return Access(sure & ~deny_possible & ~unread, possible, unread & possible)


class Grants(NamedTuple):
    """The items that resource policies open to one caller, by what the grant is worth."""

    full: int
    role: int
    account: int


def _limits(subject: Subject, identity: IdentitySets, everything: int) -> tuple[Sets | None, Sequence[Sets]]:
    """What boundary and session policies leave, together, and what each level of service control policies does."""
    limit = None
    if subject.boundary is not None:
        bounds = (subject.boundary,)
        limit = _or_unread(identity.of(bounds, PolicyKind.BOUNDARY, subject), bounds, everything)
    if subject.session:
        session = _or_unread(identity.of(subject.session, PolicyKind.SESSION, subject), subject.session, everything)
        limit = session if limit is None else _both(limit, session)
    over = () if subject.caller.service_linked else subject.scps
    return limit, [_or_unread(identity.of(level, PolicyKind.SCP, subject), level, everything) for level in over]


def _or_unread(sets: Sets, policies: Sequence[Policy], everything: int) -> Sets:
    """The sets, widened where a policy without text might allow anything."""
    for policy in policies:
        if policy.document is None:
            return sets._replace(allow_possible=everything)
    return sets


def _both(one: Sets, other: Sets) -> Sets:
    """Two layers of which each must allow and either may deny."""
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
    granted: Grants,
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
