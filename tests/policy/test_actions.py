"""Action and NotAction (IAM User Guide, "IAM JSON policy elements: Action", "NotAction")."""

from __future__ import annotations

import pytest

from .asking import INVOKE, allow, deny, document, verdict

PATTERNS = [
    ("lambda:InvokeFunction", True),
    ("Lambda:invokefunction", True),
    ("LAMBDA:INVOKEFUNCTION", True),
    ("lambda:*", True),
    ("*", True),
    ("lambda:Invoke*", True),
    ("lambda:*Function", True),
    ("l*:I*n", True),
    ("*:InvokeFunction", True),
    ("lambda:Invoke????????", True),
    ("lambda:Invoke???????", False),
    ("lambda:InvokeFunctionUrl", False),
    ("lambda:InvokeFunction?", False),
    ("lambda:InvokeFunction*", True),
    ("lambda:Invoke", False),
    ("lambda:InvokeAsync", False),
    ("lambda:", False),
    ("s3:*", False),
    ("sns:Publish", False),
    ("lambda:${aws:PrincipalTag/action}", False),
]


@pytest.mark.parametrize(("pattern", "named"), PATTERNS)
def test_patterns(pattern: str, named: bool) -> None:
    context = {"aws:PrincipalTag/action": "InvokeFunction"}
    assert verdict(context=context, identity=allow(pattern)) == ("allowed" if named else "denied")
    assert verdict(context=context, identity=allow(NotAction=pattern)) == ("denied" if named else "allowed")
    for element, hit in (({"action": pattern}, named), ({"NotAction": pattern}, not named)):
        refused = document(deny(**element))
        got = verdict(context=context, identity_policies=[document(allow()), refused])
        assert got == ("denied" if hit else "allowed")


@pytest.mark.parametrize("asked", ["lambda:invokefunction", "Lambda:InvokeFunction", "LAMBDA:INVOKEFUNCTION"])
def test_request_in_any_case(asked: str) -> None:
    assert verdict(action=asked, identity=allow(INVOKE)) == "allowed"
    assert verdict(action=asked, identity=allow(NotAction=INVOKE)) == "denied"


def test_several_patterns() -> None:
    assert verdict(identity=allow(["s3:*", INVOKE])) == "allowed"
    assert verdict(identity=allow(["s3:*", "sns:*"])) == "denied"
    assert verdict(identity=allow(NotAction=["s3:*", INVOKE])) == "denied"
    assert verdict(identity=allow(NotAction=["s3:*", "sns:*"])) == "allowed"
    assert verdict(identity=allow(NotAction=[])) == "allowed"
    assert verdict(identity=allow([])) == "denied"


def test_not_action_grants_every_other_service() -> None:
    mine = allow(NotAction="s3:*")
    assert verdict(action="iam:PassRole", resource="arn:aws:iam::111111111111:role/x", identity=mine) == "allowed"
