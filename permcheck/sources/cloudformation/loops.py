"""Fn::ForEach (CloudFormation Template Reference, "Fn::ForEach"): a fragment, once for each entry of a collection."""

import re
from collections.abc import Callable, Iterator, Mapping

from permcheck.sources.declared.value import Value

MOST = 1000  # entries of one loop; CloudFormation takes 500 resources in a template
_PREFIX = "Fn::ForEach::"


def expanded(members: Value, resolve: Callable[[Value], Value]) -> Iterator[tuple[str, Value]]:
    """The members of an object, with those that loops among them make. A loop over what is unknown makes none."""
    for key, value in members.members():
        if not key.startswith(_PREFIX) or not isinstance(value.raw, tuple) or len(value.raw) != 3:
            yield key, value
            continue
        name, collection, fragment = value.raw
        listed = resolve(collection)
        entries = listed.raw if isinstance(listed.raw, tuple) else ()
        for entry in entries[:MOST]:
            text = entry.text() or ""
            yield from expanded(_filled(fragment, name.text() or "", text), resolve)


def _filled(value: Value, name: str, text: str) -> Value:
    """A fragment with the loop's variable filled in, written as ${NAME}, &{NAME} or Ref."""
    if isinstance(value.raw, str):
        return Value(_put(value.raw, name, text), value.source, value.pointer)
    if isinstance(value.raw, tuple):
        return Value(tuple(_filled(each, name, text) for each in value.raw), value.source, value.pointer)
    if isinstance(value.raw, Mapping):
        if len(value.raw) == 1 and value.text("Ref") == name:
            return Value(text, value.source, value.pointer)
        made = {_put(key, name, text): _filled(each, name, text) for key, each in value.raw.items()}
        return Value(made, value.source, value.pointer)
    return value


def _put(written: str, name: str, text: str) -> str:
    plain = re.sub(r"\W", "", text)
    return written.replace(f"${{{name}}}", text).replace(f"&{{{name}}}", plain)
