"""Paths for people: a line each, or one for all that are alike; the statements behind each hop, where wanted."""

from collections.abc import Iterable, Iterator, Sequence

from permcheck.model import NotRead, Path, Verdict
from permcheck.report import words
from permcheck.report.escape import escape
from permcheck.report.paths_group import PathGroup, grouped
from permcheck.report.positions import Positions
from permcheck.report.reasons import reasons, verdict
from permcheck.report.style import Style
from permcheck.report.summary import not_read


def text(
    paths: Iterable[Path],
    gaps: Sequence[NotRead],
    positions: Positions,
    style: Style,
    *,
    every: bool = False,
    statements: bool = False,
) -> Iterator[str]:
    """Yield the answer in pieces, so that the first paths are seen while the rest is worked out.

    every: list each path. statements: show below a line what each of its hops rests on; of several paths, the first's.
    """
    seen = shown = 0
    for group in grouped(paths, every):
        seen, shown = seen + len(group.paths), shown + 1
        yield _line(group, style) + "\n"
        if statements:
            yield from (line + "\n" for line in _grounds(group, positions))
    if not seen:
        yield "there is no such path in what was read\n"
    if seen > shown:
        yield f"{seen} paths; --all lists each\n"
    yield from (line + "\n" for line in not_read(gaps, positions, style))


def _line(group: PathGroup, style: Style) -> str:
    first = group.paths[0]
    edges: list[tuple[str, Verdict | None]] = [(edge.kind, edge.verdict) for edge in first.edges]
    steps = zip(group.steps(), [*edges, ("", None)], strict=True)
    return f"{verdict(first.verdict, style)} {words.way((said, *edge) for said, edge in steps)}"


def _grounds(group: PathGroup, positions: Positions) -> Iterator[str]:
    path, size = group.paths[0], len(group.paths)
    positions.prepare((b.location.source, b.location.pointer) for edge in path.edges for b in edge.because)
    for i, edge in enumerate(path.edges, start=1):
        if edge.because or edge.conditions:
            of = f" (the first of {size})" if size > 1 and i == len(path.edges) else ""
            node = path.nodes[i]
            yield f"  {escape(edge.kind)} {words.node(node.kind, node.name)}{of}"
            yield from reasons(edge.because, edge.conditions, "", positions)
