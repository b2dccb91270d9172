"""What a message only counts ("and 28 more") stands in ``others``: a sentence is cut, what programs get is not."""

import json
import re
from typing import Any

import pytest

from permcheck.model import Finding
from permcheck.report import render
from permcheck.report.setting import Setting
from permcheck.rules._examples import (
    account,
    allow,
    function_arn,
    role,
    role_arn,
    table_arn,
    trust,
    user,
    user_arn,
    worker,
)
from permcheck.rules.invoke._pool_examples import app, client, guest, taking, users
from permcheck.rules.invoke._pool_examples import user as signed_in
from tests.rules.auditing import Files, report
from tests.rules.teaching import FIXTURES

COUNTED = re.compile(r"(?:and|or) (\d+) more\b|\((\d+) more sources\)")
NAMES = [f"f{n}" for n in range(6)]
ALL = [function_arn(name) for name in NAMES]
ROLES = [role_arn(f"role-{n}") for n in range(6)]
TABLES = [table_arn(f"T{n}") for n in range(6)]
EACH = [worker(f"role-{n}", allow("dynamodb:Scan", table)) for n, table in enumerate(TABLES)]
OWN = {name: f"role-{n}" for n, name in enumerate(NAMES)}
MAKES = ["lambda:CreateFunction", "lambda:InvokeFunction"]
SHARED = dict.fromkeys(NAMES, "strong")


def shared(*statements: dict[str, Any], **more: Any) -> Files:
    """Six functions that run as one role with these statements."""
    return account(worker("strong", *statements, **more), functions=SHARED)


def lee(*statements: dict[str, Any]) -> Files:
    """A user with these statements, and six functions with a role each."""
    return account(*EACH, user("lee", *statements), functions=OWN)


CROWDS: dict[str, tuple[Files, list[str]]] = {
    "PC133": (lee(allow("lambda:UpdateFunctionCode", ALL)), ALL[1:]),
    "PC134": (lee(allow("lambda:UpdateFunctionConfiguration", ALL)), ALL[1:]),
    "PC135": (lee(allow("lambda:AddPermission", ALL)), ALL[1:]),
    "PC138": (
        account(
            *(role(f"role-{n}", allow("s3:*"), trusts=trust({"AWS": user_arn("lee")})) for n in range(6)),
            user("lee", allow("sts:AssumeRole")),
        ),
        ROLES[1:],
    ),
    "PC139": (lee(allow("iam:PassRole")), ROLES[1:]),
    "PC140": (lee(allow("iam:PutRolePolicy", ROLES)), ROLES[1:]),
    "PC152": (
        app(guest(*(allow("dynamodb:GetItem", table) for table in TABLES)), guests=True),
        [f"dynamodb:GetItem on table/T{n}" for n in range(1, 6)],
    ),
    "PC153": (
        app(guest(allow("lambda:InvokeFunction", ALL)), *EACH, guests=True, functions=OWN),
        ALL[1:],
    ),
    "PC154": (
        app(
            guest(),
            *(role(f"role-{n}", trusts=taking(None)) for n in range(6)),
            guests=True,
            classic=True,
        ),
        ROLES[2:],
    ),
    "PC159": (
        app(signed_in(allow("lambda:InvokeFunction", ALL)), *EACH, functions=OWN, users=users(True), client=client()),
        ALL[1:],
    ),
    "PC301": (
        account(
            *(worker(f"role-{n}", allow("dynamodb:Scan")) for n in range(6)),
            user("lee", allow("iam:PassRole", ROLES), allow(MAKES)),
        ),
        ROLES[1:],
    ),
    "PC326": (
        account(
            worker("strong", allow("iam:PassRole", ROLES[0]), allow(MAKES)),
            worker("role-0", allow("dynamodb:Scan")),
            functions=SHARED,
        ),
        ALL[1:],
    ),
    "PC201": (shared(allow("*")), ALL[1:]),
    "PC202": (shared(allow("iam:PutRolePolicy")), ALL[1:]),
    "PC203": (shared(allow("s3:*")), ALL[1:]),
    "PC204": (shared(allow("sqs:SendMessage")), ALL[1:]),
    "PC205": (shared(allow("s3:GetObject")), ALL[1:]),
    "PC206": (shared(allow("redshift:GetClusterCredentials")), ALL[1:]),
    "PC207": (shared(allow("s3:PutBucketPolicy")), ALL[1:]),
    "PC208": (shared(managed=["AmazonS3FullAccess"]), ALL[1:]),
    "PC210": (shared(trusts=trust({"Service": ["lambda.amazonaws.com", "ec2.amazonaws.com"]})), ALL[1:]),
}


@pytest.mark.parametrize("rule", sorted(CROWDS))
def test_whatever_is_counted_is_listed(rule: str) -> None:
    files, expected = CROWDS[rule]
    (finding,) = (f for f in report(files).findings if f.rule == rule)
    assert sorted(finding.others) == sorted(expected)
    assert counted(finding) in (len(expected), 0)
    assert not any(name in finding.message for name in expected)


def counted(finding: Finding) -> int:
    """How many things the message counts."""
    return sum(int(one or other) for one, other in COUNTED.findall(finding.message))


def test_text_leaves_them_out_and_json_does_not() -> None:
    told = report(CROWDS["PC133"][0])
    assert "and 5 more" in render(told, "text", Setting())
    assert ALL[5] not in render(told, "text", Setting())
    (found,) = (f for f in json.loads(render(told, "json", Setting()))["findings"] if f["rule"] == "PC133")
    assert found["others"] == ALL[1:]


def test_no_count_of_a_fixture_is_left_unexplained() -> None:
    seen = 0
    for path in FIXTURES.glob("*/expected/audit.json"):
        told = json.loads(path.read_text(encoding="utf-8"))
        for found in (*told["findings"], *told["suppressed"]):
            count = sum(int(one or other) for one, other in COUNTED.findall(found["message"]))
            assert len(found.get("others", ())) >= count, (path, found["message"])
            seen += count > 0
    assert seen > 5
