"""User pools: who may sign up, what a user may write about itself, groups that carry a role, functions that are called.

Rates: Cognito Developer Guide, "Quotas in Amazon Cognito": UserPoolRead and UserPoolClientRead 15 a second,
UserPoolResourceRead 20, and no single operation of it more than 5 a second on one pool.
"""

from permcheck.sources.live.call import Call, Paging, Rate, Service
from permcheck.sources.live.keep import NAME, WORD, Spec
from permcheck.sources.live.scope import Scope

POOLS = Rate("cognito-idp:UserPoolRead", 15)
RESOURCES = Rate("cognito-idp:UserPoolResourceRead", 5)
CLIENTS = Rate("cognito-idp:UserPoolClientRead", 15)
_SENDER: Spec = {"LambdaVersion": WORD, "LambdaArn": NAME}
_TRIGGERS: Spec = {
    "*": NAME,
    "PreTokenGenerationConfig": _SENDER,
    "CustomSMSSender": _SENDER,
    "CustomEmailSender": _SENDER,
    "InboundFederation": _SENDER,
}

LIST_POOLS = Call(
    "cognito-idp",
    "ListUserPools",
    {"UserPools": {"Id": NAME, "Name": NAME}},
    POOLS,
    "which user pools there are",
    Paging("NextToken", "NextToken", ("MaxResults", 60)),
)
DESCRIBE_POOL = Call(
    "cognito-idp",
    "DescribeUserPool",
    {
        "UserPool": {
            "Id": NAME,
            "Name": NAME,
            "Arn": NAME,
            "LambdaConfig": _TRIGGERS,
            "AdminCreateUserConfig": {"AllowAdminCreateUserOnly": WORD},
            "SchemaAttributes": {"Name": WORD, "Mutable": WORD},
        }
    },
    POOLS,
    "who may sign up and which functions it calls",
    none=("ResourceNotFoundException",),
    things="user pools",
)
LIST_GROUPS = Call(
    "cognito-idp",
    "ListGroups",
    {"Groups": {"GroupName": NAME, "UserPoolId": NAME, "RoleArn": NAME, "Precedence": WORD}},
    RESOURCES,
    "which groups carry a role",
    Paging("NextToken", "NextToken", ("Limit", 60)),
    none=("ResourceNotFoundException",),
    things="lists of groups",
)
LIST_CLIENTS = Call(
    "cognito-idp",
    "ListUserPoolClients",
    {"UserPoolClients": {"ClientId": NAME, "UserPoolId": NAME, "ClientName": NAME}},
    CLIENTS,
    "which app clients it has",
    Paging("NextToken", "NextToken", ("MaxResults", 60)),
    none=("ResourceNotFoundException",),
)
# The answer holds the client's secret, which is not kept.
DESCRIBE_CLIENT = Call(
    "cognito-idp",
    "DescribeUserPoolClient",
    {"UserPoolClient": {"UserPoolId": NAME, "ClientName": NAME, "ClientId": NAME, "WriteAttributes": WORD}},
    CLIENTS,
    "which attributes users may write",
    none=("ResourceNotFoundException",),
)


def walk(scope: Scope) -> None:
    """Read every user pool."""
    for entry in scope.entries(scope.pages(LIST_POOLS), "UserPools"):
        own = entry.get("Id")
        if isinstance(own, str):
            scope.later(_pool, scope, own)


def _pool(scope: Scope, own: str) -> None:
    scope.once(DESCRIBE_POOL, UserPoolId=own)
    scope.pages(LIST_GROUPS, UserPoolId=own)
    for client in scope.entries(scope.pages(LIST_CLIENTS, UserPoolId=own), "UserPoolClients"):
        if isinstance(client.get("ClientId"), str):
            scope.once(DESCRIBE_CLIENT, UserPoolId=own, ClientId=client["ClientId"])


SERVICE = Service(
    "cognito-idp", "regional", (LIST_POOLS, DESCRIBE_POOL, LIST_GROUPS, LIST_CLIENTS, DESCRIBE_CLIENT), walk
)
