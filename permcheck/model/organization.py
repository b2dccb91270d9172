"""AWS Organizations: the service and resource control policies that bear on each account, level by level."""

from collections.abc import Mapping
from dataclasses import field

from permcheck.frozen import dataclass
from permcheck.model.policy import Policy

Levels = tuple[tuple[Policy, ...], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Organization:
    """What an organization puts over its accounts. Levels are root first; the management account has none.

    scps / rcps: account id → levels. An account that is not in the map has none given.
    """

    id: str | None = None
    management_account: str | None = None
    scps: Mapping[str, Levels] = field(default_factory=dict)
    rcps: Mapping[str, Levels] = field(default_factory=dict)
