"""Resources of the AWS provider that are no resource of CloudFormation's, or more than one.

AWS provider documentation, the resource of the same name.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from permcheck.sources.declared import Names, Value, Where
from permcheck.sources.declared.value import Raw
from permcheck.sources.files.reader import HOLDS_KEY, holds_key
from permcheck.sources.terraform.plan import Planned


@dataclass(slots=True)
class Made:
    """A declared resource in the making: others may add to its properties."""

    type: str
    planned: Planned
    properties: Value
    names: Names
    where: Where

    def add(self, key: str, value: Value) -> None:
        """Set a property, or add to one that is a list."""
        raw = dict(self.properties.raw) if isinstance(self.properties.raw, Mapping) else {}
        old = raw.get(key)
        if old is not None and isinstance(old.raw, tuple) and isinstance(value.raw, tuple):
            value = Value((*old.raw, *value.raw), old.source, old.pointer)
        raw[key] = value
        self.properties = Value(raw, self.properties.source, self.properties.pointer)


Special = Callable[[list[Made], Planned, Value, Where], None]


def like(value: Value, raw: Raw) -> Value:
    """A value that stands where another stands."""
    return Value(raw, value.source, value.pointer)


def members_of(of: Value, **members: Value | None) -> Value:
    """An object of the members that are told, where another value stands."""
    return like(of, {key: value for key, value in members.items() if value is not None})


def _new(made: list[Made], kind: str, planned: Planned, properties: Value, where: Where) -> None:
    made.append(Made(kind, planned, properties, Names(planned.address), where))


def open_url(made: list[Made], planned: Planned, given: Value, where: Where) -> None:
    """A URL without authorization: the provider itself adds both grants as it makes it, and no plan or state has them.

    AWS provider documentation, aws_lambda_function_url.
    """
    auth = given.get("authorization_type")
    if auth is None or auth.text() != "NONE":
        return
    function, qualifier = given.get("function_name"), given.get("qualifier")
    common = {"FunctionName": function, "Qualifier": qualifier, "Principal": like(auth, "*")}
    through = like(auth, "true")
    invoke = members_of(given, Action=like(auth, "lambda:InvokeFunction"), InvokedViaFunctionUrl=through, **common)
    url = members_of(given, Action=like(auth, "lambda:InvokeFunctionUrl"), FunctionUrlAuthType=auth, **common)
    _new(made, "AWS::Lambda::Permission", planned, url, where)
    _new(made, "AWS::Lambda::Permission", planned, invoke, where)


def own_policy(kind: str, key: str, argument: str = "policy") -> Special:
    """A policy that stands in the resource itself, where CloudFormation has a resource for it."""

    def special(made: list[Made], planned: Planned, given: Value, where: Where) -> None:
        policy = given.get(argument)
        own = made[-1]
        if policy is None or policy.raw == "" or own.planned is not planned:
            return
        named = own.names.arn if key in ("Topics", "Queues", "SecretId", "ResourceArn") else own.names.name
        raw = {key: like(given, named), "PolicyDocument": policy}
        _new(made, kind, planned, like(given, raw), where)

    return special


def policy_apart(kind: str, key: str, argument: str) -> Special:
    """A policy in a resource of its own, for something told by the argument."""

    def special(made: list[Made], planned: Planned, given: Value, where: Where) -> None:
        properties = members_of(given, **{key: given.get(argument), "PolicyDocument": given.get("policy")})
        _new(made, kind, planned, properties, where)

    return special


def user_pool_triggers(made: list[Made], planned: Planned, given: Value, where: Where) -> None:
    """The lambda_config block of aws_cognito_user_pool."""
    found: dict[str, Value] = {}
    for block in given.entries("lambda_config"):
        for key, value in block.members():
            entry = value.raw[0] if isinstance(value.raw, tuple) and value.raw else value
            arn = entry.get("lambda_arn") or (entry if isinstance(entry.raw, str) else None)
            if arn is not None and arn.raw and key != "kms_key_id":
                found["".join(part.capitalize() for part in key.split("_"))] = members_of(arn, LambdaArn=arn)
    if found:
        made[-1].add("LambdaConfig", like(given, found))


def memberships(made: list[Made], planned: Planned, given: Value, where: Where) -> None:
    """aws_iam_user_group_membership: one user, many groups."""
    user = given.get("user")
    for group in given.entries("groups"):
        users = like(user, (user,)) if user is not None else None
        _new(made, "AWS::IAM::UserToGroupAddition", planned, members_of(given, GroupName=group, Users=users), where)


def attachments(made: list[Made], planned: Planned, given: Value, where: Where) -> None:
    """aws_iam_role_policy_attachments_exclusive."""
    for arn in given.entries("policy_arns"):
        properties = members_of(given, Roles=given.get("role_name"), PolicyArn=arn)
        _new(made, "permcheck::IAM::Attachment", planned, properties, where)


def topic_rule(made: list[Made], planned: Planned, given: Value, where: Where) -> None:
    """The lambda blocks of aws_iot_topic_rule, and whether the rule is on."""
    blocks = [*given.entries("lambda"), *(b for e in given.entries("error_action") for b in e.entries("lambda"))]
    actions = tuple(members_of(b, Lambda=members_of(b, FunctionArn=b.get("function_arn"))) for b in blocks)
    payload = members_of(
        given,
        Sql=given.get("sql"),
        RuleDisabled=like(given, given.flag("enabled") is False),
        Actions=like(given, actions),
    )
    made[-1].add("TopicRulePayload", payload)


def key_in_environment(made: list[Made], planned: Planned, given: Value, where: Where) -> None:
    """Of the environment of aws_lambda_function nothing is kept but whether an access key stands in it."""
    blocks = planned.values.get("environment")
    for block in blocks if isinstance(blocks, list) else ():
        variables = block.get("variables") if isinstance(block, dict) else None
        if holds_key({"Variables": variables}):
            made[-1].add(HOLDS_KEY, like(given, True))


def route_target(made: list[Made], planned: Planned, given: Value, where: Where) -> None:
    """``integrations/${…id}``, of which the plan tells only the reference."""
    target = given.get("target")
    text = target.text() if target is not None else None
    if target is not None and text is not None and "/" not in text and not target.unknown:
        made[-1].add("Target", like(target, f"integrations/{text}"))


def rule_state(made: list[Made], planned: Planned, given: Value, where: Where) -> None:
    """is_enabled, the old way to switch a rule of EventBridge off."""
    if given.flag("is_enabled") is False:
        made[-1].add("State", like(given, "DISABLED"))


SPECIAL: dict[str, Special] = {
    "aws_apigatewayv2_route": route_target,
    "aws_lambda_function": key_in_environment,
    "aws_lambda_function_url": open_url,
    "aws_cognito_user_pool": user_pool_triggers,
    "aws_iam_user_group_membership": memberships,
    "aws_iam_role_policy_attachments_exclusive": attachments,
    "aws_iot_topic_rule": topic_rule,
    "aws_cloudwatch_event_rule": rule_state,
    "aws_s3_bucket": own_policy("AWS::S3::BucketPolicy", "Bucket"),
    "aws_sns_topic": own_policy("AWS::SNS::TopicPolicy", "Topics"),
    "aws_sqs_queue": own_policy("AWS::SQS::QueuePolicy", "Queues"),
    "aws_secretsmanager_secret": own_policy("AWS::SecretsManager::ResourcePolicy", "SecretId"),
    "aws_dynamodb_resource_policy": policy_apart("AWS::Kinesis::ResourcePolicy", "ResourceArn", "resource_arn"),
}
