"""Function policies and URLs for examples, in the shape the AWS CLI prints, around one function called ``orders``."""

import json
from typing import Any

from permcheck.rules._examples import ACCOUNT, OTHER, REGION, Json, function_arn

NAME = "orders"
ARN = function_arn(NAME)
PARTNER = f"arn:aws:iam::{OTHER}:role/partner"
ORG = "o-examp1e0rg"
THROUGH_URL = {"Bool": {"lambda:InvokedViaFunctionUrl": "true"}}


def grant(principal: object, condition: Json | None = None, *, on: str = "", **more: Any) -> Json:
    """An Allow in the policy of ``orders``, as AddPermission writes one. on: version or alias. more: other elements."""
    made: Json = {
        "Sid": "grant",
        "Effect": "Allow",
        "Principal": principal,
        "Action": "lambda:InvokeFunction",
        "Resource": f"{ARN}:{on}" if on else ARN,
        **more,
    }
    return made | ({"Condition": condition} if condition else {})


def refuse(condition: Json | None = None, **more: Any) -> Json:
    """A Deny for everybody in the policy of ``orders``."""
    return grant("*", condition, Effect="Deny", Sid="refuse", **more)


def service(name: str, condition: Json | None = None, **more: Any) -> Json:
    """An Allow for a service."""
    return grant({"Service": f"{name}.amazonaws.com"}, condition, **more)


def source(arn: str, account: str = "") -> Json:
    """The conditions that AddPermission writes for a source."""
    made: Json = {"ArnLike": {"AWS:SourceArn": arn}}
    return made | ({"StringEquals": {"AWS:SourceAccount": account}} if account else {})


def own(service_prefix: str, resource: str) -> str:
    """The ARN of a resource of our own account."""
    return f"arn:aws:{service_prefix}:{REGION}:{ACCOUNT}:{resource}"


def for_url(principal: object, auth: str = "NONE") -> list[Json]:
    """The two grants that a function URL needs."""
    first = grant(principal, {"StringEquals": {"lambda:FunctionUrlAuthType": auth}}, Action="lambda:InvokeFunctionUrl")
    return [first, grant(principal, THROUGH_URL)]


def url(auth: str = "NONE", created: str = "2026-02-11T08:15:42.120384Z", cors: Json | None = None) -> Json:
    """A URL of ``orders``."""
    made: Json = {"FunctionUrl": "https://abc.lambda-url.eu-west-1.on.aws/", "FunctionArn": ARN, "AuthType": auth}
    return made | {"CreationTime": created} | ({"Cors": cors} if cors else {})


def captured(*statements: Json, urls: list[Json] | None = None, role: str = "") -> Json:
    """Files of an account with the function ``orders``: the policy of each name it has, and its URLs."""
    described: Json = {"FunctionName": NAME, "FunctionArn": ARN} | ({"Role": role} if role else {})
    files: Json = {"list-functions.json": {"Functions": [described]}}
    by_name: dict[str, list[Json]] = {}
    for statement in statements:
        resource = statement.get("Resource", ARN)
        by_name.setdefault(resource.removeprefix(ARN).lstrip(":"), []).append(statement)
    for name, written in by_name.items():
        text = json.dumps({"Version": "2012-10-17", "Id": "default", "Statement": written})
        files[f"get-policy.{NAME}{'.' + name if name else ''}.json"] = {"Policy": text, "RevisionId": "1"}
    if urls:
        files[f"list-function-url-configs.{NAME}.json"] = {"FunctionUrlConfigs": urls}
    return files
