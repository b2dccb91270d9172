"""What the policies of one caller say of a universe, each distinct document compiled once.

A document's answer depends on the caller only through the caller's keys that it reads; it is kept by their values.
"""

from typing import NamedTuple

from permcheck.access.compile import NOTHING, Sets, caller_keys_of, compile_statement
from permcheck.access.subject import Subject
from permcheck.access.universe import Universe
from permcheck.model.policy import Document, Policy, PolicyKind, Statement
from permcheck.policy.context import Context
from permcheck.policy.matching import naming

Values = tuple[object, ...]


class IdentitySets:
    """Compiled documents of one universe and action."""

    def __init__(self, universe: Universe, action: str) -> None:
        self._universe = universe
        self._action = action
        # By kind: documents that say the same of every caller, with what they say; and those that read caller's keys.
        self._fixed: dict[PolicyKind, dict[Document, Sets]] = {kind: {} for kind in PolicyKind}
        self._varied: dict[PolicyKind, dict[Document, _Varied]] = {kind: {} for kind in PolicyKind}

    def of(self, policies: tuple[Policy, ...], kind: PolicyKind, subject: Subject) -> Sets:
        """The union of what the policies say; a policy without text says nothing here."""
        result, fixed = NOTHING, self._fixed[kind]
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
        varied = self._varied[kind].get(document)
        if varied is None:
            statements = self._concerning(document)
            if not statements:
                self._fixed[kind][document] = NOTHING
                return NOTHING
            keys = tuple(dict.fromkeys(k for s in statements for k in caller_keys_of(s)))
            if not keys:
                found = self._fixed[kind][document] = self._compiled(statements, kind, context)
                return found
            varied = self._varied[kind][document] = _Varied(statements, keys, {})
        values = (*(context.get(k) for k in varied.keys), tuple(context.is_chosen(k) for k in varied.keys))
        known = varied.sets.get(values)
        if known is None:
            known = varied.sets[values] = self._compiled(varied.statements, kind, context)
        return known

    def _compiled(self, statements: tuple[Statement, ...], kind: PolicyKind, context: Context) -> Sets:
        found = NOTHING
        for statement in statements:
            sets = compile_statement(statement, kind, self._universe, self._action, context)
            found = sets if found is NOTHING else found | sets
        return found if any(found) else NOTHING

    def _concerning(self, document: Document) -> tuple[Statement, ...]:
        """The statements that name an action of this question at all."""
        if self._action:
            return naming(document, self._action)
        named, everything = self._universe.naming_action, self._universe.all
        return tuple(
            s
            for s in document.statements
            if (named(s.actions, "") if s.actions is not None else everything & ~named(s.not_actions or (), ""))
        )


class _Varied(NamedTuple):
    """A document whose answer depends on keys of the caller: kept by their values."""

    statements: tuple[Statement, ...]
    keys: tuple[str, ...]
    sets: dict[Values, Sets]
