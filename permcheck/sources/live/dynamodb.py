"""Tables and their policies; no item is ever read. No rate is published for these two calls."""

from permcheck.sources.live.call import Call, Paging, Rate, Service
from permcheck.sources.live.keep import NAME, POLICY
from permcheck.sources.live.scope import Scope

RATE = Rate("dynamodb", 10)

LIST_TABLES = Call(
    "dynamodb",
    "ListTables",
    {"TableNames": NAME},
    RATE,
    "which tables there are",
    Paging("ExclusiveStartTableName", "LastEvaluatedTableName", ("Limit", 100)),
)
GET_POLICY = Call(
    "dynamodb",
    "GetResourcePolicy",
    {"Policy": POLICY},
    RATE,
    "who may use it",
    none=("PolicyNotFoundException", "ResourceNotFoundException"),
    things="table policies",
)


def walk(scope: Scope) -> None:
    """Read every table's policy."""
    for page in scope.pages(LIST_TABLES).pages:
        for name in page.get("TableNames") or ():
            if isinstance(name, str):
                arn = f"arn:{scope.partition}:dynamodb:{scope.region}:{scope.account}:table/{name}"
                scope.later(scope.once, GET_POLICY, ResourceArn=arn)


SERVICE = Service("dynamodb", "around", (LIST_TABLES, GET_POLICY), walk)
