"""IoT rules and the functions they call. Rates: AWS IoT Core quotas: GetTopicRule 200 a second, ListTopicRules 1."""

from permcheck.sources.live.call import Call, Paging, Rate, Service
from permcheck.sources.live.keep import NAME, TEXT, WORD, Spec
from permcheck.sources.live.scope import Scope

# Of the actions only those that call a function are of use; others hold addresses and keys.
_ACTION: Spec = {"lambda": {"functionArn": NAME}}

LIST_RULES = Call(
    "iot",
    "ListTopicRules",
    {"rules": {"ruleArn": NAME, "ruleName": NAME, "ruleDisabled": WORD}},
    Rate("iot:ListTopicRules", 1),
    "which IoT rules there are",
    Paging("nextToken", "nextToken", ("maxResults", 250)),
)
GET_RULE = Call(
    "iot",
    "GetTopicRule",
    {
        "ruleArn": NAME,
        "rule": {
            "ruleName": NAME,
            "sql": TEXT,
            "ruleDisabled": WORD,
            "actions": _ACTION,
            "errorAction": _ACTION,
        },
    },
    Rate("iot:GetTopicRule", 50),
    "which functions it calls",
    things="IoT rules",
)


def walk(scope: Scope) -> None:
    """Read every rule."""
    for entry in scope.entries(scope.pages(LIST_RULES), "rules"):
        name = entry.get("ruleName")
        if isinstance(name, str):
            scope.later(scope.once, GET_RULE, ruleName=name)


SERVICE = Service("iot", "around", (LIST_RULES, GET_RULE), walk)
