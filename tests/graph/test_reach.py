"""``reach``: what a function, role or user may do."""

import json

import pytest

from permcheck.errors import UnknownName
from permcheck.graph import questions
from permcheck.model import ReachAnswer, Verdict
from tests.graph.asking import (
    ACCOUNT,
    FUNCTION,
    RUNS_AS,
    account,
    allow,
    deny,
    document,
    grant,
    read,
    role,
    user,
)


def reach(texts: dict[str, str], name: str = "orders") -> ReachAnswer:
    return questions.reach(read(texts), name)


def rows(answer: ReachAnswer) -> list[tuple[str, tuple[str, ...], str]]:
    return [(row.service, row.actions, str(row.verdict)) for row in answer.rows]


def targets(answer: ReachAnswer) -> list[tuple[str, str, str]]:
    return [(t.how, t.arn, str(t.verdict)) for t in answer.targets]


TABLE = f"arn:aws:dynamodb:eu-west-1:{ACCOUNT}:table/orders"


def test_a_function_reaches_what_its_role_may() -> None:
    answer = reach(account(role("runs", allow(["dynamodb:GetItem", "s3:*"], [TABLE, "*"]))))
    assert (answer.subject, answer.principal, answer.administrator) == (FUNCTION, RUNS_AS, Verdict.DENIED)
    assert rows(answer) == [("dynamodb", ("dynamodb:GetItem",), "allowed"), ("s3", ("s3:*",), "allowed")]
    (reason,) = answer.rows[0].because
    assert reason.location.pointer.endswith("/RolePolicyList/0/PolicyDocument/Statement/0")


@pytest.mark.parametrize("name", ["runs", RUNS_AS, "orders", FUNCTION, f"{FUNCTION}:prod"])
def test_by_name_or_arn(name: str) -> None:
    assert reach(account(role("runs", allow("s3:GetObject", "*"))), name).principal == RUNS_AS


def test_what_another_layer_denies_is_not_reached() -> None:
    answer = reach(account(role("runs", allow("s3:GetObject", "*"), deny("s3:GetObject", "*"))))
    assert rows(answer) == []


def test_functions_and_roles_it_may_act_on() -> None:
    rights = [allow(["lambda:InvokeFunction", "lambda:UpdateFunctionCode"]), allow("iam:PassRole", RUNS_AS)]
    answer = reach(account(user("ana", *rights)), "ana")
    assert targets(answer) == [
        ("invoke", FUNCTION, "allowed"),
        ("rewrite", FUNCTION, "allowed"),
        ("pass", RUNS_AS, "allowed"),
    ]


def test_an_administrator() -> None:
    assert reach(account(role("runs", allow("*", "*")))).administrator is Verdict.ALLOWED


def test_a_role_that_is_not_in_view_leaves_an_answer_that_is_unknown() -> None:
    answer = reach(account())
    assert (answer.subject, answer.principal) == (FUNCTION, RUNS_AS)
    assert (answer.rows, answer.targets, answer.administrator) == ((), (), Verdict.UNKNOWN)
    (gap,) = answer.not_read
    assert RUNS_AS in gap.error and gap.effect == "what the function reaches is unknown"
    assert (gap.source, gap.pointer) == ("list-functions.json", "/Functions/0")


def test_a_role_that_is_not_told() -> None:
    """A function that only its policy tells of."""
    texts = {"get-policy.json": json.dumps({"Policy": json.dumps(document(grant("*")))})}
    answer = reach(texts)
    assert (answer.principal, answer.administrator) == ("", Verdict.UNKNOWN)
    assert any("not told" in gap.error for gap in answer.not_read)


def test_an_unknown_name() -> None:
    with pytest.raises(UnknownName) as raised:
        reach(account(role("runs")), "order")
    assert raised.value.nearest == ("orders",)
