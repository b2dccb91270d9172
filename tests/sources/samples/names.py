"""Names of the things that the samples speak of, and what they are made of."""

import json
from typing import Any, NamedTuple

from tests.sources.captures import ACCOUNT, FUNCTION, OTHER, Json, document, statement

REGION = "us-east-1"
POOL = f"{REGION}:11111111-2222-3333-4444-555555555555"
USER_POOL = f"{REGION}_AbCdEf123"
CLIENT = "1example23456789"
API, HTTP_API = "a1b2c3d4e5", "z9y8x7w6v5"
BUCKET, KEY = "photos-inbox", "0a1b2c3d-1111-2222-3333-444455556666"
TOPIC = f"arn:aws:sns:{REGION}:{ACCOUNT}:orders"
QUEUE = f"arn:aws:sqs:{REGION}:{ACCOUNT}:jobs"
RULE = f"arn:aws:events:{REGION}:{ACCOUNT}:rule/nightly"
BUS = f"arn:aws:events:{REGION}:{ACCOUNT}:event-bus/default"
IOT_RULE = f"arn:aws:iot:{REGION}:{ACCOUNT}:rule/telemetry"
ALARM = f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm:errors"
SECRET = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:db-AbCdEf"
TABLE = f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/scores"
MACHINE = f"arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:orders"
SCHEDULE = f"arn:aws:scheduler:{REGION}:{ACCOUNT}:schedule/default/hourly"
PIPE = f"arn:aws:pipes:{REGION}:{ACCOUNT}:pipe/drain"
GRAPH = f"arn:aws:appsync:{REGION}:{ACCOUNT}:apis/abcdefghij"
CALLER = f"arn:aws:iam::{ACCOUNT}:role/caller"
ORG, ROOT, UNIT, SCP_ID, RCP_ID = "o-abcdefghij", "r-ab12", "ou-ab12-cdefgh12", "p-abcd1234", "p-rcpx1234"
ORG_ARN = f"arn:aws:organizations::{OTHER}"


def integration(function: str = FUNCTION, region: str = REGION) -> str:
    """The URI by which API Gateway calls a function."""
    return f"arn:aws:apigateway:{region}:lambda:path/2015-03-31/functions/{function}/invocations"


def granted(resource: str, action: str = "*", **more: Any) -> Json:
    """A resource policy that lets everybody do something with one resource."""
    return document(statement(Principal="*", Action=action, Resource=resource, **more))


def method(**more: Any) -> Json:
    """A Method of a REST API that calls the function."""
    behind = {"type": "AWS_PROXY", "httpMethod": "POST", "uri": integration()}
    return {
        "httpMethod": "GET",
        "authorizationType": "NONE",
        "apiKeyRequired": False,
        "methodIntegration": behind,
    } | more


def definition(**states: Json) -> str:
    """A state machine of these states."""
    return json.dumps({"StartAt": next(iter(states), ""), "States": states})


class Sample(NamedTuple):
    """One output. service and operation are botocore's names; file is what people call such a capture."""

    service: str
    operation: str
    kind: str
    file: str
    value: Json


SCP_SUMMARY = {
    "Id": SCP_ID,
    "Arn": f"{ORG_ARN}:policy/{ORG}/service_control_policy/{SCP_ID}",
    "Name": "no-invoke",
    "Type": "SERVICE_CONTROL_POLICY",
    "AwsManaged": False,
}

FULL_ACCESS = {
    "Id": "p-FullAWSAccess",
    "Arn": "arn:aws:organizations::aws:policy/service_control_policy/p-FullAWSAccess",
    "Name": "FullAWSAccess",
    "Type": "SERVICE_CONTROL_POLICY",
    "AwsManaged": True,
}
