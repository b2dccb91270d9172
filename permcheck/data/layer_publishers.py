"""Accounts that are known to publish layers for everybody: AWS's own extensions and the makers of tracing tools.

A layer of theirs in a function is no surprise. Two extensions of AWS's come from an account of their own in each
Region. Whoever is missing can be named under ``trusted_accounts``.
"""

from __future__ import annotations

from functools import cache

from permcheck.data.table import read

_TABLE = "layer_publishers.json"


@cache
def _by_account() -> dict[str, str]:
    return {account: str(row["name"]) for row in read(_TABLE)["publishers"] for account in row["accounts"]}


def publisher(account: str) -> str | None:
    """Return what the account publishes, such as ``"Datadog"``, or None where it is not known."""
    return _by_account().get(account)


def made() -> str:
    """Return the day the table was made, as an ISO date."""
    return str(read(_TABLE)["made"])


def source() -> str:
    """Return what the table was made from."""
    return str(read(_TABLE)["source"])
