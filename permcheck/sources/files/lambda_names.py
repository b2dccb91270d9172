"""What Lambda's outputs tell a function by: its ARN, with or without a qualifier."""

from permcheck.sources.files.reading import Reading
from permcheck.sources.files.shapes import JsonObject, WrongShape, arn, function_name


def function_of(entry: JsonObject, key: str, at: str) -> tuple[str, str]:
    """The function that a member names: unqualified ARN and qualifier. Raises WrongShape."""
    found = function_name(arn(entry, key, at))
    if found is None:
        raise WrongShape(f"{at}/{key}", f"{key} is not the ARN of a function")
    return found


def listing_of(
    reading: Reading, name: str, value: JsonObject, key: str, member: str = "FunctionArn"
) -> tuple[str, str]:
    """What a page lists, where each function has a listing of its own; an empty page is one of nobody else's."""
    listed = value.get(key)
    if isinstance(listed, list) and listed and isinstance(listed[0], dict):
        found = function_name(str(listed[0].get(member)))
        if found is not None:
            return name, found[0]
    return name, reading.source
