"""``rules``, ``explain`` and ``new-rule``."""

import ast
import json
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from permcheck import registry
from permcheck.cli.new_rule import FAMILIES
from permcheck.report.schemas import schema
from tests.cli.asking import ask

ROOT = Path(__file__).resolve().parents[2]


def test_the_list_of_rules() -> None:
    result = ask("rules")
    assert result.exit_code == 0
    for rule in registry.rules():
        assert f"{rule.id}  {rule.severity:<8}  {rule.name}" in result.stdout
    assert result.stdout.splitlines()[-1].startswith(f"{len(registry.rules())} rule")


def test_the_list_of_rules_as_json() -> None:
    found = json.loads(ask("rules", "--format", "json").stdout)
    jsonschema.Draft202012Validator(schema("rules")).validate(found)
    assert [rule["id"] for rule in found["rules"]] == [rule.id for rule in registry.rules()]


def test_every_rule_can_be_explained() -> None:
    for rule in registry.rules():
        for name in (rule.id, rule.name, rule.id.lower()):
            result = ask("explain", name)
            assert result.exit_code == 0
            assert result.stdout.startswith(f"{rule.id} {rule.name}: ")
        for heading in ("What", "Why it matters", "How to fix", "When it is fine", "References"):
            assert f"\n{heading}\n  " in result.stdout, rule.id


def test_an_unknown_rule() -> None:
    result = ask("explain", "PC000")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("error: no rule is called 'PC000'\n")


@pytest.mark.parametrize("family", FAMILIES)
def test_a_new_rule_loads_and_is_explained(tmp_path: Path, family: str) -> None:
    into = tmp_path / "own"
    result = ask("new-rule", f"{family}/shadow-admin-2", "--into", into)
    path = into / "shadow_admin_2.py"
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == f"{path}: PC901 shadow-admin-2\n"
    listed = json.loads(ask("rules", "--rules", into, "--format", "json").stdout)["rules"]
    (rule,) = [entry for entry in listed if entry["id"] == "PC901"]
    assert rule["name"] == "shadow-admin-2"
    assert ask("explain", "shadow-admin-2", "--rules", into).stdout.startswith("PC901 shadow-admin-2: ")


def test_a_new_rule_is_clean(tmp_path: Path) -> None:
    for family in FAMILIES:
        ask("new-rule", f"{family}/some-{family}-rule", "--into", tmp_path)
    config = str(ROOT / "pyproject.toml")
    for command in (["check"], ["format", "--check"]):
        done = subprocess.run(
            [sys.executable, "-m", "ruff", *command, "--no-cache", "--config", config, str(tmp_path)],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr


def test_the_examples_of_a_new_rule_are_empty(tmp_path: Path) -> None:
    ask("new-rule", "path/shadow-admin", "--into", tmp_path)
    (rule,) = [rule for rule in registry.rules([str(tmp_path)]) if rule.id == "PC901"]
    assert [example.files for example in (*rule.bad, *rule.good)] == [{}, {}]
    assert (rule.__doc__ or "").count("\n") > 5


def test_ids_go_on_after_the_last(tmp_path: Path) -> None:
    for number, name in enumerate(("one", "two", "three"), 1):
        assert f"PC90{number} {name}" in ask("new-rule", f"path/{name}", "--into", tmp_path).stdout


def test_a_checkout_gets_the_id_and_folder_of_the_family(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "rules" / "text").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    used = [int(rule.id[2:]) for rule in registry.rules() if rule.id.startswith("PC0")]
    result = ask("new-rule", "text/odd-version")
    assert result.stdout == f"rules/text/odd_version.py: PC{max(used, default=0) + 1:03d} odd-version\n"
    ast.parse((tmp_path / "rules/text/odd_version.py").read_text())


def test_what_new_rule_refuses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert "hint: the families are text, invoke" in ask("new-rule", "other/x", "--into", "y").stderr
    assert "'Not_Kebab' is no name" in ask("new-rule", "path/Not_Kebab", "--into", "y").stderr
    assert "'' is no name" in ask("new-rule", "path", "--into", "y").stderr
    assert "there is no folder ./rules" in ask("new-rule", "path/x").stderr
    assert ask("new-rule", "path/x", "--into", "y").exit_code == 0
    before = (tmp_path / "y" / "x.py").read_text()
    again = ask("new-rule", "text/x", "--into", "y")
    assert again.exit_code == 2 and "PC901 is already called x" in again.stderr
    (tmp_path / "y" / "z.py").write_text("")
    assert "z.py is already there" in ask("new-rule", "path/z", "--into", "y").stderr
    (tmp_path / "file").write_text("")
    assert ask("new-rule", "path/x", "--into", tmp_path / "file" / "y").exit_code == 2
    assert (tmp_path / "y" / "x.py").read_text() == before
