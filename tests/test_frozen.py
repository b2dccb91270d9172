"""A frozen dataclass of permcheck's is one of the standard library's, in all but the time it takes."""

import copy
import dataclasses
import inspect
import pickle
from dataclasses import FrozenInstanceError, field, fields, replace
from typing import Any

import pytest

import permcheck.frozen


class _Whole:
    """A field of each kind."""

    one: int
    two: str = "b"
    three: list[int] = field(default_factory=list)
    four: str = field(default="d", compare=False)
    five: str = field(default="e", repr=False)
    six: int = field(init=False, default=6)

    def __post_init__(self) -> None:
        object.__setattr__(self, "six", self.one * 6)


class _Bare:
    """Nothing but itself."""


class _Single:
    """One field."""

    only: Any


class _Own:
    """What it says of itself stays."""

    one: int = 1

    def __repr__(self) -> str:
        return "own"

    def __eq__(self, other: object) -> bool:
        return False


def made_of(each: type, decorator: Any, eq: bool) -> Any:
    """A dataclass of a copy: decorators change the class itself."""
    members = {name: value for name, value in vars(each).items() if name not in ("__dict__", "__weakref__")}
    return decorator(frozen=True, slots=True, eq=eq)(type(each.__name__, (), members))


PAIRS = [
    (made_of(each, permcheck.frozen.dataclass, eq), made_of(each, dataclasses.dataclass, eq))
    for each in (_Whole, _Bare, _Single, _Own)
    for eq in (True, False)
]
Whole = PAIRS[0][0]
Single = PAIRS[4][0]


@pytest.mark.parametrize(("ours", "theirs"), PAIRS)
def test_the_class_is_the_same(ours: Any, theirs: Any) -> None:
    def told(cls: Any) -> list[tuple[object, ...]]:
        return [(f.name, f.type, f.default, f.init, f.compare, f.repr) for f in fields(cls)]

    assert told(ours) == told(theirs)
    assert ours.__match_args__ == theirs.__match_args__
    assert ours.__slots__ == theirs.__slots__
    assert repr(ours.__dataclass_params__) == repr(theirs.__dataclass_params__)
    given, wanted = (inspect.signature(cls).parameters.values() for cls in (ours, theirs))
    assert [(p.name, p.kind) for p in given] == [(p.name, p.kind) for p in wanted]
    assert [p.default for p in given if p.name != "three"] == [p.default for p in wanted if p.name != "three"]


@pytest.mark.parametrize(("ours", "theirs"), PAIRS)
@pytest.mark.parametrize("given", [(), (1,), (2, "x"), (1, "b", [3]), (1, "b", [], "other"), (1, "b", [], "d", "f")])
def test_what_is_made_is_the_same(ours: Any, theirs: Any, given: tuple[Any, ...]) -> None:
    try:
        wanted = theirs(*given)
    except TypeError as error:
        with pytest.raises(TypeError) as seen:
            ours(*given)
        assert str(seen.value) == str(error)
        return
    made = ours(*given)
    assert type(made) is ours
    assert [getattr(made, f.name) for f in fields(made)] == [getattr(wanted, f.name) for f in fields(wanted)]
    assert repr(made) == repr(wanted)
    assert (made == ours(*given)) == (wanted == theirs(*given))
    assert (made == copy.copy(made)) == (wanted == copy.copy(wanted))
    assert made != wanted
    assert not hasattr(made, "__dict__")


def test_equal_ones_have_equal_hashes() -> None:
    key = (1, "b", "e", 6)
    one, other = Single(key), Single(key)
    assert one == other and hash(one) == hash(other) == hash((key,))
    assert one != Single((1, "b", "e", 7)) and one != (key,)
    nan = float("nan")
    assert Single(nan) == Single(nan)
    with pytest.raises(TypeError, match="unhashable"):
        hash(Whole(1))


def test_a_default_that_is_made_is_another_each_time() -> None:
    assert Whole(1).three is not Whole(1).three
    assert Whole(1, three=[7]).three == [7]


@pytest.mark.parametrize("name", ["one", "six", "none"])
def test_nothing_can_be_changed(name: str) -> None:
    made = Whole(1)
    with pytest.raises(FrozenInstanceError, match=f"cannot assign to field '{name}'"):
        setattr(made, name, 2)
    with pytest.raises(FrozenInstanceError, match=f"cannot delete field '{name}'"):
        delattr(made, name)


def test_copies_are_made_of_it() -> None:
    made = Whole(2, "x", [1])
    assert replace(made, two="y") == Whole(2, "y", [1])
    assert copy.deepcopy(made) == made and copy.deepcopy(made).three is not made.three
    assert dataclasses.asdict(made) == {"one": 2, "two": "x", "three": [1], "four": "d", "five": "e", "six": 12}


@permcheck.frozen.dataclass(frozen=True, slots=True)
class Kept:
    """One that pickle finds by its name."""

    one: int
    two: tuple[int, ...] = ()


def test_it_survives_a_pickle() -> None:
    assert pickle.loads(pickle.dumps(Kept(1, (2,)))) == Kept(1, (2,))


def test_a_class_that_is_derived_from_it_keeps_its_own() -> None:
    class Plain(Kept):
        """Without a decorator: its objects are open, but for the fields."""

    @permcheck.frozen.dataclass(frozen=True, slots=True)
    class Longer(Kept):
        """With it."""

        three: int = 3

    assert type(Plain(1)) is Plain and Plain(1).one == 1
    assert type(Longer(1)) is Longer and Longer(1, (2,), 4) == Longer(1, (2,), 4) != Longer(1, (2,))
    assert Kept(1) != Plain(1)
