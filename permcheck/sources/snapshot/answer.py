"""One answer of AWS, or the reason why there is none: what a snapshot is made of."""

import json
from collections.abc import Mapping
from typing import Any

from permcheck.frozen import dataclass

Key = tuple[str, str, str, str, str]

# Codes of our own, beside those of AWS.
NOT_ASKED = "NotAsked"
EXPIRED = "CredentialsExpired"
NOT_OFFERED = "NotOffered"  # the Region does not have the service: so it holds nothing
UNFINISHED = frozenset((NOT_ASKED, EXPIRED))

_PASSING = frozenset(("Throttled", "Timeout", "Connection", "Server", "Malformed"))

_SAID = {
    NOT_ASKED: "the scan ended before it was asked",
    EXPIRED: "the credentials expired before it was asked",
    "Denied": "the credentials may not",
    "Throttled": "too many requests, until the retries ended",
    "Timeout": "no answer in time, until the retries ended",
    "Connection": "the connection broke, until the retries ended",
    "Malformed": "the answer cannot be read",
    "Server": "the service failed, until the retries ended",
    "NotImplemented": "the endpoint does not know the call",
    "RegionOff": "the Region is not enabled for the account",
    "Loop": "the listing does not end: a page says that it follows itself",
    "Other": "the call failed",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a call gave no answer. kind: what sort of failure; code: what AWS calls it, "" where it said nothing.

    No text of AWS is kept: its messages name whoever asked, and may repeat what was sent.
    """

    kind: str
    code: str = ""

    @property
    def text(self) -> str:
        """One line for a person."""
        said = _SAID.get(self.kind, _SAID["Other"])
        return f"{self.code}: {said}" if self.code and self.code != self.kind else said

    @property
    def passing(self) -> bool:
        """Whether the call may well succeed another time, so that it is made again when the scan goes on."""
        return self.unfinished or self.kind in _PASSING

    @property
    def unfinished(self) -> bool:
        """Whether the call was never made, so that it should be when the scan goes on."""
        return self.kind in UNFINISHED


@dataclass(frozen=True, slots=True)
class Answer:
    """What one call gave in one account and Region ("" for services that have none).

    pages: what is kept of each page, in order; those before a failure too. absent: AWS says that there is no such
    thing.
    """

    account: str
    region: str
    service: str
    operation: str
    parameters: Mapping[str, Any]
    pages: tuple[Mapping[str, Any], ...] = ()
    error: Problem | None = None
    absent: bool = False

    @property
    def key(self) -> Key:
        """What tells it from all other answers, and orders them."""
        return self.account, self.region, self.service, self.operation, canonical(self.parameters)

    @property
    def api(self) -> str:
        """The call's name."""
        return f"{self.service}:{self.operation}"


def canonical(parameters: Mapping[str, Any]) -> str:
    """Parameters as a text that does not depend on their order."""
    return json.dumps(parameters, sort_keys=True, separators=(",", ":"))


def as_json(answer: Answer) -> dict[str, Any]:
    """An answer as it is written."""
    error = answer.error
    return {
        "account": answer.account,
        "region": answer.region,
        "service": answer.service,
        "operation": answer.operation,
        "parameters": dict(answer.parameters),
        "pages": [dict(page) for page in answer.pages],
        "error": None if error is None else {"kind": error.kind, "code": error.code},
        "absent": answer.absent,
    }


def from_json(value: Mapping[str, Any]) -> Answer:
    """An answer that was written. Raises KeyError, TypeError, ValueError for anything else."""
    texts = [value[name] for name in ("account", "region", "service", "operation")]
    if not all(isinstance(each, str) for each in texts) or not isinstance(value["parameters"], dict):
        raise ValueError("not an answer")
    pages = value["pages"]
    if not isinstance(pages, list) or not all(isinstance(page, dict) for page in pages):
        raise ValueError("not the pages of an answer")
    said = value["error"]
    problem = None if said is None else Problem(str(said["kind"]), str(said["code"]))
    account, region, service, operation = texts
    return Answer(
        account, region, service, operation, value["parameters"], tuple(pages), problem, value["absent"] is True
    )
