"""The callers of the view: every role and user, with what bears on it."""

from collections.abc import Iterable
from dataclasses import dataclass

from permcheck.access.context import caller_context
from permcheck.model.facts import Facts
from permcheck.model.identity import Role, User
from permcheck.model.policy import Policy
from permcheck.policy.arn import account_of
from permcheck.policy.caller import Caller, CallerKind
from permcheck.policy.context import Context


@dataclass(frozen=True, slots=True, eq=False)
class Subject:
    """A role or user as a caller. number is its place among the world's subjects.

    scps: levels of service control policies that bear on its account, root first.
    """

    number: int
    entity: Role | User
    caller: Caller
    context: Context
    scps: tuple[tuple[Policy, ...], ...] = ()

    @property
    def arn(self) -> str:
        """The ARN of the role or user."""
        return self.entity.arn

    @property
    def account(self) -> str:
        """The account it belongs to."""
        return self.caller.account

    @property
    def policies(self) -> tuple[Policy, ...]:
        """Its identity policies, a user's groups' included."""
        return self.entity.policies

    @property
    def boundary(self) -> Policy | None:
        """Its permissions boundary."""
        return self.entity.boundary

    @property
    def unread(self) -> bool:
        """Whether some policy that bears on it exists without its text."""
        own = self.entity.boundary
        return any(p.document is None for p in self.entity.policies) or (own is not None and own.document is None)


def subjects_of(facts: Facts) -> Iterable[Subject]:
    """Every role and user in view, roles first, numbered."""
    for number, entity in enumerate((*facts.roles, *facts.users)):
        account = account_of(entity.arn)
        if isinstance(entity, Role):
            caller = Caller(CallerKind.ROLE, entity.arn, account, entity.arn, session_open=True)
        else:
            caller = Caller(CallerKind.USER, entity.arn, account)
        yield Subject(number, entity, caller, caller_context(entity))
