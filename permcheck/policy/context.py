"""The request context: what is known of each condition key."""

from collections.abc import Iterable, Mapping

Values = tuple[str, ...]


class Context:
    """Condition keys and their values; key names are compared without case (IAM, "Condition keys").

    known: key → its values; an empty tuple says that the key is absent.
    complete: True when a key that is not in known is absent, False when nothing is known of it.
    closed: prefixes of keys that are absent unless known, also where the context is not complete (a role's own tags).
    chosen: keys whose known value the caller may replace by another when it takes the role (session tags where the
    trust policy allows sts:TagSession): a known value that suits the caller counts, one that does not is open. An entry
    that ends in a slash means every key that begins with it.
    opened: keys of which nothing is known, although their prefix is closed.
    """

    __slots__ = ("_known", "chosen", "closed", "complete", "opened")

    def __init__(
        self,
        known: Mapping[str, Iterable[str]] | None = None,
        complete: bool = True,
        chosen: tuple[str, ...] = (),
        closed: tuple[str, ...] = (),
    ) -> None:
        self._known: dict[str, Values] = {k.lower(): tuple(v) for k, v in known.items()} if known else {}
        self.complete = complete
        self.chosen = chosen
        self.closed = closed
        self.opened: frozenset[str] = frozenset()

    @classmethod
    def of(
        cls,
        known: dict[str, Values],
        complete: bool = True,
        chosen: tuple[str, ...] = (),
        closed: tuple[str, ...] = (),
    ) -> "Context":
        """The same of keys already in lower case, which are kept as they are given."""
        result = cls(None, complete, chosen, closed)
        result._known = known
        return result

    def is_chosen(self, key: str) -> bool:
        """Whether the caller may give this key (lower case) another value."""
        return key.startswith(self.chosen) and any(
            key == entry or (entry[-1] == "/" and key.startswith(entry)) for entry in self.chosen
        )

    def get(self, key: str) -> Values | None:
        """The values of a key given in lower case: ``()`` when it is absent, None when nothing is known of it."""
        values = self._known.get(key)
        if values is None and (self.complete or (key.startswith(self.closed) and key not in self.opened)):
            return ()
        return values

    def items(self) -> Iterable[tuple[str, Values]]:
        """What is known, by lower-case key."""
        return self._known.items()

    def with_known(self, more: Mapping[str, Iterable[str]]) -> "Context":
        """This context with more (or other) known keys."""
        return self.merged({k.lower(): tuple(v) for k, v in more.items()})

    def merged(
        self,
        more: Mapping[str, Values],
        closed: tuple[str, ...] = (),
        chosen: tuple[str, ...] | None = None,
        opened: frozenset[str] = frozenset(),
    ) -> "Context":
        """This context with more known keys, already in lower case, and more closed prefixes.

        chosen: what the caller may choose in place of what it could before, None for the same. opened: keys of which
        nothing is known any more.
        """
        known = {**self._known, **more}
        for key in opened:
            known.pop(key, None)
        result = Context.of(known, self.complete, self.chosen if chosen is None else chosen, self.closed + closed)
        if opened or self.opened:
            result.opened = self.opened | opened
        return result
