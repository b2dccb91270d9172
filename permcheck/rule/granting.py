"""What it means to be granted an action: whether it writes, whether it could be limited to resources.

The facts are those of the Service Authorization Reference. What Lambda itself asks of a role, or what has no narrower
form that works, is left out everywhere: logs, traces, metrics, and the network interfaces of a function in a VPC
(Lambda Developer Guide, "Giving Lambda functions access to resources in an Amazon VPC").
"""

import re
from functools import lru_cache

from permcheck.data import actions
from permcheck.data.layer_publishers import publisher
from permcheck.graph.asked import EVERYTHING, IAM_EDITS, IAM_WRITE, OPENS_RESOURCES, READS_ALL
from permcheck.graph.strength import counts

__all__ = [
    "EVERYTHING",
    "IAM_EDITS",
    "IAM_WRITE",
    "OF_AWS",
    "OPENS_RESOURCES",
    "READS_ALL",
    "RETURNS_CREDENTIALS",
    "broad",
    "concrete",
    "could_be_limited",
    "publisher",
    "samples",
    "service_of_wildcard",
    "writes",
]

OF_AWS = ":iam::aws:policy/"  # in the ARN of each of AWS's managed policies
# Each returns credentials or a token that stands for somebody; what IAM makes keys with is among IAM_WRITE.
RETURNS_CREDENTIALS = (
    "codeartifact:GetAuthorizationToken",
    "cognito-identity:GetCredentialsForIdentity",
    "cognito-identity:GetOpenIdTokenForDeveloperIdentity",
    "connect:GetFederationToken",
    "ec2:GetPasswordData",
    "lightsail:GetInstanceAccessDetails",
    "rds-db:connect",
    "redshift:GetClusterCredentials",
    "redshift:GetClusterCredentialsWithIAM",
    "redshift-serverless:GetCredentials",
)
# A bucket and its objects (arn:aws:s3:::name/*) are one thing, whatever the rest of the pattern.
_BROAD = re.compile(r"\*+|arn:[^:]*:(?!s3:::[\w-]+/)[^:]*:[^:]*:[^:]*:(?:[\w-]+[/:])?\*(?:[/:]\*)*")
_WRITING = frozenset(("Write", "Permissions management", "Tagging"))
_SAMPLES = 2


def broad(resource: str) -> bool:
    """Whether a Resource pattern may stand for everything of a kind. A first look: whether it does is decided."""
    return resource.endswith("*") and _broad(resource)


@lru_cache(maxsize=1 << 12)
def _broad(resource: str) -> bool:
    return _BROAD.fullmatch(resource) is not None


@lru_cache(maxsize=1 << 12)
def concrete(pattern: str) -> tuple[str, ...]:
    """The actions a pattern names; none for a bare ``*``, which is not about any of them."""
    return () if pattern.startswith("*") else actions.matching(pattern)


@lru_cache(maxsize=1 << 12)
def writes(action: str) -> bool:
    """Whether the action changes something."""
    return actions.access_level(action) in _WRITING


@lru_cache(maxsize=1 << 12)
def could_be_limited(action: str) -> bool:
    """Whether naming resources for the action would work and take something away.

    For reading, only where AWS says that a resource must be named: where one may be named (a lexicon of Polly's), the
    action works on other things besides.
    """
    if not counts(action):
        return False
    types = actions.resource_types(action)
    return bool(types) and (writes(action) or any(kind.required for kind in types))


@lru_cache(maxsize=1 << 10)
def service_of_wildcard(pattern: str) -> str | None:
    """The service of ``SERVICE:*``, None for any other pattern."""
    service, colon, name = pattern.lower().partition(":")
    whole = bool(colon) and not name.strip("*") and bool(name) and not ("*" in service or "?" in service)
    return service if whole else None


@lru_cache(maxsize=1 << 9)
def samples(service: str) -> tuple[str, ...]:
    """A few actions of a service that change something which could be named; none where it has no such action."""
    found = [a for a in actions.matching(f"{service}:*") if writes(a) and could_be_limited(a)]
    step = max(1, len(found) // _SAMPLES)
    return tuple(found[::step][:_SAMPLES])
