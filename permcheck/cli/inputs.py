"""Paths from the command line → facts."""

import atexit
import gc
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

from permcheck.errors import NothingToCheck
from permcheck.model import Facts


@dataclass(frozen=True, slots=True)
class Input:
    """What was read. stdin: the text of standard input, where ``-`` was one of the paths."""

    facts: Facts
    stdin: str | None


def load(paths: Sequence[str]) -> Input:
    """Read every path. Raises UsageError for one that does not exist, NothingToCheck where nothing was of use."""
    from permcheck.sources import files

    # Kept, because a report shows lines of it.
    content = sys.stdin.buffer.read() if "-" in paths else b""
    facts = files.load(tuple(dict.fromkeys(paths)), stdin=BytesIO(content))
    # The facts live as long as the program does, and nothing made from them is freed before: looking for cycles would
    # take more time than the audit. Python looks once more as it ends, disabled or not, but not at what is frozen.
    gc.disable()
    atexit.register(gc.freeze)
    if not _something(facts):
        raise NothingToCheck(
            f"there is nothing to check in {', '.join(paths)}",
            "permcheck reads IAM policies and what the AWS CLI prints, as JSON",
        )
    return Input(facts, _text(content))


def _something(facts: Facts) -> bool:
    identities = (facts.roles, facts.users, facts.groups, facts.pools, facts.user_pools)
    found = (*identities, facts.functions, facts.mappings, facts.apis, facts.resources, facts.policies)
    return any(found) or bool(facts.not_read)


def _text(content: bytes) -> str | None:
    try:
        return content.decode(json.detect_encoding(content)).removeprefix("\ufeff")
    except ValueError:
        return None
