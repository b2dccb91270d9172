"""Queues and their policies. No rate is published for these calls (Amazon SQS quotas)."""

from permcheck.sources.live.call import Call, Paging, Rate, Service
from permcheck.sources.live.keep import NAME, POLICY, WORD
from permcheck.sources.live.scope import Scope

RATE = Rate("sqs", 30)

LIST_QUEUES = Call(
    "sqs",
    "ListQueues",
    {"QueueUrls": NAME},
    RATE,
    "which queues there are",
    Paging("NextToken", "NextToken", ("MaxResults", 1000)),
)
GET_QUEUE = Call(
    "sqs",
    "GetQueueAttributes",
    {"Attributes": {"QueueArn": NAME, "Policy": POLICY, "CreatedTimestamp": WORD}},
    RATE,
    "who may send to it",
    none=("AWS.SimpleQueueService.NonExistentQueue", "QueueDoesNotExist"),
    things="queues",
)


def walk(scope: Scope) -> None:
    """Read every queue."""
    for page in scope.pages(LIST_QUEUES).pages:
        for url in page.get("QueueUrls") or ():
            if isinstance(url, str):
                scope.later(
                    scope.once, GET_QUEUE, QueueUrl=url, AttributeNames=["QueueArn", "Policy", "CreatedTimestamp"]
                )


SERVICE = Service("sqs", "around", (LIST_QUEUES, GET_QUEUE), walk)
