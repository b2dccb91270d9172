"""The ways to everything, to data, and through functions, before and after."""

from collections.abc import Iterator, Mapping

from permcheck.diff import weights
from permcheck.graph.nodes import Node
from permcheck.graph.paths import nodes_named, paths, verdicts
from permcheck.graph.scene import Scene
from permcheck.model.difference import PathChange
from permcheck.model.facts import Facts
from permcheck.model.path import Path
from permcheck.model.verdict import Verdict

Key = tuple[str, str, str, str]
# From outside to everything of worth, and through a function to another: one that is called at once is told among the
# callers. From within to administrator: in many accounts nearly everybody comes to some data, by way of everybody else,
# and looking for all those ways takes time that grows with the square of the account.
_STARTS: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(weights.OUTSIDE, ("admin", "target", "function")),
    "user": ("admin",),
    "role": ("admin",),
}


def ways(old: Facts, new: Facts) -> Iterator[PathChange]:
    """Yield every change of who comes where."""
    before, after = _Side(old), _Side(new)
    for key in sorted(before.found.keys() | after.found.keys()):
        change = weights.change(before.verdict(key), after.verdict(key))
        if change is None:
            continue
        was, now = before.path(key), after.path(key)
        if key[2] == "function" and all(path is None or _at_once(path) for path in (was, now)):
            continue
        verdict = after.verdict(key) if change.opens else before.verdict(key)
        yield PathChange(change, weights.of_path(key[0], key[2], verdict), was, now)


def _at_once(path: Path) -> bool:
    """Whether nothing lies between but roles."""
    return {node.kind for node in path.nodes[1:-1]} <= {"role"}


class _Side:
    """The ways of one side: (start, end) → where it starts, and the verdict. A path is built when it is asked for."""

    def __init__(self, facts: Facts) -> None:
        self._scene = Scene(facts, every_way=True)
        self.found: dict[Key, tuple[Node, Verdict]] = {}
        self._built: dict[tuple[Node, str], Mapping[str, Path]] = {}
        for kind, ends in _STARTS.items():
            starts = nodes_named(self._scene, kind)
            for end in ends:
                for start, node, verdict in verdicts(self._scene, starts, end):
                    self.found[kind, start.name, end, node.name] = start, verdict

    def verdict(self, key: Key) -> Verdict:
        """Of one way; where there is none, denied."""
        return self.found[key][1] if key in self.found else Verdict.DENIED

    def path(self, key: Key) -> Path | None:
        """One way with its grounds, None where there is none."""
        if key not in self.found:
            return None
        start, end = self.found[key][0], key[2]
        if (start, end) not in self._built:
            paths_here = paths(self._scene, [start], end)
            self._built[start, end] = {path.nodes[-1].arn or path.nodes[-1].name: path for path in paths_here}
        return self._built[start, end].get(key[3])
