"""Paths for programs: schema 1, described by paths.schema.json. Every path is there, a line each."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from permcheck.model import NotRead, Path
from permcheck.report import objects
from permcheck.report.findings import encode
from permcheck.report.positions import Positions

# Paths whose places are looked up together, doubled up to the second figure: few are answered at once, and for many
# no file is gone through more often than it has to be.
FEWEST, MOST = 64, 4096


def text(paths: Iterable[Path], gaps: Sequence[NotRead], positions: Positions) -> Iterator[str]:
    """Yield one JSON object in pieces: an account can hold more paths than memory should."""
    yield f'{{\n"schema": {objects.SCHEMA},\n"paths": ['
    lead = "\n"
    for batch in _batches(paths):
        positions.prepare(
            (b.location.source, b.location.pointer) for path in batch for edge in path.edges for b in edge.because
        )
        for path in batch:
            yield lead + encode(objects.path(path, positions))
            lead = ",\n"
    end = "\n" if lead == ",\n" else ""
    positions.prepare((gap.source, gap.pointer) for gap in gaps if gap.line is None and gap.pointer)
    yield f'{end}],\n"not_read": {encode([objects.not_read(gap, positions) for gap in gaps])}\n}}\n'


def _batches(paths: Iterable[Path]) -> Iterator[list[Path]]:
    rest, size = iter(paths), FEWEST
    while batch := list(islice(rest, size)):
        yield batch
        size = min(size * 2, MOST)
