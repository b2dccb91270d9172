"""Which reader of AWS CLI captures reads the answer to which call, and what stands where in it.

A reader is chosen by the call, never by what the answer looks like: an empty answer has no looks.
"""

from collections.abc import Callable, Mapping
from dataclasses import field

from permcheck.frozen import dataclass
from permcheck.sources.files import (
    buckets,
    cognito,
    control_policies,
    event_rules,
    event_sources,
    http_apis,
    iam_details,
    invoke_configs,
    lambda_,
    lambda_entrances,
    organizations,
    resource_policies,
    rest_apis,
    rest_stages,
    topics,
    user_pools,
)
from permcheck.sources.files.reading import Reading
from permcheck.sources.files.shapes import JsonObject
from permcheck.sources.snapshot import own_policies, unknowns
from permcheck.sources.snapshot.subjects import Template, function, queue, rule
from permcheck.sources.snapshot.unknowns import Failed

Read = Callable[[Reading, JsonObject, str], None]


def _nothing(reading: Reading, value: JsonObject, at: str) -> None:
    """For answers that only tell what to ask next."""


@dataclass(frozen=True, slots=True)
class Reader:
    """How the answer to one call is read.

    command: what the AWS CLI calls it, and what the readers of its captures know it by. subject: what the answer is
    about. entries: lists whose entries are things of their own, with their ARNs. owner: what readers call the thing
    that the answer does not name, where that is not its ARN. whole: what a listing to its end shows all of, as the
    service segment of its ARNs. failed: marks what is unknown where the call gave no answer.
    """

    command: str
    read: Read
    subject: Template | None = None
    entries: Mapping[str, str] = field(default_factory=dict)
    owner: Template | None = None
    whole: str = ""
    failed: Failed = unknowns.nothing


_POOL = "arn:{partition}:cognito-identity:{region}:{account}:identitypool/{IdentityPoolId}"
_USERS = "arn:{partition}:cognito-idp:{region}:{account}:userpool/"
_REST = "arn:{partition}:apigateway:{region}::/restapis/"
_HTTP = "arn:{partition}:apigateway:{region}::/apis/"
_FUNCTION = "arn:{partition}:lambda:{region}:{account}:function:{FunctionName}"
_BUCKET = "arn:{partition}:s3:::{Bucket}"
_KEY = "arn:{partition}:kms:{region}:{account}:key/{KeyId}"
_MAPPING = "arn:{partition}:lambda:{region}:{account}:event-source-mapping:{UUID}"
_LAYER = "{LayerName}:{VersionNumber}"
_ARN = "{Arn}"


def _rest(command: str, read: Read, failed: Failed = unknowns.nothing) -> Reader:
    return Reader(command, read, _REST + "{restApiId}", owner="{restApiId}", failed=failed)


def _http(command: str, read: Read, failed: Failed = unknowns.nothing) -> Reader:
    return Reader(command, read, _HTTP + "{ApiId}", owner="{ApiId}", failed=failed)


READERS: dict[tuple[str, str], Reader] = {
    ("sts", "AssumeRole"): Reader("assume-role", _nothing, "{RoleArn}"),
    ("iam", "GetAccountAuthorizationDetails"): Reader(
        iam_details.OPERATION,
        iam_details.details,
        entries=dict.fromkeys((*iam_details.LISTS, "Policies"), _ARN),
        whole="iam",
    ),
    ("lambda", "ListFunctions"): Reader(
        "list-functions", lambda_.functions, entries={"Functions": "{FunctionArn}"}, whole="lambda"
    ),
    ("lambda", "ListAliases"): Reader("list-aliases", lambda_entrances.aliases, _FUNCTION, {"Aliases": "{AliasArn}"}),
    ("lambda", "GetPolicy"): Reader("get-policy", own_policies.function, function, failed=unknowns.function_policy),
    ("lambda", "GetResourcePolicy"): Reader(
        "get-resource-policy", own_policies.function, "{ResourceArn}", failed=unknowns.function_policy
    ),
    ("lambda", "ListFunctionUrlConfigs"): Reader(
        "list-function-url-configs",
        lambda_entrances.urls,
        _FUNCTION,
        {"FunctionUrlConfigs": "{FunctionArn}"},
        failed=unknowns.urls,
    ),
    ("lambda", "ListFunctionEventInvokeConfigs"): Reader(
        "list-function-event-invoke-configs",
        invoke_configs.invoke_configs,
        _FUNCTION,
        {"FunctionEventInvokeConfigs": "{FunctionArn}"},
    ),
    ("lambda", "ListEventSourceMappings"): Reader(
        "list-event-source-mappings",
        lambda_entrances.mappings,
        entries={"EventSourceMappings": _MAPPING},
        whole="lambda",
    ),
    ("lambda", "GetLayerVersionPolicy"): Reader(
        "get-layer-version-policy", own_policies.resource, _LAYER, failed=unknowns.resource_policy
    ),
    ("resourcegroupstaggingapi", "GetResources"): Reader(
        "resourcegroupstaggingapi get-resources",
        invoke_configs.tagged,
        entries={"ResourceTagMappingList": "{ResourceARN}"},
    ),
    ("cognito-identity", "ListIdentityPools"): Reader(
        "list-identity-pools", cognito.pools, entries={"IdentityPools": _POOL}, whole="cognito-identity"
    ),
    ("cognito-identity", "DescribeIdentityPool"): Reader(
        "describe-identity-pool", cognito.described, _POOL, failed=unknowns.nothing
    ),
    ("cognito-identity", "GetIdentityPoolRoles"): Reader("get-identity-pool-roles", cognito.roles, _POOL),
    ("cognito-identity", "GetPrincipalTagAttributeMap"): Reader(
        "get-principal-tag-attribute-map", cognito.principal_tags, _POOL
    ),
    ("cognito-idp", "ListUserPools"): Reader(
        "list-user-pools", user_pools.pools, entries={"UserPools": _USERS + "{Id}"}, whole="cognito-idp"
    ),
    ("cognito-idp", "DescribeUserPool"): Reader("describe-user-pool", user_pools.described, _USERS + "{UserPoolId}"),
    ("cognito-idp", "ListGroups"): Reader("cognito-idp list-groups", own_policies.groups, _USERS + "{UserPoolId}"),
    ("cognito-idp", "ListUserPoolClients"): Reader(
        "list-user-pool-clients", user_pools.clients, _USERS + "{UserPoolId}"
    ),
    ("cognito-idp", "DescribeUserPoolClient"): Reader(
        "describe-user-pool-client", user_pools.client, _USERS + "{UserPoolId}"
    ),
    ("apigateway", "GetRestApis"): Reader(
        "get-rest-apis", rest_apis.apis, entries={"items": _REST + "{id}"}, whole="execute-api"
    ),
    ("apigateway", "GetResources"): _rest("get-resources", rest_apis.resources, unknowns.rest_routes),
    ("apigateway", "GetStages"): _rest("get-stages", rest_stages.stages),
    ("apigateway", "GetAuthorizers"): _rest("get-authorizers", rest_stages.authorizers),
    ("apigatewayv2", "GetApis"): Reader(
        "get-apis", http_apis.apis, entries={"Items": _HTTP + "{ApiId}"}, whole="execute-api"
    ),
    ("apigatewayv2", "GetRoutes"): _http("get-routes", http_apis.routes, unknowns.http_routes),
    ("apigatewayv2", "GetIntegrations"): _http("get-integrations", http_apis.integrations, unknowns.http_routes),
    ("apigatewayv2", "GetStages"): _http("get-stages", http_apis.stages),
    ("apigatewayv2", "GetAuthorizers"): _http("get-authorizers", http_apis.authorizers),
    ("s3", "ListBuckets"): Reader("list-buckets", _nothing),
    ("s3", "GetBucketPolicy"): Reader(
        "get-bucket-policy", own_policies.resource, _BUCKET, failed=unknowns.resource_policy
    ),
    ("s3", "GetBucketNotificationConfiguration"): Reader(
        "get-bucket-notification-configuration", buckets.notifications, _BUCKET
    ),
    ("sns", "ListTopics"): Reader("list-topics", _nothing),
    ("sns", "ListSubscriptions"): Reader(
        "list-subscriptions", topics.subscriptions, entries={"Subscriptions": "{TopicArn}"}
    ),
    ("sns", "GetTopicAttributes"): Reader(
        "get-topic-attributes", topics.topic, "{TopicArn}", failed=unknowns.resource_policy
    ),
    ("sqs", "ListQueues"): Reader("list-queues", _nothing),
    ("sqs", "GetQueueAttributes"): Reader("get-queue-attributes", topics.queue, queue, failed=unknowns.resource_policy),
    ("events", "ListEventBuses"): Reader("list-event-buses", event_rules.buses, entries={"EventBuses": _ARN}),
    ("events", "ListRules"): Reader("list-rules", event_rules.rules, entries={"Rules": _ARN}, whole="events"),
    ("events", "ListTargetsByRule"): Reader("list-targets-by-rule", event_rules.targets, rule),
    ("kms", "ListKeys"): Reader("list-keys", _nothing),
    ("kms", "GetKeyPolicy"): Reader("get-key-policy", own_policies.resource, _KEY, failed=unknowns.resource_policy),
    ("secretsmanager", "ListSecrets"): Reader("list-secrets", _nothing),
    ("secretsmanager", "GetResourcePolicy"): Reader(
        "get-resource-policy", resource_policies.secret, "{SecretId}", failed=unknowns.resource_policy
    ),
    ("dynamodb", "ListTables"): Reader("list-tables", _nothing),
    ("dynamodb", "GetResourcePolicy"): Reader(
        "get-resource-policy", own_policies.resource, "{ResourceArn}", failed=unknowns.resource_policy
    ),
    ("iot", "ListTopicRules"): Reader(
        "list-topic-rules", event_sources.topic_rules, entries={"rules": "{ruleArn}"}, whole="iot"
    ),
    ("iot", "GetTopicRule"): Reader(
        "get-topic-rule", event_sources.topic_rule, "arn:{partition}:iot:{region}:{account}:rule/{ruleName}"
    ),
    ("organizations", "DescribeOrganization"): Reader(
        "describe-organization", organizations.organization, failed=unknowns.organization
    ),
    ("organizations", "ListRoots"): Reader(
        "list-roots", organizations.roots, entries={"Roots": _ARN}, failed=unknowns.organization
    ),
    ("organizations", "ListAccounts"): Reader("list-accounts", organizations.accounts, entries={"Accounts": _ARN}),
    ("organizations", "ListOrganizationalUnitsForParent"): Reader(
        "list-organizational-units-for-parent", organizations.units, entries={"OrganizationalUnits": _ARN}
    ),
    ("organizations", "ListAccountsForParent"): Reader(
        "list-accounts-for-parent", organizations.accounts, entries={"Accounts": _ARN}
    ),
    ("organizations", "ListPolicies"): Reader(
        "list-policies",
        control_policies.policies,
        entries={"Policies": _ARN},
        whole="organizations",
        failed=unknowns.organization,
    ),
    ("organizations", "DescribePolicy"): Reader("describe-policy", control_policies.policy),
    ("organizations", "ListTargetsForPolicy"): Reader("list-targets-for-policy", control_policies.targets),
}
