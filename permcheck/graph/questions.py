"""The questions a person asks, by name: who, reach, why."""

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches

from permcheck.access import Subject
from permcheck.errors import UnknownName, UsageError
from permcheck.graph.asked import ALL_DATA
from permcheck.graph.paths import KINDS, nodes_named
from permcheck.graph.paths import paths as paths_of
from permcheck.graph.reach import reach as reach_of
from permcheck.graph.scene import Scene
from permcheck.graph.who import who as who_of
from permcheck.graph.why import why as why_of
from permcheck.model.answer import ReachAnswer, WhoAnswer, WhyAnswer
from permcheck.model.facts import Facts
from permcheck.model.function import Function
from permcheck.model.path import PathsAnswer


def who(facts: Facts, function: str) -> WhoAnswer:
    """Who may invoke the function of this name or ARN. Raises UnknownName."""
    scene = Scene(facts)
    return who_of(scene, find_function(scene, function))


def who_all(facts: Facts) -> Iterator[WhoAnswer]:
    """Who may invoke each function, by ARN."""
    scene = Scene(facts)
    for function in facts.functions:
        yield who_of(scene, function)


def reach(facts: Facts, name: str) -> ReachAnswer:
    """What a function (through its execution role), a role or a user may do. Raises UnknownName."""
    scene = Scene(facts)
    subject = _subject(scene, name)
    if subject is not None:
        return reach_of(scene, subject, subject.arn)
    function = find_function(scene, name, _names(scene))
    role = scene.executes_as(function)
    if role is None:
        told = f"runs as {function.role}, which is not in view" if function.role else "does not tell its execution role"
        raise UsageError(f"{function.arn} {told}: what it reaches is unknown")
    return reach_of(scene, role, function.arn)


def why(facts: Facts, caller: str, function: str) -> tuple[WhyAnswer, ...]:
    """Why a caller may or may not invoke the function, for each way in.

    caller: name or ARN of a role or user in view, or ``*``, ``anyone``, an account id, a service, a foreign ARN.
    Raises UnknownName.
    """
    scene = Scene(facts)
    target = find_function(scene, function)
    subject = _subject(scene, caller)
    if subject is None and not _is_principal(caller):
        raise _unknown("caller", caller, {s.entity.name: s.arn for s in scene.world.subjects})
    return tuple(why_of(scene, subject.arn if subject else caller, target))


def paths(facts: Facts, start: str, end: str | None = None) -> PathsAnswer:
    """One path for each pair of a start and an end that are joined. start, end: a node kind, an ARN or a name.

    Raises UnknownName for a start, or an end, that nothing in view has.
    """
    scene = Scene(facts)
    sources = nodes_named(scene, start)
    if not sources and start not in KINDS:
        raise _unknown("node", start, _everything(scene))
    if end is not None and end not in KINDS and not nodes_named(scene, end) and end not in _targets(scene):
        raise _unknown("node", end, _everything(scene))
    return PathsAnswer(tuple(paths_of(scene, sources, end)), facts.not_read)


def _everything(scene: Scene) -> Mapping[str, str]:
    names = {s.entity.name: s.arn for s in scene.world.subjects}
    names.update((f.name, f.arn) for f in scene.facts.functions)
    names.update((kind, kind) for kind in KINDS)
    return names


def _targets(scene: Scene) -> set[str]:
    accounts = {s.account for s in scene.world.subjects}
    return accounts | {f"{action} on everything" for action in ALL_DATA}


def find_function(scene: Scene, name: str, others: Iterable[str] = ()) -> Function:
    """The function with this name or ARN; a qualifier is taken off. Raises UnknownName, also where several fit."""
    found = scene.function_of_item(name) if name.startswith("arn:") else None
    if found is not None:
        return found
    plain = name.rpartition(":function:")[2].partition(":")[0] if not name.startswith("arn:") else name
    fitting = [f for f in scene.facts.functions if f.name == plain]
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        raise UnknownName(f"{name!r} is the name of {len(fitting)} functions", tuple(f.arn for f in fitting))
    names = {f.name: f.arn for f in scene.facts.functions}
    names.update((other, other) for other in others)
    raise _unknown("function", name, names)


def _subject(scene: Scene, name: str) -> Subject | None:
    found = scene.subject(name)
    if found is not None or name.startswith("arn:"):
        return found
    bare = name.rpartition("/")[2]
    fitting = [s for s in scene.world.subjects if s.entity.name in (name, bare)]
    if len(fitting) > 1:
        raise UnknownName(f"{name!r} is the name of {len(fitting)} callers", tuple(s.arn for s in fitting))
    return fitting[0] if fitting else None


def _names(scene: Scene) -> Iterable[str]:
    return (s.entity.name for s in scene.world.subjects)


def _is_principal(name: str) -> bool:
    """Whether a caller that is not in view is at least the form of one."""
    return name in ("*", "anyone") or name.startswith("arn:") or name.isdigit() or name.endswith((".com", ".com.cn"))


def _unknown(what: str, name: str, known: Mapping[str, str]) -> UnknownName:
    lowered = {k.lower(): k for k in known}
    short = name.rpartition(":")[2].rpartition("/")[2].lower()
    near = tuple(lowered[m] for m in get_close_matches(short, lowered, n=3, cutoff=0.4))
    return UnknownName(f"no {what} named {name!r} in what was read", near)
