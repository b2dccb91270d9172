"""Which of many ARNs match a Resource pattern, as a set, without trying them all.

ARNs are kept sorted by their resource part within each (partition, service, region, account): a pattern's literal head
is then one stretch, found by bisection, and only what lies in it is tried.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from permcheck.access import bits
from permcheck.model.policy import PolicyKind
from permcheck.policy.arn import pattern_segments, split
from permcheck.policy.wildcard import Matcher, glob, has_wildcard, plain

_AFTER = "\U0010ffff"
Block = tuple[tuple[str, ...] | None, int, int]


def ordered(arns: Iterable[str]) -> list[str]:
    """The ARNs in the order an ArnIndex needs: by their first segments, then by resource."""
    return sorted(arns, key=_key)


@lru_cache(maxsize=1 << 16)
def _key(arn: str) -> tuple[str, str]:
    parts = arn.split(":", 5)
    if len(parts) != 6 or parts[0].lower() != "arn":
        return "", arn
    return arn[: len(arn) - len(parts[5])].lower(), parts[5]


class ArnIndex:
    """An index over ARNs in the order of ``ordered``. Sets hold positions in that order."""

    def __init__(self, arns: Sequence[str]) -> None:
        self.arns = list(arns)
        self.all = bits.span(0, len(self.arns))
        keys = [_key(a) for a in self.arns]
        heads = [first for first, _ in keys]
        self._resources = [resource for _, resource in keys]
        # (first four segments in lower case or None, start, end) of each stretch of ARNs that share them
        self.blocks: Sequence[Block] = tuple(self._stretches(heads))
        self._by_heads = {heads[start]: (start, end) for _, start, end in self.blocks}
        self._by_service: dict[str, list[Block]] = {}
        for block in self.blocks:
            self._by_service.setdefault(block[0][1] if block[0] else "", []).append(block)
        self._known: dict[PolicyKind, dict[str, int]] = {kind: {} for kind in PolicyKind}

    def _stretches(self, keys: Sequence[str]) -> Iterator[Block]:
        start = 0
        while start < len(keys):
            end = bisect_right(keys, keys[start], start)
            parts = split(self.arns[start])
            yield (tuple(s.lower() for s in parts[:4]) if parts else None), start, end
            start = end

    def _blocks(self, service: str) -> Iterable[Block]:
        """The blocks a pattern with this service segment could reach into."""
        if "*" in service or "?" in service:
            return self.blocks
        return self._by_service.get(service, ())

    def matching(self, pattern: str, kind: PolicyKind) -> int:
        """The set of ARNs that the pattern of a policy of this kind names."""
        return self.matching_any((pattern,), kind)

    def matching_any(self, patterns: Iterable[str], kind: PolicyKind) -> int:
        """The ARNs that one of several patterns names."""
        found, known = 0, self._known[kind]
        for pattern in patterns:
            named = known.get(pattern)
            if named is None:
                named = known[pattern] = self._find(pattern, kind)
            found |= named
        return found

    def _find(self, pattern: str, kind: PolicyKind) -> int:
        if pattern and pattern.strip("*") == "":
            return self.all
        first, resource = _key(pattern)
        if first and first.isascii() and not has_wildcard(first):  # only what begins with just that
            stretch = self._by_heads.get(first)
            return self._in_block(resource, *stretch) if stretch is not None else 0
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
        head = rest.partition("*")[0].partition("?")[0]
        cut, head = len(head), plain(head)
        low = bisect_left(self._resources, head, start, end)
        if low == end or not self._resources[low].startswith(head):
            return 0
        if cut == len(rest):
            return bits.span(low, bisect_right(self._resources, head, low, end))
        high = bisect_left(self._resources, head + _AFTER, low, end)
        if low == high or rest[cut:].strip("*") == "":
            return bits.span(low, high)
        matches, resources = glob(rest), self._resources
        # The longest piece of plain text has to be in it: most fall at that, at the speed of a substring search.
        piece = plain(max(rest.replace("?", "*").split("*"), key=len))
        return bits.of(i for i in range(low, high) if piece in resources[i] and matches(resources[i]))
