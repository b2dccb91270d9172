"""Keys and their policies.

Rates: AWS KMS Developer Guide, "Request quotas": hundreds a second and more, of which a scan takes a small part.
"""

from permcheck.sources.live.call import Call, Paging, Rate, Service
from permcheck.sources.live.keep import NAME, POLICY, WORD
from permcheck.sources.live.scope import Scope

LIST_KEYS = Call(
    "kms",
    "ListKeys",
    {"Keys": {"KeyId": NAME, "KeyArn": NAME}},
    Rate("kms:ListKeys", 50),
    "which keys there are",
    Paging("Marker", "NextMarker", ("Limit", 1000), flag="Truncated"),
)
GET_POLICY = Call(
    "kms",
    "GetKeyPolicy",
    {"Policy": POLICY, "PolicyName": WORD},
    Rate("kms:GetKeyPolicy", 50),
    "who may use it",
    none=("NotFoundException",),
    things="key policies",
)


def walk(scope: Scope) -> None:
    """Read every key's policy."""
    for entry in scope.entries(scope.pages(LIST_KEYS), "Keys"):
        own = entry.get("KeyId")
        if isinstance(own, str):
            scope.later(scope.once, GET_POLICY, KeyId=own, PolicyName="default")


SERVICE = Service("kms", "around", (LIST_KEYS, GET_POLICY), walk)
