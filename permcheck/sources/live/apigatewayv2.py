"""HTTP and WebSocket APIs: routes, what stands behind them, stages and authorizers.

Rates: as for REST APIs, with which they share the quota.
"""

from permcheck.sources.live.apigateway import RATE, variables_in
from permcheck.sources.live.call import Call, Paging, Service
from permcheck.sources.live.keep import NAME, WORD, Spec
from permcheck.sources.live.scope import Scope

_TOKEN = Paging("NextToken", "NextToken", ("MaxResults", "500"))
_APIS = ("arn:{partition}:apigateway:*::/apis", "arn:{partition}:apigateway:*::/apis/*")
_GONE = ("NotFoundException",)


def _listing(operation: str, keep: Spec, unknown: str) -> Call:
    return Call(
        "apigatewayv2",
        operation,
        {"Items": keep},
        RATE,
        unknown,
        _TOKEN,
        action="apigateway:GET",
        resources=_APIS,
        none=_GONE if operation != "GetApis" else (),
    )


_LIMIT = {"ThrottlingRateLimit": WORD}
_STAGE: dict[str, Spec] = {"StageName": NAME, "DefaultRouteSettings": _LIMIT, "RouteSettings": {"*": _LIMIT}}

GET_APIS = _listing(
    "GetApis",
    {"ApiId": NAME, "Name": NAME, "ProtocolType": WORD, "ApiEndpoint": NAME},
    "which HTTP and WebSocket APIs there are",
)
GET_ROUTES = _listing(
    "GetRoutes",
    {
        "RouteId": NAME,
        "RouteKey": NAME,
        "AuthorizationType": WORD,
        "AuthorizerId": NAME,
        "ApiKeyRequired": WORD,
        "Target": NAME,
    },
    "which functions it calls, and for whom,",
)
GET_INTEGRATIONS = _listing(
    "GetIntegrations",
    {"IntegrationId": NAME, "IntegrationType": WORD, "IntegrationUri": NAME, "CredentialsArn": NAME},
    "which functions it calls",
)
GET_STAGES = _listing("GetStages", _STAGE, "how far its requests are limited")
GET_AUTHORIZERS = _listing(
    "GetAuthorizers",
    {
        "AuthorizerId": NAME,
        "Name": NAME,
        "AuthorizerType": WORD,
        "AuthorizerUri": NAME,
        "AuthorizerCredentialsArn": NAME,
        "JwtConfiguration": {"Issuer": NAME},
    },
    "how it asks who calls",
)


def walk(scope: Scope) -> None:
    """Read every HTTP and WebSocket API."""
    for entry in scope.entries(scope.pages(GET_APIS), "Items"):
        own = entry.get("ApiId")
        if isinstance(own, str):
            scope.later(_api, scope, own)


def _api(scope: Scope, own: str) -> None:
    scope.pages(GET_ROUTES, ApiId=own)
    behind = scope.entries(scope.pages(GET_INTEGRATIONS, ApiId=own), "Items")
    named = sorted({name for each in behind for name in variables_in(each.get("IntegrationUri"))})
    variables: Spec = dict.fromkeys(named, NAME)
    scope.pages(GET_STAGES, keep={"Items": {**_STAGE, "StageVariables": variables}}, ApiId=own)
    scope.pages(GET_AUTHORIZERS, ApiId=own)


SERVICE = Service(
    "apigatewayv2", "regional", (GET_APIS, GET_ROUTES, GET_INTEGRATIONS, GET_STAGES, GET_AUTHORIZERS), walk
)
