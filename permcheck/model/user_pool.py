"""Cognito user pools: who may sign up, what they may say of themselves, and which roles their groups carry."""

from permcheck.frozen import dataclass


@dataclass(frozen=True, slots=True, eq=False)
class UserPoolGroup:
    """A group. role: the ARN its members' tokens carry, None where it has none. precedence: lower wins."""

    name: str
    role: str | None
    source: str
    pointer: str = ""
    precedence: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class UserPoolClient:
    """An app client. writes: attributes its users may write; None where not told, empty for AWS's defaults."""

    id: str
    name: str
    source: str
    pointer: str = ""
    writes: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class UserPool:
    """A user pool. self_sign_up: False when only administrators create users, None where not told.

    attributes: name → whether a user may change it, as the schema says. triggers: Lambda trigger name → function ARN.
    groups_read: whether the input lists its groups.
    """

    id: str
    arn: str
    name: str
    source: str
    pointer: str = ""
    self_sign_up: bool | None = None
    attributes: tuple[tuple[str, bool], ...] = ()
    groups: tuple[UserPoolGroup, ...] = ()
    clients: tuple[UserPoolClient, ...] = ()
    triggers: tuple[tuple[str, str], ...] = ()
    groups_read: bool = False
