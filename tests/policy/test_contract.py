"""The contract of ``permcheck evaluate``: the exact fields of an answer, and what a request may leave out."""

from __future__ import annotations

import json

import pytest

from permcheck.policy import evaluate_request

from .asking import FUNCTION, INVOKE, NEW, SESSION, USER, Json, allow, ask, deny, document, naming, verdict

MINIMAL: Json = {"principal": USER, "action": INVOKE, "resource": FUNCTION}


def test_an_answer_in_full() -> None:
    answer = ask(
        SESSION,
        identity_policies=[document(deny("s3:*"), allow()), document(allow("lambda:*"))],
        resource_policy=document(allow(Principal={"AWS": USER}), allow(Principal="*")),
        service_control_policies=[[document(allow("*"))], [document(allow("s3:*")), document(allow(NotAction="s3:*"))]],
    )
    assert list(answer) == ["id", "verdict", "denied_by", "because", "conditions"]
    assert {k: answer[k] for k in ("id", "verdict", "denied_by", "conditions")} == {
        "id": "t",
        "verdict": "allowed",
        "denied_by": None,
        "conditions": [],
    }
    assert sorted(answer["because"], key=lambda b: (b["policy"], b["statement"])) == [
        {"policy": "identity_policies/0", "statement": 1, "effect": "Allow"},
        {"policy": "identity_policies/1", "statement": 0, "effect": "Allow"},
        {"policy": "resource_policy", "statement": 1, "effect": "Allow"},
        {"policy": "service_control_policies/0/0", "statement": 0, "effect": "Allow"},
        {"policy": "service_control_policies/1/1", "statement": 0, "effect": "Allow"},
    ]
    assert json.loads(json.dumps(answer)) == answer


def test_an_explicit_deny_names_every_statement_and_the_first_layer() -> None:
    answer = ask(
        SESSION,
        identity_policies=[document(allow(), deny())],
        permissions_boundary=document(allow(), deny("lambda:*")),
        session_policies=[document(allow()), document(deny())],
    )
    assert answer == {
        "id": "t",
        "verdict": "denied",
        "denied_by": "explicit:identity_policy",
        "because": [
            {"policy": "identity_policies/0", "statement": 1, "effect": "Deny"},
            {"policy": "permissions_boundary", "statement": 1, "effect": "Deny"},
            {"policy": "session_policies/1", "statement": 0, "effect": "Deny"},
        ],
        "conditions": [],
    }


def test_an_implicit_deny() -> None:
    expected = {
        "id": "t",
        "verdict": "denied",
        "denied_by": "implicit:identity_policy",
        "because": [],
        "conditions": [],
    }
    assert ask(USER) == expected


def test_missing_fields_mean_none() -> None:
    assert evaluate_request(MINIMAL)["id"] is None
    empty: Json = {
        "id": 7,
        "context": None,
        "identity_policies": None,
        "permissions_boundary": None,
        "session_policies": [],
        "resource_policy": None,
        "service_control_policies": [],
        "resource_control_policies": None,
        "resource_account": None,
    }
    answer = evaluate_request(MINIMAL | empty | {"identity_policies": [document(allow())]})
    assert (answer["id"], answer["verdict"]) == (7, "allowed")


def test_context_values() -> None:
    for given, condition in [
        ("x", {"StringEquals": {"k:x": "x"}}),
        (["x"], {"StringEquals": {"k:x": "x"}}),
        (True, {"Bool": {"k:x": "true"}}),
        (False, {"Bool": {"k:x": "false"}}),
        (5, {"NumericEquals": {"k:x": "5"}}),
        (1.5, {"NumericEquals": {"k:x": "1.5"}}),
        (["a", 2, True], {"ForAllValues:StringEquals": {"k:x": ["a", "2", "true"]}, "Null": {"k:x": "false"}}),
        ([], {"Null": {"k:x": "true"}}),
    ]:
        assert verdict(context={"k:x": given}, identity=allow(condition=condition)) == "allowed", given
    assert verdict(identity=allow(condition={"Null": {"k:x": "true"}})) == "allowed"


@pytest.mark.parametrize("key", ["aws:PrincipalArn", "aws:PrincipalAccount", "aws:username", "aws:ResourceAccount"])
def test_no_key_is_added_to_the_context(key: str) -> None:
    assert verdict(USER, identity=allow(condition={"Null": {key: "true"}})) == "allowed"
    assert verdict(USER, context_complete=False, identity=allow(condition={"Null": {key: "true"}})) == "conditional"


def test_the_request_is_left_as_it_was() -> None:
    asked = MINIMAL | {
        "identity_policies": [document(allow())],
        "resource_policy": naming("*"),
        "context": {"k:x": ["1"]},
    }
    before = json.dumps(asked)
    evaluate_request(asked)
    assert json.dumps(asked) == before


def test_versions_may_differ_between_documents() -> None:
    condition = {"StringEquals": {"k:x": "${k:y}"}}
    old, new = document(deny(condition=condition), version=None), document(allow(condition=condition), version=NEW)
    context = {"k:x": "1", "k:y": "1"}
    assert verdict(context=context, identity_policies=[old, new]) == "allowed"
    literal = {"k:x": "${k:y}", "k:y": "${k:y}"}
    assert verdict(context=literal, identity_policies=[old, new]) == "denied"


def test_what_aws_owns_is_no_other_account() -> None:
    """IAM User Guide, "AWS managed policies": everybody may use them; the caller's own policies say what it may do."""
    asked = MINIMAL | {"action": "iam:GetPolicy", "resource": "arn:aws:iam::aws:policy/ReadOnlyAccess"}
    mine = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "iam:GetPolicy", "Resource": "*"}}
    assert evaluate_request(asked | {"identity_policies": [mine]})["verdict"] == "allowed"
    assert evaluate_request(asked)["denied_by"] == "implicit:identity_policy"
