"""Conditions of several statements that rule each other out: denied where that can be shown, never where it cannot."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from permcheck.model.policy import Condition
from permcheck.policy.condition import Match, holds
from permcheck.policy.context import Context
from permcheck.policy.feasible import impossible
from permcheck.policy.negation import negation
from permcheck.policy.together import choose

from .asking import Json, ask, document

IP, TAG, MFA, AGE, WHEN, KEYS = (
    "aws:SourceIp",
    "aws:RequestTag/x",
    "aws:MultiFactorAuthPresent",
    "aws:MultiFactorAuthAge",
    "aws:CurrentTime",
    "aws:TagKeys",
)
HERE, THERE = ["10.0.0.0/8", "192.0.2.0/25"], ["192.0.2.128/25", "2001:db8::/32"]


def allow(**condition: Json) -> Json:
    return {"Effect": "Allow", "Action": "s3:*", "Resource": "*", "Condition": condition}


def deny(**condition: Json) -> Json:
    return allow(**condition) | {"Effect": "Deny"}


def ask_open(*statements: Json, **limits: Json) -> Json:
    """The answer where nothing of the request is known but what is asked for."""
    fields: dict[str, Any] = {"identity_policies": [document(*statements)]}
    if "boundary" in limits:
        fields["permissions_boundary"] = document(limits["boundary"])
    if "scp" in limits:
        fields["service_control_policies"] = [[document(limits["scp"])]]
    return ask(action="s3:GetObject", resource="arn:aws:s3:::b/k", context_complete=False, **fields)


CLASHING = [
    (allow(IpAddress={IP: HERE}), deny(NotIpAddress={IP: THERE})),
    (allow(IpAddress={IP: "10.0.0.0/9"}), deny(IpAddress={IP: ["10.0.0.0/10", "10.64.0.0/10"]})),
    (allow(StringEquals={TAG: "1"}), deny(StringNotEquals={TAG: ["2", "3"]})),
    (allow(StringLike={TAG: "a*"}), deny(StringNotLike={TAG: "b*"})),
    (allow(StringLike={TAG: "ab*"}), deny(StringLike={TAG: ["a*"]})),
    (allow(Bool={MFA: "true"}), deny(BoolIfExists={MFA: "true"})),
    (allow(Null={TAG: "true"}), deny(Null={TAG: "true"})),
    (allow(Null={TAG: "true"}), deny(StringNotEquals={TAG: "1"})),
    (allow(NumericLessThan={AGE: "300"}), deny(NumericLessThanEquals={AGE: "300"})),
    (allow(NumericEquals={AGE: ["1", "2"]}), deny(NumericNotEquals={AGE: ["3"]})),
    (allow(DateLessThan={WHEN: "2024-01-01"}), deny(DateLessThan={WHEN: "2025-01-01"})),
    (allow(), deny(IpAddress={IP: HERE}), deny(NotIpAddress={IP: HERE})),
    (allow(StringEquals={TAG: "1"}), deny(StringEquals={TAG: "1"}, StringLike={TAG: "?"})),
]
COMPATIBLE = [
    (allow(IpAddress={IP: HERE}), deny(NotIpAddress={IP: ["10.1.0.0/16"]})),
    (allow(IpAddress={IP: HERE}), deny(NotIpAddress={IP: THERE}, Bool={MFA: "true"})),
    (allow(NumericLessThan={AGE: "300"}), deny(NumericLessThan={AGE: "299.5"})),
    (allow(StringLike={TAG: "a*"}), deny(StringNotLike={TAG: "*b"})),
    (allow(StringLike={TAG: "a*"}), deny(StringLike={TAG: "ab*"})),
    (allow(StringNotEquals={TAG: "1"}), deny(StringNotEquals={TAG: "2"})),
    # Several values of one key: one may be "a", another "b".
    (allow(**{"ForAnyValue:StringEquals": {KEYS: "a"}}), deny(**{"ForAllValues:StringNotEquals": {KEYS: "b"}})),
    (allow(StringEquals={KEYS: "a"}), allow(StringEquals={KEYS: "b"}), deny(StringEquals={"aws:RequestTag/y": "b"})),
    (allow(StringEquals={TAG: "${aws:username}"}), deny(StringNotEquals={TAG: "b"})),
    (allow(StringEquals={TAG: "1"}), allow(StringEquals={TAG: "2"}), deny(StringEquals={TAG: "1"})),
]


@pytest.mark.parametrize("statements", CLASHING)
def test_denied(statements: tuple[Json, ...]) -> None:
    found = ask_open(*statements)
    assert (found["verdict"], found["denied_by"]) == ("denied", "explicit:identity_policy")
    assert len(found["because"]) == len(statements)


@pytest.mark.parametrize("statements", COMPATIBLE)
def test_conditional(statements: tuple[Json, ...]) -> None:
    assert ask_open(*statements)["verdict"] == "conditional"


def test_layers() -> None:
    """IAM User Guide, "Permissions boundaries for IAM entities": both must allow the same request."""
    policy = allow(StringEquals={TAG: "2"})
    assert ask_open(policy, boundary=allow(StringEquals={TAG: "1"}))["denied_by"] == "implicit:permissions_boundary"
    assert ask_open(policy, boundary=allow(StringEquals={TAG: ["1", "2"]}))["verdict"] == "conditional"
    assert ask_open(policy, scp=allow(Null={TAG: "true"}))["denied_by"] == "implicit:scp"


VALUES = {
    TAG: ("StringEquals", "StringNotEquals", "StringLike", "StringNotLike", "StringEqualsIgnoreCase", "Null"),
    AGE: ("NumericEquals", "NumericNotEquals", "NumericLessThan", "NumericGreaterThanEquals", "Null"),
    IP: ("IpAddress", "NotIpAddress", "Null"),
    MFA: ("Bool", "Null"),
}
WRITTEN = {
    TAG: ("a", "b", "A", "ab", "a*", "*b", "?"),
    AGE: ("1", "2", "2.5", "x"),
    IP: ("10.0.0.0/30", "10.0.0.0/31", "10.0.0.2/31", "10.0.0.4", "x"),
    MFA: ("true", "false"),
}
MADE = {
    TAG: ("a", "b", "A", "ab", "aab", "B", "", "x"),
    AGE: ("0", "1", "1.5", "2", "2.2", "2.5", "3"),
    IP: tuple(f"10.0.0.{n}" for n in range(7)),
    MFA: ("true", "false"),
}


@st.composite
def conditions(draw: st.DrawFn) -> list[Condition]:
    key = draw(st.sampled_from(sorted(VALUES)))

    def one() -> Condition:
        operator = draw(st.sampled_from(VALUES[key]))
        values = ("true", "false") if operator == "Null" else WRITTEN[key]
        written = tuple(draw(st.lists(st.sampled_from(values), min_size=1, max_size=3)))
        exists = "IfExists" if operator != "Null" and draw(st.booleans()) else ""
        made = Condition(operator + exists, key, written, "/Statement/0/Condition")
        return made if draw(st.booleans()) else draw(st.sampled_from(negation(made)))

    return [one() for _ in range(draw(st.integers(1, 4)))]


@settings(max_examples=1500, deadline=None)
@given(conditions())
def test_what_is_impossible_no_request_meets(drawn: list[Condition]) -> None:
    key = drawn[0].key.lower()
    met = [
        made
        for made in ((), *((value,) for value in MADE[drawn[0].key]))
        if all(holds(c, Context({key: made}), True) is Match.YES for c in drawn)
    ]
    if impossible(key, drawn):
        assert not met
    elif not met:
        # Nothing of a few values fits: where that is all there is, it is to be seen.
        assert key != IP.lower()


ODD = ("", "*", "**", "?", "a*", "a", "a:b", "arn:aws:s3:::b", "arn:aws:sns:*:1:t?", "::::*", "${aws:username}", "${*}")


@given(
    st.sampled_from(
        ("StringEquals", "StringLike", "ArnLike", "ArnEquals", "arnlike", "StringNotLike", "ArnLikeIfExists")
    ),
    st.lists(st.sampled_from(ODD), max_size=3),
)
def test_a_first_look_at_one_condition_says_what_the_second_says(operator: str, values: list[str]) -> None:
    """Only one condition has a first look; the same twice is worked out."""
    asked = Condition(operator, "aws:PrincipalTag/x", tuple(values), "")
    for unsure in (True, False):
        assert impossible(asked.key.lower(), [asked], unsure) == impossible(asked.key.lower(), [asked, asked], unsure)


def test_many_choices_end_soon() -> None:
    """Twenty questions of two answers each that no set of answers fits are left open, not tried a million times."""
    level = [(Condition("StringEquals", f"k{n}", ("1",), ""),) for n in (0, 1)]
    clash = [(Condition("StringEquals", "aws:RequestTag/z", (value,), ""),) for value in "ab"]
    other = [(Condition("StringEquals", "aws:RequestTag/z", (value,), ""),) for value in "cd"]
    assert choose([clash, *([level] * 20), other]) == (0,) * 22
    assert choose([clash, other]) is None
