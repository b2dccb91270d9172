"""What the policies of one caller say of a universe, each distinct document compiled once.

A document's answer depends on the caller only through the caller's keys that it reads; it is kept by their values.
"""

from permcheck.access.compile import NOTHING, Sets, caller_keys_of, compile_statement
from permcheck.access.subject import Subject
from permcheck.access.universe import Universe
from permcheck.model.policy import Document, Policy, PolicyKind, Statement
from permcheck.policy.context import Context

Key = tuple[object, ...]


class IdentitySets:
    """Compiled documents of one universe and action."""

    def __init__(self, universe: Universe, action: str) -> None:
        self._universe = universe
        self._action = action
        self._documents: dict[tuple[Document, PolicyKind], tuple[tuple[Statement, ...], tuple[str, ...], bool]] = {}
        self._sets: dict[Key, Sets] = {}

    def of(self, policies: tuple[Policy, ...], kind: PolicyKind, subject: Subject) -> Sets:
        """The union of what the policies say; a policy without text says nothing here."""
        result = NOTHING
        for policy in policies:
            if policy.document is not None:
                found = self._document(policy.document, kind, subject.context)
                if found is not NOTHING:
                    result = found if result is NOTHING else result | found
        return result

    def _document(self, document: Document, kind: PolicyKind, context: Context) -> Sets:
        prepared = self._documents.get((document, kind))
        if prepared is None:
            relevant = tuple(s for s in document.statements if self._concerns(s))
            keys = tuple(dict.fromkeys(k for s in relevant for k in caller_keys_of(s)))
            prepared = self._documents[(document, kind)] = (relevant, keys, bool(context.chosen))
        relevant, keys, _ = prepared
        if not relevant:
            return NOTHING
        key: Key = (document, kind)
        if keys:
            key = (document, kind, *(context.get(k) for k in keys), any(context.is_chosen(k) for k in keys))
        found = self._sets.get(key)
        if found is None:
            found = NOTHING
            for statement in relevant:
                found = found | compile_statement(statement, kind, self._universe, self._action, context)
            self._sets[key] = found
        return found

    def _concerns(self, statement: Statement) -> bool:
        """Whether the statement names an action of this question at all."""
        named = self._universe.naming_action
        if statement.actions is not None:
            return named(statement.actions, self._action) != 0
        return named(statement.not_actions or (), self._action) != self._universe.all
