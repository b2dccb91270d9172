"""Outputs of ``aws events``: rules with their targets, and event buses with their policies.

Shapes: Amazon EventBridge API Reference, "ListRules", "DescribeRule", "ListTargetsByRule", "DescribeEventBus".
"""

from collections.abc import Callable

from permcheck.sources.files.kind import Kind, listing
from permcheck.sources.files.reading import Reading
from permcheck.sources.files.resource_drafts import Part
from permcheck.sources.files.resource_policies import resource_policy
from permcheck.sources.files.sending import Sent, sends
from permcheck.sources.files.shapes import JsonObject, arn, text_or_none


def rules(reading: Reading, value: JsonObject, at: str) -> None:
    """list-rules."""
    reading.page(value, at, listing("list-rules", value, "Rules"), "rules of later pages are missing")
    reading.each(value, "Rules", at, rule, "rule")


def rule(reading: Reading, entry: JsonObject, at: str) -> None:
    """describe-rule. A rule without a pattern is set off by its schedule alone, never by an event."""
    draft = reading.gathered.resource(arn(entry, "Arn", at), reading.source, at, told=True)
    draft.pattern = text_or_none(entry, "EventPattern", at) or draft.pattern
    draft.role = text_or_none(entry, "RoleArn", at) or draft.role
    draft.enabled = entry.get("State") != "DISABLED"


def targets(reading: Reading, value: JsonObject, at: str) -> None:
    """list-targets-by-rule: what a rule calls, without the rule."""
    sent: list[Sent] = []

    def one(reading: Reading, entry: JsonObject, here: str) -> None:
        role = text_or_none(entry, "RoleArn", here)
        sent.append(Sent(arn(entry, "Arn", here), f"{here}/Arn", credentials=role))

    reading.each(value, "Targets", at, one, "target")

    def give(arn: str) -> None:
        name = arn.split(":rule/", 1)[-1]
        listed = ("list-targets-by-rule", arn)
        reading.page(value, at, listed, f"targets of the rule {name} on later pages are missing")
        sends(reading, reading.gathered.resource(arn, reading.source, at), sent, f"the rule {name}")

    reading.gathered.parts.append(Part("rule", "targets", "list-targets-by-rule", reading.source, at, give))


def buses(reading: Reading, value: JsonObject, at: str) -> None:
    """list-event-buses."""
    reading.page(value, at, listing("list-event-buses", value, "EventBuses"), "event buses of later pages are missing")
    reading.each(value, "EventBuses", at, bus, "event bus")


def bus(reading: Reading, entry: JsonObject, at: str) -> None:
    """describe-event-bus; one without a policy prints none."""
    draft = reading.gathered.resource(arn(entry, "Arn", at), reading.source, at, told=True)
    draft.policy_read = True
    if entry.get("Policy") is not None:
        resource_policy(reading, entry["Policy"], f"{at}/Policy", draft.arn)


def _about(part: str) -> Callable[[JsonObject], bool]:
    """Whether a value's own ARN is of EventBridge and about a rule or a bus."""
    return lambda value: ":events:" in str(value["Arn"]) and part in str(value["Arn"])


def _first(key: str, part: str) -> Callable[[JsonObject], bool]:
    """Whether a member lists such things, or nothing."""

    def fits(value: JsonObject) -> bool:
        listed = value[key]
        if not isinstance(listed, list):
            return False
        return not listed or (isinstance(listed[0], dict) and part in str(listed[0].get("Arn")))

    return fits


def _targets(value: JsonObject) -> bool:
    listed = value["Targets"]
    if not isinstance(listed, list):
        return False
    return not listed or (isinstance(listed[0], dict) and "Id" in listed[0] and "Arn" in listed[0])


KINDS = (
    Kind("list-rules", "Rules", _first("Rules", ":rule/"), rules),
    Kind("describe-rule", "Arn", _about(":rule/"), rule),
    Kind("list-targets-by-rule", "Targets", _targets, targets),
    Kind("list-event-buses", "EventBuses", _first("EventBuses", ":event-bus/"), buses),
    Kind("describe-event-bus", "Arn", _about(":event-bus/"), bus),
)
