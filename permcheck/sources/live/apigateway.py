"""REST APIs: what each method calls, who may call it, and under which limits.

Rates: API Gateway Developer Guide, "Quotas for creating, deploying and managing an API": 10 requests a second for all
operations together, GetResources 5 in two seconds.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from permcheck.sources.live.call import Call, Paging, Rate, Service
from permcheck.sources.live.keep import NAME, POLICY, WORD, Spec
from permcheck.sources.live.scope import Scope

RATE = Rate("apigateway", 10)
_POSITION = Paging("position", "position", ("limit", 500))
# apigateway:GET on everything would show API keys as well.
_APIS = ("arn:{partition}:apigateway:*::/restapis", "arn:{partition}:apigateway:*::/restapis/*")
_VARIABLE = re.compile(r"\$\{stageVariables\.(\w+)\}")
_GONE = ("NotFoundException",)

GET_APIS = Call(
    "apigateway",
    "GetRestApis",
    {
        "items": {
            "id": NAME,
            "name": NAME,
            "createdDate": WORD,
            "apiKeySource": WORD,
            "endpointConfiguration": {"types": WORD},
            "policy": POLICY,
        }
    },
    RATE,
    "which REST APIs there are",
    _POSITION,
    action="apigateway:GET",
    resources=_APIS,
)
GET_RESOURCES = Call(
    "apigateway",
    "GetResources",
    {
        "items": {
            "id": NAME,
            "path": NAME,
            "resourceMethods": {
                "*": {
                    "httpMethod": WORD,
                    "authorizationType": WORD,
                    "authorizerId": NAME,
                    "apiKeyRequired": WORD,
                    "methodIntegration": {"type": WORD, "uri": NAME, "credentials": NAME},
                }
            },
        }
    },
    Rate("apigateway:GetResources", 2.5),
    "which functions it calls, and for whom,",
    _POSITION,
    action="apigateway:GET",
    resources=_APIS,
    none=_GONE,
)
_LIMIT = {"throttlingRateLimit": WORD}
# Values of stage variables are kept only where the URI of an integration is made of them.
STAGE: Mapping[str, Spec] = {"stageName": NAME, "methodSettings": {"*": _LIMIT}}
GET_STAGES = Call(
    "apigateway",
    "GetStages",
    {"item": STAGE},
    RATE,
    "how far its requests are limited",
    action="apigateway:GET",
    resources=_APIS,
    none=_GONE,
)
GET_AUTHORIZERS = Call(
    "apigateway",
    "GetAuthorizers",
    {
        "items": {
            "id": NAME,
            "name": NAME,
            "type": WORD,
            "authorizerUri": NAME,
            "authorizerCredentials": NAME,
            "providerARNs": NAME,
        }
    },
    RATE,
    "how it asks who calls",
    _POSITION,
    action="apigateway:GET",
    resources=_APIS,
    none=_GONE,
)


def walk(scope: Scope) -> None:
    """Read every REST API."""
    for entry in scope.entries(scope.pages(GET_APIS), "items"):
        own = entry.get("id")
        if isinstance(own, str):
            scope.later(_api, scope, own)


def _api(scope: Scope, own: str) -> None:
    resources = scope.entries(scope.pages(GET_RESOURCES, restApiId=own, embed=["methods"]), "items")
    named = {name for resource in resources for name in _variables(resource)}
    variables: Spec = dict.fromkeys(sorted(named), NAME)
    scope.once(GET_STAGES, keep={"item": {**STAGE, "variables": variables}}, restApiId=own)
    scope.pages(GET_AUTHORIZERS, restApiId=own)


def _variables(resource: Mapping[str, Any]) -> Iterator[str]:
    methods = resource.get("resourceMethods")
    for method in methods.values() if isinstance(methods, dict) else ():
        behind = method.get("methodIntegration") if isinstance(method, dict) else None
        if isinstance(behind, dict):
            yield from variables_in(behind.get("uri"))


def variables_in(uri: object) -> list[str]:
    """The stage variables that a URI is made of."""
    return _VARIABLE.findall(uri) if isinstance(uri, str) else []


SERVICE = Service("apigateway", "regional", (GET_APIS, GET_RESOURCES, GET_STAGES, GET_AUTHORIZERS), walk)
