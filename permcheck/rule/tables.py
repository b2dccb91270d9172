"""What a rule about text may look up: actions, condition keys, and how a policy and its parts are pointed at."""

import re
from functools import lru_cache

from permcheck.data import actions, condition_keys, managed_policies
from permcheck.data.condition_keys import ConditionKey
from permcheck.model.policy import Policy

_OF_AWS = re.compile(r"arn:aws[a-z-]*:iam::aws:policy/")
_SERVICE_LINKED = ":role/aws-service-role/"
_LEGACY = frozenset(("sns:receive",))  # in the policy that Amazon SNS itself gave every new topic
_CLOSE = 0.75  # difflib's ratio from which two keys look like one mistyped


@lru_cache(maxsize=1 << 14)
def known_action(pattern: str) -> bool:
    """Whether an action, or a pattern of actions, names something that AWS has or once had.

    AWS's own managed policies go on naming retired services and actions, and what AWS itself wrote is no misspelling.
    """
    if _listed(pattern):
        return True
    prefix = pattern.partition(":")[0].lower()
    retired = not actions.is_service(prefix) and managed_policies.names_service(prefix)
    return retired or pattern.lower() in _LEGACY or managed_policies.names_action(pattern)


@lru_cache(maxsize=1 << 14)
def _listed(pattern: str) -> bool:
    return actions.matches_any(pattern)


@lru_cache(maxsize=1 << 14)
def all_listed(patterns: tuple[str, ...]) -> bool:
    """Whether AWS lists each of these actions today: a first look, for which no managed policy has to be read."""
    return all(map(_listed, patterns))


def all_known(patterns: tuple[str, ...]) -> bool:
    """Whether each of these actions is known."""
    return all(map(known_action, patterns))


@lru_cache(maxsize=1 << 10)
def nearest_actions(action: str) -> tuple[str, ...]:
    """Up to three actions that may have been meant by one that does not exist, likeliest first."""
    return actions.nearest(action)


@lru_cache(maxsize=1 << 12)
def condition_key(name: str) -> ConditionKey | None:
    """The condition key a policy names (in any case), None where AWS has none such."""
    return condition_keys.find(name)


@lru_cache(maxsize=1 << 10)
def nearest_keys(name: str) -> tuple[str, ...]:
    """Up to two condition keys that may have been meant by one that does not exist, likeliest first."""
    from difflib import get_close_matches  # here, because only a mistake needs it

    prefix = name.partition(":")[0]
    named = (*condition_keys.global_keys(), *condition_keys.for_service(prefix))
    by_lower = {key.name.lower(): key.name for key in named}
    lower = name.lower()
    close = get_close_matches(lower, by_lower, n=2, cutoff=_CLOSE)
    if not close and ":" not in name:
        close = [key for key in by_lower if key.endswith(f":{lower}")][:2]
    return tuple(by_lower[key] for key in close)


def known_prefix(prefix: str) -> bool:
    """Whether a service of AWS, or AWS itself, has keys that begin with this prefix (``aws``, ``s3``, ``saml``)."""
    return prefix.lower() == "aws" or actions.is_service(prefix)


def written_by_aws(policy: Policy) -> bool:
    """Whether the text is AWS's, so that nobody here can change it: a managed policy, or a service-linked role's."""
    return bool(_OF_AWS.match(policy.arn or "")) or _SERVICE_LINKED in (policy.attached_to or "")


def whose(policy: Policy) -> str:
    """What a finding about a policy's text is about: the policy's ARN, else its bearer's, else the file."""
    return policy.arn or policy.attached_to or policy.source


def part(element: str, index: int, count: int) -> str:
    """Where one entry of an element stands below its statement: ``/Action/2``; ``/Action`` where it is the only one.

    A list of one and a bare string look alike once parsed, and the shorter pointer is right for both.
    """
    return f"/{element}" if count == 1 else f"/{element}/{index}"
