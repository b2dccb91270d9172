"""Members of a JSON object, each checked for the type that AWS documents, and ARNs in pieces.

An input may be cut, edited or made up: a member of another type is a located error, never a crash or a guess.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from permcheck.policy.parse import escape

JsonObject = dict[str, Any]


class WrongShape(Exception):
    """A member that is missing or of the wrong type. pointer leads to it, or to the object that lacks it."""

    def __init__(self, pointer: str, message: str) -> None:
        super().__init__(message)
        self.pointer = pointer
        self.message = message


def type_name(value: object) -> str:
    """What a person calls the type of a JSON value."""
    names = {dict: "an object", list: "a list", str: "a string", bool: "a boolean", type(None): "null"}
    return names.get(type(value), "an object" if isinstance(value, Mapping) else "a number")


def text(value: JsonObject, key: str, at: str) -> str:
    """A string that must be there and say something. Raises WrongShape."""
    found = value.get(key)
    if isinstance(found, str) and found:
        return found
    if found is None or found == "":
        raise WrongShape(at, f"{key} is missing")
    raise WrongShape(f"{at}/{key}", f"{key} is a string, not {type_name(found)}")


def text_or_none(value: JsonObject, key: str, at: str) -> str | None:
    """A string, or None where there is none. Raises WrongShape for another type."""
    found = value.get(key)
    if isinstance(found, str) or found is None:
        return found or None
    return text(value, key, at)


def arn(value: JsonObject, key: str, at: str) -> str:
    """An ARN that must be there. Raises WrongShape."""
    found = value.get(key)
    if not isinstance(found, str) or not is_arn(found):
        text(value, key, at)
        raise WrongShape(f"{at}/{key}", f"{key} is not an ARN")
    return found


def is_arn(found: str) -> bool:
    """Whether a text has the six segments of an ARN."""
    return found.startswith("arn:") and found.count(":") >= 5


def member(value: JsonObject, key: str, at: str) -> JsonObject | None:
    """An object, None where there is none. Raises WrongShape for another type."""
    found = value.get(key)
    if found is None or isinstance(found, dict):
        return found
    raise WrongShape(f"{at}/{escape(key)}", f"{key} is an object, not {type_name(found)}")


def items(value: JsonObject, key: str, at: str) -> list[Any]:
    """A list, empty where there is none. Raises WrongShape for another type."""
    found = value.get(key)
    if found is None:
        return []
    if isinstance(found, list):
        return found
    raise WrongShape(f"{at}/{key}", f"{key} is a list, not {type_name(found)}")


def flag(value: JsonObject, key: str, at: str) -> bool | None:
    """True or false, None where there is none. Raises WrongShape for another type."""
    found = value.get(key)
    if found is None or isinstance(found, bool):
        return found
    raise WrongShape(f"{at}/{key}", f"{key} is true or false, not {type_name(found)}")


def strings(value: JsonObject, key: str, at: str) -> list[str]:
    """A list of strings, empty where there is none. Raises WrongShape."""
    found: list[str] = []
    for i, each in enumerate(items(value, key, at)):
        if not isinstance(each, str):
            raise WrongShape(f"{at}/{key}/{i}", f"an entry of {key} is a string, not {type_name(each)}")
        found.append(each)
    return found


def tag_list(value: JsonObject, key: str, at: str) -> dict[str, str]:
    """IAM's tags, ``[{"Key": …, "Value": …}]``, as a mapping; empty where there are none. Raises WrongShape."""
    found: dict[str, str] = {}
    for i, entry in enumerate(items(value, key, at)):
        here = f"{at}/{key}/{i}"
        if not isinstance(entry, dict):
            raise WrongShape(here, f"a tag is an object, not {type_name(entry)}")
        said = entry.get("Value")
        if said is not None and not isinstance(said, str):
            raise WrongShape(f"{here}/Value", f"Value is a string, not {type_name(said)}")
        found[text(entry, "Key", here)] = said or ""
    return found


def tag_map(value: JsonObject, key: str, at: str) -> dict[str, str]:
    """Lambda's tags, ``{key: value}``. Raises WrongShape."""
    found = member(value, key, at) or {}
    for said in found.values():
        if not isinstance(said, str):
            raise WrongShape(f"{at}/{key}", f"the value of a tag is a string, not {type_name(said)}")
    return dict(found)


def last_part(arn: str) -> str:
    """The name at the end of an ARN's resource, without its path."""
    return arn.rsplit("/", 1)[-1]


def account_of(arn: str) -> str:
    """The account segment of an ARN."""
    return arn.split(":", 5)[4]


@lru_cache(maxsize=1 << 14)
def function_name(arn: str) -> tuple[str, str] | None:
    """A function's unqualified ARN and the qualifier ("" for none); None for any other ARN, or one with wildcards."""
    parts = arn.split(":")
    if len(parts) not in (7, 8) or parts[0] != "arn" or parts[2] != "lambda" or parts[5] != "function":
        return None
    if "*" in arn or "?" in arn or "$" in arn.removesuffix(":$LATEST") or not all(parts):
        return None
    return (arn, "") if len(parts) == 7 else (":".join(parts[:7]), parts[7])
