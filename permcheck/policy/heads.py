"""Which of many patterns may have a text in common with one: those whose literal beginnings agree with its own."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence


class Heads:
    """Patterns by what stands before their first wildcard. Looking up costs as much as is found, and the pattern."""

    def __init__(self, patterns: Iterable[str]) -> None:
        self._numbers: dict[str, list[int]] = {}
        for number, pattern in enumerate(patterns):
            self._numbers.setdefault(head(pattern), []).append(number)
        self._sorted: Sequence[str] = sorted(self._numbers)
        self._lengths: Sequence[int] = sorted({len(h) for h in self._sorted})

    def near(self, pattern: str) -> Iterator[int]:
        """The numbers of the patterns that may overlap with this one, in no order; each once."""
        begins = head(pattern)
        for length in self._lengths:
            if length >= len(begins):
                break
            yield from self._numbers.get(begins[:length], ())
        at = bisect_left(self._sorted, begins)
        while at < len(self._sorted) and self._sorted[at].startswith(begins):
            yield from self._numbers[self._sorted[at]]
            at += 1


def head(pattern: str) -> str:
    """What stands before the first wildcard."""
    return pattern.partition("*")[0].partition("?")[0]
