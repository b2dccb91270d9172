"""APIs and event sources around the function ``orders``, for examples, in the shape the AWS CLI prints."""

import json
from typing import Any

from permcheck.rules._examples import REGION, Json, document, function_arn
from permcheck.rules.invoke._grants import own, service, source

API = "a1b2c3d4e5"
LETS_API_IN = service("apigateway", source(own("execute-api", f"{API}/*/*/*")))
TOPIC, QUEUE = own("sns", "orders"), own("sqs", "orders")
LETS_TOPIC_IN = service("sns", source(TOPIC))


def rest(
    auth: str = "NONE", *, key: bool = False, verb: str = "GET", policy: Json | None = None, private: bool = False,
    function: str = "orders", credentials: str = "",
) -> Json:  # fmt: skip
    """Files of a REST API with one method at /orders, which calls a function."""
    about: Json = {"id": API, "name": "shop", "createdDate": "2026-02-11T08:15:42+00:00", "apiKeySource": "HEADER"}
    about["endpointConfiguration"] = {"types": ["PRIVATE" if private else "REGIONAL"]}
    if policy is not None:
        about["policy"] = json.dumps(policy)
    uri = f"arn:aws:apigateway:{REGION}:lambda:path/2015-03-31/functions/{function_arn(function)}/invocations"
    behind = {"type": "AWS_PROXY", "httpMethod": "POST", "uri": uri}
    if credentials:
        behind["credentials"] = credentials
    method = {"httpMethod": verb, "authorizationType": auth, "apiKeyRequired": key, "methodIntegration": behind}
    paths = [{"id": "root01", "path": "/"}, {"id": "path01", "path": "/orders", "resourceMethods": {verb: method}}]
    return {"get-rest-apis.json": {"items": [about]}, f"get-resources.{API}.json": {"items": paths}}


def socket(**routes: str) -> Json:
    """Files of a WebSocket API that calls ``orders``: route (without its $) → what it asks for."""
    about = {"ApiId": API, "Name": "chat", "ProtocolType": "WEBSOCKET", "RouteSelectionExpression": "$request.body.do"}
    about["ApiEndpoint"] = f"wss://{API}.execute-api.{REGION}.amazonaws.com"
    listed = [
        {"RouteId": name, "RouteKey": f"${name}", "AuthorizationType": auth, "Target": "integrations/i1"}
        for name, auth in routes.items()
    ]
    behind = {"IntegrationId": "i1", "IntegrationType": "AWS_PROXY", "IntegrationUri": function_arn("orders")}
    return {
        "get-apis.json": {"Items": [about]},
        f"get-routes.{API}.json": {"Items": listed},
        f"get-integrations.{API}.json": {"Items": [behind]},
    }


def api_policy(*statements: Json) -> Json:
    """A resource policy of the REST API, for everybody unless a statement says otherwise."""
    made = {"Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke"}
    return document(*(made | {"Resource": own("execute-api", f"{API}/*")} | each for each in statements))


def subscribed(principal: object = None, **more: Any) -> Json:
    """Files of a topic that calls ``orders``. principal: whom its policy lets publish, None for nobody."""
    entry = {"SubscriptionArn": f"{TOPIC}:1", "Protocol": "lambda", "Endpoint": function_arn("orders")}
    files: Json = {"list-subscriptions.json": {"Subscriptions": [entry | {"TopicArn": TOPIC}]}}
    if principal is not None:
        statement = {"Sid": "publish", "Effect": "Allow", "Principal": principal, "Action": "sns:Publish"}
        policy = json.dumps(document(statement | {"Resource": TOPIC} | more))
        files["get-topic-attributes.json"] = {"Attributes": {"TopicArn": TOPIC, "Policy": policy}}
    return files


def polled(**more: Any) -> Json:
    """Files of a queue that is polled for ``orders``. more: further members of the mapping."""
    entry = {"UUID": "0a1b2c3d", "EventSourceArn": QUEUE, "FunctionArn": function_arn("orders"), "State": "Enabled"}
    return {"list-event-source-mappings.json": {"EventSourceMappings": [entry | more]}}
