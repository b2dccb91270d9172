"""Names that fit both what somebody may create and what it may invoke."""

import pytest

from permcheck.graph.new_function import _both, _common, _fitting, _Name
from permcheck.policy.wildcard import glob


@pytest.mark.parametrize(
    ("one", "other"),
    [("dev-*", "*-api"), ("dev-*", "dev-x"), ("a?", "ab"), ("*x*", "y*z*"), ("ab*", "abc*"), ("*-a-*", "c-*-d")],
)
def test_a_common_name(one: str, other: str) -> None:
    for first, second in ((one, other), (other, one)):
        name = _both(first, second)
        assert name is not None
        assert glob(one)(name) and glob(other)(name)


@pytest.mark.parametrize(("one", "other"), [("dev-*", "prod-*"), ("*-a", "*-b"), ("dev-*", "prod"), ("a", "b")])
def test_no_common_name(one: str, other: str) -> None:
    assert _both(one, other) is None


@pytest.mark.parametrize("pattern", ["*", "dev-*", "dev"])
def test_everything_fits_a_star(pattern: str) -> None:
    assert _both("*", pattern) == _both(pattern, "*") == pattern


def test_names_that_fit_come_one_created_after_the_other() -> None:
    """As if every pair were looked at, whatever number of them is asked for."""
    names = [_Name(region, name) for region in ("*", "eu-west-1") for name in ("dev-*", "*-api", "dev-x", "prod")]
    used = [*names[3:], *names[:4]]
    every = [found for one in names for other in used if (found := _common(one, other)) is not None]
    assert list(_fitting(names, iter(used))) == every
    assert next(_fitting(names, iter(used))) == every[0]
    assert list(_fitting([], iter(used))) == list(_fitting(names, iter([]))) == []
