"""What stands before a function in examples, in the shape the AWS CLI prints: an API, a bucket, a queue, a URL."""

import json
from collections.abc import Iterable

from permcheck.rules._examples import ACCOUNT, REGION, Json, document, function_arn

API = "a1b2c3d4e5"
BUCKET = "arn:aws:s3:::uploads"
QUEUE = f"arn:aws:sqs:{REGION}:{ACCOUNT}:jobs"


def policy(name: str, *statements: Json) -> Json:
    """The policy of a function, as get-policy prints it."""
    return {f"get-policy.{name}.json": {"Policy": json.dumps(document(*statements))}}


def grant(name: str, principal: object, *, action: str = "lambda:InvokeFunction", **condition: Json) -> Json:
    """An Allow in the policy of a function. condition: operator → key → values."""
    made: Json = {
        "Sid": "grant",
        "Effect": "Allow",
        "Principal": principal,
        "Action": action,
        "Resource": function_arn(name),
    }
    return made | ({"Condition": condition} if condition else {})


def from_service(name: str, service: str, source: str) -> Json:
    """An Allow for a service on behalf of one resource of the account."""
    return grant(
        name,
        {"Service": f"{service}.amazonaws.com"},
        StringEquals={"AWS:SourceAccount": ACCOUNT},
        ArnLike={"AWS:SourceArn": source},
    )


def api(name: str, auth: str = "NONE") -> Json:
    """An API whose POST /order calls a function, which lets it. auth: the authorization type of the method."""
    uri = f"arn:aws:apigateway:{REGION}:lambda:path/2015-03-31/functions/{function_arn(name)}/invocations"
    method = {
        "httpMethod": "POST",
        "authorizationType": auth,
        "apiKeyRequired": False,
        "methodIntegration": {"type": "AWS_PROXY", "httpMethod": "POST", "uri": uri},
    }
    source = f"arn:aws:execute-api:{REGION}:{ACCOUNT}:{API}/*/POST/order"
    return {
        "get-rest-apis.json": {
            "items": [{"id": API, "name": "shop", "createdDate": "2026-01-20T08:00:00Z", "apiKeySource": "HEADER"}]
        },
        f"get-resources.{API}.json": {
            "items": [{"id": "r0", "path": "/"}, {"id": "r1", "path": "/order", "resourceMethods": {"POST": method}}]
        },
        **policy(name, grant(name, {"Service": "apigateway.amazonaws.com"}, ArnLike={"AWS:SourceArn": source})),
    }


def bucket(name: str, statements: Iterable[Json] = ()) -> Json:
    """A bucket that calls a function for every new object. statements: its own policy."""
    trigger = {"Id": "new", "LambdaFunctionArn": function_arn(name), "Events": ["s3:ObjectCreated:*"]}
    found: Json = {
        "get-bucket-notification-configuration.uploads.json": {"LambdaFunctionConfigurations": [trigger]},
        **policy(name, from_service(name, "s3", BUCKET)),
    }
    own = list(statements)
    return found | ({"get-bucket-policy.uploads.json": {"Policy": json.dumps(document(*own))}} if own else {})


def open_url(name: str) -> Json:
    """A URL of type NONE, with both grants that open it to everybody."""
    return {
        f"get-function-url-config.{name}.json": {
            "FunctionUrl": "https://abc.lambda-url.eu-west-1.on.aws/",
            "FunctionArn": function_arn(name),
            "AuthType": "NONE",
            "CreationTime": "2026-02-11T08:15:42.120384Z",
        },
        **policy(
            name,
            grant(
                name,
                "*",
                action="lambda:InvokeFunctionUrl",
                StringEquals={"lambda:FunctionUrlAuthType": "NONE"},
            ),
            grant(name, "*", Bool={"lambda:InvokedViaFunctionUrl": "true"}) | {"Sid": "through-url"},
        ),
    }
