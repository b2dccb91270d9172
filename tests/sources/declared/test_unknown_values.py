"""What is unknown before deploy stays unknown: neither allowed nor denied by a guess."""

from typing import Any

import pytest

from permcheck.access.targets import invocable
from permcheck.access.world import World
from permcheck.model import Facts, Verdict
from permcheck.sources.declared import unknown
from tests.sources.declared.making import allow, facts, function, role

F = "arn:aws:lambda:eu-west-1:111122223333:function:"
P = unknown("P")


def verdicts(found: Facts, action: str = "lambda:InvokeFunction") -> dict[str, str]:
    """Return what the role ``caller`` may do to each unqualified function, by both evaluators; they must agree."""
    world, universe = World(found), invocable(found)
    subject = next(s for s in world.subjects if s.arn.endswith("/caller"))
    answers = world.access(universe, action)[subject.number]
    result = {}
    for number, item in enumerate(universe.items):
        reference = world.decide(subject, action, item).verdict
        assert answers.verdict(number) is reference, item.arn
        if item.arn.count(":") == 6:
            result[item.arn.removeprefix(F)] = str(reference)
    return result


def asked(*statements: dict[str, Any], **more: Any) -> dict[str, str]:
    """Return verdicts of a caller with these statements on the functions one and two."""
    resources = {"C": role("caller", *statements, **more), "A": function("one"), "B": function("two")}
    return verdicts(facts(resources))


@pytest.mark.parametrize(
    ("statements", "one", "two"),
    [
        ([allow("lambda:InvokeFunction", P)], "conditional", "conditional"),
        ([allow("lambda:InvokeFunction", [F + "one", P])], "allowed", "conditional"),
        ([allow("lambda:InvokeFunction", f"{F}o{P}")], "conditional", "denied"),
        ([allow("lambda:InvokeFunction", f"arn:aws:s3:::{P}/*")], "denied", "denied"),
        ([allow(P, F + "one")], "conditional", "denied"),
        ([allow(["lambda:InvokeFunction", P], F + "one")], "allowed", "denied"),
        ([allow("lambda:*", "*"), allow("lambda:*", P, Effect="Deny")], "conditional", "conditional"),
        ([allow("lambda:*", "*"), allow("lambda:*", [F + "one", P], Effect="Deny")], "denied", "conditional"),
        ([allow("lambda:*", "*", Condition={"StringEquals": {"aws:SourceVpc": P}})], "conditional", "conditional"),
        ([allow("lambda:*", "*", Condition={"Bool": {"aws:SecureTransport": P}})], "conditional", "conditional"),
        ([allow("lambda:*", "*", Condition={"ArnLike": {"aws:PrincipalArn": P}})], "conditional", "conditional"),
        ([{"Effect": "Allow", "Action": "lambda:*", "NotResource": P}], "conditional", "conditional"),
        ([{"Effect": "Allow", "Action": "lambda:*", "NotResource": f"{F}o{P}"}], "conditional", "allowed"),
        ([{"Effect": "Allow", "NotAction": f"s3:{P}", "Resource": "*"}], "allowed", "allowed"),
        ([{"Effect": "Allow", "NotAction": P, "Resource": "*"}], "conditional", "conditional"),
        ([P], "unknown", "unknown"),
        ([allow("lambda:*", "*", Effect=P)], "unknown", "unknown"),
        ([allow("lambda:*", "*"), allow("lambda:*", f"{P}o", Effect="Deny")], "allowed", "conditional"),
        ([allow("lambda:*", P), allow("lambda:*", f"{P}/b", Effect="Deny")], "conditional", "conditional"),
    ],
)  # fmt: skip
def test_a_statement_with_an_unknown_value(statements: list[Any], one: str, two: str) -> None:
    assert asked(*statements) == {"one": one, "two": two}


def test_the_same_value_is_the_same_name() -> None:
    name = f"{P}-fn"
    resources = {"C": role("caller", allow("lambda:InvokeFunction", F + name)), "A": function(name)}
    assert verdicts(facts(resources)) == {"<P>-fn": "allowed"}


@pytest.mark.parametrize(
    ("statement", "verdict"),
    [
        (allow("lambda:*", F + "prod-*"), "conditional"),
        (allow("lambda:*", F + "*-fn"), "allowed"),
        (allow("lambda:*", F + "prod-fn"), "conditional"),
        (allow("lambda:*", F + "prod-other"), "denied"),
        (allow("lambda:*", "arn:aws:s3:::prod-*"), "denied"),
        ({"Effect": "Allow", "Action": "lambda:*", "NotResource": F + "prod-*"}, "conditional"),
        ({"Effect": "Allow", "Action": "lambda:*", "NotResource": F + "*-fn"}, "denied"),
        ({"Effect": "Allow", "Action": "lambda:*", "NotResource": F + "*-other"}, "allowed"),
    ],
)
def test_what_is_called_after_an_unknown_value_may_be_called_anything(statement: dict[str, Any], verdict: str) -> None:
    resources = {"C": role("caller", statement), "A": function(f"{P}-fn")}
    assert verdicts(facts(resources)) == {"<P>-fn": verdict}


def test_an_unknown_managed_policy_leaves_the_caller_unknown() -> None:
    assert asked(allow("s3:*", "*"), ManagedPolicyArns=[P])["one"] == "unknown"


def test_an_unknown_boundary_never_denies() -> None:
    assert asked(allow("lambda:*", "*"), PermissionsBoundary=P)["one"] == "unknown"


@pytest.mark.parametrize(
    ("principal", "verdict"),
    [("*", "allowed"), (P, "conditional"), (f"arn:aws:iam::{P}:root", "conditional"), ("s3.amazonaws.com", "denied")],
)
def test_a_permission_with_an_unknown_principal(principal: str, verdict: str) -> None:
    permission = {"FunctionName": "one", "Action": "lambda:InvokeFunction", "Principal": principal}
    resources = {
        "C": role("caller"),
        "A": function("one"),
        "G": {"Type": "AWS::Lambda::Permission", "Properties": permission},
    }
    assert verdicts(facts(resources))["one"] == verdict


def test_nothing_unknown_is_lost_silently() -> None:
    resources = {
        "C": role("caller"),
        "A": {"Type": "AWS::Lambda::Function", "Properties": {"FunctionName": "one", "Role": P}},
        "G": {"Type": "AWS::Lambda::Permission", "Properties": {"FunctionName": {"x": 1}, "Principal": "*"}},
        "U": {"Type": "AWS::Lambda::Url", "Properties": {"TargetFunctionArn": "one", "AuthType": P}},
    }
    pointers = {gap.pointer for gap in facts(resources).not_read}
    assert {
        "/Resources/A/Properties/Role",
        "/Resources/G/Properties/FunctionName",
        "/Resources/U/Properties/AuthType",
    } <= pointers


def test_permissions_beside_a_resource_policy_may_be_overwritten() -> None:
    """Lambda, "Working with resource-based IAM policies": the policy replaces what permissions wrote before it."""
    statement = {"Effect": "Deny", "Principal": {"AWS": "arn:aws:iam::111122223333:role/other"}, "Action": "*"}
    policy = {"Version": "2012-10-17", "Statement": [{**statement, "Resource": "*"}]}
    caller = "arn:aws:iam::111122223333:role/caller"
    grant = {"FunctionName": "one", "Action": "lambda:InvokeFunction", "Principal": caller}
    resources = {
        "C": role("caller"),
        "A": function("one"),
        "G": {"Type": "AWS::Lambda::Permission", "Properties": grant},
    }
    assert verdicts(facts(resources))["one"] == Verdict.ALLOWED
    resources["R"] = {
        "Type": "AWS::Lambda::ResourcePolicy",
        "Properties": {"ResourceArn": F + "one", "PolicyDocument": policy},
    }
    assert verdicts(facts(resources))["one"] == Verdict.CONDITIONAL
