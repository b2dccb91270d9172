"""Callers that use a role: the role must let the service in and may invoke; the function's policy is not asked.

Lambda Developer Guide, "Granting Lambda function access to AWS services"; each service's page on its role.
"""

from __future__ import annotations

import json

import pytest

from permcheck.graph.scene import Scene
from permcheck.rules._examples import ACCOUNT, OTHER, Json, allow, role, role_arn, trust
from tests.graph.trigger_captures import ORDERS, files, from_source, own, rows, scene_of, verdict

INVOKE = "lambda:InvokeFunction"
MACHINE = own("states", "stateMachine:ship")
SCHEDULE = own("scheduler", "schedule/default/hourly")
PIPE = own("pipes", "pipe/drain")
GRAPH = own("appsync", "apis/abcdefghij")
RULE = own("events", "rule/nightly")
API = own("execute-api", "a1b2c3d4e5/*/GET/orders")


def task(function: str = ORDERS) -> str:
    """A state machine with one task."""
    step = {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": {"FunctionName": function}}
    return json.dumps({"StartAt": "One", "States": {"One": step | {"End": True}}})


def told(service: str, function: str = ORDERS) -> Json:
    """What tells of the caller, which uses the role ``caller``."""
    made: dict[str, Json] = {
        "states": {
            "sfn.json": {"stateMachineArn": MACHINE, "roleArn": role_arn("caller"), "definition": task(function)}
        },
        "scheduler": {
            "sched.json": {
                "Arn": SCHEDULE,
                "State": "ENABLED",
                "Target": {"Arn": function, "RoleArn": role_arn("caller")},
            }
        },
        "pipes": {
            "pipe.json": {
                "Arn": PIPE,
                "DesiredState": "RUNNING",
                "Source": own("sqs", "jobs"),
                "Target": function,
                "RoleArn": role_arn("caller"),
            }
        },
        "appsync": {
            "list-data-sources.json": {
                "dataSources": [
                    {
                        "dataSourceArn": f"{GRAPH}/datasources/orders",
                        "serviceRoleArn": role_arn("caller"),
                        "lambdaConfig": {"lambdaFunctionArn": function},
                    }
                ]
            }
        },
        "events": {
            "list-rules.json": {"Rules": [{"Name": "nightly", "Arn": RULE, "State": "ENABLED"}]},
            "list-targets-by-rule.nightly.json": {
                "Targets": [{"Id": "1", "Arn": function, "RoleArn": role_arn("caller")}]
            },
        },
    }
    return made[service]


SOURCES = {"states": MACHINE, "scheduler": SCHEDULE, "pipes": PIPE, "appsync": GRAPH, "events": RULE}
CALLERS = pytest.mark.parametrize("service", SOURCES)


def scene_with(service: str, *statements: Json, trusts: Json | None = None, function: str = ORDERS) -> Scene:
    """A scene in which the service calls with a role of these statements."""
    caller = role("caller", *statements, trusts=trusts or trust({"Service": f"{service}.amazonaws.com"}))
    return scene_of(files(identities=[caller]) | told(service, function))


@CALLERS
def test_a_role_that_may_invoke_is_enough(service: str) -> None:
    scene = scene_with(service, allow(INVOKE, ORDERS))
    assert from_source(scene, SOURCES[service]) == "allowed"
    (row,) = [r for r in rows(scene) if r.kind == "event_source"]
    assert (row.caller, row.verdict, row.via) == (SOURCES[service], "allowed", "event_source")


@CALLERS
def test_a_role_that_may_not_invoke_is_not(service: str) -> None:
    assert from_source(scene_with(service), SOURCES[service]) == "denied"


@CALLERS
def test_a_role_that_does_not_let_the_service_in_is_not(service: str) -> None:
    trusts = trust({"Service": "ec2.amazonaws.com"})
    assert from_source(scene_with(service, allow(INVOKE, ORDERS), trusts=trusts), SOURCES[service]) == "denied"


@CALLERS
def test_a_role_may_ask_for_the_account_of_the_source(service: str) -> None:
    for account, expected in ((ACCOUNT, ("allowed", "conditional")), (OTHER, ("denied",))):
        condition = {"StringEquals": {"aws:SourceAccount": account}}
        trusts = trust({"Service": f"{service}.amazonaws.com"}, Condition=condition)
        assert from_source(scene_with(service, allow(INVOKE, ORDERS), trusts=trusts), SOURCES[service]) in expected


@CALLERS
def test_a_role_that_is_not_in_view_leaves_it_unknown(service: str) -> None:
    captures = files() | told(service)
    assert from_source(scene_of(captures), SOURCES[service]) == "unknown"


@CALLERS
def test_the_role_must_name_the_alias_that_is_called(service: str) -> None:
    alias = f"{ORDERS}:prod"
    assert from_source(scene_with(service, allow(INVOKE, ORDERS), function=alias), SOURCES[service]) == "denied"
    assert from_source(scene_with(service, allow(INVOKE, alias), function=alias), SOURCES[service]) == "allowed"


def test_a_schedule_told_without_its_role_is_unknown() -> None:
    listed = {"Schedules": [{"Arn": SCHEDULE, "Name": "hourly", "State": "ENABLED", "Target": {"Arn": ORDERS}}]}
    assert from_source(scene_of(files() | {"list-schedules.json": listed}), SCHEDULE) == "unknown"


def test_the_schedule_group_may_be_what_a_trust_policy_asks_for() -> None:
    condition = {"StringEquals": {"aws:SourceArn": own("scheduler", "schedule-group/default")}}
    trusts = trust({"Service": "scheduler.amazonaws.com"}, Condition=condition)
    assert from_source(scene_with("scheduler", allow(INVOKE, ORDERS), trusts=trusts), SCHEDULE) == "conditional"


def method(credentials: str) -> Json:
    """A REST API whose integration has credentials."""
    uri = f"arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/{ORDERS}/invocations"
    behind = {"type": "AWS_PROXY", "httpMethod": "POST", "uri": uri, "credentials": credentials}
    get = {"httpMethod": "GET", "authorizationType": "NONE", "apiKeyRequired": False, "methodIntegration": behind}
    item = {"id": "r1", "path": "/orders", "resourceMethods": {"GET": get}}
    api = {"id": "a1b2c3d4e5", "name": "shop", "createdDate": "x", "apiKeySource": "HEADER"}
    return {
        "get-rest-apis.json": {"items": [api]},
        "get-resources.a1b2c3d4e5.json": {"items": [{"id": "r0", "path": "/"}, item]},
    }


def test_api_gateway_with_credentials_needs_no_entry_in_the_functions_policy() -> None:
    trusts = trust({"Service": "apigateway.amazonaws.com"})
    for statements, expected in (((allow(INVOKE, ORDERS),), "allowed"), ((), "denied")):
        caller = role("caller", *statements, trusts=trusts)
        scene = scene_of(files(identities=[caller]) | method(role_arn("caller")))
        assert verdict(scene, ("api", API), ("function", ORDERS)) == expected
    caller = role("caller", allow(INVOKE, ORDERS), trusts=trust({"Service": "ec2.amazonaws.com"}))
    scene = scene_of(files(identities=[caller]) | method(role_arn("caller")))
    assert verdict(scene, ("api", API), ("function", ORDERS)) == "denied"


def test_api_gateway_with_the_callers_own_credentials_opens_nothing() -> None:
    scene = scene_of(files() | method("arn:aws:iam::*:user/*"))
    assert verdict(scene, ("api", API), ("function", ORDERS)) == "denied"


@pytest.mark.parametrize(
    "service",
    [
        "firehose.amazonaws.com",
        "batchoperations.s3.amazonaws.com",
        "codepipeline.amazonaws.com",
        "cloudformation.amazonaws.com",
        "lambda.amazonaws.com",
    ],
)
def test_a_service_that_calls_with_a_role_is_seen_as_the_role(service: str) -> None:
    """Firehose transformation, S3 Batch, CodePipeline, custom resources, another function: the role is the caller."""
    caller = role("caller", allow(INVOKE, ORDERS), trusts=trust({"Service": service}))
    (row,) = [r for r in rows(scene_of(files(identities=[caller]))) if r.kind == "role"]
    assert (row.caller, row.verdict, row.via) == (role_arn("caller"), "allowed", "identity_policy")


def test_an_object_lambda_is_called_with_the_rights_of_the_requester() -> None:
    """S3 Object Lambda: whoever asks for the object invokes the function."""
    asks = role("asks", allow(INVOKE, ORDERS), trusts=trust({"AWS": f"arn:aws:iam::{ACCOUNT}:root"}))
    assert [r.caller for r in rows(scene_of(files(identities=[asks])))] == [role_arn("asks")]
