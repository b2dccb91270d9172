"""What permcheck itself wrote: a report, a baseline. In a folder that is read whole it is neither input nor a gap."""

from typing import Any

from permcheck.sources.files.kind import Kind
from permcheck.sources.files.reading import Reading
from permcheck.sources.files.shapes import JsonObject

NAME = "permcheck"
# A member of each answer that has no "tool".
_ANSWERS = ("callers", "reach", "paths", "answers")


def _ours(value: JsonObject) -> bool:
    if value["schema"] != 1:
        return False
    return _named(value.get("tool")) or any(isinstance(value.get(member), list) for member in _ANSWERS)


def _log(value: JsonObject) -> bool:
    """A SARIF log of permcheck's: it has nothing of the account that the input had not."""
    runs = value["runs"]
    if not isinstance(runs, list) or not runs:
        return False
    tools = [run.get("tool") for run in runs if isinstance(run, dict)]
    return len(tools) == len(runs) and all(isinstance(tool, dict) and _named(tool.get("driver")) for tool in tools)


def _named(tool: Any) -> bool:
    return isinstance(tool, dict) and tool.get("name") == NAME


def _nothing(reading: Reading, value: JsonObject, at: str) -> None:
    """Nothing in it is read."""


KINDS = (
    Kind("permcheck", "schema", _ours, _nothing),
    Kind("permcheck --format sarif", "runs", _log, _nothing),
)
