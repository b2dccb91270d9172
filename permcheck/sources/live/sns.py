"""Topics: their policies, and the functions and queues that are subscribed.

Rates: Amazon Simple Notification Service endpoints and quotas: ListTopics and ListSubscriptions 30 a second; none is
published for GetTopicAttributes.
"""

from permcheck.sources.live.call import Call, Paging, Rate, Service
from permcheck.sources.live.keep import NAME, POLICY, WORD, Only
from permcheck.sources.live.scope import Scope

RATE = Rate("sns", 30)
_TOKEN = Paging("NextToken", "NextToken")
# The endpoints of other protocols are mail addresses, telephone numbers and URLs that may hold a password.
_CALLS = Only(
    lambda entry: entry.get("Protocol") in ("lambda", "sqs", "firehose"),
    {"SubscriptionArn": NAME, "Protocol": WORD, "Endpoint": NAME, "TopicArn": NAME},
)

LIST_TOPICS = Call("sns", "ListTopics", {"Topics": {"TopicArn": NAME}}, RATE, "which topics there are", _TOKEN)
LIST_SUBSCRIPTIONS = Call(
    "sns",
    "ListSubscriptions",
    {"Subscriptions": _CALLS},
    RATE,
    "which functions topics call",
    _TOKEN,
)
GET_TOPIC = Call(
    "sns",
    "GetTopicAttributes",
    {"Attributes": {"TopicArn": NAME, "Policy": POLICY}},
    RATE,
    "who may publish to it",
    none=("NotFound", "NotFoundException"),
    things="topics",
)


def walk(scope: Scope) -> None:
    """Read topics and subscriptions."""
    topics = scope.entries(scope.pages(LIST_TOPICS), "Topics")
    scope.pages(LIST_SUBSCRIPTIONS)
    for entry in topics:
        arn = entry.get("TopicArn")
        if isinstance(arn, str):
            scope.later(scope.once, GET_TOPIC, TopicArn=arn)


SERVICE = Service("sns", "around", (LIST_TOPICS, LIST_SUBSCRIPTIONS, GET_TOPIC), walk)
