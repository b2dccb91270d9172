"""What the rules about APIs and event sources share: how they speak of a route, and how the way through it is told."""

from collections.abc import Iterable

from permcheck.model import Function, PathStep, Verdict
from permcheck.rule import RouteIn, View


def through(entry: RouteIn) -> str:
    """A route and its API, for a sentence."""
    return f"{entry.name} of API {entry.api.name or entry.api.id}"


def way(view: View, entry: RouteIn, *start: PathStep) -> tuple[PathStep, ...]:
    """From somebody through the route to the function and what its role reaches."""
    step = PathStep("api", through(entry), entry.arn, "invokes", entry.call.verdict)
    return (*start, step, *view.function_steps(entry.function, entry.qualifier))


def anyone(edge: str, verdict: Verdict) -> PathStep:
    """Somebody without credentials, as the start of a path."""
    return PathStep("anyone", "anyone", None, edge, verdict)


def short(arn: str) -> str:
    """An event source or destination as a person calls it: its kind and its name."""
    parts = arn.split(":", 5)
    if len(parts) < 6:
        return arn
    word = _WORDS.get(parts[2], parts[2])
    return f"{word} {parts[5].removeprefix('table/').removeprefix('rule/').partition('/stream/')[0]}"


_WORDS = {
    "s3": "bucket",
    "sns": "topic",
    "sqs": "queue",
    "events": "EventBridge rule",
    "kinesis": "stream",
    "dynamodb": "table",
    "lambda": "function",
    "kafka": "Kafka cluster",
    "mq": "broker",
    "rds": "cluster",
}


def first_and_more(functions: Iterable[Function]) -> str:
    """The first of some functions by name, and how many more there are."""
    found = list(functions)
    more = len(found) - 1
    return f"function {found[0].name}" + (f" and {more} more" if more else "")
