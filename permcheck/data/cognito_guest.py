"""The ceiling over a guest of a Cognito identity pool.

In the enhanced flow Cognito issues a guest's credentials with two session policies, and a request must be allowed by
the role's own policies and by one of the two (Amazon Cognito Developer Guide, ``iam-roles``). ``lambda:*`` lies wholly
inside this ceiling; ``iam``, ``sts:AssumeRole``, ``secretsmanager``, ``ssm`` and ``ec2`` lie outside. The classic flow
has no ceiling, and neither have signed-in users.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from permcheck.data.table import read

_TABLE = "cognito_guest.json"
# Regions of the other partitions (cn-…, us-gov-…, us-iso…, eusc-…) are not opted in to.
_MAIN_PARTITION = re.compile(r"(?!us-gov-|us-iso)[a-z]{2}-[a-z]+-\d+", re.ASCII)


def is_opt_in(region: str) -> bool:
    """Say whether an account must enable the Region first. A name that is no Region of the aws partition is not one."""
    if region.startswith("cn-") or _MAIN_PARTITION.fullmatch(region) is None:
        return False
    return region not in read(_TABLE)["default_regions"]


def session_policies(region: str | None = None) -> tuple[Mapping[str, Any], ...]:
    """Return the session policy documents of a guest, inline first; an Allow in either suffices.

    ``region`` is that of the identity pool. In Regions that must be opted in to the inline document is shorter; where
    the Region is not known, the longer one is taken, so that nothing AWS would allow is called denied. Do not change
    the documents: they are shared.
    """
    table = read(_TABLE)
    inline = "inline_opt_in_regions" if region is not None and is_opt_in(region) else "inline"
    return table[inline], table["managed"]


def managed_arn() -> str:
    """Return the ARN of the managed policy among them."""
    return str(read(_TABLE)["managed_arn"])


def made() -> str:
    """Return the day the table was made, as an ISO date."""
    return str(read(_TABLE)["made"])
