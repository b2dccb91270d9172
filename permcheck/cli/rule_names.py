"""Checks that what a person wrote for a rule names one: a misspelt rule would otherwise be ignored without a word."""

from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase

from permcheck.errors import ConfigError, UsageError


def check(patterns: Iterable[str], folders: Sequence[str], source: str | None = None) -> None:
    """Raise UsageError, or ConfigError where ``source`` is given, for the first pattern that names no rule."""
    wanted = list(patterns)
    if not wanted:
        return
    from permcheck import registry

    names = [name for rule in registry.rules(folders) for name in (rule.id, rule.name)]
    for pattern in wanted:
        if not any(fnmatchcase(name.lower(), pattern.lower()) for name in names):
            from difflib import get_close_matches

            lowered = {name.lower(): name for name in names}
            close = get_close_matches(pattern.lower(), lowered, 1)
            hint = f"did you mean {lowered[close[0]]}?" if close else "permcheck rules lists them"
            if source is not None:
                raise ConfigError(f"{source}: there is no rule {pattern!r}", hint)
            raise UsageError(f"there is no rule {pattern!r}", hint)
