"""``permcheck config``: every setting, and where it comes from, in each of the three files."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from permcheck import registry
from permcheck.config.read import SETTINGS
from permcheck.report.schemas import schema
from tests.cli.asking import ask

TOML = """\
trusted_accounts = ["444455556666"]
fail_on = "medium"
ignore = ["PC001"]

[severity]
PC209 = "high"

[[public_functions]]
function = "webhook"
reason = "checks the sender's signature"

[[suppressions]]
rule = "PC209"
resource = "*:role/shared"
reason = "read-only"
until = 2027-06-30
"""
CFG = """\
[metadata]
name = x
[permcheck]
fail_on = medium
trusted_accounts = 444455556666
"""


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def shown(*arguments: str) -> Any:
    """The JSON answer, once it is certain that the schema holds; settings by name as (value, where from)."""
    result = ask("config", *arguments, "--format", "json")
    assert (result.exit_code, result.stderr) == (0, "")
    found = json.loads(result.stdout)
    jsonschema.Draft202012Validator(schema("config")).validate(found)
    return {**found, "settings": {each["name"]: (each["value"], each["from"]) for each in found["settings"]}}


def test_without_a_file_everything_is_default() -> None:
    found = shown()
    assert found["source"] is None
    assert set(found["settings"]) == set(SETTINGS)
    assert {at for _, at in found["settings"].values()} == {"default"}
    assert found["settings"]["fail_on"] == ("high", "default")
    assert found["rules"] == {"run": [rule.id for rule in registry.rules()], "left_out": []}


def test_each_line_of_a_file(here: Path) -> None:
    path = here / "permcheck.toml"
    path.write_text(TOML)
    found = shown()
    assert found["source"] == str(path)
    assert found["settings"]["trusted_accounts"] == (["444455556666"], f"{path}:1")
    assert found["settings"]["fail_on"] == ("medium", f"{path}:2")
    assert found["settings"]["severity"] == ({"PC209": "high"}, f"{path}:5")
    (public,), _ = found["settings"]["public_functions"]
    assert public == {"function": "webhook", "reason": "checks the sender's signature", "from": f"{path}:8"}
    (accepted,), _ = found["settings"]["suppressions"]
    assert (accepted["until"], accepted["sid"], accepted["from"]) == ("2027-06-30", None, f"{path}:12")
    assert found["settings"]["trusted_orgs"] == ([], "default")
    assert found["rules"]["left_out"] == ["PC001"]


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        ("setup.cfg", CFG, 4),
        ("pyproject.toml", '[project]\nname = "x"\n[tool.permcheck]\nfail_on = "medium"\n', 4),
    ],
)
def test_files_that_are_shared(here: Path, name: str, text: str, line: int) -> None:
    (here / name).write_text(text)
    assert shown()["settings"]["fail_on"] == ("medium", f"{here / name}:{line}")


def test_options_overrule(here: Path) -> None:
    (here / "permcheck.toml").write_text(TOML)
    found = shown("--fail-on", "low", "--select", "PC1*", "--ignore", "PC101")
    assert found["settings"]["fail_on"] == ("low", "option --fail-on")
    assert found["settings"]["select"] == (["PC1*"], "option --select")
    assert found["settings"]["ignore"] == (["PC001", "PC101"], f"{here}/permcheck.toml:3 and option --ignore")
    assert all(rule.startswith("PC1") and rule != "PC101" for rule in found["rules"]["run"])


def test_text(here: Path) -> None:
    (here / "permcheck.toml").write_text(TOML)
    result = ask("config")
    lines = result.stdout.splitlines()
    assert lines[0] == f"configuration: {here}/permcheck.toml"
    assert f'fail_on = "medium"  # {here}/permcheck.toml:2' in lines
    assert "select = []  # default" in lines
    assert f"  function: webhook, reason: checks the sender's signature  # {here}/permcheck.toml:8" in lines
    assert lines[-1].endswith(" rules run; not PC001")
    assert (
        "configuration: no file" in ask("config", "--config", "x").stdout
        or ask("config", "--config", "x").exit_code == 2
    )


@pytest.mark.parametrize("name", ["permcheck.toml", "pyproject.toml", "setup.cfg"])
def test_what_is_wrong_in_any_file_is_told_with_its_line(here: Path, name: str) -> None:
    head = {"permcheck.toml": "", "pyproject.toml": "[tool.permcheck]\n", "setup.cfg": "[permcheck]\n"}[name]
    (here / name).write_text(f'{head}fail_no = "low"\n')
    result = ask("config")
    line = 1 + bool(head)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == (
        f"error: {here / name}:{line}: fail_no: permcheck knows no such setting\nhint: did you mean fail_on?\n"
    )
