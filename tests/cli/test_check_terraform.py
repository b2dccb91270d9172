"""``permcheck check`` of Terraform: what a person runs in CI, and what can be wrong with the file."""

import json
from pathlib import Path

import pytest

from tests.cli.asking import ask
from tests.sources.terraform_plan import Json, Resource, plan
from tests.sources.test_terraform_twin import app


def written(path: Path, document: Json, encoding: str = "utf-8") -> str:
    path.write_bytes(json.dumps(document).encode(encoding))
    return str(path)


def test_a_plan_fails_the_build(tmp_path: Path) -> None:
    answer = ask("check", written(tmp_path / "plan.json", plan(*app())), "--format", "json")
    assert answer.exit_code == 1
    assert {"PC131", "PC321"} <= {finding["rule"] for finding in json.loads(answer.stdout)["findings"]}


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_what_windows_makes_of_it(tmp_path: Path, encoding: str) -> None:
    """PowerShell 5 redirects as UTF-16."""
    answer = ask("check", written(tmp_path / "plan.json", plan(*app()), encoding), "--format", "json")
    assert answer.exit_code == 1


def test_questions_read_plans_too(tmp_path: Path) -> None:
    path = written(tmp_path / "plan.json", plan(*app()))
    answer = ask("paths", "--from", "guest", path, "--format", "json")
    ends = {edge["nodes"][-1]["name"] for edge in json.loads(answer.stdout)["paths"]}
    assert "trailmate-monthly-report" in ends


def test_two_plans_are_two_worlds(tmp_path: Path) -> None:
    for name in ("one", "two"):
        written(tmp_path / f"{name}.json", plan(*app()))
    answer = ask("check", str(tmp_path), "--format", "json")
    sources = [f["locations"][0]["source"] for f in json.loads(answer.stdout)["findings"] if f["rule"] == "PC321"]
    assert sorted(Path(source).name for source in sources) == ["one.json", "two.json"]


def test_a_plan_of_other_providers_holds_nothing_to_check(tmp_path: Path) -> None:
    other = Resource("google_storage_bucket", "b", {"name": "b"})
    answer = ask("check", written(tmp_path / "plan.json", plan(other, account=None)))
    assert answer.exit_code == 3
    assert answer.stderr.startswith("error: there is nothing to check")


def test_a_plan_that_breaks_off_is_told_by_its_place(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(plan(*app()), indent=1)[:4000])
    answer = ask("check", str(tmp_path), "--format", "json")
    assert answer.exit_code == 4
    (gap,) = json.loads(answer.stdout)["not_read"]
    assert gap["line"] > 100 and "JSON" in gap["error"]


def test_a_state_as_terraform_keeps_it_is_told_what_to_do(tmp_path: Path) -> None:
    raw = {"version": 4, "terraform_version": "1.9.5", "serial": 3, "lineage": "x", "outputs": {}, "resources": []}
    answer = ask("check", written(tmp_path / "terraform.tfstate", raw))
    assert answer.exit_code == 4
    assert "terraform show -json" in answer.stdout


def test_the_secrets_of_a_plan_in_one_line_are_not_shown(tmp_path: Path) -> None:
    resources = [
        Resource(r.type, r.name, {"environment": [{"variables": {"A": "never-print-me"}}], **r.arguments})
        if r.type == "aws_lambda_function"
        else r
        for r in app()
    ]
    path = written(tmp_path / "plan.json", plan(*resources))
    for form in ("text", "json", "sarif", "github", "markdown", "junit"):
        answer = ask("check", path, "--format", form)
        assert "never-print-me" not in answer.stdout + answer.stderr
