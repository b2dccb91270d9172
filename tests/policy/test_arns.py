"""Resource and NotResource, in every layer."""

from __future__ import annotations

import pytest

from permcheck.model.policy import PolicyKind
from permcheck.policy.arn import resource_matcher

from .arn_rows import PATHS, QUALIFIERS, SEGMENTS, SHORT, F
from .asking import INVOKE, NEW, OLD, ROLE, SESSION, A, allow, deny, document, naming, verdict

EVERY = QUALIFIERS + PATHS + SEGMENTS
ACTIONS = {"s3": "s3:GetObject", "lambda": INVOKE}
KINDS = (PolicyKind.IDENTITY, PolicyKind.SESSION, PolicyKind.BOUNDARY, PolicyKind.RESOURCE, PolicyKind.SCP)


def _action(resource: str) -> str:
    return "s3:GetObject" if ":s3:" in resource else INVOKE


@pytest.mark.parametrize(("pattern", "resource", "named"), EVERY)
def test_resource_and_its_complement(pattern: str, resource: str, named: bool) -> None:
    action = _action(resource)
    asked = {"action": action, "resource": resource}
    assert verdict(identity=allow("*", pattern), **asked) == ("allowed" if named else "denied")
    assert verdict(identity=allow("*", NotResource=pattern), **asked) == ("denied" if named else "allowed")
    everything = document(allow("*"))
    for element, hit in (({"resource": pattern}, named), ({"NotResource": pattern}, not named)):
        refused = document(deny("*", **element))
        assert verdict(identity_policies=[everything, refused], **asked) == ("denied" if hit else "allowed")


@pytest.mark.parametrize("kind", KINDS)
def test_full_patterns_mean_the_same_in_every_layer(kind: PolicyKind) -> None:
    for pattern, resource, named in EVERY:
        assert resource_matcher(pattern, kind)(resource) is named, (pattern, resource)


@pytest.mark.parametrize(("pattern", "identity", "resource", "scp", "rcp"), SHORT)
def test_short_patterns(pattern: str, identity: bool, resource: bool, scp: bool, rcp: bool) -> None:
    expected = {PolicyKind.RESOURCE: resource, PolicyKind.SCP: scp, PolicyKind.RCP: rcp}
    for kind in PolicyKind:
        assert resource_matcher(pattern, kind)(F) is expected.get(kind, identity), kind


def test_short_patterns_in_requests() -> None:
    short = "arn:aws:lambda"
    assert verdict(identity=allow("*", short)) == "allowed"
    assert verdict(resource_policy=naming("*", resource=short)) == "denied"
    assert verdict(resource_policy=naming("*", resource=short + ":*")) == "allowed"
    mine = document(allow())
    assert verdict(identity_policies=[mine], session_policies=[document(allow("*", short))]) == "allowed"
    assert verdict(identity_policies=[mine], permissions_boundary=document(allow("*", short))) == "allowed"
    assert verdict(identity_policies=[mine], service_control_policies=[[document(allow("*", short))]]) == "denied"
    assert (
        verdict(identity_policies=[mine], service_control_policies=[[document(allow("*", short + ":*"))]]) == "allowed"
    )


def test_several_patterns() -> None:
    assert verdict(identity=allow(resource=["arn:aws:s3:::x", F])) == "allowed"
    assert verdict(identity=allow(resource=[])) == "denied"
    assert verdict(identity=allow(NotResource=["arn:aws:s3:::x", F])) == "denied"
    assert verdict(identity=allow(NotResource=[])) == "allowed"


TEAM = {"aws:PrincipalTag/team": "F"}
STEM = F[:-1]


@pytest.mark.parametrize(
    ("pattern", "context", "version", "named"),
    [
        (STEM + "${aws:PrincipalTag/team}", TEAM, NEW, True),
        (STEM + "${AWS:PRINCIPALTAG/team}", TEAM, NEW, True),
        (STEM + "${aws:PrincipalTag/team}", {"aws:PrincipalTag/team": "G"}, NEW, False),
        (STEM + "${aws:PrincipalTag/team}", {}, NEW, False),
        (STEM + "${aws:PrincipalTag/team}*", {}, NEW, False),
        (STEM + "${aws:PrincipalTag/team}", {"aws:PrincipalTag/team": ["F", "G"]}, NEW, False),
        (STEM + "${aws:PrincipalTag/team, 'F'}", {}, NEW, True),
        (STEM + "${aws:PrincipalTag/team, 'G'}", TEAM, NEW, True),
        # A value put in keeps what its wildcards mean (Cognito, "Using attributes for access control").
        (STEM + "${aws:PrincipalTag/team}", {"aws:PrincipalTag/team": "*"}, NEW, True),
        (STEM + "${aws:PrincipalTag/team}", {"aws:PrincipalTag/team": "?"}, NEW, True),
        (STEM + "${*}", {}, NEW, False),
        (STEM + "${aws:PrincipalTag/team}", TEAM, OLD, False),
        (STEM + "${aws:PrincipalTag/team}", TEAM, None, False),
        # Variables stand behind the fifth colon only.
        ("arn:aws:lambda:us-east-1:${aws:PrincipalAccount}:function:F", {"aws:PrincipalAccount": A}, NEW, False),
        ("${aws:PrincipalTag/all}", {"aws:PrincipalTag/all": "*"}, NEW, False),
        ("arn:aws:lambda:*:${aws:PrincipalTag/team}", TEAM, NEW, False),
    ],
)
def test_variables(pattern: str, context: dict[str, str], version: str | None, named: bool) -> None:
    """IAM User Guide, "Policy variables": one without a value names no resource, under NotResource neither."""
    for element, hit in (({"resource": pattern}, named), ({"NotResource": pattern}, not named)):
        mine = document(allow("*", **element), version=version)
        assert verdict(context=context, identity_policies=[mine]) == ("allowed" if hit else "denied"), element
        refused = document(deny("*", **element), version=version)
        got = verdict(context=context, identity_policies=[document(allow()), refused])
        assert got == ("denied" if hit else "allowed"), element


def test_escaped_wildcards_are_themselves() -> None:
    key = "arn:aws:s3:::bucket/a"
    for escape, literal in (("${*}", "*"), ("${?}", "?"), ("${$}", "$")):
        mine = allow("s3:*", key + escape)
        assert verdict(SESSION, "s3:GetObject", key + literal, identity=mine) == "allowed"
        assert verdict(SESSION, "s3:GetObject", key + "b", identity=mine) == "denied"
    assert verdict(SESSION, "s3:GetObject", key + "bc*d", identity=allow("s3:*", key + "*${*}?")) == "allowed"
    assert verdict(SESSION, "s3:GetObject", key + "bcd", identity=allow("s3:*", key + "*${*}?")) == "denied"


def test_no_resource_named() -> None:
    """An action without a resource is asked for with a star, which only a star names."""
    for pattern, named in (("*", True), (F, False), ("arn:aws:lambda:*:*:*", False)):
        got = verdict(ROLE, "lambda:ListFunctions", "*", identity=allow("lambda:*", pattern))
        assert got == ("allowed" if named else "denied"), pattern
