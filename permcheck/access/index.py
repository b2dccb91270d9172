"""Which of many ARNs match a Resource pattern, as a set, without trying them all.

ARNs are kept sorted by their resource part within each (partition, service, region, account): a pattern's literal head
is then one stretch, found by bisection, and only what lies in it is tried.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from permcheck.access import bits
from permcheck.model.policy import PolicyKind
from permcheck.policy.arn import pattern_segments, split
from permcheck.policy.wildcard import Matcher, glob, plain

_AFTER = "\U0010ffff"
Block = tuple[tuple[str, ...] | None, int, int]


def ordered(arns: Sequence[str]) -> list[str]:
    """The ARNs in the order an ArnIndex needs: by their first segments, then by resource."""
    return sorted(arns, key=_key)


@lru_cache(maxsize=1 << 16)
def _key(arn: str) -> tuple[str, str]:
    parts = split(arn)
    return (arn[: len(arn) - len(parts.resource)].lower(), parts.resource) if parts else ("", arn)


class ArnIndex:
    """An index over ARNs in the order of ``ordered``. Sets hold positions in that order."""

    def __init__(self, arns: Sequence[str]) -> None:
        self.arns = list(arns)
        self.all = bits.span(0, len(self.arns))
        self._resources = [_key(a)[1] for a in self.arns]
        self._by_service: dict[str, list[Block]] = {}
        for heads, start, end in self._stretches():
            self._by_service.setdefault(heads[1] if heads else "", []).append((heads, start, end))
        self._known: dict[tuple[str, PolicyKind], int] = {}

    def _stretches(self) -> Iterator[Block]:
        """(first four segments in lower case or None, start, end) of each block of ARNs that share them."""
        start, keys = 0, [_key(a)[0] for a in self.arns]
        for i in range(1, len(keys) + 1):
            if i == len(keys) or keys[i] != keys[start]:
                parts = split(self.arns[start])
                yield (tuple(s.lower() for s in parts[:4]) if parts else None), start, i
                start = i

    def _blocks(self, service: str) -> Iterable[Block]:
        """The blocks a pattern with this service segment could reach into."""
        if "*" in service or "?" in service:
            return [block for blocks in self._by_service.values() for block in blocks]
        return self._by_service.get(service, ())

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
        if segments is None:  # it can name no ARN, only itself
            return bits.of(
                i
                for _, start, end in self._by_service.get("", ())
                for i in range(start, end)
                if self.arns[i] == pattern
            )
        found = 0
        heads, rest = segments[:4], segments[4]
        matchers: list[Matcher] | None = None
        for block, start, end in self._blocks(heads[1]):
            if block is None:
                continue
            if block != heads:
                matchers = matchers or [glob(s) for s in heads]
                if not all(m(s) for m, s in zip(matchers, block, strict=False)):
                    continue
            found |= self._in_block(rest, start, end)
        return found

    def _in_block(self, rest: str, start: int, end: int) -> int:
        if rest.strip("*") == "":
            return bits.span(start, end) if rest else 0
        cut = min((i for i in (rest.find("*"), rest.find("?")) if i >= 0), default=len(rest))
        head = plain(rest[:cut])
        low = bisect_left(self._resources, head, start, end)
        if low == end:
            return 0
        if cut == len(rest):
            high = bisect_left(self._resources, head + "\0", low, end)
            return bits.span(low, high)
        high = bisect_left(self._resources, head + _AFTER, low, end)
        if low == high or rest[cut:].strip("*") == "":
            return bits.span(low, high)
        matches, resources = glob(rest), self._resources
        # The longest piece of plain text has to be in it: most fall at that, at the speed of a substring search.
        piece = plain(max(rest.replace("?", "*").split("*"), key=len))
        return bits.of(i for i in range(low, high) if piece in resources[i] and matches(resources[i]))
