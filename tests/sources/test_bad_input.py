"""Whatever stands where in an input: it is read or told, never a crash, and no secret comes out."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.sources.captures import (
    ACCOUNT,
    FUNCTION,
    ROLE,
    SECRET,
    Json,
    attached,
    configuration,
    details,
    document,
    functions,
    granting,
    group,
    inline,
    managed,
    plain,
    policy_output,
    read,
    role,
    statement,
    trusting,
    user,
)

STORE = f"aws/aws/accounts/{ACCOUNT}"
CAPTURES: Json = {
    "details.json": details(
        role(
            RolePolicyList=[inline("own", document())],
            AttachedManagedPolicies=attached("shared"),
            PermissionsBoundary={"PermissionsBoundaryArn": f"arn:aws:iam::{ACCOUNT}:policy/limit"},
            Tags=[{"Key": "a", "Value": "b"}],
        ),
        UserDetailList=[user(GroupList=["developers"], UserPolicyList=[inline("own", document())])],
        GroupDetailList=[group(GroupPolicyList=[inline("all", document())])],
        Policies=[managed("shared", document(statement(Condition={"Bool": {"aws:SecureTransport": True}})))],
        IsTruncated=True,
        Marker="m",
    ),
    "get-role.json": {"Role": role("single", Tags=[{"Key": "a", "Value": "b"}])},
    "get-group.json": {"Group": group("team"), "Users": [user()]},
    "get-role-policy.json": {"RoleName": "single"} | inline("own", document()),
    "list-role-policies.single.json": {"PolicyNames": ["own", "gone"], "IsTruncated": True},
    "list-attached-role-policies.single.json": {"AttachedPolicies": attached("shared")},
    "list-groups-for-user.ana.json": {"Groups": [group("team")]},
    "list-role-tags.single.json": {"Tags": [{"Key": "a", "Value": "b"}]},
    "get-policy-version.shared.json": {
        "PolicyVersion": {"Document": document(), "VersionId": "v2", "IsDefaultVersion": True}
    },
    "list-policies.json": {"Policies": [{"PolicyName": "p", "Arn": f"arn:aws:iam::{ACCOUNT}:policy/p"}]},
    "functions.json": functions(configuration(Layers=[{"Arn": f"{FUNCTION}:1"}]), NextMarker="m"),
    "get-function.json": {"Configuration": configuration("b"), "Tags": {"a": "b"}},
    "versions.json": {"Versions": [configuration(FunctionArn=f"{FUNCTION}:3", Version="3")]},
    "aliases.json": {"Aliases": [{"AliasArn": f"{FUNCTION}:live", "Name": "live", "FunctionVersion": "3"}]},
    "get-policy.resize.json": policy_output(granting(FUNCTION)),
    "urls.json": {
        "FunctionUrlConfigs": [{"FunctionArn": FUNCTION, "AuthType": "NONE", "Cors": {"AllowOrigins": ["*"]}}]
    },
    "mappings.json": {"EventSourceMappings": [{"UUID": "1", "FunctionArn": FUNCTION, "EventSourceArn": "arn:aws:sqs"}]},
    "list-tags.resize.json": {"Tags": {"a": "b"}},
    "pools.json": {"IdentityPools": [{"IdentityPoolId": "x", "IdentityPoolName": "y"}]},
    "pool.json": {"IdentityPoolId": "x", "IdentityPoolName": "y", "CognitoIdentityProviders": [{"ProviderName": "p"}]},
    "pool-roles.json": {
        "IdentityPoolId": "x",
        "Roles": {"authenticated": ROLE},
        "RoleMappings": {"p": {"RulesConfiguration": {"Rules": [{"RoleARN": ROLE}]}}},
    },
    "loose.json": document({"Effect": "Deny", "NotAction": ["iam:*"], "Resource": "*"}),
    "trust.json": trusting(),
    "resource.json": granting(f"{FUNCTION}:*"),
    f"{STORE}/iam/role/kept/metadata.json": {"arn": f"{ROLE}-kept", "name": "kept", "permissionBoundary": ROLE},
    f"{STORE}/iam/role/kept/inline-policies.json": [inline("own", document())],
    f"{STORE}/iam/role/kept/managed-policies.json": [f"arn:aws:iam::{ACCOUNT}:policy/shared"],
    f"{STORE}/iam/role/kept/trust-policy.json": trusting(),
    f"{STORE}/iam/role/kept/tags.json": {"a": "b"},
    f"{STORE}/lambda/us-east-1/function/c/metadata.json": {"arn": f"{FUNCTION}c", "name": "c", "role": ROLE},
    f"{STORE}/lambda/us-east-1/function/c/policy.json": granting(f"{FUNCTION}c"),
}
WRONG: tuple[object, ...] = (None, 3, "\ud800", [], {}, [3], [{}], {"a": 1}, ROLE)
Path = tuple[str | int, ...]


def places(value: Any, path: Path = ()) -> Iterator[Path]:
    """The path to every value in a JSON value."""
    yield path
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in members:
        yield from places(each, (*path, key))


def replaced(value: Any, path: Path, new: Any) -> Any:
    """A copy of a JSON value with another one in one place."""
    if not path:
        return new
    made: Any = dict(value) if isinstance(value, dict) else list(value)
    made[path[0]] = replaced(value[path[0]], path[1:], new)
    return made


def test_the_captures_are_sound() -> None:
    told = {(gap.source, gap.error) for gap in read(CAPTURES).not_read}
    assert {source for source, _ in told} == {
        "details.json",  # its limit has no text, its next page is missing
        "functions.json",
        "get-policy-version.shared.json",  # another version is in force
        "list-role-policies.single.json",
        "aws/aws/accounts/111122223333/iam/role/kept/metadata.json",  # the boundary is no policy
        "resource.json",  # the function's policy was captured
    }


@pytest.mark.parametrize("name", CAPTURES)
def test_any_value_in_any_place(name: str) -> None:
    for path in places(CAPTURES[name]):
        for wrong in WRONG:
            facts = read({**CAPTURES, name: json.dumps(replaced(CAPTURES[name], path, wrong))})
            assert SECRET not in repr(plain(facts))
            assert len(facts.functions) + len(facts.roles) > 3  # the other files are still read


@pytest.mark.parametrize("name", CAPTURES)
def test_a_file_cut_anywhere(name: str) -> None:
    whole = json.dumps(CAPTURES[name], indent=4)
    for end in range(0, len(whole), 17):
        facts = read({**CAPTURES, name: whole[:end]})
        assert [gap for gap in facts.not_read if gap.source == name and gap.line is not None], end
        assert SECRET not in repr(plain(facts))


@pytest.mark.parametrize("name", CAPTURES)
def test_deep_values_anywhere(name: str) -> None:
    for path in places(CAPTURES[name]):
        text = json.dumps(replaced(CAPTURES[name], path, "@"))
        read({**CAPTURES, name: text.replace('"@"', "[" * 700 + "]" * 700, 1)})


def test_a_large_file() -> None:
    roles = [role(f"r{i}", RolePolicyList=[inline("own", document(statement(Sid=f"s{i}")))]) for i in range(3000)]
    facts = read({"details.json": details(*roles), "list.json": "[" + "1," * 300_000 + "1]"})
    assert len(facts.roles) == 3000
    assert len(facts.not_read) == 1
