"""Event source mappings: Lambda reads the source with the execution role and invokes the function.

A mapping works only where the role may do what the poller needs (Lambda Developer Guide, the page of each source).
"""

from collections.abc import Iterator

from permcheck.access import Item
from permcheck.access.context import item_keys
from permcheck.graph.places import because, conditions
from permcheck.graph.scene import Scene
from permcheck.model.answer import Because, CallerRow
from permcheck.model.function import EventSourceMapping, Function
from permcheck.model.location import Location
from permcheck.model.verdict import Verdict
from permcheck.policy.arn import split

# What each kind of source asks of the execution role, on the source itself.
NEEDED = {
    "sqs": ("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"),
    "kinesis": ("kinesis:DescribeStreamSummary", "kinesis:GetRecords", "kinesis:GetShardIterator"),
    "dynamodb": ("dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"),
}
_ORDER = (Verdict.ALLOWED, Verdict.CONDITIONAL, Verdict.UNKNOWN, Verdict.DENIED)


def pollers(scene: Scene, function: Function) -> Iterator[CallerRow]:
    """A row for each mapping of the function that may work."""
    for mapping in scene.facts.mappings:
        base = mapping.function_arn if mapping.function_arn in scene.function_by_arn else ""
        arn = base or mapping.function_arn.rsplit(":", 1)[0]
        if arn == function.arn and mapping.enabled and mapping.event_source:
            row = poller_row(scene, function, mapping, mapping.event_source)
            if row.verdict is not Verdict.DENIED:
                yield row


def poller_row(scene: Scene, function: Function, mapping: EventSourceMapping, source: str) -> CallerRow:
    """Whether a mapping works, as a row of ``who``."""
    arn = split(source)
    needed = NEEDED.get(arn.service if arn else "", ())
    role = scene.executes_as(function)
    verdict, reasons, left, note = Verdict.UNKNOWN, list[Because](), list[dict[str, object]](), ""
    if role is not None and needed:
        item = Item(source, known=item_keys(source)[0])
        decisions = [scene.world.decide(role, action, item) for action in needed]
        verdict = max((d.verdict for d in decisions), key=_ORDER.index)
        reasons = [b for d in decisions for b in because(d.because)]
        left = [c for d in decisions for c in conditions(d)]
    else:
        note = "the execution role is not in view" if needed else "what this source needs is not known"
    here = Because(Location(mapping.source, mapping.pointer, mapping.function_arn), "Allow")
    return CallerRow(
        source,
        "event_source",
        verdict,
        "lambda:InvokeFunction",
        mapping.function_arn,
        "event_source",
        tuple({repr(c): c for c in left}.values()),
        tuple(dict.fromkeys((here, *reasons))),
        note=note,
    )
