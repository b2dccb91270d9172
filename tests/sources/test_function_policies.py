"""get-policy and get-resource-policy: which function a policy is on, and what is left of a damaged one."""

import json

import pytest

from permcheck.model import PolicyKind
from tests.sources.captures import (
    ACCOUNT,
    FUNCTION,
    configuration,
    document,
    functions,
    granting,
    policy_on,
    policy_output,
    read,
    statement,
    the_function,
    the_gap,
)

FUNCTIONS = functions(configuration(), configuration("other"))


def test_the_function_of_the_resource() -> None:
    facts = read({"f.json": FUNCTIONS, "p.json": policy_output(granting(FUNCTION))})
    policy = policy_on(the_function(facts))
    assert policy is not None
    assert (policy.kind, policy.attached_to, policy.trust) == (PolicyKind.RESOURCE, FUNCTION, False)
    assert (policy.source, policy.pointer, policy.name) == ("p.json", "/Policy", "function policy")
    assert policy.statements[0].principals is not None
    assert policy_on(the_function(facts, "other")) is None
    assert facts.not_read == ()


@pytest.mark.parametrize("qualifier", ["live", "3"])
def test_the_qualifier_of_the_resource(qualifier: str) -> None:
    facts = read({"p.json": policy_output(granting(f"{FUNCTION}:{qualifier}"))})
    found = the_function(facts)
    assert [q.name for q in found.qualifiers] == ["", qualifier]
    assert policy_on(found) is None
    policy = policy_on(found, qualifier)
    assert policy is not None
    assert policy.attached_to == f"{FUNCTION}:{qualifier}"
    assert not found.listed


def test_several_resources_are_several_places() -> None:
    policy = document(
        *(statement(Principal="*", Resource=r) for r in (FUNCTION, f"{FUNCTION}:live", [FUNCTION, f"{FUNCTION}-2"]))
    )
    facts = read({"p.json": policy_output(policy)})
    assert [f.name for f in facts.functions] == ["resize", "resize-2"]
    on = [policy_on(facts.functions[0]), policy_on(facts.functions[0], "live"), policy_on(facts.functions[1])]
    assert all(p is not None and len(p.statements) == 3 for p in on)


def test_a_wildcard_qualifier_names_its_function() -> None:
    facts = read({"p.json": policy_output(granting(f"{FUNCTION}:*"))})
    assert [f.arn for f in facts.functions] == [FUNCTION]
    assert policy_on(the_function(facts)) is not None


def test_a_pattern_that_fits_one_function() -> None:
    facts = read({"f.json": FUNCTIONS, "p.json": policy_output(granting(f"{FUNCTION[:-3]}*"))})
    assert policy_on(the_function(facts)) is not None
    assert policy_on(the_function(facts, "other")) is None


@pytest.mark.parametrize(
    ("name", "qualifier"), [("get-policy.resize.json", ""), ("get-policy.resize.live.json", "live")]
)
@pytest.mark.parametrize("resource", ["*", f"arn:aws:lambda:*:{ACCOUNT}:function:*"])
def test_the_function_of_the_files_name(name: str, qualifier: str, resource: str) -> None:
    facts = read({"f.json": FUNCTIONS, name: policy_output(granting(resource))})
    assert policy_on(the_function(facts), qualifier) is not None
    assert facts.not_read == ()


@pytest.mark.parametrize(
    "policy",
    [
        granting("*"),
        granting(f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:*"),
        document({"Effect": "Deny", "Principal": "*", "Action": "lambda:*", "NotResource": FUNCTION}),
        document({"Effect": "Allow", "Principal": "*", "Action": "lambda:InvokeFunction"}),
    ],
)
def test_a_policy_of_no_function(policy: dict[str, object]) -> None:
    facts = read({"f.json": FUNCTIONS, "p.json": policy_output(policy)})
    assert all(policy_on(f) is None for f in facts.functions)
    assert the_gap(facts).error.startswith("it does not say which function it is on")
    assert [(p.kind, p.attached_to) for p in facts.policies] == [(PolicyKind.RESOURCE, None)]


def test_an_empty_policy_says_nothing() -> None:
    facts = read({"f.json": FUNCTIONS, "p.json": policy_output({"Version": "2012-10-17", "Statement": []})})
    assert facts.not_read == ()


def test_a_policy_that_aws_would_refuse_is_unread_on_its_function() -> None:
    wrong = granting(FUNCTION)
    wrong["Statement"][0]["Effect"] = "Maybe"
    facts = read({"f.json": FUNCTIONS, "p.json": policy_output(wrong)})
    policy = policy_on(the_function(facts))
    assert policy is not None
    assert (policy.document, policy.unread) == (None, "Effect is Allow or Deny, not 'Maybe'")
    gap = the_gap(facts)
    assert (gap.pointer, gap.effect) == ("/Policy/Statement/0/Effect", "who may invoke resize is unknown")


def test_a_cut_text_in_a_whole_file() -> None:
    text = json.dumps(granting(f"{FUNCTION}:live", Condition={"ArnLike": {"AWS:SourceArn": "x"}}))[:-20]
    facts = read({"f.json": FUNCTIONS, "p.json": policy_output(text)})
    policy = policy_on(the_function(facts), "live")
    assert policy is not None
    assert policy.document is None
    assert policy.attached_to == f"{FUNCTION}:live"
    gap = the_gap(facts)
    assert gap.error.startswith("the policy text cannot be read: broken JSON: the text ends in the middle")
    assert (gap.pointer, gap.effect) == ("/Policy", "who may invoke resize:live is unknown")


def test_a_cut_file() -> None:
    whole = json.dumps(policy_output(granting(FUNCTION, Condition={"ArnLike": {"AWS:SourceArn": "x"}})), indent=4)
    cut = whole[: whole.index("SourceArn")]
    facts = read({"f.json": FUNCTIONS, "anything.json": cut})
    policy = policy_on(the_function(facts))
    assert policy is not None
    assert (policy.document, policy.attached_to) == (None, FUNCTION)
    gap = the_gap(facts)
    assert (gap.line, gap.effect) == (2, "who may invoke resize is unknown")


@pytest.mark.parametrize("content", [b"\0\1\2", b'{"Policy": "{', b"<html>", b'{"a": \xff'])
def test_a_damaged_file_leaves_unknown_what_it_is_named_after(content: bytes) -> None:
    facts = read({"f.json": FUNCTIONS, "get-policy.resize.json": content})
    policy = policy_on(the_function(facts))
    assert policy is not None
    assert policy.document is None
    assert policy_on(the_function(facts, "other")) is None
    assert the_gap(facts).effect == "who may invoke the function it is named after is unknown"


def test_an_empty_file_is_no_sign_of_a_policy() -> None:
    facts = read({"f.json": FUNCTIONS, "get-policy.resize.json": ""})
    assert policy_on(the_function(facts)) is None
    gap = the_gap(facts)
    assert gap.error == "it is empty"
    assert "the AWS CLI leaves an empty file where a call failed" in gap.effect


def test_policies_of_other_services_are_in_view_but_on_no_function() -> None:
    bucket = document(statement(Principal="*", Action="s3:GetObject", Resource="arn:aws:s3:::b/*"))
    key = document(statement(Principal="*", Action="kms:*", Resource="*"))
    facts = read({"f.json": FUNCTIONS, "bucket.json": policy_output(bucket), "key.json": policy_output(key)})
    assert all(policy_on(f) is None for f in facts.functions)
    assert [(p.name, p.source) for p in facts.policies] == [
        ("resource policy", "bucket.json"),
        ("resource policy", "key.json"),
    ]
    assert facts.not_read == ()
