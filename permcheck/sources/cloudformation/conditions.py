"""Conditions of a template: true, false, or not known before deploy (Kleene's three values)."""

from collections.abc import Callable

from permcheck.sources.declared.value import Value, has_unknown


class Conditions:
    """The Conditions section."""

    def __init__(self, root: Value, resolve: Callable[[Value], Value], gap: Callable[[Value, str, str], None]) -> None:
        self._written = root.get("Conditions")
        self._resolve, self._gap = resolve, gap
        self._known: dict[str, bool | None] = {}
        self._busy: set[str] = set()

    def holds(self, name: str, at: Value) -> bool | None:
        """Whether a condition holds; None where that is not known. One that is missing or circular is noted."""
        if name in self._known:
            return self._known[name]
        written = self._written.get(name) if self._written is not None else None
        error = ""
        if written is None:
            error = f"there is no condition {name} in this template"
        elif name in self._busy:
            error = f"the condition {name} depends on itself"
        if error or written is None:
            self._gap(at, error, "whether it holds is unknown")
            self._known[name] = None
            return None
        self._busy.add(name)
        found = self.decide(written)
        self._busy.discard(name)
        return self._known.setdefault(name, found)

    def decide(self, value: Value) -> bool | None:
        """What a condition function says."""
        for key, inner in value.members():
            if key == "Condition":
                return self.holds(inner.text() or "", inner)
            if key == "Fn::Not":
                found = self._all(inner)
                return not found[0] if found and found[0] is not None else None
            if key == "Fn::And":
                found = self._all(inner)
                return False if False in found else None if None in found else True
            if key == "Fn::Or":
                found = self._all(inner)
                return True if True in found else None if None in found else False
            if key == "Fn::Equals":
                return self._equals(inner)
            return None
        return {"true": True, "false": False}.get((value.text() or "").lower())

    def _all(self, value: Value) -> list[bool | None]:
        return [self.decide(each) for each in (value.raw if isinstance(value.raw, tuple) else (value,))]

    def _equals(self, value: Value) -> bool | None:
        if not isinstance(value.raw, tuple) or len(value.raw) != 2:
            return None
        one, other = (self._resolve(each).written() for each in value.raw)
        if one is None or other is None:
            return None
        if one == other:
            return True
        return None if has_unknown(one) or has_unknown(other) else False
