"""What identity pools are called in policies, what their tokens say, and what Cognito puts over their sessions."""

from collections.abc import Mapping
from functools import lru_cache

from permcheck.data import cognito_guest
from permcheck.model.policy import Policy, PolicyKind
from permcheck.model.pool import IdentityPool
from permcheck.policy.parse import parse_document

COGNITO = "cognito-identity.amazonaws.com"
ENHANCED_SESSION = "CognitoIdentityCredentials"
# Cognito Developer Guide, "IAM roles": whoever holds credentials of a pool may not call the pools' own API, nor Cognito
# Sync, whatever the session policy says.
_KEPT_BACK = {"Effect": "Deny", "Action": ["cognito-identity:*", "cognito-sync:*"], "Resource": "*"}
# GovCloud (US) User Guide, "Amazon Cognito"; Cognito Developer Guide of the China Regions, "IAM roles".
_ELSEWHERE = {
    "us-gov-west-1": ("cognito-identity-us-gov.amazonaws.com", "cognito-identity-us-gov.amazonaws.com"),
    "us-gov-east-1": ("cognito-identity.us-gov-east-1.amazonaws.com", "cognito-identity.us-gov-east-1.amazonaws.com"),
}


def region_of(pool_id: str) -> str:
    """The Region in a pool's id."""
    return pool_id.partition(":")[0]


def names_in(region: str) -> tuple[tuple[str, str], ...]:
    """The federated principal that stands for identity pools of a Region, and the prefix of its condition keys.

    Outside the aws partition the plain name is tried behind the partition's own.
    """
    plain = (COGNITO, COGNITO)
    if region.startswith("cn-"):
        return (f"cognito-identity.{region}.amazonaws.com.cn", "cognito-identity.amazonaws.com.cn"), plain
    return (_ELSEWHERE[region], plain) if region in _ELSEWHERE else (plain,)


def is_cognito(principal: str) -> bool:
    """Whether a federated principal means identity pools, in any partition."""
    return principal.startswith("cognito-identity") and principal.endswith((".amazonaws.com", ".amazonaws.com.cn"))


def is_audience(key: str) -> bool:
    """Whether a condition key (lower case) holds the id of the identity pool."""
    return key.endswith(":aud") and is_cognito(key[: -len(":aud")])


def is_methods(key: str) -> bool:
    """Whether a condition key (lower case) tells how an identity signed in."""
    return key.endswith(":amr") and is_cognito(key[: -len(":amr")])


def is_identity(key: str) -> bool:
    """Whether a condition key (lower case) holds the id of one identity, so that each has what is its own."""
    return key.endswith(":sub") and is_cognito(key[: -len(":sub")])


def token_keys(prefix: str, provider: str, pool_id: str, methods: tuple[str, ...]) -> Mapping[str, tuple[str, ...]]:
    """What a pool's token says; ``sub`` differs for each identity and stays open. An empty id: without ``aud``."""
    audience = (pool_id,) if pool_id else ()
    return {f"{prefix}:aud": audience, f"{prefix}:amr": methods, "aws:federatedprovider": (provider,)}


def described(pool: IdentityPool) -> bool:
    """Whether the pool itself is in view, and not only the roles it hands out."""
    told = pool.guests is not None or pool.classic_flow is not None
    return told or bool(pool.providers or pool.other_logins)


def classic_flow(pool: IdentityPool) -> bool | None:
    """Whether the classic flow is on. AWS leaves it out of a description where it was never switched on."""
    return False if pool.classic_flow is None and described(pool) else pool.classic_flow


@lru_cache(maxsize=64)
def ceiling(region: str, guest: bool) -> tuple[Policy, ...]:
    """What is put over a session of the enhanced flow: for guests Cognito's two session policies; for all, one Deny.

    A session policy must allow, so users, whom Cognito limits no further, get one that allows the rest.
    """
    documents = [dict(document) for document in cognito_guest.session_policies(region)] if guest else []
    rest = [] if guest else [{"Effect": "Allow", "Action": "*", "Resource": "*"}]
    documents.append({"Version": "2012-10-17", "Statement": [*rest, _KEPT_BACK]})
    who = "guest" if guest else "user"
    return tuple(
        Policy(PolicyKind.SESSION, f"{who} session policy {i}", "", "", parse_document(document))
        for i, document in enumerate(documents)
    )
