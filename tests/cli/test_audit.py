"""``permcheck audit``: what comes in, what goes out, and the exit code."""

import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from permcheck import engine, registry
from permcheck.cli.reporting import exit_code
from permcheck.config import Config
from permcheck.model import Facts, Finding, NotRead, Report
from permcheck.report.schemas import schema
from permcheck.rule import Rule
from tests.cli.asking import POLICY, ask

GAP = NotRead("x.json", "it is empty", "nothing in it is used")


def finding(severity: str) -> Finding:
    """A finding of that severity."""
    return Finding("PC101", "anyone-may-invoke", severity, "high", "said", "arn:aws:lambda:eu-west-1:1:function:f", ())


class AnyoneMayInvoke(Rule):
    """What: said."""

    id, name, severity = "PC101", "anyone-may-invoke", "critical"


class Seen:
    """What the engine was given."""

    config: Config
    facts: Facts
    folders: Sequence[str]


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Seen:
    """An engine that finds one thing of severity high, and a registry of one rule."""
    what = Seen()

    def audit(
        worlds: Sequence[Facts], config: Config, rules_folders: Sequence[str], known: object, *, copies: bool
    ) -> Report:
        (facts,) = worlds
        what.facts, what.config, what.folders = facts, config, rules_folders
        return Report(facts.inputs, (finding("high"),), not_read=facts.not_read)

    monkeypatch.setattr(engine, "audit_worlds", audit)
    monkeypatch.setattr(registry, "rules", lambda folders=(): (AnyoneMayInvoke(),))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "policy.json").write_text(json.dumps(POLICY))
    return what


@pytest.mark.parametrize(
    ("severities", "gaps", "fail_on", "code"),
    [
        ([], 0, "high", 0),
        (["medium", "low", "info"], 0, "high", 0),
        (["high"], 0, "high", 1),
        (["critical"], 0, "high", 1),
        (["info"], 0, "info", 1),
        (["high"], 0, "critical", 0),
        (["critical"], 0, "never", 0),
        (["high"], 1, "high", 1),
        (["medium"], 1, "high", 4),
        ([], 1, "high", 4),
        (["critical"], 1, "never", 4),
    ],
)
def test_exit_codes(severities: list[str], gaps: int, fail_on: str, code: int) -> None:
    report = Report((), tuple(finding(severity) for severity in severities), not_read=(GAP,) * gaps)
    assert exit_code(report, fail_on) == code


def test_suppressed_findings_do_not_fail() -> None:
    from permcheck.model import Suppressed

    assert exit_code(Report((), (), (Suppressed(finding("critical"), "known"),)), "info") == 0


def test_text(seen: Seen) -> None:
    result = ask("audit", "policy.json")
    assert (result.exit_code, result.stderr) == (1, "")
    assert result.stdout.startswith("high[PC101] anyone-may-invoke: said\n")
    assert "\x1b" not in result.stdout


def test_json(seen: Seen) -> None:
    result = ask("audit", "policy.json", "--format", "json")
    found = json.loads(result.stdout)
    jsonschema.Draft202012Validator(schema("audit")).validate(found)
    assert (result.exit_code, found["inputs"], found["counts"]["high"]) == (1, ["policy.json"], 1)


def test_fail_on_overrules_the_configuration(seen: Seen, tmp_path: Path) -> None:
    assert ask("audit", "policy.json", "--fail-on", "critical").exit_code == 0
    (tmp_path / "permcheck.toml").write_text('fail_on = "never"')
    assert ask("audit", "policy.json").exit_code == 0
    assert ask("audit", "policy.json", "--fail-on", "low").exit_code == 1
    assert ask("audit", "policy.json", "--fail-on", "wrong").exit_code == 2


def test_configuration_reaches_the_engine(seen: Seen, tmp_path: Path) -> None:
    (tmp_path / "permcheck.toml").write_text('trusted_orgs = ["o-abc"]\nignore = ["PC101"]')
    other = tmp_path / "other.toml"
    other.write_text('trusted_orgs = ["o-def"]')
    ask("audit", "policy.json")
    assert seen.config.trusted_orgs == {"o-abc"}
    ask("audit", "policy.json", "--config", other)
    assert seen.config.trusted_orgs == {"o-def"} and seen.config.source == str(other)
    assert ask("audit", "policy.json", "--config", "gone.toml").exit_code == 2


def test_select_and_ignore(seen: Seen, tmp_path: Path) -> None:
    (tmp_path / "permcheck.toml").write_text('select = ["PC101"]\nignore = ["anyone-*"]')
    ask("audit", "policy.json", "--select", "PC1*", "--select", "anyone-may-invoke", "--ignore", "PC101")
    assert seen.config.select == ("PC1*", "anyone-may-invoke")
    assert seen.config.ignore == ("anyone-*", "PC101")


@pytest.mark.parametrize("option", ["--select", "--ignore"])
def test_a_misspelt_rule(seen: Seen, option: str) -> None:
    result = ask("audit", "policy.json", option, "anyone-may-invke")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "error: there is no rule 'anyone-may-invke'\nhint: did you mean anyone-may-invoke?\n"


def test_a_misspelt_rule_in_the_configuration(seen: Seen, tmp_path: Path) -> None:
    (tmp_path / "permcheck.toml").write_text('[severity]\nPC999 = "low"')
    result = ask("audit", "policy.json")
    assert result.exit_code == 2
    assert result.stderr.startswith(f"error: {tmp_path}/permcheck.toml: there is no rule 'PC999'\n")


def test_output_goes_to_a_file(seen: Seen, tmp_path: Path) -> None:
    result = ask("audit", "policy.json", "--output", "report.txt")
    assert (result.exit_code, result.stdout, result.stderr) == (1, "", "")
    assert (tmp_path / "report.txt").read_text().startswith("high[PC101]")
    result = ask("audit", "policy.json", "--output", "no/such/folder.txt")
    assert result.exit_code == 2
    assert result.stderr == "error: no/such/folder.txt cannot be written: No such file or directory\n"


def test_standard_input(seen: Seen) -> None:
    assert ask("audit", "-", stdin=json.dumps(POLICY)).exit_code == 1
    assert [policy.source for policy in seen.facts.policies] == ["-"]
    assert seen.facts.inputs == ("-",)


def test_a_line_of_standard_input_is_found(seen: Seen, monkeypatch: pytest.MonkeyPatch) -> None:
    from permcheck.model import Location

    def audit(*_: object, copies: bool) -> Report:
        return Report(("-",), (replace(finding("high"), locations=(Location("-", "/Statement/0/Action"),)),))

    monkeypatch.setattr(engine, "audit_worlds", audit)
    text = json.dumps(POLICY, indent=2)
    result = ask("audit", "-", "--format", "json", stdin=text.encode("utf-16"))
    (place,) = json.loads(result.stdout)["findings"][0]["locations"]
    assert (place["line"], place["column"]) == (6, 17)


@pytest.mark.parametrize("form", ["text", "json"])
def test_nothing_to_check(seen: Seen, tmp_path: Path, form: str) -> None:
    (tmp_path / "empty").mkdir()
    result = ask("audit", "empty", "--format", form)
    assert (result.exit_code, result.stdout) == (3, "")
    assert result.stderr.startswith("error: there is nothing to check in empty\nhint: ")


def test_a_file_that_is_not_read_is_something(seen: Seen, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(engine, "audit_worlds", lambda worlds, *_, **__: Report((), (), not_read=worlds[0].not_read))
    (tmp_path / "cut.json").write_text('{"Statement": [')
    result = ask("audit", "cut.json")
    assert result.exit_code == 4
    assert "not read: cut.json:1:16: " in result.stdout


def test_a_path_that_does_not_exist(seen: Seen) -> None:
    result = ask("audit", "policy.json", "gone.json")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "gone.json" in result.stderr and len(result.stderr.splitlines()) == 2


def test_rules_folders_come_from_the_command_line_alone(seen: Seen, tmp_path: Path) -> None:
    folder = tmp_path / "own"
    folder.mkdir()
    ask("audit", "policy.json", "--rules", folder)
    assert list(seen.folders) == [str(folder)]
    (tmp_path / "permcheck.toml").write_text('rules = ["own"]')
    result = ask("audit", "policy.json")
    assert result.exit_code == 2 and "permcheck knows no such setting" in result.stderr
    assert ask("audit", "policy.json", "--rules", "gone").exit_code == 2


@pytest.mark.parametrize(("env", "painted"), [({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)])
def test_colour_on_a_terminal(seen: Seen, monkeypatch: pytest.MonkeyPatch, env: dict[str, Any], painted: bool) -> None:
    from permcheck.cli import output

    class Terminal:
        @staticmethod
        def isatty() -> bool:
            return True

    for name in ("NO_COLOR", "TERM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "stdout", Terminal())
    assert output.coloured() is painted
