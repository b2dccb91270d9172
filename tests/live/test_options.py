"""What is wrong with the options of a scan is said before anything is asked."""

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from permcheck.cli.progress import Lines
from permcheck.errors import ExitCode
from tests.cli.asking import ask
from tests.live.endpoint import ACCOUNT, REGION, Endpoint

ROLE = f"arn:aws:iam::{ACCOUNT}:role"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--include", "lamda"), "there is no service 'lamda' to read"),
        (("--include", "iam", "--exclude", "iam"), "no service is left to read"),
        (("--region", "Ireland"), "'Ireland' is not a Region"),
        (("--assume-role", "audit"), "'audit' is not the ARN of a role"),
        (("--assume-role", f"{ROLE}/a", "--assume-role", f"{ROLE}/b"), "two roles of one account"),
        (("--external-id", "a b"), "is no external id"),
        (("--profile", "nobody"), "nobody"),
        (("--resume", "nothing.json.gz"), "nothing.json.gz cannot be read"),
        (("--resume", "x", "--include", "iam"), "--include says otherwise"),
        (("--concurrency", "0"), "0 is not in the range"),
    ],
)
@pytest.mark.parametrize("command", ["scan", "snapshot"])
def test_wrong_options(server: Endpoint, command: str, options: tuple[str, ...], said: str) -> None:
    region = () if "--region" in options or "--resume" in options else ("--region", REGION)
    result = ask(command, "--endpoint-url", server.url, *region, *options)
    assert result.exit_code == ExitCode.USAGE, result.output
    assert said in result.stderr
    assert result.stdout == ""


def test_no_region_at_all(server: Endpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_DEFAULT_REGION")
    result = ask("scan", "--endpoint-url", server.url)
    assert result.exit_code == ExitCode.USAGE
    assert "--region REGION" in result.stderr


def test_no_credentials_at_all(server: Endpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    result = ask("scan", "--endpoint-url", server.url, "--region", REGION)
    assert result.exit_code == ExitCode.USAGE
    assert "sts:GetCallerIdentity failed" in result.stderr


def test_an_endpoint_where_nobody_listens() -> None:
    result = ask("scan", "--endpoint-url", "http://127.0.0.1:9", "--region", REGION)
    assert result.exit_code == ExitCode.USAGE
    assert "the connection broke" in result.stderr


def test_a_file_that_cannot_be_written(server: Endpoint, tmp_path: Path) -> None:
    path = tmp_path / "no" / "such" / "folder.json.gz"
    result = ask("snapshot", "--endpoint-url", server.url, "--region", REGION, "--output", path)
    assert result.exit_code == ExitCode.USAGE
    assert "cannot be written" in result.stderr


def refused(environ: Mapping[str, Any]) -> tuple[str, str] | None:
    """Refuse to show the policies of functions."""
    path = environ["PATH_INFO"]
    return ("403 Forbidden", '{"Message": "planted-message-7c1"}') if path.endswith("/policy") else None


def test_a_refusal_is_summed_up_and_makes_the_scan_incomplete(server: Endpoint, tmp_path: Path) -> None:
    told = ("--endpoint-url", server.url, "--region", REGION, "--fail-on", "never")
    keep = tmp_path / "kept.json.gz"
    server.responder.refuse = refused
    try:
        result = ask("scan", *told, "--snapshot", keep, "--include", "lambda", "--include", "iam")
    finally:
        server.responder.refuse = lambda environ: None
    assert result.exit_code == ExitCode.INCOMPLETE
    # Five policies: of orders with its version and its alias, and of mailer.
    assert "not read: 4 of 4 function policies could not be read: lambda:GetPolicy: " in result.stderr
    assert "(lambda:GetPolicy)" in result.stdout
    assert "who may invoke it is unknown" in result.stdout
    assert "planted" not in result.output
    rows = ask("who", "orders", keep, "--format", "json").stdout
    assert '"unknown"' in rows
    # What AWS refused was asked; going on with it asks for nothing but what is new.
    before = server.responder.asked
    again = ask("scan", "--endpoint-url", server.url, "--resume", keep, "--fail-on", "never")
    assert again.exit_code == ExitCode.INCOMPLETE
    assert server.responder.asked - before == 1


def test_boto3_is_not_loaded_where_nothing_is_asked() -> None:
    code = (
        "import sys; from permcheck.cli import main; sys.argv[1:] = ['permissions'];"
        "code = main(); print([m for m in ('boto3', 'botocore', 'rich') if m in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr == "[]\n"


def test_a_pipe_gets_a_line_a_minute_at_most(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    now = [0.0]
    monkeypatch.setattr("permcheck.cli.progress.time.monotonic", lambda: now[0])
    lines = Lines()
    lines.expects("functions", 3)
    for _ in range(130):
        now[0] += 1
        lines.asks(ACCOUNT, REGION, "lambda")
    lines.done("functions")
    shown = capsys.readouterr().err.splitlines()
    assert len(shown) == 2
    assert shown[1] == f"120 calls made, 0 of 3 functions, now {ACCOUNT} {REGION} lambda"


def test_a_terminal_gets_a_display(monkeypatch: pytest.MonkeyPatch) -> None:
    from permcheck.cli import progress

    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    with progress.watching() as watching:
        watching.expects("functions", 2)
        watching.asks(ACCOUNT, REGION, "[red]lambda")
        watching.done("functions")
    assert watching.line().startswith("1 calls made, 1 of 2 functions")
