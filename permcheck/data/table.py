"""Reads one JSON table out of the installed package."""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from typing import Any


@cache
def read(name: str) -> dict[str, Any]:
    """Return the JSON object in the table called ``name``, such as ``"rcp_services.json"``.

    The object is parsed once and shared: callers read it and never change it.

    Raises:
        FileNotFoundError: the table is not in the package, which means a broken installation.
    """
    text = resources.files("permcheck.data").joinpath(name).read_text(encoding="utf-8")
    table = json.loads(text)
    assert isinstance(table, dict), name
    return table
