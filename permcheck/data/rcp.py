"""Which services a resource control policy of AWS Organizations applies to.

The list is short and grows; Lambda is not on it, so no such policy stops an invocation, while ``sts`` and
``cognito-identity`` are, so one may stop a role from being assumed (AWS Organizations User Guide,
``orgs_manage_policies_rcps``).
"""

from __future__ import annotations

from functools import cache

from permcheck.data.table import read

_TABLE = "rcp_services.json"


@cache
def _services() -> frozenset[str]:
    return frozenset(read(_TABLE)["services"])


@cache
def _exceptions() -> frozenset[str]:
    return frozenset(action.lower() for action in read(_TABLE)["exceptions"])


def services() -> tuple[str, ...]:
    """Return the action prefixes of the services that resource control policies apply to, sorted."""
    return tuple(sorted(_services()))


def covers(service: str) -> bool:
    """Say whether resource control policies apply to a service, given by its action prefix in any case."""
    return service.lower() in _services()


def limits(action: str) -> bool:
    """Say whether they can deny a concrete action: its service is covered, and AWS does not except the action."""
    lower = action.lower()
    return covers(lower.partition(":")[0]) and lower not in _exceptions()


def made() -> str:
    """Return the day the table was made, as an ISO date."""
    return str(read(_TABLE)["made"])
