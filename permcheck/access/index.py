"""Which of many ARNs match a Resource pattern, as a set, without trying them all.

ARNs are kept sorted by their resource part within each (partition, service, region, account): a pattern's literal head
is then one stretch, found by bisection, and only what lies in it is tried.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence

from permcheck.access import bits
from permcheck.model.policy import PolicyKind
from permcheck.policy.arn import pattern_segments, split
from permcheck.policy.wildcard import glob, plain

_AFTER = "\U0010ffff"


def ordered(arns: Sequence[str]) -> list[str]:
    """The ARNs in the order an ArnIndex needs: by their first segments, then by resource."""
    return sorted(arns, key=_key)


def _key(arn: str) -> tuple[str, str]:
    parts = split(arn)
    return (arn[: len(arn) - len(parts.resource)].lower(), parts.resource) if parts else ("", arn)


class ArnIndex:
    """An index over ARNs in the order of ``ordered``. Sets hold positions in that order."""

    def __init__(self, arns: Sequence[str]) -> None:
        self.arns = list(arns)
        self.all = bits.span(0, len(self.arns))
        self._resources = [_key(a)[1] for a in self.arns]
        self._blocks = list(self._stretches())
        self._known: dict[tuple[str, PolicyKind], int] = {}

    def _stretches(self) -> Iterator[tuple[tuple[str, ...] | None, int, int]]:
        """(first four segments in lower case or None, start, end) of each block of ARNs that share them."""
        start = 0
        for i in range(1, len(self.arns) + 1):
            if i == len(self.arns) or _key(self.arns[i])[0] != _key(self.arns[start])[0]:
                parts = split(self.arns[start])
                yield (tuple(s.lower() for s in parts[:4]) if parts else None), start, i
                start = i

    def matching(self, pattern: str, kind: PolicyKind) -> int:
        """The set of ARNs that the pattern of a policy of this kind names."""
        key = (pattern, kind)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._find(pattern, kind)
        return found

    def _find(self, pattern: str, kind: PolicyKind) -> int:
        if pattern and pattern.strip("*") == "":
            return self.all
        segments = pattern_segments(pattern, kind)
        found = 0
        if segments is None:
            for block, start, end in self._blocks:
                if block is None:
                    found |= bits.of(i for i in range(start, end) if self.arns[i] == pattern)
            return found
        heads, rest = tuple(glob(s) for s in segments[:4]), segments[4]
        for block, start, end in self._blocks:
            if block is not None and all(m(s) for m, s in zip(heads, block)):
                found |= self._in_block(rest, start, end)
        return found

    def _in_block(self, rest: str, start: int, end: int) -> int:
        if rest.strip("*") == "":
            return bits.span(start, end) if rest else 0
        cut = min((i for i in (rest.find("*"), rest.find("?")) if i >= 0), default=len(rest))
        head = plain(rest[:cut])
        low = bisect_left(self._resources, head, start, end)
        if cut == len(rest):
            high = bisect_left(self._resources, head + "\0", low, end)
            return bits.span(low, high)
        high = bisect_left(self._resources, head + _AFTER, low, end)
        if rest[cut:].strip("*") == "":
            return bits.span(low, high)
        matches, resources = glob(rest), self._resources
        return bits.of(i for i in range(low, high) if matches(resources[i]))
