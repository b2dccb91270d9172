"""The callers of the view: every role and user, with what bears on it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field
from functools import partial

from permcheck.access.context import caller_context
from permcheck.frozen import dataclass
from permcheck.model.answer import JsonObject
from permcheck.model.facts import Facts
from permcheck.model.identity import Role, User
from permcheck.model.organization import Levels
from permcheck.model.policy import Policy
from permcheck.model.verdict import Verdict
from permcheck.policy.arn import account_of
from permcheck.policy.caller import Caller, CallerKind
from permcheck.policy.context import Context
from permcheck.policy.request import Decision, Policies, Request


@dataclass(frozen=True, slots=True, eq=False)
class Holder:
    """Somebody outside IAM who takes a role: whose session it is.

    kind: ``guest``, ``signed_in`` or ``web_identity``; name: the pool's id or the provider; flow: ``enhanced``,
    ``classic`` or ``web_identity``. role: its ARN. verdict: whether the role can be taken this way. known: the
    condition keys the session carries, lower case. decision: what the role's trust policy says, of the request asked.
    session: the policies put over it. needs: what the holder must be besides, as conditions of the JSON contract (a
    claim of its token, a group). login: the provider by which a signed-in user came. chosen: keys that may have
    another value than the known one, None for those the role leaves to choose. opened: keys whose values depend on who
    it is. free: the tags whose value the holder itself decides, tag → claim. strangers: whether anybody can become such
    a holder, None where not told. asked: the request to STS, for whoever replays it.
    """

    kind: str
    name: str
    flow: str
    role: str
    verdict: Verdict
    known: Mapping[str, tuple[str, ...]]
    decision: Decision
    session: tuple[Policy, ...] = ()
    session_name: str = ""
    note: str = ""
    needs: tuple[JsonObject, ...] = ()
    login: str = ""
    chosen: tuple[str, ...] | None = None
    opened: frozenset[str] = frozenset()
    free: Mapping[str, str] = field(default_factory=dict)
    strangers: bool | None = False
    asked: tuple[Request, Policies] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Subject:
    """A role or user as a caller. number is its place among the world's subjects.

    arn, account, policies (a user's groups' included) and boundary are those of the role or user.
    scps: levels of service control policies that bear on its account, root first.
    session: session policies it is held under; holder: who was handed this session, None for the role or user itself.
    unread: whether some policy that bears on it exists without its text. unlimited: whether nothing stands over its
    identity policies, all of which were read.
    """

    number: int
    entity: Role | User
    caller: Caller
    context: Context
    scps: tuple[tuple[Policy, ...], ...] = ()
    session: tuple[Policy, ...] = ()
    holder: Holder | None = None
    arn: str = field(init=False, default="")
    account: str = field(init=False, default="")
    policies: tuple[Policy, ...] = field(init=False, default=())
    boundary: Policy | None = field(init=False, default=None)
    unread: bool = field(init=False, default=False)
    unlimited: bool = field(init=False, default=False)

    def __post_init__(self) -> None:
        # Kept rather than looked up: every question asks for them, of every caller.
        keep, entity = partial(object.__setattr__, self), self.entity
        keep("arn", entity.arn)
        keep("account", self.caller.account)
        keep("policies", entity.policies)
        keep("boundary", entity.boundary)
        unread = self._some_unread()
        keep("unread", unread)
        keep("unlimited", not (entity.boundary is not None or self.session or self.scps or unread))

    def _some_unread(self) -> bool:
        if self.boundary is not None and self.boundary.document is None:
            return True
        for policy in (*self.policies, *self.session) if self.session else self.policies:
            if policy.document is None:
                return True
        return (
            bool(self.scps)
            and not self.caller.service_linked
            and any(p.document is None for level in self.scps for p in level)
        )


def subjects_of(facts: Facts) -> Iterator[Subject]:
    """Every role and user in view, roles first, numbered."""
    entities: tuple[Role | User, ...] = (*facts.roles, *facts.users)
    for number, entity in enumerate(entities):
        account = account_of(entity.arn)
        if isinstance(entity, Role):
            caller = Caller(CallerKind.ROLE, entity.arn, account, entity.arn, session_open=True)
        else:
            caller = Caller(CallerKind.USER, entity.arn, account)
        yield Subject(number, entity, caller, caller_context(entity), levels_over(facts, account))


def sessions_of(facts: Facts, holders: Iterable[Holder], plain: Mapping[str, Subject]) -> Iterator[Subject]:
    """A subject for each holder whose role is in view, numbered behind the plain ones."""
    number = len(facts.roles) + len(facts.users)
    for holder in holders:
        role = plain.get(holder.role)
        if role is not None:
            context = role.context.merged(dict(holder.known), chosen=holder.chosen, opened=holder.opened)
            caller = role.caller
            if holder.session_name:
                partition = role.arn.split(":", 2)[1]
                session = f"assumed-role/{role.entity.name}/{holder.session_name}"
                arn = f"arn:{partition}:sts::{role.account}:{session}"
                caller = Caller(CallerKind.SESSION, arn, role.account, role.arn)
            yield Subject(number, role.entity, caller, context, role.scps, holder.session, holder)
            number += 1


def levels_over(facts: Facts, account: str) -> Levels:
    """The service control policies over an account, root first; the management account has none."""
    organization = facts.organization
    if organization is None or account == organization.management_account:
        return ()
    return organization.scps.get(account, ())


def limits_on(facts: Facts, account: str) -> Levels:
    """The resource control policies over an account's resources, root first."""
    organization = facts.organization
    if organization is None or account == organization.management_account:
        return ()
    return organization.rcps.get(account, ())
