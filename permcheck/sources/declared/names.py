"""What a declared resource will be called: name, id and ARN, before AWS has made it.

A name that is given counts. One that AWS would make up gets a stand-in of the stack's and the resource's logical name,
so that every reference to the resource says the same. ARN forms: Service Authorization Reference, "Resource types
defined by …", of each service.
"""

import re

from permcheck.frozen import dataclass
from permcheck.sources.declared.value import Value, shown

ACCOUNT = "000000000001"  # stands in for an account that nobody tells; AWS gives none out like it
REGION = "us-east-1"


@dataclass(frozen=True, slots=True)
class Where:
    """Where a template is deployed. stack: name of the stack, or of what else groups resources."""

    account: str = ACCOUNT
    region: str = REGION
    partition: str = "aws"
    stack: str = "stack"


@dataclass(frozen=True, slots=True)
class Names:
    """name: what other resources call it by, an id where it has no name. arn: empty for what has none of its own."""

    name: str
    arn: str = ""


@dataclass(frozen=True, slots=True)
class _Form:
    """How a type is called. key: the property with its name, "" where AWS makes up an id. arn: form of its ARN.

    In arn, n is the name and path an IAM path. id: form of a made-up id, where it is not the stack's and logical name.
    """

    key: str
    arn: str
    id: str = ""


_OWN = "arn:{p}:%s:{r}:{a}:%s"


def _at(service: str, rest: str) -> str:
    return _OWN % (service, rest)


_IAM = "arn:{p}:iam::{a}:%s{path}{n}"
_FORMS = {
    "AWS::IAM::Role": _Form("RoleName", _IAM % "role"),
    "AWS::IAM::User": _Form("UserName", _IAM % "user"),
    "AWS::IAM::Group": _Form("GroupName", _IAM % "group"),
    "AWS::IAM::ManagedPolicy": _Form("ManagedPolicyName", _IAM % "policy"),
    "AWS::IAM::InstanceProfile": _Form("InstanceProfileName", _IAM % "instance-profile"),
    "AWS::IAM::OIDCProvider": _Form("", "arn:{p}:iam::{a}:oidc-provider/{n}"),
    "AWS::IAM::SAMLProvider": _Form("Name", "arn:{p}:iam::{a}:saml-provider/{n}"),
    "AWS::Lambda::Function": _Form("FunctionName", _at("lambda", "function:{n}")),
    "AWS::Lambda::LayerVersion": _Form("LayerName", _at("lambda", "layer:{n}:1")),
    "AWS::Lambda::CodeSigningConfig": _Form("", _at("lambda", "code-signing-config:{n}")),
    "AWS::Lambda::EventSourceMapping": _Form("", _at("lambda", "event-source-mapping:{n}"), "{logical}"),
    "AWS::Cognito::IdentityPool": _Form("", _at("cognito-identity", "identitypool/{n}"), "{r}:{logical}"),
    "AWS::Cognito::UserPool": _Form("", _at("cognito-idp", "userpool/{n}"), "{r}_{logical}"),
    "AWS::Cognito::UserPoolClient": _Form("", "", "{logical}"),
    "AWS::Cognito::UserPoolGroup": _Form("GroupName", ""),
    "AWS::ApiGateway::RestApi": _Form("", "arn:{p}:apigateway:{r}::/restapis/{n}", "{logical}"),
    "AWS::ApiGateway::Resource": _Form("", "", "{logical}"),
    "AWS::ApiGateway::Authorizer": _Form("", "", "{logical}"),
    "AWS::ApiGateway::Deployment": _Form("", "", "{logical}"),
    "AWS::ApiGateway::Stage": _Form("StageName", ""),
    "AWS::ApiGatewayV2::Api": _Form("", "arn:{p}:apigateway:{r}::/apis/{n}", "{logical}"),
    "AWS::ApiGatewayV2::Integration": _Form("", "", "{logical}"),
    "AWS::ApiGatewayV2::Route": _Form("", "", "{logical}"),
    "AWS::ApiGatewayV2::Authorizer": _Form("", "", "{logical}"),
    "AWS::ApiGatewayV2::Stage": _Form("StageName", ""),
    "AWS::S3::Bucket": _Form("BucketName", "arn:{p}:s3:::{n}"),
    "AWS::SNS::Topic": _Form("TopicName", _at("sns", "{n}")),
    "AWS::SQS::Queue": _Form("QueueName", _at("sqs", "{n}")),
    "AWS::DynamoDB::Table": _Form("TableName", _at("dynamodb", "table/{n}")),
    "AWS::DynamoDB::GlobalTable": _Form("TableName", _at("dynamodb", "table/{n}")),
    "AWS::Kinesis::Stream": _Form("Name", _at("kinesis", "stream/{n}")),
    "AWS::KinesisFirehose::DeliveryStream": _Form("DeliveryStreamName", _at("firehose", "deliverystream/{n}")),
    "AWS::KMS::Key": _Form("", _at("kms", "key/{n}"), "{logical}"),
    "AWS::KMS::Alias": _Form("AliasName", _at("kms", "{n}")),
    "AWS::SecretsManager::Secret": _Form("Name", _at("secretsmanager", "secret:{n}-000000")),
    "AWS::SSM::Parameter": _Form("Name", _at("ssm", "parameter/{n}")),
    "AWS::Events::Rule": _Form("Name", _at("events", "rule/{n}")),
    "AWS::Events::EventBus": _Form("Name", _at("events", "event-bus/{n}")),
    "AWS::StepFunctions::StateMachine": _Form("StateMachineName", _at("states", "stateMachine:{n}")),
    "AWS::Scheduler::Schedule": _Form("Name", _at("scheduler", "schedule/{group}/{n}")),
    "AWS::Pipes::Pipe": _Form("Name", _at("pipes", "pipe/{n}")),
    "AWS::Logs::LogGroup": _Form("LogGroupName", _at("logs", "log-group:{n}")),
    "AWS::CloudWatch::Alarm": _Form("AlarmName", _at("cloudwatch", "alarm:{n}")),
    "AWS::CloudWatch::CompositeAlarm": _Form("AlarmName", _at("cloudwatch", "alarm:{n}")),
    "AWS::IoT::TopicRule": _Form("RuleName", _at("iot", "rule/{n}")),
    "AWS::AppSync::GraphQLApi": _Form("", _at("appsync", "apis/{n}"), "{logical}"),
    "AWS::ECR::Repository": _Form("RepositoryName", _at("ecr", "repository/{n}")),
    "AWS::CodeBuild::Project": _Form("Name", _at("codebuild", "project/{n}")),
    "AWS::CodePipeline::Pipeline": _Form("Name", _at("codepipeline", "{n}")),
    "AWS::ECS::Cluster": _Form("ClusterName", _at("ecs", "cluster/{n}")),
    "AWS::CloudFront::Distribution": _Form("", "arn:{p}:cloudfront::{a}:distribution/{n}", "{logical}"),
    "AWS::MSK::Cluster": _Form("ClusterName", _at("kafka", "cluster/{n}/00000000")),
    "AWS::EFS::FileSystem": _Form("", _at("elasticfilesystem", "file-system/{n}"), "{logical}"),
    "AWS::EFS::AccessPoint": _Form("", _at("elasticfilesystem", "access-point/{n}"), "{logical}"),
}
_UNFIT_LOWER = re.compile(r"[^a-z0-9.\-]+")


# The properties that decide how something is called.
NAMING = frozenset(
    (*(form.key for form in _FORMS.values() if form.key), *"Name Path EventBusName GroupName Url".split())
) | {"FunctionName", "TargetFunctionArn"}


def names(kind: str, logical: str, properties: Value, where: Where) -> Names:
    """What a resource of a CloudFormation type will be called.

    logical: its logical name or address. properties: in CloudFormation's names; only those that name it are read.
    """
    if kind in ("AWS::Lambda::Alias", "AWS::Lambda::Version", "AWS::Lambda::Url"):
        return _of_function(kind, properties, where)
    form = _FORMS.get(kind)
    here = {"p": where.partition, "r": where.region, "a": where.account, "logical": logical}
    if form is None:
        service, _, rest = kind.removeprefix("AWS::").partition("::")
        name = f"{where.stack}-{logical}"
        own = f"{service.lower()}:{where.region}:{where.account}:{rest.lower()}/{name}"
        return Names(name, f"arn:{where.partition}:{own}")
    name = (properties.text(form.key) if form.key else None) or (
        form.id.format(**here) if form.id else f"{where.stack}-{logical}"
    )
    if kind == "AWS::IAM::OIDCProvider":
        name = shown(properties.written("Url") or name).removeprefix("https://")
    if kind == "AWS::S3::Bucket" and properties.get("BucketName") is None:
        name = _UNFIT_LOWER.sub("-", name.lower())
    if kind == "AWS::SSM::Parameter":
        here["n"] = name.removeprefix("/")
    if kind == "AWS::Events::Rule":
        bus = (properties.text("EventBusName") or "default").rsplit("/", 1)[-1]
        here["n"] = name if bus == "default" else f"{bus}/{name}"
    path = properties.text("Path") or "/"
    group = properties.text("GroupName") or "default"
    return Names(name, form.arn.format(**{"n": name, "path": path, "group": group} | here))


def _of_function(kind: str, properties: Value, where: Where) -> Names:
    """An alias, version or URL is named after its function. A version's number is not known: it counts as 1."""
    named = properties.text("FunctionName") or properties.text("TargetFunctionArn") or ""
    own = (
        named
        if named.startswith("arn:")
        else _at("lambda", "function:{n}").format(
            p=where.partition, r=where.region, a=where.account, n=named.rsplit(":function:", 1)[-1]
        )
    )
    if kind == "AWS::Lambda::Url":
        return Names(own, own)
    name = "1" if kind == "AWS::Lambda::Version" else properties.text("Name") or ""
    return Names(name, f"{':'.join(own.split(':')[:7])}:{name}")
