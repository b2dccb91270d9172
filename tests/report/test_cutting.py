"""What is long is cut short for people, and never for programs."""

import json

import pytest

from permcheck.model import NotRead, Report
from permcheck.report import render, words
from permcheck.report.positions import Positions
from permcheck.report.style import Style
from permcheck.report.summary import assumed, not_read

MANY = [f"role-{number}" for number in range(30)]


@pytest.mark.parametrize(
    ("whole", "short"),
    [
        ("what a, b, c, d, e, f may do is unknown", "what a, b, c, d and 2 more may do is unknown"),
        ("named: a, b, c, d, e, f.", "named: a, b, c, d and 2 more."),
        ("for a, b, c, d, e, f: none", "for a, b, c, d and 2 more: none"),
        ("a, b, c, d, e, f,", "a, b, c, d, e, f,"),
        ("what a, b, c, d may do", "what a, b, c, d may do"),
        ("buckets, queues, keys, tables or things, or others", "buckets, queues, keys, tables or things, or others"),
        ("x and y", "x and y"),
        ("", ""),
        (", , , , , , ,", ", , , , , , ,"),
    ],
)
def test_a_list_in_a_sentence(whole: str, short: str) -> None:
    assert words.cut(whole) == short


def test_programs_get_every_name() -> None:
    effect = f"what {', '.join(MANY)} may do is unknown"
    gaps = (NotRead("a.json", "gone", effect),)
    report = Report((), (), not_read=gaps, assumptions=(f"Not given for {', '.join(MANY)}: none.",))
    found = json.loads(render(report, "json"))
    assert found["not_read"][0]["effect"] == effect
    assert found["assumptions"] == [f"Not given for {', '.join(MANY)}: none."]
    text = render(report, "text")
    assert text.count("role-3 and 26 more") == 2 and "role-9" not in text


def test_one_line_for_what_is_wrong_in_the_same_way() -> None:
    gaps = [NotRead("a.json", "Arn is missing", "left out", f"/Roles/{i}") for i in range(3)]
    other = NotRead("a.json", "Arn is missing", "left out", "/Users/0")
    lines = list(not_read([*gaps, other], Positions(None), Style()))
    assert lines == [
        "not read: a.json /Roles/0: Arn is missing, here and in 2 more places; left out",
        "not read: a.json /Users/0: Arn is missing; left out",
    ]
    assert len(json.loads(render(Report((), (), not_read=tuple(gaps)), "json"))["not_read"]) == 3


def test_what_was_not_given_is_one_line() -> None:
    absent = ("No function URLs were given: none.", "No APIs were given: none.")
    assert list(assumed((*absent, "Something else."))) == [
        "assumed: Not given, and taken not to exist: function URLs; APIs.",
        "assumed: Something else.",
    ]
    assert list(assumed(absent[:1])) == ["assumed: No function URLs were given: there are taken to be none."]
