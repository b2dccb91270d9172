"""Snapshots among other files: told by how they begin, and read by ``permcheck.sources.snapshot``.

That room is loaded when there is a snapshot: most inputs have none, and it knows all calls to AWS.
"""

import zlib
from typing import Protocol

from permcheck.model.facts import Facts
from permcheck.model.location import NotRead
from permcheck.sources.files.gathered import Gathered

STARTS = (b'{"permcheck_snapshot"', b'{\n "permcheck_snapshot"')
_GZIP = b"\x1f\x8b"
_HEAD = 64  # more than the longest start


class Placing(Protocol):
    """Knows where what was read from snapshots stands."""

    def placed(self, facts: Facts) -> Facts:
        """The facts, each at the ARN it belongs to."""


def may_be(content: bytes) -> bool:
    """Whether bytes begin like a snapshot, compressed or not; of compressed ones only the beginning is unpacked."""
    if content.startswith(_GZIP):
        try:
            content = zlib.decompressobj(wbits=31).decompress(content[:4096], _HEAD)
        except zlib.error:
            return False
    return content.startswith(STARTS)


def read_into(gathered: Gathered, source: str, content: bytes, known: Placing | None) -> Placing | None:
    """Read a snapshot or the journal of one. known: what earlier snapshots of the same run gave."""
    from permcheck.sources.snapshot import facts, files, placed

    try:
        snapshot, _ = files.read(content)
    except ValueError as error:
        gathered.not_read.append(NotRead(source, str(error), "nothing in it is used"))
        return known
    rooted = known if isinstance(known, placed.Placed) else placed.Placed(facts.Rooted())
    facts.read_into(gathered, snapshot, rooted.rooted)
    return rooted
