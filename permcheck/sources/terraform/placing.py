"""Account and Region of planned resources: from options, from what the plan knows already, else stand-ins."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from permcheck.sources.declared import ACCOUNT, REGION, Where
from permcheck.sources.terraform.plan import Plan, Planned
from permcheck.sources.terraform.references import Constant, References

_ACCOUNT_IN = re.compile(r"arn:(aws[\w-]*):[\w-]*:[\w-]*:(\d{12}):")
_ROLE = re.compile(r"arn:(aws[\w-]*):iam::(\d{12}):role/.+")


class Placing:
    """Where each resource of a plan will be. account, region: what the user told, which counts most."""

    def __init__(self, plan: Plan, account: str | None = None, region: str | None = None) -> None:
        self._plan = plan
        self._references = References(plan)
        self._told_region = region
        self._account = account
        self._partition = "aws"
        if account is None:
            seen = Counter(_owners(plan))
            if seen:
                (self._partition, self._account), _ = seen.most_common(1)[0]
        self._known: dict[str, Where] = {}
        self.stand_ins: set[str] = set()

    def where(self, planned: Planned) -> Where:
        """Where a resource will be."""
        own = planned.values.get("region")
        base = self._known.get(planned.provider)
        if base is None:
            base = self._known[planned.provider] = self._of_provider(planned)
        region = own if isinstance(own, str) and own and not self._told_region else base.region
        return Where(base.account, region, base.partition, base.stack)

    def _of_provider(self, planned: Planned) -> Where:
        providers = self._plan.configuration.get("provider_config")
        found = providers.get(planned.provider) if isinstance(providers, dict) else None
        written = found.get("expressions") if isinstance(found, dict) else None
        expressions: dict[str, Any] = written if isinstance(written, dict) else {}
        module = str(found.get("module_address") or "") if isinstance(found, dict) else ""
        region = self._told_region or self._text(expressions.get("region"), module)
        account, partition = self._account, self._partition
        for block in _blocks(expressions.get("assume_role")):
            role = _ROLE.fullmatch(self._text(block.get("role_arn"), module) or "")
            if role is not None:
                partition, account = role[1], role[2]
        if account is None:
            self.stand_ins.add("account")
        if region is None:
            self.stand_ins.add("Region")
        region = region or REGION
        if partition == "aws" and region.startswith(("cn-", "us-gov-")):
            partition = "aws-cn" if region.startswith("cn-") else "aws-us-gov"
        return Where(account or ACCOUNT, region, partition, "plan")

    def _text(self, expression: Any, module: str) -> str | None:
        found = self._references.of(expression, module)
        return found.value if isinstance(found, Constant) and isinstance(found.value, str) else None


def _owners(plan: Plan) -> Iterator[tuple[str, str]]:
    """Partition and account of everything that is there already and has an ARN of its own."""
    for planned in plan.resources:
        if planned.is_read and planned.type == "aws_caller_identity":
            account = planned.values.get("account_id")
            if isinstance(account, str) and account:
                yield _partition_of(planned), account
        arn = planned.values.get("arn")
        found = _ACCOUNT_IN.match(arn) if isinstance(arn, str) and not planned.is_read else None
        if found is not None:
            yield found[1], found[2]


def _partition_of(planned: Planned) -> str:
    arn = planned.values.get("arn")
    found = _ACCOUNT_IN.match(arn) if isinstance(arn, str) else None
    return found[1] if found is not None else "aws"


def _blocks(value: Any) -> list[dict[str, Any]]:
    found = value if isinstance(value, list) else [value]
    return [each for each in found if isinstance(each, dict)]
