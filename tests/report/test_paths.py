"""Paths, for people in groups and for programs one by one."""

import json
from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest

from permcheck.model import Because, Location, NotRead, Path, PathEdge, PathNode, Verdict
from permcheck.report import paths as paths_text
from permcheck.report import paths_json
from permcheck.report.paths_group import grouped
from permcheck.report.positions import Positions
from permcheck.report.schemas import schema
from permcheck.report.style import Style
from tests.report.reports import CONDITION, GAP, POLICY, WITNESS

POOL = "eu-west-1:1b2c"
ALLOWED, CONDITIONAL, UNKNOWN = Verdict.ALLOWED, Verdict.CONDITIONAL, Verdict.UNKNOWN
BECAUSE = Because(Location("-", "/Statement/0", sid="Everything"), "Allow")
GUEST = PathNode("guest", POOL)
APP = PathNode("role", "app", "arn:aws:iam::111122223333:role/app")
TAKES = PathEdge("takes by the enhanced flow", ALLOWED, because=(BECAUSE,))
RUNS = PathEdge("runs as", ALLOWED)


def function(name: str) -> PathNode:
    return PathNode("function", name, f"arn:aws:lambda:eu-west-1:111122223333:function:{name}")


def role(name: str) -> PathNode:
    return PathNode("role", name, f"arn:aws:iam::111122223333:role/{name}")


def invokes(verdict: Verdict = ALLOWED) -> PathEdge:
    conditions = (CONDITION,) if verdict is CONDITIONAL else ()
    return PathEdge("invokes", verdict, conditions, (BECAUSE,), WITNESS)


def to(name: str, verdict: Verdict = ALLOWED) -> Path:
    """From the guest to a function."""
    return Path(verdict, (GUEST, APP, function(name)), (TAKES, invokes(verdict)), WITNESS)


def to_role(name: str) -> Path:
    """On to the role that a function runs as."""
    nodes = (GUEST, APP, function(name), role(f"{name}-role"))
    return Path(ALLOWED, nodes, (TAKES, invokes(), RUNS), WITNESS)


def text(*paths: Path, **more: Any) -> str:
    return "".join(paths_text.text(paths, more.pop("gaps", ()), Positions(POLICY), Style(), **more))


LEAD = f"guest of pool {POOL} → takes by the enhanced flow role app → "


def test_a_path_is_a_line() -> None:
    assert text(to("save")) == f"allowed     {LEAD}invokes function save\n"


def test_an_edge_in_doubt_says_so() -> None:
    assert text(to("save", CONDITIONAL)) == f"conditional {LEAD}invokes (conditional) function save\n"


def test_paths_that_differ_in_the_function_alone_share_a_line() -> None:
    found = text(*(to(f"f{number}") for number in range(312)))
    assert found == f"allowed     {LEAD}invokes 312 functions (f0, f1, f2, …)\n312 paths; --all lists each\n"


def test_few_are_all_named() -> None:
    assert text(to("a"), to("b")).startswith(f"allowed     {LEAD}invokes 2 functions (a, b)\n")


def test_all_lists_each() -> None:
    assert text(to("a"), to("b"), every=True) == (
        f"allowed     {LEAD}invokes function a\nallowed     {LEAD}invokes function b\n"
    )


def test_what_is_less_sure_has_a_line_of_its_own() -> None:
    found = text(to("a"), to("b", UNKNOWN), to("c"))
    assert [line[:11].strip() for line in found.splitlines()[:2]] == ["allowed", "unknown"]
    assert "2 functions (a, c)" in found


def test_roles_that_functions_run_as_go_with_them() -> None:
    found = text(to_role("a"), to_role("b"), to_role("c"), to_role("d"))
    assert found.startswith(
        f"allowed     {LEAD}invokes 4 functions (a, b, c, …) → runs as 4 roles (a-role, b-role, c-role, …)\n"
    )


def test_another_start_or_another_way_is_another_line() -> None:
    other = Path(ALLOWED, (PathNode("guest", "other"), APP, function("c")), (TAKES, invokes()))
    by_url = Path(ALLOWED, (GUEST, APP, function("d")), (TAKES, PathEdge("calls the URL of", ALLOWED)))
    through = Path(ALLOWED, (GUEST, role("second"), function("e")), (TAKES, invokes()))
    found = [len(group.paths) for group in grouped([to("a"), to("b"), by_url, through, other])]
    assert found == [2, 1, 1, 1]


def test_further_nodes_are_not_lumped_together() -> None:
    """Functions in the middle of a path tell which way it goes."""
    target = PathNode("target", "s3:GetObject on everything")
    reach = PathEdge("may reach", ALLOWED)
    one = Path(ALLOWED, (*to_role("a").nodes, target), (*to_role("a").edges, reach))
    two = Path(ALLOWED, (*to_role("b").nodes, target), (*to_role("b").edges, reach))
    assert [len(group.paths) for group in grouped([one, two])] == [1, 1]


def test_the_end_is_where_something_can_be_done() -> None:
    admin = Path(ALLOWED, (APP, PathNode("admin", "111122223333")), (PathEdge("is administrator of", ALLOWED),))
    assert text(admin) == "allowed     role app → is administrator of 111122223333\n"


def test_statements_are_shown_where_they_are_asked_for() -> None:
    assert text(to("save", CONDITIONAL), statements=True) == (
        f"""\
conditional {LEAD}invokes (conditional) function save
  takes by the enhanced flow role app
    Allow -:4:5 (Sid "Everything")
  invokes function save
    Allow -:4:5 (Sid "Everything")
    if IpAddress aws:SourceIp = 203.0.113.0/24
"""
    )
    assert "invokes function a (the first of 2)" in text(to("a"), to("b"), statements=True)


def test_nothing_was_found() -> None:
    assert text(gaps=(GAP,)).splitlines()[0] == "there is no such path in what was read"
    assert "not read: cut.json:3:9" in text(gaps=(GAP,))


def test_names_from_input_do_not_reach_the_terminal_as_they_are() -> None:
    assert "\x1b" not in text(to("a\x1b[2J"), to("b\x1b"))


def test_the_first_line_does_not_wait_for_other_starts() -> None:
    def found() -> Iterator[Path]:
        yield to("a")
        yield Path(ALLOWED, (APP, function("b")), (invokes(),))
        raise AssertionError("asked for too early")

    pieces = paths_text.text(found(), (), Positions(POLICY), Style())
    assert "function a" in next(pieces)


def checked(*paths: Path, gaps: tuple[NotRead, ...] = ()) -> dict[str, Any]:
    """The JSON, as a program reads it, checked against the schema."""
    pieces = "".join(paths_json.text(paths, gaps, Positions(POLICY)))
    assert pieces.endswith("}\n")
    found: dict[str, Any] = json.loads(pieces)
    jsonschema.Draft202012Validator(schema("paths")).validate(found)
    return found


def test_as_json() -> None:
    found = checked(to("save", CONDITIONAL), gaps=(GAP,))
    assert list(found) == ["schema", "paths", "not_read"]
    (path,) = found["paths"]
    assert list(path) == ["verdict", "nodes", "edges", "witness"]
    assert path["verdict"] == "conditional"
    assert path["nodes"][0] == {"kind": "guest", "name": POOL, "arn": None}
    assert path["edges"][1] == {
        "kind": "invokes",
        "verdict": "conditional",
        "conditions": [CONDITION],
        "because": [
            {"source": "-", "pointer": "/Statement/0", "line": 4, "arn": None, "sid": "Everything", "effect": "Allow"}
        ],
        "witness": WITNESS,
    }
    assert path["witness"] == WITNESS
    assert path["edges"][0]["witness"] is None
    assert [gap["source"] for gap in found["not_read"]] == ["cut.json"]


@pytest.mark.parametrize("many", [0, 1, 3, 200])
def test_json_is_never_grouped(many: int) -> None:
    assert len(checked(*(to(f"f{number}") for number in range(many)))["paths"]) == many


def test_json_comes_in_pieces() -> None:
    """The first paths are written before the last ones are asked for."""

    def endless() -> Iterator[Path]:
        while True:
            yield to("a")

    pieces = paths_json.text(endless(), (), Positions(POLICY))
    assert json.loads([next(pieces) for _ in range(100)][-1].strip(",\n"))["verdict"] == "allowed"


def test_a_path_is_a_line_of_the_json() -> None:
    lines = "".join(paths_json.text([to("a"), to("b")], (), Positions(POLICY))).splitlines()
    assert lines[:3] == ["{", '"schema": 1,', '"paths": [']
    assert json.loads(lines[4])["nodes"][2]["name"] == "b"


def test_the_same_paths_are_the_same_bytes() -> None:
    once, again = ("".join(paths_json.text([to("a"), to_role("a")], (GAP,), Positions(POLICY))) for _ in range(2))
    assert once == again and once.isascii()
