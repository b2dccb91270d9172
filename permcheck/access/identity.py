"""What the policies of one caller say of a universe, each distinct document compiled once.

A document's answer depends on the caller only through the caller's keys that it reads; it is kept by their values.
"""

from collections.abc import Sequence
from typing import NamedTuple

from permcheck.access.compile import NOTHING, Sets, caller_keys_of, compile_statement, named_items
from permcheck.access.subject import Subject
from permcheck.access.universe import Universe
from permcheck.model.policy import Document, Policy, PolicyKind, Statement
from permcheck.policy.context import Context
from permcheck.policy.matching import naming

Values = tuple[object, ...]
_Part = tuple[Statement, int]  # a statement, and the items that it names


class IdentitySets:
    """Compiled documents of one universe and action."""

    def __init__(self, universe: Universe, action: str) -> None:
        self._universe = universe
        self._action = action
        # By kind: documents that say the same of every caller, with what they say; and those that read caller's keys.
        self._fixed: dict[PolicyKind, dict[Document, Sets]] = {}
        self._varied: dict[tuple[PolicyKind, Document], _Varied] = {}

    def of(self, policies: tuple[Policy, ...], kind: PolicyKind, subject: Subject) -> Sets:
        """The union of what the policies say; a policy without text says nothing here."""
        result, fixed = NOTHING, self._fixed.get(kind)
        if fixed is None:
            fixed = self._fixed[kind] = {}
        for policy in policies:
            document = policy.document
            if document is not None:
                found = fixed.get(document)
                if found is None:
                    found = self._for(document, kind, subject.context)
                if found is not NOTHING:
                    result = found if result is NOTHING else result | found
        return result

    def _for(self, document: Document, kind: PolicyKind, context: Context) -> Sets:
        varied = self._varied.get((kind, document))
        if varied is None:
            parts = self._concerning(document, kind)
            keys = tuple(dict.fromkeys(k for s, _ in parts for k in caller_keys_of(s))) if parts else ()
            if not keys:
                found = self._fixed[kind][document] = self._compiled(parts, kind, context)
                return found
            varied = self._varied[kind, document] = _Varied(parts, keys, {})
        values: Values = tuple([context.get(k) for k in varied.keys])
        if context.chosen:
            values += tuple([context.is_chosen(k) for k in varied.keys])
        known = varied.sets.get(values)
        if known is None:
            known = varied.sets[values] = self._compiled(varied.parts, kind, context)
        return known

    def _compiled(self, parts: Sequence[_Part], kind: PolicyKind, context: Context) -> Sets:
        found = NOTHING
        for statement, items in parts:
            sets = compile_statement(statement, kind, self._universe, items, context)
            found = sets if found is NOTHING else found | sets
        return found if found is not NOTHING and any(found) else NOTHING

    def _concerning(self, document: Document, kind: PolicyKind) -> Sequence[_Part]:
        """The statements that name an action and a resource of this question at all: most documents have none."""
        universe, action = self._universe, self._action
        parts = []
        for statement in naming(document, action) if action else document.statements:
            named = universe.naming(statement) if universe.mixed or not action else universe.all
            items = named_items(statement, kind, universe, named) if named else 0
            if items:
                parts.append((statement, items))
        return parts


class _Varied(NamedTuple):
    """A document whose answer depends on keys of the caller: kept by their values."""

    parts: Sequence[_Part]
    keys: tuple[str, ...]
    sets: dict[Values, Sets]
