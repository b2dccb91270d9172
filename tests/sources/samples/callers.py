"""Outputs about what calls functions with a role of its own, and about Lambda and resource policies."""

import json

from tests.sources.captures import ACCOUNT, FUNCTION, document, statement
from tests.sources.samples.names import (
    BUCKET,
    CALLER,
    GRAPH,
    KEY,
    MACHINE,
    PIPE,
    QUEUE,
    REGION,
    SCHEDULE,
    SECRET,
    TABLE,
    Sample,
    definition,
    granted,
)

ROLE_CALLERS = [
    Sample(
        "stepfunctions",
        "DescribeStateMachine",
        "describe-state-machine",
        "describe-state-machine.orders.json",
        {
            "stateMachineArn": MACHINE,
            "name": "orders",
            "roleArn": CALLER,
            "type": "STANDARD",
            "definition": definition(
                Old={"Type": "Task", "Resource": FUNCTION, "Next": "New"},
                New={
                    "Type": "Task",
                    "Resource": "arn:aws:states:::lambda:invoke",
                    "Parameters": {"FunctionName": "resize:prod", "Payload.$": "$"},
                    "End": True,
                },
            ),
        },
    ),
    Sample(
        "scheduler",
        "GetSchedule",
        "get-schedule",
        "get-schedule.hourly.json",
        {
            "Arn": SCHEDULE,
            "Name": "hourly",
            "State": "ENABLED",
            "Target": {"Arn": FUNCTION, "RoleArn": CALLER, "Input": '{"planted": "payload"}'},
        },
    ),
    Sample(
        "scheduler",
        "ListSchedules",
        "list-schedules",
        "list-schedules.json",
        {"Schedules": [{"Arn": SCHEDULE, "Name": "hourly", "State": "ENABLED", "Target": {"Arn": FUNCTION}}]},
    ),
    Sample(
        "pipes",
        "DescribePipe",
        "describe-pipe",
        "describe-pipe.drain.json",
        {
            "Arn": PIPE,
            "Name": "drain",
            "DesiredState": "RUNNING",
            "Source": QUEUE,
            "Enrichment": f"{FUNCTION}-enrich",
            "Target": FUNCTION,
            "RoleArn": CALLER,
        },
    ),
    Sample(
        "appsync",
        "ListDataSources",
        "list-data-sources",
        "list-data-sources.json",
        {
            "dataSources": [
                {
                    "dataSourceArn": f"{GRAPH}/datasources/fn",
                    "name": "fn",
                    "type": "AWS_LAMBDA",
                    "serviceRoleArn": CALLER,
                    "lambdaConfig": {"lambdaFunctionArn": FUNCTION},
                },
                {"dataSourceArn": f"{GRAPH}/datasources/none", "name": "none", "type": "NONE"},
            ]
        },
    ),
    Sample(
        "appsync",
        "GetGraphqlApi",
        "get-graphql-api",
        "get-graphql-api.json",
        {
            "graphqlApi": {
                "apiId": "abcdefghij",
                "arn": GRAPH,
                "authenticationType": "AWS_LAMBDA",
                "lambdaAuthorizerConfig": {"authorizerUri": FUNCTION},
                "additionalAuthenticationProviders": [
                    {
                        "authenticationType": "AWS_LAMBDA",
                        "lambdaAuthorizerConfig": {"authorizerUri": f"{FUNCTION}-second"},
                    }
                ],
            }
        },
    ),
    Sample(
        "appsync",
        "ListGraphqlApis",
        "list-graphql-apis",
        "list-graphql-apis.json",
        {"graphqlApis": [{"apiId": "abcdefghij", "arn": GRAPH, "authenticationType": "API_KEY"}]},
    ),
]

LAMBDA = [
    Sample(
        "lambda",
        "ListFunctionEventInvokeConfigs",
        "list-function-event-invoke-configs",
        "list-function-event-invoke-configs.json",
        {
            "FunctionEventInvokeConfigs": [
                {
                    "FunctionArn": f"{FUNCTION}:$LATEST",
                    "MaximumRetryAttempts": 1,
                    "DestinationConfig": {"OnSuccess": {"Destination": f"{FUNCTION}-next"}, "OnFailure": {}},
                }
            ]
        },
    ),
    Sample(
        "lambda",
        "GetFunctionEventInvokeConfig",
        "get-function-event-invoke-config",
        "get-function-event-invoke-config.resize.json",
        {
            "LastModified": "2024-01-01T00:00:00+00:00",
            "FunctionArn": f"{FUNCTION}:prod",
            "DestinationConfig": {"OnFailure": {"Destination": QUEUE}},
        },
    ),
    Sample(
        "lambda",
        "GetFunctionCodeSigningConfig",
        "get-function-code-signing-config",
        "get-function-code-signing-config.json",
        {
            "CodeSigningConfigArn": f"arn:aws:lambda:{REGION}:{ACCOUNT}:code-signing-config:csc-1",
            "FunctionName": "resize",
        },
    ),
    Sample(
        "resourcegroupstaggingapi",
        "GetResources",
        "get-resources",
        "get-resources.tags.json",
        {"ResourceTagMappingList": [{"ResourceARN": FUNCTION, "Tags": [{"Key": "team", "Value": "photos"}]}]},
    ),
]


POLICIES = [
    Sample(
        "s3",
        "GetBucketPolicy",
        "get-policy",
        f"get-bucket-policy.{BUCKET}.json",
        {"Policy": json.dumps(granted(f"arn:aws:s3:::{BUCKET}/*", "s3:PutObject"))},
    ),
    Sample(
        "kms",
        "GetKeyPolicy",
        "get-key-policy",
        f"get-key-policy.{KEY}.json",
        {
            "Policy": json.dumps(
                document(statement(Principal={"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, Action="kms:*"))
            ),
            "PolicyName": "default",
        },
    ),
    Sample(
        "secretsmanager",
        "GetResourcePolicy",
        "get-resource-policy",
        "get-resource-policy.db.json",
        {"ARN": SECRET, "Name": "db", "ResourcePolicy": json.dumps(granted("*", "secretsmanager:GetSecretValue"))},
    ),
    Sample(
        "dynamodb",
        "GetResourcePolicy",
        "get-policy",
        "get-resource-policy.scores.json",
        {"Policy": json.dumps(granted(f"{TABLE}/index/*", "dynamodb:Query")), "RevisionId": "1"},
    ),
]
