"""Every answer of one input that is sure, as requests with the policies that bear on them, joined from the input."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from permcheck.graph import questions
from permcheck.graph.paths import KINDS
from permcheck.model import Facts, Verdict
from tests.graph.replay import Replay
from tests.graph.scenarios import TEACHING

# Edges that are no request of a caller: a fact of the input, what Lambda does by itself, and what takes no signature.
NO_REQUEST = frozenset(("runs as", "is polled for", "requests", "signs up at", "sends on to", "sends mail to"))
Asked = tuple[str, Mapping[str, Any] | None]


def sure(facts: Facts) -> Iterator[Asked]:
    """What is said to be allowed, and the request that shows it: every row of ``who``, every edge of ``paths``."""
    for answer in questions.who_all(facts):
        for row in answer.callers:
            if row.verdict is Verdict.ALLOWED and not (row.kind == "event_source" and row.witness is None):
                yield f"who {answer.function} {row.caller} by {row.via}", row.witness
    for kind in KINDS:
        for path in questions.each_path(facts, kind):
            for start, edge, end in zip(path.nodes, path.edges, path.nodes[1:], strict=False):
                if edge.verdict is Verdict.ALLOWED and edge.kind not in NO_REQUEST:
                    yield f"paths: {start.kind} {start.name} {edge.kind} {end.name}", edge.witness


def requests(texts: Mapping[str, str], name: str) -> list[dict[str, Any]]:
    """Those requests, each once, in the form of ``permcheck evaluate``; what lacks one fails. name: of the input."""
    replay = Replay(texts)
    found: dict[str, dict[str, Any]] = {}
    for said, witness in sure(replay.facts):
        assert witness is not None, f"{name}: {said} is allowed, without a request that shows it"
        asked = replay.request(witness)
        found.setdefault(json.dumps(asked, sort_keys=True), {"id": f"{name}: {said}", **asked})
    return list(found.values())


def of_fixtures() -> list[dict[str, Any]]:
    """The requests of all fixtures."""
    return [request for name, texts in TEACHING.items() for request in requests(texts, name)]
