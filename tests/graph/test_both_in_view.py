"""Two accounts in view: what a role of the other account may do is known from both sides.

IAM User Guide, "Cross-account policy evaluation logic": both accounts must allow.
"""

import json
from typing import Any

import pytest

from permcheck.graph import questions
from permcheck.model import Verdict
from tests.graph.asking import (
    FUNCTION,
    OTHER,
    Json,
    account,
    allow,
    brief,
    deny,
    grant,
    read,
    role,
    role_arn,
    url,
)
from tests.rules.auditing import report

HIS, HERS = role_arn("his", OTHER), role_arn("hers", OTHER)
SESSION = f"arn:aws:sts::{OTHER}:assumed-role/hers/night"


def theirs(name: str, *statements: Json) -> Json:
    """A role of the other account."""
    return role(name, *statements) | {"Arn": role_arn(name, OTHER)}


def both(policy: list[Json], *own: Json, **files: Any) -> dict[str, str]:
    """Our account with the function, and the other with the roles ``his``, with these statements, and ``hers``."""
    there = {
        "UserDetailList": [],
        "GroupDetailList": [],
        "RoleDetailList": [theirs("his", *own), theirs("hers", allow("s3:GetObject", "*"))],
        "Policies": [],
    }
    return account(role("ours"), policy=policy, other=there, **files)


@pytest.mark.parametrize(
    ("own", "expected"),
    [
        ([allow()], ["allowed"]),
        ([allow(Condition={"Bool": {"aws:MultiFactorAuthPresent": "true"}})], ["conditional"]),
        ([], []),
        ([allow(), deny()], []),
    ],
    ids=str,
)
@pytest.mark.parametrize(
    "named",
    [
        grant({"AWS": [HIS, HERS]}),
        grant("*", ArnEquals={"aws:PrincipalArn": [HIS]}),
    ],
    ids=["by name", "by condition"],
)
def test_one_row_with_the_verdict_of_both_sides(named: Json, own: list[Json], expected: list[str]) -> None:
    files = both([named], *own)
    found = [(kind, caller, verdict) for kind, caller, verdict, _ in brief(files)]
    assert found == [("role", HIS, verdict) for verdict in expected]
    assert {a.verdict for a in questions.why(read(files), HERS, "orders")} == {Verdict.DENIED}


def test_a_session_by_name() -> None:
    assert brief(both([grant({"AWS": SESSION})], allow())) == []


def test_a_role_that_is_not_in_view_keeps_its_row() -> None:
    third = role_arn("third", OTHER)
    assert brief(both([grant({"AWS": third})])) == [("role", third, "conditional", "resource_policy")]


def test_the_account_as_a_whole_keeps_its_row() -> None:
    """Its administrator can give the permission to anybody there."""
    assert ("account", OTHER, "conditional", "resource_policy") in brief(both([grant({"AWS": OTHER})]))


def test_a_url_that_asks_for_a_signature() -> None:
    policy = [grant({"AWS": [HIS, HERS]}, action=["lambda:InvokeFunctionUrl", "lambda:InvokeFunction"])]
    own = allow(["lambda:InvokeFunctionUrl", "lambda:InvokeFunction"], FUNCTION)
    found = brief(both(policy, own, get_function_url_config__orders=url("AWS_IAM", "2026-02-02")))
    assert {(caller, verdict) for _, caller, verdict, _ in found} == {(HIS, "allowed")}


def test_the_audit_tells_of_those_who_come_in() -> None:
    files = both([grant({"AWS": [HIS, HERS]})], allow())
    told = [
        f.message
        for f in report({name: json.loads(text) for name, text in files.items()}).findings
        if f.rule == "PC106"
    ]
    assert len(told) == 1
    assert "his" in told[0]


def test_a_role_that_may_not_assume_ours() -> None:
    """The trust policy names two, of whom one has no permission to assume it."""
    trusts = [{"Effect": "Allow", "Principal": {"AWS": [HIS, HERS]}, "Action": "sts:AssumeRole"}]
    ours = role("ours", allow(), trusts=trusts)
    files = both([], allow("sts:AssumeRole", role_arn("ours")))
    files["account.json"] = account(ours)["account.json"]
    assert questions.paths(read(files), HERS, "orders").paths == ()
    assert questions.paths(read(files), HIS, "orders").paths != ()
