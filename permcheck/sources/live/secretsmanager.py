"""Secrets and their policies; what the secrets say is never asked for.

Rates: AWS Secrets Manager quotas: ListSecrets 100 a second, GetResourcePolicy 50 with its kin.
"""

from permcheck.sources.live.call import Call, Paging, Rate, Service
from permcheck.sources.live.keep import NAME, POLICY
from permcheck.sources.live.scope import Scope

LIST_SECRETS = Call(
    "secretsmanager",
    "ListSecrets",
    {"SecretList": {"ARN": NAME, "Name": NAME}},
    Rate("secretsmanager:ListSecrets", 50),
    "which secrets there are",
    Paging("NextToken", "NextToken", ("MaxResults", 100)),
)
GET_POLICY = Call(
    "secretsmanager",
    "GetResourcePolicy",
    {"ARN": NAME, "Name": NAME, "ResourcePolicy": POLICY},
    Rate("secretsmanager:GetResourcePolicy", 50),
    "who may read it",
    none=("ResourceNotFoundException",),
    things="secret policies",
)


def walk(scope: Scope) -> None:
    """Read every secret's policy."""
    for entry in scope.entries(scope.pages(LIST_SECRETS), "SecretList"):
        own = entry.get("ARN")
        if isinstance(own, str):
            scope.later(scope.once, GET_POLICY, SecretId=own)


SERVICE = Service("secretsmanager", "around", (LIST_SECRETS, GET_POLICY), walk)
