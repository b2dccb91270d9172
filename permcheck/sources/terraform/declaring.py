"""Planned resources → declared ones, in CloudFormation's words."""

from collections.abc import Iterator, Mapping

from permcheck.sources.declared import Declared, Names, Value, Where, names
from permcheck.sources.terraform.filling import Filling
from permcheck.sources.terraform.joining import JOINS
from permcheck.sources.terraform.meaning import Meaning
from permcheck.sources.terraform.placing import Placing
from permcheck.sources.terraform.plan import Plan, Planned
from permcheck.sources.terraform.pool_roles import attached
from permcheck.sources.terraform.references import References
from permcheck.sources.terraform.special import SPECIAL, Made
from permcheck.sources.terraform.types import SHAPES, Shape

POOL_ROLES = "aws_cognito_identity_pool_roles_attachment"
PARTS = frozenset((*JOINS, POOL_ROLES))


def declared(plan: Plan, source: str, placing: Placing) -> Iterator[Declared]:
    """Everything of a plan that permcheck understands, in the order of the plan."""
    named = _Names(placing)
    filling = Filling(source, References(plan), Meaning(named.of))
    made: list[Made] = []
    parts: list[tuple[Planned, Value]] = []
    for planned in plan.resources:
        shape, special = SHAPES.get(planned.type), SPECIAL.get(planned.type)
        if planned.is_read or (shape is None and special is None and planned.type not in PARTS):
            continue
        arguments = filling.arguments(planned)
        if planned.type in PARTS:
            parts.append((planned, arguments))
        if shape is not None:
            own, where = named.of(planned)
            made.append(Made(shape.type, planned, properties(shape, arguments), own, where))
        if special is not None:
            special(made, planned, arguments, placing.where(planned))
    for planned, arguments in parts:
        if planned.type == POOL_ROLES:
            attached(made, planned, arguments, placing.where(planned), filling.referred(planned, "roles"))
        else:
            JOINS[planned.type](made, planned, arguments, placing.where(planned))
    for each in made:
        yield Declared(
            each.type, each.planned.address, each.properties, each.names, each.where, source, each.planned.pointer
        )


def properties(shape: Shape, arguments: Value) -> Value:
    """The arguments of a resource as the properties of a shape."""
    raw: dict[str, Value] = {}
    for key, path in shape.keys.items():
        found = _down(arguments, path)
        if found is not None:
            _put(raw, key, found)
    for key, (block, keys) in shape.blocks.items():
        entries = arguments.entries(block)
        if entries:
            whole = arguments.get(block) or arguments
            raw[key] = Value(tuple(properties(Shape("", keys), each) for each in entries), whole.source, whole.pointer)
    return Value(raw, arguments.source, arguments.pointer)


def _down(value: Value, path: str) -> Value | None:
    found: Value | None = value
    for key in path.split("."):
        if found is None:
            return None
        if isinstance(found.raw, tuple):
            found = found.raw[0] if found.raw else None
        found = found.get(key) if found is not None else None
    return None if found is not None and found.raw == "" else found


def _put(raw: dict[str, Value], key: str, value: Value) -> None:
    head, _, rest = key.partition(".")
    if not rest:
        raw[head] = value
        return
    inner = raw.get(head)
    below = dict(inner.raw) if inner is not None and isinstance(inner.raw, Mapping) else {}
    _put(below, rest, value)
    raw[head] = Value(below, value.source, value.pointer)


class _Names:
    """What planned resources will be called, each worked out once."""

    def __init__(self, placing: Placing) -> None:
        self._placing = placing
        self._known: dict[str, tuple[Names, Where]] = {}

    def of(self, planned: Planned) -> tuple[Names, Where]:
        """The names of a resource and where it will be."""
        found = self._known.get(planned.address)
        if found is None:
            where = self._placing.where(planned)
            found = self._known[planned.address] = (_named(planned, where), where)
        return found


def _named(planned: Planned, where: Where) -> Names:
    shape = SHAPES.get(planned.type)
    kind = shape.type if shape is not None else f"AWS::{planned.type}"
    if planned.type == "aws_lambda_alias":
        return _alias(planned, where)
    told = {key: planned.values.get(path) for key, path in (shape.keys if shape is not None else {}).items()}
    given = {key: Value(value, "", "") for key, value in told.items() if isinstance(value, str) and value}
    if shape is not None:
        _prefixed(planned, shape, given)
    made = names(kind, planned.address, Value(given, "", ""), where)
    arn, name = planned.values.get("arn"), made.name
    if _has_id(kind, planned, given):
        # Its ids are made up by AWS, and this one is known already.
        form = names(kind, "\0", Value(given, "", ""), where)
        name = str(planned.values["id"])
        made = Names(name, form.arn.replace(form.name, name))
    if isinstance(arn, str) and arn.startswith("arn:"):
        return Names(name, arn)
    return Names(name, made.arn)


def _prefixed(planned: Planned, shape: Shape, given: dict[str, Value]) -> None:
    """A name that begins with something told, and goes on with what nobody knows yet."""
    for key, path in shape.keys.items():
        prefix = planned.values.get(f"{path}_prefix")
        if key not in given and isinstance(prefix, str) and prefix:
            given[key] = Value(f"{prefix}<{planned.address}>", "", "")


def _has_id(kind: str, planned: Planned, given: Mapping[str, Value]) -> bool:
    """Whether a resource without a name of its own has an id already."""
    known = planned.values.get("id")
    return isinstance(known, str) and "\0" in names(kind, "\0", Value(given, "", ""), Where()).name


def _alias(planned: Planned, where: Where) -> Names:
    name, function = planned.values.get("name"), planned.values.get("function_name")
    known = planned.values.get("arn")
    if isinstance(known, str) and known:
        return Names(str(name), known)
    own = str(function or f"<{planned.address}.function_name>")
    arn = (
        own if own.startswith("arn:") else f"arn:{where.partition}:lambda:{where.region}:{where.account}:function:{own}"
    )
    return Names(str(name), f"{arn}:{name}")
