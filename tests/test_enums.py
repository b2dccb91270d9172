"""A quick enumeration is one of the standard library's, in all but the time it takes."""

import copy
import pickle
from enum import Enum, EnumType, IntEnum, StrEnum
from typing import Any

import pytest

from permcheck.enums import quick
from permcheck.graph.worths import Strength
from permcheck.model.policy import Effect, PolicyKind
from permcheck.model.verdict import Verdict
from permcheck.policy.condition import Match
from permcheck.policy.variables import Unresolved


class _Word(StrEnum):
    ONE = "one"
    TWO = "two"
    UNO = "one"


class _Number(IntEnum):
    ONE = 1
    TWO = 2


class _Named(Enum):
    """Members that are called like what every member has."""

    name = "name"
    other = "other"


@pytest.mark.parametrize("base", [_Word, _Number])
def test_all_but_the_time_is_the_same(base: Any) -> None:
    told = (list(base), list(reversed(base)), len(base), dict(base.__members__), repr(base), dir(base))
    made: Any = quick(base)
    assert made is base
    assert told == (list(base), list(reversed(base)), len(base), dict(base.__members__), repr(base), dir(base))
    for member in base:
        assert base(member.value) is base[member.name] is getattr(base, member.name) is member
        assert member in base
        assert isinstance(member, base)
        assert pickle.loads(pickle.dumps(member)) is copy.deepcopy(member) is member
    with pytest.raises(ValueError, match="is not a valid"):
        base("three")
    with pytest.raises(KeyError):
        base["THREE"]
    with pytest.raises(AttributeError):
        _ = base.THREE
    with pytest.raises(AttributeError):
        base.ONE = base.TWO
    with pytest.raises(TypeError, match="enum"):

        class _Derived(base):  # type: ignore[misc]
            """None can be made."""


def test_an_alias_is_the_member() -> None:
    made: Any = quick(_Word)
    assert made.UNO is made.ONE


def test_members_that_are_no_attributes_are_found_all_the_same() -> None:
    assert quick(_Named).other.value == "other"
    assert _Named.name.value == "name"


@pytest.mark.skipif("__getattr__" not in vars(EnumType), reason="this Python is as fast by itself")
@pytest.mark.parametrize("ours", [Effect, PolicyKind, Verdict, Match, Strength, Unresolved])
def test_ours_look_for_nothing_that_is_missing(ours: type[Enum]) -> None:
    assert not hasattr(type(ours), "__getattr__")
