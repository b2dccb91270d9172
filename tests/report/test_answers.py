"""Answers to who, reach and why, for people and for programs."""

import json
from typing import Any

import jsonschema
import pytest

from permcheck.model import ReachAnswer, Verdict, WhoAnswer
from permcheck.report import answers, answers_json
from permcheck.report.positions import Positions
from permcheck.report.schemas import schema
from permcheck.report.style import Style
from tests.report.reports import CONDITION, FUNCTION, GAP, POLICY, REACH, ROLE, WHO, WHY, WITNESS

BECAUSE = {"source": "-", "pointer": "/Statement/0", "line": 4, "arn": None, "sid": "Everything", "effect": "Allow"}


def checked(name: str, text: str) -> Any:
    """One line of JSON, as a program reads it, checked against the schema."""
    assert text.endswith("\n") and text.count("\n") == 1
    found = json.loads(text)
    jsonschema.Draft202012Validator(schema(name)).validate(found)
    return found


@pytest.fixture
def positions() -> Positions:
    return Positions(POLICY)


def test_who_as_json(positions: Positions) -> None:
    found = checked("who", answers_json.who(WHO, positions))
    assert list(found) == ["schema", "function", "callers", "not_read"]
    assert (found["schema"], found["function"]) == (1, FUNCTION)
    assert found["callers"][0] == {
        "caller": ROLE,
        "kind": "role",
        "verdict": "conditional",
        "action": "lambda:InvokeFunction",
        "resource": FUNCTION,
        "via": "identity_policy",
        "conditions": [CONDITION],
        "because": [BECAUSE],
        "witness": WITNESS,
        "held_by": [{"kind": "guest", "name": "eu-west-1:1b2c", "flow": "enhanced", "verdict": "allowed"}],
        "note": "covers $LATEST",
    }
    second = found["callers"][1]
    assert (second["witness"], second["note"], second["held_by"], second["because"]) == (None, None, [], [])
    assert [gap["source"] for gap in found["not_read"]] == ["cut.json"]


def test_who_as_text(positions: Positions) -> None:
    assert (
        answers.who(WHO, positions, Style())
        == f"""\
function {FUNCTION}
  conditional role {ROLE}
    lambda:InvokeFunction on {FUNCTION}, by identity policy
    held by guest of pool eu-west-1:1b2c, enhanced flow: allowed
    Allow -:4:5 (Sid "Everything")
    if IpAddress aws:SourceIp = 203.0.113.0/24
    note: covers $LATEST
  allowed     any AWS principal
    lambda:InvokeFunction on {FUNCTION}, by resource policy
not read: cut.json:3:9: broken JSON: the text ends in the middle; its policies are unknown
"""
    )


def test_nobody_may_invoke(positions: Positions) -> None:
    assert "nobody in view may invoke it" in answers.who(WhoAnswer(FUNCTION, ()), positions, Style())
    assert checked("who", answers_json.who(WhoAnswer(FUNCTION, ()), positions))["callers"] == []


def test_reach_as_json(positions: Positions) -> None:
    found = checked("reach", answers_json.reach(REACH, positions))
    assert (found["subject"], found["principal"], found["administrator"]) == (FUNCTION, ROLE, "unknown")
    assert found["reach"][1] == {
        "service": "lambda",
        "actions": ["lambda:*"],
        "resources": ["*"],
        "verdict": "conditional",
        "conditions": [CONDITION],
        "because": [BECAUSE],
        "note": "a note",
        "within": [
            {"actions": None, "not_actions": None, "resources": ["arn:aws:lambda:*:*:*"], "not_resources": None}
        ],
        "except": [
            {
                "actions": ["lambda:Delete*"],
                "not_actions": None,
                "resources": [f"arn:{n}" for n in range(1, 6)],
                "not_resources": None,
                "because": [BECAUSE],
            },
            {
                "actions": None,
                "not_actions": ["lambda:Get*"],
                "resources": None,
                "not_resources": ["arn:6"],
                "because": [],
            },
        ],
    }
    assert found["assumptions"] == ["keys are as they are"]
    assert found["targets"] == [
        {
            "how": "invoke",
            "arn": FUNCTION,
            "verdict": "allowed",
            "action": "lambda:InvokeFunction",
            "conditions": [],
            "because": [BECAUSE],
            "service": None,
        },
        {
            "how": "pass",
            "arn": ROLE,
            "verdict": "allowed",
            "action": "iam:PassRole",
            "conditions": [],
            "because": [BECAUSE],
            "service": "lambda.amazonaws.com",
        },
    ]


def test_reach_as_text(positions: Positions) -> None:
    assert (
        answers.reach(REACH, positions, Style())
        == f"""\
{FUNCTION}, acting as {ROLE}
  unknown     everything: it is an administrator
  dynamodb
    allowed     dynamodb:Get* on *
      Allow -:4:5 (Sid "Everything")
  lambda
    conditional lambda:* on *
      only on arn:aws:lambda:*:*:*
      except lambda:Delete* on arn:1, arn:2, arn:3, arn:4 and 1 more: Allow -:4:5 (Sid "Everything")
      except every action but lambda:Get* on every resource but arn:6
      Allow -:4:5 (Sid "Everything")
      if IpAddress aws:SourceIp = 203.0.113.0/24
      note: a note
  may invoke
    allowed     {FUNCTION}, lambda:InvokeFunction
      Allow -:4:5 (Sid "Everything")
  may pass
    allowed     {ROLE}, iam:PassRole to lambda.amazonaws.com
      Allow -:4:5 (Sid "Everything")
assumed: keys are as they are
"""
    )


def test_reaching_nothing(positions: Positions) -> None:
    text = answers.reach(ReachAnswer(ROLE, ROLE, (), ()), positions, Style())
    assert text == f"{ROLE}\n  nothing in view is allowed to it\n"


def test_why_as_json(positions: Positions) -> None:
    found = checked("why", answers_json.why((WHY,), (GAP,), positions))
    (answer,) = found["answers"]
    assert (answer["verdict"], answer["denied_by"], answer["witness"]) == (str(Verdict.DENIED), "explicit:scp", None)
    assert [layer["layer"] for layer in answer["layers"]] == ["scp", "identity_policy"]
    assert answer["layers"][1]["because"] == [BECAUSE]
    assert found["not_read"][0]["line"] == 3


def test_why_as_text(positions: Positions) -> None:
    assert answers.why((WHY, WHY), (GAP,), positions, Style()).startswith(f"""\
{ROLE}: lambda:InvokeFunction on {FUNCTION}
  denied: a Deny in the service control policies
  ├─ scp: denies it
  │    Deny scp.json /Statement/0 (Sid "No")
  └─ identity policy: allows it
       Allow -:4:5 (Sid "Everything")
  if IpAddress aws:SourceIp = 203.0.113.0/24

{ROLE}: lambda:InvokeFunction""")


def test_colours_paint_and_nothing_else(positions: Positions) -> None:
    painted = answers.who(WHO, positions, Style(colour=True))
    assert "\x1b[1;31mallowed    \x1b[0m any AWS principal" in painted
