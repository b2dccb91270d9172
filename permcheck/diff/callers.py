"""Who may call each function, before and after."""

from collections.abc import Iterable, Iterator, Mapping

from permcheck.config import Config
from permcheck.diff import weights
from permcheck.diff.sameness import Sameness
from permcheck.frozen import dataclass
from permcheck.graph.scene import Scene
from permcheck.graph.who import who
from permcheck.model.answer import CallerRow, JsonObject
from permcheck.model.difference import CallerChange, Change
from permcheck.model.verdict import Verdict

Key = tuple[str, str, str, str, str]
Condition = tuple[str, str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class _Row:
    row: CallerRow
    verdict: Verdict


def callers(old: Scene, new: Scene, same: Sameness, config: Config) -> Iterator[CallerChange]:
    """Yield every change of who may call what; a function that one side does not have has no callers there."""
    before, after = _rows(old, same), _rows(new, same)
    for key in sorted(before.keys() | after.keys()):
        was, now = before.get(key), after.get(key)
        change = _change(was, now)
        if change is None:
            continue
        function, kind, name = key[:3]
        judged = (now if change.opens else was) or was or now
        verdict = judged.verdict if judged else Verdict.DENIED
        severity = weights.of_caller(kind, name, function, verdict, config)
        yield CallerChange(
            change,
            severity,
            function,
            kind,
            name,
            was.row if was else None,
            now.row if now else None,
            was.verdict if was else Verdict.DENIED,
            now.verdict if now else Verdict.DENIED,
        )


def _rows(scene: Scene, same: Sameness) -> Mapping[Key, _Row]:
    """Who may call, also of those who are handed a role: (function, kind, name, action, resource).

    By which of its policies a role gets in makes no difference: the decision is one. Of a function that is the same,
    among the same surroundings, only callers are asked about that are not.
    """
    found: dict[Key, _Row] = {}
    for function in scene.facts.functions:
        among = same.callers if same.around and function.arn not in same.functions else None
        for row in who(scene, function, among=among).callers:
            how = (row.action, row.resource)
            _keep(found, (function.arn, row.kind, row.caller, *how), _Row(row, row.verdict))
            for held in row.held_by:
                _keep(found, (function.arn, held.kind, held.name, *how), _Row(row, held.verdict))
    return found


def _keep(found: dict[Key, _Row], key: Key, row: _Row) -> None:
    """The surest way of several: a guest may hold several roles, and several layers may let a role in."""
    known = found.get(key)
    if row.verdict is not Verdict.DENIED and (known is None or weights.rank(row.verdict) > weights.rank(known.verdict)):
        found[key] = row


def _change(was: _Row | None, now: _Row | None) -> Change | None:
    change = weights.change(was.verdict if was else Verdict.DENIED, now.verdict if now else Verdict.DENIED)
    if change is not None or was is None or now is None or now.verdict is not Verdict.CONDITIONAL:
        return change
    return narrowed(was.row.conditions, now.row.conditions)


def narrowed(was: Iterable[JsonObject], now: Iterable[JsonObject]) -> Change | None:
    """What became of a list of conditions that must all hold, None where they are the same."""
    before, after = (frozenset(map(_said, each)) for each in (was, now))
    if before == after:
        return None
    return Change.WIDER if after < before else Change.NARROWER if before < after else Change.OTHER


def _said(condition: JsonObject) -> Condition:
    """A condition without the place it is written at."""
    values = condition.get("values")
    listed = values if isinstance(values, (list, tuple)) else ()
    operator, key = (str(condition.get(name, "")).lower() for name in ("operator", "key"))
    return operator, key, tuple(sorted(map(str, listed)))
