"""Outputs about REST, HTTP and WebSocket APIs."""

import json

from tests.sources.captures import ACCOUNT, FUNCTION
from tests.sources.samples.names import API, CALLER, HTTP_API, REGION, Sample, granted, integration, method

REST = [
    Sample(
        "apigateway",
        "GetRestApis",
        "get-rest-apis",
        "get-rest-apis.json",
        {
            "items": [
                {
                    "id": API,
                    "name": "shop",
                    "createdDate": "2024-01-01T00:00:00+00:00",
                    "apiKeySource": "HEADER",
                    "endpointConfiguration": {"types": ["REGIONAL"]},
                    "policy": json.dumps(
                        granted(f"arn:aws:execute-api:{REGION}:{ACCOUNT}:{API}/*", "execute-api:Invoke")
                    ).replace('"', '\\"'),
                }
            ]
        },
    ),
    Sample(
        "apigateway",
        "GetResources",
        "get-resources",
        f"get-resources.{API}.json",
        {
            "items": [
                {"id": "root123", "path": "/"},
                {
                    "id": "res4567",
                    "parentId": "root123",
                    "pathPart": "items",
                    "path": "/items",
                    "resourceMethods": {
                        "GET": method(),
                        "POST": method(httpMethod="POST", authorizationType="CUSTOM", authorizerId="auth12"),
                        "OPTIONS": method(httpMethod="OPTIONS", methodIntegration={"type": "MOCK"}),
                    },
                },
            ]
        },
    ),
    Sample("apigateway", "GetMethod", "get-method", f"get-method.{API}.res4567.GET.json", method()),
    Sample(
        "apigateway",
        "GetStages",
        "get-stages",
        f"get-stages.{API}.json",
        {
            "item": [
                {
                    "deploymentId": "dep123",
                    "stageName": "prod",
                    "methodSettings": {"*/*": {"throttlingRateLimit": 50.0, "throttlingBurstLimit": 10}},
                    "variables": {"fn": "resize"},
                }
            ]
        },
    ),
    Sample(
        "apigateway",
        "GetAuthorizers",
        "get-authorizers",
        f"get-authorizers.{API}.json",
        {
            "items": [
                {
                    "id": "auth12",
                    "name": "tokens",
                    "type": "TOKEN",
                    "authType": "custom",
                    "authorizerUri": integration(f"{FUNCTION}-auth"),
                    "authorizerCredentials": CALLER,
                }
            ]
        },
    ),
]

HTTP = [
    Sample(
        "apigatewayv2",
        "GetApis",
        "get-apis",
        "get-apis.json",
        {
            "Items": [
                {
                    "ApiId": HTTP_API,
                    "Name": "notes",
                    "ProtocolType": "HTTP",
                    "RouteSelectionExpression": "$request.method $request.path",
                    "ApiEndpoint": f"https://{HTTP_API}.execute-api.eu-west-1.amazonaws.com",
                }
            ]
        },
    ),
    Sample(
        "apigatewayv2",
        "GetRoutes",
        "get-routes",
        f"get-routes.{HTTP_API}.json",
        {
            "Items": [
                {
                    "RouteId": "r1",
                    "RouteKey": "GET /notes",
                    "AuthorizationType": "JWT",
                    "AuthorizerId": "jwt1",
                    "ApiKeyRequired": False,
                    "Target": "integrations/i1",
                },
                {"RouteId": "r2", "RouteKey": "$default", "AuthorizationType": "NONE", "Target": "integrations/i1"},
            ]
        },
    ),
    Sample(
        "apigatewayv2",
        "GetIntegrations",
        "get-integrations",
        f"get-integrations.{HTTP_API}.json",
        {
            "Items": [
                {
                    "IntegrationId": "i1",
                    "IntegrationType": "AWS_PROXY",
                    "IntegrationUri": f"{FUNCTION}:prod",
                    "CredentialsArn": CALLER,
                }
            ]
        },
    ),
    Sample(
        "apigatewayv2",
        "GetStages",
        "get-stages",
        f"get-stages.{HTTP_API}.json",
        {
            "Items": [
                {
                    "StageName": "$default",
                    "CreatedDate": "2024-01-01T00:00:00+00:00",
                    "DefaultRouteSettings": {"ThrottlingRateLimit": 20.0},
                    "RouteSettings": {"$default": {"ThrottlingRateLimit": 10000.0}},
                    "StageVariables": {"fn": "resize"},
                }
            ]
        },
    ),
    Sample(
        "apigatewayv2",
        "GetAuthorizers",
        "get-authorizers",
        f"get-authorizers.{HTTP_API}.json",
        {
            "Items": [
                {
                    "AuthorizerId": "jwt1",
                    "Name": "members",
                    "AuthorizerType": "JWT",
                    "JwtConfiguration": {"Issuer": "https://id.example.com", "Audience": ["web"]},
                }
            ]
        },
    ),
]


def alone(operation: str, kind: str, sample: Sample, key: str) -> Sample:
    """The output about one entry of a listing."""
    file = sample.file.replace(sample.kind, kind)
    return Sample(sample.service, operation, kind, file, sample.value[key][0])


SINGLES = [
    alone("GetRestApi", "get-rest-api", REST[0], "items"),
    alone("GetApi", "get-api", HTTP[0], "Items"),
    alone("GetRoute", "get-route", HTTP[1], "Items"),
    alone("GetIntegration", "get-integration", HTTP[2], "Items"),
    alone("GetStage", "get-stage", HTTP[3], "Items"),
    alone("GetAuthorizer", "get-authorizer", HTTP[4], "Items"),
]
