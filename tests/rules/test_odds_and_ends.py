"""Rules that stand alone: dead grants, layers, names that do not fit, credentials, trust, keys, logs, sizes."""

from __future__ import annotations

import json
from typing import Any

import pytest

from permcheck.policy.parse import parse_document
from permcheck.report import render
from permcheck.rules._examples import (
    ACCOUNT,
    OTHER,
    REGION,
    Json,
    account,
    allow,
    deny,
    document,
    function_arn,
    role,
    trust,
    user,
    worker,
)
from permcheck.rules.invoke._grants import ORG, captured, grant, own, service, source
from permcheck.rules.text.policy_near_its_limit import _size
from permcheck.sources.files import load_texts
from tests.rules.auditing import found, report

RUNS = {"orders": "orders-role"}


def brief(captures: Json, rule: str, settings: Json | None = None) -> list[str]:
    """The severities of the findings of a rule."""
    return [f.severity for f in found(captures, rule, settings)]


# PC113: grants for what is not there

RULE = own("events", "rule/nightly")


def rules(*names: str, **more: Any) -> Json:
    """A listing of EventBridge rules."""
    listed = [{"Name": name, "Arn": own("events", f"rule/{name}"), "State": "ENABLED"} for name in names]
    return {"list-rules.json": {"Rules": listed} | more}


@pytest.mark.parametrize(
    ("asked", "listed", "count"),
    [
        (RULE, rules("hourly"), 1),
        (RULE, rules("hourly", "nightly"), 0),
        (RULE, {}, 0),
        (RULE, rules("hourly", NextToken="more"), 0),
        (RULE, {"list-rules.json": {"Rules": []}}, 0),
        (own("events", "rule/*"), rules("hourly"), 0),
        (own("events", "rule/shop-bus/nightly"), rules("hourly"), 0),
        (f"arn:aws:events:us-east-1:{ACCOUNT}:rule/nightly", rules("hourly"), 0),
        (f"arn:aws:events:{REGION}:{OTHER}:rule/nightly", rules("hourly"), 0),
        (own("sns", "gone"), rules("hourly"), 0),
    ],
    ids=str,
)
def test_a_grant_for_a_rule_that_is_gone(asked: str, listed: Json, count: int) -> None:
    assert len(found(captured(service("events", source(asked))) | listed, "PC113")) == count


def apis(*ids: str, v2: bool = True) -> Json:
    """Listings of APIs, one of which has a route to another function."""
    uri = f"arn:aws:apigateway:{REGION}:lambda:path/2015-03-31/functions/{function_arn('carts')}/invocations"
    get = {"httpMethod": "GET", "authorizationType": "AWS_IAM", "methodIntegration": {"type": "AWS_PROXY", "uri": uri}}
    files: Json = {
        "get-rest-apis.json": {
            "items": [{"id": api, "name": api, "createdDate": "x", "apiKeySource": "HEADER"} for api in ids]
        }
    }
    for api in ids:
        items = [{"id": f"{api}r", "path": "/", "resourceMethods": {"GET": get}}]
        files[f"get-resources.{api}.json"] = {"items": items}
    about = {"ApiId": "z9y8x7w6v5", "Name": "notes", "ProtocolType": "HTTP", "RouteSelectionExpression": "x"}
    about["ApiEndpoint"] = f"https://z9y8x7w6v5.execute-api.{REGION}.amazonaws.com"
    return files | ({"get-apis.json": {"Items": [about]}} if v2 else {})


def test_a_grant_for_an_api_that_is_gone_takes_both_listings() -> None:
    gone = captured(service("apigateway", source(own("execute-api", "g0neg0ne00/*/*/*"))))
    assert len(found(gone | apis("a1b2c3d4e5"), "PC113")) == 1
    assert not found(gone | apis("a1b2c3d4e5", v2=False), "PC113")
    there = captured(service("apigateway", source(own("execute-api", "a1b2c3d4e5/*/*/*"))))
    assert not found(there | apis("a1b2c3d4e5"), "PC113")


# PC114: layers

LAYER = own("lambda", "layer:shop-common:7")


def layer(principal: object, **more: Any) -> Json:
    """The policy of a layer version."""
    statement = {"Effect": "Allow", "Principal": principal, "Action": "lambda:GetLayerVersion", "Resource": LAYER}
    policy = json.dumps(document({"Sid": "use"} | statement | more))
    return {"get-layer-version-policy.shop-common.json": {"Policy": policy, "RevisionId": "1"}}


@pytest.mark.parametrize(
    ("captures", "expected"),
    [
        (layer("*"), ["medium"]),
        (layer({"AWS": "*"}), ["medium"]),
        (layer("*", Condition={"StringEquals": {"aws:PrincipalOrgID": ORG}}), []),
        (layer("*", Condition={"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}), ["low"]),
        (layer({"AWS": OTHER}), []),
        (layer("*", Effect="Deny"), []),
    ],
    ids=str,
)
def test_who_may_use_a_layer(captures: Json, expected: list[str]) -> None:
    assert brief(captures, "PC114") == expected


# PC206: credentials


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        ([allow("redshift:GetClusterCredentials")], ["medium"]),
        ([allow("redshift:GetCluster*")], ["medium"]),
        ([allow("redshift:GetClusterCredentials", "arn:aws:redshift:*:*:dbuser:shop/*")], []),
        ([allow("redshift:GetClusterCredentials"), deny("redshift:*")], []),
        ([allow("redshift:GetClusterCredentials", Condition={"StringEquals": {"aws:ResourceTag/a": "b"}})], []),
        ([allow("ecr:GetAuthorizationToken")], []),
        ([allow("redshift:*")], []),
    ],
    ids=str,
)
def test_what_hands_out_credentials(statements: list[Json], expected: list[str]) -> None:
    files = account(worker("orders-role", *statements), functions=RUNS)
    assert brief(files, "PC206") == expected
    if expected:
        assert {f.rule for f in report(files).findings} == {"PC206"}


def test_only_roles_of_functions_count() -> None:
    server = role("server", allow("redshift:GetClusterCredentials"), trusts=trust({"Service": "ec2.amazonaws.com"}))
    assert not found(account(server), "PC206")


# PC211: trust that asks for no account

LAMBDA = {"Service": "lambda.amazonaws.com"}


def trusting(*conditions: Json | None) -> Json:
    """Functions whose roles have these conditions in their trust policies."""
    roles = [
        worker(f"role-{i}", trusts=trust(LAMBDA, **({"Condition": c} if c else {}))) for i, c in enumerate(conditions)
    ]
    return account(*roles, functions={f"f{i}": f"role-{i}" for i in range(len(conditions))})


OURS = {"StringEquals": {"aws:SourceAccount": ACCOUNT}}
ONE = {"ArnLike": {"aws:SourceArn": f"arn:aws:lambda:*:{ACCOUNT}:function:*"}}


@pytest.mark.parametrize(
    ("conditions", "count"),
    [
        ((OURS, OURS, OURS, None), 1),
        ((OURS, ONE, OURS, None, None), 2),
        ((OURS, OURS, None), 0),
        ((OURS, OURS, OURS, None, None, None), 0),
        ((None, None, None, None), 0),
        ((OURS, OURS, OURS, {"StringEqualsIfExists": {"aws:SourceAccount": ACCOUNT}}), 0),
        ((OURS, OURS, OURS, {"Bool": {"aws:SecureTransport": "true"}}), 1),
        ((OURS, OURS, OURS, {"StringNotEquals": {"aws:SourceAccount": OTHER}}), 1),
    ],
    ids=str,
)
def test_the_habit_of_an_account_is_the_measure(conditions: tuple[Json | None, ...], count: int) -> None:
    assert len(found(trusting(*conditions), "PC211")) == count


# PC214: keys in environments

KEY = "AKIA" + "QZ3EGW2N7KPLV4XT"


def environment(value: str, *identities: Json) -> Json:
    """A function with one variable."""
    files = account(worker("orders-role"), *identities, functions=RUNS)
    files["functions.json"]["Functions"][0]["Environment"] = {"Variables": {"SETTING": value}}
    return files


@pytest.mark.parametrize(
    ("value", "count"),
    [
        (KEY, 1),
        (f"key={KEY};region=eu-west-1", 1),
        ("AKIAIOSFODNN7EXAMPLE", 0),
        (KEY[:-1], 0),
        (f"X{KEY}", 0),
        (f"{KEY}X", 0),
        (KEY.lower(), 0),
        ("ASIA" + KEY[4:], 0),
        ("", 0),
    ],
    ids=["key", "inside", "example", "short", "longer-before", "longer-behind", "lower-case", "temporary", "empty"],
)
def test_what_looks_like_a_key(value: str, count: int) -> None:
    assert len(found(environment(value), "PC214")) == count


def test_whoever_may_read_it_is_named() -> None:
    (alone,) = found(environment(KEY), "PC214")
    assert (alone.severity, alone.path[0].kind) == ("low", "function")
    reader = user("lee", allow("lambda:GetFunction", function_arn("orders")))
    (read,) = found(environment(KEY, reader), "PC214")
    assert read.severity == "medium"
    assert "lee may read it" in read.message


def test_nothing_of_the_value_comes_out() -> None:
    files = {name: json.dumps(value) for name, value in environment(KEY).items()}
    told = report(environment(KEY))
    for form in ("json", "text"):
        assert KEY not in render(told, form)
    assert KEY not in repr(load_texts(files))


# PC216: logs

WRITES = ["logs:CreateLogStream", "logs:PutLogEvents"]


def group(name: str) -> str:
    """A log group's streams."""
    return own("logs", f"log-group:{name}:*")


@pytest.mark.parametrize(
    ("statements", "count"),
    [
        ([], 1),
        ([allow(WRITES, group("/aws/lambda/orders"))], 0),
        ([allow(WRITES, group("/aws/lambda/*"))], 0),
        ([allow(WRITES, "arn:aws:logs:*:*:*")], 0),
        ([allow("logs:*")], 0),
        ([allow(WRITES[:1], group("/aws/lambda/orders"))], 1),
        ([allow(WRITES, own("logs", "log-group:/aws/lambda/orders"))], 1),
        ([allow(WRITES, group("/aws/lambda/carts"))], 1),
        ([allow(WRITES, group("/shop/everything"))], 0),
        ([allow(WRITES, group("/aws/lambda/orders")), deny("logs:*")], 0),
    ],
    ids=str,
)
def test_which_log_group_a_role_may_write_to(statements: list[Json], count: int) -> None:
    assert len(found(account(role("orders-role", *statements), functions=RUNS), "PC216")) == count


def test_a_policy_that_cannot_be_read_may_grant_it() -> None:
    assert not found(account(role("orders-role", managed=["NobodyKnowsThis"]), functions=RUNS), "PC216")
    assert not found(account(functions=RUNS), "PC216")


@pytest.mark.parametrize("name", ["AWSLambdaVPCAccessExecutionRole", "AWSLambdaSQSQueueExecutionRole"])
def test_aws_policies_for_functions_grant_it(name: str) -> None:
    assert not found(account(role("orders-role", managed=[f"service-role/{name}"]), functions=RUNS), "PC216")


# PC010: a Deny beside the mark

PAY = function_arn("pay")


@pytest.mark.parametrize(
    ("statements", "count"),
    [
        ([allow("lambda:InvokeFunction"), deny("lambda:InvokeFunction", PAY)], 1),
        ([allow("lambda:InvokeFunction"), deny("lambda:*", PAY)], 1),
        ([allow("lambda:InvokeFunction"), deny("lambda:InvokeFunction", f"{PAY}:*")], 1),
        ([allow("lambda:InvokeFunction"), deny("lambda:InvokeFunction", [PAY, f"{PAY}:*"])], 0),
        ([allow("lambda:InvokeFunction"), deny("lambda:InvokeFunction", f"{PAY}*")], 0),
        ([allow("lambda:InvokeFunction"), deny("lambda:InvokeFunction", PAY), deny("*", f"{PAY}:$LATEST")], 0),
        ([allow("lambda:InvokeFunction"), deny("lambda:InvokeFunction", f"{PAY}:3")], 0),
        ([allow("lambda:InvokeFunction", PAY), deny("lambda:InvokeFunction", PAY)], 0),
        ([deny("lambda:InvokeFunction", PAY)], 0),
        ([allow("lambda:InvokeFunction"), deny("lambda:UpdateFunctionCode", PAY)], 0),
        (
            [
                allow("lambda:InvokeFunction"),
                deny("lambda:InvokeFunction", PAY, Condition={"Bool": {"aws:ViaAWSService": "false"}}),
            ],
            0,
        ),
    ],
    ids=str,
)
def test_the_other_name_of_a_denied_function(statements: list[Json], count: int) -> None:
    files = account(user("lee", *statements), worker("pay-role"), functions={"pay": "pay-role"})
    assert len(found(files, "PC010")) == count


def test_a_deny_in_one_policy_and_an_allow_in_another() -> None:
    lee = user("lee", allow("lambda:InvokeFunction"))
    lee["UserPolicyList"].append({"PolicyName": "no", "PolicyDocument": document(deny("lambda:InvokeFunction", PAY))})
    (finding,) = found(account(lee), "PC010")
    assert finding.message == "the Deny of pay leaves pay:$LATEST open to lee"
    assert len(finding.locations) == 2


# PC011: sizes


def grants(count: int) -> Json:
    """A function policy of so many grants of about 330 bytes."""
    return captured(
        *(
            grant({"Service": "events.amazonaws.com"}, source(own("events", f"rule/{i:060}")), Sid=f"s{i}")
            for i in range(count)
        )
    )


def test_the_size_of_a_function_policy() -> None:
    sizes = {}
    for count in (10, 50, 60, 70):
        text = grants(count)["get-policy.orders.json"]["Policy"]
        sizes[count] = len(json.dumps(json.loads(text), separators=(",", ":")))
        expected = [] if sizes[count] < 0.9 * 20480 else ["info"] if sizes[count] < 20480 else ["low"]
        assert brief(grants(count), "PC011") == expected, sizes
    assert sizes[50] < 0.9 * 20480 < sizes[60] < 20480 < sizes[70], sizes


def test_the_size_that_is_told_is_nearly_right() -> None:
    for statement in (
        grant({"AWS": [OTHER, ACCOUNT]}, {"StringEquals": {"aws:PrincipalOrgID": [ORG, "o-other"]}}),
        allow(["s3:GetObject", "s3:PutObject"], ["arn:aws:s3:::a/*", "arn:aws:s3:::b/*"]),
        deny("*", Condition={"Bool": {"aws:SecureTransport": "false"}}),
    ):
        value = document(*[statement] * 40)
        real = len(json.dumps(value, separators=(",", ":")))
        assert abs(_size(parse_document(value)) - real) < 0.01 * real, statement


def test_a_policy_in_force_is_within_its_limits() -> None:
    """A role's own policy was saved, so it cannot be too large for AWS."""
    many = [f"arn:aws:s3:::trail-photos-of-a-customer-{number:04}/*" for number in range(150)]
    assert not found(account(worker("orders-role", allow("s3:GetObject", many)), functions=RUNS), "PC011")
    assert brief({"photos.json": document(allow("s3:GetObject", many))}, "PC011") == ["low"]
