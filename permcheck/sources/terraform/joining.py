"""Resources of the AWS provider that are a part of another one in CloudFormation: they are put where they belong.

AWS provider documentation, the resource of the same name.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping

from permcheck.sources.declared import Names, Value, Where
from permcheck.sources.terraform.plan import Planned
from permcheck.sources.terraform.special import Made, like, members_of

Join = Callable[[list[Made], Planned, Value, Where], None]


def _of(made: Iterable[Made], kind: str, named: str | None) -> Made | None:
    """The resource of a type by its name or ARN."""
    return next((m for m in made if m.type == kind and named and named in (m.names.name, m.names.arn)), None)


def part(kind: str, argument: str, key: str, of: str = "policy") -> Join:
    """An argument that is a property of another resource, which is told by an argument too."""

    def join(made: list[Made], planned: Planned, given: Value, where: Where) -> None:
        owner, value = _of(made, kind, given.text(argument)), given.get(of)
        if owner is not None and value is not None:
            owner.add(key, value)

    return join


def integration(made: list[Made], planned: Planned, given: Value, where: Where) -> None:
    """aws_api_gateway_integration: what a method calls."""
    behind = members_of(given, Uri=given.get("uri"), Credentials=given.get("credentials"), Type=given.get("type"))
    wanted = tuple(given.text(key) for key in ("rest_api_id", "resource_id", "http_method"))
    for each in made:
        if each.type == "AWS::ApiGateway::Method":
            own = tuple(each.properties.text(key) for key in ("RestApiId", "ResourceId", "HttpMethod"))
            if own == wanted:
                each.add("Integration", behind)


def settings(made: list[Made], planned: Planned, given: Value, where: Where) -> None:
    """aws_api_gateway_method_settings: limits of a stage."""
    path, _, method = (given.text("method_path") or "*/*").rpartition("/")
    limits = given.get("settings")
    first = limits.raw[0] if limits is not None and isinstance(limits.raw, tuple) and limits.raw else limits
    entry = members_of(
        given,
        ResourcePath=like(given, f"/{path.strip('/')}"),
        HttpMethod=like(given, method),
        ThrottlingRateLimit=first.get("throttling_rate_limit") if first is not None else None,
    )
    for each in made:
        own = (each.properties.text("RestApiId"), each.properties.text("StageName"))
        if each.type == "AWS::ApiGateway::Stage" and own == (given.text("rest_api_id"), given.text("stage_name")):
            each.add("MethodSettings", like(given, (entry,)))


def notification(made: list[Made], planned: Planned, given: Value, where: Where) -> None:
    """aws_s3_bucket_notification: whom a bucket tells. A bucket that is not of this plan is made for it."""
    bucket = given.text("bucket")
    owner = _of(made, "AWS::S3::Bucket", bucket)
    if owner is None:
        if bucket is None:
            return
        named = members_of(given, BucketName=given.get("bucket"))
        arn = f"arn:{where.partition}:s3:::{bucket}"
        owner = Made("AWS::S3::Bucket", planned, named, Names(bucket, arn), where)
        made.append(owner)
    found = members_of(
        given,
        LambdaConfigurations=_told(given, "lambda_function", "lambda_function_arn", "Function"),
        QueueConfigurations=_told(given, "queue", "queue_arn", "Queue"),
        TopicConfigurations=_told(given, "topic", "topic_arn", "Topic"),
    )
    owner.add("NotificationConfiguration", found)


def _told(given: Value, block: str, argument: str, key: str) -> Value | None:
    entries = []
    for each in given.entries(block):
        rules = [
            members_of(each, Name=like(each, end), Value=each.get(f"filter_{end}"))
            for end in ("prefix", "suffix")
            if each.text(f"filter_{end}")
        ]
        limited = members_of(each, S3Key=members_of(each, Rules=like(each, tuple(rules)))) if rules else None
        entries.append(members_of(each, **{key: each.get(argument), "Filter": limited}))
    return like(given, tuple(entries)) if entries else None


def target(made: list[Made], planned: Planned, given: Value, where: Where) -> None:
    """aws_cloudwatch_event_target: where a rule sends events."""
    bus = (given.text("event_bus_name") or "default").rsplit("/", 1)[-1]
    entry = members_of(given, Arn=given.get("arn"), RoleArn=given.get("role_arn"))
    for each in _rules(made, given.text("rule")):
        if (each.properties.text("EventBusName") or "default").rsplit("/", 1)[-1] == bus:
            each.add("Targets", like(given, (entry,)))


def _rules(made: Iterable[Made], named: str | None) -> Iterator[Made]:
    yield from (m for m in made if m.type == "AWS::Events::Rule" and named in (m.names.name, m.names.arn))


JOINS: Mapping[str, Join] = {
    "aws_api_gateway_integration": integration,
    "aws_api_gateway_method_settings": settings,
    "aws_api_gateway_rest_api_policy": part("AWS::ApiGateway::RestApi", "rest_api_id", "Policy"),
    "aws_s3_bucket_notification": notification,
    "aws_cloudwatch_event_target": target,
    "aws_cloudwatch_event_bus_policy": part("AWS::Events::EventBus", "event_bus_name", "Policy"),
    "aws_kms_key_policy": part("AWS::KMS::Key", "key_id", "KeyPolicy"),
}
