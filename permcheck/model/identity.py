"""IAM identities: who may be granted something."""

from collections.abc import Mapping
from dataclasses import field

from permcheck.frozen import dataclass
from permcheck.model.policy import Policy


@dataclass(frozen=True, slots=True, eq=False)
class Role:
    """An IAM role.

    policies: inline and attached, in the order of the input. trust: None when no trust policy is in view.
    boundary: a Policy whose document may be unread; None when there is none.
    tags: None when the input cannot carry them (unknown, not empty).
    loose: True for a role made up to carry a policy document that was given on its own.
    """

    arn: str
    name: str
    source: str
    pointer: str = ""
    trust: Policy | None = None
    policies: tuple[Policy, ...] = ()
    boundary: Policy | None = None
    tags: Mapping[str, str] | None = None
    service_linked: bool = False
    loose: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """An IAM group; its policies are its members'."""

    arn: str
    name: str
    source: str
    pointer: str = ""
    policies: tuple[Policy, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class User:
    """An IAM user; ``policies`` holds the groups' policies too."""

    arn: str
    name: str
    source: str
    pointer: str = ""
    policies: tuple[Policy, ...] = ()
    boundary: Policy | None = None
    tags: Mapping[str, str] | None = None
    groups: tuple[str, ...] = field(default=())
