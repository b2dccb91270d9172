"""The questions a person asks, by name: who, reach, why, paths."""

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches

from permcheck.access import Subject
from permcheck.access.targets import LATEST
from permcheck.errors import UnknownName
from permcheck.graph.paths import KINDS, has_end, nodes_named
from permcheck.graph.paths import paths as paths_of
from permcheck.graph.reach import reach as reach_of
from permcheck.graph.scene import Scene
from permcheck.graph.who import who as who_of
from permcheck.graph.why import why as why_of
from permcheck.model.answer import ReachAnswer, WhoAnswer, WhyAnswer
from permcheck.model.facts import Facts
from permcheck.model.function import Function
from permcheck.model.location import NotRead
from permcheck.model.path import Path, PathsAnswer
from permcheck.model.verdict import Verdict


def who(facts: Facts, function: str) -> WhoAnswer:
    """Who may invoke the function of this name or ARN; with a qualifier, under that name. Raises UnknownName."""
    scene = Scene(facts)
    return who_of(scene, *find_name(scene, function))


def who_all(facts: Facts) -> Iterator[WhoAnswer]:
    """Who may invoke each function, by ARN."""
    scene = Scene(facts)
    for function in facts.functions:
        yield who_of(scene, function)


def reach(facts: Facts, name: str) -> ReachAnswer:
    """What a function (through its execution role), a role or a user may do. Raises UnknownName.

    Where a function's role is not in view the answer holds nothing but that: it is unknown, and why.
    """
    scene = Scene(facts)
    subject = _subject(scene, name)
    if subject is not None:
        return reach_of(scene, subject, subject.arn)
    if (group := _group(scene, name)) is not None:
        raise group
    function = find_function(scene, name, _names(scene))
    role = scene.subject(function.role) if function.role else None
    return reach_of(scene, role, function.arn, function) if role is not None else _nothing_known(facts, function)


def _nothing_known(facts: Facts, function: Function) -> ReachAnswer:
    told = f"its execution role {function.role} is not in view" if function.role else "its execution role is not told"
    gap = NotRead(function.source, told, "what the function reaches is unknown", function.pointer, arn=function.arn)
    return ReachAnswer(
        function.arn, function.role or "", (), (), (*facts.not_read, gap), Verdict.UNKNOWN, facts.assumptions
    )


def why(facts: Facts, caller: str, function: str) -> tuple[WhyAnswer, ...]:
    """Why a caller may or may not invoke the function, for each way in.

    caller: name or ARN of a role or user in view, or whatever ``who`` calls a caller: an ARN, an account, organization,
    service, API or event source, ``*`` or ``anyone``. A function with a qualifier is asked about under that name
    alone. Raises UnknownName.
    """
    scene = Scene(facts)
    target, qualifier = find_name(scene, function)
    subject = _subject(scene, caller)
    answers = tuple(why_of(scene, subject.arn if subject else caller, target, qualifier))
    if not answers:
        names = {s.entity.name: s.arn for s in scene.world.subjects}
        names.update((row.caller, row.caller) for row in who_of(scene, target).callers)
        raise _group(scene, caller) or _unknown("caller", caller, names)
    return answers


def paths(facts: Facts, start: str, end: str | None = None) -> PathsAnswer:
    """One path for each pair of a start and an end that are joined. start, end: a node kind, an ARN or a name.

    Raises UnknownName for a start, or an end, that nothing in view has.
    """
    return PathsAnswer(tuple(each_path(facts, start, end)), facts.not_read)


def each_path(facts: Facts, start: str, end: str | None = None) -> Iterator[Path]:
    """The same, path by path: all from one start before those from the next.

    The names are looked up at once, the paths when they are asked for.
    """
    scene = Scene(facts, every_way=True)
    start, end = _plain_name(scene, start), _plain_name(scene, end) if end is not None else None
    sources = nodes_named(scene, start)
    if not sources and start not in KINDS:
        raise _group(scene, start) or _unknown("caller, function or kind", start, _everything(scene))
    if end is not None and end not in KINDS and not nodes_named(scene, end) and not has_end(scene, end):
        raise _unknown("caller, function or kind", end, _everything(scene))
    return paths_of(scene, sources, end)


def _plain_name(scene: Scene, name: str) -> str:
    """The name without the qualifier, where it is a function's ARN with one."""
    function = scene.function_of_item(name) if name.startswith("arn:") else None
    return function.arn if function is not None else name


def _everything(scene: Scene) -> Mapping[str, str]:
    names = {s.entity.name: s.arn for s in scene.world.subjects}
    names.update((f.name, f.arn) for f in scene.facts.functions)
    names.update((kind, kind) for kind in KINDS)
    return names


def find_name(scene: Scene, name: str) -> tuple[Function, str | None]:
    """The function with this name or ARN, and the qualifier that follows it, None where none does. Raises UnknownName.

    ``$LATEST`` always exists; a version or alias has to be in view.
    """
    function = find_function(scene, name)
    qualifier = _split(name)[1]
    if qualifier is None or qualifier in (LATEST, *(q.name for q in function.qualifiers if q.name)):
        return function, qualifier
    known = [q.name for q in function.qualifiers if q.name]
    near = get_close_matches(qualifier, known, n=3, cutoff=0.4) or [*known[:3], LATEST]
    raise UnknownName(
        f"{function.name} has no version or alias {qualifier!r} in what was read",
        tuple(f"{function.name}:{each}" for each in near),
    )


def find_function(scene: Scene, name: str, others: Iterable[str] = ()) -> Function:
    """The function with this name or ARN; a qualifier is taken off. Raises UnknownName, also where several fit."""
    plain, _ = _split(name)
    found = scene.function_by_arn.get(plain)
    if found is not None:
        return found
    bare = plain.rpartition("function:")[2]
    fitting = [] if name.startswith("arn:") else [f for f in scene.facts.functions if f.name == bare]
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        raise UnknownName(f"{name!r} is the name of {len(fitting)} functions", tuple(f.arn for f in fitting))
    names = {f.name: f.arn for f in scene.facts.functions}
    names.update((other, other) for other in others)
    raise _unknown("function", plain, names)


def _split(name: str) -> tuple[str, str | None]:
    """A function's name or ARN and the qualifier behind it: ``save``, ``save:live``, ``function:save:live``, ARNs."""
    if name.startswith("arn:") and ":function:" not in name:
        return name, None
    start, marked, last = name.rpartition("function:")
    bare, qualified, qualifier = last.partition(":")
    return f"{start}{marked}{bare}", qualifier if qualified else None


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


def _group(scene: Scene, name: str) -> UnknownName | None:
    """The error for a group: it makes no requests, its members do (IAM, "IAM user groups")."""
    group = next((g for g in scene.facts.groups if name in (g.arn, g.name)), None)
    if group is None:
        return None
    members = [user.name for user in scene.facts.users if group.arn in user.groups or group.name in user.groups]
    return UnknownName(f"{name!r} is a group: its members make requests, it makes none", tuple(members))


def _unknown(what: str, name: str, known: Mapping[str, str]) -> UnknownName:
    lowered = {k.lower(): k for k in known}
    short = name.rpartition(":")[2].rpartition("/")[2].lower()
    near = tuple(lowered[m] for m in get_close_matches(short, lowered, n=3, cutoff=0.4))
    return UnknownName(f"no {what} named {name!r} in what was read", near)
