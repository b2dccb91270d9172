"""The ways to everything, to data, and through functions, before and after."""

from collections.abc import Iterator, Mapping

from permcheck.diff import weights
from permcheck.graph.questions import each_path
from permcheck.model.difference import Change, PathChange
from permcheck.model.facts import Facts
from permcheck.model.path import Path
from permcheck.model.verdict import Verdict

Key = tuple[str, str, str, str]
# From outside to everything of worth; a function that is called at once is told among the callers. From within, where
# nearly everybody comes to some function, to administrator and data.
_STARTS: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(weights.OUTSIDE, ("admin", "target", "function")),
    "user": ("admin", "target"),
    "role": ("admin", "target"),
}


def ways(old: Facts, new: Facts) -> Iterator[PathChange]:
    """Yield every change of who comes where."""
    before, after = _paths(old), _paths(new)
    for key in sorted(before.keys() | after.keys()):
        was, now = before.get(key), after.get(key)
        change = weights.change(was.verdict if was else Verdict.DENIED, now.verdict if now else Verdict.DENIED)
        if change is None:
            continue
        judged = now if change.opens and now else was or now
        verdict = judged.verdict if judged else Verdict.DENIED
        yield PathChange(Change(change), weights.of_path(key[0], key[2], verdict), was, now)


def _paths(facts: Facts) -> Mapping[Key, Path]:
    found: dict[Key, Path] = {}
    for kind, ends in _STARTS.items():
        for end in ends:
            for path in each_path(facts, kind, end):
                first, last = path.nodes[0], path.nodes[-1]
                between = {node.kind for node in path.nodes[1:-1]}
                if end != "function" or between - {"role"}:
                    found[kind, first.arn or first.name, end, last.arn or last.name] = path
    return found
