"""Whatever the answers say is allowed, in every fixture, ``permcheck evaluate`` allows too.

The requests are the witnesses; their policies are taken out of the fixture's files, past everything between.
"""

import json
from pathlib import Path

from permcheck.graph import questions
from permcheck.model import Verdict
from tests.cli.asking import ask
from tests.graph.asking import read
from tests.graph.replayed import NO_REQUEST, of_fixtures, requests
from tests.graph.scenarios import TEACHING

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"


def test_every_request_is_allowed(tmp_path: Path) -> None:
    asked = of_fixtures()
    assert len(asked) > 150
    lines = tmp_path / "requests.jsonl"
    lines.write_text("".join(json.dumps(request) + "\n" for request in asked), encoding="utf-8")
    result = ask("evaluate", lines)
    answers = [json.loads(line) for line in result.stdout.splitlines()]
    assert [answer["id"] for answer in answers] == [request["id"] for request in asked]
    assert [answer for answer in answers if answer.get("verdict") != "allowed"] == []
    assert result.exit_code == 0


def test_no_fixture_is_left_out() -> None:
    assert set(TEACHING) == {path.parent.name for path in FIXTURES.glob("*/account")}
    assert {path.name for path in FIXTURES.iterdir() if path.is_dir()} - {"templates"} == set(TEACHING)


def test_what_is_no_request_has_none() -> None:
    """Else something that could be replayed would not be."""
    for texts in TEACHING.values():
        for path in questions.each_path(read(texts), "guest"):
            assert all(e.witness is None for e in path.edges if e.kind in NO_REQUEST)


def test_a_replay_would_fail(tmp_path: Path) -> None:
    """With one statement turned round in the input, the same request is denied."""
    name = "mobile-backend"
    (first, *_) = requests(TEACHING[name], name)
    assert ask_one(tmp_path, first) == Verdict.ALLOWED
    turned = json.loads(json.dumps(first).replace('"Allow"', '"Deny"'))
    assert ask_one(tmp_path, turned) == Verdict.DENIED


def ask_one(folder: Path, request: dict[str, object]) -> str:
    """The verdict of one request."""
    lines = folder / "one.jsonl"
    lines.write_text(json.dumps(request), encoding="utf-8")
    return str(json.loads(ask("evaluate", lines).stdout)["verdict"])
