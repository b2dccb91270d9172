"""What a grant by the resource policy is worth within one account, and which layers still limit it.

IAM User Guide, "Policy evaluation logic" (policy-eval-denyallow), "Permissions boundaries", "Principal".
"""

from __future__ import annotations

from typing import Any

import pytest

from .asking import FEDERATED_USER, ROLE, SESSION, USER, A, Json, allow, ask, deny, document, naming, verdict

SILENT = document(allow("s3:*"))
FORBIDDING = document(allow("*"), deny())
ARN_KEY = "aws:PrincipalArn"
AS_ROLE = {ARN_KEY: ROLE}
SERVICE = "s3.amazonaws.com"

# (what the Allow names, the caller, needs an identity Allow, limited by a silent boundary, by a silent session policy)
GRANTS = [
    ("user ARN", {"AWS": USER}, None, USER, False, False, None),
    ("role ARN", {"AWS": ROLE}, None, SESSION, False, True, True),
    ("role ARN, session not named", {"AWS": ROLE}, None, ROLE, False, True, True),
    ("session ARN", {"AWS": SESSION}, None, SESSION, False, False, False),
    ("* with aws:PrincipalArn", "*", {"ArnEquals": AS_ROLE}, SESSION, False, False, False),
    ("* for a session", "*", None, SESSION, False, False, False),
    ("* for a role", {"AWS": "*"}, None, ROLE, False, False, False),
    ("* for a user", "*", None, USER, False, False, None),
    ("federated user ARN", {"AWS": FEDERATED_USER}, None, FEDERATED_USER, False, False, False),
    ("own account, user", {"AWS": A}, None, USER, True, True, None),
    ("own account, session", {"AWS": f"arn:aws:iam::{A}:root"}, None, SESSION, True, True, True),
    ("own account, federated user", {"AWS": A}, None, FEDERATED_USER, True, True, True),
]


@pytest.mark.parametrize(("name", "principal", "condition", "caller", "needs", "bounded", "cut"), GRANTS)
def test_grant(
    name: str, principal: object, condition: object, caller: str, needs: bool, bounded: bool, cut: bool | None
) -> None:
    def said(**fields: Any) -> str:
        policy = naming(principal, condition=condition)
        return verdict(caller, context=AS_ROLE if condition else {}, resource_policy=policy, **fields)

    def word(denied: bool) -> str:
        return "denied" if denied else "allowed"

    own = [document(allow())]
    assert said() == word(needs)
    assert said(identity_policies=own) == "allowed"
    mine: Json = {"identity_policies": own} if needs else {}
    assert said(permissions_boundary=SILENT, **mine) == word(bounded)
    assert said(permissions_boundary=document(allow()), **mine) == "allowed"
    assert said(permissions_boundary=FORBIDDING, **mine) == "denied"
    assert said(identity_policies=[FORBIDDING]) == "denied"
    if cut is not None:
        assert said(session_policies=[SILENT], **mine) == word(cut)
        assert said(session_policies=[document(allow())], **mine) == "allowed"
        assert said(session_policies=[FORBIDDING], **mine) == "denied"
        assert said(session_policies=[SILENT, document(allow())], **mine) == "allowed"


def test_a_service_has_no_identity_side() -> None:
    policy = naming({"Service": SERVICE})
    limits: Json = {
        "permissions_boundary": FORBIDDING,
        "session_policies": [FORBIDDING],
        "identity_policies": [FORBIDDING],
    }
    assert verdict(SERVICE, resource_policy=policy, **limits) == "allowed"
    assert verdict(SERVICE, resource_policy=policy, service_control_policies=[[FORBIDDING]]) == "allowed"
    assert verdict(SERVICE, identity=allow()) == "denied"


def test_one_side_is_enough_within_an_account() -> None:
    assert verdict(SESSION, identity=allow()) == "allowed"
    assert verdict(SESSION, identity=allow("s3:*"), resource_policy=naming({"AWS": ROLE})) == "allowed"
    assert verdict(SESSION, identity=allow(), resource_policy=naming({"AWS": USER})) == "allowed"
    assert verdict(SESSION) == "denied"


def test_a_deny_anywhere_wins() -> None:
    base: Json = {"identity_policies": [document(allow())], "resource_policy": naming({"AWS": SESSION})}
    everything = document(allow("*"))
    for layer, field, value in [
        ("identity_policy", "identity_policies", [everything, FORBIDDING]),
        ("resource_policy", "resource_policy", document(allow(Principal="*"), deny(Principal={"AWS": A}))),
        ("permissions_boundary", "permissions_boundary", FORBIDDING),
        ("session_policy", "session_policies", [everything, FORBIDDING]),
        ("scp", "service_control_policies", [[everything], [everything, FORBIDDING]]),
    ]:
        answer = ask(SESSION, **(base | {field: value}))
        assert (answer["verdict"], answer["denied_by"]) == ("denied", f"explicit:{layer}")
        assert [b["effect"] for b in answer["because"]] == ["Deny"]


def test_the_boundary_and_the_session_policy_grant_nothing() -> None:
    assert verdict(SESSION, permissions_boundary=document(allow())) == "denied"
    assert verdict(SESSION, session_policies=[document(allow())]) == "denied"
    both: Json = {"permissions_boundary": document(allow()), "session_policies": [document(allow())]}
    assert verdict(SESSION, **both) == "denied"
    assert verdict(SESSION, identity=allow(), **both) == "allowed"


def test_a_user_has_no_session_policy() -> None:
    assert verdict(USER, identity=allow(), session_policies=[SILENT]) == "allowed"


@pytest.mark.parametrize(
    ("layer", "fields"),
    [
        ("identity_policy", {}),
        ("identity_policy", {"permissions_boundary": SILENT, "session_policies": [SILENT]}),
        ("permissions_boundary", {"identity": allow(), "permissions_boundary": SILENT, "session_policies": [SILENT]}),
        ("session_policy", {"identity": allow(), "session_policies": [SILENT]}),
        ("scp", {"identity": allow(), "service_control_policies": [[document(allow())], [SILENT]]}),
        ("scp", {"service_control_policies": [[SILENT]]}),
        ("permissions_boundary", {"resource_policy": naming({"AWS": ROLE}), "permissions_boundary": SILENT}),
        ("session_policy", {"resource_policy": naming({"AWS": ROLE}), "session_policies": [SILENT]}),
    ],
)
def test_the_first_silent_layer_is_named(layer: str, fields: Json) -> None:
    answer = ask(SESSION, **fields)
    assert (answer["verdict"], answer["denied_by"], answer["because"]) == ("denied", f"implicit:{layer}", [])
