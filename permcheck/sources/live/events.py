"""EventBridge: buses with their policies, rules, and what the rules call.

Rates: Amazon EventBridge quotas: 50 requests a second for each operation that lists.
"""

from permcheck.sources.live.call import Call, Paging, Rate, Service
from permcheck.sources.live.keep import NAME, POLICY, TEXT, WORD
from permcheck.sources.live.scope import Scope

_TOKEN = Paging("NextToken", "NextToken", ("Limit", 100))

LIST_BUSES = Call(
    "events",
    "ListEventBuses",
    {"EventBuses": {"Name": NAME, "Arn": NAME, "Policy": POLICY}},
    Rate("events:ListEventBuses", 50),
    "which event buses there are and who may send to them",
    _TOKEN,
)
LIST_RULES = Call(
    "events",
    "ListRules",
    {"Rules": {"Name": NAME, "Arn": NAME, "EventPattern": TEXT, "State": WORD, "RoleArn": NAME, "EventBusName": NAME}},
    Rate("events:ListRules", 50),
    "which rules it has",
    _TOKEN,
    none=("ResourceNotFoundException",),
)
# The input that a target is given may hold anything, and is not kept.
LIST_TARGETS = Call(
    "events",
    "ListTargetsByRule",
    {"Targets": {"Id": NAME, "Arn": NAME, "RoleArn": NAME}},
    Rate("events:ListTargetsByRule", 50),
    "which functions it calls",
    _TOKEN,
    none=("ResourceNotFoundException",),
    things="lists of targets",
)


def walk(scope: Scope) -> None:
    """Read every bus."""
    for entry in scope.entries(scope.pages(LIST_BUSES), "EventBuses"):
        name = entry.get("Name")
        if isinstance(name, str):
            scope.later(_bus, scope, name)


def _bus(scope: Scope, bus: str) -> None:
    for entry in scope.entries(scope.pages(LIST_RULES, EventBusName=bus), "Rules"):
        name = entry.get("Name")
        if isinstance(name, str):
            scope.later(scope.pages, LIST_TARGETS, Rule=name, EventBusName=bus)


SERVICE = Service("events", "around", (LIST_BUSES, LIST_RULES, LIST_TARGETS), walk)
