"""Cognito identity pools: how somebody without AWS credentials gets a role."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, eq=False)
class PoolRole:
    """A role a pool hands out. kind is ``guest`` or ``signed_in``."""

    kind: str
    role: str
    source: str
    pointer: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class IdentityPool:
    """An identity pool. guests / classic_flow are None when the input does not tell them."""

    id: str
    name: str
    source: str
    pointer: str = ""
    guests: bool | None = None
    classic_flow: bool | None = None
    roles: tuple[PoolRole, ...] = ()
    has_role_mappings: bool = False
