"""Requests of which only part of the context is known: conditional answers and what they list."""

from __future__ import annotations

from typing import Any

import pytest

from .asking import ROLE, SESSION, USER, A, B, Json, allow, ask, deny, document, naming, verdict

IP, MFA = "aws:SourceIp", "aws:MultiFactorAuthPresent"
OFFICE = {"IpAddress": {IP: "203.0.113.0/24"}}
TEAM = "${aws:PrincipalTag/team}"
TAGGED = f"arn:aws:lambda:us-east-1:{A}:function:{TEAM}"


def part(caller: object = SESSION, **fields: Any) -> Json:
    """The answer where nothing but the given context is known."""
    return ask(caller, context_complete=False, **fields)


def listed(answer: Json) -> list[tuple[str, str, list[str]]]:
    """The conditions as (operator, key, values)."""
    return [(c["operator"], c["key"], c["values"]) for c in answer["conditions"]]


def test_an_open_condition_of_an_allow() -> None:
    answer = part(identity=allow(condition=OFFICE))
    assert answer == {
        "id": "t",
        "verdict": "conditional",
        "denied_by": None,
        "because": [{"policy": "identity_policies/0", "statement": 0, "effect": "Allow"}],
        "conditions": [
            {
                "operator": "IpAddress",
                "key": IP,
                "values": ["203.0.113.0/24"],
                "source": "identity_policies/0",
                "pointer": "/Statement/0/Condition/IpAddress/aws:SourceIp",
            }
        ],
    }


def test_what_is_known_decides() -> None:
    mine = allow(condition=OFFICE | {"Bool": {MFA: "true"}})
    assert part(identity=mine, context={IP: "198.51.100.1"})["verdict"] == "denied"
    assert listed(part(identity=mine, context={IP: "203.0.113.7"})) == [("Bool", MFA, ["true"])]
    assert part(identity=mine, context={IP: "203.0.113.7", MFA: "true"})["verdict"] == "allowed"
    # A key listed without values is known to be absent.
    assert part(identity=mine, context={IP: []})["verdict"] == "denied"
    assert part(identity=allow())["verdict"] == "allowed"
    assert part(identity=allow("s3:*", condition=OFFICE))["verdict"] == "denied"


def test_a_statement_without_open_conditions_carries_the_answer() -> None:
    both = [document(allow(condition=OFFICE), allow())]
    answer = part(identity_policies=both)
    assert (answer["verdict"], answer["conditions"]) == ("allowed", [])
    assert [b["statement"] for b in answer["because"]] == [1]


@pytest.mark.parametrize(
    ("condition", "negated"),
    [
        ({"Bool": {MFA: "false"}}, [("BoolIfExists", MFA, ["true"])]),
        ({"BoolIfExists": {MFA: "false"}}, [("Bool", MFA, ["true"])]),
        ({"NotIpAddress": {IP: "203.0.113.0/24"}}, [("IpAddress", IP, ["203.0.113.0/24"])]),
        ({"StringNotEqualsIfExists": {"aws:PrincipalOrgID": "o-1"}}, [("StringEquals", "aws:PrincipalOrgID", ["o-1"])]),
        ({"Null": {"aws:SourceVpce": "true"}}, [("Null", "aws:SourceVpce", ["false"])]),
        (
            {"ForAnyValue:StringLike": {"aws:TagKeys": ["a", "b"]}},
            [("ForAllValues:StringNotLike", "aws:TagKeys", ["a", "b"])],
        ),
        (
            {"StringEqualsIfExists": {"aws:SourceVpce": "vpce-1"}},
            [("StringNotEquals", "aws:SourceVpce", ["vpce-1"]), ("Null", "aws:SourceVpce", ["false"])],
        ),
        ({"NumericLessThan": {"s3:max-keys": "5"}}, [("NumericGreaterThanEqualsIfExists", "s3:max-keys", ["5"])]),
    ],
)
def test_a_deny_that_may_match_lists_its_negation(condition: Json, negated: list[object]) -> None:
    answer = part(identity_policies=[document(allow(), deny(condition=condition))])
    assert answer["verdict"] == "conditional"
    assert listed(answer) == negated
    assert [(b["statement"], b["effect"]) for b in answer["because"]] == [(0, "Allow"), (1, "Deny")]


def test_one_of_two_open_conditions_has_to_fail() -> None:
    refused = deny(condition={"Bool": {MFA: "false"}, "NotIpAddress": {IP: "203.0.113.0/24"}})
    answer = part(identity_policies=[document(allow(), refused)])
    assert listed(answer) in ([("BoolIfExists", MFA, ["true"])], [("IpAddress", IP, ["203.0.113.0/24"])])
    # Where the Allow asks for the one, the other is left.
    wants = allow(condition={"Bool": {MFA: "false"}})
    answer = part(identity_policies=[document(wants, refused)])
    assert listed(answer) == [("Bool", MFA, ["false"]), ("IpAddress", IP, ["203.0.113.0/24"])]


def test_a_deny_that_surely_matches() -> None:
    answer = part(identity_policies=[document(allow(condition=OFFICE), deny())])
    assert (answer["verdict"], answer["denied_by"], answer["conditions"]) == ("denied", "explicit:identity_policy", [])


CONTRADICTIONS = [
    {"StringEquals": {"k:x": "a"}, "StringNotEquals": {"k:x": "a"}},
    {"StringEquals": {"k:x": "a"}, "StringLike": {"k:x": "b*"}},
    {"StringEquals": {"k:x": ["a", "b"]}, "StringNotEquals": {"k:x": ["b", "a"]}},
    {"StringEquals": {"k:x": "a", "K:X": "b"}},
    {"StringEquals": {"k:x": "a"}, "Null": {"k:x": "true"}},
    {"StringLike": {"k:x": "abc"}, "StringNotLike": {"k:x": "a*"}},
    {"Bool": {MFA: "true"}, "BoolIfExists": {MFA.lower(): "false"}},
    {"Null": {"k:x": "true"}, "NumericEquals": {"k:x": "1"}},
    {"NumericLessThan": {"k:x": "5"}, "NumericGreaterThan": {"k:x": "5"}},
    {"NumericEquals": {"k:x": "5.0"}, "NumericNotEquals": {"k:x": "5"}},
    {"DateLessThan": {"k:x": "2026-01-01"}, "DateGreaterThanEquals": {"k:x": "2026-01-01T00:00:00Z"}},
    {"ArnEquals": {"k:x": "arn:aws:s3:::a"}, "ArnNotLike": {"k:x": "arn:aws:s3:::*"}},
]
NO_CONTRADICTIONS = [
    {"StringEquals": {"k:x": ["a", "b"]}, "StringNotEquals": {"k:x": "a"}},
    {"StringLike": {"k:x": "a*"}, "StringNotLike": {"k:x": "ab*"}},
    {"StringEqualsIfExists": {"k:x": "a"}, "StringNotEquals": {"k:x": "a"}},
    {"NumericLessThan": {"k:x": "12345.6790001"}, "NumericGreaterThan": {"k:x": "12345.679"}},
    {"NumericLessThan": {"k:x": "1e20"}, "NumericNotEquals": {"k:x": "0"}},
    {"NumericGreaterThan": {"k:x": "1e20"}, "NumericGreaterThanEquals": {"k:x": "1"}},
    {"NumericEquals": {"k:x": "5"}, "StringLike": {"k:x": "?.??"}},
    {"DateGreaterThan": {"k:x": "2026-01-01T00:00:00Z"}, "DateLessThan": {"k:x": "2026-01-01T00:00:01Z"}},
    {"DateGreaterThan": {"k:x": "1970-01-01T00:20:00Z"}, "DateLessThan": {"k:x": "1970-01-01T00:20:02Z"}},
    {"StringEquals": {"k:x": TEAM}, "StringNotEquals": {"k:x": "a"}},
    {"ForAnyValue:StringEquals": {"k:x": "a"}, "StringLike": {"k:x": "b"}},
    {"IpAddress": {IP: "203.0.113.0/24"}, "NotIpAddress": {IP: "203.0.113.0/25"}},
    {"NumericNotEquals": {"k:x": ["9" * 400, "-" + "9" * 400]}, "NumericLessThan": {"k:x": "1e308"}},
]


@pytest.mark.parametrize("condition", CONTRADICTIONS)
def test_conditions_that_exclude_one_another(condition: Json) -> None:
    assert part(identity=allow(condition=condition))["verdict"] == "denied"
    refused = document(allow(), deny(condition=condition))
    assert part(identity_policies=[refused])["verdict"] == "allowed"


@pytest.mark.parametrize("condition", NO_CONTRADICTIONS)
def test_conditions_that_do_not(condition: Json) -> None:
    assert part(identity=allow(condition=condition))["verdict"] == "conditional"


def test_an_open_session_name() -> None:
    """Who takes a role chooses the session's name, so a grant to one session of it is within reach."""
    answer = part(ROLE, resource_policy=naming({"AWS": SESSION}))
    assert (answer["verdict"], listed(answer)) == ("conditional", [("StringEquals", "sts:RoleSessionName", ["s1"])])
    refused = document(allow(Principal="*"), deny(Principal={"AWS": SESSION}))
    answer = part(ROLE, resource_policy=refused)
    assert (answer["verdict"], listed(answer)) == ("conditional", [("StringNotEquals", "sts:RoleSessionName", ["s1"])])
    assert verdict(ROLE, resource_policy=naming({"AWS": SESSION})) == "denied"
    assert part(ROLE, resource_policy=naming({"AWS": f"arn:aws:sts::{B}:assumed-role/App/s1"}))["verdict"] == "denied"


def test_layers_are_all_met_at_once() -> None:
    answer = part(
        identity=allow(condition=OFFICE),
        permissions_boundary=document(allow(condition={"Bool": {MFA: "true"}})),
        service_control_policies=[[document(allow()), document(deny(condition={"Null": {"k:x": "true"}}))]],
    )
    assert sorted(key for _, key, _ in listed(answer)) == [MFA, IP, "k:x"]
    assert {c["source"] for c in answer["conditions"]} == {
        "identity_policies/0",
        "permissions_boundary",
        "service_control_policies/0/1",
    }


def test_the_way_with_the_fewest_conditions_is_shown() -> None:
    policy = naming({"AWS": USER}, condition=OFFICE | {"Bool": {MFA: "true"}})
    answer = part(USER, resource_policy=policy, identity=allow(condition=OFFICE))
    assert listed(answer) == [("IpAddress", IP, ["203.0.113.0/24"])]
