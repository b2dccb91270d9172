"""A whole scan against a real endpoint."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from permcheck.errors import ExitCode
from tests.cli.asking import ask
from tests.live.endpoint import ACCOUNT, REGION, Endpoint
from tests.live.seeding import ACCESS_KEY, SECRETS


@pytest.fixture(scope="module")
def taken(server: Endpoint, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A snapshot of the account that holds one of everything."""
    path = tmp_path_factory.mktemp("taken") / "account.json.gz"
    result = ask("snapshot", "--endpoint-url", server.url, "--region", REGION, "--output", path)
    assert result.exit_code == ExitCode.CLEAN, result.stderr
    return path


def said(result: Any) -> dict[str, Any]:
    """A JSON report without its inputs."""
    report: dict[str, Any] = json.loads(result.stdout)
    report.pop("inputs")
    return report


def test_a_scan_is_a_snapshot_and_an_audit_of_it(server: Endpoint, taken: Path) -> None:
    scanned = ask("scan", "--endpoint-url", server.url, "--region", REGION, "--format", "json")
    audited = ask("audit", taken, "--format", "json")
    assert scanned.exit_code == audited.exit_code == ExitCode.FINDINGS
    assert said(scanned) == said(audited)
    assert scanned.stdout == audited.stdout.replace(str(taken), f"account {ACCOUNT}")


def test_what_is_found_stands_at_arns(taken: Path) -> None:
    report = said(ask("audit", taken, "--format", "json"))
    found = {finding["rule"] for finding in report["findings"]}
    assert {"PC106", "PC153", "PC321"} <= found
    assert report["not_read"] == []
    for finding in report["findings"]:
        for location in finding["locations"]:
            assert location["source"].startswith("arn:aws:"), location
            assert location["line"] is None
    partner = next(finding for finding in report["findings"] if finding["rule"] == "PC106")
    where = partner["locations"][0]
    assert where["source"] == f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:orders"
    assert (where["pointer"], where["sid"]) == ("/Policy/Statement/0", "partner")


def test_who_asks_first_is_told_whose_account_it_is(server: Endpoint, tmp_path: Path) -> None:
    result = ask("scan", "--endpoint-url", server.url, "--region", REGION, "--include", "iam")
    first, second = result.stderr.splitlines()[:2]
    assert f"in account {ACCOUNT}" in first
    assert f"reading {ACCOUNT} in {REGION}" == second


def test_no_secret_comes_out(server: Endpoint, taken: Path) -> None:
    kept = gzip.decompress(taken.read_bytes()).decode()
    told = [ask("audit", taken, "--format", form).output for form in ("text", "json", "sarif", "markdown")]
    told.append(ask("scan", "--endpoint-url", server.url, "--region", REGION).output)
    for text in (kept, *told):
        for secret in (*SECRETS, ACCESS_KEY):
            assert secret not in text
    assert "ResponseMetadata" not in kept
    assert "NextToken" not in kept


def test_every_question_reads_a_snapshot(taken: Path) -> None:
    rows = json.loads(ask("who", "orders", taken, "--format", "json").stdout)["callers"]
    assert {"account", "role"} <= {row["kind"] for row in rows}
    for arguments in (("reach", "orders", taken), ("paths", "--from", "guest", taken), ("who", "--all", taken)):
        assert ask(*arguments).exit_code == ExitCode.CLEAN
