"""Every form of a policy document that AWS's grammar allows.

IAM User Guide, "Grammar of the IAM JSON policy language".
"""

from __future__ import annotations

import json

import pytest

from permcheck.model.policy import Condition, Effect, Principals
from permcheck.policy import parse_document

from .asking import NEW, OLD, USER, Json

BASE: Json = {"Effect": "Allow", "Action": "lambda:InvokeFunction", "Resource": "*"}


def one(**elements: object) -> Json:
    """A document of one statement: the base with these elements changed; None takes an element away."""
    statement = {k: v for k, v in (BASE | elements).items() if v is not None}
    return {"Version": NEW, "Statement": [statement]}


@pytest.mark.parametrize("written", [BASE, [BASE], [BASE, BASE | {"Effect": "Deny", "Sid": "x"}], []])
def test_statement_is_one_or_a_list(written: object) -> None:
    document = parse_document({"Version": NEW, "Statement": written})
    expected = [written] if isinstance(written, dict) else written
    assert isinstance(expected, list)
    assert [str(s.effect) for s in document.statements] == [s["Effect"] for s in expected]
    assert [s.index for s in document.statements] == list(range(len(expected)))
    pointers = ["/Statement"] if isinstance(written, dict) else [f"/Statement/{i}" for i in range(len(expected))]
    assert [s.pointer for s in document.statements] == pointers


@pytest.mark.parametrize(("version", "variables"), [(NEW, True), (OLD, False), (None, False)])
def test_version(version: str | None, variables: bool) -> None:
    written: Json = {"Statement": BASE} | ({"Version": version} if version else {})
    document = parse_document(written)
    assert document.version == version
    assert document.statements[0].variables is variables


@pytest.mark.parametrize("element", ["Action", "NotAction", "Resource", "NotResource"])
@pytest.mark.parametrize(
    ("written", "expected"),
    [("s3:Get*", ("s3:Get*",)), (["s3:a", "s3:b"], ("s3:a", "s3:b")), ([], ())],
)
def test_lists_may_be_scalars(element: str, written: object, expected: tuple[str, ...]) -> None:
    taken = "Action" if "Action" in element else "Resource"
    statement = parse_document(one(**{taken: None, element: written})).statements[0]
    found = {
        "Action": statement.actions,
        "NotAction": statement.not_actions,
        "Resource": statement.resources,
        "NotResource": statement.not_resources,
    }
    assert found.pop(element) == expected
    assert found.pop(taken if taken != element else f"Not{taken}") is None


@pytest.mark.parametrize("element", ["Principal", "NotPrincipal"])
@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("*", Principals(everyone=True)),
        ({"AWS": "*"}, Principals(everyone=True, aws=("*",))),
        ({"AWS": USER}, Principals(aws=(USER,))),
        ({"AWS": [USER, "*"]}, Principals(everyone=True, aws=(USER, "*"))),
        ({"Service": "s3.amazonaws.com"}, Principals(service=("s3.amazonaws.com",))),
        ({"Service": "*"}, Principals(service=("*",))),
        ({"Federated": ["a", "b"], "CanonicalUser": "c"}, Principals(federated=("a", "b"), canonical=("c",))),
        ({}, Principals()),
        # AWS refuses a bare name; it is read as an AWS principal, and kept apart so that it can be reported.
        (USER, Principals(aws=(USER,), bare=(USER,))),
        ([USER, "*"], Principals(everyone=True, aws=(USER, "*"), bare=(USER, "*"))),
    ],
)
def test_principals(element: str, written: object, expected: Principals) -> None:
    statement = parse_document(one(**{element: written})).statements[0]
    found, other = statement.principals, statement.not_principals
    if element == "NotPrincipal":
        found, other = other, found
    assert (found, other) == (expected, None)


def test_conditions() -> None:
    written = {
        "StringEquals": {"aws:PrincipalTag/a": ["1", "2"], "s3:max~keys": 3},
        "bool": {"aws:SecureTransport": True, "k:f": False},
        "ForAllValues:NumericLessThanIfExists": {"k:n": [1.5, "2", -3]},
        "Null": {"k:x": "true", "k:y": []},
        "DateEquals": {},
    }
    found = parse_document(one(Condition=written)).statements[0].conditions
    at = "/Statement/0/Condition"
    assert found == (
        Condition("StringEquals", "aws:PrincipalTag/a", ("1", "2"), f"{at}/StringEquals/aws:PrincipalTag~1a"),
        Condition("StringEquals", "s3:max~keys", ("3",), f"{at}/StringEquals/s3:max~0keys"),
        Condition("bool", "aws:SecureTransport", ("true",), f"{at}/bool/aws:SecureTransport"),
        Condition("bool", "k:f", ("false",), f"{at}/bool/k:f"),
        Condition(
            "ForAllValues:NumericLessThanIfExists",
            "k:n",
            ("1.5", "2", "-3"),
            f"{at}/ForAllValues:NumericLessThanIfExists/k:n",
        ),
        Condition("Null", "k:x", ("true",), f"{at}/Null/k:x"),
        Condition("Null", "k:y", (), f"{at}/Null/k:y"),
    )


def test_optional_elements() -> None:
    statement = parse_document(one()).statements[0]
    assert (statement.sid, statement.principals, statement.not_principals, statement.conditions) == (None,) * 3 + ((),)
    assert parse_document(one(Sid="a b\u001b")).statements[0].sid == "a b\u001b"
    assert parse_document(one(Sid="")).statements[0].sid is None
    assert parse_document(one(Condition={})).statements[0].conditions == ()
    assert parse_document(one(Resource=None)).statements[0].resources is None
    assert parse_document({"Id": "x", **one(Effect="Deny")}).statements[0].effect is Effect.DENY


def test_element_order_is_free() -> None:
    text = (
        '{"Statement":{"Resource":"*","Condition":{},"Action":"s3:*","Sid":"s","Effect":"Deny"},"Version":"2012-10-17"}'
    )
    statement = parse_document(json.loads(text)).statements[0]
    assert (statement.effect, statement.actions, statement.variables) == (Effect.DENY, ("s3:*",), True)


@pytest.mark.parametrize(
    "name", ["*", "lambda:*", "LAMBDA:invoke?unction", "*:*", "s3:", "a-b:C1", "${x}:y", "lambda:InvokeFunction "]
)
def test_action_texts_that_are_read(name: str) -> None:
    assert parse_document(one(Action=name)).statements[0].actions == (name,)


def test_equal_documents_are_one() -> None:
    first, again = parse_document(one()), parse_document(json.loads(json.dumps(one())))
    assert first is again
    assert parse_document(one(Sid="other")) is not first


@pytest.mark.parametrize(("one_value", "other"), [(True, "true"), (1, "1"), (1, 1.0), ("a", ["a"])])
def test_documents_that_only_look_equal_are_parsed_apart(one_value: object, other: object) -> None:
    documents = [parse_document(one(Condition={"StringEquals": {"k:x": v}})) for v in (one_value, other)]
    assert documents[0] is not documents[1]
