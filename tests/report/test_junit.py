"""JUnit XML, read with a reader that nobody here wrote."""

from dataclasses import replace
from xml.etree.ElementTree import fromstring

import junitparser
import pytest

from permcheck import registry
from permcheck.model import Report
from permcheck.report import render
from permcheck.report.junit import xml
from permcheck.report.setting import Setting
from tests.report.hostile import HOSTILE
from tests.report.reports import FINDING, PLAIN, POLICY, REPORT

# What Jenkins, GitLab and GitHub's reporters take: elements with the attributes each must and may have.
SHAPE = {
    "testsuites": ({"name", "tests", "failures", "errors", "time"}, set[str]()),
    "testsuite": ({"name", "tests", "failures", "errors", "skipped", "time"}, set[str]()),
    "testcase": ({"classname", "name", "time"}, {"file", "line"}),
    "failure": ({"message", "type"}, set[str]()),
    "error": ({"message", "type"}, set[str]()),
    "skipped": ({"message"}, set[str]()),
    "system-out": (set[str](), set[str]()),
}


def cases(report: Report, fail_on: str = "high") -> list[junitparser.TestCase]:
    """The cases of the one suite, once it is certain that the counts are right."""
    text = render(report, "junit", Setting(stdin=POLICY, fail_on=fail_on))
    root = fromstring(text)
    for element in root.iter():
        must, may = SHAPE[element.tag]
        assert must <= set(element.attrib) <= must | may
    (suite,) = junitparser.JUnitXml.fromstring(text.encode())
    found = list(suite)
    kinds = [type(result) for case in found for result in case.result]
    assert suite.tests == len(found)
    assert suite.failures == kinds.count(junitparser.Failure)
    assert suite.errors == kinds.count(junitparser.Error)
    assert suite.skipped == kinds.count(junitparser.Skipped)
    assert {root.get(name) for name in ("tests", "failures")} == {str(suite.tests), str(suite.failures)}
    return found


def test_the_whole_suite() -> None:
    failed, passed, skipped, gap, *rest = cases(REPORT)
    assert failed.classname == "permcheck.PC104"
    assert failed.name == "invoke-any-function: role app-guest may do lambda:* on every function"
    assert [result.message for result in failed.result] == [
        "critical: role app-guest may do lambda:* on every function"
    ]
    assert 'at -:4:5 (Sid "Everything"): this allows it\n' in failed.result[0].text
    assert passed.classname == "permcheck.PC001" and not passed.result
    assert skipped.result[0].message == "configuration: kept for the auditors"
    assert gap.result[0].type == "not read"
    assert len(rest) == len(registry.rules()) - 2  # all but those that the report speaks of
    assert not any(case.result for case in rest)


@pytest.mark.parametrize(
    ("fail_on", "failures"), [("info", 2), ("low", 2), ("medium", 1), ("critical", 1), ("never", 0)]
)
def test_the_suite_fails_when_the_program_does(fail_on: str, failures: int) -> None:
    found = cases(REPORT, fail_on)
    assert sum(isinstance(result, junitparser.Failure) for case in found for result in case.result) == failures


def test_a_place_is_a_file_and_a_line() -> None:
    text = render(Report((), (replace(FINDING, locations=(replace(FINDING.locations[0], source="a.json"),)),)), "junit")
    assert ' file="a.json"' in text


def test_hostile_names_stay_text() -> None:
    first, *_ = cases(HOSTILE)
    assert "octocat" in first.name and "\n" not in first.name
    labels = ("resource: ", "at ", "path: ", "conditions: ", "fix: ", "help: ")
    for fail_on in ("high", "never"):
        for case in cases(HOSTILE, fail_on):
            for text in filter(None, (case.system_out, *(result.text for result in case.result))):
                assert not {"\r", "\u202e", "\x1b"} & set(text)
                assert all(line.startswith(labels) for line in text.splitlines()[1:]), text
    assert xml("a\x00\x1b\ufffeb\t") == "a\ufffd\ufffd\ufffdb\t"


def test_nothing_found() -> None:
    found = cases(Report((), ()))
    assert len(found) == len(registry.rules()) and not any(case.result for case in found)
    assert cases(Report((), (PLAIN,)))[0].classname == "permcheck.PC001"
