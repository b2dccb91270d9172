"""What hangs on a condition that nobody knows before deploy: it never closes anything, and of two none is chosen.

CloudFormation Template Reference, "Condition functions", "Fn::ForEach"; Lambda Developer Guide, "Function URLs".
"""

from typing import Any

import pytest

from permcheck.model import Facts
from tests.sources.cloudformation.checking import granting, role, world

CONDITIONS = {
    "Parameters": {"Stage": {"Type": "String"}, "Names": {"Type": "CommaDelimitedList"}},
    "Conditions": {
        "Prod": {"Fn::Equals": [{"Ref": "Stage"}, "prod"]},
        "Other": {"Fn::Not": [{"Condition": "Prod"}]},
    },
}


def made(resources: dict[str, Any], **parameters: Any) -> Facts:
    """Return the facts of a template with a function Api and its role."""
    code = {"Role": {"Fn::GetAtt": ["Own", "Arn"]}, "FunctionName": "api", "Code": {"ZipFile": "x"}}
    common = {"Own": role(), "Api": {"Type": "AWS::Lambda::Function", "Properties": code}}
    return world({**CONDITIONS, "Resources": {**common, **resources}}, **parameters)


def told(facts: Facts) -> str:
    """Return everything that could not be read."""
    return "\n".join(f"{each.error}; {each.effect}" for each in facts.not_read)


def deny_of(facts: Facts) -> list[list[str]]:
    """Return the keys that each Deny of an identity policy hangs on."""
    statements = [s for r in facts.roles for p in r.policies for s in p.statements if s.effect == "Deny"]
    return [[condition.key for condition in statement.conditions] for statement in statements]


def _deny(condition: str | None) -> dict[str, Any]:
    document = {"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Action": "lambda:*", "Resource": "*"}}
    properties = {"PolicyName": "no", "Roles": [{"Ref": "Caller"}], "PolicyDocument": document}
    found: dict[str, Any] = {"Type": "AWS::IAM::Policy", "Properties": properties}
    return {**found, "Condition": condition} if condition else found


def test_a_deny_that_may_never_be_created_denies_under_its_condition_alone() -> None:
    caller = granting("*", "lambda:InvokeFunction")
    assert deny_of(made({"Caller": caller, "No": _deny("Prod")})) == [["deploy:Prod"]]
    assert deny_of(made({"Caller": caller, "No": _deny("Prod")}, Stage="prod")) == [[]]
    assert deny_of(made({"Caller": caller, "No": _deny("Prod")}, Stage="dev")) == []
    assert deny_of(made({"Caller": caller, "No": _deny(None)})) == [[]]


def _url(auth: str, condition: str) -> dict[str, Any]:
    properties = {"TargetFunctionArn": {"Ref": "Api"}, "AuthType": auth}
    return {"Type": "AWS::Lambda::Url", "Condition": condition, "Properties": properties}


@pytest.mark.parametrize(("first", "second"), [("NONE", "AWS_IAM"), ("AWS_IAM", "NONE")])
def test_of_two_urls_of_one_function_none_is_chosen(first: str, second: str) -> None:
    resources = {"One": _url(first, "Prod"), "Two": _url(second, "Other")}
    facts = made(resources)
    assert [url.auth_type for url in urls(facts)] == [None]
    assert "the URL of api asks who calls" in told(facts)
    assert [url.auth_type for url in urls(made(resources, Stage="prod"))] == [first]


def urls(facts: Facts) -> list[Any]:
    """Return the URLs of all functions."""
    return [q.url for f in facts.functions for q in f.qualifiers if q.url is not None]


def test_of_two_functions_of_one_name_no_role_is_chosen() -> None:
    def twin(role_name: str, condition: str) -> dict[str, Any]:
        properties = {"FunctionName": "twin", "Role": {"Fn::GetAtt": [role_name, "Arn"]}, "Code": {"ZipFile": "x"}}
        return {"Type": "AWS::Lambda::Function", "Condition": condition, "Properties": properties}

    strong = granting("*", "*")
    resources = {"Strong": strong, "One": twin("Strong", "Prod"), "Two": twin("Own", "Other")}
    facts = made(resources)
    assert [f.role for f in facts.functions if f.name == "twin"] == [None]
    assert "the execution role of twin" in told(facts)
    assert [f.role for f in made(resources, Stage="dev").functions if f.name == "twin"] != [None]


URI = {
    "Fn::Sub": "arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Api.Arn}/invocations",
}


def _method(auth: Any, condition: str | None) -> dict[str, Any]:
    properties = {
        "RestApiId": {"Ref": "Rest"},
        "ResourceId": {"Fn::GetAtt": ["Rest", "RootResourceId"]},
        "HttpMethod": "GET",
        "AuthorizationType": auth,
        "Integration": {"Type": "AWS_PROXY", "Uri": URI},
    }
    found = {"Type": "AWS::ApiGateway::Method", "Properties": properties}
    return {**found, "Condition": condition} if condition else found


REST = {"Type": "AWS::ApiGateway::RestApi", "Properties": {"Name": "rest"}}


@pytest.mark.parametrize(("first", "second"), [("NONE", "AWS_IAM"), ("AWS_IAM", "NONE")])
def test_of_two_methods_of_one_route_none_is_chosen(first: str, second: str) -> None:
    facts = made({"Rest": REST, "One": _method(first, "Prod"), "Two": _method(second, "Other")})
    assert [route.auth for api in facts.apis for route in api.routes] == [None]
    assert "GET / of the API rest asks who calls" in told(facts)


def test_a_way_of_authorization_that_nobody_knows_is_told() -> None:
    facts = made({"Rest": REST, "One": _method({"Fn::If": ["Prod", "NONE", "AWS_IAM"]}, None)})
    assert [route.auth for api in facts.apis for route in api.routes] == [None]
    assert "GET / of the API rest asks who calls" in told(facts)


def _route(auth: Any, condition: str | None) -> dict[str, Any]:
    properties = {
        "ApiId": {"Ref": "Http"},
        "RouteKey": "GET /",
        "AuthorizationType": auth,
        "Target": {"Fn::Sub": "integrations/${Called}"},
    }
    found = {"Type": "AWS::ApiGatewayV2::Route", "Properties": properties}
    return {**found, "Condition": condition} if condition else found


HTTP = {"Type": "AWS::ApiGatewayV2::Api", "Properties": {"Name": "http", "ProtocolType": "HTTP"}}


def test_of_two_routes_of_one_key_none_is_chosen() -> None:
    behind = {"ApiId": {"Ref": "Http"}, "IntegrationType": "AWS_PROXY", "IntegrationUri": {"Fn::GetAtt": "Api.Arn"}}
    called = {"Type": "AWS::ApiGatewayV2::Integration", "Properties": behind}
    facts = made({"Http": HTTP, "Called": called, "One": _route("NONE", "Prod"), "Two": _route("AWS_IAM", "Other")})
    assert [route.auth for api in facts.apis for route in api.routes] == [None]
    assert "GET / of the API http asks who calls" in told(facts)


PERMISSION = {
    "Type": "AWS::Lambda::Permission",
    "Properties": {"FunctionName": {"Ref": "Api"}, "Action": "lambda:InvokeFunction", "Principal": "*"},
}


def grants(facts: Facts) -> list[Any]:
    """Return the statements of all functions' policies."""
    return [s for f in facts.functions for q in f.qualifiers if q.policy is not None for s in q.policy.statements]


def test_a_loop_over_what_nobody_knows_is_told() -> None:
    loop = {"Fn::ForEach::All": ["N", {"Ref": "Names"}, {"P${N}": PERMISSION}]}
    assert "Fn::ForEach::All goes over is not known before deploy; what it makes is unknown" in told(made(loop))
    facts = made(loop, Names="a,b")
    assert len(grants(facts)) == 2
    assert told(facts) == ""


def test_a_loop_within_properties_makes_members() -> None:
    own = {"FunctionName": {"Ref": "Api"}, "Action": "lambda:InvokeFunction"}
    looped = {**own, "Fn::ForEach::Each": ["N", ["Principal"], {"${N}": "111122223333"}]}
    facts = made({"Open": {"Type": "AWS::Lambda::Permission", "Properties": looped}})
    (statement,) = grants(facts)
    assert "111122223333" in str(statement.principals)


def test_a_function_of_templates_that_is_not_known_is_unknown() -> None:
    own = {"FunctionName": {"Ref": "Api"}, "Action": "lambda:InvokeFunction", "Principal": {"Fn::Later": "x"}}
    facts = made({"Open": {"Type": "AWS::Lambda::Permission", "Properties": own}})
    assert "Fn::Later is no function that is understood here; what it stands for is unknown" in told(facts)
    assert [s for s in grants(facts) if "*" in str(s.principals) and not s.widened] == []
    assert [s for s in grants(facts) if s.widened] != []


NOTHING = {"Ref": "AWS::NoValue"}


@pytest.mark.parametrize(
    ("principal", "key", "value"),
    [("*", "PrincipalOrgID", "o-abcdefghij"), ("s3.amazonaws.com", "SourceAccount", "111122223333")],
)
def test_a_limit_that_may_turn_out_to_be_none_is_no_limit(principal: str, key: str, value: str) -> None:
    own = {"FunctionName": {"Ref": "Api"}, "Action": "lambda:InvokeFunction", "Principal": principal}
    for choice in ([value, NOTHING], [NOTHING, value]):
        limited = {**own, key: {"Fn::If": ["Prod", *choice]}}
        facts = made({"P": {"Type": "AWS::Lambda::Permission", "Properties": limited}})
        assert f"whether {key} limits the permission P is not known before deploy" in told(facts)
        (statement,) = grants(facts)
        assert [c.key.partition("/")[0] for c in statement.conditions] == ["deploy:Prod"]
    (statement,) = grants(made({"P": {"Type": "AWS::Lambda::Permission", "Properties": limited}}, Stage="dev"))
    assert [c.key.lower() for c in statement.conditions] in (["aws:principalorgid"], ["aws:sourceaccount"])


def test_two_choices_that_hang_on_one_condition_are_two_values() -> None:
    def either(one: str, other: str) -> Any:
        return {"Fn::If": ["Prod", one, other]}

    roles = {
        "One": role(RoleName=either("red", "blue")),
        "Two": role(RoleName=either("green", "black")),
        "Again": {"Type": "AWS::IAM::User", "Properties": {"UserName": either("red", "blue")}},
    }
    facts = made(roles)
    assert sorted(r.name for r in facts.roles)[:2] == ["<Prod-2>", "<Prod>"]
    assert [u.name for u in facts.users] == ["<Prod>"]


def test_a_group_that_somebody_may_not_be_in_denies_nothing_for_sure() -> None:
    deny = {"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Action": "lambda:*", "Resource": "*"}}
    resources = {
        "Group": {
            "Type": "AWS::IAM::Group",
            "Properties": {"GroupName": "g", "Policies": [{"PolicyName": "no", "PolicyDocument": deny}]},
        },
        "User": {"Type": "AWS::IAM::User", "Properties": {"UserName": "u"}},
        "In": {
            "Type": "AWS::IAM::UserToGroupAddition",
            "Condition": "Prod",
            "Properties": {"GroupName": {"Ref": "Group"}, "Users": [{"Ref": "User"}]},
        },
    }
    assert "u is in it" in told(made(resources))
    assert told(made(resources, Stage="prod")) == ""
