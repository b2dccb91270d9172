"""Several formats at once, baselines, and what goes where."""

import json
import os
from pathlib import Path

import pytest

from tests.cli.asking import ask, started

WIDE = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "lambda:*", "Resource": "*"}}


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with one policy."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "policy.json").write_text(json.dumps(WIDE))
    return tmp_path


def test_several_formats_at_once(here: Path) -> None:
    forms = ("text", "json=out.json", "sarif=out.sarif", "markdown=out.md", "junit=out.xml", "github=out.log")
    result = ask("audit", "policy.json", *(f"--format={form}" for form in forms))
    assert (result.exit_code, result.stderr) == (1, "")
    assert result.stdout.startswith("high[PC131]")
    assert json.loads((here / "out.json").read_text())["counts"]["high"] >= 1
    assert json.loads((here / "out.sarif").read_text())["version"] == "2.1.0"
    assert (here / "out.md").read_text().startswith("<!-- permcheck -->\n")
    assert (here / "out.xml").read_text().startswith("<?xml")
    assert (here / "out.log").read_text().startswith("::error ")


def test_a_file_alone_leaves_standard_output_empty() -> None:
    assert ask("audit", "policy.json", "--format", "sarif=out.sarif").stdout == ""


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--format", "text", "--format", "json"], "text and json cannot both go to standard output"),
        (["--format", "json=a", "--format", "sarif=a"], "two formats cannot both go to a"),
        (["--format", "json=a", "--format", "text", "--output", "a"], "two formats cannot both go to a"),
        (["--format", "json=a", "--output", "b"], "--output is for a format without a file of its own"),
        (["--format", "yaml"], "there is no format 'yaml': the formats are text, json, sarif, "),
        (["--format", "json="], "'json=' names no file"),
        (["--format", "json=no/such/folder"], "no/such/folder cannot be written: No such file or directory"),
        (["--baseline", "gone.json"], "gone.json: the baseline cannot be read: No such file or directory"),
        (["--write-baseline", "no/such/folder"], "no/such/folder cannot be written: No such file or directory"),
    ],
)
def test_options_that_make_no_sense(options: list[str], said: str) -> None:
    result = ask("audit", "policy.json", *options)
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr and len(result.stderr.splitlines()) <= 2


def test_what_is_wrong_is_said_before_anything_is_read() -> None:
    assert "gone.json: the baseline" in ask("audit", "-", "--baseline", "gone.json", stdin="no JSON").stderr


def test_the_job_summary(here: Path) -> None:
    summary = here / "summary.md"
    summary.write_text("before\n")
    ask("audit", "policy.json", "--format", "text", env={"GITHUB_STEP_SUMMARY": str(summary)})
    assert summary.read_text() == "before\n"
    result = ask("audit", "policy.json", "--format", "github", env={"GITHUB_STEP_SUMMARY": str(summary)})
    assert result.stdout.startswith("::error title=high PC131 lambda-full-control,file=policy.json,line=1,col=")
    assert summary.read_text().startswith("before\n<!-- permcheck -->\n## permcheck: ")


def test_paths_start_at_the_workspace(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (here / "sub").mkdir()
    monkeypatch.chdir(here / "sub")
    result = ask("audit", "../policy.json", "--format", "github", env={"GITHUB_WORKSPACE": str(here)})
    assert ",file=policy.json,line=1," in result.stdout


def test_a_baseline_from_writing_to_reading(here: Path) -> None:
    first = ask("audit", "policy.json", "--write-baseline", "base.json")
    assert first.exit_code == 0
    assert "in the baseline: " in first.stdout and first.stdout.endswith("\nno findings\n")
    again = ask("audit", "./policy.json", "--baseline", "base.json")
    assert again.exit_code == 0 and again.stdout.endswith("\nno findings\n")
    (here / "new.json").write_text(json.dumps(WIDE))
    assert ask("audit", "policy.json", "new.json", "--baseline", "base.json").exit_code == 1
    listed = json.loads(ask("audit", "policy.json", "--baseline", "base.json", "--format", "json").stdout)
    assert listed["findings"] == [] and {entry["by"] for entry in listed["suppressed"]} == {"baseline"}
    assert {entry["place"] for entry in listed["suppressed"]} == {"base.json"}


def test_a_baseline_is_brought_up_to_date(here: Path) -> None:
    ask("audit", "policy.json", "--write-baseline", "base.json")
    before = (here / "base.json").read_text()
    (here / "new.json").write_text(json.dumps(WIDE))
    ask("audit", ".", "--baseline", "base.json", "--write-baseline", "base.json", "--config", _empty(here))
    after = (here / "base.json").read_text()
    assert set(before.splitlines()[2:-1]) < {*after.splitlines(), *(f"{x}," for x in after.splitlines())}
    assert ask("audit", "policy.json", "new.json", "--baseline", "base.json").exit_code == 0


def _empty(here: Path) -> str:
    path = here / "permcheck.toml"
    path.write_text("")
    return str(path)


@pytest.mark.parametrize("form", ["text", "json", "sarif", "github", "markdown", "junit"])
def test_a_file_name_that_is_no_text(here: Path, form: str) -> None:
    """A name on a disk is bytes, and need not be UTF-8."""
    name = os.fsdecode(b"p\xff|\n<b>.json")
    (here / "in").mkdir()
    try:
        (here / "in" / name).write_text(json.dumps(WIDE))
    except OSError:
        pytest.skip("this file system takes no such name")
    done = started("audit", "in", "--format", f"{form}=out", "--write-baseline", "base", cwd=here)
    assert (done.returncode, done.stderr) == (0, b"")
    assert (here / "out").stat().st_size > 0
    again = started("audit", "in", "--format", form, "--baseline", "base", cwd=here)
    assert (again.returncode, again.stderr) == (0, b"") and again.stdout
