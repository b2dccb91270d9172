"""The scenarios as their READMEs tell them: what is found on function policies and URLs, and nothing else."""

from pathlib import Path

import pytest

from permcheck.config import Config
from permcheck.engine import audit
from permcheck.model import Finding
from permcheck.sources.files import load
from tests.rules.invoke_asking import MINE

FIXTURES = Path(__file__).parents[2] / "fixtures"
TOLD: dict[str, set[tuple[str, str, str]]] = {
    "public-function": {
        ("PC101", "critical", "price-feed"),
        ("PC121", "high", "webhook-inbox"),
        ("PC122", "high", "partner-hook"),
        ("PC123", "info", "tile-server"),
        ("PC123", "medium", "contact-form"),
        ("PC125", "low", "status-page"),
    },
    "cross-account": {
        ("PC102", "medium", "audit-log"),
        ("PC103", "high", "thumbnail"),
        ("PC106", "high", "billing-export"),
        ("PC106", "medium", "invoice-render"),
        ("PC115", "low", "legacy-import"),
    },
    "alias-backdoor": {
        ("PC106", "medium", "payroll-run:prod"),
        ("PC106", "high", "payroll-run:3"),
        ("PC112", "medium", "payroll-run:prod"),
        ("PC112", "medium", "payroll-run:3"),
    },
    "deny-wins": set(),
    "service-grants": {
        ("PC103", "high", "news-archive"),
        ("PC103", "low", "shop-front"),
        ("PC104", "medium", "media-scan"),
        ("PC105", "medium", "orders-admin"),
        ("PC108", "medium", "lights-skill"),
    },
    "loose-policies": {
        ("PC101", "critical", "resize"),
        ("PC106", "medium", "resize"),
        ("PC107", "high", "resize"),
        ("PC110", "high", "report"),
    },
    "partitions": {("PC101", "critical", "order-sync")},
    "open-url-admin": {("PC121", "critical", "night-console"), ("PC123", "info", "night-console-draft")},
    "mobile-backend": set(),
    "mobile-backend-fixed": set(),
    "boundary": set(),
}


def findings(scenario: str, config: Config | None = None) -> tuple[Finding, ...]:
    chosen = config or Config(select=tuple(MINE))
    return audit(load((str(FIXTURES / scenario / "account"),)), chosen).findings


def function(finding: Finding) -> str:
    return finding.resource.partition(":function:")[2]


@pytest.mark.parametrize("scenario", sorted(TOLD))
def test_a_scenario(scenario: str) -> None:
    found = [(f.rule, f.severity, function(f)) for f in findings(scenario)]
    assert sorted(found) == sorted(TOLD[scenario])


def test_the_older_url_is_in_doubt_and_the_newer_is_not() -> None:
    said = {function(f): f.message for f in findings("public-function") if f.rule == "PC123"}
    assert "unknown" in said["contact-form"]
    assert "unknown" not in said["tile-server"]


def test_trust_explains_what_other_accounts_and_organizations_do() -> None:
    config = Config(
        trusted_accounts=frozenset({"444455556666"}), trusted_orgs=frozenset({"o-d3m0org4nz"}), select=tuple(MINE)
    )
    assert {f.rule for f in findings("cross-account", config)} == {"PC103", "PC115"}


@pytest.mark.parametrize("scenario", sorted(name for name, told in TOLD.items() if told))
def test_everything_found_can_be_followed(scenario: str) -> None:
    for finding in findings(scenario):
        assert finding.locations and finding.fix
        assert finding.path or finding.rule in ("PC115", "PC123")
        if finding.rule not in ("PC110", "PC115", "PC123"):
            assert finding.witness is not None
