"""The arguments of a planned resource as Values: what is known, what it refers to, and what nobody knows yet."""

import json
from collections.abc import Mapping
from typing import Any

from permcheck.frozen import dataclass
from permcheck.policy.parse import escape
from permcheck.sources.declared import Value, unknown
from permcheck.sources.declared.value import Raw
from permcheck.sources.terraform.meaning import Meaning
from permcheck.sources.terraform.plan import Planned
from permcheck.sources.terraform.references import Constant, References, Target

# Secrets may stand there.
_NEVER = frozenset(("environment",))
# Attributes behind which something nearly always follows: a stage, a method, a path.
_FOLLOWED = ("execution_arn",)
# Arguments that hold JSON as text.
DOCUMENTS = frozenset(
    "assume_role_policy policy body definition event_pattern access_policy resource_policy policy_document".split()
)


@dataclass(frozen=True, slots=True)
class _Spot:
    """Where a value is. path: from the resource. expression: how it was written. key: of the argument it is of.

    among: it is one of several that one expression stands for.
    """

    planned: Planned
    path: str
    expression: Any
    key: str
    pointer: str
    among: bool = False


class Filling:
    """Makes Values of arguments; unknown ones become what they refer to, where the plan tells that."""

    def __init__(self, source: str, references: References, meaning: Meaning) -> None:
        self._source = source
        self._references = references
        self._meaning = meaning

    def arguments(self, planned: Planned) -> Value:
        """All arguments of a resource, in Terraform's names. Sensitive ones are unknown: they are never kept."""
        unsure, hidden = _mapping(planned.unknown), _mapping(planned.sensitive)
        pointer = f"{planned.pointer}/values"
        made: dict[str, Value] = {}
        for key in dict.fromkeys((*planned.values, *unsure)):
            if key in _NEVER or (unsure.get(key) is True and _left_to_aws(planned, key)):
                continue
            place = f"{pointer}/{escape(key)}" if key in planned.values else pointer
            spot = _Spot(planned, key, planned.expressions.get(key), key, place)
            found = self._value(spot, planned.values.get(key), unsure.get(key), hidden.get(key))
            if found.raw is not None:
                made[key] = found
        return Value(made, self._source, pointer)

    def referred(self, planned: Planned, key: str) -> list[str]:
        """The texts of everything that an argument refers to, as far as they are told."""
        found = self._references.several(planned.expressions.get(key), planned.module, planned.index)
        texts = (self._meaning.of(each, "arn") for each in found if isinstance(each, Target))
        return [text for text in texts if text is not None]

    def _value(self, spot: "_Spot", known: Any, unsure: Any, hidden: Any) -> Value:
        if hidden is True:
            return self._mark(spot)
        if unsure is True:
            return self._unknown(spot)
        if isinstance(known, list) or isinstance(unsure, list):
            return self._list(spot, _list(known), _list(unsure), _list(hidden))
        if isinstance(known, dict) or (isinstance(unsure, dict) and unsure):
            return self._object(spot, _mapping(known), _mapping(unsure), _mapping(hidden))
        if spot.key in DOCUMENTS:
            return self._document(known, spot.pointer)
        return Value(known, self._source, spot.pointer)

    def _list(self, spot: "_Spot", known: list[Any], unsure: list[Any], hidden: list[Any]) -> Value:
        count = max(len(known), len(unsure))
        found = []
        for i in range(count):
            # Blocks are written one by one; a list that is one argument is written as one.
            written = _at(spot.expression, i) if isinstance(spot.expression, list) else spot.expression
            place = f"{spot.pointer}/{i}" if i < len(known) else spot.pointer
            below = _Spot(spot.planned, f"{spot.path}.{i}", written, spot.key, place, count > 1)
            found.append(self._value(below, _at(known, i), _at(unsure, i), _at(hidden, i)))
        return Value(tuple(found), self._source, spot.pointer)

    def _object(
        self, spot: "_Spot", known: Mapping[str, Any], unsure: Mapping[str, Any], hidden: Mapping[str, Any]
    ) -> Value:
        is_block = isinstance(spot.expression, dict) and not {"constant_value", "references"} & spot.expression.keys()
        found = {}
        for key in dict.fromkeys((*known, *unsure)):
            place = f"{spot.pointer}/{escape(key)}" if key in known else spot.pointer
            written = spot.expression.get(key) if is_block else spot.expression
            below = _Spot(spot.planned, f"{spot.path}.{key}", written, key, place, not is_block)
            value = self._value(below, known.get(key), unsure.get(key), hidden.get(key))
            if value.raw is not None:
                found[key] = value
        return Value(found, self._source, spot.pointer)

    def _mark(self, spot: "_Spot") -> Value:
        return Value(unknown(f"{spot.planned.address}.{spot.path}"), self._source, spot.pointer)

    def _unknown(self, spot: "_Spot") -> Value:
        """A value that is known only after the deploy: what it refers to, or a mark of its own."""
        mark, planned = self._mark(spot), spot.planned
        found = self._references.of(spot.expression, planned.module, planned.index)
        if isinstance(found, Constant):
            return self._document(found.value, spot.pointer) if spot.key in DOCUMENTS else spread(found.value, mark)
        if not isinstance(found, Target):
            return mark
        if found.planned.type == "aws_iam_policy_document" and found.attribute in ("", "json", "minified_json"):
            return self.policy_document(found.planned)
        text = self._meaning.of(found, spot.key) if spot.key not in DOCUMENTS else None
        if text is None:
            return mark
        # One of several that are written together: each may be the attribute, or something made of it.
        rest = unknown(f"{spot.planned.address}.{spot.path}") if spot.among or found.attribute in _FOLLOWED else ""
        return Value(text + rest, self._source, spot.pointer)

    def _document(self, text: Any, pointer: str) -> Value:
        """JSON that stands in an argument as text: its parts have the place of the argument. Other text stays text."""
        place = Value(None, self._source, pointer)
        if not isinstance(text, str) or not text.lstrip().startswith(("{", "[")):
            return spread(text, place)
        try:
            return spread(json.loads(text), place)
        except (ValueError, RecursionError):
            return spread(text, place)

    def policy_document(self, planned: Planned) -> Value:
        """The document that ``data "aws_iam_policy_document"`` writes. Its statements stand in its own block."""
        told = planned.values.get("json")
        if isinstance(told, str):
            return self._document(told, f"{planned.pointer}/values")
        given = self.arguments(planned)
        place = Value(None, self._source, given.pointer)
        others = ("source_policy_documents", "override_policy_documents", "source_json", "override_json")
        if any(given.entries(key) for key in others):
            return Value(unknown(planned.address), self._source, given.pointer)
        statements = tuple(each if each.unknown else _statement(each) for each in given.entries("statement"))
        raw = {
            "Version": given.get("version") or spread("2012-10-17", place),
            "Statement": Value(statements, self._source, given.pointer),
        }
        return Value(raw, self._source, given.pointer)


def _left_to_aws(planned: Planned, key: str) -> bool:
    """Whether nobody wrote an argument, so that AWS gives it a value of its own.

    A plan leaves ``dynamic`` blocks out of how things are written; nothing but them is missing in what is only read.
    """
    return bool(planned.written) and not planned.is_read and key not in planned.expressions


_PLAIN = {
    "sid": "Sid",
    "effect": "Effect",
    "actions": "Action",
    "not_actions": "NotAction",
    "resources": "Resource",
    "not_resources": "NotResource",
}


def _statement(block: Value) -> Value:
    """A statement block of ``aws_iam_policy_document`` as it is written into JSON (AWS provider documentation)."""
    made: dict[str, Value] = {}
    for key, name in _PLAIN.items():
        value = block.get(key)
        if value is not None and value.raw not in ((), ""):
            made[name] = value
    made.setdefault("Effect", Value("Allow", block.source, block.pointer))
    for key, name in (("principals", "Principal"), ("not_principals", "NotPrincipal")):
        found = _principals(block.entries(key))
        if found is not None:
            made[name] = found
    blocks: dict[str, dict[str, Value]] = {}
    untold: Value | None = None
    for each in block.entries("condition"):
        operator, variable, values = each.written("test"), each.written("variable"), each.get("values")
        if operator and variable and values is not None:
            # What two blocks say of one key becomes one list, any entry of which will do.
            own = blocks.setdefault(operator, {})
            own[variable] = _both(own[variable], values) if variable in own else values
        elif each.has_unknown():
            untold = each
    if untold is not None:
        made["Condition"] = Value(unknown("condition"), untold.source, untold.pointer)
    elif blocks:
        conditions = {name: Value(block_, block.source, block.pointer) for name, block_ in blocks.items()}
        made["Condition"] = Value(conditions, block.source, block.pointer)
    return Value(made, block.source, block.pointer)


def _both(one: Value, other: Value) -> Value:
    parts = (part for value in (one, other) for part in (value.raw if isinstance(value.raw, tuple) else (value,)))
    return Value(tuple(parts), one.source, one.pointer)


def _principals(blocks: tuple[Value, ...]) -> Value | None:
    if not blocks:
        return None
    by_type: dict[str, list[Value]] = {}
    for each in blocks:
        if each.unknown:
            return each
        by_type.setdefault(each.written("type") or "*", []).extend(each.entries("identifiers"))
    first = blocks[0]
    if "*" in by_type:
        return Value("*", first.source, first.pointer)
    raw = {kind: Value(tuple(values), first.source, first.pointer) for kind, values in by_type.items()}
    return Value(raw, first.source, first.pointer)


def spread(plain: Any, place: Value) -> Value:
    """JSON as a Value all of which stands at one place."""
    raw: Raw
    if isinstance(plain, Mapping):
        raw = {str(key): spread(each, place) for key, each in plain.items()}
    elif isinstance(plain, list):
        raw = tuple(spread(each, place) for each in plain)
    else:
        raw = plain
    return Value(raw, place.source, place.pointer)


def _at(values: list[Any], i: int) -> Any:
    return values[i] if i < len(values) else None


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
