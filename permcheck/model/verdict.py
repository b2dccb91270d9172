"""The four answers permcheck gives."""

from enum import StrEnum


class Verdict(StrEnum):
    """What is known of one request. The four words are the same in code, command line, JSON and docs."""

    ALLOWED = "allowed"
    CONDITIONAL = "conditional"  # allowed when the listed conditions hold
    DENIED = "denied"  # no request exists that AWS would allow, given what was read
    UNKNOWN = "unknown"  # something that the answer needs could not be read
