"""One request, the policies that bear on it, and the answer."""

from typing import NamedTuple

from permcheck.model.policy import Condition, Policy, Statement
from permcheck.model.verdict import Verdict
from permcheck.policy.arn import account_of
from permcheck.policy.caller import Caller
from permcheck.policy.context import Context

_EMPTY = Context()
AWS = "aws"  # in the ARNs of what AWS owns: arn:aws:iam::aws:policy/…


class Request(NamedTuple):
    """May ``caller`` do ``action`` on ``resource``? resource is an ARN, or ``*`` for an action that names none.

    resource_account: the account that owns the resource where the ARN does not tell (S3); empty = the caller's own.
    """

    caller: Caller
    action: str
    resource: str
    context: Context = _EMPTY
    resource_account: str = ""

    @property
    def owner(self) -> str:
        """The account that owns the resource. What AWS itself owns, such as its managed policies, is nobody else's."""
        account = account_of(self.resource)
        return (account if account != AWS else "") or self.resource_account or self.caller.account

    @property
    def cross_account(self) -> bool:
        """Whether the caller belongs to another account than the resource."""
        return bool(self.caller.account) and self.owner != self.caller.account


class Policies(NamedTuple):
    """The policies that bear on one request, by layer. SCPs and RCPs are levels, root first; none given = no levels.

    doubtful: resource policies of which AWS does not say whether they govern this request (a function's own policy,
    where a qualified ARN is called): what they allow or deny is unknown, never certain.
    """

    identity: tuple[Policy, ...] = ()
    boundary: Policy | None = None
    session: tuple[Policy, ...] = ()
    resource: tuple[Policy, ...] = ()
    scps: tuple[tuple[Policy, ...], ...] = ()
    rcps: tuple[tuple[Policy, ...], ...] = ()
    doubtful: tuple[Policy, ...] = ()


class Reason(NamedTuple):
    """A statement that decided, in the policy it stands in."""

    policy: Policy
    statement: Statement


class OpenCondition(NamedTuple):
    """A condition that must hold for the answer to be yes; for a Deny it is the negation of what the Deny says."""

    condition: Condition
    policy: Policy
    statement: Statement


class Way(NamedTuple):
    """One way by which a request is, or may be, allowed. via: the layer whose Allow carries it."""

    via: str
    because: tuple[Reason, ...]
    conditions: tuple[OpenCondition, ...]


class Decision(NamedTuple):
    """The answer to one request.

    denied_by: ``explicit:LAYER`` or ``implicit:LAYER`` for a denied one. because and conditions are those of all ways
    where it is allowed, of the easiest way where it is open. unread: policies that exist without their text.
    """

    verdict: Verdict
    denied_by: str | None = None
    because: tuple[Reason, ...] = ()
    conditions: tuple[OpenCondition, ...] = ()
    ways: tuple[Way, ...] = ()
    unread: tuple[Policy, ...] = ()
