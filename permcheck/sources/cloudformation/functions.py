"""Intrinsic functions: a value as written → the value it stands for, in its place.

What cannot be known before deploy becomes a mark with a name (``declared.unknown``), never a guess.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Protocol

from permcheck.sources.cloudformation import loops
from permcheck.sources.declared.value import Value, has_unknown, is_unknown, unknown

_DYNAMIC = re.compile(r"\{\{resolve:([^{}]*)\}\}")
_VARIABLE = re.compile(r"\$\{(!?)\s*([^{}]*?)\s*\}")
MOST_TEXT = 1_000_000  # characters; as many as a whole template may have
_NO_VALUE = "AWS::NoValue"


class Scope(Protocol):
    """What the functions of a template can ask of it."""

    mappings: Value | None

    @property
    def imported(self) -> Callable[[str], Value | None]: ...

    @property
    def conditions(self) -> "Deciding": ...

    def ref(self, name: str, at: Value) -> Value: ...

    def attribute(self, logical: str, name: str, at: Value) -> Value: ...

    def included(self, named: str) -> Value | None: ...

    def gap(self, at: Value, error: str, effect: str) -> None: ...


class Deciding(Protocol):
    """The conditions of a template."""

    def holds(self, name: str, at: Value) -> bool | None: ...


class Resolver:
    """Works values out within one template."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._choices: dict[str, list[object]] = {}
        self._functions: dict[str, Callable[[Value, Value], Value]] = {
            "Ref": self._ref,
            "Fn::GetAtt": self._get_att,
            "Fn::Sub": self._sub,
            "Fn::Join": self._join,
            "Fn::Select": self._select,
            "Fn::Split": self._split,
            "Fn::If": self._if,
            "Fn::FindInMap": self._find_in_map,
            "Fn::ImportValue": self._import_value,
            "Fn::Length": self._length,
            "Fn::ToJsonString": self._to_json,
            "Fn::Base64": lambda inner, at: self._unknowable("Base64", at),
            "Fn::Cidr": lambda inner, at: self._unknowable("Cidr", at),
            "Fn::GetAZs": lambda inner, at: self._unknowable("AvailabilityZones", at),
            "Fn::Transform": self._transform,
        }

    def resolve(self, value: Value) -> Value:
        """A value without intrinsic functions. A member or entry that stands for no value is left out."""
        found = self._resolved(value)
        return found if found is not None else Value(None, value.source, value.pointer)

    def _resolved(self, value: Value) -> Value | None:
        raw = value.raw
        if isinstance(raw, str):
            return self.marked(value)
        if isinstance(raw, tuple):
            listed = [part for each in raw for part in self._entries(each)]
            return Value(tuple(listed), value.source, value.pointer)
        if not isinstance(raw, Mapping):
            return value
        if len(raw) == 1:
            key, inner = next(iter(raw.items()))
            function = self._functions.get(key)
            if key == "Ref" and inner.raw == _NO_VALUE:
                return None
            if function is not None:
                found = function(inner, value)
                return None if found.raw is None else found
            if key.startswith("Fn::") and not key.startswith(loops.PREFIX):
                return self._wrong(key, value, "is no function that is understood here")
        made: dict[str, Value] = {}
        for key, each in loops.expanded(value, self.resolve, self._scope.gap):
            found_member = self._resolved(each)
            if found_member is not None:
                maybe = found_member.unknown and self._may_be_nothing(each)
                made[key] = (
                    self._unknowable((found_member.text() or "").strip("<>"), each, maybe=True)
                    if maybe
                    else found_member
                )
        if "Fn::Transform" in made:
            error = "a part of the template is put in by a macro at deploy"
            self._scope.gap(value, error, "what it adds is unknown")
            del made["Fn::Transform"]
        return Value(made, value.source, value.pointer)

    def _entries(self, value: Value) -> Iterator[Value]:
        """What an entry of a list stands for: mostly one value."""
        raw = value.raw
        if isinstance(raw, Mapping) and "Fn::If" in raw and len(raw) == 1:
            statements = self._statements_of_if(raw["Fn::If"])
            if statements is not None:
                yield from statements
                return
        found = self._resolved(value)
        if found is not None:
            yield found

    def _statements_of_if(self, inner: Value) -> list[Value] | None:
        """Statements of a policy under a condition nobody knows: each holds where the condition does, or does not."""
        if not isinstance(inner.raw, tuple) or len(inner.raw) != 3:
            return None
        name = inner.raw[0].text() or ""
        branches = [self._resolved(branch) for branch in inner.raw[1:]]
        given = [branch for branch in branches if branch is not None]
        if not given or any(branch.get("Effect") is None for branch in given):
            return None
        holds = self._scope.conditions.holds(name, inner)
        if holds is not None:
            chosen = branches[0 if holds else 1]
            return [chosen] if chosen is not None else []
        wanted = zip(("true", "false"), branches, strict=True)
        return [under(branch, f"deploy:{name}", said) for said, branch in wanted if branch is not None]

    def marked(self, value: Value) -> Value:
        """A text with a mark for each dynamic reference (CloudFormation User Guide, "dynamic references")."""
        if isinstance(value.raw, str) and "{{resolve:" in value.raw:
            text = _DYNAMIC.sub(lambda found: unknown(found[1]), value.raw)
            return Value(text, value.source, value.pointer)
        return value

    def _unknowable(self, name: str, at: Value, maybe: bool = False) -> Value:
        return Value(unknown(name, maybe), at.source, at.pointer)

    def _wrong(self, name: str, at: Value, why: str = "is not written as it should be") -> Value:
        self._scope.gap(at, f"{name} {why}", "what it stands for is unknown")
        return self._unknowable(name.removeprefix("Fn::"), at)

    def _ref(self, inner: Value, at: Value) -> Value:
        name = inner.text()
        return self._scope.ref(name, at) if name is not None else self._wrong("Ref", at)

    def _get_att(self, inner: Value, at: Value) -> Value:
        parts = [self.resolve(part).text() for part in inner.raw] if isinstance(inner.raw, tuple) else None
        if parts is None and isinstance(inner.raw, str):
            parts = [*inner.raw.split(".", 1)]
        if parts is None or len(parts) < 2 or None in parts:
            return self._wrong("Fn::GetAtt", at)
        return self._scope.attribute(parts[0] or "", ".".join(part or "" for part in parts[1:]), at)

    def _sub(self, inner: Value, at: Value) -> Value:
        text, own = inner, None
        if isinstance(inner.raw, tuple) and inner.raw:
            text, own = inner.raw[0], inner.raw[1] if len(inner.raw) > 1 else None
        written = text.written()
        if written is None:
            return self._wrong("Fn::Sub", at)
        given = {key: self.resolve(value) for key, value in own.members()} if own is not None else {}

        def put(found: re.Match[str]) -> str:
            name = found[2]
            if found[1]:
                return f"${{{name}}}"
            if name in given:
                value = given[name]
            elif "." in name:
                logical, _, told = name.partition(".")
                value = self._scope.attribute(logical, told, at)
            else:
                value = self._scope.ref(name, at)
            return _joined(value, name)

        return self._limited("Fn::Sub", _VARIABLE.sub(put, written), at)

    def _join(self, inner: Value, at: Value) -> Value:
        if not isinstance(inner.raw, tuple) or len(inner.raw) != 2:
            return self._wrong("Fn::Join", at)
        between, listed = inner.raw[0].text() or "", self.resolve(inner.raw[1])
        if not isinstance(listed.raw, tuple):
            text = listed.written()
            return self._wrong("Fn::Join", at) if text is None else Value(text, at.source, at.pointer)
        return self._limited("Fn::Join", between.join(_joined(each, "Join") for each in listed.raw), at)

    def _limited(self, name: str, text: str, at: Value) -> Value:
        """A text put together, unless it is longer than a deploy could bear, as few references can make it."""
        if len(text) > MOST_TEXT:
            return self._wrong(name, at, "makes a text that is too long")
        return self.marked(Value(text, at.source, at.pointer))

    def _select(self, inner: Value, at: Value) -> Value:
        if not isinstance(inner.raw, tuple) or len(inner.raw) != 2:
            return self._wrong("Fn::Select", at)
        index, listed = self.resolve(inner.raw[0]).text() or "", self.resolve(inner.raw[1])
        if isinstance(listed.raw, str) and has_unknown(listed.raw):
            return Value(unknown(f"{listed.text()}.{index}"), at.source, at.pointer)
        if not isinstance(listed.raw, tuple) or not index.isdecimal():
            return self._wrong("Fn::Select", at)
        if int(index) >= len(listed.raw):
            # Mostly a part of something that only AWS will make up, such as the id of the stack.
            return self._unknowable(f"Select.{index}", at)
        found = listed.raw[int(index)]
        return Value(found.raw, at.source, at.pointer)

    def _split(self, inner: Value, at: Value) -> Value:
        if not isinstance(inner.raw, tuple) or len(inner.raw) != 2:
            return self._wrong("Fn::Split", at)
        between, text = inner.raw[0].text() or "", self.resolve(inner.raw[1]).written()
        if text is None or not between:
            return self._wrong("Fn::Split", at)
        if is_unknown(text):
            return Value(text, at.source, at.pointer)
        parts = tuple(Value(part, at.source, at.pointer) for part in text.split(between))
        return Value(parts, at.source, at.pointer)

    def _if(self, inner: Value, at: Value) -> Value:
        if not isinstance(inner.raw, tuple) or len(inner.raw) != 3:
            return self._wrong("Fn::If", at)
        name = inner.raw[0].text() or ""
        holds = self._scope.conditions.holds(name, at)
        if holds is not None:
            return self.resolve(inner.raw[1] if holds else inner.raw[2])
        one, other = self.resolve(inner.raw[1]), self.resolve(inner.raw[2])
        if one.plain() == other.plain():
            return one
        # Marks of one name are one value, so each choice that hangs on a condition has a name of its own.
        known, choice = self._choices.setdefault(name, []), [one.plain(), other.plain()]
        if choice not in known:
            known.append(choice)
        number = known.index(choice)
        return self._unknowable(f"{name}-{number + 1}" if number else name, at)

    def _may_be_nothing(self, value: Value) -> bool:
        """Whether a value, found to be unknown, is a choice between something and no value at all."""
        inner = value.get("Fn::If")
        if inner is None or not isinstance(inner.raw, tuple) or len(inner.raw) != 3:
            return False
        return any(self._resolved(branch) is None or self._may_be_nothing(branch) for branch in inner.raw[1:])

    def _find_in_map(self, inner: Value, at: Value) -> Value:
        if not isinstance(inner.raw, tuple) or len(inner.raw) not in (3, 4):
            return self._wrong("Fn::FindInMap", at)
        keys = [self.resolve(part).written() or "" for part in inner.raw[:3]]
        if any(has_unknown(key) for key in keys):
            return self._unknowable(".".join(keys), at)
        mappings = self._scope.mappings
        found = mappings.at(*keys) if mappings is not None else None
        if found is None and len(inner.raw) == 4:
            found = inner.raw[3].get("DefaultValue")
        if found is None:
            self._scope.gap(at, f"there is no {'/'.join(keys)} in Mappings", "what it stands for is unknown")
            return self._unknowable(".".join(keys), at)
        return _moved(self.resolve(found), at)

    def _import_value(self, inner: Value, at: Value) -> Value:
        name = self.resolve(inner).text()
        if name is None:
            return self._wrong("Fn::ImportValue", at)
        found = self._scope.imported(name)
        return self._unknowable(name, at) if found is None else Value(found.raw, at.source, at.pointer)

    def _length(self, inner: Value, at: Value) -> Value:
        found = self.resolve(inner)
        if isinstance(found.raw, tuple):
            return Value(len(found.raw), at.source, at.pointer)
        return self._unknowable("Length", at)

    def _to_json(self, inner: Value, at: Value) -> Value:
        return self._limited("Fn::ToJsonString", json.dumps(self.resolve(inner).plain(), ensure_ascii=False), at)

    def _transform(self, inner: Value, at: Value) -> Value:
        name = inner.text("Name") or "a macro"
        location = inner.at("Parameters", "Location")
        named = self.resolve(location).text() if location is not None else None
        found = self._scope.included(named) if name == "AWS::Include" and named is not None else None
        if found is not None:
            return self.resolve(found)
        self._scope.gap(at, f"{name} puts a value in at deploy", "what it stands for is unknown")
        return self._unknowable(name, at)


def _joined(value: Value, name: str) -> str:
    """A value inside a text; a list there is joined with commas, as Ref of a list parameter prints."""
    if isinstance(value.raw, tuple):
        return ",".join(_joined(each, name) for each in value.raw)
    text = value.written()
    return unknown(name) if text is None else text


def _moved(value: Value, at: Value) -> Value:
    """A value found elsewhere, in the place that asks for it."""
    if isinstance(value.raw, tuple):
        return Value(tuple(_moved(each, at) for each in value.raw), at.source, at.pointer)
    if isinstance(value.raw, Mapping):
        return Value({key: _moved(each, at) for key, each in value.raw.items()}, at.source, at.pointer)
    return Value(value.raw, at.source, at.pointer)


def under(statement: Value, key: str, said: str) -> Value:
    """A statement with one more condition."""

    def here(raw: Mapping[str, Value] | str) -> Value:
        return Value(raw, statement.source, statement.pointer)

    old = statement.get("Condition")
    blocks = dict(old.members()) if old is not None else {}
    equals = dict(blocks["StringEquals"].members()) if "StringEquals" in blocks else {}
    blocks["StringEquals"] = here({**equals, key: here(said)})
    members = statement.raw if isinstance(statement.raw, Mapping) else {}
    return here({**members, "Condition": here(blocks)})
