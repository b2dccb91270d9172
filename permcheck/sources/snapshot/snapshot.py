"""A snapshot: the answers of one scan, with what was asked for."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import field
from typing import Any

from permcheck.frozen import dataclass
from permcheck.sources.snapshot.answer import Answer, Key, as_json, from_json

SCHEMA = 1
MARK = "permcheck_snapshot"  # the first member of every snapshot, and what one is told by


@dataclass(frozen=True, slots=True)
class Asked:
    """What a scan was told to read.

    accounts: id → ARN of the role its account is read with, "" for the credentials that the scan begins with.
    begun_as: the account of these, which is the one that may read the organization. regions: sorted; services: in the
    order of a scan. organization: name of the role that is taken in every account of the organization, "" where only
    the accounts above are read.
    """

    partition: str
    begun_as: str
    accounts: Mapping[str, str]
    regions: tuple[str, ...]
    services: tuple[str, ...]
    organization: str = ""

    def role(self, account: str) -> str:
        """The ARN of the role that an account is read with, "" for none."""
        if account in self.accounts or account == self.begun_as:
            return self.accounts.get(account, "")
        return f"arn:{self.partition}:iam::{account}:role/{self.organization}"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Answers with the day they are of (ISO 8601, UTC). complete: everything that was to be asked was asked.

    tool: the program and version that made it. redacted: names and ids are stand-ins.
    """

    asked: Asked
    date: str
    tool: str
    answers: Mapping[Key, Answer] = field(default_factory=dict)
    complete: bool = True
    redacted: bool = False


def head_json(snapshot: Snapshot) -> dict[str, Any]:
    """Everything but the answers, as it is written."""
    asked = snapshot.asked
    return {
        MARK: SCHEMA,
        "tool": snapshot.tool,
        "date": snapshot.date,
        "complete": snapshot.complete,
        "redacted": snapshot.redacted,
        "asked": {
            "partition": asked.partition,
            "begun_as": asked.begun_as,
            "accounts": [{"id": own, "role": asked.accounts[own]} for own in sorted(asked.accounts)],
            "regions": list(asked.regions),
            "services": list(asked.services),
            "organization": asked.organization,
        },
    }


def text(snapshot: Snapshot) -> str:
    """The whole snapshot as JSON, an answer a line, in an order that does not depend on the order of asking."""
    head = json.dumps(head_json(snapshot), indent=1)
    lines = [json.dumps(as_json(snapshot.answers[key]), sort_keys=True) for key in sorted(snapshot.answers)]
    listed = ",\n".join(lines)
    return f'{head[:-2]},\n "answers": [\n{listed}\n]}}\n'


def head_of(value: Mapping[str, Any]) -> Snapshot:
    """A snapshot without answers, from what is written before them. Raises KeyError, TypeError, ValueError."""
    if value[MARK] != SCHEMA:
        raise ValueError(f"its version is {value[MARK]}, and this permcheck reads {SCHEMA}")
    asked = value["asked"]
    return Snapshot(
        Asked(
            str(asked["partition"]),
            str(asked["begun_as"]),
            {str(each["id"]): str(each["role"]) for each in asked["accounts"]},
            tuple(str(each) for each in asked["regions"]),
            tuple(str(each) for each in asked["services"]),
            str(asked["organization"]),
        ),
        str(value["date"]),
        str(value["tool"]),
        {},
        value["complete"] is True,
        value["redacted"] is True,
    )


def by_key(answers: Iterable[Mapping[str, Any]]) -> dict[Key, Answer]:
    """Answers as they were written, by key. Raises KeyError, TypeError, ValueError."""
    found = [from_json(each) for each in answers]
    return {answer.key: answer for answer in found}
