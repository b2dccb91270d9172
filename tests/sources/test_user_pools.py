"""User pools: sign-up, attributes, triggers, groups and app clients."""

import pytest

from tests.sources.captures import ACCOUNT, FUNCTION, Json, plain, read, the_function
from tests.sources.samples import USER_POOLS
from tests.sources.samples.names import CALLER, CLIENT, REGION, USER_POOL
from tests.sources.surroundings import gap_about, read_samples, the_user_pool

POOL, GROUPS, GROUP, DESCRIBED_CLIENT, CLIENTS, POOLS = USER_POOLS


def pool_of(**members: object) -> Json:
    return {"UserPool": {"Id": USER_POOL, "Name": "members"} | members}


def test_a_user_pool() -> None:
    pool = the_user_pool(read_samples(POOL))
    assert (pool.id, pool.name, pool.self_sign_up) == (USER_POOL, "members", True)
    assert pool.arn == f"arn:aws:cognito-idp:{REGION}:{ACCOUNT}:userpool/{USER_POOL}"
    assert pool.attributes == (("sub", False), ("custom:tier", True))
    assert (pool.source, pool.pointer) == ("describe-user-pool.json", "/UserPool")


@pytest.mark.parametrize(
    ("config", "open_to_all"),
    [
        ({"AllowAdminCreateUserOnly": True}, False),
        ({"AllowAdminCreateUserOnly": False}, True),
        ({}, None),
        (None, None),
    ],
)
def test_who_may_sign_up(config: Json | None, open_to_all: bool | None) -> None:
    assert the_user_pool(read({"p.json": pool_of(AdminCreateUserConfig=config)})).self_sign_up is open_to_all


def test_triggers_of_both_forms() -> None:
    """PreTokenGeneration stands in an old and a new member, and is one trigger."""
    facts = read_samples(POOL)
    assert the_user_pool(facts).triggers == (
        ("CustomEmailSender", f"{FUNCTION}:prod"),
        ("PreSignUp", FUNCTION),
        ("PreTokenGeneration", FUNCTION),
    )
    function = the_function(facts)
    assert not function.listed
    assert [qualifier.name for qualifier in function.qualifiers] == ["", "prod"]


def test_a_trigger_that_is_no_function() -> None:
    facts = read({"p.json": pool_of(LambdaConfig={"PreSignUp": "sign-up", "PostConfirmation": FUNCTION})})
    assert the_user_pool(facts).triggers == (("PostConfirmation", FUNCTION),)
    (gap,) = facts.not_read
    assert (gap.pointer, gap.effect) == ("/UserPool/LambdaConfig/PreSignUp", "the trigger is left out")


def test_what_cannot_be_read_leaves_the_rest() -> None:
    facts = read({"p.json": pool_of(AdminCreateUserConfig=3, SchemaAttributes=[{"Name": "a"}, 4], LambdaConfig=[])})
    pool = the_user_pool(facts)
    assert (pool.name, pool.self_sign_up) == ("members", None)
    assert {gap.pointer for gap in facts.not_read} == {
        "/UserPool/AdminCreateUserConfig",
        "/UserPool/SchemaAttributes/1",
        "/UserPool/LambdaConfig",
    }


def test_groups() -> None:
    pool = the_user_pool(read_samples(GROUPS))
    assert [(g.name, g.role, g.precedence, g.pointer) for g in pool.groups] == [
        ("admins", CALLER, 0, "/Groups/0"),
        ("readers", None, None, "/Groups/1"),
    ]
    assert pool.groups_read
    assert pool.arn == f"arn:aws:cognito-idp:{REGION}:000000000000:userpool/{USER_POOL}"


def test_one_group_is_not_all_of_them() -> None:
    pool = the_user_pool(read_samples(GROUP))
    assert [g.name for g in pool.groups] == ["admins"]
    assert not pool.groups_read


def test_groups_of_a_user_pool_are_no_groups_of_iam() -> None:
    facts = read_samples(GROUPS, GROUP)
    assert facts.groups == ()
    assert facts.not_read == ()


def test_a_group_told_differently() -> None:
    other = GROUP._replace(value={"Group": GROUP.value["Group"] | {"RoleArn": f"{CALLER}-2"}})
    facts = read_samples(GROUPS, other)
    assert "the group admins" in gap_about(facts, "differently").error


@pytest.mark.parametrize(
    ("members", "writes"),
    [
        ({"WriteAttributes": ["email"]}, ("email",)),
        ({"WriteAttributes": []}, ()),
        ({}, ()),
        ({"WriteAttributes": 3}, None),
    ],
)
def test_what_users_of_a_client_may_write(members: Json, writes: tuple[str, ...] | None) -> None:
    value = {"UserPoolClient": {"UserPoolId": USER_POOL, "ClientId": CLIENT, "ClientName": "web"} | members}
    (client,) = the_user_pool(read({"c.json": value})).clients
    assert (client.id, client.name, client.writes) == (CLIENT, "web", writes)


def test_a_listed_client_does_not_hide_the_described_one() -> None:
    (client,) = the_user_pool(read_samples(DESCRIBED_CLIENT, CLIENTS)).clients
    assert client.writes == ("custom:tier", "email")
    (client,) = the_user_pool(read_samples(CLIENTS)).clients
    assert client.writes is None


def test_no_secret_is_kept() -> None:
    assert "planted-client-secret" not in str(plain(read_samples(*USER_POOLS)))


def test_list_user_pools() -> None:
    pool = the_user_pool(read_samples(POOLS))
    assert (pool.name, pool.triggers, pool.self_sign_up) == ("members", (("PreSignUp", FUNCTION),), None)
