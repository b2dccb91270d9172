"""Outputs about what calls functions in the name of a service."""

import json

from tests.sources.captures import ACCOUNT, FUNCTION
from tests.sources.samples.names import ALARM, BUCKET, BUS, CALLER, IOT_RULE, QUEUE, RULE, TOPIC, Sample, granted

TRIGGERS = [
    Sample(
        "s3",
        "GetBucketNotificationConfiguration",
        "get-bucket-notification-configuration",
        f"get-bucket-notification-configuration.{BUCKET}.json",
        {
            "LambdaFunctionConfigurations": [
                {"Id": "1", "LambdaFunctionArn": FUNCTION, "Events": ["s3:ObjectCreated:*"]}
            ],
            "QueueConfigurations": [{"Id": "2", "QueueArn": QUEUE, "Events": ["s3:ObjectRemoved:*"]}],
        },
    ),
    Sample(
        "s3",
        "GetBucketTagging",
        "get-bucket-tagging",
        f"get-bucket-tagging.{BUCKET}.json",
        {"TagSet": [{"Key": "team", "Value": "photos"}]},
    ),
    Sample(
        "sns",
        "GetTopicAttributes",
        "get-topic-attributes",
        "get-topic-attributes.orders.json",
        {"Attributes": {"TopicArn": TOPIC, "Policy": json.dumps(granted(TOPIC, "sns:Publish")), "Owner": ACCOUNT}},
    ),
    Sample(
        "sns",
        "ListSubscriptionsByTopic",
        "list-subscriptions",
        "list-subscriptions-by-topic.orders.json",
        {
            "Subscriptions": [
                {
                    "SubscriptionArn": f"{TOPIC}:1",
                    "Owner": ACCOUNT,
                    "Protocol": "lambda",
                    "Endpoint": FUNCTION,
                    "TopicArn": TOPIC,
                },
                {
                    "SubscriptionArn": f"{TOPIC}:2",
                    "Owner": ACCOUNT,
                    "Protocol": "sqs",
                    "Endpoint": QUEUE,
                    "TopicArn": TOPIC,
                },
            ]
        },
    ),
    Sample(
        "sns",
        "GetSubscriptionAttributes",
        "get-subscription-attributes",
        "get-subscription-attributes.json",
        {
            "Attributes": {
                "SubscriptionArn": f"{TOPIC}:1",
                "Protocol": "lambda",
                "Endpoint": FUNCTION,
                "TopicArn": TOPIC,
                "PendingConfirmation": "false",
            }
        },
    ),
    Sample(
        "sqs",
        "GetQueueAttributes",
        "get-queue-attributes",
        "get-queue-attributes.jobs.json",
        {
            "Attributes": {
                "QueueArn": QUEUE,
                "Policy": json.dumps(granted(QUEUE, "sqs:SendMessage")),
                "CreatedTimestamp": "1700000000",
            }
        },
    ),
    Sample(
        "events",
        "ListRules",
        "list-rules",
        "list-rules.json",
        {
            "Rules": [
                {
                    "Name": "nightly",
                    "Arn": RULE,
                    "State": "ENABLED",
                    "EventPattern": '{"source":["app"]}',
                    "EventBusName": "default",
                }
            ]
        },
    ),
    Sample(
        "events",
        "DescribeRule",
        "describe-rule",
        "describe-rule.nightly.json",
        {"Name": "nightly", "Arn": RULE, "State": "ENABLED", "EventPattern": '{"source":["app"]}', "RoleArn": CALLER},
    ),
    Sample(
        "events",
        "ListTargetsByRule",
        "list-targets-by-rule",
        "list-targets-by-rule.nightly.json",
        {"Targets": [{"Id": "1", "Arn": FUNCTION}, {"Id": "2", "Arn": QUEUE}]},
    ),
    Sample(
        "events",
        "DescribeEventBus",
        "describe-event-bus",
        "describe-event-bus.json",
        {"Name": "default", "Arn": BUS, "Policy": json.dumps(granted(BUS, "events:PutEvents"))},
    ),
    Sample(
        "events",
        "ListEventBuses",
        "list-event-buses",
        "list-event-buses.json",
        {"EventBuses": [{"Name": "default", "Arn": BUS}]},
    ),
    Sample(
        "iot",
        "ListTopicRules",
        "list-topic-rules",
        "list-topic-rules.json",
        {"rules": [{"ruleArn": IOT_RULE, "ruleName": "telemetry", "topicPattern": "d/+", "ruleDisabled": False}]},
    ),
    Sample(
        "iot",
        "GetTopicRule",
        "get-topic-rule",
        "get-topic-rule.telemetry.json",
        {
            "ruleArn": IOT_RULE,
            "rule": {
                "ruleName": "telemetry",
                "sql": "SELECT * FROM 'd/+'",
                "actions": [{"lambda": {"functionArn": FUNCTION}}, {"sns": {"targetArn": TOPIC, "roleArn": CALLER}}],
                "ruleDisabled": False,
                "errorAction": {"lambda": {"functionArn": f"{FUNCTION}-failed"}},
            },
        },
    ),
    Sample(
        "logs",
        "DescribeSubscriptionFilters",
        "describe-subscription-filters",
        "describe-subscription-filters.json",
        {
            "subscriptionFilters": [
                {
                    "filterName": "all",
                    "logGroupName": "/app/web",
                    "filterPattern": "",
                    "destinationArn": FUNCTION,
                    "distribution": "ByLogStream",
                }
            ]
        },
    ),
    Sample(
        "cloudwatch",
        "DescribeAlarms",
        "describe-alarms",
        "describe-alarms.json",
        {
            "MetricAlarms": [
                {"AlarmName": "errors", "AlarmArn": ALARM, "ActionsEnabled": True, "AlarmActions": [FUNCTION, TOPIC]}
            ],
            "CompositeAlarms": [],
        },
    ),
]
