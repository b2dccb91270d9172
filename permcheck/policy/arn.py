"""ARNs by segment (IAM User Guide, "IAM JSON policy elements: Resource"; Reference, "Amazon Resource Names").

A pattern and an ARN are split at the first five colons; partition, service, region and account are matched one by one
without case, the rest as one string with case. A star never stands for a colon between the first five segments.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

from permcheck.model.policy import PolicyKind
from permcheck.policy.wildcard import glob, has_wildcard

Matcher = Callable[[str], bool]

_UP_TO_A_WILDCARD = re.compile(r"[^*?$\ue000-\uf8ff]*")  # or a variable, or a mark that stands for one of these


class Arn(NamedTuple):
    """The six segments of an ARN; resource keeps any further colons."""

    partition: str
    service: str
    region: str
    account: str
    resource: str


@lru_cache(maxsize=1 << 16)
def split(arn: str) -> Arn | None:
    """The segments of an ARN, None for a text that is none."""
    parts = arn.split(":", 5)
    if len(parts) != 6 or parts[0].lower() != "arn":
        return None
    return Arn(*parts[1:])


def account_of(arn: str) -> str:
    """The account segment, empty where the ARN has none or is no ARN."""
    parts = split(arn)
    return parts.account if parts else ""


def partition_of(arn: str) -> str:
    """The partition segment, empty for a text that is no ARN."""
    parts = split(arn)
    return parts.partition if parts else ""


def last_part(arn: str) -> str:
    """What stands behind the last slash of the resource (a role's or user's name without its path)."""
    return arn.rsplit("/", 1)[-1]


@lru_cache(maxsize=1 << 16)
def pattern_segments(pattern: str, kind: PolicyKind) -> tuple[str, str, str, str, str] | None:
    """The five segments behind ``arn:`` that a Resource pattern of this layer asks for; None when it can match no ARN.

    AWS does not document patterns of fewer than six segments. Identity-side policies fill them with stars, resource
    policies only behind a wildcard, SCPs only behind a final star, RCPs not at all.
    """
    if pattern.strip("*") == "":
        return ("*", "*", "*", "*", "*") if pattern else None
    parts = pattern.split(":", 5)
    if not glob(parts[0].lower())("arn"):
        return None
    if len(parts) < 6:
        if kind is PolicyKind.RCP or (kind is PolicyKind.SCP and not pattern.endswith("*")):
            return None
        if kind is PolicyKind.RESOURCE and not has_wildcard(pattern):
            return None
        parts += ["*"] * (6 - len(parts))
    _, partition, service, region, account, rest = parts
    return partition.lower(), service.lower(), region.lower(), account.lower(), rest


@lru_cache(maxsize=1 << 16)
def resource_matcher(pattern: str, kind: PolicyKind) -> Matcher:
    """A function that tells whether a requested resource (an ARN, or ``*`` for none) matches a Resource pattern."""
    if pattern and pattern.strip("*") == "":
        return lambda _: True
    segments = pattern_segments(pattern, kind)
    if segments is None:
        return pattern.__eq__
    heads = [(at, glob(s)) for at, s in enumerate(segments[:4]) if s != "*"]
    rest = glob(segments[4])

    def matches(resource: str) -> bool:
        arn = split(resource)
        if arn is None or not rest(arn.resource):
            return False
        fits = True
        for at, segment in heads:
            fits = fits and segment(arn[at].lower())
        return fits

    return matches


def may_match(pattern: str, arn: str) -> bool:
    """Whether a Resource pattern might match an ARN, by what its last segment begins with: a first look."""
    asked, parts = arn.split(":", 5), pattern.split(":", 5)
    if len(asked) < 6 or len(parts) < 6:
        return True
    literal = _UP_TO_A_WILDCARD.match(parts[5])
    return literal is None or asked[5].startswith(literal[0])


@lru_cache(maxsize=1 << 16)
def condition_matcher(pattern: str) -> Matcher:
    """ArnEquals and ArnLike: each of the six segments is checked apart (IAM, "ARN condition operators")."""
    if pattern and pattern.strip("*") == "":
        return lambda _: True
    parts = pattern.split(":", 5)
    if len(parts) != 6:
        return lambda _: False
    matchers = tuple(glob(p) for p in parts)

    def matches(value: str) -> bool:
        segments = value.split(":", 5)
        return len(segments) == 6 and all(m(s) for m, s in zip(matchers, segments, strict=False))

    return matches
