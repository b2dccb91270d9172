"""Plans and states of Terraform and OpenTofu (``terraform show -json``) → declared resources."""

from collections.abc import Iterator
from typing import Any

from permcheck.sources.declared import ACCOUNT, REGION, Declared
from permcheck.sources.terraform.declaring import declared
from permcheck.sources.terraform.placing import Placing
from permcheck.sources.terraform.plan import Plan, is_plan

__all__ = ["is_plan", "read"]

_STATED = {
    "account": f"the account {ACCOUNT} stands in for the one it is deployed to",
    "Region": f"the Region {REGION} stands in for the one it is deployed to",
}


def read(
    document: Any, source: str, account: str | None = None, region: str | None = None
) -> tuple[list[Declared], Iterator[str]]:
    """The declared resources of a plan or state, and what was assumed to tell where they are.

    account, region: where it is deployed, if the user says so; else what the plan tells.
    """
    plan = Plan(document)
    placing = Placing(plan, account, region)
    found = list(declared(plan, source, placing))
    return found, (f"{source}: {_STATED[each]}" for each in sorted(placing.stand_ins))
