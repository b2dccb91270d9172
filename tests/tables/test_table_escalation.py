"""What being allowed certain actions does to somebody's own rights."""

from __future__ import annotations

import re

import pytest

from permcheck.data import actions, escalation
from permcheck.graph.asked import GRANTS, IAM_WRITE, PROBED, REWRITES


def test_every_action_is_one_of_aws() -> None:
    named = [
        *(edit.action for edit in escalation.iam_edits()),
        *(edit.action for edit in escalation.function_edits()),
        *(action for service in escalation.services() for action in service.needs),
    ]
    assert [action for action in named if actions.matching(action) != (action,)] == []


@pytest.mark.parametrize("edit", escalation.iam_edits(), ids=lambda edit: edit.action)
def test_the_resource_is_of_the_kind_the_action_takes(edit: escalation.IamEdit) -> None:
    assert f":{edit.on}/" in min(actions.resource_types(edit.action), key=lambda kind: not kind.required).arn


def test_each_row_is_there_once_and_names_its_page() -> None:
    edits = [edit.action for edit in escalation.iam_edits()] + [e.action for e in escalation.function_edits()]
    assert len(edits) == len(set(edits))
    needs = [(service.service, service.needs) for service in escalation.services()]
    assert len(needs) == len(set(needs))
    pages = [edit.reference for edit in escalation.iam_edits()]
    pages += [edit.reference for edit in escalation.function_edits()]
    pages += [service.reference for service in escalation.services()]
    assert all(re.fullmatch(r"[^,]+, .+", page) for page in pages)


def test_what_the_rest_makes_of_it() -> None:
    assert "iam:AttachUserPolicy" in IAM_WRITE
    assert "iam:DeleteUserPermissionsBoundary" not in IAM_WRITE
    assert REWRITES == ("lambda:UpdateFunctionCode", "lambda:UpdateFunctionConfiguration")
    assert GRANTS == ("lambda:AddPermission", "lambda:PutResourcePolicy")
    assert set(IAM_WRITE) <= set(PROBED)


def test_lambda_comes_first() -> None:
    assert escalation.services()[0].service == "lambda.amazonaws.com"


def test_the_day_it_was_made() -> None:
    assert escalation.made() >= "2026-11-21"
