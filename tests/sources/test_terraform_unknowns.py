"""What a plan leaves open about a policy document: nothing of it is dropped, and nothing of it guessed.

AWS provider documentation, "aws_iam_policy_document"; Terraform, "JSON Output Format" ("dynamic" blocks are not in it).
"""

from typing import Any

from permcheck.model import Facts
from tests.sources.terraform_plan import Json, Ref, Resource, plan
from tests.sources.test_terraform import TRUST, facts, role

ACTION = {"actions": ["lambda:InvokeFunction"], "resources": ["*"]}


def _plan(statements: list[Json]) -> Json:
    return plan(
        role(),
        Resource("aws_iam_policy_document", "d", {"statement": statements}, "data"),
        Resource(
            "aws_iam_role_policy",
            "p",
            {"name": "p", "role": "worker", "policy": Ref("data.aws_iam_policy_document.d", "json")},
        ),
    )


def _statements(document: Json) -> list[Any]:
    (found,) = facts(document).roles
    return [s for policy in found.policies for s in policy.statements]


def _changed(document: Json, unknown: Any, drop: bool = True) -> Json:
    """Make something of the document unknown. drop: leave it out of how things are written, as dynamic blocks are."""
    for change in document["resource_changes"]:
        if change["type"] == "aws_iam_policy_document":
            change["change"]["after_unknown"]["statement"] = unknown
    for planned in document["planned_values"]["root_module"]["resources"]:
        if planned["type"] == "aws_iam_policy_document" and unknown is True:
            del planned["values"]["statement"]
    for block in document["configuration"]["root_module"]["resources"]:
        if block["type"] == "aws_iam_policy_document" and drop:
            block["expressions"].pop("statement", None)
    return document


def test_two_conditions_on_one_key_are_one_list() -> None:
    def condition(account: str) -> Json:
        return {"test": "StringEquals", "variable": "aws:PrincipalAccount", "values": [account]}

    statement = {**ACTION, "condition": [condition("111122223333"), condition("444455556666")]}
    # Something else is unknown, so that the provider has not written the document yet.
    document = _changed(_plan([statement]), [{"sid": True}], drop=False)
    for found in _statements(document):
        (own,) = [c for c in found.conditions if c.key == "aws:PrincipalAccount"]
        assert own.values == ("111122223333", "444455556666")


def test_a_deny_with_a_condition_that_nobody_knows_is_not_sure() -> None:
    document = _changed(_plan([{**ACTION, "effect": "Deny", "condition": []}]), [{"condition": True}])
    sure = [s for s in _statements(document) if s.effect == "Deny" and not s.conditions]
    assert sure == []


def test_one_block_of_conditions_that_nobody_knows_is_not_dropped() -> None:
    document = _changed(_plan([{**ACTION, "effect": "Deny", "condition": []}]), [{"condition": [True]}])
    assert [s for s in _statements(document) if s.effect == "Deny" and not s.conditions] == []


def test_statements_of_a_dynamic_block_that_nobody_knows_leave_the_policy_unknown() -> None:
    found = facts(_changed(_plan([ACTION]), True))
    assert [policy.unread is None for policy in found.roles[0].policies] == [False]
    assert any("not known before deploy" in each.error for each in found.not_read)


def test_principals_that_nobody_knows_are_not_everybody() -> None:
    trust = {"actions": ["sts:AssumeRole"], "principals": [{"type": "AWS", "identifiers": ["111122223333"]}]}
    document = plan(
        Resource("aws_iam_policy_document", "d", {"statement": [trust]}, "data"),
        Resource(
            "aws_iam_role", "r", {"name": "r", "assume_role_policy": Ref("data.aws_iam_policy_document.d", "json")}
        ),
    )
    found = facts(_changed(document, [{"principals": True}]))
    (one,) = found.roles
    statements = one.trust.statements if one.trust is not None else ()
    assert [s for s in statements if s.is_allow and not s.widened and "*" in str(s.principals)] == []


def test_an_instance_that_each_value_chooses_is_not_guessed() -> None:
    def roles() -> list[Resource]:
        return [Resource("aws_iam_role", "r", {"assume_role_policy": TRUST}, index=key) for key in ("a", "b")]

    def chosen(by: str) -> Facts:
        own = [
            Resource(
                "aws_lambda_function",
                "f",
                {"function_name": f"f-{key}", "role": Ref("aws_iam_role.r", "arn")},
                index=key,
            )
            for key in ("a", "b")
        ]
        document = plan(*roles(), *own)
        for block in document["configuration"]["root_module"]["resources"]:
            if block["type"] == "aws_lambda_function":
                block["expressions"]["role"] = {"references": [by, "aws_iam_role.r"]}
        return facts(document)

    by_key, by_value = chosen("each.key"), chosen("each.value")
    names = {r.arn for r in by_key.roles}
    assert {f.role for f in by_key.functions} == names
    assert not names & {f.role for f in by_value.functions}
    assert any("execution role" in each.error for each in by_value.not_read)
