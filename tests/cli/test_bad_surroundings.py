"""What is missing around functions is told where it is missed, and is never taken for a no.

IAM User Guide, "AWS JSON policy elements: Principal" (ids of deleted principals); Cognito Developer Guide, "IAM roles";
Organizations User Guide, "SCP evaluation" (every level must allow).
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.cli.asking import ask
from tests.graph.asking import ACCOUNT, FUNCTION, POOL, REGION, account, allow, function, handed, pool, role, user
from tests.sources.samples import ORGANIZATION, texts

QUEUE = f"arn:aws:sqs:{REGION}:{ACCOUNT}:jobs"
GONE = "AROAEXAMPLE7GONE2LONG"


@pytest.fixture
def written(tmp_path: Path) -> Any:
    """Writes captures to a folder."""

    def write(captures: Mapping[str, str]) -> Path:
        for name, text in captures.items():
            (tmp_path / name).write_text(text, encoding="utf-8")
        return tmp_path

    return write


def told(*arguments: object) -> tuple[Any, int]:
    """What a command prints as JSON, and how it ends."""
    result = ask(*map(str, arguments), "--format", "json")
    return json.loads(result.stdout), result.exit_code


def places(entries: list[dict[str, Any]], folder: Path) -> list[tuple[str, str, bool]]:
    """(file, pointer, whether it has a line) of what was not read."""
    return [(str(Path(e["source"]).relative_to(folder)), e["pointer"], e["line"] is not None) for e in entries]


def test_a_pool_whose_role_is_missing(written: Any) -> None:
    folder = written(
        account(role("runs"), describe=pool(), handed=handed(unauthenticated="gone", authenticated="gone"))
    )
    for start in ("guest", "signed_in", POOL):
        found, code = told("paths", "--from", start, folder)
        assert {(p["verdict"], p["nodes"][-1]["name"]) for p in found["paths"]} == {("unknown", "gone")}
        assert code == 4
        assert ("handed.json", "/Roles/unauthenticated", True) in places(found["not_read"], folder)
    report, _ = told("audit", folder)
    assert ("handed.json", "/Roles/unauthenticated", True) in places(report["not_read"], folder)
    assert "PC151" in {f["rule"] for f in report["findings"]}


def test_a_pool_without_guests_hands_them_nothing(written: Any) -> None:
    folder = written(account(role("runs"), describe=pool(guests=False), handed=handed(unauthenticated="gone")))
    found, _ = told("paths", "--from", "guest", folder)
    assert found["paths"] == []


def test_a_rule_of_a_pool_that_chooses_a_missing_role(written: Any) -> None:
    login = f"cognito-idp.{REGION}.amazonaws.com/{REGION}_Users0001:1client1of1the1app"
    rules = [{"Claim": "team", "MatchType": "Equals", "Value": "a", "RoleARN": f"arn:aws:iam::{ACCOUNT}:role/gone"}]
    mapping = {"Type": "Rules", "AmbiguousRoleResolution": "Deny", "RulesConfiguration": {"Rules": rules}}
    folder = written(account(role("runs"), describe=pool(), handed={**handed(), "RoleMappings": {login: mapping}}))
    found, code = told("paths", "--from", "signed_in", folder)
    assert [(p["verdict"], p["nodes"][-1]["name"]) for p in found["paths"]] == [("unknown", "gone")]
    assert code == 4 and found["not_read"][0]["pointer"].startswith("/RoleMappings/")


def test_a_mapping_to_a_deleted_function(written: Any) -> None:
    mapping = {"UUID": "u-1", "EventSourceArn": QUEUE, "FunctionArn": function("gone"), "State": "Enabled"}
    folder = written(account(role("runs"), mappings={"EventSourceMappings": [mapping]}))
    found, code = told("paths", "--from", "event_source", folder)
    assert [(p["verdict"], p["nodes"][-1]["name"]) for p in found["paths"]] == [("unknown", "gone")]
    assert code == 4
    report, _ = told("audit", folder)
    assert places(report["not_read"], folder) == [("mappings.json", "/EventSourceMappings/0", True)]
    assert "which is not among the functions listed" in report["not_read"][0]["error"]


def test_a_trust_policy_that_names_a_dead_principal(written: Any) -> None:
    dead = [{"Effect": "Allow", "Principal": {"AWS": GONE}, "Action": "sts:AssumeRole"}]
    ops = role("ops", allow(), trusts=dead)
    folder = written(account(ops, user("lee", allow("sts:AssumeRole", "*"))))
    report, _ = told("audit", folder)
    (finding,) = [f for f in report["findings"] if f["rule"] == "PC115"]
    place = finding["locations"][0]
    assert place["pointer"] == "/RoleDetailList/0/AssumeRolePolicyDocument/Statement/0/Principal"
    assert place["line"] and GONE in finding["message"]
    found, _ = told("paths", "--from", "lee", folder)
    assert not any(node["name"] == "ops" for path in found["paths"] for node in path["nodes"])


@pytest.mark.parametrize(
    "missing",
    [
        ("list-parents", "list-children"),
        ("describe-policy",),
        ("list-targets-for-policy", "list-policies-for-target"),
    ],
)
def test_a_level_of_control_policies_that_could_not_be_read(written: Any, missing: tuple[str, ...]) -> None:
    """Whoever may invoke otherwise might be denied by it, so nothing is sure; and it is told what to read."""
    organization = {name: json.dumps(v) for name, v in texts(ORGANIZATION).items() if not name.startswith(missing)}
    folder = written({**account(user("lee", allow())), **organization})
    found, code = told("who", FUNCTION, folder)
    assert {(c["caller"].rpartition("/")[2], c["verdict"]) for c in found["callers"]} == {("lee", "unknown")}
    assert code == 4
    assert any(gap["source"] and str(gap["api"]).startswith("organizations:") for gap in found["not_read"])
    report, _ = told("audit", folder)
    assert any(gap["source"] and str(gap["api"]).startswith("organizations:") for gap in report["not_read"])


def test_levels_that_were_read_decide(written: Any) -> None:
    """The same account with all of the organization: the policy no-invoke denies."""
    organization = {name: json.dumps(value) for name, value in texts(ORGANIZATION).items()}
    folder = written({**account(user("lee", allow())), **organization})
    found, _ = told("who", FUNCTION, folder)
    assert found["callers"] == []
