"""The JSON Schemas of the JSON outputs, as they ship with the package."""

import json
from importlib import resources
from typing import Any

NAMES = ("audit", "who", "reach", "why", "paths", "graph", "diff", "evaluate", "rules", "config")


def schema(name: str) -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of an output; ``name`` is one of NAMES. Raises KeyError for another."""
    if name not in NAMES:
        raise KeyError(name)
    text = resources.files("permcheck.report").joinpath(f"{name}.schema.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found
