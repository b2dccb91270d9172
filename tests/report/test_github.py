"""Annotations of GitHub Actions: one line each, worst first, and nothing in them becomes a command of its own."""

import re
from dataclasses import replace

from permcheck.model import NotRead, Report
from permcheck.report import render
from permcheck.report.github import command
from permcheck.report.setting import Setting
from tests.report.hostile import HOSTILE
from tests.report.reports import FINDING, PLAIN, POLICY, REPORT

COMMAND = re.compile(r"::(error|warning|notice) ((?:\w+=[^,:\r\n]*)(?:,\w+=[^,:\r\n]*)*)::[^\r\n]*")


def test_the_whole_log() -> None:
    first, second, gap, where, verdict = render(REPORT, "github", Setting(stdin=POLICY)).splitlines()
    assert first.startswith(
        "::error title=critical PC104 invoke-any-function::role app-guest may do lambda:* on every "
    )
    assert "%0Apath: guest of pool eu-west-1:1b2c → is handed role app-guest" in first
    assert "%0Afix: name the functions the app calls" in first
    assert second == "::notice title=low PC001 no-version::the policy has no Version%0Aresource: loose.json"
    assert gap == (
        "::warning title=not read,file=cut.json,line=3::cut.json: broken JSON: the text ends in the middle; "
        "its policies are unknown"
    )
    assert where == "looked at: -, cut.json (2 roles, 1 function)"
    assert verdict == "2 findings: 1 critical, 1 low; 1 thing not read"


def test_what_would_end_a_field_is_escaped() -> None:
    # GitHub, "Workflow commands for GitHub Actions"; actions/toolkit escapes the same characters
    assert command("error", {"file": "a,b:c%.json", "title": "x\ny"}, "1, 2: 3%\r\n") == (
        "::error file=a%2Cb%3Ac%25.json,title=x\\u{a}y::1, 2: 3%25%0D%0A"
    )


def test_nothing_hostile_becomes_a_command() -> None:
    lines = render(HOSTILE, "github").split("\n")
    assert len([line for line in lines if line.startswith("::")]) == 2
    for line in lines:
        assert not line.startswith("::") or COMMAND.fullmatch(line)
        assert "\x1b" not in line and "\r" not in line


def test_a_summary_line_is_no_command() -> None:
    assert "\n::" not in render(Report(("::error::x",), ()), "github")
    assert not render(Report(("::error::x",), ()), "github").startswith("::")


def test_equal_findings_share_an_annotation() -> None:
    many = tuple(replace(PLAIN, resource=f"r{number}") for number in range(12))
    text = render(Report((), (FINDING, *many)), "github")
    assert text.count("::notice") == 1
    assert "also: r1, r2, r3, r4, r5 and 6 more" in text


def test_a_gap_without_a_file() -> None:
    gap = NotRead("arn:aws:lambda:eu-west-1:1:function:f", "refused", "")
    assert "file=" not in render(Report((), (), not_read=(gap,)), "github")
