"""A small account that holds one of everything a scan reads."""

import io
import json
import zipfile
from typing import Any

from tests.live.endpoint import ACCOUNT, REGION, Endpoint, Json

# In every place where a secret may stand; none of them may come out anywhere.
SECRETS = tuple(f"planted-{place}-7c1" for place in ("environment", "input", "mail", "header", "stage"))
ENVIRONMENT, INPUT, MAIL, HEADER, STAGE = SECRETS
ACCESS_KEY = "AKIAPLANTEDKEY234567"

_CODE = io.BytesIO()
with zipfile.ZipFile(_CODE, "w") as _archive:
    _archive.writestr("a.py", "def h(event, context): return 1\n")


def document(*statements: Json) -> str:
    """A policy as JSON."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def trusting(service: str = "lambda.amazonaws.com") -> str:
    """A role's trust policy."""
    return document({"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"})


def function(endpoint: Endpoint, name: str, role: str, client: Any = None, **more: Any) -> str:
    """Create a function; returns its ARN."""
    made = (client or endpoint.client("lambda")).create_function(
        FunctionName=name,
        Role=role,
        Runtime="python3.12",
        Handler="a.h",
        Code={"ZipFile": _CODE.getvalue()},
        **more,
    )
    arn: str = made["FunctionArn"]
    return arn


def role(endpoint: Endpoint, name: str, *statements: Json, trust: str | None = None) -> str:
    """Create a role with a managed policy of its own; returns its ARN.

    A managed one, because moto's authorization details leave out the name of an inline policy.
    """
    iam = endpoint.client("iam")
    arn: str = iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust or trusting())["Role"]["Arn"]
    if statements:
        policy = iam.create_policy(PolicyName=f"{name}-may", PolicyDocument=document(*statements))["Policy"]["Arn"]
        iam.attach_role_policy(RoleName=name, PolicyArn=policy)
    return arn


def everything(endpoint: Endpoint) -> None:
    """Seed it."""
    run = role(endpoint, "run", {"Sid": "All", "Effect": "Allow", "Action": "dynamodb:*", "Resource": "*"})
    guest = role(
        endpoint,
        "guest",
        {"Sid": "Call", "Effect": "Allow", "Action": "lambda:InvokeFunction", "Resource": "*"},
        trust=document(
            {
                "Effect": "Allow",
                "Principal": {"Federated": "cognito-identity.amazonaws.com"},
                "Action": "sts:AssumeRoleWithWebIdentity",
            }
        ),
    )
    _people(endpoint)
    queue = _queue(endpoint)
    orders = _functions(endpoint, run, queue)
    _pools(endpoint, guest, orders)
    _apis(endpoint, orders)
    _around(endpoint, orders, queue)
    _organization(endpoint)


def _people(endpoint: Endpoint) -> None:
    iam = endpoint.client("iam")
    policy = iam.create_policy(
        PolicyName="deploy",
        PolicyDocument=document({"Effect": "Allow", "Action": "lambda:UpdateFunctionCode", "Resource": "*"}),
    )["Policy"]["Arn"]
    iam.create_group(GroupName="developers")
    iam.attach_group_policy(GroupName="developers", PolicyArn=policy)
    iam.create_user(UserName="ana", Tags=[{"Key": "team", "Value": "shop"}])
    iam.add_user_to_group(GroupName="developers", UserName="ana")


def _queue(endpoint: Endpoint) -> str:
    arn = f"arn:aws:sqs:{REGION}:{ACCOUNT}:jobs"
    anyone = {"Sid": "Any", "Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": arn}
    endpoint.client("sqs").create_queue(QueueName="jobs", Attributes={"Policy": document(anyone)})
    return arn


def _functions(endpoint: Endpoint, run: str, queue: str) -> str:
    client = endpoint.client("lambda")
    layer = client.publish_layer_version(LayerName="shared", Content={"ZipFile": _CODE.getvalue()})["LayerVersionArn"]
    orders = function(
        endpoint,
        "orders",
        run,
        Publish=True,
        Layers=[layer],
        Environment={"Variables": {"PASSWORD": ENVIRONMENT, "KEY": ACCESS_KEY}},
        Tags={"team": "shop"},
    )
    function(endpoint, "mailer", run)
    client.create_alias(FunctionName="orders", Name="live", FunctionVersion="1")
    client.add_permission(
        FunctionName="orders", StatementId="partner", Action="lambda:InvokeFunction", Principal="999988887777"
    )
    client.create_event_source_mapping(FunctionName="orders", EventSourceArn=queue)
    client.put_function_event_invoke_config(
        FunctionName="orders", DestinationConfig={"OnFailure": {"Destination": queue}}
    )
    endpoint.responder.urls["orders"] = [
        {
            "FunctionUrl": f"https://abc.lambda-url.{REGION}.on.aws/",
            "FunctionArn": orders,
            "AuthType": "NONE",
            "CreationTime": "2026-01-02T03:04:05Z",
            "LastModifiedTime": "2026-01-02T03:04:05Z",
        }
    ]
    return orders


def _pools(endpoint: Endpoint, guest: str, orders: str) -> None:
    users = endpoint.client("cognito-idp")
    pool = users.create_user_pool(PoolName="people", LambdaConfig={"PreSignUp": orders})["UserPool"]["Id"]
    users.create_group(GroupName="admins", UserPoolId=pool, RoleArn=guest)
    client = users.create_user_pool_client(UserPoolId=pool, ClientName="app", GenerateSecret=True)
    made = endpoint.client("cognito-identity").create_identity_pool(
        IdentityPoolName="app",
        AllowUnauthenticatedIdentities=True,
        CognitoIdentityProviders=[
            {
                "ProviderName": f"cognito-idp.{REGION}.amazonaws.com/{pool}",
                "ClientId": client["UserPoolClient"]["ClientId"],
                "ServerSideTokenCheck": True,
            }
        ],
    )
    endpoint.responder.pool_roles[made["IdentityPoolId"]] = {"Roles": {"unauthenticated": guest}}


def _apis(endpoint: Endpoint, orders: str) -> None:
    uri = f"arn:aws:apigateway:{REGION}:lambda:path/2015-03-31/functions/{orders}/invocations"
    rest = endpoint.client("apigateway")
    api = rest.create_rest_api(name="shop")["id"]
    root = rest.get_resources(restApiId=api)["items"][0]["id"]
    rest.put_method(restApiId=api, resourceId=root, httpMethod="GET", authorizationType="NONE")
    rest.put_integration(
        restApiId=api,
        resourceId=root,
        httpMethod="GET",
        type="AWS_PROXY",
        integrationHttpMethod="POST",
        uri=uri.replace(orders, orders.removesuffix("orders") + "${stageVariables.target}"),
    )
    rest.create_authorizer(
        restApiId=api, name="own", type="TOKEN", authorizerUri=uri, identitySource="method.request.header.x"
    )
    rest.create_deployment(restApiId=api, stageName="prod", variables={"target": "orders", "password": STAGE})
    http = endpoint.client("apigatewayv2")
    api = http.create_api(Name="web", ProtocolType="HTTP")["ApiId"]
    behind = http.create_integration(
        ApiId=api, IntegrationType="AWS_PROXY", IntegrationUri=orders, PayloadFormatVersion="2.0"
    )["IntegrationId"]
    http.create_route(ApiId=api, RouteKey="GET /", Target=f"integrations/{behind}")
    http.create_stage(ApiId=api, StageName="$default", StageVariables={"password": STAGE})


def _around(endpoint: Endpoint, orders: str, queue: str) -> None:
    s3 = endpoint.client("s3")
    s3.create_bucket(Bucket="pictures", CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_bucket_policy(
        Bucket="pictures",
        Policy=document(
            {"Effect": "Allow", "Principal": "*", "Action": "s3:PutObject", "Resource": "arn:aws:s3:::pictures/*"}
        ),
    )
    s3.put_bucket_notification_configuration(
        Bucket="pictures",
        NotificationConfiguration={
            "LambdaFunctionConfigurations": [{"LambdaFunctionArn": orders, "Events": ["s3:ObjectCreated:*"]}]
        },
    )
    sns = endpoint.client("sns")
    topic = sns.create_topic(Name="news")["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="lambda", Endpoint=orders)
    sns.subscribe(TopicArn=topic, Protocol="email", Endpoint=f"{MAIL}@example.org")
    events = endpoint.client("events")
    events.put_rule(Name="nightly", ScheduleExpression="rate(1 day)", State="ENABLED")
    events.put_targets(Rule="nightly", Targets=[{"Id": "1", "Arn": orders, "Input": json.dumps({"password": INPUT})}])
    endpoint.client("kms").create_key()
    secrets = endpoint.client("secretsmanager")
    secret = secrets.create_secret(Name="db", SecretString=INPUT)["ARN"]
    secrets.put_resource_policy(
        SecretId=secret,
        ResourcePolicy=document(
            {
                "Effect": "Allow",
                "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:role/run"},
                "Action": "secretsmanager:GetSecretValue",
                "Resource": "*",
            }
        ),
    )
    endpoint.client("dynamodb").create_table(
        TableName="orders",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    endpoint.client("iot").create_topic_rule(
        ruleName="doors",
        topicRulePayload={
            "sql": "SELECT * FROM 'doors/#'",
            "actions": [
                {"lambda": {"functionArn": orders}},
                {"http": {"url": "https://example.org", "headers": [{"key": "x-token", "value": HEADER}]}},
            ],
        },
    )


def _organization(endpoint: Endpoint) -> None:
    client = endpoint.client("organizations")
    client.create_organization(FeatureSet="ALL")
    root = client.list_roots()["Roots"][0]["Id"]
    client.enable_policy_type(RootId=root, PolicyType="SERVICE_CONTROL_POLICY")
    unit = client.create_organizational_unit(ParentId=root, Name="apps")["OrganizationalUnit"]["Id"]
    policy = client.create_policy(
        Content=document({"Effect": "Deny", "Action": "s3:DeleteBucket", "Resource": "*"}),
        Description="keep",
        Name="keep",
        Type="SERVICE_CONTROL_POLICY",
    )["Policy"]["PolicySummary"]["Id"]
    client.attach_policy(PolicyId=policy, TargetId=unit)
