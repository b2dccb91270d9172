"""Resource types of the AWS provider and their arguments, in CloudFormation's words.

AWS provider documentation, the resource of the same name. A path with dots goes into nested blocks: Terraform writes a
block that stands once as a list of one.
"""

from collections.abc import Mapping
from dataclasses import field

from permcheck.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Shape:
    """type: CloudFormation's. keys: its properties, each with the argument that tells it. blocks: lists of blocks."""

    type: str
    keys: Mapping[str, str] = field(default_factory=dict)
    blocks: Mapping[str, tuple[str, Mapping[str, str]]] = field(default_factory=dict)


_ROLE = {
    "RoleName": "name",
    "Path": "path",
    "AssumeRolePolicyDocument": "assume_role_policy",
    "ManagedPolicyArns": "managed_policy_arns",
    "PermissionsBoundary": "permissions_boundary",
    "Tags": "tags",
}
_INLINE = {"PolicyName": "name", "PolicyDocument": "policy"}
_AUTHORIZER = {
    "Name": "name",
    "RestApiId": "rest_api_id",
    "Type": "type",
    "AuthorizerUri": "authorizer_uri",
    "AuthorizerCredentials": "authorizer_credentials",
    "ProviderARNs": "provider_arns",
}
_FUNCTION = {
    "FunctionName": "function_name",
    "Role": "role",
    "Layers": "layers",
    "Tags": "tags",
    "CodeSigningConfigArn": "code_signing_config_arn",
    "DeadLetterConfig.TargetArn": "dead_letter_config.target_arn",
}
_ENDS = {
    "DestinationConfig.OnFailure.Destination": "destination_config.on_failure.destination",
    "DestinationConfig.OnSuccess.Destination": "destination_config.on_success.destination",
}

SHAPES: dict[str, Shape] = {
    "aws_iam_role": Shape(
        "AWS::IAM::Role",
        _ROLE,
        {"Policies": ("inline_policy", _INLINE)},
    ),
    "aws_iam_user": Shape(
        "AWS::IAM::User",
        {"UserName": "name", "Path": "path", "PermissionsBoundary": "permissions_boundary", "Tags": "tags"},
    ),
    "aws_iam_group": Shape("AWS::IAM::Group", {"GroupName": "name", "Path": "path"}),
    "aws_iam_role_policy": Shape("AWS::IAM::RolePolicy", {"RoleName": "role", **_INLINE}),
    "aws_iam_user_policy": Shape("AWS::IAM::UserPolicy", {"UserName": "user", **_INLINE}),
    "aws_iam_group_policy": Shape("AWS::IAM::GroupPolicy", {"GroupName": "group", **_INLINE}),
    "aws_iam_policy": Shape(
        "AWS::IAM::ManagedPolicy", {"ManagedPolicyName": "name", "Path": "path", "PolicyDocument": "policy"}
    ),
    "aws_iam_role_policy_attachment": Shape("permcheck::IAM::Attachment", {"Roles": "role", "PolicyArn": "policy_arn"}),
    "aws_iam_user_policy_attachment": Shape("permcheck::IAM::Attachment", {"Users": "user", "PolicyArn": "policy_arn"}),
    "aws_iam_group_policy_attachment": Shape(
        "permcheck::IAM::Attachment", {"Groups": "group", "PolicyArn": "policy_arn"}
    ),
    "aws_iam_policy_attachment": Shape(
        "permcheck::IAM::Attachment",
        {"Roles": "roles", "Users": "users", "Groups": "groups", "PolicyArn": "policy_arn"},
    ),
    "aws_iam_group_membership": Shape("AWS::IAM::UserToGroupAddition", {"GroupName": "group", "Users": "users"}),
    "aws_iam_openid_connect_provider": Shape(
        "AWS::IAM::OIDCProvider", {"Url": "url", "ClientIdList": "client_id_list"}
    ),
    "aws_iam_saml_provider": Shape("AWS::IAM::SAMLProvider", {"Name": "name"}),
    "aws_lambda_function": Shape("AWS::Lambda::Function", _FUNCTION),
    "aws_lambda_alias": Shape(
        "AWS::Lambda::Alias",
        {"FunctionName": "function_name", "Name": "name", "FunctionVersion": "function_version"},
    ),
    "aws_lambda_permission": Shape(
        "AWS::Lambda::Permission",
        {
            "Sid": "statement_id",
            "Action": "action",
            "FunctionName": "function_name",
            "Qualifier": "qualifier",
            "Principal": "principal",
            "SourceArn": "source_arn",
            "SourceAccount": "source_account",
            "PrincipalOrgID": "principal_org_id",
            "EventSourceToken": "event_source_token",
            "FunctionUrlAuthType": "function_url_auth_type",
            "InvokedViaFunctionUrl": "invoked_via_function_url",
        },
    ),
    "aws_lambda_function_url": Shape(
        "AWS::Lambda::Url",
        {
            "TargetFunctionArn": "function_name",
            "Qualifier": "qualifier",
            "AuthType": "authorization_type",
            "Cors.AllowOrigins": "cors.allow_origins",
            "Cors.AllowMethods": "cors.allow_methods",
            "Cors.AllowCredentials": "cors.allow_credentials",
        },
    ),
    "aws_lambda_event_source_mapping": Shape(
        "AWS::Lambda::EventSourceMapping",
        {
            "FunctionName": "function_name",
            "EventSourceArn": "event_source_arn",
            "Enabled": "enabled",
            "DestinationConfig.OnFailure.Destination": "destination_config.on_failure.destination_arn",
            "Topics": "topics",
            "SelfManagedEventSource.Endpoints": "self_managed_event_source.endpoints",
        },
        {"SourceAccessConfigurations": ("source_access_configuration", {"Type": "type", "URI": "uri"})},
    ),
    "aws_lambda_function_event_invoke_config": Shape(
        "AWS::Lambda::EventInvokeConfig", {"FunctionName": "function_name", "Qualifier": "qualifier", **_ENDS}
    ),
    "aws_lambda_layer_version": Shape("AWS::Lambda::LayerVersion", {"LayerName": "layer_name"}),
    "aws_lambda_layer_version_permission": Shape(
        "AWS::Lambda::LayerVersionPermission",
        {
            "LayerVersionArn": "layer_name",
            "Principal": "principal",
            "Action": "action",
            "OrganizationId": "organization_id",
        },
    ),
    "aws_lambda_code_signing_config": Shape("AWS::Lambda::CodeSigningConfig"),
    "aws_cognito_identity_pool": Shape(
        "AWS::Cognito::IdentityPool",
        {
            "IdentityPoolName": "identity_pool_name",
            "AllowUnauthenticatedIdentities": "allow_unauthenticated_identities",
            "AllowClassicFlow": "allow_classic_flow",
            "SupportedLoginProviders": "supported_login_providers",
            "OpenIdConnectProviderARNs": "openid_connect_provider_arns",
            "SamlProviderARNs": "saml_provider_arns",
            "DeveloperProviderName": "developer_provider_name",
        },
        {
            "CognitoIdentityProviders": (
                "cognito_identity_providers",
                {
                    "ClientId": "client_id",
                    "ProviderName": "provider_name",
                    "ServerSideTokenCheck": "server_side_token_check",
                },
            )
        },
    ),
    "aws_cognito_identity_pool_provider_principal_tag": Shape(
        "AWS::Cognito::IdentityPoolPrincipalTag",
        {
            "IdentityPoolId": "identity_pool_id",
            "IdentityProviderName": "identity_provider_name",
            "PrincipalTags": "principal_tags",
            "UseDefaults": "use_defaults",
        },
    ),
    "aws_cognito_user_pool": Shape(
        "AWS::Cognito::UserPool",
        {
            "UserPoolName": "name",
            "AdminCreateUserConfig.AllowAdminCreateUserOnly": "admin_create_user_config.allow_admin_create_user_only",
        },
        {"Schema": ("schema", {"Name": "name", "Mutable": "mutable"})},
    ),
    "aws_cognito_user_group": Shape(
        "AWS::Cognito::UserPoolGroup",
        {"UserPoolId": "user_pool_id", "GroupName": "name", "RoleArn": "role_arn", "Precedence": "precedence"},
    ),
    "aws_cognito_user_pool_client": Shape(
        "AWS::Cognito::UserPoolClient",
        {"UserPoolId": "user_pool_id", "ClientName": "name", "WriteAttributes": "write_attributes"},
    ),
    "aws_api_gateway_rest_api": Shape(
        "AWS::ApiGateway::RestApi",
        {
            "Name": "name",
            "Body": "body",
            "Policy": "policy",
            "EndpointConfiguration.Types": "endpoint_configuration.types",
        },
    ),
    "aws_api_gateway_resource": Shape(
        "AWS::ApiGateway::Resource", {"RestApiId": "rest_api_id", "ParentId": "parent_id", "PathPart": "path_part"}
    ),
    "aws_api_gateway_method": Shape(
        "AWS::ApiGateway::Method",
        {
            "RestApiId": "rest_api_id",
            "ResourceId": "resource_id",
            "HttpMethod": "http_method",
            "AuthorizationType": "authorization",
            "AuthorizerId": "authorizer_id",
            "ApiKeyRequired": "api_key_required",
        },
    ),
    "aws_api_gateway_authorizer": Shape("AWS::ApiGateway::Authorizer", _AUTHORIZER),
    "aws_api_gateway_deployment": Shape(
        "AWS::ApiGateway::Deployment", {"RestApiId": "rest_api_id", "StageName": "stage_name"}
    ),
    "aws_api_gateway_stage": Shape(
        "AWS::ApiGateway::Stage", {"RestApiId": "rest_api_id", "StageName": "stage_name", "Variables": "variables"}
    ),
    "aws_apigatewayv2_api": Shape(
        "AWS::ApiGatewayV2::Api",
        {
            "Name": "name",
            "ProtocolType": "protocol_type",
            "Body": "body",
            "Target": "target",
            "RouteKey": "route_key",
            "CredentialsArn": "credentials_arn",
        },
    ),
    "aws_apigatewayv2_route": Shape(
        "AWS::ApiGatewayV2::Route",
        {
            "ApiId": "api_id",
            "RouteKey": "route_key",
            "AuthorizationType": "authorization_type",
            "AuthorizerId": "authorizer_id",
            "ApiKeyRequired": "api_key_required",
            "Target": "target",
        },
    ),
    "aws_apigatewayv2_integration": Shape(
        "AWS::ApiGatewayV2::Integration",
        {"ApiId": "api_id", "IntegrationUri": "integration_uri", "CredentialsArn": "credentials_arn"},
    ),
    "aws_apigatewayv2_authorizer": Shape(
        "AWS::ApiGatewayV2::Authorizer",
        {
            "ApiId": "api_id",
            "Name": "name",
            "AuthorizerType": "authorizer_type",
            "AuthorizerUri": "authorizer_uri",
            "AuthorizerCredentialsArn": "authorizer_credentials_arn",
            "JwtConfiguration.Issuer": "jwt_configuration.issuer",
        },
    ),
    "aws_apigatewayv2_stage": Shape(
        "AWS::ApiGatewayV2::Stage",
        {
            "ApiId": "api_id",
            "StageName": "name",
            "StageVariables": "stage_variables",
            "DefaultRouteSettings.ThrottlingRateLimit": "default_route_settings.throttling_rate_limit",
        },
    ),
    "aws_s3_bucket": Shape("AWS::S3::Bucket", {"BucketName": "bucket", "Tags": "tags"}),
    "aws_s3_bucket_policy": Shape("AWS::S3::BucketPolicy", {"Bucket": "bucket", "PolicyDocument": "policy"}),
    "aws_sns_topic": Shape("AWS::SNS::Topic", {"TopicName": "name", "Tags": "tags"}),
    "aws_sns_topic_policy": Shape("AWS::SNS::TopicPolicy", {"Topics": "arn", "PolicyDocument": "policy"}),
    "aws_sns_topic_subscription": Shape(
        "AWS::SNS::Subscription", {"TopicArn": "topic_arn", "Protocol": "protocol", "Endpoint": "endpoint"}
    ),
    "aws_sqs_queue": Shape("AWS::SQS::Queue", {"QueueName": "name", "Tags": "tags"}),
    "aws_sqs_queue_policy": Shape("AWS::SQS::QueuePolicy", {"Queues": "queue_url", "PolicyDocument": "policy"}),
    "aws_kms_key": Shape("AWS::KMS::Key", {"KeyPolicy": "policy", "Tags": "tags"}),
    "aws_kms_alias": Shape("AWS::KMS::Alias", {"AliasName": "name", "TargetKeyId": "target_key_id"}),
    "aws_secretsmanager_secret": Shape("AWS::SecretsManager::Secret", {"Name": "name", "Tags": "tags"}),
    "aws_secretsmanager_secret_policy": Shape(
        "AWS::SecretsManager::ResourcePolicy", {"SecretId": "secret_arn", "ResourcePolicy": "policy"}
    ),
    "aws_dynamodb_table": Shape("AWS::DynamoDB::Table", {"TableName": "name", "Tags": "tags"}),
    "aws_kinesis_stream": Shape("AWS::Kinesis::Stream", {"Name": "name", "Tags": "tags"}),
    "aws_kinesis_resource_policy": Shape(
        "AWS::Kinesis::ResourcePolicy", {"ResourceArn": "resource_arn", "ResourcePolicy": "policy"}
    ),
    "aws_cloudwatch_event_bus": Shape("AWS::Events::EventBus", {"Name": "name"}),
    "aws_cloudwatch_event_rule": Shape(
        "AWS::Events::Rule",
        {
            "Name": "name",
            "EventBusName": "event_bus_name",
            "EventPattern": "event_pattern",
            "ScheduleExpression": "schedule_expression",
            "RoleArn": "role_arn",
            "State": "state",
        },
    ),
    "aws_scheduler_schedule": Shape(
        "AWS::Scheduler::Schedule",
        {
            "Name": "name",
            "GroupName": "group_name",
            "State": "state",
            "Target.Arn": "target.arn",
            "Target.RoleArn": "target.role_arn",
            "Target.Input": "target.input",
        },
    ),
    "aws_pipes_pipe": Shape(
        "AWS::Pipes::Pipe",
        {
            "Name": "name",
            "RoleArn": "role_arn",
            "Source": "source",
            "Target": "target",
            "Enrichment": "enrichment",
            "DesiredState": "desired_state",
        },
    ),
    "aws_sfn_state_machine": Shape(
        "AWS::StepFunctions::StateMachine",
        {"StateMachineName": "name", "RoleArn": "role_arn", "Definition": "definition"},
    ),
    "aws_iot_topic_rule": Shape(
        "AWS::IoT::TopicRule",
        {"RuleName": "name", "TopicRulePayload.Sql": "sql"},
    ),
    "aws_cloudwatch_log_subscription_filter": Shape(
        "AWS::Logs::SubscriptionFilter",
        {"LogGroupName": "log_group_name", "DestinationArn": "destination_arn", "RoleArn": "role_arn"},
    ),
    "aws_cloudwatch_metric_alarm": Shape(
        "AWS::CloudWatch::Alarm",
        {
            "AlarmName": "alarm_name",
            "ActionsEnabled": "actions_enabled",
            "AlarmActions": "alarm_actions",
            "OKActions": "ok_actions",
            "InsufficientDataActions": "insufficient_data_actions",
        },
    ),
    "aws_appsync_graphql_api": Shape(
        "AWS::AppSync::GraphQLApi",
        {"Name": "name", "LambdaAuthorizerConfig.AuthorizerUri": "lambda_authorizer_config.authorizer_uri"},
    ),
    "aws_appsync_datasource": Shape(
        "AWS::AppSync::DataSource",
        {
            "ApiId": "api_id",
            "ServiceRoleArn": "service_role_arn",
            "LambdaConfig.LambdaFunctionArn": "lambda_config.function_arn",
        },
    ),
}
