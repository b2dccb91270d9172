"""The Regions that a policy speaks of: somebody may do in one of them what it may not do where the functions are.

IAM User Guide, "AWS global condition context keys" (aws:RequestedRegion); AWS General Reference, "AWS service
endpoints".
"""

from collections.abc import Iterator
from functools import lru_cache

from permcheck.model.policy import Document, Statement
from permcheck.policy.arn import split
from permcheck.policy.operators import read_operator
from permcheck.policy.wildcard import glob, has_wildcard

_KEY = "aws:requestedregion"
# Tried for a pattern such as ``us-*``; a Region that is not here is found where a policy spells it out.
_REGIONS = (
    "us-east-1 us-east-2 us-west-1 us-west-2 eu-west-1 eu-central-1 eu-west-2 eu-west-3 eu-north-1 eu-south-1 "
    "ap-southeast-1 ap-southeast-2 ap-northeast-1 ap-northeast-2 ap-south-1 ap-east-1 ca-central-1 sa-east-1 "
    "me-south-1 af-south-1 us-gov-west-1 us-gov-east-1 cn-north-1 cn-northwest-1"
).split()


@lru_cache(maxsize=1 << 16)
def regions_named(document: Document, usual: str) -> tuple[str, ...]:
    """Regions, other than the usual one, in which the document may allow what it does not allow there.

    Of statements that name single things nothing is told: they allow nothing on any resource.
    """
    found: dict[str, None] = {}
    for statement in document.statements:
        if statement.conditions:
            found.update(dict.fromkeys(_of_conditions(statement, usual)))
        for text in (statement.resources if statement.is_allow else statement.not_resources) or ():
            if "*" in text:
                parts = text.split(":", 4)
                if len(parts) == 5 and parts[3] not in ("", usual):
                    found.update(dict.fromkeys(_of_resource(text, usual)))
    found.pop(usual, None)
    return tuple(found)


def _of_conditions(statement: Statement, usual: str) -> Iterator[str]:
    for condition in statement.conditions:
        if condition.key.lower() == _KEY:
            among = any(glob(value)(usual) for value in condition.values)
            if read_operator(condition.operator).negated == statement.is_allow:
                # Every Region but these.
                yield from [r for r in _REGIONS if not any(glob(v)(r) for v in condition.values)][:1] if among else ()
            elif not among:
                yield from (region for value in condition.values for region in _spelled(value))


def _of_resource(text: str, usual: str) -> Iterator[str]:
    arn = split(text)
    if arn is not None and arn.region and "*" in arn.resource and not glob(arn.region)(usual):
        yield from _spelled(arn.region)


def _spelled(pattern: str) -> Iterator[str]:
    """The Region, or the first that a pattern fits."""
    if not has_wildcard(pattern):
        yield pattern
        return
    matches = glob(pattern)
    yield from [region for region in _REGIONS if matches(region)][:1]
