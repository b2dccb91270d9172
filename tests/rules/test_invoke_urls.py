"""Function URLs: two grants, their age, and pages of other origins."""

from typing import Any

import pytest

from permcheck.rules._examples import ACCOUNT, account, allow, role
from permcheck.rules.invoke._grants import ARN, captured, for_url, grant, refuse, url
from tests.rules.invoke_asking import ORG, OWN_ROLE, found, name, report

OLD, NEW, NONE_TOLD = "2024-05-21T16:31:55Z", "2025-10-01T00:00:00Z", ""
FIRST, SECOND = for_url("*")


def of_age(created: str, auth: str = "NONE") -> list[dict[str, Any]]:
    made = url(auth, created)
    return [made if created else {k: v for k, v in made.items() if k != "CreationTime"}]


@pytest.mark.parametrize(
    ("created", "statements", "expected"),
    [
        (NEW, [FIRST, SECOND], [("PC121", "high")]),
        (OLD, [FIRST, SECOND], [("PC121", "high")]),
        (NONE_TOLD, [FIRST, SECOND], [("PC121", "high")]),
        (NEW, [FIRST, grant("*")], [("PC101", "critical"), ("PC121", "high")]),
        (NEW, [FIRST], [("PC123", "info")]),
        (OLD, [FIRST], [("PC123", "medium")]),
        (NONE_TOLD, [FIRST], [("PC123", "medium")]),
        (NEW, [SECOND], [("PC123", "info")]),
        (NEW, [], [("PC123", "info")]),
        (NEW, [refuse(Action="lambda:*")], []),
        (NEW, [FIRST, refuse(Action="lambda:*")], []),
        (NEW, [FIRST, SECOND, refuse(Action="lambda:*")], []),
        (NEW, [FIRST, SECOND, refuse({"Bool": {"lambda:InvokedViaFunctionUrl": "true"}})], []),
        (NEW, for_url("*", "AWS_IAM"), [("PC123", "info")]),
    ],
)
def test_an_open_url_needs_both_grants(
    created: str, statements: list[dict[str, Any]], expected: list[tuple[str, str]]
) -> None:
    assert found(*statements, urls=of_age(created)) == expected


@pytest.mark.parametrize(("created", "word"), [(NEW, "lets nobody in"), (OLD, "unknown"), (NONE_TOLD, "unknown")])
def test_an_older_url_with_one_grant_is_in_doubt(created: str, word: str) -> None:
    (finding,) = report(captured(FIRST, urls=of_age(created))).findings
    assert word in finding.message
    assert finding.confidence == ("low" if word == "unknown" else "high")
    assert [str(step.verdict) for step in finding.path[:1]] == (["unknown"] if word == "unknown" else [])


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}, [("PC121", "medium")]),
        ({"IpAddress": {"aws:SourceIp": "0.0.0.0/0"}}, [("PC121", "high")]),
        ({"StringEquals": {"aws:PrincipalOrgID": ORG}}, []),
        ({"StringEquals": {"aws:PrincipalAccount": ACCOUNT}}, []),
        ({"StringEquals": {"aws:SourceVpce": "vpce-1"}}, []),
        ({"StringEqualsIfExists": {"aws:SourceVpce": "vpce-1"}}, [("PC121", "high")]),
    ],
    ids=str,
)
def test_conditions_on_an_open_url(condition: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    statements = [grant("*", condition, Action="lambda:InvokeFunctionUrl"), SECOND]
    assert [f for f in found(*statements, urls=[url()]) if f[0] == "PC121"] == expected


@pytest.mark.parametrize(
    ("statement", "severity"),
    [
        (allow("*"), "critical"),
        (allow("iam:PutRolePolicy"), "critical"),
        (allow("dynamodb:GetItem"), "high"),
        (allow("logs:PutLogEvents"), "high"),
    ],
)
def test_what_the_function_may_do_weighs(statement: dict[str, Any], severity: str) -> None:
    files = captured(FIRST, SECOND, urls=[url()], role=f"arn:aws:iam::{ACCOUNT}:role/worker")
    (finding,) = report({**files, **account(role("worker", statement))}).findings
    assert (finding.rule, finding.severity) == ("PC121", severity)
    assert [step.kind for step in finding.path][:3] == ["anyone", "function", "role"]


def test_the_url_of_an_alias() -> None:
    on_alias = [{**FIRST, "Resource": f"{ARN}:live"}, {**SECOND, "Resource": f"{ARN}:live"}]
    named = {**url(), "FunctionArn": f"{ARN}:live"}
    (finding,) = report(captured(*on_alias, urls=[named])).findings
    assert (finding.rule, name(finding)) == ("PC121", "orders:live")
    # The policy of the function does not open the URL of its alias.
    assert found(FIRST, SECOND, urls=[named]) == [("PC123", "info"), ("PC125", "low")]


def test_public_grants_without_a_url() -> None:
    """Whoever makes the URL opens the function; and the input may just lack it."""
    none: dict[str, Any] = {"FunctionUrlConfigs": []}
    assert found(FIRST, SECOND) == [("PC125", "medium")]
    assert found(FIRST) == [("PC125", "low")]
    assert found(SECOND) == []
    assert found(FIRST, SECOND, refuse(Action="lambda:*")) == []
    for files, severity, confidence in ((captured(FIRST, SECOND), "medium", "medium"), (captured(FIRST), "low", "low")):
        (finding,) = report(files).findings
        assert (finding.severity, finding.confidence) == (severity, confidence)
        assert [str(step.verdict) for step in finding.path[:1]] == ["unknown"]
    (finding,) = report({**captured(FIRST, SECOND), "list-function-url-configs.orders.json": none}).findings
    assert (finding.rule, finding.severity, finding.confidence) == ("PC125", "low", "medium")
    assert report({**captured(FIRST), "list-function-url-configs.orders.json": none}).findings == ()


def test_public_grants_on_an_alias_and_on_a_version() -> None:
    """A version cannot have a URL."""
    (finding,) = report(captured(*({**each, "Resource": f"{ARN}:live"} for each in (FIRST, SECOND)))).findings
    assert (finding.rule, name(finding)) == ("PC125", "orders:live")
    assert report(captured(*({**each, "Resource": f"{ARN}:7"} for each in (FIRST, SECOND)))).findings == ()


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        (for_url("*", "AWS_IAM"), [("PC122", "high")]),
        (for_url("*", "NONE"), []),
        (for_url({"AWS": OWN_ROLE}, "AWS_IAM"), []),
        (for_url("*", "AWS_IAM")[:1], [("PC123", "info")]),
        ([*for_url("*", "AWS_IAM"), refuse({"StringNotEquals": {"aws:PrincipalOrgID": ORG}})], []),
        ([for_url("*", "AWS_IAM")[0], grant("*")], [("PC101", "critical")]),
        ([], []),
    ],
)
def test_a_url_that_asks_for_a_signature(statements: list[dict[str, Any]], expected: list[tuple[str, str]]) -> None:
    assert found(*statements, urls=[url("AWS_IAM")]) == expected


def test_a_signed_url_for_everybody_may_be_meant() -> None:
    config = {"public_functions": [{"function": ARN, "reason": "offered to every customer"}]}
    made = report(captured(*for_url("*", "AWS_IAM"), urls=[url("AWS_IAM")]), config)
    assert made.findings == ()
    assert [s.reason for s in made.suppressed] == ["offered to every customer"]


@pytest.mark.parametrize(
    ("cors", "expected"),
    [
        ({"AllowOrigins": ["*"]}, [("PC124", "low")]),
        ({"AllowOrigins": ["*"], "AllowMethods": ["GET"]}, [("PC124", "low")]),
        ({"AllowOrigins": ["*"], "AllowMethods": ["*"]}, [("PC124", "medium")]),
        ({"AllowOrigins": ["*"], "AllowCredentials": True}, [("PC124", "medium")]),
        ({"AllowOrigins": ["https://*"]}, [("PC124", "low")]),
        ({"AllowOrigins": ["https://shop.example"], "AllowMethods": ["*"], "AllowCredentials": True}, []),
        ({}, []),
        (None, []),
    ],
    ids=str,
)
def test_origins(cors: dict[str, Any] | None, expected: list[tuple[str, str]]) -> None:
    assert found(urls=[url("AWS_IAM", cors=cors)]) == expected


def test_where_the_cors_settings_stand() -> None:
    (finding,) = report(captured(urls=[url("AWS_IAM", cors={"AllowOrigins": ["*"]})])).findings
    assert finding.locations[0].pointer == "/FunctionUrlConfigs/0/Cors"
