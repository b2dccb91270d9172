"""What stands in front of a function and calls it: API routes that ask for nothing, and event sources in view."""

from collections.abc import Iterator, Sequence

from permcheck.graph.calls import SUREST_FIRST, trigger_call
from permcheck.graph.openings import Opening, authorizers, routes
from permcheck.graph.outsiders import INVOKE
from permcheck.graph.places import because, conditions
from permcheck.graph.scene import Scene
from permcheck.model.answer import CallerRow, JsonObject
from permcheck.model.function import Function
from permcheck.model.verdict import Verdict

_SURE_ENOUGH = (Verdict.ALLOWED, Verdict.CONDITIONAL)
_NAMED = 3


def through_apis(scene: Scene, function: Function) -> Iterator[CallerRow]:
    """Anyone, through routes that ask for no authorization, and as whoever an API asks the function about.

    One row for each name by which the function is called.
    """
    found: dict[str, list[Opening]] = {}
    for opening in (*routes(scene, function), *authorizers(scene, function)):
        if opening.verdict is not Verdict.DENIED:
            found.setdefault(opening.call.called, []).append(opening)
    for called, openings in found.items():
        verdict = min((o.verdict for o in openings), key=SUREST_FIRST.index)
        best = [opening for opening in openings if opening.verdict is verdict]
        passing, call = best[0].passing, best[0].call
        reasons = (
            r for o in best for r in (o.call.place, *because(o.passing.because), *because(o.call.decision.because))
        )
        yield CallerRow(
            "anyone",
            "anyone",
            verdict,
            INVOKE,
            called,
            "api",
            each_once(*conditions(passing), *conditions(call.decision)),
            tuple(dict.fromkeys(reasons)),
            call.witness if verdict in _SURE_ENOUGH else None,
            note=_said(best),
        )


def triggers(scene: Scene, function: Function) -> Iterator[CallerRow]:
    """The event sources in view that call the function, unless its policy stops them."""
    for resource, trigger in scene.triggers_of.get(function.arn, ()):
        call = trigger_call(scene, resource, trigger)
        if call is not None and call.verdict is not Verdict.DENIED:
            yield CallerRow(
                resource.arn,
                "event_source",
                call.verdict,
                INVOKE,
                call.called,
                "event_source",
                conditions(call.decision),
                call.because,
                call.witness if call.verdict in _SURE_ENOUGH else None,
                note="" if call.asked is not None else "the role it calls with is not in view",
            )


def each_once(*entries: JsonObject) -> tuple[JsonObject, ...]:
    """The entries without repeats, in order."""
    return tuple({repr(entry): entry for entry in entries}.values())


def _said(openings: Sequence[Opening]) -> str:
    """The openings as a person reads them, with what the first asks for."""
    names = list(dict.fromkeys(opening.name for opening in openings))
    said = ", ".join(names[:_NAMED]) + (f" and {len(names) - _NAMED} more" if len(names) > _NAMED else "")
    return f"{said}: {openings[0].asks}"
