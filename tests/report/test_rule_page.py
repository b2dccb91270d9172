"""A rule's docstring becomes its page."""

import json

import jsonschema
import pytest

from permcheck.report import rule_page
from permcheck.report.schemas import schema
from permcheck.report.style import Style
from permcheck.rule import Rule


class Indented(Rule):
    """A function that anyone
    may invoke.

    What
        Anyone may invoke it. Really.

        - a list
          of things

    Why it matters
        Because.

    How to fix
        Do it.

    When it is fine
        Never.

    References
        One page, https://docs.aws.amazon.com/one
        Another, https://docs.aws.amazon.com/two
    """

    id, name, severity = "PC101", "anyone-may-invoke", "critical"


class Flat(Indented):
    """A function that anyone may invoke.

    What: Anyone may invoke it. Really.

    - a list
      of things

    Why it matters
    --------------
    Because.

    ## How to fix
    Do it.

    When it is fine:
    Never.

    References:
    One page, https://docs.aws.amazon.com/one
    Another, https://docs.aws.amazon.com/two
    """


@pytest.mark.parametrize("rule", [Indented(), Flat()])
def test_sections(rule: Rule) -> None:
    assert rule_page.sections(rule) == {
        "What": "Anyone may invoke it. Really.\n\n- a list\n  of things",
        "Why it matters": "Because.",
        "How to fix": "Do it.",
        "When it is fine": "Never.",
        "References": "One page, https://docs.aws.amazon.com/one\nAnother, https://docs.aws.amazon.com/two",
    }


def test_page() -> None:
    head = (
        "PC101 anyone-may-invoke: A function that anyone may invoke\nseverity critical, confidence high, since 0.1\n\n"
    )
    assert rule_page.page(Indented(), Style()).startswith(f"{head}What\n  Anyone may invoke it. Really.\n")


def test_row() -> None:
    row = rule_page.row(Indented())
    jsonschema.Draft202012Validator(schema("rules")).validate({"schema": 1, "rules": [json.loads(json.dumps(row))]})
    assert row["title"] == "A function that anyone may invoke"
    assert row["why_it_matters"] == "Because."
    assert len(row["references"]) == 2


def test_table_has_the_titles() -> None:
    text = rule_page.table((Indented(), Flat()), Style())
    assert text.splitlines()[0] == "PC101  critical  anyone-may-invoke  A function that anyone may invoke"
    assert text.endswith("\n2 rules\n")
