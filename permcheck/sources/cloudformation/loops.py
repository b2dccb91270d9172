"""Fn::ForEach (CloudFormation Template Reference, "Fn::ForEach"): a fragment, once for each entry of a collection."""

import re
from collections.abc import Callable, Iterator, Mapping

from permcheck.sources.declared.value import Value, shown

MOST = 1000  # rounds of a loop and all loops within it; CloudFormation takes 500 resources in a template
PREFIX = "Fn::ForEach::"


def expanded(
    members: Value,
    resolve: Callable[[Value], Value],
    gap: Callable[[Value, str, str], None],
    rounds: list[None] | None = None,
) -> Iterator[tuple[str, Value]]:
    """The members of an object, null ones too, with those that loops among them make.

    A loop over what is unknown makes none, and is noted by ``gap``, as is one of too many rounds. rounds: those that
    the loops around it have gone.
    """
    raw = members.raw if isinstance(members.raw, Mapping) else {}
    for key, value in raw.items():
        if not key.startswith(PREFIX) or not isinstance(value.raw, tuple) or len(value.raw) != 3:
            yield key, value
            continue
        name, collection, fragment = value.raw
        listed = resolve(collection)
        if not isinstance(listed.raw, tuple):
            gap(value, f"what {key} goes over is not known before deploy", "what it makes is unknown")
            continue
        gone: list[None] = rounds if rounds is not None else []
        for entry in listed.raw:
            if len(gone) >= MOST:
                gap(value, f"{key} makes more than a template may hold", "what it makes beyond that is unknown")
                break
            gone.append(None)
            text = entry.written() or ""
            yield from expanded(_filled(fragment, name.text() or "", text), resolve, gap, gone)


def _filled(value: Value, name: str, text: str) -> Value:
    """A fragment with the loop's variable filled in, written as ${NAME}, &{NAME} or Ref."""
    if isinstance(value.raw, str):
        return Value(_put(value.raw, name, text), value.source, value.pointer)
    if isinstance(value.raw, tuple):
        return Value(tuple(_filled(each, name, text) for each in value.raw), value.source, value.pointer)
    if isinstance(value.raw, Mapping):
        if len(value.raw) == 1 and value.text("Ref") == name:
            return Value(text, value.source, value.pointer)
        made = {_put(key, name, shown(text)): _filled(each, name, text) for key, each in value.raw.items()}
        return Value(made, value.source, value.pointer)
    return value


def _put(written: str, name: str, text: str) -> str:
    plain = re.sub(r"\W", "", text)
    return written.replace(f"${{{name}}}", text).replace(f"&{{{name}}}", plain)
