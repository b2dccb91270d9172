"""How things are said to a person: nodes of a path, conditions, places, counts. All of it is escaped."""

from collections.abc import Iterable, Mapping

from permcheck.model import Location, NotRead, PathStep, Verdict
from permcheck.report.escape import escape
from permcheck.report.positions import Positions

_NODES = {
    "anyone": "anyone",
    "aws": "any AWS principal",
    "admin": "{}",
    "guest": "guest of pool {}",
    "signed_in": "signed-in user of pool {}",
    "account": "account {}",
    "org": "organization {}",
    "service": "service {}",
    "web_identity": "web identity {}",
    "event_source": "event source {}",
    "api": "API {}",
    "target": "{}",
}


def node(kind: str, name: str) -> str:
    """A node in words: ``guest of pool eu-west-1:…``, ``role deploy``."""
    return escape(_NODES.get(kind, kind + " {}").replace("{}", cut(name)))


def denied_by(layer: str) -> str:
    """What ``denied_by`` means: ``nothing in the identity policies allows it``, ``a Deny in a control policy …``."""
    how, _, kind = layer.partition(":")
    if how == "explicit":
        return f"a Deny in {_LAYERS.get(kind, kind)}"
    return _SILENT.get(kind) or f"nothing in {_LAYERS.get(kind, kind)} allows it"


_LAYERS = {
    "scp": "the service control policies",
    "rcp": "the resource control policies",
    "resource_policy": "the resource's own policy",
    "identity_policy": "the caller's own policies",
    "permissions_boundary": "the permissions boundary",
    "session_policy": "the session policies",
}
_SILENT = {
    "authentication": "the call has to be signed",
    "api": "no route leads to it",
}


def path(steps: Iterable[PathStep]) -> str:
    """A path on one line: ``guest of pool P → is handed role R → lambda:* (conditional) → function F``."""
    return way((node(step.kind, step.name), step.edge, step.verdict) for step in steps)


def way(steps: Iterable[tuple[str, str, Verdict | None]]) -> str:
    """The same of nodes that are in words already: (node, the edge to the next, its verdict).

    An edge that is an action stands by itself, one that is words goes before the next node; one in doubt says so.
    """
    parts: list[str] = []
    lead = ""
    for said, kind, verdict in steps:
        parts.append(f"{lead} {said}".strip())
        doubt = "" if verdict in (None, Verdict.ALLOWED) else f"({verdict})"
        edge = f"{escape(kind)} {doubt}".strip()
        lead = "" if ":" in kind else edge
        if edge and not lead:
            parts.append(edge)
    return " → ".join(parts)


def condition(entry: Mapping[str, object]) -> str:
    """A condition as ``StringEquals aws:SourceAccount = 111122223333 or 444455556666``.

    What depends on a value that is not known before a deploy is said in words: ``<Stage> (not known yet) fits``.
    """
    values = entry.get("values")
    listed = [str(value) for value in (values if isinstance(values, (list, tuple)) else [values])]
    key = str(entry.get("key", ""))
    if key.startswith("deploy:"):
        names = key.removeprefix("deploy:").partition("/")[0].split("+")
        told = " and ".join(f"<{name}>" for name in names)
        return escape(f"{told} (not known yet) {'fits' if listed == ['fits'] else f'is {listed[0]}'}")
    # Beside the text that stands for such a value, the variable says nothing more.
    said = " or ".join(escape(value) for value in listed if "${deploy:" not in value or len(listed) == 1)
    return f"{escape(str(entry.get('operator', '')))} {escape(key)} = {said}"


def place(location: Location | NotRead, positions: Positions) -> str:
    """Where something stands: ``file:12:5`` for a file, the ARN for something live, else source and pointer."""
    source, pointer = location.source, location.pointer
    if isinstance(location, NotRead) and location.line is not None:
        at = f":{location.line}" + (f":{location.column}" if location.column is not None else "")
    elif position := positions.find(source, pointer):
        at = f":{position.line}:{position.column}"
    else:
        at = f" {pointer}" if pointer else ""
    return escape(source + at)


def statement(location: Location) -> str:
    """What besides the place tells a person which thing is meant: `` (Sid "Public", role/deploy)``, or nothing."""
    said = [f'Sid "{escape(location.sid)}"'] if location.sid else []
    if location.arn and location.arn != location.source:
        said.append(escape(location.arn.split(":", 5)[-1]))
    return f" ({', '.join(said)})" if said else ""


def counted(number: int, many: str) -> str:
    """``1 finding``, ``3 findings``; ``1 policy``, ``3 policies``."""
    one = many.removesuffix("ies") + "y" if many.endswith("ies") else many.removesuffix("s")
    return f"{number} {one if number == 1 else many}"


def cut(sentence: str, most: int = 4) -> str:
    """A sentence with its long lists of names cut short: ``a, b, c, d and 26 more``. A name holds no space.

    Programs get the sentence as it is; a person who wants all the names asks for JSON.
    """
    kept: list[str] = []
    names: list[str] = []  # of the list that is being read, each with its comma
    for word in (*sentence.split(" "), None):
        if word is not None and len(word) > 1 and word.endswith(","):
            names.append(word)
        elif word is None or len(names) <= most:
            kept += [*names, *([word] if word is not None else ())]
            names = []
        else:
            mark = word[len(word.rstrip(".;:")) :]
            kept += [*names[: most - 1], names[most - 1].removesuffix(","), f"and {len(names) + 1 - most} more{mark}"]
            names = []
    return " ".join(kept)


def listed(names: list[str], most: int) -> str:
    """The first few names and how many follow: ``a, b, c and 9 more``."""
    rest = len(names) - most
    return ", ".join(names[:most]) + (f" and {rest} more" if rest > 0 else "")
