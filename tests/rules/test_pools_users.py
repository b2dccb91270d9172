"""What is said of signed-in users of identity pools, and of those who decide who they are."""

import pytest

from permcheck.rules._examples import (
    ACCOUNT,
    REGION,
    Json,
    account,
    allow,
    deny,
    function_arn,
    role,
    table_arn,
    trust,
    user_arn,
    worker,
)
from permcheck.rules.invoke._pool_examples import (
    CLIENT,
    ISSUER,
    OWN_FOLDER,
    POOL,
    USERS_ARN,
    app,
    by_rules,
    by_token,
    client,
    groups,
    taking,
    user,
    users,
)
from tests.rules.auditing import Files, found, severities

INVOKE = "lambda:InvokeFunction"
ORDERS = allow(["dynamodb:GetItem", "dynamodb:PutItem"], table_arn("Orders"))
IAM = allow("iam:PutRolePolicy")
TRIGGER = function_arn("check-sign-up")
STAFF = trust({"AWS": user_arn("sam")})
ADMIN = user(allow("dynamodb:*", table_arn("Orders")), name="shop-admin")


# strong roles


def test_a_role_that_may_write_iam() -> None:
    assert severities(app(user(IAM))) == {"PC158": "high"}
    assert severities(app(user(IAM), users=users(sign_up=False))) == {"PC158": "medium"}, "nobody signs up by itself"


def test_what_a_boundary_or_a_deny_takes_back_is_not_there() -> None:
    assert severities(app(user(IAM, deny("iam:*")))) == {}
    bounded = role("shop-user", IAM, trusts=taking("authenticated"), boundary=document_of(ORDERS))
    assert severities(app(bounded)) == {}


def document_of(*statements: Json) -> Json:
    """A policy document."""
    return {"Version": "2012-10-17", "Statement": list(statements)}


def test_lambda_full_control_is_told_by_itself() -> None:
    assert set(severities(app(user(allow("lambda:*"))))) == {"PC131"}


def test_a_role_of_some_groups_is_one_step_less() -> None:
    strong = user(IAM, name="shop-admin")
    files = app(user(), strong, mappings=by_token(), users=users(sign_up=False), groups=groups(admins="shop-admin"))
    assert severities(files)["PC158"] == "low"


# self sign-up


def test_whoever_signs_up_gets_something() -> None:
    files = app(user(ORDERS), users=users(sign_up=True))
    assert severities(files) == {"PC159": "high"}
    (finding,) = found(files, "PC159")
    assert [step.kind for step in finding.path] == ["signed_in", "role", "target"]
    assert "users.json" in [place.source for place in finding.locations]


def test_whoever_signs_up_becomes_administrator() -> None:
    assert severities(app(user(IAM), users=users(sign_up=True))) == {"PC159": "critical"}


def test_whoever_signs_up_calls_a_function() -> None:
    files = app(
        user(allow(INVOKE, function_arn("search"))),
        worker("search-role", allow("dynamodb:Query", table_arn("Orders"))),
        functions={"search": "search-role"},
        users=users(sign_up=True),
    )
    (finding,) = found(files, "PC159")
    assert finding.severity == "high"
    assert [step.kind for step in finding.path] == ["signed_in", "role", "function", "role", "target"]


def test_a_function_goes_before_what_is_each_users_own() -> None:
    mixed = user(allow("s3:PutObject", OWN_FOLDER), allow(INVOKE))
    files = app(
        mixed,
        worker("about-role"),
        worker("search-role", allow("dynamodb:Query")),
        functions={"about": "about-role", "search": "search-role"},
        users=users(sign_up=True),
    )
    (finding,) = found(files, "PC159")
    assert "invoke search and 1 more, and may s3:PutObject" in finding.message, "the one that reaches most"
    assert "each for its own identity" in finding.message
    assert finding.conditions == () and [step.kind for step in finding.path][:3] == ["signed_in", "role", "function"]


def test_what_is_each_users_own_is_low() -> None:
    files = app(user(allow("s3:PutObject", OWN_FOLDER)), users=users(sign_up=True))
    assert severities(files) == {"PC159": "low"}
    (finding,) = found(files, "PC159")
    assert [c["values"] for c in finding.conditions] == [["SUB"]], "a reader should see what it stands for"


def test_a_function_may_refuse_whoever_signs_up() -> None:
    (finding,) = found(app(user(ORDERS), users=users(sign_up=True, PreSignUp=TRIGGER)), "PC159")
    assert (finding.severity, finding.confidence) == ("low", "low")
    assert "unless" in finding.message


def test_other_triggers_refuse_nobody() -> None:
    assert severities(app(user(ORDERS), users=users(sign_up=True, PostConfirmation=TRIGGER)))["PC159"] == "high"


@pytest.mark.parametrize("told", [{"users": users(sign_up=False)}, {}])
def test_where_nobody_signs_up_by_itself_nothing_is_said(told: Json) -> None:
    assert "PC159" not in severities(app(user(ORDERS), **told))


def test_another_user_pool_does_not_matter() -> None:
    other = users(sign_up=True)
    other["UserPool"]["Id"] = f"{REGION}_Other0001"
    assert "PC159" not in severities(app(user(ORDERS), users=other))


def test_a_group_role_is_not_what_one_gets_by_signing_up() -> None:
    strong = user(IAM, name="shop-admin")
    files = app(user(), strong, mappings=by_token(), users=users(sign_up=True), groups=groups(admins="shop-admin"))
    (finding,) = found(files, "PC159")
    assert finding.severity == "medium", "somebody has to put it into the group"
    assert "for members of the group admins" in finding.message


def test_what_a_group_is_for_is_no_way_in_for_strangers() -> None:
    """Only administrators put users into groups ("Adding groups to a user pool")."""
    editors = user(ORDERS, name="shop-editor")
    files = app(user(), editors, mappings=by_token(), users=users(sign_up=True), groups=groups(staff="shop-editor"))
    assert severities(files) == {}


# claims


def by_claim(claim: str, *writes: str, mutable: bool = True, sign_up: bool = False, **triggers: str) -> Files:
    """A pool that makes admins of those whose claim says so."""
    told: Json = {"users": users(sign_up, {"custom:role": mutable}, **triggers), "client": client(*writes)}
    return app(user(), ADMIN, mappings=by_rules(claim, "admin", "shop-admin"), **told)


def test_a_claim_the_user_writes() -> None:
    assert severities(by_claim("custom:role", "email", "custom:role")) == {"PC160": "critical"}
    assert severities(by_claim("email", "email")) == {"PC160": "critical"}


@pytest.mark.parametrize(
    "files",
    [
        by_claim("custom:role", "email"),
        by_claim("custom:role", "custom:role", mutable=False),
        by_claim("cognito:groups", "custom:role"),
        by_claim("sub", "custom:role"),
        by_claim("custom:role", "custom:role", PreTokenGeneration=TRIGGER),
    ],
    ids=["not written", "fixed by administrators", "groups", "sub", "a function writes the token"],
)
def test_claims_the_user_does_not_surely_write(files: Files) -> None:
    assert "PC160" not in severities(files)


def test_an_attribute_that_is_fixed_when_signing_up_is_chosen_then() -> None:
    assert severities(by_claim("custom:role", "custom:role", mutable=False, sign_up=True))["PC160"] == "critical"


def test_without_the_clients_nothing_is_claimed() -> None:
    files = {name: text for name, text in by_claim("custom:role", "custom:role").items() if name != "client.json"}
    assert severities(files) == {}


def test_a_role_that_gives_nothing_is_low() -> None:
    files = by_claim("custom:role", "custom:role")
    files["account.json"]["RoleDetailList"][1]["RolePolicyList"] = []
    assert severities(files) == {"PC160": "low"}


def tenants(statement: Json, *writes: str, action: list[str] | None = None) -> Files:
    """A role that goes by a tag made of a claim."""
    actions = action or ["sts:AssumeRoleWithWebIdentity", "sts:TagSession"]
    tags = {
        "IdentityPoolId": POOL,
        "IdentityProviderName": f"{ISSUER}:{CLIENT}",
        "UseDefaults": False,
        "PrincipalTags": {"tenant": "custom:tenant"},
    }
    told: Json = {"users": users(False, {"custom:tenant": True}), "client": client(*writes), "tags": tags}
    return app(role("shop-user", statement, trusts=taking("authenticated", Action=actions)), **told)


BY_TENANT = [
    allow("dynamodb:GetItem", table_arn("${aws:PrincipalTag/tenant}")),
    allow("dynamodb:GetItem", table_arn("Orders"), Condition={"StringEquals": {"aws:PrincipalTag/tenant": "acme"}}),
    allow(
        "dynamodb:GetItem",
        table_arn("*"),
        Condition={"StringLike": {"aws:ResourceTag/tenant": "${aws:PrincipalTag/Tenant}"}},
    ),
]


@pytest.mark.parametrize("statement", BY_TENANT, ids=["Resource", "PrincipalTag", "ResourceTag"])
def test_a_tag_the_user_writes_scopes_nothing(statement: Json) -> None:
    assert severities(tenants(statement, "custom:tenant")) == {"PC160": "high"}
    assert severities(tenants(statement, "email")) == {}


def test_a_tag_that_the_trust_policy_does_not_take_is_none() -> None:
    files = tenants(BY_TENANT[0], "custom:tenant", action=["sts:AssumeRoleWithWebIdentity"])
    assert severities(files) == {}


def test_a_tag_that_no_statement_goes_by_is_harmless() -> None:
    assert severities(tenants(allow("dynamodb:GetItem", table_arn("Orders")), "custom:tenant")) == {}


# falling back


def test_falling_back_to_a_strong_role() -> None:
    rules = by_rules("custom:dept", "staff", "shop-admin", "AuthenticatedRole")
    assert severities(app(user(allow("s3:GetObject")), ADMIN, mappings=rules)) == {"PC161": "low"}
    assert severities(app(user(ORDERS), ADMIN, mappings=rules)) == {}, "it reaches one table"
    assert severities(app(user(allow("s3:GetObject")), ADMIN, mappings=by_token("AuthenticatedRole"))) == {
        "PC161": "low"
    }


# groups


def app_with_groups(*others: Json, **more: object) -> Files:
    """An app whose group has a role that reaches orders."""
    told = {"users": users(sign_up=False), "groups": groups(admins="shop-admin"), **more}
    return app(user(), ADMIN, *others, mappings=by_token(), **told)  # type: ignore[arg-type]


def test_who_may_add_to_a_group_has_its_role() -> None:
    files = app_with_groups(role("support", allow("cognito-idp:AdminAddUserToGroup", USERS_ARN), trusts=STAFF))
    assert severities(files) == {"PC162": "high"}
    assert [step.kind for step in found(files, "PC162")[0].path] == ["role", "signed_in", "role", "target"]


def test_a_function_that_adds_checks_perhaps() -> None:
    queries = worker("queries-role", allow("cognito-idp:AdminAddUserToGroup", USERS_ARN))
    (finding,) = found(app_with_groups(queries, functions={"admin-queries": "queries-role"}), "PC162")
    assert (finding.severity, finding.confidence) == ("medium", "medium")


@pytest.mark.parametrize(
    "statements",
    [
        [allow("cognito-idp:AdminAddUserToGroup", USERS_ARN), allow("dynamodb:*", table_arn("Orders"))],
        [allow("cognito-idp:AdminAddUserToGroup", USERS_ARN), deny("cognito-idp:*")],
        [allow("cognito-idp:AdminAddUserToGroup", USERS_ARN.replace("Shop", "Else"))],
        [allow("cognito-idp:AdminRemoveUserFromGroup", USERS_ARN)],
    ],
    ids=["has it anyway", "denied", "another user pool", "takes out"],
)
def test_who_gains_nothing_by_it(statements: list[Json]) -> None:
    assert "PC162" not in severities(app_with_groups(role("support", *statements, trusts=STAFF)))


def test_administrators_are_no_news() -> None:
    boss = role("boss", trusts=STAFF, managed=["AdministratorAccess"])
    assert severities(app_with_groups(boss)) == {}


def test_groups_whose_roles_no_pool_hands_out() -> None:
    support = role("support", allow("cognito-idp:AdminAddUserToGroup", USERS_ARN), trusts=STAFF)
    files = app(user(), ADMIN, support, users=users(sign_up=False), groups=groups(admins="shop-admin"))
    assert severities(files) == {}


# ways into the pool


POOL_ARN = f"arn:aws:cognito-identity:{REGION}:{ACCOUNT}:identitypool/{POOL}"


@pytest.mark.parametrize(
    ("action", "resource"),
    [
        ("cognito-identity:UpdateIdentityPool", POOL_ARN),
        ("cognito-identity:*", "*"),
        ("cognito-idp:AdminSetUserPassword", USERS_ARN),
        ("cognito-idp:CreateIdentityProvider", USERS_ARN),
    ],
)
def test_who_may_let_itself_in(action: str, resource: str) -> None:
    support = role("support", allow(action, resource), trusts=STAFF)
    assert severities(app(user(ORDERS), support, users=users(sign_up=False))) == {"PC164": "high"}


@pytest.mark.parametrize(
    ("action", "resource"),
    [
        ("cognito-identity:DescribeIdentityPool", POOL_ARN),
        ("cognito-identity:UpdateIdentityPool", POOL_ARN.replace("0f5a", "1f5a")),
        ("cognito-idp:AdminSetUserPassword", USERS_ARN.replace("Shop", "Else")),
    ],
)
def test_who_may_not(action: str, resource: str) -> None:
    support = role("support", allow(action, resource), trusts=STAFF)
    assert severities(app(user(ORDERS), support, users=users(sign_up=False))) == {}


def test_who_gains_nothing_by_letting_itself_in() -> None:
    support = role("support", allow("cognito-identity:UpdateIdentityPool", POOL_ARN), ORDERS, trusts=STAFF)
    assert severities(app(user(ORDERS), support, users=users(sign_up=False))) == {}


def test_without_a_pool_in_view_nothing_is_claimed() -> None:
    assert severities(account(role("support", allow("cognito-identity:*"), trusts=STAFF))) == {}


# tokens


def test_tokens_that_are_not_checked() -> None:
    assert severities(app(user(), check=False)) == {"PC163": "low"}
    files = app(user())
    del files["pool.json"]["CognitoIdentityProviders"][0]["ServerSideTokenCheck"]
    assert severities(files) == {}, "it is not told"


@pytest.mark.parametrize(("trusted", "severity"), [("es", "low"), ("ec2", "high")])
def test_the_role_of_a_dashboard_is_hardly_a_way_in(trusted: str, severity: str) -> None:
    """OpenSearch Service asks for UpdateIdentityPool to set up sign-in, and nobody else takes that role."""
    trust_ = trust({"Service": f"{trusted}.amazonaws.com"})
    support = role("dashboards", allow("cognito-identity:UpdateIdentityPool", "*"), trusts=trust_)
    assert severities(app(user(ORDERS), support, users=users(sign_up=False))) == {"PC164": severity}
