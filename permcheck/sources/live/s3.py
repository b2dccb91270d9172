"""Buckets of a Region with functions: whom they notify, and their policies."""

from permcheck.sources.live.call import Call, Paging, Rate, Service
from permcheck.sources.live.keep import NAME, POLICY, WORD
from permcheck.sources.live.scope import Scope

# No limit is published for these; S3 answers thousands of requests a second.
RATE = Rate("s3", 50)
_FILTER = {"Key": {"FilterRules": {"Name": WORD, "Value": NAME}}}

# A bucket notifies functions of its own Region alone (S3 User Guide, "Enabling event notifications").
LIST_BUCKETS = Call(
    "s3",
    "ListBuckets",
    {"Buckets": {"Name": NAME, "BucketRegion": WORD}},
    RATE,
    "which buckets there are",
    Paging("ContinuationToken", "ContinuationToken", ("MaxBuckets", 1000)),
    action="s3:ListAllMyBuckets",
)
GET_POLICY = Call(
    "s3",
    "GetBucketPolicy",
    {"Policy": POLICY},
    RATE,
    "who may use it",
    none=("NoSuchBucketPolicy", "NoSuchBucket"),
    things="bucket policies",
)
GET_NOTIFICATIONS = Call(
    "s3",
    "GetBucketNotificationConfiguration",
    {
        "LambdaFunctionConfigurations": {"LambdaFunctionArn": NAME, "Filter": _FILTER},
        "QueueConfigurations": {"QueueArn": NAME, "Filter": _FILTER},
        "TopicConfigurations": {"TopicArn": NAME, "Filter": _FILTER},
        "EventBridgeConfiguration": {},
    },
    RATE,
    "whom it notifies",
    action="s3:GetBucketNotification",
    none=("NoSuchBucket",),
    things="bucket notifications",
)


def walk(scope: Scope) -> None:
    """Read the buckets of the Region."""
    answer = scope.pages(LIST_BUCKETS, BucketRegion=scope.region)
    for entry in scope.entries(answer, "Buckets"):
        name, region = entry.get("Name"), entry.get("BucketRegion")
        # An endpoint that does not know the parameter lists the buckets of all Regions.
        if isinstance(name, str) and region in (None, scope.region):
            scope.later(_bucket, scope, name)


def _bucket(scope: Scope, name: str) -> None:
    scope.once(GET_POLICY, Bucket=name)
    scope.once(GET_NOTIFICATIONS, Bucket=name)


SERVICE = Service("s3", "around", (LIST_BUCKETS, GET_POLICY, GET_NOTIFICATIONS), walk)
