"""Identity pools: whom they let in, which roles they hand out, and which claims become tags.

No rate is published for the control plane of identity pools (Cognito Developer Guide, "Quotas").
"""

from collections.abc import Iterator, Mapping
from typing import Any

from permcheck.sources.live.call import Call, Paging, Rate, Service
from permcheck.sources.live.keep import NAME, WORD
from permcheck.sources.live.scope import Scope

RATE = Rate("cognito-identity", 10)

LIST_POOLS = Call(
    "cognito-identity",
    "ListIdentityPools",
    {"IdentityPools": {"IdentityPoolId": NAME, "IdentityPoolName": NAME}},
    RATE,
    "which identity pools there are, and what guests may do,",
    Paging("NextToken", "NextToken", ("MaxResults", 60)),
)
DESCRIBE_POOL = Call(
    "cognito-identity",
    "DescribeIdentityPool",
    {
        "IdentityPoolId": NAME,
        "IdentityPoolName": NAME,
        "AllowUnauthenticatedIdentities": WORD,
        "AllowClassicFlow": WORD,
        "CognitoIdentityProviders": {"ProviderName": NAME, "ClientId": NAME, "ServerSideTokenCheck": WORD},
        "SupportedLoginProviders": {"*": NAME},
        "OpenIdConnectProviderARNs": NAME,
        "SamlProviderARNs": NAME,
        "DeveloperProviderName": NAME,
    },
    RATE,
    "whether it lets guests in",
    none=("ResourceNotFoundException",),
    things="identity pools",
)
_RULES = {"Claim": WORD, "MatchType": WORD, "Value": NAME, "RoleARN": NAME}
GET_ROLES = Call(
    "cognito-identity",
    "GetIdentityPoolRoles",
    {
        "IdentityPoolId": NAME,
        "Roles": {"*": NAME},
        "RoleMappings": {"*": {"Type": WORD, "AmbiguousRoleResolution": WORD, "RulesConfiguration": {"Rules": _RULES}}},
    },
    RATE,
    "which roles it hands out",
    none=("ResourceNotFoundException",),
    things="identity pools' roles",
)
GET_TAG_MAP = Call(
    "cognito-identity",
    "GetPrincipalTagAttributeMap",
    {"IdentityPoolId": NAME, "IdentityProviderName": NAME, "UseDefaults": WORD, "PrincipalTags": {"*": WORD}},
    RATE,
    "which claims become tags of its sessions",
    none=("ResourceNotFoundException",),
)


def walk(scope: Scope) -> None:
    """Read every identity pool."""
    for entry in scope.entries(scope.pages(LIST_POOLS), "IdentityPools"):
        own = entry.get("IdentityPoolId")
        if isinstance(own, str):
            scope.later(_pool, scope, own)


def _pool(scope: Scope, own: str) -> None:
    described = scope.once(DESCRIBE_POOL, IdentityPoolId=own)
    scope.once(GET_ROLES, IdentityPoolId=own)
    for provider in sorted({name for page in described.pages for name in _providers(page)}):
        scope.once(GET_TAG_MAP, IdentityPoolId=own, IdentityProviderName=provider)


def _providers(pool: Mapping[str, Any]) -> Iterator[str]:
    """The names under which a pool knows its providers (API Reference, "GetPrincipalTagAttributeMap")."""
    for each in pool.get("CognitoIdentityProviders") or ():
        if isinstance(each, dict) and isinstance(each.get("ProviderName"), str):
            client = each.get("ClientId")
            yield f"{each['ProviderName']}:{client}" if client else each["ProviderName"]
    logins = pool.get("SupportedLoginProviders")
    yield from (name for name in (logins if isinstance(logins, dict) else ()) if isinstance(name, str))
    for key in ("OpenIdConnectProviderARNs", "SamlProviderARNs"):
        yield from (each for each in pool.get(key) or () if isinstance(each, str))
    developer = pool.get("DeveloperProviderName")
    if isinstance(developer, str) and developer:
        yield developer


SERVICE = Service("cognito-identity", "regional", (LIST_POOLS, DESCRIBE_POOL, GET_ROLES, GET_TAG_MAP), walk)
