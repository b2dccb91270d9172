"""Service and resource control policies (AWS Organizations User Guide, orgs_manage_policies_scps and _rcps)."""

from __future__ import annotations

import pytest

from .asking import FEDERATED_USER, INVOKE, ROLE, SESSION, USER, A, B, Json, allow, ask, deny, document, naming, verdict

FULL = document(allow("*"))
SILENT = document(allow("s3:*"))
FORBIDDING = document(allow("*"), deny("*"))
OWN = [document(allow("*"))]
QUEUE = f"arn:aws:sqs:us-east-1:{A}:orders"
SEND = "sqs:SendMessage"
LINKED = f"arn:aws:iam::{A}:role/aws-service-role/lambda.amazonaws.com/AWSServiceRoleForLambda"
LINKED_SESSION = f"arn:aws:sts::{A}:assumed-role/AWSServiceRoleForLambda/s"


@pytest.mark.parametrize(
    ("levels", "expected"),
    [
        ([[FULL]], "allowed"),
        ([[FULL], [FULL], [FULL]], "allowed"),
        ([[SILENT]], "denied"),
        ([[SILENT], [FULL], [FULL]], "denied"),
        ([[FULL], [SILENT], [FULL]], "denied"),
        ([[FULL], [FULL], [SILENT]], "denied"),
        ([[FULL], []], "denied"),
        ([[SILENT, FULL]], "allowed"),
        ([[FULL], [document(allow(INVOKE))]], "allowed"),
        ([[FULL], [document(allow(NotAction="s3:*"))]], "allowed"),
        ([[FULL], [document(allow(NotAction="lambda:*"))]], "denied"),
        ([[FULL], [FULL, document(deny("lambda:*"))]], "denied"),
        ([[FULL], [document(allow("*"), deny("s3:*"))]], "allowed"),
        ([[FULL], [document(allow("*"), deny("*", condition={"Bool": {"k:x": "true"}}))]], "allowed"),
        ([], "allowed"),
    ],
)
def test_every_level_must_allow(levels: list[list[Json]], expected: str) -> None:
    for caller in (SESSION, USER, ROLE, FEDERATED_USER, A):
        assert verdict(caller, identity_policies=OWN, service_control_policies=levels) == expected


def test_a_service_control_policy_grants_nothing() -> None:
    assert verdict(SESSION, service_control_policies=[[FULL]]) == "denied"


def test_a_resource_policy_does_not_lift_it() -> None:
    for principal in ({"AWS": USER}, "*"):
        policy = naming(principal)
        assert verdict(USER, resource_policy=policy) == "allowed"
        assert verdict(USER, resource_policy=policy, service_control_policies=[[FULL], [SILENT]]) == "denied"


def test_whom_service_control_policies_do_not_reach() -> None:
    levels = [[FORBIDDING]]
    assert verdict("s3.amazonaws.com", resource_policy=naming("*"), service_control_policies=levels) == "allowed"
    assert verdict("*", resource_policy=naming("*"), service_control_policies=levels) == "allowed"
    assert verdict(LINKED, identity_policies=OWN, service_control_policies=levels) == "allowed"
    told: Json = {"context": {"aws:PrincipalArn": LINKED}}
    assert verdict(LINKED_SESSION, identity_policies=OWN, service_control_policies=levels, **told) == "allowed"
    assert verdict(LINKED_SESSION, identity_policies=OWN, service_control_policies=levels) == "allowed"
    assert verdict(ROLE, identity_policies=OWN, service_control_policies=levels) == "denied"


REFUSE_ALL = [[document(deny("*", Principal="*"))]]


@pytest.mark.parametrize(
    "caller", [USER, SESSION, ROLE, A, f"arn:aws:iam::{B}:user/x", "s3.amazonaws.com", "*", FEDERATED_USER]
)
def test_resource_control_policies_reach_every_caller(caller: str) -> None:
    fields: Json = {"identity_policies": OWN, "resource_policy": naming("*", action="*")}
    assert verdict(caller, SEND, QUEUE, **fields) == "allowed"
    answer = ask(caller, SEND, QUEUE, resource_control_policies=REFUSE_ALL, **fields)
    assert (answer["verdict"], answer["denied_by"]) == ("denied", "explicit:rcp")


def test_resource_control_policies_and_services_that_have_none() -> None:
    """The page lists the services; lambda, sns and kinesis are not among them."""
    for action, resource in (
        (INVOKE, f"arn:aws:lambda:us-east-1:{A}:function:F"),
        ("sns:Publish", f"arn:aws:sns:us-east-1:{A}:t"),
        ("kinesis:PutRecord", f"arn:aws:kinesis:us-east-1:{A}:stream/s"),
        ("kms:RetireGrant", f"arn:aws:kms:us-east-1:{A}:grant/g"),
    ):
        got = verdict(USER, action, resource, identity_policies=OWN, resource_control_policies=REFUSE_ALL)
        assert got == "allowed", action
    for action in ("sts:AssumeRole", "STS:AssumeRole"):
        got = verdict(
            USER, action, ROLE, resource_policy=naming("*", action="sts:*"), resource_control_policies=REFUSE_ALL
        )
        assert got == "denied"


def test_resource_control_policies_matter_through_deny_alone() -> None:
    """Full access hangs on every level and cannot be taken off, so a level without an Allow takes nothing away."""
    silent = [[document(deny("s3:*", Principal="*"))], []]
    assert verdict(USER, SEND, QUEUE, identity_policies=OWN, resource_control_policies=silent) == "allowed"
    assert verdict(USER, SEND, QUEUE, resource_control_policies=[[FULL]]) == "denied"
    level = [[FULL], [FULL, document(deny(SEND, Principal="*"))]]
    assert verdict(USER, SEND, QUEUE, identity_policies=OWN, resource_control_policies=level) == "denied"


def test_resource_control_policies_spare_service_linked_roles() -> None:
    got = verdict(LINKED, SEND, QUEUE, identity_policies=OWN, resource_control_policies=REFUSE_ALL)
    assert got == "allowed"


def test_conditions_of_resource_control_policies() -> None:
    outside = {
        "StringNotEqualsIfExists": {"aws:PrincipalOrgID": "o-mine"},
        "Bool": {"aws:PrincipalIsAWSService": "false"},
    }
    levels = [[document(deny("sqs:*", Principal="*", condition=outside))]]
    for org, expected in (("o-mine", "allowed"), ("o-other", "denied")):
        context = {"aws:PrincipalOrgID": org, "aws:PrincipalIsAWSService": "false"}
        got = verdict(USER, SEND, QUEUE, identity_policies=OWN, context=context, resource_control_policies=levels)
        assert got == expected
