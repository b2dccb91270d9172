"""Whom a Principal element names (IAM User Guide, "AWS JSON policy elements: Principal")."""

from __future__ import annotations

import pytest

from permcheck.errors import PermcheckError
from permcheck.policy import CallerKind, parse_caller

from .asking import FEDERATED_USER, FUNCTION, INVOKE, OTHER, ROLE, SESSION, USER, A, B, allow, document, naming, verdict

PATH_ROLE = f"arn:aws:iam::{A}:role/team/blue/App"
ASSUME_WEB = "sts:AssumeRoleWithWebIdentity"
COGNITO = "cognito-identity.amazonaws.com"

# (caller, Principal element, whether it names the caller so that within one account nothing else is needed)
NAMED = [
    (USER, {"AWS": USER}, True),
    (USER, {"AWS": [ROLE, USER]}, True),
    (USER, {"AWS": f"arn:aws:iam::{A}:user/Alice"}, False),
    (USER, {"AWS": f"arn:aws:iam::{B}:user/alice"}, False),
    (USER, {"AWS": f"arn:aws:iam::{A}:user/*"}, False),
    (USER, {"AWS": f"arn:aws:iam::{A}:*"}, False),
    (USER, {"AWS": "AIDAEXAMPLE"}, False),
    (USER, {"Service": USER}, False),
    (USER, {"CanonicalUser": USER}, False),
    (USER, "*", True),
    (USER, {"AWS": "*"}, True),
    (USER, {"AWS": ["*"]}, True),
    (USER, {"AWS": ["s3.amazonaws.com", "*"]}, True),
    (USER, {"Service": "*"}, False),
    (USER, {"Federated": "*"}, False),
    (USER, [USER], True),
    (USER, USER, True),
    (USER, ["*"], True),
    (SESSION, {"AWS": SESSION}, True),
    (SESSION, {"AWS": f"arn:aws:sts::{A}:assumed-role/App/s2"}, False),
    (SESSION, {"AWS": f"arn:aws:sts::{A}:assumed-role/App/*"}, False),
    (SESSION, {"AWS": ROLE}, True),
    (SESSION, {"AWS": f"arn:aws:iam::{A}:role/app"}, False),
    (SESSION, {"AWS": f"arn:aws:iam::{B}:role/App"}, False),
    (ROLE, {"AWS": ROLE}, True),
    (ROLE, {"AWS": SESSION}, False),
    (FEDERATED_USER, {"AWS": FEDERATED_USER}, True),
    (FEDERATED_USER, {"AWS": f"arn:aws:iam::{A}:user/bob"}, True),
    (FEDERATED_USER, {"AWS": f"arn:aws:iam::{A}:user/ann"}, False),
    ("s3.amazonaws.com", {"Service": "s3.amazonaws.com"}, True),
    ("s3.amazonaws.com", {"Service": ["sns.amazonaws.com", "s3.amazonaws.com"]}, True),
    ("s3.amazonaws.com", {"Service": "S3.amazonaws.com"}, True),
    ("s3.amazonaws.com", {"Service": "s3.us-east-1.amazonaws.com"}, False),
    ("s3.amazonaws.com", {"Service": "*"}, False),
    ("s3.amazonaws.com", {"AWS": "*"}, True),
    ("s3.amazonaws.com", "*", True),
    ("s3.amazonaws.com", {"AWS": A}, False),
    ("*", "*", True),
    ("*", {"AWS": "*"}, True),
    ("*", {"AWS": A}, False),
    ("*", {"AWS": USER}, False),
    # An account's administrator needs nobody's leave within the account.
    (A, {"AWS": B}, True),
    (f"arn:aws:iam::{A}:root", {"AWS": B}, True),
]


@pytest.mark.parametrize(("caller", "principal", "named"), NAMED)
def test_named_directly(caller: str, principal: object, named: bool) -> None:
    assert verdict(caller, resource_policy=naming(principal)) == ("allowed" if named else "denied")


@pytest.mark.parametrize("caller", [USER, SESSION, ROLE, FEDERATED_USER])
@pytest.mark.parametrize("account", [A, f"arn:aws:iam::{A}:root"])
def test_own_account_only_delegates(caller: str, account: str) -> None:
    """An account in Principal leaves the decision to its identity policies, and adds nothing to them."""
    policy = naming({"AWS": account})
    assert verdict(caller, resource_policy=policy) == "denied"
    assert verdict(caller, resource_policy=policy, identity=allow()) == "allowed"
    assert verdict(caller, identity=allow()) == "allowed"


@pytest.mark.parametrize("caller", [f"arn:aws:iam::{B}:user/x", f"arn:aws:iam::{B}:role/x", B])
@pytest.mark.parametrize("account", [B, f"arn:aws:iam::{B}:root"])
def test_other_account_is_let_in(caller: str, account: str) -> None:
    assert verdict(caller, resource_policy=naming({"AWS": account}), identity=allow()) == "allowed"
    assert verdict(caller, resource_policy=naming({"AWS": OTHER}), identity=allow()) == "denied"


def test_a_statement_without_principal_names_nobody() -> None:
    assert verdict("*", resource_policy=document(allow())) == "denied"
    assert verdict(USER, resource_policy=document(allow())) == "denied"


def test_a_session_arn_has_lost_the_path_of_the_role() -> None:
    policy = naming({"AWS": PATH_ROLE})
    told = {"aws:PrincipalArn": PATH_ROLE}
    assert verdict(SESSION, resource_policy=policy, context=told) == "allowed"
    assert verdict(SESSION, resource_policy=policy) == "allowed"
    elsewhere = {"aws:PrincipalArn": f"arn:aws:iam::{A}:role/other/App"}
    assert verdict(SESSION, resource_policy=policy, context=elsewhere) == "denied"


def test_federated() -> None:
    role = f"arn:aws:iam::{A}:role/Guest"
    provider = f"arn:aws:iam::{A}:oidc-provider/token.actions.githubusercontent.com"
    for caller, name, named in [
        ({"federated": COGNITO}, COGNITO, True),
        ({"federated": COGNITO}, "accounts.google.com", False),
        ({"federated": provider}, provider, True),
        (provider, provider, True),
        ({"federated": provider}, COGNITO, False),
    ]:
        trust = document(allow(ASSUME_WEB, Principal={"Federated": name}))
        assert verdict(caller, ASSUME_WEB, role, resource_policy=trust) == ("allowed" if named else "denied")


@pytest.mark.parametrize(
    ("principal", "kind", "account"),
    [
        (USER, CallerKind.USER, A),
        (f"arn:aws-cn:iam::{A}:user/a/b/alice", CallerKind.USER, A),
        (ROLE, CallerKind.ROLE, A),
        (SESSION, CallerKind.SESSION, A),
        (f"arn:aws-us-gov:sts::{A}:assumed-role/App/a@b", CallerKind.SESSION, A),
        (FEDERATED_USER, CallerKind.FEDERATED_USER, A),
        (A, CallerKind.ROOT, A),
        (f"arn:aws:iam::{A}:root", CallerKind.ROOT, A),
        ("*", CallerKind.ANONYMOUS, ""),
        ("apigateway.amazonaws.com", CallerKind.SERVICE, ""),
        ("ec2.amazonaws.com.cn", CallerKind.SERVICE, ""),
        ({"federated": COGNITO}, CallerKind.WEB_IDENTITY, ""),
        (f"arn:aws:iam::{A}:saml-provider/x", CallerKind.WEB_IDENTITY, ""),
    ],
)
def test_callers_are_told_apart(principal: object, kind: CallerKind, account: str) -> None:
    caller = parse_caller(principal)
    assert (caller.kind, caller.account) == (kind, account)


@pytest.mark.parametrize(
    "principal",
    [
        "",
        "alice",
        "12345",
        "example.com",
        A + "0",
        FUNCTION,
        *(f"arn:aws:iam::{A}:{what}" for what in ("group/g", "role/", "user/")),
        f"arn:aws:sts::{A}:assumed-role/App",
        *(7, None, [], {}, {"AWS": USER}, {"federated": 1}, {"federated": COGNITO, "x": 1}),
    ],
)
def test_what_is_no_caller(principal: object) -> None:
    with pytest.raises(PermcheckError, match="principal"):
        parse_caller(principal)
    with pytest.raises(PermcheckError, match="principal"):
        verdict(principal, INVOKE)


def test_a_permission_set_is_named_by_its_account_and_a_condition() -> None:
    """IAM User Guide, "Principal": the roles of IAM Identity Center get new names, and no part of one can be a star."""
    folder = f"arn:aws:iam::{A}:role/aws-reserved/sso.amazonaws.com/eu-west-1"
    own = f"{folder}/AWSReservedSSO_Audit_0123456789abcdef"
    session = f"arn:aws:sts::{A}:assumed-role/AWSReservedSSO_Audit_0123456789abcdef/ann"
    asked = {"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{A}:role/aws-reserved/*/AWSReservedSSO_Audit_*"}}
    for principal, condition, who, expected in [
        ("*", asked, own, "allowed"),
        ("*", asked, f"{folder}/AWSReservedSSO_Build_0123456789abcdef", "denied"),
        ({"AWS": A}, asked, own, "denied"),  # in one account this only leaves the decision to identity policies
        ({"AWS": f"{folder}/AWSReservedSSO_Audit_*"}, None, own, "denied"),
    ]:
        policy = naming(principal, condition=condition)
        assert verdict(session, resource_policy=policy, context={"aws:PrincipalArn": who}) == expected
    trust = naming({"AWS": A}, action="sts:AssumeRole", condition=asked)
    for identity, expected in ((allow("sts:AssumeRole"), "allowed"), (allow("s3:*"), "denied")):
        told = {"aws:PrincipalArn": own}
        said = verdict(session, "sts:AssumeRole", ROLE, resource_policy=trust, context=told, identity=identity)
        assert said == expected
