"""What a translation was made of: for every value of the result, the place in the template that says it.

A translator keeps no places. But it copies what a person wrote, and names what it makes after the resource it makes it
for. So a value is at home where the same value stands in that resource, under the same key if there is one; what is not
copied stands for its resource as a whole, or for the entry of ``Policies`` that it was made of.
"""

import json
import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

from permcheck.sources.declared import Value

_POLICY = re.compile(r"Policy(\d+)$")
_LONG = 12  # characters: a shorter text says little of where it came from
_SHARED = "Globals"
_ANY = "x-amazon-apigateway-any-method"


class Origins:
    """Places in one template. root: as it was written."""

    def __init__(self, root: Value) -> None:
        self._root = root
        resources = root.get("Resources")
        self._resources = dict(resources.members()) if resources is not None else {}
        # A resource of the result belongs to the longest name that its own begins with.
        self._names = sorted(self._resources, key=lambda name: (-len(name), name))
        self._indexes: dict[str, dict[tuple[str, str], Value]] = {}
        shared = root.get(_SHARED)
        self._shared = _index(shared) if shared is not None else {}

    def placed(self, made: dict[str, Any]) -> Value:
        """The result of the translation, every value in its place."""
        members = {key: self._same(made[key], self._root.get(key), key) for key in made if key != "Resources"}
        resources = {
            logical: self._resource(logical, resource) for logical, resource in made.get("Resources", {}).items()
        }
        place = self._root.get("Resources") or self._root
        members["Resources"] = Value(resources, place.source, place.pointer)
        return Value(members, self._root.source, "")

    def _same(self, plain: Any, written: Value | None, key: str) -> Value:
        """A section that the translator leaves as it is, or adds to."""
        if written is not None and written.plain() == plain:
            return written
        place = written if written is not None else self._root
        if isinstance(plain, dict):
            found = {name: self._same(each, place.get(name), name) for name, each in plain.items()}
            return Value(found, place.source, place.pointer)
        return _at(plain, place)

    def _resource(self, logical: str, plain: Any) -> Value:
        own = self._resources.get(logical)
        if own is not None and own.plain() == plain:
            return own
        name = logical if own is not None else next((n for n in self._names if logical.startswith(n)), "")
        written = self._resources.get(name)
        if written is None:
            return self._found(plain, "", self._everything(), self._root.get("Resources") or self._root, None)
        index = self._indexes.get(name)
        if index is None:
            index = self._indexes[name] = _index(written)
        return self._found(plain, "", index, written, written)

    def _everything(self) -> dict[tuple[str, str], Value]:
        """An index over all resources, for what is made for several of them: an implicit API."""
        index = self._indexes.get("")
        if index is None:
            index = self._indexes[""] = {
                key: value for name in reversed(self._names) for key, value in _index(self._resources[name]).items()
            }
        return index

    def _found(
        self, plain: Any, key: str, index: Mapping[tuple[str, str], Value], place: Value, owner: Value | None
    ) -> Value:
        if key == "paths" and isinstance(plain, dict):
            return self._paths(plain, index, place, owner)
        if isinstance(plain, (dict, list)):
            text = _text_of(plain)
            home = (index.get((key, text)) or index.get(("", text)) or self._shared.get((key, text))) if plain else None
            if home is not None:
                return home
            if isinstance(plain, dict):
                here = _policy_entry(plain, owner) or place
                return Value(
                    {name: self._found(each, name, index, here, owner) for name, each in plain.items()},
                    here.source,
                    here.pointer,
                )
            listed = tuple(self._found(each, key, index, place, owner) for each in plain)
            return Value(listed, place.source, place.pointer)
        text = _text_of(plain)
        home = index.get((key, text)) or self._shared.get((key, text))
        if home is None and isinstance(plain, str) and len(plain) >= _LONG:
            home = index.get(("", text))
        where = home if home is not None else place
        return Value(plain, where.source, where.pointer)

    def _paths(
        self, plain: dict[str, Any], index: Mapping[tuple[str, str], Value], place: Value, owner: Value | None
    ) -> Value:
        """The paths of a made API: each method is at home in the event of the function that asks for it."""
        made: dict[str, Value] = {}
        for path, item in plain.items():
            members: dict[str, Value] = {}
            for verb, operation in item.items() if isinstance(item, dict) else ():
                event = self._events.get((path, "any" if verb == _ANY else verb.lower()))
                home = event if event is not None else place
                members[verb] = self._found(operation, verb, index, home, owner)
            here = next(iter(members.values()), place)
            whole = self._found(item, path, index, place, owner) if not isinstance(item, dict) else None
            made[path] = whole if whole is not None else Value(members, here.source, here.pointer)
        return Value(made, place.source, place.pointer)

    @cached_property
    def _events(self) -> dict[tuple[str, str], Value]:
        """The events of functions that open a route, by path and method in lower case."""
        found: dict[tuple[str, str], Value] = {}
        for resource in self._resources.values():
            events = resource.at("Properties", "Events")
            for _, event in events.members() if events is not None else ():
                properties = event.get("Properties")
                path, verb = (properties.text(key) if properties else None for key in ("Path", "Method"))
                if event.text("Type") == "HttpApi" and path is None:
                    path, verb = "$default", "any"
                if path is not None:
                    found.setdefault((path, (verb or "any").lower()), event)
                    found.setdefault((path.replace("$default", "/$default"), (verb or "any").lower()), event)
        return found


def _policy_entry(plain: dict[str, Any], owner: Value | None) -> Value | None:
    """The entry of Policies that an inline policy of a made role was made of: the translator numbers them."""
    if owner is None or "PolicyName" not in plain or "PolicyDocument" not in plain:
        return None
    number = _POLICY.search(str(plain["PolicyName"]))
    properties = owner.get("Properties")
    entries = properties.entries("Policies") if properties is not None else ()
    return entries[int(number[1])] if number is not None and int(number[1]) < len(entries) else None


def _index(value: Value) -> dict[tuple[str, str], Value]:
    """Values below a value by key and text, the first of each; under the key "" whatever their key."""
    found: dict[tuple[str, str], Value] = {}
    for key, each in _below(value, ""):
        text = _text_of(each.plain())
        found.setdefault((key, text), each)
        found.setdefault(("", text), each)
    return found


def _below(value: Value, key: str) -> Iterator[tuple[str, Value]]:
    yield key, value
    if isinstance(value.raw, tuple):
        for each in value.raw:
            yield from _below(each, key)
    elif isinstance(value.raw, Mapping):
        for name, each in value.raw.items():
            yield from _below(each, name)


def _text_of(plain: Any) -> str:
    return json.dumps(plain, sort_keys=True, default=str)


def _at(plain: Any, place: Value) -> Value:
    if isinstance(plain, dict):
        return Value({key: _at(each, place) for key, each in plain.items()}, place.source, place.pointer)
    if isinstance(plain, list):
        return Value(tuple(_at(each, place) for each in plain), place.source, place.pointer)
    return Value(plain, place.source, place.pointer)
