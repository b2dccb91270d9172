"""Pictures of paths as Mermaid flowcharts, which GitHub and GitLab draw where they stand in Markdown.

Labels come from the input. Every character that means something to Mermaid, to Markdown or to HTML is written as the
number that Mermaid turns back into the character ("Flowcharts syntax: entity codes to escape characters").
"""

import re
from collections.abc import Iterable, Sequence

from permcheck.model import PathStep, Verdict
from permcheck.report import words
from permcheck.report.escape import escape

LONGEST = 120  # characters of a label
_UNSAFE = re.compile(r"[^\w .,/()=+:…-]|_")
# Mermaid takes the semicolon off the end of what looks like a style to it: a colon, then the sign of a colour.
_STYLED = re.compile(rf"{_UNSAFE.pattern}|:")
_SHAPES = {"anyone": ("([", "])"), "guest": ("([", "])"), "aws": ("([", "])"), "target": ("[(", ")]")}
_PLAIN = ("[", "]")


def picture(steps: Sequence[PathStep]) -> str:
    """One path as a flowchart, from left to right."""
    return chart(
        [(step.kind, words.node(step.kind, step.name)) for step in steps],
        [(i, i + 1, step.edge, step.verdict) for i, step in enumerate(steps[:-1])],
    )


def chart(nodes: Sequence[tuple[str, str]], edges: Iterable[tuple[int, int, str, Verdict | None]]) -> str:
    """Nodes as (kind, words), edges as (from, to, what, verdict); an edge in doubt is dotted. Ends without newline."""
    lines = ["flowchart LR"]
    for number, (kind, said) in enumerate(nodes):
        opening, closing = _SHAPES.get(kind, _PLAIN)
        lines.append(f"  n{number}{opening}{label(said)}{closing}")
    for start, end, what, verdict in edges:
        sure = verdict in (None, Verdict.ALLOWED)
        said = what if sure else f"{what} ({verdict})".strip()
        text = f"|{label(said)}|" if said else ""
        lines.append(f"  n{start} {'-->' if sure else '-.->'}{text} n{end}")
    return "\n".join(lines)


def label(text: str) -> str:
    """A quoted label that shows the text as it is."""
    text = escape(text)
    text = text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
    unsafe = _STYLED if "style" in text or "classDef" in text else _UNSAFE
    return f'"{unsafe.sub(lambda found: f"#{ord(found[0])};", text)}"'
