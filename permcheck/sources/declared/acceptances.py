"""What a template says of findings that its authors accept: in ``Metadata``, and in comments of YAML.

In Metadata, of a resource or of the template; ``until`` and ``sid`` may be left out, ``resource`` is for the template::

    Metadata:
      permcheck:
        suppressions:
          - {rule: PC121, reason: checks the signature itself, until: 2027-06-30}

In a comment, at the end of a line or on a line of its own before what it is about::

    # permcheck: suppress PC121 until 2027-06-30: checks the signature itself

A comment in or before a statement is about that statement, one elsewhere in or before a resource about the resource,
any other about the whole template. What looks like a suppression and is none is reported, not missed in silence.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from typing import Any

import yaml

from permcheck.model import NotRead, Suppression

Line = Callable[[str], int | None]  # pointer → line of the source, None where it is not known
SUPPRESSES_NOTHING = "it suppresses nothing"
_FIELDS = ("rule", "reason", "sid", "until", "resource")
_FORM = "write # permcheck: suppress RULE: reason, or RULE until 2027-01-31: reason"
_COMMENT = re.compile(r"(?:^|(?<=\s))#[ \t]*permcheck[ \t]*:([^\r\n]*)", re.MULTILINE)
_SAYS = re.compile(
    r"\s*suppress\s+(?P<rule>[^\s:,]+(?:\s*,\s*[^\s:,]+)*)(?:\s+until\s+(?P<until>[^\s:]+))?\s*:\s*(?P<reason>\S.*)"
)


def of_metadata(template: Any, source: str, line: Line = lambda _: None) -> Iterator[Suppression | NotRead]:
    """Yield what the Metadata of a template, and of each of its resources, accepts."""
    if not isinstance(template, Mapping):
        return
    yield from _block(template.get("Metadata"), source, "", line)
    resources = template.get("Resources")
    for name, resource in resources.items() if isinstance(resources, Mapping) else ():
        if isinstance(resource, Mapping):
            yield from _block(resource.get("Metadata"), source, f"/Resources/{_token(str(name))}", line)


def _block(metadata: Any, source: str, about: str, line: Line) -> Iterator[Suppression | NotRead]:
    if not isinstance(metadata, Mapping) or "permcheck" not in metadata:
        return
    said, at = metadata["permcheck"], f"{about}/Metadata/permcheck"
    entries = said.get("suppressions") if isinstance(said, Mapping) and set(said) == {"suppressions"} else None
    if not isinstance(entries, (list, tuple)):
        yield _wrong(source, at, line, "permcheck holds suppressions, a list, and nothing else")
        return
    for number, entry in enumerate(entries):
        yield _entry(entry, source, about, f"{at}/suppressions/{number}", line)


def _entry(entry: Any, source: str, about: str, at: str, line: Line) -> Suppression | NotRead:
    if not isinstance(entry, Mapping):
        return _wrong(source, at, line, "a suppression has a rule and a reason")
    for key, value in entry.items():
        if key not in _FIELDS:
            return _wrong(source, at, line, f"a suppression has no {key!r}: there are {', '.join(_FIELDS)}")
        if key != "until" and not (isinstance(value, str) and value.strip()):
            return _wrong(source, at, line, f"{key} is a text that says something")
    missing = [field for field in ("rule", "reason") if field not in entry]
    if missing:
        return _wrong(source, at, line, f"a suppression needs a {missing[0]}")
    resource = entry.get("resource")
    if resource is not None and about:
        return _wrong(source, at, line, "in the Metadata of a resource, resource is that resource: leave it out")
    until = _day(entry["until"]) if "until" in entry else None
    if "until" in entry and until is None:
        return _wrong(source, at, line, f"until is a day such as 2027-01-31, not {str(entry['until'])[:40]!r}")
    # Of the whole template it is what the resource's pattern says; without one, everything in the template.
    place = source if resource is None else None
    written = _place(source, line(at)) if line(at) else f"{source}#{at}"
    return Suppression(entry["rule"], resource, entry["reason"], entry.get("sid"), until, written, place, about)


def of_comments(text: str, root: yaml.Node | None, source: str) -> Iterator[Suppression | NotRead]:
    """Yield what the comments of a YAML text accept. root: the same text, composed."""
    if "permcheck" not in text or root is None:
        return
    starts = [0, *(found.end() for found in re.finditer(r"\r\n|\r|\n", text))]
    scalars = _scalars(root)
    about: _Entries | None = None
    for found in _COMMENT.finditer(text):
        if _inside(found.start(), scalars):
            continue
        number = bisect_right(starts, found.start())
        said = _SAYS.fullmatch(found[1].rstrip())
        until = _day(said["until"]) if said and said["until"] else None
        if said is None or (said["until"] and until is None):
            yield NotRead(
                source, f"a comment for permcheck that says nothing to it: {_FORM}", SUPPRESSES_NOTHING, line=number
            )
            continue
        if about is None:
            about = _Entries(root)
        alone = not text[starts[number - 1] : found.start()].strip()
        pointer = about.named(number, alone)
        for rule in said["rule"].split(","):
            place = _place(source, number)
            yield Suppression(rule.strip(), None, said["reason"].strip(), None, until, place, source, pointer)


class _Entries:
    """The entries of a YAML text, by the line that they begin on."""

    def __init__(self, root: yaml.Node) -> None:
        self._pointers = _beginnings(root)
        self._lines = sorted(self._pointers)

    def named(self, line: int, alone: bool) -> str:
        """What a comment is about: the nearest entry up to its line, or, if it stands there alone, after it."""
        at = bisect_right(self._lines, line)
        if alone:
            return _widened(self._pointers[self._lines[at]]) if at < len(self._lines) else ""
        return _widened(self._pointers[self._lines[at - 1]]) if at else ""


def _widened(pointer: str) -> str:
    """The statement that the pointer leads into, else the resource, else the whole template."""
    tokens = pointer.split("/")
    for number, token in enumerate(tokens[:-1]):
        if token == "Statement" and tokens[number + 1].isdigit():
            return "/".join(tokens[: number + 2])
    return "/".join(tokens[:3]) if len(tokens) > 2 and tokens[1] == "Resources" else ""


def _beginnings(root: yaml.Node) -> dict[int, str]:
    """The pointer of the outermost entry that begins on each line, from 1. An alias is entered where its anchor is."""
    found: dict[int, str] = {}
    seen: set[int] = set()
    waiting: list[tuple[yaml.Node, str]] = [(root, "")]
    while waiting:
        node, pointer = waiting.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        entries: list[tuple[yaml.Node, yaml.Node, str]] = []
        if isinstance(node, yaml.MappingNode):
            entries = [(key, value, _token(str(key.value))) for key, value in node.value if _scalar(key)]
        elif isinstance(node, yaml.SequenceNode):
            entries = [(value, value, str(number)) for number, value in enumerate(node.value)]
        for begins, value, token in entries:
            below, line = f"{pointer}/{token}", begins.start_mark.line + 1
            if line not in found or len(below.split("/")) < len(found[line].split("/")):
                found[line] = below
            waiting.append((value, below))
    return found


def _scalars(root: yaml.Node) -> list[tuple[int, int]]:
    """Where texts begin and end, in order: a hash in one of them begins no comment."""
    spans: list[tuple[int, int]] = []
    seen: set[int] = set()
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, yaml.ScalarNode):
            # A block begins with its sign, and a comment may follow that on the line.
            spans.append((node.start_mark.index, node.end_mark.index))
        elif isinstance(node, yaml.MappingNode):
            waiting.extend(part for entry in node.value for part in entry)
        elif isinstance(node, yaml.SequenceNode):
            waiting.extend(node.value)
    return sorted(spans)


def _inside(at: int, spans: list[tuple[int, int]]) -> bool:
    number = bisect_right(spans, (at, -1))
    return number > 0 and spans[number - 1][0] <= at < spans[number - 1][1]


def _scalar(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode)


def _day(value: Any) -> date | None:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _token(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")


def _place(source: str, line: int | None) -> str:
    return source if line is None else f"{source}:{line}"


def _wrong(source: str, at: str, line: Line, error: str) -> NotRead:
    return NotRead(source, error, SUPPRESSES_NOTHING, at, line(at))
