"""What Ref and Fn::GetAtt give, by type (CloudFormation Template Reference, "Return values" of each type)."""

from permcheck.sources.declared import Names, Where, unknown

# Types whose Ref is the ARN. For most others it is the name or id; for a queue it is its URL.
_REF_IS_ARN = frozenset(
    (
        "AWS::AppSync::GraphQLApi",
        "AWS::Batch::JobQueue",
        "AWS::CertificateManager::Certificate",
        "AWS::CloudFormation::Stack",
        "AWS::ECS::Service",
        "AWS::ECS::TaskDefinition",
        "AWS::ElasticLoadBalancingV2::Listener",
        "AWS::ElasticLoadBalancingV2::LoadBalancer",
        "AWS::ElasticLoadBalancingV2::TargetGroup",
        "AWS::IAM::ManagedPolicy",
        "AWS::IAM::OIDCProvider",
        "AWS::IAM::SAMLProvider",
        "AWS::Lambda::Alias",
        "AWS::Lambda::CodeSigningConfig",
        "AWS::Lambda::LayerVersion",
        "AWS::Lambda::Version",
        "AWS::MSK::Cluster",
        "AWS::SNS::Topic",
        "AWS::SecretsManager::Secret",
        "AWS::StepFunctions::StateMachine",
    )
)
_NAMES = frozenset(
    (
        *"ApiId AuthorizerId ClientId FunctionName Id KeyId Name QueueName Ref RestApiId ResourceId RoleName".split(),
        *"StageName TableName TopicName UserPoolId".split(),
    )
)
_ARNS = frozenset(
    "AliasArn Arn CodeSigningConfigArn FunctionArn LayerVersionArn PolicyArn StateMachineArn TableArn TopicArn".split()
)


def ref(kind: str, names: Names, where: Where) -> str:
    """The value of Ref."""
    if kind == "AWS::SQS::Queue":
        return _queue_url(names, where)
    if kind == "AWS::Lambda::Url":
        return names.arn
    return names.arn if kind in _REF_IS_ARN and names.arn else names.name


def attribute(kind: str, logical: str, name: str, names: Names, where: Where) -> str:
    """The value of Fn::GetAtt; one that only AWS knows is unknown."""
    if kind.startswith("Custom::") or kind == "AWS::CloudFormation::CustomResource":
        return unknown(f"{logical}.{name}")
    if kind == "AWS::Logs::LogGroup" and name == "Arn":
        return f"{names.arn}:*"
    if kind == "AWS::SecretsManager::Secret" and name == "Id":
        return names.arn
    if kind == "AWS::SQS::Queue" and name == "QueueUrl":
        return _queue_url(names, where)
    if kind == "AWS::Cognito::UserPool" and name in ("ProviderName", "ProviderURL"):
        provider = f"cognito-idp.{where.region}.{_domain(where)}/{names.name}"
        return provider if name == "ProviderName" else f"https://{provider}"
    if kind == "AWS::ApiGateway::RestApi" and name == "RootResourceId":
        return f"{names.name}.RootResourceId"
    if kind == "AWS::DynamoDB::Table" and name == "StreamArn":
        return f"{names.arn}/stream/2000-01-01T00:00:00.000"
    if kind == "AWS::Lambda::Version" and name == "Version":
        return names.name
    if kind == "AWS::Lambda::Function" and name.startswith("SnapStart"):
        return unknown(f"{logical}.{name}")
    if name in _NAMES:
        return names.name
    if name in _ARNS and names.arn:
        return names.arn
    return unknown(f"{logical}.{name}")


def _queue_url(names: Names, where: Where) -> str:
    return f"https://sqs.{where.region}.{_domain(where)}/{where.account}/{names.name}"


def _domain(where: Where) -> str:
    return "amazonaws.com.cn" if where.partition == "aws-cn" else "amazonaws.com"


def pseudo(name: str, where: Where) -> str | None:
    """The value of a pseudo parameter (CloudFormation Template Reference, "Pseudo parameters reference")."""
    return {
        "AWS::AccountId": where.account,
        "AWS::Region": where.region,
        "AWS::Partition": where.partition,
        "AWS::URLSuffix": _domain(where),
        "AWS::StackName": where.stack,
        "AWS::StackId": f"arn:{where.partition}:cloudformation:{where.region}:{where.account}:stack/{where.stack}/0",
        "AWS::NotificationARNs": "",
    }.get(name)
