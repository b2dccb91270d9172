"""The contract of ``permcheck evaluate``: what cannot be read is an error that names the field that is wrong."""

from __future__ import annotations

import pytest

from permcheck.errors import PermcheckError
from permcheck.policy import evaluate_request
from permcheck.policy.parse import Repeated

from .asking import FUNCTION, USER, allow, document
from .test_contract import MINIMAL


def refused(asked: object) -> str:
    """The error's message. Fails when the request is answered, or the message is not one line."""
    with pytest.raises(PermcheckError) as caught:
        evaluate_request(asked)
    message = str(caught.value)
    assert message and "\n" not in message
    return message


@pytest.mark.parametrize("name", ["principal", "action", "resource"])
def test_what_a_request_must_have(name: str) -> None:
    assert name in refused({k: v for k, v in MINIMAL.items() if k != name})


@pytest.mark.parametrize("asked", [None, [], "x", 1, [MINIMAL]])
def test_what_is_no_request(asked: object) -> None:
    assert "object" in refused(asked)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("action", "lambda:*"),
        ("action", "*"),
        ("action", "InvokeFunction"),
        ("action", "lambda:Invoke?"),
        ("action", ["lambda:InvokeFunction"]),
        ("action", ""),
        ("resource", ""),
        ("resource", [FUNCTION]),
        ("resource", None),
        ("resource_account", "12345"),
        ("resource_account", 111111111111),
        ("context", []),
        ("context", ""),
        ("context", "x"),
        ("context", {"k:x": None}),
        ("context", {"k:x": {"a": 1}}),
        ("context", {"k:x": [["a"]]}),
        ("context", {"aws:SourceIp": "203.0.113.7", "AWS:sourceip": "203.0.113.8"}),
        ("context_complete", "true"),
        ("context_complete", None),
        ("identity_policies", {}),
        ("identity_policies", document(allow())),
        ("identity_policies", [None]),
        ("identity_policies", ["{}"]),
        ("session_policies", "x"),
        ("permissions_boundary", []),
        ("permissions_boundary", [document(allow())]),
        ("resource_policy", "x"),
        ("service_control_policies", [document(allow())]),
        ("service_control_policies", {}),
        ("resource_control_policies", [[1]]),
        ("principals", USER),
        ("Context", {}),
    ],
)
def test_the_field_that_is_wrong_is_named(field: str, value: object) -> None:
    assert field in refused(MINIMAL | {field: value})


@pytest.mark.parametrize(
    ("field", "wrap", "name"),
    [
        ("identity_policies", lambda d: [document(allow()), d], "identity_policies/1"),
        ("permissions_boundary", lambda d: d, "permissions_boundary"),
        ("session_policies", lambda d: [d], "session_policies/0"),
        ("resource_policy", lambda d: d, "resource_policy"),
        ("service_control_policies", lambda d: [[], [document(allow()), d]], "service_control_policies/1/1"),
        ("resource_control_policies", lambda d: [[d]], "resource_control_policies/0/0"),
    ],
)
def test_the_place_in_a_policy_is_named(field: str, wrap: object, name: str) -> None:
    assert callable(wrap)
    wrong = document(allow(), allow(condition={"Bools": {}}))
    assert refused(MINIMAL | {field: wrap(wrong)}).startswith(f"{name}/Statement/1/Condition/Bools: ")
    twice = Repeated(document(allow()))
    twice.repeated = "Version"
    assert refused(MINIMAL | {field: wrap(twice)}).startswith(f"{name}: ")
