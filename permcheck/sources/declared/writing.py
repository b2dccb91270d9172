"""Which writer is for which type, and in which order they write."""

from collections.abc import Callable, Iterable

from permcheck.sources.declared import around, callers, functions, grants, http_apis, identities, pools, rest_apis
from permcheck.sources.declared.room import Declared, Room
from permcheck.sources.files.gathered import Gathered

Writer = Callable[[Room, Declared], None]

# In this order: an attachment finds the role it is for, a version the role of its function, a route its API.
_WRITERS: dict[str, Writer] = {
    "AWS::IAM::Group": identities.identity,
    "AWS::IAM::User": identities.identity,
    "AWS::IAM::Role": identities.identity,
    "AWS::IAM::Policy": identities.inline,
    "AWS::IAM::RolePolicy": identities.inline,
    "AWS::IAM::UserPolicy": identities.inline,
    "AWS::IAM::GroupPolicy": identities.inline,
    "AWS::IAM::ManagedPolicy": identities.managed,
    "permcheck::IAM::Attachment": identities.attachment,
    "AWS::IAM::UserToGroupAddition": identities.membership,
    "AWS::Lambda::Function": functions.function,
    "AWS::Lambda::Version": functions.version,
    "AWS::Lambda::Alias": functions.alias,
    "AWS::Lambda::Url": functions.url,
    "AWS::Lambda::EventSourceMapping": functions.mapping,
    "AWS::Lambda::EventInvokeConfig": functions.invoke_config,
    "AWS::Cognito::IdentityPool": pools.pool,
    "AWS::Cognito::IdentityPoolRoleAttachment": pools.attachment,
    "AWS::Cognito::IdentityPoolPrincipalTag": pools.principal_tag,
    "AWS::Cognito::UserPool": pools.user_pool,
    "AWS::Cognito::UserPoolGroup": pools.group,
    "AWS::Cognito::UserPoolClient": pools.client,
    "AWS::ApiGateway::RestApi": rest_apis.api,
    "AWS::ApiGateway::Method": rest_apis.method,
    "AWS::ApiGateway::Authorizer": rest_apis.authorizer,
    "AWS::ApiGateway::Deployment": rest_apis.stage,
    "AWS::ApiGateway::Stage": rest_apis.stage,
    "AWS::ApiGatewayV2::Api": http_apis.api,
    "AWS::ApiGatewayV2::Integration": http_apis.integration,
    "AWS::ApiGatewayV2::Route": http_apis.route,
    "AWS::ApiGatewayV2::Authorizer": http_apis.authorizer,
    "AWS::ApiGatewayV2::Stage": http_apis.stage,
    "AWS::S3::Bucket": around.bucket,
    "AWS::S3::BucketPolicy": around.bucket_policy,
    "AWS::SNS::Topic": around.topic,
    "AWS::SNS::Subscription": around.subscription,
    "AWS::SNS::TopicPolicy": around.policies_of,
    "AWS::SNS::TopicInlinePolicy": around.policies_of,
    "AWS::SQS::Queue": around.resource,
    "AWS::SQS::QueuePolicy": around.policies_of,
    "AWS::SQS::QueueInlinePolicy": around.policies_of,
    "AWS::KMS::Key": around.resource,
    "AWS::SecretsManager::Secret": around.resource,
    "AWS::SecretsManager::ResourcePolicy": around.arn_policy,
    "AWS::DynamoDB::Table": around.resource,
    "AWS::Kinesis::Stream": around.resource,
    "AWS::Kinesis::ResourcePolicy": around.arn_policy,
    "AWS::Events::EventBus": around.resource,
    "AWS::Events::Rule": callers.rule,
    "AWS::Scheduler::Schedule": callers.schedule,
    "AWS::Pipes::Pipe": callers.pipe,
    "AWS::StepFunctions::StateMachine": callers.state_machine,
    "AWS::IoT::TopicRule": callers.topic_rule,
    "AWS::Logs::SubscriptionFilter": callers.log_filter,
    "AWS::CloudWatch::Alarm": callers.alarm,
    "AWS::CloudWatch::CompositeAlarm": callers.alarm,
    "AWS::AppSync::GraphQLApi": callers.graph_api,
    "AWS::AppSync::DataSource": callers.data_source,
}
# Of these, several make one policy together.
_TOGETHER = {
    "AWS::Lambda::Permission": grants.policies,
    "AWS::Lambda::ResourcePolicy": grants.policies,
    "AWS::Lambda::LayerVersionPermission": grants.layer_grants,
    "AWS::Events::EventBusPolicy": around.bus_policies,
}
# Types that are looked at: those with a writer, and those that others refer to.
TYPES = frozenset((*_WRITERS, *_TOGETHER, "AWS::ApiGateway::Resource", "AWS::Lambda::LayerVersion"))


def write(declared: Iterable[Declared], gathered: Gathered) -> None:
    """Turn all declared resources of one world into drafts."""
    room = Room(gathered, declared)
    gathered.declared = True
    by_type: dict[str, list[Declared]] = {}
    for each in room.declared:
        by_type.setdefault(each.type, []).append(each)
    for kind, writer in _WRITERS.items():
        for each in by_type.get(kind, ()):
            writer(room, each)
    for together in dict.fromkeys(of for kind, of in _TOGETHER.items() if kind in by_type):
        together(room)
