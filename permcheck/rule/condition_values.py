"""What is wrong with one value of a condition, by operator and key. Called for every value, so each test is cheap."""

import re
from collections.abc import Callable
from functools import lru_cache

from permcheck.policy.compare import TRUTHS, date, number
from permcheck.policy.operators import TAKES_VARIABLES
from permcheck.rule.tables import condition_key

# (why no request can hold what the value asks for, as the end of a sentence that begins with the value; what to write)
Wrong = tuple[str, str]
Check = Callable[[str], Wrong | None]

EVERY = "*"
_ACCOUNTS = frozenset(
    (
        *"aws:sourceaccount aws:principalaccount aws:resourceaccount aws:vpceaccount".split(),
        *"s3:resourceaccount kms:calleraccount".split(),
    )
)
_ORGANIZATIONS = frozenset("aws:principalorgid aws:sourceorgid aws:resourceorgid aws:vpceorgid".split())
# lambda:Principal holds what AddPermission was asked to write, and that may be a star (Lambda Developer Guide,
# "Fine-tuning the Resources and Conditions sections of policies").
_STAR_IS_A_VALUE = frozenset(("lambda:principal",))
_ONE_OF = {"lambda:functionurlauthtype": ("NONE", "AWS_IAM")}
_TWELVE_DIGITS = re.compile(r"[0-9]{12}").fullmatch
_VARIABLE = re.compile(r"\$\{[^}]*\}")


@lru_cache(maxsize=1 << 12)
def checker(base: str, key: str, variables: bool) -> Check | None:
    """The test for values of a positive operator and a key (lower case); None where every value will do."""
    test = _test(base, key)
    if test is None or not (variables and base in TAKES_VARIABLES):
        return test
    return lambda value: test(value) if "${" not in value else None


def _test(base: str, key: str) -> Check | None:
    if base == "Null":
        return lambda value: None if value.lower() in TRUTHS else ("is neither true nor false", "write true or false")
    if base == "Bool":
        return lambda value: None if value.lower() in TRUTHS else ("is neither true nor false", "write true or false")
    if base.startswith("Numeric"):
        return lambda value: None if number(value) is not None else ("is no number", "write a number")
    if base.startswith("Date"):
        fix = "write a date as 2026-01-31T12:00:00Z"
        return lambda value: None if date(value) is not None else ("is no date", fix)
    if base == "IpAddress":
        return _network
    if base in ("ArnEquals", "ArnLike"):
        return _session_arn if key == "aws:principalarn" else _arn
    if base == "StringLike":
        return _like(key)
    if base in ("StringEquals", "StringEqualsIgnoreCase"):
        return _equals(key)
    return None


def _network(value: str) -> Wrong | None:
    from ipaddress import ip_network

    try:
        network = ip_network(value.strip(), strict=False)
    except ValueError:
        return "is neither an address nor a range of addresses", "write 203.0.113.0/24 or 2001:db8::/32"
    return (EVERY, "name the addresses that are meant, or drop the condition") if network.prefixlen == 0 else None


def _arn(value: str) -> Wrong | None:
    if value.count(":") >= 5 or not value.strip("*"):
        return None
    segments = value.count(":") + 1
    return f"has {segments} of the six segments of an ARN, and each is compared apart", "write the whole ARN"


def _session_arn(value: str) -> Wrong | None:
    if ":assumed-role/" in value:
        return (
            "is a session, and aws:PrincipalArn holds the role",
            "write the ARN of the role: arn:aws:iam::ACCOUNT:role/NAME",
        )
    return _arn(value)


def _like(key: str) -> Check | None:
    known = condition_key(key)
    if known is None:
        return None
    if known.types == ("IPAddress",):
        return _range_as_text
    if known.sensitive and known.present == "always":  # of other keys, * asks whether the request has them at all
        fix = "name the values that are meant, or drop the condition"
        return lambda value: None if value.strip("*") else (EVERY, fix)
    return _session_arn_as_text if key == "aws:principalarn" else None


def _range_as_text(value: str) -> Wrong | None:
    return ("is compared as text, not as a range of addresses", "write IpAddress") if "/" in value else None


def _session_arn_as_text(value: str) -> Wrong | None:
    return _session_arn(value) if ":assumed-role/" in value else None


def _equals(key: str) -> Check | None:
    """StringEquals and StringEqualsIgnoreCase: a star is a star, and the text must be what the key can hold."""
    known = condition_key(key)
    if key in _STAR_IS_A_VALUE:
        return None
    if key in _ACCOUNTS:
        shape: Check = lambda value: None if _TWELVE_DIGITS(value) else _NO_ACCOUNT  # noqa: E731
    elif key in _ORGANIZATIONS:
        shape = lambda value: None if value.startswith("o-") else _NO_ORGANIZATION  # noqa: E731
    elif key in _ONE_OF:
        shape = lambda value: None if value in _ONE_OF[key] else (_NOT_ONE_OF, f"write {' or '.join(_ONE_OF[key])}")  # noqa: E731
    elif known is not None and known.types == ("IPAddress",):
        shape = _range_as_text
    elif known is not None and known.types == ("ARN",):
        shape = _session_arn_as_text if key == "aws:principalarn" else _no_arn
    elif known is not None and known.types == ("Bool",):
        shape = lambda value: None if value.lower() in TRUTHS else ("is neither true nor false", "write true or false")  # noqa: E731
    else:
        return lambda value: _LITERAL_STAR if "*" in value else None
    return lambda value: _LITERAL_STAR if "*" in value else shape(value)


_LITERAL_STAR = ("holds a star, which stands for itself here", "write StringLike, or ArnLike for ARNs")
_NO_ACCOUNT = ("is no account: accounts have twelve digits", "write the twelve digits of the account, in quotes")
_NO_ORGANIZATION = ("is no organization: their ids begin with o-", "write the organization's id")
_NOT_ONE_OF = "is not among the values of this key"


def _no_arn(value: str) -> Wrong | None:
    return None if value.startswith("arn:") else ("is no ARN, and the key holds one", "write the whole ARN")
