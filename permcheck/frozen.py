"""``dataclass`` for frozen ones with slots, which take less time: the classes to be made, and what is made of them.

The one of the standard library compiles six functions for each class, which was a third of the time that permcheck
takes to start; and its ``__init__`` goes through ``object.__setattr__`` for each field, which was a tenth of the time
that it takes to read an account. Here ``__init__`` alone is compiled, and fills an object that is open until then. All
else is the same: what is made is a dataclass to ``dataclasses`` and to whoever checks types.
"""

from collections.abc import Callable
from dataclasses import MISSING, Field, FrozenInstanceError, fields
from dataclasses import dataclass as _dataclass
from operator import attrgetter
from reprlib import recursive_repr
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass
else:

    def dataclass(*, frozen: bool = False, slots: bool = False, eq: bool = True) -> Callable[[type], type]:
        """Like that of the standard library, for classes without keyword-only fields and InitVars."""
        if not (frozen and slots):
            return _dataclass(frozen=frozen, slots=slots, eq=eq)
        return lambda cls: _made(cls, eq)


def _made(cls: type, eq: bool) -> type:
    derived = any("__dataclass_params__" in vars(base) for base in cls.__mro__[1:])
    made: Any = _dataclass(init=False, repr=False, eq=False, slots=True, frozen=derived)(cls)
    known = fields(made)
    own = {
        "__init__": _init(made, known),
        "__repr__": recursive_repr()(_repr),
        "__getstate__": _state,
        "__setstate__": _restore,
        **(_comparing(known) if eq else {}),
    }
    for name, function in own.items():
        if cls.__dict__.get(name) is None:
            setattr(made, name, function)
    made.__setattr__, made.__delattr__ = _refuse, _refuse
    params = made.__dataclass_params__
    params.init = params.repr = params.frozen = True
    params.eq = eq
    return made  # type: ignore[no-any-return]


def _init(made: type, known: tuple[Field[Any], ...]) -> Callable[..., None]:
    """The ``__init__``: it lets the object be one of an open class of the same shape while it assigns the fields."""
    opened = type(
        made.__name__,
        (made,),
        {"__slots__": (), "__setattr__": object.__setattr__, "__delattr__": object.__delattr__},
    )
    names: dict[str, Any] = {"_made": made, "_opened": opened, "_set": object.__setattr__, "_fill": _fill}
    asked, body, values = ["self"], [], []
    for each in known:
        name, value = each.name, each.name
        if each.default is not MISSING:
            names[f"_{name}_"] = each.default
        elif each.default_factory is not MISSING:
            names[f"_{name}_"], names[f"_{name}_made"] = MISSING, each.default_factory
            value = f"_{name}_made() if {name} is _{name}_ else {name}"
        if each.init:
            asked.append(f"{name}=_{name}_" if f"_{name}_" in names else name)
        else:
            value = f"_{name}_"
        body.append(f"    self.{name} = {value}")
        values.append(f"({name!r}, {value})")
    lines = [
        f"def __init__({', '.join(asked)}):",
        "  if self.__class__ is _made:",
        "    _set(self, '__class__', _opened)",
        *body,
        "    self.__class__ = _made",
        f"  else: _fill(self, [{', '.join(values)}])",
        *(["  self.__post_init__()"] if hasattr(made, "__post_init__") else ()),
    ]
    exec("\n".join(lines), names)
    function: Callable[..., None] = names["__init__"]
    function.__qualname__ = f"{made.__qualname__}.__init__"
    function.__annotations__ = {each.name: each.type for each in known if each.init}
    return function


def _fill(self: object, values: list[tuple[str, Any]]) -> None:
    """The same for an object of a class that was derived from the one that is made here."""
    for name, value in values:
        object.__setattr__(self, name, value)


def _comparing(known: tuple[Field[Any], ...]) -> dict[str, Callable[..., Any]]:
    values = _getter([each.name for each in known if each.compare])
    hashed = _getter([each.name for each in known if (each.compare if each.hash is None else each.hash)])

    def __eq__(self: object, other: object) -> bool:
        return values(self) == values(other) if self.__class__ is other.__class__ else NotImplemented

    def __hash__(self: object) -> int:
        return hash(hashed(self))

    return {"__eq__": __eq__, "__hash__": __hash__}


def _getter(names: list[str]) -> Callable[[object], tuple[Any, ...]]:
    """The values of these fields, as a tuple."""
    if len(names) > 1:
        return attrgetter(*names)
    return lambda self: tuple([getattr(self, name) for name in names])


def _repr(self: Any) -> str:
    said = ", ".join([f"{each.name}={getattr(self, each.name)!r}" for each in fields(self) if each.repr])
    return f"{type(self).__qualname__}({said})"


def _state(self: Any) -> list[Any]:
    return [getattr(self, each.name) for each in fields(self)]


def _restore(self: Any, state: list[Any]) -> None:
    _fill(self, [(each.name, value) for each, value in zip(fields(self), state, strict=True)])


def _refuse(self: object, name: str, *value: object) -> NoReturn:
    raise FrozenInstanceError(f"cannot {'assign to' if value else 'delete'} field {name!r}")
