"""What AWS refuses to save because of where a policy hangs."""

import pytest

from permcheck.errors import PermcheckError
from permcheck.model.policy import PolicyKind
from permcheck.policy import evaluate_request
from permcheck.policy.parse import PolicySyntaxError, check_place, parse_document

ALLOW = {"Effect": "Allow", "Action": "lambda:InvokeFunction"}
SIDES = [PolicyKind.IDENTITY, PolicyKind.BOUNDARY, PolicyKind.SESSION, PolicyKind.SCP]


@pytest.mark.parametrize("kind", [*SIDES, PolicyKind.RCP])
def test_only_resource_policies_go_without_resource(kind: PolicyKind) -> None:
    document = parse_document({"Statement": [ALLOW]})
    with pytest.raises(PolicySyntaxError) as raised:
        check_place(document, kind)
    assert raised.value.pointer == "/Statement/0"
    check_place(document, PolicyKind.RESOURCE)


@pytest.mark.parametrize("kind", SIDES)
@pytest.mark.parametrize("element", ["Principal", "NotPrincipal"])
def test_only_resource_policies_name_principals(kind: PolicyKind, element: str) -> None:
    document = parse_document({"Statement": {**ALLOW, "Resource": "*", element: "*"}})
    with pytest.raises(PolicySyntaxError) as raised:
        check_place(document, kind)
    assert raised.value.pointer == f"/Statement/{element}"
    check_place(document, PolicyKind.RESOURCE)
    check_place(document, PolicyKind.RCP)


def test_evaluate_names_the_policy_and_the_place() -> None:
    request = {"principal": "arn:aws:iam::111122223333:role/r", "action": "lambda:InvokeFunction", "resource": "*"}
    with pytest.raises(PermcheckError, match=r"identity_policies/0/Statement/0: the statement has neither"):
        evaluate_request({**request, "identity_policies": [{"Statement": [ALLOW]}]})
