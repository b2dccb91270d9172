"""Declared things laid over an account: replaced whole, added in part, nothing else touched."""

import json
from dataclasses import replace

from permcheck import diff
from permcheck.config import Config
from permcheck.diff import overlay
from permcheck.model import Change, Facts, Qualifier
from tests.diff.asking import READ, account
from tests.diff.test_compare import ANY
from tests.sources.captures import (
    FUNCTION,
    Json,
    details,
    document,
    inline,
    read,
    role,
    statement,
    the_function,
    the_role,
)
from tests.sources.cloudformation.checking import worlds

NOTHING = Config(ignore=("PC0*",))


def declared(*statements: Json, name: str = "resize-role", policy: str = "new") -> Facts:
    """A template's facts: one role, whole."""
    return read({"template.json": details(role(name, RolePolicyList=[inline(policy, document(*statements))]))})


def test_nothing_declared_changes_nothing() -> None:
    there = read(account(public=ANY))
    laid = overlay(there, Facts())
    assert (laid.roles, laid.functions, laid.inputs) == (there.roles, there.functions, there.inputs)
    assert {id(policy) for policy in laid.policies} == {id(policy) for policy in there.policies}
    assert not diff.against(there, [Facts()], NOTHING).changes


def test_the_same_declared_changes_nothing() -> None:
    assert not diff.against(read(account(public=ANY)), [read(account(public=ANY))], NOTHING).changes


def test_a_policy_takes_the_place_of_the_one_of_its_name() -> None:
    there = read(account())
    declaration = declared(statement(Action="sqs:SendMessage"), policy="own")
    laid = overlay(there, declaration)
    assert [policy.name for policy in the_role(laid).policies] == ["own"]
    assert [role.name for role in laid.roles] == ["other", "resize-role"]
    assert not {policy.source for policy in laid.policies if policy.attached_to == the_role(laid).arn} - {
        "template.json"
    }
    found = diff.against(there, [declaration], NOTHING)
    assert {(each.change, each.actions[0].partition(":")[0]) for each in found.reach} == {
        (Change.NEW, "sqs"), (Change.LOST, "s3"),
    }  # fmt: skip
    assert found.new == ("template.json",)


def test_what_was_attached_by_hand_stays_and_counts() -> None:
    """The role is administrator by hand; the deploy opens the function: together that is a way to administrator."""
    there = read(account(statement(Action="*")))
    declaration = read({"template.json": account(READ, public=ANY)["get-policy.resize.json"]})
    role_alone = declared(READ)
    assert [policy.name for policy in the_role(overlay(there, role_alone)).policies] == ["own", "new"]
    found = diff.against(there, [role_alone, declaration], NOTHING)
    ends = [(each.severity, each.new and each.new.nodes[-1].kind) for each in found.paths]
    assert ("critical", "admin") in ends


def test_a_grant_that_was_deployed_before_is_there_once() -> None:
    there = read(account(public={**ANY, "Sid": "shop-Open-1A2B3C4D"}))
    laid = overlay(there, read({**account(public=ANY)}))
    policy = the_function(laid).qualifiers[0].policy
    assert policy is not None and [each.sid for each in policy.statements] == ["open"]


def test_grants_on_a_function_stay() -> None:
    there = read(account(public=ANY))
    laid = overlay(there, read(account()))
    policy = the_function(laid).qualifiers[0].policy
    assert policy is not None and [each.sid for each in policy.statements] == ["open"]
    assert not diff.against(there, [read(account())], NOTHING).changes


def test_a_policy_for_a_role_that_is_there_is_added() -> None:
    there = read(account())
    named = declared(statement(Action="sqs:SendMessage"))
    named = replace(named, roles=tuple(replace(each, trust=None) for each in named.roles))
    laid = overlay(there, named)
    assert [policy.name for policy in the_role(laid).policies] == ["own", "new"]
    assert the_role(laid).trust is the_role(there).trust
    assert {each.change for each in diff.against(there, [named], NOTHING).changes} == {Change.NEW}


def test_a_permission_for_a_function_that_is_there_is_added() -> None:
    there = read(account(public={**ANY, "Sid": "old", "Principal": {"AWS": "444455556666"}}))
    named = read({"template.json": account(public=ANY)["get-policy.resize.json"]})
    named = Facts(functions=(replace(the_function(named), listed=False),), policies=(), inputs=("template.json",))
    laid = overlay(there, named)
    policy = the_function(laid).qualifiers[0].policy
    assert policy is not None and [each.sid for each in policy.statements] == ["old", "open"]
    assert [policy.place(each.pointer) for each in policy.statements] == [
        ("get-policy.resize.json", "/Policy/Statement/0"),
        ("template.json", "/Policy/Statement/0"),
    ]
    found = diff.against(there, [named], NOTHING)
    assert (found.callers[0].change, found.callers[0].kind) == (Change.NEW, "aws")
    assert {each.change for each in found.callers} == {Change.NEW}


def test_an_alias_is_added_to_a_function_that_is_there() -> None:
    named = read(account())
    alias = Qualifier("live", source="template.json", version="3")
    function = replace(the_function(named), listed=False, qualifiers=(Qualifier(""), alias))
    laid = overlay(read(account()), Facts(functions=(function,)))
    assert [each.name for each in the_function(laid).qualifiers] == ["", "live"]


def test_what_is_new_is_there() -> None:
    laid = overlay(read(account()), declared(READ, name="worker"))
    assert [role.name for role in laid.roles] == ["other", "resize-role", "worker"]
    assert the_function(laid).arn == FUNCTION


def test_what_a_template_only_names_is_told_by_the_account() -> None:
    """A policy for a role that the template does not declare (AWS::IAM::Policy), and a function that runs as it."""
    there = read(account())
    arn = the_role(there).arn
    policy = {
        "PolicyName": "new",
        "Roles": [the_role(there).name],
        "PolicyDocument": document(statement(Action="s3:*")),
    }
    function = {"FunctionName": "another", "Role": arn, "Code": {"ZipFile": "x"}}
    resources = {
        "New": {"Type": "AWS::IAM::Policy", "Properties": policy},
        "Another": {"Type": "AWS::Lambda::Function", "Properties": function},
    }
    (named,) = worlds({"t.yaml": json.dumps({"Resources": resources})})
    assert len(named.not_read) == 2
    laid = overlay(there, named)
    assert laid.not_read == there.not_read
    found = the_role(laid).policies
    assert [policy.name for policy in found if policy.unread is not None] == []
    assert "new" in [policy.name for policy in found]
    assert overlay(Facts(), named).not_read == named.not_read
