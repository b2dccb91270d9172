"""What is wrong with the text of a Principal entry: why it names nobody.

IAM User Guide, "AWS JSON policy elements: Principal": which forms there are, and that a wildcard stands for everybody
or for nobody.
"""

import re
from functools import lru_cache

from permcheck.data import service_principals
from permcheck.model.policy import Policy, Principals
from permcheck.rule.tables import part

_ACCOUNT = re.compile(r"[0-9]{12}").fullmatch
_NAMED = re.compile(
    r"arn:aws[a-z-]*:(iam::[0-9]{12}:(root|user/.+|role/.+)|sts::[0-9]{12}:(assumed-role/[^/]+/.+|federated-user/.+))"
).fullmatch
_UNIQUE_ID = re.compile(r"A[A-Z]{3}[A-Z0-9]{12,}").fullmatch  # what is left of a principal that was deleted
_OF_AWS = re.compile(r"arn:aws[a-z-]*:iam::(cloudfront|aws):.+").fullmatch
_SERVICE = re.compile(
    r"[a-z0-9-]+(\.[a-z0-9-]+)*\.(amazonaws\.com(\.cn)?|amazon\.com|aws\.internal)", re.IGNORECASE
).fullmatch


def all_right(names: Principals) -> bool:
    """Whether every entry can name somebody and stands where it should: a cheap question, asked of every statement."""
    for entry in names.aws:
        if _principal(entry):
            return False
    for entry in names.service:
        if _service(entry) or meant(entry):
            return False
    return (not names.bare or names.bare == ("*",)) and not names.federated and not names.canonical


def wrong(names: Principals) -> tuple[tuple[str, str, str], ...]:
    """(place below the element, entry, why it names nobody) for each AWS and Service entry that names nobody."""
    lists = (("AWS", names.aws, _principal), ("Service", names.service, _service))
    return tuple(
        (part(key, i, len(entries)) if not names.bare else _bare(i, len(entries)), entry, why)
        for key, entries, judge in lists
        for i, entry in enumerate(entries)
        if (why := judge(entry))
    )


def _bare(index: int, count: int) -> str:
    return "" if count == 1 else f"/{index}"


@lru_cache(maxsize=1 << 14)
def _principal(entry: str) -> str:
    if entry == "*" or _ACCOUNT(entry) or (_NAMED(entry) and _fixed(entry)) or _UNIQUE_ID(entry) or _OF_AWS(entry):
        return ""
    if _SERVICE(entry):
        return "a service stands under Service, not under AWS"
    if _wild(entry):
        return "a star can stand for everybody, never for a part of a name"
    if "${" in entry:
        return "no variable is filled in here"
    if ":group/" in entry:
        return "a group is no principal"
    if entry.isdigit():
        return "an account has twelve digits"
    return "this is no account, user, role or session"


@lru_cache(maxsize=1 << 12)
def _service(entry: str) -> str:
    if _SERVICE(entry):
        return ""
    return "no star may stand here" if _wild(entry) else "this is no service: their names end in .amazonaws.com"


def elsewhere(policy: Policy, names: Principals) -> tuple[tuple[str, str, str], ...]:
    """(place, entry, where it belongs) for each entry of a kind that the policy of a function does not take."""
    if policy.trust or ":lambda:" not in (policy.attached_to or ""):
        return ()
    lists = (
        ("Federated", names.federated, "an identity provider is trusted by roles alone"),
        ("CanonicalUser", names.canonical, "S3 alone knows canonical users"),
    )
    return tuple(
        (part(key, i, len(entries)), entry, why) for key, entries, why in lists for i, entry in enumerate(entries)
    )


@lru_cache(maxsize=1 << 12)
def meant(entry: str) -> str | None:
    """The service that a Service entry seems to misspell; None where it names one, or may name one."""
    return service_principals.meant(entry)


def misspelt(names: Principals) -> tuple[tuple[str, str, str], ...]:
    """(place below the element, entry, service that was perhaps meant) for each entry that seems to misspell one."""
    return tuple(
        (part("Service", i, len(names.service)), entry, service)
        for i, entry in enumerate(names.service)
        if (service := meant(entry))
    )


def _wild(entry: str) -> bool:
    return "*" in entry or "?" in entry


def _fixed(entry: str) -> bool:
    return not _wild(entry) and "${" not in entry
