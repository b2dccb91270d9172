"""Cognito identity pools: how somebody without AWS credentials gets a role."""

from collections.abc import Mapping
from dataclasses import field

from permcheck.frozen import dataclass


@dataclass(frozen=True, slots=True, eq=False)
class PoolRole:
    """A role a pool hands out. kind is ``guest`` or ``signed_in``."""

    kind: str
    role: str
    source: str
    pointer: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class MappingRule:
    """One rule of a ``Rules`` mapping: who carries this claim gets this role.

    match: ``Equals``, ``Contains``, ``StartsWith`` or ``NotEqual``.
    """

    claim: str
    match: str
    value: str
    role: str
    pointer: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class RoleMapping:
    """How a pool chooses the role of users of one provider.

    provider: the key (``cognito-idp.REGION.amazonaws.com/POOL:CLIENT``). kind: ``Token`` or ``Rules``, empty if unread.
    ambiguous: ``AuthenticatedRole`` or ``Deny``, None where the input does not tell.
    """

    provider: str
    kind: str
    ambiguous: str | None
    source: str
    pointer: str = ""
    rules: tuple[MappingRule, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class PoolProvider:
    """A user pool client an identity pool accepts. token_check: ServerSideTokenCheck, None where not told."""

    name: str
    client_id: str
    token_check: bool | None = None
    pointer: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class TagMap:
    """Which claims of a provider's users become principal tags. tags: tag key → claim."""

    provider: str
    defaults: bool
    tags: Mapping[str, str] = field(default_factory=dict)
    source: str = ""
    pointer: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class IdentityPool:
    """An identity pool. guests / classic_flow are None when the input does not tell them.

    other_logins: social providers, OIDC and SAML provider ARNs and developer provider names it accepts.
    """

    id: str
    name: str
    source: str
    pointer: str = ""
    guests: bool | None = None
    classic_flow: bool | None = None
    roles: tuple[PoolRole, ...] = ()
    has_role_mappings: bool = False
    account: str = ""
    providers: tuple[PoolProvider, ...] = ()
    other_logins: tuple[str, ...] = ()
    mappings: tuple[RoleMapping, ...] = ()
    tag_maps: tuple[TagMap, ...] = ()
