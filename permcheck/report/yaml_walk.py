"""Where in a YAML text the values stand that some pointers name. The counterpart of ``walk`` for templates.

A scalar of one line is marked itself; of anything longer only the key is: a whole resource on the screen would say
less, and could show what nobody should read.
"""

from collections.abc import Iterable
from typing import Any

from permcheck.report.walk import Span, tokens


def yaml_spans(text: str, pointers: Iterable[str]) -> dict[str, Span]:
    """Return the span of each pointer; one that leads nowhere gets that of the nearest value that holds it.

    Text that is no YAML gives nothing. Where a key stands twice in an object the last one counts.
    """
    import yaml

    try:
        root = yaml.compose(text, Loader=yaml.CBaseLoader)
    except (yaml.YAMLError, RecursionError):
        return {}
    return {} if root is None else {pointer: _span(text, root, pointer) for pointer in pointers}


def _span(text: str, root: Any, pointer: str) -> Span:
    node, key = root, None
    path = tokens(pointer)
    # What is said of all properties is said of the resource.
    for token in path[:-1] if path[-1:] == ["Properties"] else path:
        found = _below(node, token)
        if found is None:
            break
        node, key = found[0], found[1] or found[0]
    start, end = node.start_mark, node.end_mark
    if node.id == "scalar" and start.line == end.line:
        named = key.start_mark.index if key is not None and key.start_mark.line == start.line else start.index
        return Span(start.index, max(end.index, start.index + 1), min(named, start.index))
    if key is not None and key is not node:
        return Span(key.start_mark.index, key.end_mark.index, key.start_mark.index)
    # An entry of a list, or the whole text: its first line.
    line_end = text.find("\n", start.index)
    line_end = len(text) if line_end < 0 else line_end
    return Span(start.index, max(min(end.index, line_end), start.index + 1), start.index)


def _below(node: Any, token: str) -> tuple[Any, Any] | None:
    """A member or an entry, with the node of its key."""
    if node.id == "mapping":
        pairs = [(value, key) for key, value in node.value if key.id == "scalar" and key.value == token]
        return pairs[-1] if pairs else None
    if node.id == "sequence" and token.isdecimal() and int(token) < len(node.value):
        return node.value[int(token)], None
    return None
