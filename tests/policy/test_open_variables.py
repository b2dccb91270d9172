"""Variables in Resource of which nothing is known: what they would have to hold."""

from __future__ import annotations

import pytest

from .asking import Json, allow, deny, document
from .test_partial import TAGGED, TEAM, listed, part

AREA = "${aws:PrincipalTag/area}"


def test_an_open_variable_in_resource() -> None:
    answer = part(identity=allow(resource=TAGGED))
    assert answer["verdict"] == "conditional"
    assert listed(answer) == [("StringEquals", "aws:principaltag/team", ["F"])]
    assert answer["conditions"][0]["pointer"] == "/Statement/0/Resource/0"
    assert part(identity=allow(resource=TAGGED + ":1"))["verdict"] == "denied"
    assert part(identity=allow(resource=TAGGED), context={"aws:PrincipalTag/team": "F"})["verdict"] == "allowed"
    assert part(identity=allow(resource=TAGGED), context={"aws:PrincipalTag/team": "G"})["verdict"] == "denied"
    refused = document(allow(), deny(resource=TAGGED))
    assert listed(part(identity_policies=[refused])) == [("StringNotEquals", "aws:principaltag/team", ["F"])]


@pytest.mark.parametrize("stem", ["(x)/", "a+b/", "[", "\\1", "$", "x{1}"])
def test_an_open_variable_beside_signs_of_regular_expressions(stem: str) -> None:
    """Names of S3 objects may hold them."""
    pattern = f"arn:aws:s3:::bucket/{stem}{TEAM}/*"
    answer = part(action="s3:GetObject", resource=f"arn:aws:s3:::bucket/{stem}red/x", identity=allow("s3:*", pattern))
    assert listed(answer) == [("StringEquals", "aws:principaltag/team", ["red"])]


def test_an_open_variable_twice_and_an_escape() -> None:
    pattern = f"arn:aws:s3:::{TEAM}/${{*}}/{TEAM}"
    asked: Json = {"action": "s3:GetObject", "identity": allow("s3:*", pattern)}
    assert listed(part(resource="arn:aws:s3:::red/*/red", **asked)) == [
        ("StringEquals", "aws:principaltag/team", ["red"])
    ]
    assert part(resource="arn:aws:s3:::red/x/red", **asked)["verdict"] == "denied"


def test_two_open_variables() -> None:
    pattern = f"arn:aws:s3:::{TEAM}/{AREA}/x"
    answer = part(action="s3:GetObject", resource="arn:aws:s3:::red/north/x", identity=allow("s3:*", pattern))
    assert listed(answer) == [
        ("StringEquals", "aws:principaltag/team", ["red"]),
        ("StringEquals", "aws:principaltag/area", ["north"]),
    ]


def test_a_deny_with_several_ways_to_match() -> None:
    """More than one value makes the pattern match, so what keeps it from matching is that there is none."""
    answer = part(identity_policies=[document(allow(), deny(resource=TAGGED + "*"))])
    assert listed(answer) == [("StringNotLike", "aws:principaltag/team", ["*"])]
    several = [TAGGED, TAGGED.replace("function:", "function:F")]
    answer = part(identity_policies=[document(allow(), deny(resource=several))])
    assert listed(answer) == [("StringNotEquals", "aws:principaltag/team", ["F", ""])]


def test_not_resource() -> None:
    answer = part(identity=allow(NotResource=TAGGED))
    assert listed(answer) == [("StringNotEquals", "aws:principaltag/team", ["F"])]
    answer = part(identity_policies=[document(allow(), deny(NotResource=TAGGED))])
    assert listed(answer) == [("StringEquals", "aws:principaltag/team", ["F"])]


def test_many_stars_beside_an_open_variable() -> None:
    """No long search for the values: a condition that they exist is listed instead."""
    pattern = "arn:aws:s3:::" + "a*" * 200 + TEAM
    answer = part(action="s3:GetObject", resource="arn:aws:s3:::" + "a" * 2000 + "b", identity=allow("s3:*", pattern))
    assert listed(answer) == [("StringLike", "aws:principaltag/team", ["*"])]
