"""Who publishes layers for everybody."""

from __future__ import annotations

import pytest

from permcheck.data import layer_publishers
from permcheck.data.table import read


@pytest.mark.parametrize(
    ("account", "name"),
    [
        ("580247275435", "Amazon CloudWatch Lambda Insights"),
        ("015030872274", "AWS Parameters and Secrets Lambda Extension"),
        ("464622532012", "Datadog"),
    ],
)
def test_known_publishers(account: str, name: str) -> None:
    assert layer_publishers.publisher(account) == name


def test_nobody_else_is_known() -> None:
    assert layer_publishers.publisher("444455556666") is None


def test_every_account_is_twelve_digits_and_listed_once() -> None:
    accounts = [a for row in read("layer_publishers.json")["publishers"] for a in row["accounts"]]
    assert len(accounts) == len(set(accounts))
    assert all(len(a) == 12 and a.isdigit() for a in accounts)
    assert all(row["reference"] for row in read("layer_publishers.json")["publishers"])
