"""What the scenarios say of paths: what their READMEs promise, and what they must not say."""

from __future__ import annotations

import pytest

from permcheck.model import Verdict
from tests.rules.teaching import FIXTURES, audited, found, only

MINE = tuple(f"PC{number}" for number in range(301, 338))
EXPECTED: dict[str, list[tuple[str, str, str]]] = {
    "lambda-privesc": [("PC301", "critical", "function-manager")],
    "deputy-function": [("PC313", "critical", "bea")],
    "open-url-admin": [("PC324", "critical", "night-console")],
    "shop-chain": [
        ("PC325", "high", "shop-order-manager"),
        ("PC326", "high", "shop-admin-shell-role"),
        ("PC326", "high", "shop-admin-update-orders-role"),
        ("PC326", "high", "shop-feedback-uploads-role"),
    ],
    "mobile-backend": [("PC321", "critical", "trailmate-guest")],
    "mobile-backend-fixed": [],
    "deny-wins": [],
    "boundary": [],
    "unread": [],
    "team-tags": [],
    "loose-policies": [],
    "public-function": [],
    "cross-account": [],
    "alias-backdoor": [],
    "service-grants": [],
    "execution-roles": [],
    "deploy-pipeline": [],
    "collect-store": [],
    "partitions": [],
}


@pytest.mark.parametrize("fixture", sorted(EXPECTED))
def test_a_scenario(fixture: str) -> None:
    assert found(fixture, *MINE) == EXPECTED[fixture]


def test_robin_comes_to_administrator_by_way_of_a_function() -> None:
    finding = only("lambda-privesc", "PC301")
    assert [step.name for step in finding.path] == [
        "robin",
        "function-manager",
        "of its own making",
        "debug-runner",
        "everything in the account",
    ]
    assert not [f for f in audited("lambda-privesc").findings if f.rule == "PC138" and "debug-runner" in f.message]


def test_bea_comes_to_her_deputy_as_the_role_that_trusts_her() -> None:
    finding = only("deputy-function", "PC313")
    assert [step.name for step in finding.path] == ["bea", "form-runner", "badge-granter", "badge-granter-role", "bea"]
    assert "if the function can be made to" in finding.message


def test_the_draft_is_on_no_path() -> None:
    for finding in audited("open-url-admin").findings:
        if finding.rule in MINE:
            assert "draft" not in finding.message
            assert not [step for step in finding.path if "draft" in step.name]


def test_the_chain_of_the_shop() -> None:
    finding = only("shop-chain", "PC325")
    assert finding.path[0].kind == "anyone"
    for name in ("shop-admin-update-orders", "shop-admin-shell", "shop-feedback-uploads", "shop-receipt-mailer"):
        assert name in finding.message
    assert not [f for f in audited("shop-chain").findings if f.path and f.path[0].kind in ("guest", "signed_in")]
    assert not [f for f in audited("shop-chain").findings if "sign-up-hook" in f.message]


@pytest.mark.parametrize("fixture", sorted(path.parent.name for path in FIXTURES.glob("*/account")))
def test_every_path_can_be_followed(fixture: str) -> None:
    for finding in audited(fixture).findings:
        if finding.rule in MINE:
            assert finding.witness is not None, finding.message
            assert finding.fix
            assert len({place.source for place in finding.locations} | {p.pointer for p in finding.locations}) > 1
            verdicts = [step.verdict for step in finding.path[:-1]]
            assert Verdict.UNKNOWN not in verdicts or finding.severity != "critical"
