"""PC116: services that call for what belongs to another account."""

from typing import Any

import pytest

from permcheck.rules._examples import ACCOUNT, OTHER
from permcheck.rules.invoke._grants import captured, for_url, grant, own, refuse, service, source, url
from tests.rules.auditing import found

Json = dict[str, Any]
RULE, TOPIC = f"arn:aws:events:eu-west-1:{OTHER}:rule/night", f"arn:aws:sns:eu-west-1:{OTHER}:news"
THIRD = "777788889999"


def told(*statements: Json, settings: Json | None = None, **more: Any) -> list[tuple[str, str]]:
    """(severity, confidence) of what PC116 says of ``orders``."""
    findings = found(captured(*statements, **more), "PC116", settings)
    return [(finding.severity, finding.confidence) for finding in findings]


@pytest.mark.parametrize(
    ("name", "condition", "severity"),
    [
        ("events", source(RULE), "low"),
        ("events", source(RULE, OTHER), "low"),
        ("sns", {"StringEquals": {"aws:SourceArn": TOPIC}}, "low"),
        ("sns", {"ArnLike": {"aws:SourceArn": f"arn:aws:sns:*:{OTHER}:*"}}, "medium"),
        ("sns", {"StringEquals": {"aws:SourceAccount": OTHER}}, "medium"),
        ("sns", {"StringEquals": {"aws:SourceAccount": [ACCOUNT, OTHER]}}, "medium"),
        ("s3", source("arn:aws:s3:::trail-photos", OTHER), "low"),
        ("something-new", source(f"arn:aws:something-new:eu-west-1:{OTHER}:thing"), "low"),
    ],
    ids=str,
)
def test_a_source_of_another_account(name: str, condition: Json, severity: str) -> None:
    assert told(service(name, condition)) == [(severity, "high")]
    assert told(service(name, condition), settings={"trusted_accounts": [OTHER]}) == []


@pytest.mark.parametrize(
    "statements",
    [
        [service("events", source(own("events", "rule/night")))],
        [service("events", source(RULE, ACCOUNT))],
        [service("events", source(RULE)), refuse({"StringNotEquals": {"aws:SourceAccount": ACCOUNT}})],
        [service("events", source(RULE)), refuse()],
        [service("sns")],
        [service("sns"), service("events", source(RULE), Effect="Deny")],
        [grant({"AWS": OTHER})],
        [grant({"AWS": OTHER}, source(TOPIC))],
    ],
    ids=str,
)
def test_what_is_none(statements: list[Json]) -> None:
    assert told(*statements) == []


def test_everybody_spared_by_a_deny_may_be_a_service_too() -> None:
    assert told(grant("*"), refuse({"StringNotEquals": {"aws:SourceAccount": OTHER}})) == [("medium", "high")]


def test_each_account_and_source_by_itself() -> None:
    third = RULE.replace(OTHER, THIRD)
    made = service("events", {"ArnLike": {"aws:SourceArn": [RULE, third, f"{RULE}ly"]}})
    findings = found(captured(made), "PC116")
    assert sorted(f.message.split(" of account ")[0].rsplit(":", 2)[1] for f in findings) == [OTHER, OTHER, THIRD]


def test_an_account_in_view_is_no_stranger() -> None:
    files = captured(service("events", source(RULE)))
    theirs = {"Functions": [{"FunctionName": "x", "FunctionArn": f"arn:aws:lambda:eu-west-1:{OTHER}:function:x"}]}
    assert found({**files, "list-functions.other.json": theirs}, "PC116") == []


def test_through_a_url() -> None:
    shop = f"arn:aws:cloudfront::{OTHER}:distribution/E1"
    principal = {"Service": "cloudfront.amazonaws.com"}
    grants = [{**each, "Condition": {**each["Condition"], **source(shop)}} for each in for_url(principal, "AWS_IAM")]
    assert told(*grants, urls=[url("AWS_IAM")]) == [("low", "high")]


def test_the_witness_is_such_a_call() -> None:
    (finding,) = found(captured(service("events", source(RULE))), "PC116")
    assert finding.witness is not None
    context: Any = finding.witness["context"]
    assert (context["aws:SourceArn"], context["aws:SourceAccount"]) == (RULE, OTHER)
