"""``permcheck reach --expand``: wildcards in actions, spelled out."""

import json
from pathlib import Path

from permcheck.data.expansion import expanded
from tests.cli.asking import ask


def test_a_list_of_2023_is_brought_up_to_date() -> None:
    found = expanded(["lambda:Put*", "sqs:SendMessage"])
    assert "lambda:PutResourcePolicy" in found
    assert "sqs:SendMessage" in found
    assert not any(name.startswith("lambda:Get") for name in found)


def test_a_bare_star_stays() -> None:
    assert expanded(["*", "lambda:*"]) == ("*",)


def test_reach_spells_out_what_was_asked(tmp_path: Path) -> None:
    statement = {"Effect": "Allow", "Action": "dynamodb:BatchGet*", "Resource": "*"}
    policy = {"Version": "2012-10-17", "Statement": [statement]}
    (tmp_path / "reader.json").write_text(json.dumps(policy))
    told = json.loads(ask("reach", "reader", tmp_path, "--expand", "--format", "json").stdout)
    assert told["reach"][0]["actions"] == ["dynamodb:BatchGet*"]
    assert told["reach"][0]["expanded"] == ["dynamodb:BatchGetItem"]
    plain = json.loads(ask("reach", "reader", tmp_path, "--format", "json").stdout)
    assert "expanded" not in plain["reach"][0]
