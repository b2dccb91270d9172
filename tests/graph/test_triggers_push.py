"""Services that call a function in their own name: with which principal, and what each tells of its source.

One row for each service of the Lambda Developer Guide's list of push services. A row's grant is the one that the
service's page shows; a call for another source, or from another account, is another caller's.
"""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from permcheck.data import service_principals
from permcheck.graph.calls import caller_of
from permcheck.model import Resource, Trigger
from permcheck.rules._examples import ACCOUNT, OTHER, REGION, Json
from tests.graph.trigger_captures import ORDERS, files, from_source, grant, own, rows, scene_of, source

POOL = f"{REGION}_AbCdEf123"
IDENTITY_POOL = f"{REGION}:11111111-2222-3333-4444-555555555555"


@dataclass(frozen=True)
class Row:
    """A service. arn: of what it calls for. says: what it tells as aws:SourceArn, where that differs."""

    service: str
    arn: str
    says: str = ""

    @property
    def pattern(self) -> str:
        """What a grant asks of the source."""
        return self.says or self.arn


ROWS = {
    "s3-notifications": Row("s3.amazonaws.com", "arn:aws:s3:::trail-photos"),
    "sns-topics": Row("sns.amazonaws.com", own("sns", "news")),
    "eventbridge-rules": Row("events.amazonaws.com", own("events", "rule/nightly")),
    "eventbridge-rules-of-a-bus": Row("events.amazonaws.com", own("events", "rule/shop-bus/paid")),
    "user-pool-triggers": Row("cognito-idp.amazonaws.com", own("cognito-idp", f"userpool/{POOL}")),
    "identity-pool-events": Row("cognito-sync.amazonaws.com", own("cognito-identity", f"identitypool/{IDENTITY_POOL}")),
    "iot-rules": Row("iot.amazonaws.com", own("iot", "rule/telemetry")),
    "log-subscriptions": Row("logs.amazonaws.com", own("logs", "log-group:/app"), own("logs", "log-group:/app:*")),
    "alarms": Row("lambda.alarms.cloudwatch.amazonaws.com", own("cloudwatch", "alarm:errors")),
    "ses-receipt-rules": Row("ses.amazonaws.com", own("ses", "receipt-rule-set/main:receipt-rule/store")),
    "load-balancers": Row("elasticloadbalancing.amazonaws.com", own("elasticloadbalancing", "targetgroup/shop/0a1b")),
    "vpc-lattice": Row("vpc-lattice.amazonaws.com", own("vpc-lattice", "targetgroup/tg-0a1b2c")),
    "lex-v2": Row("lexv2.amazonaws.com", own("lex", "bot-alias/BOT123/ALIAS456")),
    "lex-v1": Row("lex.amazonaws.com", own("lex", "intent:OrderFlowers:*")),
    "bedrock-agents": Row("bedrock.amazonaws.com", own("bedrock", "agent/AGENT12345")),
    "config-rules": Row("config.amazonaws.com", own("config", "config-rule/config-rule-0a1b2c")),
    "secret-rotation": Row("secretsmanager.amazonaws.com", own("secretsmanager", "secret:db-AbCdEf")),
    "codecommit": Row("codecommit.amazonaws.com", own("codecommit", "shop")),
    "connect": Row("connect.amazonaws.com", own("connect", "instance/0a1b2c3d")),
    "appsync-authorizers": Row("appsync.amazonaws.com", own("appsync", "apis/abcdefghij")),
    "pinpoint": Row("pinpoint.amazonaws.com", own("mobiletargeting", "apps/0a1b2c")),
}
NAMES = pytest.mark.parametrize("row", ROWS.values(), ids=ROWS.keys())


def called(row: Row, *statements: Json, owner: str = ACCOUNT) -> str:
    """Whether the source sets the function off, under a policy of these statements."""
    resource = Resource(row.arn, row.arn.split(":")[2], "x.json", account=owner, triggers=(Trigger(ORDERS, "x.json"),))
    return from_source(scene_of(files(*statements), resource), row.arn)


@NAMES
def test_the_service_is_the_one_of_the_table(row: Row) -> None:
    assert caller_of(row.arn) == row.service
    assert service_principals.find(row.service) is not None


@NAMES
def test_a_grant_to_the_service_for_this_source_lets_it_call(row: Row) -> None:
    assert called(row, grant({"Service": row.service}, source(row.pattern))) == "allowed"


@NAMES
def test_without_a_grant_the_trigger_does_nothing(row: Row) -> None:
    assert called(row) == "denied"


@NAMES
def test_a_grant_to_another_service_does_not_count(row: Row) -> None:
    assert called(row, grant({"Service": "polly.amazonaws.com"}, source(row.pattern))) == "denied"


@NAMES
def test_a_grant_for_another_source_does_not_count(row: Row) -> None:
    other = f"{row.pattern.removesuffix(':*')}-other{':*' if row.pattern.endswith(':*') else ''}"
    assert called(row, grant({"Service": row.service}, source(other))) == "denied"


@NAMES
def test_the_account_of_the_source_is_told_where_aws_says_so(row: Row) -> None:
    known = service_principals.find(row.service)
    statement = grant({"Service": row.service}, source(row.pattern, ACCOUNT))
    assert known is not None
    assert called(row, statement) == ("allowed" if known.source_account else "conditional")


@NAMES
def test_the_source_of_another_account_is_not_ours(row: Row) -> None:
    assert called(row, grant({"Service": row.service}, source(row.pattern, OTHER))) == "denied"


@NAMES
def test_a_deny_stops_it(row: Row) -> None:
    stop = grant("*", Effect="Deny", Sid="stop")
    assert called(row, grant({"Service": row.service}, source(row.pattern)), stop) == "denied"


def test_a_bucket_whose_account_is_not_told_may_be_anyones() -> None:
    row = ROWS["s3-notifications"]
    assert called(row, grant({"Service": row.service}, source(row.arn, ACCOUNT)), owner="") == "conditional"
    assert called(row, grant({"Service": row.service}, source(row.arn)), owner="") == "allowed"


def test_the_account_alone_is_enough_for_a_bucket() -> None:
    row = ROWS["s3-notifications"]
    alone = {"StringEquals": {"AWS:SourceAccount": ACCOUNT}}
    assert called(row, grant({"Service": row.service}, alone)) == "allowed"


def test_cloudwatch_logs_may_be_named_with_its_region() -> None:
    row = ROWS["log-subscriptions"]
    assert called(row, grant({"Service": f"logs.{REGION}.amazonaws.com"}, source(row.pattern))) == "allowed"
    assert called(row, grant({"Service": "logs.ap-south-1.amazonaws.com"}, source(row.pattern))) == "denied"


def test_a_service_may_be_named_as_in_china() -> None:
    assert called(ROWS["s3-notifications"], grant({"Service": "s3.amazonaws.com.cn"})) == "allowed"


def test_star_means_services_too() -> None:
    row = ROWS["sns-topics"]
    assert called(row, grant("*", source(row.arn))) == "allowed"


@pytest.mark.parametrize(
    "key",
    ["cognito-identity.amazonaws.com:aud", "accounts.google.com:sub", "saml:aud", "aws:FederatedProvider"],
)
def test_a_service_holds_no_token(key: str) -> None:
    """IAM, "IAM and AWS STS condition context keys": these are keys of sessions begun with a provider's token."""
    row = ROWS["s3-notifications"]
    assert called(row, grant("*", {"StringEquals": {key: "x"}})) == "denied"
    assert called(row, grant("*", {"StringNotEquals": {key: "x"}})) == "allowed"


def test_iot_events_is_not_known_to_tell_a_source() -> None:
    row = Row("iotevents.amazonaws.com", own("iotevents", "detectorModel/door"))
    assert caller_of(row.arn) == row.service
    assert called(row, grant({"Service": row.service})) == "allowed"


@pytest.mark.parametrize("service", ["alexa-appkit.amazon.com", "alexa-connectedhome.amazon.com"])
def test_alexa_sends_a_token_in_place_of_a_source(service: str) -> None:
    token = {"StringEquals": {"lambda:EventSourceToken": "amzn1.ask.skill.0a1b"}}
    (row,) = rows(scene_of(files(grant({"Service": service}, token))))
    assert (row.caller, row.kind, row.verdict) == (service, "service", "conditional")
    assert [c["key"] for c in row.conditions] == ["lambda:EventSourceToken"]
    (row,) = rows(scene_of(files(grant({"Service": service}))))
    assert row.verdict == "allowed"


def test_cloudfront_signs_requests_to_the_function_url() -> None:
    told = source(f"arn:aws:cloudfront::{ACCOUNT}:distribution/E1ABCDEF")
    both = [
        grant({"Service": "cloudfront.amazonaws.com"}, told, Action="lambda:InvokeFunctionUrl", Sid="one"),
        grant({"Service": "cloudfront.amazonaws.com"}, told, Sid="two"),
    ]
    address = {"FunctionUrl": "https://x.lambda-url.eu-west-1.on.aws/", "FunctionArn": ORDERS, "AuthType": "AWS_IAM"}
    captures = files(*both) | {"url.json": address | {"CreationTime": "2026-02-11T08:15:42.120384Z"}}
    found = {r.via: r.verdict for r in rows(scene_of(captures)) if r.caller == "cloudfront.amazonaws.com"}
    assert found == {"function_url": "conditional", "resource_policy": "conditional"}
    captures = files(both[0]) | {"url.json": address | {"CreationTime": "2026-02-11T08:15:42.120384Z"}}
    assert not [r for r in rows(scene_of(captures)) if r.via == "function_url"]


def test_edge_replication_is_not_a_call() -> None:
    path = "aws-service-role/replicator.lambda.amazonaws.com/AWSServiceRoleForLambdaReplicator"
    replicator = f"arn:aws:iam::{ACCOUNT}:role/{path}"
    statement = grant({"AWS": replicator}, on=f"{ORDERS}:3", Action=["lambda:GetFunction", "lambda:EnableReplication*"])
    assert not [r for r in rows(scene_of(files(statement))) if r.kind in ("service", "role")]


# the same through the captures that tell of triggers


def test_s3_notification_as_captured() -> None:
    bucket = "arn:aws:s3:::trail-photos"
    heard = {"LambdaFunctionConfigurations": [{"LambdaFunctionArn": ORDERS, "Events": ["s3:ObjectCreated:*"]}]}
    captures = files(grant({"Service": "s3.amazonaws.com"}, source(bucket, ACCOUNT)))
    captures["get-bucket-notification-configuration.trail-photos.json"] = heard
    assert from_source(scene_of(captures), bucket) == "allowed"


def test_sns_subscription_as_captured() -> None:
    topic = own("sns", "news")
    entry = {"SubscriptionArn": f"{topic}:1", "Protocol": "lambda", "Endpoint": ORDERS, "TopicArn": topic}
    captures = files(grant({"Service": "sns.amazonaws.com"}, source(topic)))
    assert from_source(scene_of(captures | {"subs.json": {"Subscriptions": [entry]}}), topic) == "allowed"
    pending = entry | {"SubscriptionArn": "PendingConfirmation"}
    assert from_source(scene_of(captures | {"subs.json": {"Subscriptions": [pending]}}), topic) == "denied"


def test_event_rule_as_captured() -> None:
    rule = own("events", "rule/nightly")
    captures = files(grant({"Service": "events.amazonaws.com"}, source(rule)))
    captures["list-rules.json"] = {"Rules": [{"Name": "nightly", "Arn": rule, "State": "ENABLED"}]}
    captures["list-targets-by-rule.nightly.json"] = {"Targets": [{"Id": "1", "Arn": ORDERS}]}
    assert from_source(scene_of(captures), rule) == "allowed"
    captures["list-rules.json"] = {"Rules": [{"Name": "nightly", "Arn": rule, "State": "DISABLED"}]}
    assert from_source(scene_of(captures), rule) == "denied"


def test_user_pool_trigger_as_captured() -> None:
    pool = own("cognito-idp", f"userpool/{POOL}")
    captures = files(grant({"Service": "cognito-idp.amazonaws.com"}, source(pool, ACCOUNT)))
    told = {"Id": POOL, "Arn": pool, "Name": "members", "LambdaConfig": {"PreSignUp": ORDERS}}
    captures["describe-user-pool.json"] = {"UserPool": told}
    assert from_source(scene_of(captures), pool) == "allowed"


def test_iot_rule_as_captured() -> None:
    rule = own("iot", "rule/telemetry")
    captures = files(grant({"Service": "iot.amazonaws.com"}, source(rule, ACCOUNT)))
    does = {"sql": "SELECT * FROM 'sensors/#'", "ruleDisabled": False, "actions": [{"lambda": {"functionArn": ORDERS}}]}
    captures["get-topic-rule.telemetry.json"] = {"ruleArn": rule, "rule": does}
    assert from_source(scene_of(captures), rule) == "allowed"


def test_log_subscription_as_captured() -> None:
    group = own("logs", "log-group:/app")
    captures = files(grant({"Service": "logs.amazonaws.com"}, source(f"{group}:*", ACCOUNT)))
    entry = {"filterName": "f", "logGroupName": "/app", "destinationArn": ORDERS, "filterPattern": ""}
    assert from_source(scene_of(captures | {"filters.json": {"subscriptionFilters": [entry]}}), group) == "allowed"


def test_alarm_as_captured() -> None:
    alarm = own("cloudwatch", "alarm:errors")
    captures = files(grant({"Service": "lambda.alarms.cloudwatch.amazonaws.com"}, source(alarm, ACCOUNT)))
    entry = {"AlarmName": "errors", "AlarmArn": alarm, "ActionsEnabled": True, "AlarmActions": [ORDERS]}
    assert from_source(scene_of(captures | {"alarms.json": {"MetricAlarms": [entry]}}), alarm) == "allowed"


def test_appsync_authorizer_as_captured() -> None:
    api = own("appsync", "apis/abcdefghij")
    captures = files(grant({"Service": "appsync.amazonaws.com"}, source(api)))
    told = {"apiId": "abcdefghij", "arn": api, "lambdaAuthorizerConfig": {"authorizerUri": ORDERS}}
    assert from_source(scene_of(captures | {"api.json": {"graphqlApi": told}}), api) == "allowed"


def test_a_trigger_on_an_alias_asks_the_policy_of_the_alias() -> None:
    topic, alias = own("sns", "news"), f"{ORDERS}:prod"
    entry = {"SubscriptionArn": f"{topic}:1", "Protocol": "lambda", "Endpoint": alias, "TopicArn": topic}
    subscribed = {"subs.json": {"Subscriptions": [entry]}}
    on_function = grant({"Service": "sns.amazonaws.com"}, source(topic))
    assert from_source(scene_of(files(on_function) | subscribed), topic) == "denied"
    on_alias = grant({"Service": "sns.amazonaws.com"}, source(topic), on=alias)
    assert from_source(scene_of(files(on_alias) | subscribed), topic) == "allowed"


def test_every_row_of_the_table_is_looked_at() -> None:
    apart = {
        "apigateway.amazonaws.com",  # test_triggers_apis
        "alexa-appkit.amazon.com",
        "alexa-connectedhome.amazon.com",
        "iotevents.amazonaws.com",
        "cloudfront.amazonaws.com",
        "cloudformation.amazonaws.com",  # calls with the rights of whoever makes the stack
        "replicator.lambda.amazonaws.com",
        "edgelambda.amazonaws.com",
    }
    assert {row.service for row in ROWS.values()} | apart == {s.principal for s in service_principals.known()}
