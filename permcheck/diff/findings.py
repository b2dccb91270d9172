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
    those that say the same are matched, then the rest in order, so that of two only the second is new. What begins the
    same and now leads elsewhere is another, not a new one: the door is the old one.
    """
    before, after = list(old), list(new)
    same = [*_matched(before, after, _exactly), *_matched(before, after, _about)]
    for was, now in same:
        change = _of_severity(was, now)
        if change is not None:
            yield FindingChange(change, now.severity, was, now)
    for was, now in _matched(before, after, _door):
        change = _of_severity(was, now) or (Change.NARROWER if _ends_sooner(now, was) else Change.OTHER)
        yield FindingChange(change, now.severity, was, now)
    yield from (FindingChange(Change.NEW, finding.severity, None, finding) for finding in after)
    yield from (FindingChange(Change.LOST, finding.severity, finding, None) for finding in before)


def _of_severity(was: Finding, now: Finding) -> Change | None:
    one, two = SEVERITIES.index(was.severity), SEVERITIES.index(now.severity)
    return None if one == two else Change.WIDER if two > one else Change.NARROWER


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


def _door(finding: Finding) -> Key:
    start = [(node.kind, node.arn or node.name) for node in finding.path[:1]]
    # A finding without a path is about its statement alone: nothing to go by besides what has been tried.
    return (finding.rule, finding.resource, *start) if start else (id(finding),)


def _ends_sooner(one: Finding, other: Finding) -> bool:
    """Whether the path of one is how the path of the other begins."""
    short, long = ([(node.kind, node.arn or node.name) for node in finding.path] for finding in (one, other))
    return long[: len(short)] == short
