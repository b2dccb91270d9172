"""Findings, before and after."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence

from permcheck.model.difference import Change, FindingChange
from permcheck.model.finding import Finding
from permcheck.model.report import SEVERITIES

Key = tuple[object, ...]


def findings(old: Iterable[Finding], new: Iterable[Finding]) -> Iterator[FindingChange]:
    """Yield findings that came, went, or became more or less severe.

    A finding is the same where rule, resource and the ends of its path are, whatever statement it now stands on: first
    those that say the same are matched, then the rest in order, so that of two only the second is new.
    """
    before, after = list(old), list(new)
    pairs: list[tuple[Finding, Finding]] = []
    for key in (_exactly, _about):
        pairs += _matched(before, after, key)
    for was, now in pairs:
        one, two = SEVERITIES.index(was.severity), SEVERITIES.index(now.severity)
        if one != two:
            worse = two > one
            yield FindingChange(Change.WIDER if worse else Change.NARROWER, now.severity, was, now)
    yield from (FindingChange(Change.NEW, finding.severity, None, finding) for finding in after)
    yield from (FindingChange(Change.LOST, finding.severity, finding, None) for finding in before)


def _matched(
    before: list[Finding], after: list[Finding], key: Callable[[Finding], Key]
) -> Sequence[tuple[Finding, Finding]]:
    """Pairs of equal key, taken out of both lists."""
    waiting: defaultdict[Key, list[Finding]] = defaultdict(list)
    for finding in reversed(before):
        waiting[key(finding)].append(finding)
    pairs, left = [], []
    for finding in after:
        equal = waiting[key(finding)]
        if equal:
            pairs.append((equal.pop(), finding))
        else:
            left.append(finding)
    gone = {id(was) for was, _ in pairs}
    before[:] = [finding for finding in before if id(finding) not in gone]
    after[:] = left
    return pairs


def _about(finding: Finding) -> Key:
    ends = tuple((node.kind, node.arn or node.name) for node in finding.path[:1] + finding.path[-1:])
    return finding.rule, finding.resource, ends


def _exactly(finding: Finding) -> Key:
    return *_about(finding), finding.message, finding.severity
