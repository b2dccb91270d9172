"""Findings as JSON text. The names of the fields and their order are the contract; absent values are null.

The text is put together here, and not of mappings by an encoder: most places, steps and lists of others stand in many
findings, and are written once.
"""

import json
from collections.abc import Collection, Hashable, Iterable, Mapping, Set
from json.encoder import encode_basestring_ascii as quoted

from permcheck.model import Finding, Location, PathStep
from permcheck.report import objects
from permcheck.report.positions import Positions

# ASCII only: control characters and marks that turn the direction of writing never reach a terminal as such. Keys keep
# the order in which they were put, so equal reports are equal bytes.
encode = json.JSONEncoder(ensure_ascii=True, check_circular=False, default=dict).encode


class Findings:
    """Writes findings, with lines and columns."""

    def __init__(self, positions: Positions) -> None:
        self._positions = positions
        self._places: dict[tuple[str | None, ...], str] = {}
        self._steps: dict[tuple[str | None, ...], str] = {}
        self._others: dict[Hashable, str] = {}

    def text(self, found: Finding, more: Mapping[str, object] | None = None) -> str:
        """A finding as one JSON object without line breaks. more: further members, at its end."""
        others = f', "others": {self._listed(found.others)}' if found.others else ""
        extra = "".join(f", {quoted(name)}: {encode(value)}" for name, value in more.items()) if more else ""
        return (
            f'{{"rule": {quoted(found.rule)}, "name": {quoted(found.name)}, "severity": {quoted(found.severity)}, '
            f'"confidence": {quoted(found.confidence)}, "message": {quoted(found.message)}, '
            f'"resource": {quoted(found.resource)}, '
            f'"locations": [{", ".join([self._place(at) for at in found.locations])}], '
            f'"path": [{", ".join([self._step(node) for node in found.path])}], '
            f'"conditions": {_conditions(found.conditions)}, "fix": {_or_null(found.fix)}, '
            f'"fingerprint": {_or_null(found.fingerprint)}, "witness": {_witness(found.witness)}{others}{extra}}}'
        )

    def _place(self, at: Location) -> str:
        key = (at.source, at.pointer, at.arn, at.sid, at.note)
        known = self._places.get(key)
        if known is None:
            found = self._positions.find(at.source, at.pointer)
            line, column = (found.line, found.column) if found else ("null", "null")
            known = self._places[key] = (
                f'{{"source": {quoted(at.source)}, "pointer": {quoted(at.pointer)}, "line": {line}, '
                f'"column": {column}, "arn": {_told(at.arn)}, "sid": {_told(at.sid)}, "note": {_or_null(at.note)}}}'
            )
        return known

    def _step(self, node: PathStep) -> str:
        key = (node.kind, node.name, node.arn, node.edge, node.verdict)
        known = self._steps.get(key)
        if known is None:
            known = self._steps[key] = (
                f'{{"kind": {quoted(node.kind)}, "name": {quoted(node.name)}, "arn": {_told(node.arn)}, '
                f'"edge": {_or_null(node.edge)}, "verdict": {_told(node.verdict)}}}'
            )
        return known

    def _listed(self, others: Collection[str]) -> str:
        key = tuple(others) if isinstance(others, list) else others
        if isinstance(key, Set) or not isinstance(key, Hashable):  # equal sets may differ in their order
            return encode(list(others))
        known = self._others.get(key)
        if known is None:
            known = self._others[key] = encode(list(others))
        return known


def _told(text: str | None) -> str:
    return "null" if text is None else quoted(text)


def _or_null(text: str | None) -> str:
    return quoted(text) if text else "null"


def _conditions(entries: Iterable[Mapping[str, object]]) -> str:
    return encode(objects.conditions(entries)) if entries else "[]"


def _witness(request: Mapping[str, object] | None) -> str:
    return "null" if request is None else encode(request)
