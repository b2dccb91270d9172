"""The report for people."""

from dataclasses import replace

import pytest

from permcheck.errors import UsageError
from permcheck.model import Finding, Location, NotRead, PathStep, Report, Verdict
from permcheck.report import FORMATS, render
from permcheck.report.setting import Setting
from tests.report.reports import FINDING, PLAIN, POLICY, REPORT

EXPECTED = """\
critical[PC104] invoke-any-function: role app-guest may do lambda:* on every function
  --> -:4:5 (Sid "Everything")
   |
 4 | {"Sid": "Everything", "Effect": "Allow", "Action": "lambda:*", "Resource": "*"}
   | ^ this allows it
  note: arn:aws:lambda:eu-west-1:111122223333:function:save: runs it
  path: guest of pool eu-west-1:1b2c → is handed role app-guest → lambda:* (conditional) → function save \
→ runs as role save-role
  conditions: IpAddress aws:SourceIp = 203.0.113.0/24
  confidence: medium
  fix: name the functions the app calls
  help: permcheck explain PC104

low[PC001] no-version: the policy has no Version
  help: permcheck explain PC001

suppressed: PC001 old.json: kept for the auditors
assumed: no service control policies were given
not read: cut.json:3:9: broken JSON: the text ends in the middle; its policies are unknown
looked at: -, cut.json (2 roles, 1 function)
2 findings: 1 critical, 1 low; 1 thing not read
"""


def test_the_whole_report() -> None:
    assert render(REPORT, "text", Setting(stdin=POLICY)) == EXPECTED


def test_nothing_found() -> None:
    assert render(Report(("a.json",), ()), "text") == "looked at: a.json\nno findings\n"
    gap = NotRead("b.json", "it is empty", "")
    text = render(Report(("a.json",), (), not_read=(gap,)), "text")
    assert text == (
        "not read: b.json: it is empty\nlooked at: a.json\nno findings in what could be read; 1 thing not read\n"
    )


def test_colours_only_where_asked_for() -> None:
    plain = render(REPORT, "text", Setting(stdin=POLICY))
    coloured = render(REPORT, "text", Setting(stdin=POLICY, colour=True))
    assert "\x1b" not in plain
    assert coloured.startswith("\x1b[1;31mcritical[PC104]\x1b[0m ")


def test_nothing_is_wrapped() -> None:
    long = replace(PLAIN, message="word " * 200, fix="fix " * 200)
    lines = render(Report(("a",), (long,)), "text").splitlines()
    assert lines[0] == "low[PC001] no-version: " + "word " * 200
    assert "  fix: " + "fix " * 200 in lines


def test_text_that_a_terminal_would_obey_is_shown() -> None:
    bad = "\x1b]0;x\x07\n\u202e"
    finding = Finding(
        bad,
        bad,
        "low",
        bad,
        bad,
        bad,
        (Location(bad, bad, bad, bad, bad), Location(bad, bad, bad, bad, bad)),
        (PathStep(bad, bad, bad, bad, Verdict.ALLOWED), PathStep("guest", bad)),
        ({"operator": bad, "key": bad, "values": [bad]},),
        bad,
    )
    report = Report((bad,), (finding,) * 9, (), (bad,), (NotRead(bad, bad, bad, bad, api=bad),), {bad: 1})
    text = render(report, "text")
    assert r"\u{1b}]0;x\u{7}\u{a}\u{202e}" in text
    assert all(line.isprintable() for line in text.split("\n"))


@pytest.mark.parametrize("number", [3, 4])
def test_equal_findings_of_many_resources_are_one(number: int) -> None:
    names = [f"worker-{i}" for i in range(number)]
    findings = tuple(
        replace(FINDING, resource=f"arn:aws:iam::1:role/{name}", message=f"role {name} may do it", locations=())
        for name in names
    )
    text = render(Report(("a",), findings), "text")
    assert f"{number} findings: {number} critical" in text
    if number < 4:
        assert text.count("critical[PC104]") == number and "also:" not in text
    else:
        assert text.count("critical[PC104]") == 1
        assert "  also: worker-1, worker-2, worker-3; --format json has each\n" in text


def test_of_many_names_a_few_are_given() -> None:
    findings = tuple(
        replace(FINDING, resource=f"arn:aws:lambda:eu-west-1:1:function:f{i}", message=f"f{i} is open", locations=())
        for i in range(312)
    )
    assert "  also: f1, f2, f3, f4, f5 and 306 more; --format json has each" in render(Report(("a",), findings), "text")


def test_findings_that_say_something_else_stay_apart() -> None:
    findings = tuple(
        replace(FINDING, resource=f"arn:aws:iam::1:role/r{i}", message=f"account {i:012} may assume r{i}")
        for i in range(6)
    )
    assert render(Report(("a",), findings), "text").count("critical[PC104]") == 6
    findings = tuple(replace(FINDING, rule=f"PC10{i}", locations=()) for i in range(6))
    assert render(Report(("a",), findings), "text").count("critical[") == 6


def test_findings_with_other_conditions_stay_apart() -> None:
    findings = tuple(replace(FINDING, conditions=FINDING.conditions if i % 2 else (), locations=()) for i in range(8))
    assert render(Report(("a",), findings), "text").count("critical[PC104]") == 2


def test_names_on_the_path_and_counts_make_no_difference() -> None:
    findings = tuple(
        replace(
            FINDING,
            resource=f"arn:aws:iam::1:role/r{i}",
            message=f"role r{i} may rewrite job-{i} and {i} more",
            path=(PathStep("function", f"job-{i}"), PathStep("admin", "everything in the account")),
            locations=(),
        )
        for i in range(6)
    )
    assert render(Report(("a",), findings), "text").count("critical[PC104]") == 1


def test_findings_about_one_statement_show_it_once() -> None:
    other = "arn:aws:iam::1:role/other"
    same = replace(FINDING, resource=other, message="role other may do lambda:* on every function")
    text = render(Report(("-",), (FINDING, same)), "text", Setting(stdin=POLICY))
    assert text.count("critical[PC104]") == 1 and "  also: other; --format json has each\n" in text
    elsewhere = replace(same, locations=())
    assert render(Report(("-",), (FINDING, elsewhere)), "text", Setting(stdin=POLICY)).count("critical[PC104]") == 2


def test_findings_that_end_elsewhere_stay_apart() -> None:
    ends = [PathStep("admin", "everything in the account"), PathStep("target", "every table")]
    findings = tuple(replace(FINDING, path=(*FINDING.path[:1], ends[i % 2])) for i in range(8))
    assert render(Report(("-",), findings), "text").count("critical[PC104]") == 2
    mild = tuple(replace(finding, severity="medium") for finding in findings)
    assert render(Report(("-",), mild), "text").count("medium[PC104]") == 1


def test_there_is_no_other_format() -> None:
    with pytest.raises(UsageError, match="xml") as error:
        render(REPORT, "xml")
    assert all(name in str(error.value.hint) for name in FORMATS)
