"""What a session of an identity pool may do: the ceiling over guests, and the session as a principal."""

from typing import Any

import pytest

from permcheck.graph.explore import explore, starts
from permcheck.graph.who import who
from tests.graph.pool_captures import (
    ACCOUNT,
    COGNITO,
    FUNCTION,
    OTHER,
    POOL,
    Json,
    account,
    allow,
    arn,
    document,
    functions,
    guest_role,
    handed,
    may,
    pool,
    role,
    session,
    takes,
    user_role,
)

EVERYTHING = allow("*")
SECRET = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-AbCdEf"
IDENTITY_POOL = f"arn:aws:cognito-identity:eu-west-1:{ACCOUNT}:identitypool/{POOL}"
BUCKET = "arn:aws:s3:::files/eu-west-1:1/x"


def guests(*statements: Json, classic: bool = False, **files: Any) -> Json:
    """An account whose guests hold a role with these statements."""
    return account(
        guest_role("guest", *statements), pool=pool(guests=True, classic=classic), roles=handed("guest"), **files
    )


@pytest.mark.parametrize(
    "action",
    [
        "lambda:InvokeFunction",
        "lambda:UpdateFunctionCode",
        "lambda:AddPermission",
        "lambda:PutResourcePolicy",
        "lambda:CreateFunctionUrlConfig",
        "lambda:GetFunction",
    ],
)
def test_all_of_lambda_lies_inside_the_ceiling(action: str) -> None:
    assert may(guests(EVERYTHING), action, FUNCTION) == "allowed"


@pytest.mark.parametrize(
    ("action", "resource"),
    [
        ("dynamodb:Scan", f"arn:aws:dynamodb:eu-west-1:{ACCOUNT}:table/x"),
        ("s3:GetObject", BUCKET),
        ("execute-api:Invoke", f"arn:aws:execute-api:eu-west-1:{ACCOUNT}:a/b/GET/c"),
        ("cognito-idp:AdminAddUserToGroup", f"arn:aws:cognito-idp:eu-west-1:{ACCOUNT}:userpool/x"),
        ("rum:PutRumEvents", f"arn:aws:rum:eu-west-1:{ACCOUNT}:appmonitor/x"),
        ("kms:Decrypt", f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/x"),
    ],
)
def test_the_inline_and_the_managed_policy_of_the_ceiling_both_count(action: str, resource: str) -> None:
    assert may(guests(EVERYTHING), action, resource) == "allowed"


OUTSIDE = [
    ("iam:CreateUser", f"arn:aws:iam::{ACCOUNT}:user/x"),
    ("iam:PassRole", arn("runs")),
    ("ec2:RunInstances", "*"),
    ("secretsmanager:GetSecretValue", SECRET),
    ("ssm:GetParameter", f"arn:aws:ssm:eu-west-1:{ACCOUNT}:parameter/x"),
    ("events:PutRule", f"arn:aws:events:eu-west-1:{ACCOUNT}:rule/x"),
    ("states:StartExecution", f"arn:aws:states:eu-west-1:{ACCOUNT}:stateMachine:x"),
    ("cloudformation:CreateStack", f"arn:aws:cloudformation:eu-west-1:{ACCOUNT}:stack/x/*"),
    ("kms:ScheduleKeyDeletion", f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/x"),
]


@pytest.mark.parametrize(("action", "resource"), OUTSIDE, ids=[row[0] for row in OUTSIDE])
def test_what_lies_outside_the_ceiling_is_denied_to_guests_of_the_enhanced_flow_alone(
    action: str, resource: str
) -> None:
    files = guests(EVERYTHING, classic=True)
    assert may(files, action, resource) == "denied"
    assert may(files, action, resource, flow="classic") == "allowed"


def test_the_ceiling_gives_nothing_the_role_does_not_have() -> None:
    assert may(guests(allow("lambda:InvokeFunction", FUNCTION)), "dynamodb:Scan", "*") == "denied"


def test_signed_in_users_have_no_ceiling() -> None:
    files = account(user_role("user", EVERYTHING), pool=pool(), roles=handed(user="user"))
    for action, resource in OUTSIDE:
        assert may(files, action, resource, "signed_in", of="user") == "allowed", action


@pytest.mark.parametrize(
    ("action", "resource"), [("cognito-identity:SetIdentityPoolRoles", "*"), ("cognito-sync:ListRecords", "*")]
)
def test_nobody_calls_the_pools_or_cognito_sync_with_credentials_of_the_enhanced_flow(
    action: str, resource: str
) -> None:
    both = role("both", EVERYTHING)
    files = account(both, pool=pool(guests=True), roles=handed("both", "both"))
    assert may(files, action, resource, of="both") == "denied"
    assert may(files, action, resource, "signed_in", of="both") == "denied"


def test_a_guest_chains_roles_in_the_classic_flow_alone() -> None:
    strong = role("strong", trusts=[{"Effect": "Allow", "Principal": {"AWS": ACCOUNT}, "Action": "sts:AssumeRole"}])
    files = guests(allow("sts:AssumeRole", arn("strong")))
    files["account.json"]["RoleDetailList"].append(strong)
    assert reached(files) == {"guest"}
    files["pool.json"] = pool(guests=True, classic=True)
    assert reached(files) == {"guest", "strong"}


def test_a_signed_in_user_chains_roles() -> None:
    strong = role("strong", trusts=[{"Effect": "Allow", "Principal": {"AWS": ACCOUNT}, "Action": "sts:AssumeRole"}])
    files = account(
        strong, user_role("user", allow("sts:AssumeRole", arn("strong"))), pool=pool(), roles=handed(user="user")
    )
    assert reached(files, "signed_in") == {"user", "strong"}


def reached(files: Json, kind: str = "guest") -> set[str]:
    """The roles somebody gets to."""
    from permcheck.graph.scene import Scene
    from tests.graph.pool_captures import load

    scene = Scene(load(files))
    (start,) = starts(scene, kind)
    return {node.name.rpartition("/")[2] for node in explore(scene, start).arrivals if node.kind == "role"}


# the session as a principal


def granting(principal: object, **more: object) -> Json:
    """get-policy of the function, with one statement."""
    import json

    statement = {
        "Sid": "s",
        "Effect": "Allow",
        "Principal": principal,
        "Action": "lambda:InvokeFunction",
        "Resource": FUNCTION,
        **more,
    }
    return {"Policy": json.dumps(document(statement))}


def policy(output: Json) -> dict[str, Any]:
    """The capture of the function's policy, by its name."""
    return {"get-policy.orders": output}


def called(files: Json, flow: str = "enhanced") -> str:
    """Whether a guest may invoke the function, by its session."""
    scene, found = session(files, "guest", flow, "guest")
    item = scene.invocable.items[scene.invocable.position[FUNCTION]]
    decided = scene.world.decide(found, "lambda:InvokeFunction", item).verdict
    for row in who(scene, scene.facts.functions[0]).callers:
        if row.caller == arn("guest"):
            assert decided in {held.verdict for held in row.held_by if held.flow == flow}
    return str(decided)


def test_a_grant_to_the_role_is_a_grant_to_its_sessions() -> None:
    files = guests(
        classic=True, functions=functions(FUNCTION), **{"get-policy.orders": granting({"AWS": arn("guest")})}
    )
    assert called(files) == called(files, "classic") == "allowed"


def test_a_grant_to_a_session_name_is_met_by_cognito_and_by_whoever_chooses_the_name() -> None:
    name = f"arn:aws:sts::{ACCOUNT}:assumed-role/guest/"
    grants: Json = {"get-policy.orders": granting({"AWS": name + "CognitoIdentityCredentials"})}
    files = guests(classic=True, functions=functions(FUNCTION), **grants)
    assert called(files) == "allowed"
    assert called(files, "classic") == "conditional"
    grants = {"get-policy.orders": granting({"AWS": name + "batch"})}
    files = guests(classic=True, functions=functions(FUNCTION), **grants)
    assert called(files) == "denied"
    assert called(files, "classic") == "conditional"


def test_the_principal_arn_of_a_session_is_the_role() -> None:
    by_arn = granting("*", Condition={"ArnEquals": {"aws:PrincipalArn": arn("guest")}})
    assert called(guests(functions=functions(FUNCTION), **policy(by_arn))) == "allowed"
    by_session = granting(
        "*", Condition={"ArnLike": {"aws:PrincipalArn": f"arn:aws:sts::{ACCOUNT}:assumed-role/guest/*"}}
    )
    assert called(guests(functions=functions(FUNCTION), **policy(by_session))) == "denied"


def test_the_keys_of_the_token_go_on_with_the_session() -> None:
    for key, value, verdict in [
        ("aud", POOL, "allowed"),
        ("aud", "eu-west-1:else", "denied"),
        ("sub", "eu-west-1:99999999-0000-0000-0000-000000000009", "conditional"),
    ]:
        only = allow("s3:GetObject", Condition={"StringEquals": {f"{COGNITO}:{key}": value}})
        assert may(guests(only), "s3:GetObject", BUCKET) == verdict, key
    only = allow("s3:GetObject", Condition={"ForAnyValue:StringEquals": {f"{COGNITO}:amr": "unauthenticated"}})
    assert may(guests(only), "s3:GetObject", BUCKET) == "allowed"
    only = allow("s3:GetObject", Condition={"ForAnyValue:StringEquals": {f"{COGNITO}:amr": "authenticated"}})
    assert may(guests(only), "s3:GetObject", BUCKET) == "denied"


def test_sub_as_a_variable_scopes_to_each_identity() -> None:
    own = allow("s3:GetObject", f"arn:aws:s3:::files/${{{COGNITO}:sub}}/*")
    assert may(guests(own), "s3:GetObject", BUCKET) == "conditional"
    assert may(guests(own), "s3:GetObject", "arn:aws:s3:::else/x") == "denied"


def test_aud_as_a_variable_is_known_and_amr_is_none() -> None:
    by_pool = allow("s3:GetObject", f"arn:aws:s3:::files/${{{COGNITO}:aud}}/*")
    assert may(guests(by_pool), "s3:GetObject", f"arn:aws:s3:::files/{POOL}/x") == "allowed"
    assert may(guests(by_pool), "s3:GetObject", BUCKET) == "denied"
    by_method = allow("s3:GetObject", f"arn:aws:s3:::files/${{{COGNITO}:amr}}/*")
    files = account(user_role("user", by_method), pool=pool(), roles=handed(user="user"))
    assert may(files, "s3:GetObject", "arn:aws:s3:::files/authenticated/x", "signed_in", of="user") == "denied"


def test_a_guest_of_another_account_needs_both_sides() -> None:
    far = FUNCTION.replace(ACCOUNT, OTHER)
    files = guests(allow("lambda:InvokeFunction", far), functions=functions(far))
    scene, found = session(files, "guest", "enhanced", "guest")
    item = scene.invocable.items[scene.invocable.position[far]]
    assert str(scene.world.decide(found, "lambda:InvokeFunction", item).verdict) == "denied"
    grant = granting({"AWS": ACCOUNT})
    grant["Policy"] = grant["Policy"].replace(FUNCTION, far)
    scene, found = session(files | {"get-policy.orders.json": grant}, "guest", "enhanced", "guest")
    item = scene.invocable.items[scene.invocable.position[far]]
    assert str(scene.world.decide(found, "lambda:InvokeFunction", item).verdict) == "allowed"


def test_regions_of_other_partitions_have_names_of_their_own() -> None:
    for region, principal, prefix in [
        ("cn-north-1", "cognito-identity.cn-north-1.amazonaws.com.cn", "cognito-identity.amazonaws.com.cn"),
        ("us-gov-west-1", "cognito-identity-us-gov.amazonaws.com", "cognito-identity-us-gov.amazonaws.com"),
    ]:
        there = POOL.replace("eu-west-1", region)
        statement = takes()
        statement["Principal"] = {"Federated": principal}
        statement["Condition"] = {
            "StringEquals": {f"{prefix}:aud": there},
            "ForAnyValue:StringLike": {f"{prefix}:amr": "unauthenticated"},
        }
        described = pool(guests=True) | {"IdentityPoolId": there}
        roles = handed("guest") | {"IdentityPoolId": there}
        files = account(role("guest", EVERYTHING, trusts=[statement]), pool=described, roles=roles)
        assert may(files, "lambda:InvokeFunction", FUNCTION) == "allowed"
