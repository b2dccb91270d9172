"""Who can invoke a function: every role and user in view, everybody outside that its policies name, and pollers."""

from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import replace

from permcheck.access import Item, Subject, Universe
from permcheck.access.targets import LATEST
from permcheck.access.world import Access, request_of
from permcheck.graph.calls import SUREST_FIRST
from permcheck.graph.guests import held_by
from permcheck.graph.in_front import through_apis, triggers
from permcheck.graph.in_view import in_view
from permcheck.graph.outsiders import INVOKE, INVOKE_URL, url_verdict
from permcheck.graph.places import because, conditions
from permcheck.graph.pollers import pollers
from permcheck.graph.scene import Scene
from permcheck.graph.signed_routes import through_signed_routes
from permcheck.graph.unseen import unseen
from permcheck.graph.unseen_apis import unseen_apis
from permcheck.graph.witness import witness
from permcheck.model.answer import CallerRow, WhoAnswer
from permcheck.model.function import Function, FunctionUrl
from permcheck.model.verdict import Verdict
from permcheck.policy.request import Decision

KINDS = ("anyone", "aws", "org", "account", "service", "event_source", "api", "role", "user")


def who(
    scene: Scene, function: Function, qualifier: str | None = None, among: Container[str] | None = None
) -> WhoAnswer:
    """Every way in to one function, sorted by kind, caller, resource and way.

    qualifier: of the only name that is asked about, None for all names of the function. among: ARNs of the only roles
    and users in view to be told, None for all.
    """
    asked = f"{function.arn}:{qualifier}" if qualifier is not None else function.arn
    # Outsiders that are in view have their rows among the insiders.
    rows = [o.row for o in scene.outsiders(function) if in_view(scene.world, o) is None]
    rows.extend(through_apis(scene, function))
    rows.extend(through_signed_routes(scene, function))
    rows.extend(unseen_apis(scene, function))
    rows.extend(triggers(scene, function))
    rows.extend(pollers(scene, function))
    rows.extend(unseen(scene, function))
    rows.extend(_insiders(scene, function, qualifier, among))
    rows.extend(_through_url(scene, function, among))
    rows = list(_one_each(rows))
    rows = [row for row in rows if row.resource == asked] if qualifier is not None else list(_said_once(function, rows))
    rows.sort(key=lambda r: (KINDS.index(r.kind), r.caller, r.resource, r.action, r.via))
    return WhoAnswer(function.arn, tuple(rows), scene.facts.not_read, asked)


def _one_each(rows: Iterable[CallerRow]) -> Iterator[CallerRow]:
    """One row for each caller, action, resource and way: a bucket may trigger a function for each sort of event."""
    found: dict[tuple[str, ...], CallerRow] = {}
    for row in rows:
        key = (row.kind, row.caller, row.action, row.resource, row.via)
        known = found.get(key)
        if known is None or SUREST_FIRST.index(row.verdict) < SUREST_FIRST.index(known.verdict):
            found[key] = row
        elif row.verdict is known.verdict:
            found[key] = replace(known, because=tuple(dict.fromkeys((*known.because, *row.because))))
    yield from found.values()


def _said_once(function: Function, rows: Sequence[CallerRow]) -> Iterator[CallerRow]:
    """The rows without those for $LATEST, which means the same as the plain name, unless they say more than it."""
    latest = f"{function.arn}:{LATEST}"
    plain = {(r.kind, r.caller, r.action, r.via, r.verdict) for r in rows if r.resource == function.arn}
    yield from (r for r in rows if r.resource != latest or (r.kind, r.caller, r.action, r.via, r.verdict) not in plain)


def _numbers(universe: Universe, function: Function) -> Iterator[tuple[int, Item]]:
    """The items of a function with their numbers."""
    for qualifier in ("", LATEST, *(q.name for q in function.qualifiers[1:])):
        arn = f"{function.arn}:{qualifier}" if qualifier else function.arn
        number = universe.position.get(arn)
        if number is not None:
            yield number, universe.items[number]


def _insiders(
    scene: Scene, function: Function, qualifier: str | None, among: Container[str] | None
) -> Iterator[CallerRow]:
    access = scene.world.access(scene.invocable, INVOKE)
    numbers = list(_numbers(scene.invocable, function))
    mask = sum(1 << number for number, _ in numbers)
    for subject, may in zip(scene.world.subjects, access, strict=False):
        if may.possible & mask and (among is None or subject.arn in among):
            yield from _rows(scene, subject, may, numbers, qualifier == LATEST)


def _rows(
    scene: Scene, subject: Subject, may: Access, numbers: list[tuple[int, Item]], latest: bool
) -> Iterator[CallerRow]:
    """A row for each name the caller may use; $LATEST only where the plain name, which means the same, is worse."""
    unqualified = may.verdict(numbers[0][0])
    for number, item in numbers:
        verdict = may.verdict(number)
        repeated = item.arn.endswith(f":{LATEST}") and verdict is unqualified and not latest
        if verdict is Verdict.DENIED or repeated:
            continue
        decision = scene.world.decide(subject, INVOKE, item)
        yield from caller_rows(scene, subject, INVOKE, item, decision)


def caller_rows(scene: Scene, subject: Subject, action: str, item: Item, decision: Decision) -> Iterator[CallerRow]:
    """One row for each layer that carries the answer."""
    kind = "role" if subject.arn in scene.role_by_arn else "user"
    request, policies = request_of(subject, action, item)
    held = tuple(held_by(scene, subject, action, item))
    for way in decision.ways:
        yield CallerRow(
            subject.arn,
            kind,
            decision.verdict,
            action,
            item.arn,
            way.via,
            conditions(way),
            because(way.because),
            witness(request, policies, decision, way),
            held,
            unread_note(decision),
        )


def unread_note(*decisions: Decision) -> str:
    """What an unknown verdict rests on that no statement shows: the policies without text, by name."""
    unread = (p for d in decisions if d.verdict is Verdict.UNKNOWN for p in d.unread)
    names = dict.fromkeys(f"{p.name} of {p.attached_to}" if p.attached_to else p.name for p in unread)
    return f"could not be read: {', '.join(names)}" if names else ""


def _through_url(scene: Scene, function: Function, among: Container[str] | None) -> Iterator[CallerRow]:
    """Callers of a URL that asks for a signature: both grants, each decided as a request through the URL."""
    for number, item in _numbers(scene.urls, function):
        url = _url(function, item)
        first = scene.world.access(scene.urls, INVOKE_URL)
        second = scene.world.access(scene.urls, INVOKE)
        for subject in scene.world.subjects:
            verdict = url_verdict(first[subject.number].verdict(number), second[subject.number].verdict(number), url)
            if verdict is Verdict.DENIED or (among is not None and subject.arn not in among):
                continue
            one, two = (scene.world.decide(subject, action, item) for action in (INVOKE_URL, INVOKE))
            request, policies = request_of(subject, INVOKE_URL, item)
            sure = verdict in (Verdict.ALLOWED, Verdict.CONDITIONAL)
            yield CallerRow(
                subject.arn,
                "role" if subject.arn in scene.role_by_arn else "user",
                verdict,
                INVOKE_URL,
                item.arn,
                "function_url",
                tuple({repr(c): c for c in (*conditions(one), *conditions(two))}.values()),
                tuple(dict.fromkeys((*because(one.because), *because(two.because)))),
                witness(request, policies, one) if sure else None,
                tuple(held_by(scene, subject, INVOKE_URL, item)),
                unread_note(one, two),
            )


def _url(function: Function, item: Item) -> FunctionUrl:
    name = item.arn.removeprefix(function.arn).lstrip(":")
    found = next(q.url for q in function.qualifiers if q.name == name)
    if found is None:
        raise LookupError(item.arn)
    return found
