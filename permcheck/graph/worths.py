"""What a principal can be worth, in five steps."""

from enum import IntEnum


class Strength(IntEnum):
    """What a principal is worth to whoever gets hold of it, weakest first."""

    NOTHING = 0
    SOME = 1  # some data or functions
    ALL_DATA = 2  # every secret, object, table or key of some kind
    IAM_WRITE = 3  # can give itself more
    ADMINISTRATOR = 4
