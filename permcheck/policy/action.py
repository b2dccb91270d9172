"""Action names (IAM User Guide, "IAM JSON policy elements: Action"): service:Name, without case, wildcards anywhere."""

from functools import lru_cache

from permcheck.policy.wildcard import Matcher, glob


@lru_cache(maxsize=1 << 14)
def lower_matcher(pattern: str) -> Matcher:
    """A function that tells whether an action in lower case matches the pattern (any case)."""
    return glob(pattern.lower())


@lru_cache(maxsize=1 << 14)
def action_matcher(pattern: str) -> Matcher:
    """A function that tells whether an action (any case) matches the pattern."""
    if pattern and pattern.strip("*") == "":
        return lambda _: True
    matches = lower_matcher(pattern)
    return lambda action: matches(action.lower())


@lru_cache(maxsize=1 << 14)
def service_of(action: str) -> str:
    """The service prefix, lower case."""
    return action.partition(":")[0].lower()
