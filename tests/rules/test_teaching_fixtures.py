"""What the fixtures' READMEs promise of the rules about callers and about execution roles."""

from __future__ import annotations

import json

import pytest

from permcheck.model import Verdict
from tests.rules.teaching import audited, found, only

OF_CALLERS = tuple(f"PC{number}" for number in range(131, 141))
OF_ROLES = tuple(f"PC{number}" for number in range(201, 217))
MINE = OF_CALLERS + OF_ROLES

EXPECTED: dict[str, list[tuple[str, str, str]]] = {
    "mobile-backend": [
        ("PC131", "critical", "trailmate-guest"),
        ("PC133", "high", "trailmate-deploy"),
        ("PC203", "medium", "trailmate-monthly-report-role"),
        ("PC205", "high", "trailmate-monthly-report-role"),
        ("PC207", "high", "trailmate-monthly-report-role"),
    ],
    "mobile-backend-fixed": [],
    "boundary": [],
    "deny-wins": [],
    "team-tags": [],
    "alias-backdoor": [],
    "cross-account": [],
    "public-function": [],
    "service-grants": [],
    "unread": [],
    "deploy-pipeline": [
        ("PC133", "critical", "developer"),
        ("PC133", "critical", "release-pipeline"),
        ("PC134", "critical", "release-pipeline"),
        ("PC137", "low", "developer"),
        ("PC201", "critical", "tenant-admin-role"),
        ("PC215", "medium", "tenant-admin"),
    ],
    "execution-roles": [
        ("PC202", "critical", "janitor-role"),
        ("PC203", "medium", "read-aloud-role"),
        ("PC204", "medium", "tag-writer-role"),
        ("PC205", "high", "config-sync-role"),
        ("PC205", "high", "thumbnailer-role"),
        ("PC207", "high", "bucket-publisher-role"),
        ("PC208", "medium", "thumbnailer-role"),
        ("PC209", "low", "batch-role"),
        ("PC210", "high", "legacy-bridge-role"),
    ],
    "loose-policies": [("PC131", "high", "mobile-guide.identity"), ("PC210", "high", "runner.trust")],
    "collect-store": [("PC131", "high", "OpsAdmin")],
    "partitions": [("PC131", "high", "flight-ops")],
    "lambda-privesc": [
        ("PC131", "high", "function-manager"),
        ("PC138", "high", "robin"),
        ("PC139", "high", "function-manager"),
        ("PC201", "critical", "debug-runner"),
    ],
    "open-url-admin": [
        ("PC201", "critical", "night-console-draft-role"),
        ("PC201", "critical", "night-console-role"),
    ],
    "deputy-function": [("PC202", "low", "badge-granter-role")],
}


@pytest.mark.parametrize("fixture", EXPECTED)
def test_exactly_what_the_readme_promises(fixture: str) -> None:
    assert found(fixture, *MINE) == EXPECTED[fixture]


def test_shop_chain() -> None:
    promised = {
        ("PC131", "high", "shop-admin-shell-role"),
        ("PC131", "high", "shop-admin-update-orders-role"),
        ("PC131", "high", "shop-feedback-uploads-role"),
        ("PC132", "medium", "shop-order-manager-role"),
        ("PC139", "high", "shop-admin-shell-role"),
        ("PC203", "medium", "shop-receipt-mailer-role"),
        ("PC203", "medium", "shop-feedback-uploads-role"),
        ("PC205", "high", "shop-receipt-mailer-role"),
        ("PC205", "high", "shop-feedback-uploads-role"),
        ("PC207", "high", "shop-receipt-mailer-role"),
        ("PC208", "medium", "shop-order-manager-role"),
    }
    seen = set(found("shop-chain", *MINE))
    assert promised <= seen
    assert not {row for row in seen if row[2] in ("shop-sign-up-hook-role", "shop-signed-in")}
    assert not {row for row in seen if row[0] == "PC204"}


def test_the_fixed_backend_has_nothing_of_weight() -> None:
    assert not [f for f in audited("mobile-backend-fixed").findings if f.severity not in ("info", "low")]


def test_a_guest_reaches_a_table_through_a_function() -> None:
    finding = only("mobile-backend", "PC131")
    assert [(step.kind, step.name, step.edge) for step in finding.path] == [
        ("guest", "eu-west-1:1c3a9f52-7b64-4d0e-9a8f-52b6d07e4c11", "is handed"),
        ("role", "trailmate-guest", "lambda:*"),
        ("function", "trailmate-monthly-report", "runs as"),
        ("role", "trailmate-monthly-report-role", "may reach"),
        ("target", "every DynamoDB table", ""),
    ]
    assert all(step.verdict is Verdict.ALLOWED for step in finding.path[:-1])
    assert finding.locations[0].sid == "CallTheBackend"
    assert any(place.source.endswith("get-identity-pool-roles.json") for place in finding.locations)
    for words in ("guest", "trailmate", "every function (4 in view)", "every DynamoDB table"):
        assert words in finding.message
    assert '"Action": "lambda:InvokeFunction"' in finding.fix
    assert "arn:aws:lambda:eu-west-1:111122223333:function:" in finding.fix


def test_the_witness_is_a_request_of_the_guest_role_on_a_function_there_is() -> None:
    witness = only("mobile-backend", "PC131").witness
    assert witness is not None
    assert witness["principal"] == "arn:aws:iam::111122223333:role/trailmate-guest"
    assert witness["resource"] == "arn:aws:lambda:eu-west-1:111122223333:function:trailmate-monthly-report"


def test_configuration_explains_the_pipeline_and_nobody_else() -> None:
    report = audited("deploy-pipeline", configured=True)
    explained = {(s.finding.rule, s.finding.resource.rsplit("/", 1)[-1]) for s in report.suppressed}
    assert explained == {("PC133", "release-pipeline"), ("PC134", "release-pipeline")}
    assert all("deploy_roles" in s.reason for s in report.suppressed)
    assert ("PC133", "critical", "developer") in found("deploy-pipeline", configured=True)


def test_nobody_can_become_what_only_lambda_may_be() -> None:
    finding = only("lambda-privesc", "PC138")
    assert "function-manager" in finding.message
    assert "debug-runner" not in finding.message
    assert "debug-runner" not in {step.name for step in finding.path}


def test_a_fixture_keeps_its_secrets() -> None:
    for fixture in EXPECTED:
        report = audited(fixture)
        said = [f.message + f.fix + json.dumps(f.witness, default=str) for f in report.findings]
        assert not [text for text in said if "never-print-me" in text]
