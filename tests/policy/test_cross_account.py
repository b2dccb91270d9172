"""A caller of another account (IAM User Guide, "Cross-account policy evaluation logic")."""

from __future__ import annotations

import pytest

from .asking import FUNCTION, OTHER, A, B, Json, allow, ask, deny, document, naming, verdict

ROLE = f"arn:aws:iam::{B}:role/App"
SESSION = f"arn:aws:sts::{B}:assumed-role/App/s1"
USER = f"arn:aws:iam::{B}:user/alice"
SILENT = document(allow("s3:*"))


@pytest.mark.parametrize(
    ("caller", "principal"),
    [
        (USER, {"AWS": USER}),
        (USER, {"AWS": B}),
        (USER, "*"),
        (SESSION, {"AWS": ROLE}),
        (SESSION, {"AWS": SESSION}),
        (SESSION, {"AWS": f"arn:aws:iam::{B}:root"}),
        (SESSION, {"AWS": "*"}),
    ],
)
def test_both_sides_must_allow(caller: str, principal: object) -> None:
    policy, own = naming(principal), [document(allow())]
    assert verdict(caller, resource_policy=policy, identity_policies=own) == "allowed"
    assert verdict(caller, resource_policy=policy) == "denied"
    assert verdict(caller, identity_policies=own) == "denied"
    assert verdict(caller, resource_policy=naming({"AWS": OTHER}), identity_policies=own) == "denied"
    # However the caller is named, its own account's limits all count.
    both: Json = {"resource_policy": policy, "identity_policies": own}
    assert verdict(caller, permissions_boundary=SILENT, **both) == "denied"
    assert verdict(caller, service_control_policies=[[SILENT]], **both) == "denied"
    if caller == SESSION:
        assert verdict(caller, session_policies=[SILENT], **both) == "denied"


def test_a_deny_on_either_side_wins() -> None:
    open_to_all = document(allow(Principal="*"))
    closed = document(allow(Principal="*"), deny(Principal={"AWS": B}))
    assert verdict(USER, resource_policy=closed, identity=allow()) == "denied"
    forbidding = [document(allow(), deny())]
    assert verdict(USER, resource_policy=open_to_all, identity_policies=forbidding) == "denied"


def test_another_account_as_a_whole() -> None:
    """Its administrator can do whatever the resource's side lets the account do."""
    assert verdict(B, resource_policy=naming({"AWS": B})) == "allowed"
    assert verdict(B, resource_policy=naming({"AWS": OTHER})) == "denied"
    assert verdict(B) == "denied"
    assert verdict(A) == "allowed"
    assert verdict(B, resource_policy=naming("*"), service_control_policies=[[SILENT]]) == "denied"


@pytest.mark.parametrize(
    ("layer", "fields"),
    [
        ("resource_policy", {"identity": allow()}),
        ("resource_policy", {}),
        ("identity_policy", {"resource_policy": naming("*")}),
        ("permissions_boundary", {"resource_policy": naming("*"), "identity": allow(), "permissions_boundary": SILENT}),
        ("scp", {"resource_policy": naming("*"), "identity": allow(), "service_control_policies": [[SILENT]]}),
    ],
)
def test_the_first_silent_layer_is_named(layer: str, fields: Json) -> None:
    assert ask(USER, **fields)["denied_by"] == f"implicit:{layer}"


def test_the_owner_of_a_resource_whose_arn_does_not_tell() -> None:
    asked: Json = {"action": "s3:GetObject", "resource": "arn:aws:s3:::bucket/key", "identity": allow("s3:*")}
    assert verdict(USER, **asked) == "allowed"
    assert verdict(USER, resource_account=B, **asked) == "allowed"
    assert verdict(USER, resource_account=A, **asked) == "denied"
    assert verdict(USER, resource_account=A, resource_policy=naming("*", action="s3:*"), **asked) == "allowed"
    # An ARN that does tell is believed.
    assert verdict(USER, resource=FUNCTION, resource_account=B, identity=allow()) == "denied"
