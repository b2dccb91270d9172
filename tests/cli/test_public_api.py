"""What a program imports, and ``python -m permcheck``."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

import permcheck
from tests.cli.asking import POLICY, STATEMENT


@pytest.mark.parametrize("name", permcheck.__all__)
def test_every_public_name_is_there(name: str) -> None:
    assert getattr(permcheck, name) is not None
    assert name in dir(permcheck)


def test_no_other_name_is() -> None:
    with pytest.raises(AttributeError, match="no attribute 'evaluate'"):
        permcheck.evaluate  # type: ignore[attr-defined]  # noqa: B018


def test_an_audit_by_hand(tmp_path: Path) -> None:
    """The four steps of a program: read, configure, audit, look at what was found."""
    everything = STATEMENT | {"Action": "lambda:*"}
    (tmp_path / "role.json").write_text(json.dumps(POLICY | {"Statement": [everything]}))
    report = permcheck.audit(permcheck.load([str(tmp_path)]), permcheck.Config())
    assert isinstance(report, permcheck.Report)
    assert report.findings and isinstance(report.findings[0], permcheck.Finding)
    assert all(finding.rule.startswith("PC") for finding in report.findings)


def test_a_request_by_hand() -> None:
    role = "arn:aws:iam::111122223333:role/app"
    asked = {"principal": role, "action": "lambda:InvokeFunction", "resource": "*", "identity_policies": [POLICY]}
    assert permcheck.evaluate_request(asked)["verdict"] == permcheck.Verdict.ALLOWED
    with pytest.raises(permcheck.PermcheckError) as raised:
        permcheck.evaluate_request({})
    assert raised.value.exit_code in tuple(permcheck.ExitCode)


def test_importing_it_loads_nothing() -> None:
    """A hook that runs on every commit pays for what it uses."""
    program = "import sys, permcheck; print(sorted(m for m in sys.modules if m.startswith('permcheck.')))"
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    assert found.stdout == "[]\n"


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "permcheck", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


def test_as_a_module() -> None:
    assert run("--version").stdout == f"permcheck {permcheck.__version__}\n"


def test_as_a_module_it_ends_with_the_programs_exit_code(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps(POLICY | {"Statement": [STATEMENT | {"Action": "*"}]}))
    assert run("audit", str(tmp_path)).returncode == permcheck.ExitCode.FINDINGS
    assert run("audit", str(tmp_path / "none")).returncode == permcheck.ExitCode.USAGE
    assert run().returncode == permcheck.ExitCode.USAGE
