"""Where the resource's own policy has to allow in words, and where nothing has to.

IAM User Guide, "Policy evaluation logic"; KMS Developer Guide, "Key policies"; STS Reference, "GetCallerIdentity".
"""

from __future__ import annotations

import pytest

from .asking import ROLE, SESSION, USER, A, B, allow, ask, deny, document, naming, verdict

KEY = f"arn:aws:kms:us-east-1:{A}:key/1234"
CASES = [("sts:AssumeRole", ROLE), ("sts:TagSession", ROLE), ("kms:Decrypt", KEY), ("KMS:Decrypt", KEY)]


@pytest.mark.parametrize(("action", "resource"), CASES)
def test_identity_policies_alone_do_not_suffice(action: str, resource: str) -> None:
    own = {"identity": allow("*")}
    answer = ask(USER, action, resource, **own)
    assert (answer["verdict"], answer["denied_by"]) == ("denied", "implicit:resource_policy")
    for silent in (document(allow("s3:*", Principal="*")), document(allow(action, Principal={"AWS": B}))):
        assert verdict(USER, action, resource, resource_policy=silent, **own) == "denied"


@pytest.mark.parametrize(("action", "resource"), CASES)
@pytest.mark.parametrize("account", [A, f"arn:aws:iam::{A}:root"])
def test_an_account_delegates_to_identity_policies(action: str, resource: str, account: str) -> None:
    policy = naming({"AWS": account}, action=action)
    assert verdict(USER, action, resource, resource_policy=policy, identity=allow("*")) == "allowed"
    answer = ask(USER, action, resource, resource_policy=policy)
    assert (answer["verdict"], answer["denied_by"]) == ("denied", "implicit:identity_policy")


@pytest.mark.parametrize(("action", "resource"), CASES)
def test_a_caller_named_directly_needs_no_more(action: str, resource: str) -> None:
    assert verdict(USER, action, resource, resource_policy=naming({"AWS": USER}, action=action)) == "allowed"
    assert verdict(SESSION, action, resource, resource_policy=naming({"AWS": ROLE}, action=action)) == "allowed"
    # Not so from another account.
    stranger = f"arn:aws:iam::{B}:user/x"
    policy = naming({"AWS": stranger}, action=action)
    assert verdict(stranger, action, resource, resource_policy=policy) == "denied"
    assert verdict(stranger, action, resource, resource_policy=policy, identity=allow("*")) == "allowed"


@pytest.mark.parametrize(("action", "resource"), CASES)
def test_not_even_the_root_user_is_let_in_without(action: str, resource: str) -> None:
    assert verdict(A, action, resource) == "denied"
    assert verdict(A, action, resource, resource_policy=naming({"AWS": A}, action=action)) == "allowed"


def test_a_trust_policy_needs_no_resource_element() -> None:
    trust = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:*", "Principal": {"AWS": USER}}]}
    assert verdict(USER, "sts:AssumeRole", ROLE, resource_policy=trust) == "allowed"
    assert verdict(SESSION, "sts:AssumeRole", ROLE, resource_policy=trust) == "denied"


def test_services_elsewhere_need_one_side_only() -> None:
    for action, resource in (
        ("kms:CreateKey", "*"),
        ("sts:GetSessionToken", "*"),
        ("iam:PassRole", ROLE),
        ("sqs:SendMessage", f"arn:aws:sqs:us-east-1:{A}:q"),
    ):
        assert verdict(USER, action, resource, identity=allow("*")) == "allowed", action


def test_get_caller_identity_needs_nothing_and_heeds_no_deny() -> None:
    for caller in (USER, SESSION, A):
        for fields in ({}, {"identity": deny("*")}, {"service_control_policies": [[document(deny("*"))]]}):
            answer = ask(caller, "sts:GetCallerIdentity", "*", **fields)
            assert answer == {"id": "t", "verdict": "allowed", "denied_by": None, "because": [], "conditions": []}
    assert verdict(USER, "STS:getcalleridentity", "*") == "allowed"
