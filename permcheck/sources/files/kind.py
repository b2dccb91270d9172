"""One kind of JSON value: how it is told from the others, and what reads it."""

from collections.abc import Callable
from typing import NamedTuple

from permcheck.sources.files.reading import Reading
from permcheck.sources.files.shapes import JsonObject, is_arn


class Kind(NamedTuple):
    """A kind of output. name: what a person calls it. key: a member it must have; fits: the rest of the test.

    read raises WrongShape where the value as a whole cannot be used.
    """

    name: str
    key: str
    fits: Callable[[JsonObject], bool]
    read: Callable[[Reading, JsonObject, str], None]


def always(value: JsonObject) -> bool:
    """For a member that no other output has."""
    return True


def holds_objects(key: str, *members: str) -> Callable[[JsonObject], bool]:
    """Whether a member is a list whose first entry is an object with one of these members, or an empty list."""

    def fits(value: JsonObject) -> bool:
        listed = value[key]
        if not isinstance(listed, list):
            return False
        return not listed or (isinstance(listed[0], dict) and any(m in listed[0] for m in members))

    return fits


def only(*members: str) -> Callable[[JsonObject], bool]:
    """Whether a value has none but these members, beside the ones that page through a listing."""
    allowed = frozenset((*members, "IsTruncated", "Marker", "NextMarker", "NextToken"))
    return allowed.issuperset


def listing(name: str, value: JsonObject, key: str, member: str = "Arn") -> tuple[str, str]:
    """What a page lists: the operation, and the account and region of its first entry ("" where it has none)."""
    listed = value.get(key)
    if isinstance(listed, list) and listed and isinstance(listed[0], dict):
        arn = listed[0].get(member)
        if isinstance(arn, str) and is_arn(arn):
            return name, ":".join(arn.split(":")[1:5])
    return name, ""
