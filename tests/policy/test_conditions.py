"""Every condition case, in an Allow and in a Deny."""

from __future__ import annotations

from collections import Counter
from itertools import chain

import pytest

from permcheck.policy.operators import NAMES, operator_named

from . import aws_tables, operator_rows, value_rows, variable_rows
from .rows import Row, holds_in_allow, holds_in_deny

EVERY = tuple(chain(aws_tables.ROWS, operator_rows.ROWS, value_rows.ROWS, variable_rows.ROWS))


@pytest.mark.parametrize("row", EVERY, ids=lambda row: f"{row.name} [{row.version}]")
def test_condition(row: Row) -> None:
    assert holds_in_allow(row) is row.expected, row
    assert holds_in_deny(row) is row.expected, row


def test_all_facts_of_the_printed_tables_are_here() -> None:
    assert len(aws_tables.ROWS) == 56
    assert sum(row.corrects_page for row in aws_tables.ROWS) == 3


def test_all_operators_are_here() -> None:
    assert len(NAMES) == 27
    assert sorted(operator_rows.NAMES) == sorted(NAMES)


def test_no_case_stands_twice() -> None:
    names = Counter((row.name, row.version, str(row.context)) for row in EVERY)
    assert [name for name, times in names.items() if times > 1] == []


@pytest.mark.parametrize("name", operator_rows.NAMES)
def test_names_are_read_back(name: str) -> None:
    spelt = [name, f"ForAllValues:{name}", f"ForAnyValue:{name}"]
    if name != "Null":
        spelt += [f"{text}IfExists" for text in spelt]
    for text in spelt:
        for written in (text, text.lower(), text.upper()):
            found = operator_named(written)
            assert found is not None and found.name == text


@pytest.mark.parametrize(
    "name", ["", "StringEqual", "NullIfExists", "ForAllValues", "ForSomeValues:StringEquals", "IfExists", "NotBool"]
)
def test_other_names_are_no_operators(name: str) -> None:
    assert operator_named(name) is None
