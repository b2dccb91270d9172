"""``permcheck graph``: the union of paths, in each format, with nothing from the input that is more than a label."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from permcheck.model import Because, Location, PathEdge, PathNode, Verdict
from permcheck.model import Path as Way
from permcheck.report import graph
from permcheck.report.schemas import schema
from tests.cli.asking import ask
from tests.report.hostile import BAD
from tests.report.test_markdown import LINE
from tools.docs import ROOT

ACCOUNT = ROOT / "fixtures" / "mobile-backend" / "account"


def asked(*arguments: str) -> Any:
    """The JSON answer, once it is certain that the schema holds."""
    found = json.loads(ask("graph", ACCOUNT, "--format", "json", *arguments).stdout)
    jsonschema.Draft202012Validator(schema("graph")).validate(found)
    return found


def test_json_holds_what_paths_tells() -> None:
    found = asked("--from", "guest")
    paths = json.loads(ask("paths", "--from", "guest", ACCOUNT, "--format", "json").stdout)["paths"]
    nodes = {(node["kind"], node["name"]) for path in paths for node in path["nodes"]}
    assert {(node["kind"], node["name"]) for node in found["nodes"]} == nodes
    assert [node["id"] for node in found["nodes"]] == list(range(len(nodes)))
    edges = {
        (a["name"], edge["kind"], b["name"])
        for path in paths
        for a, edge, b in zip(path["nodes"], path["edges"], path["nodes"][1:], strict=False)
    }
    names = [node["name"] for node in found["nodes"]]
    assert {(names[edge["from"]], edge["kind"], names[edge["to"]]) for edge in found["edges"]} == edges
    assert any(edge["because"][0]["line"] for edge in found["edges"] if edge["because"])


def test_from_outside_unless_told() -> None:
    kinds = {node["kind"] for node in asked()["nodes"]}
    assert {"guest", "function"} <= kinds and "user" not in kinds
    assert {node["kind"] for node in asked("--to", "target")["nodes"]} >= {"guest", "target"}


@pytest.mark.parametrize("form", ["mermaid", "dot", "json"])
def test_an_unknown_name(form: str) -> None:
    result = ask("graph", ACCOUNT, "--from", "trailmate-gest", "--format", form)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "did you mean trailmate-guest" in result.stderr


def test_mermaid() -> None:
    result = ask("graph", ACCOUNT, "--from", "guest", "--to", "target")
    assert (result.exit_code, result.stderr) == (0, "")
    lines = result.stdout.splitlines()
    assert lines[0] == "flowchart LR"
    assert all(LINE.fullmatch(line) for line in lines)
    assert '  n1["role trailmate-guest"]' in lines


def test_more_edges_than_mermaid_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(graph, "MANY", 2)
    assert "Mermaid draws 2: choose with --from and --to" in ask("graph", ACCOUNT).stderr


HOSTILE = Way(
    Verdict.CONDITIONAL,
    (PathNode("role", BAD, BAD), PathNode("guest", BAD), PathNode("target", '\\" -> n9 [label="x')),
    (
        PathEdge(BAD, Verdict.CONDITIONAL, (), (Because(Location(BAD, "/x", BAD, BAD, BAD), "Allow"),)),
        PathEdge("", Verdict.ALLOWED),
    ),
)
_STRING = r'"(?:[^"\\\x00-\x1f]|\\["\\])*"'
_DOT = re.compile(
    rf"digraph permcheck \{{|\}}|  rankdir=LR;|  node \[shape=box\];"
    rf"|  n\d+ \[label={_STRING}(?:, shape=\w+)?\];|  n\d+ -> n\d+ \[label={_STRING}(?:, style=dashed)?\];"
)


def test_nothing_hostile_is_more_than_a_label() -> None:
    picture = graph.of([HOSTILE])
    for line in graph.as_mermaid(picture).splitlines():
        assert LINE.fullmatch(line), line
    for line in graph.as_dot(picture).splitlines():
        assert _DOT.fullmatch(line), line


def test_graphviz_reads_it(tmp_path: Path) -> None:
    dot = shutil.which("dot")
    if dot is None:
        pytest.skip("Graphviz is not installed")
    text = graph.as_dot(graph.of([HOSTILE])).encode()
    done = subprocess.run([dot, "-Tplain"], input=text, capture_output=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count(b"\nnode ") == 3 and done.stdout.count(b"\nedge ") == 2


def test_an_edge_is_as_sure_as_the_surest_path() -> None:
    nodes = (PathNode("role", "r", "arn:r"), PathNode("function", "f", "arn:f"))
    ways = [Way(v, nodes, (PathEdge("invokes", v),)) for v in (Verdict.UNKNOWN, Verdict.ALLOWED, Verdict.CONDITIONAL)]
    (edge,) = graph.of(ways).edges.values()
    assert edge.verdict is Verdict.ALLOWED
    dot = graph.as_dot(graph.of(ways[:1]))
    assert '  n0 -> n1 [label="invokes (unknown)", style=dashed];' in dot.splitlines()


def test_a_template_and_an_answer_with_gaps(tmp_path: Path) -> None:
    (tmp_path / "cut.json").write_text("{")
    (tmp_path / "p.json").write_text((ACCOUNT / "get-account-authorization-details.json").read_text())
    result = ask("graph", tmp_path, "--format", "json")
    assert result.exit_code == 4 and json.loads(result.stdout)["not_read"]
