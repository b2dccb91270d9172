"""Outputs of single IAM calls, and how those find their owner that do not name it."""

import pytest

from tests.sources.captures import (
    ACCOUNT,
    OTHER,
    ROLE,
    Json,
    actions,
    attached,
    configuration,
    details,
    document,
    functions,
    group,
    inline,
    managed,
    read,
    role,
    statement,
    the_gap,
    the_role,
    the_user,
    trusting,
    user,
)

GET_ROLE: Json = {"Role": {"RoleName": "resize-role", "Arn": ROLE, "AssumeRolePolicyDocument": trusting()}}
GET_USER: Json = {"User": {"UserName": "ana", "Arn": f"arn:aws:iam::{ACCOUNT}:user/ana"}}
TEXT = document(statement(Action="s3:GetObject"))
ROLE_POLICY = {"RoleName": "resize-role"} | inline("own", TEXT)
ATTACHED = {"AttachedPolicies": attached("shared")}
VERSION = {"PolicyVersion": {"Document": TEXT, "VersionId": "v3", "IsDefaultVersion": True}}
POLICY = {"Policy": {"PolicyName": "shared", "Arn": f"arn:aws:iam::{ACCOUNT}:policy/shared", "DefaultVersionId": "v3"}}


def test_get_role_and_its_policies() -> None:
    facts = read({"get-role.json": GET_ROLE, "a-policy.json": ROLE_POLICY})
    found = the_role(facts)
    assert (found.arn, found.source, found.pointer) == (ROLE, "get-role.json", "/Role")
    assert [(p.name, p.source, p.pointer, p.attached_to) for p in found.policies] == [
        ("own", "a-policy.json", "/PolicyDocument", ROLE)
    ]
    assert found.trust is not None
    assert found.tags == {}


def test_get_role_prints_boundary_and_tags() -> None:
    boundary = {"PermissionsBoundaryArn": f"arn:aws:iam::{ACCOUNT}:policy/limit"}
    told = {"PermissionsBoundary": boundary, "Tags": [{"Key": "team", "Value": "web"}]}
    facts = read({"r.json": {"Role": GET_ROLE["Role"] | told}, "p.json": {"Policies": [managed("limit", TEXT)]}})
    found = the_role(facts)
    assert found.boundary is not None
    assert actions(found.boundary) == ["s3:GetObject"]
    assert found.tags == {"team": "web"}


@pytest.mark.parametrize("value", [{"Roles": [GET_ROLE["Role"]]}, [GET_ROLE["Role"]], GET_ROLE["Role"]])
def test_a_list_of_roles_says_nothing_of_tags(value: object) -> None:
    facts = read({"roles.json": value})
    found = the_role(facts)
    assert found.arn == ROLE
    assert found.tags is None
    assert found.trust is not None
    assert "Policies were not given for resize-role: none are taken to be attached." in facts.assumptions
    assert [gap.api for gap in facts.not_read] == ["iam:GetRole"], "nor does it tell boundaries"


def test_get_user_and_its_policies() -> None:
    facts = read(
        {
            "get-user.json": GET_USER,
            "get-user-policy.json": {"UserName": "ana"} | inline("own", TEXT),
            "list-attached-user-policies.ana.json": {"AttachedPolicies": attached("shared")},
            "list-groups-for-user.ana.json": {"Groups": [group("a-team")]},
            "get-group-policy.json": {"GroupName": "a-team"} | inline("all", document(statement(Action="sqs:*"))),
            "policies.json": {"Policies": [managed("shared", document(statement(Action="sns:*")))]},
        }
    )
    ana = the_user(facts)
    assert [actions(p) for p in ana.policies] == [["s3:GetObject"], ["sns:*"], ["sqs:*"]]
    assert ana.groups == ("a-team",)
    assert facts.not_read == ()


def test_list_users_and_groups() -> None:
    facts = read(
        {"u.json": {"Users": [user("ana"), user("bo")]}, "list-groups.json": {"Groups": [group("a"), group("b")]}}
    )
    assert [u.name for u in facts.users] == ["ana", "bo"]
    assert [g.name for g in facts.groups] == ["a", "b"]
    assert [u.groups for u in facts.users] == [(), ()]
    assert {gap.api for gap in facts.not_read} == {"iam:GetUser"}, "only that tells a permissions boundary"


def test_get_group_tells_its_members() -> None:
    facts = read({"get-group.json": {"Group": group("a-team"), "Users": [user("ana")]}})
    assert the_user(facts).groups == ("a-team",)
    assert [gap.api for gap in facts.not_read] == ["iam:GetUser"], "only that tells a permissions boundary"


def test_a_managed_policy_in_three_outputs() -> None:
    facts = read(
        {
            "get-policy.shared.json": POLICY,
            "get-policy-version.shared.v3.json": VERSION,
            "get-role.json": GET_ROLE,
            "list-attached-role-policies.resize-role.json": ATTACHED,
        }
    )
    (policy,) = the_role(facts).policies
    assert actions(policy) == ["s3:GetObject"]
    assert (policy.source, policy.pointer) == ("get-policy-version.shared.v3.json", "/PolicyVersion/Document")
    assert facts.not_read == ()


def test_an_old_version_is_not_the_policy() -> None:
    old = {"PolicyVersion": VERSION["PolicyVersion"] | {"VersionId": "v1", "IsDefaultVersion": False}}
    files = {"role.json": GET_ROLE, "list-attached-role-policies.resize-role.json": ATTACHED}
    facts = read({**files, "get-policy-version.shared.json": old})
    assert the_role(facts).policies[0].unread == "its text is not in view"
    facts = read({**files, "get-policy-version.shared.json": old, "get-policy.json": POLICY})
    assert the_role(facts).policies[0].unread == "its version in force, v3, is not in view"


def test_a_version_of_nobody_knows_which() -> None:
    facts = read({"text.json": VERSION})
    assert [(p.name, p.attached_to, actions(p)) for p in facts.policies] == [("managed policy", None, ["s3:GetObject"])]
    assert facts.roles == ()
    assert the_gap(facts).error.startswith("it does not say which policy it is a version of")


@pytest.mark.parametrize(
    "name",
    [
        "list-attached-role-policies.resize-role.json",
        "list-attached-role-policies-resize-role.json",
        "list_attached_role_policies_resize-role.json",
        "list-attached-role-policies/resize-role.json",
        "resize-role.json",
        "resize-role.attached.json",
        "roles/resize-role/attached.json",
    ],
)
def test_the_owner_by_the_name_of_the_file(name: str) -> None:
    facts = read({"role.json": GET_ROLE, "p.json": {"Policies": [managed("shared", TEXT)]}, name: ATTACHED})
    assert [p.name for p in the_role(facts).policies] == ["shared"]
    assert facts.not_read == ()


def test_an_owner_that_only_a_function_names() -> None:
    facts = read({"f.json": functions(configuration()), "p.json": ROLE_POLICY})
    found = the_role(facts)
    assert (found.arn, found.source, found.pointer, found.tags, found.trust) == (ROLE, "p.json", "", None, None)
    assert [p.name for p in found.policies] == ["own"]


def test_an_owner_that_nothing_else_names() -> None:
    facts = read({"p.json": ROLE_POLICY})
    assert the_role(facts).arn == "arn:aws:iam::000000000000:role/resize-role"
    facts = read({"p.json": ROLE_POLICY, "other.json": details(role("other"))})
    assert the_role(facts).arn == ROLE
    assert f"The account of the role resize-role is not told: it is taken to be {ACCOUNT}." in facts.assumptions


def test_a_list_of_nobody_knows_whom() -> None:
    facts = read({"role.json": GET_ROLE, "attached.json": ATTACHED})
    assert the_role(facts).policies == ()
    gap = the_gap(facts)
    assert gap.source == "attached.json"
    assert gap.error == "it tells policies, but not whose: neither the text nor the file's name says so"


@pytest.mark.parametrize("value", [{"AttachedPolicies": []}, {"PolicyNames": []}, {"Tags": []}])
def test_an_empty_list_of_nobody_knows_whom_says_nothing(value: object) -> None:
    assert read({"a.json": value}).not_read == ()


def test_the_folder_decides_between_accounts() -> None:
    files = {
        "one/roles.json": details(role("web")),
        "two/roles.json": details(role("web", OTHER)),
        "two/policy.json": {"RoleName": "web"} | inline("own", TEXT),
    }
    facts = read(files)
    assert [(r.arn.split(":")[4], len(r.policies)) for r in facts.roles] == [(ACCOUNT, 0), (OTHER, 1)]
    assert facts.not_read == ()


def test_a_name_that_fits_two_accounts_is_unknown_in_both() -> None:
    facts = read({
        "one/roles.json": details(role("web")),
        "two/roles.json": details(role("web", OTHER)),
        "policy.json": {"RoleName": "web"} | inline("own", TEXT),
    })  # fmt: skip
    assert [[p.document for p in r.policies] for r in facts.roles] == [[None], [None]]
    gap = the_gap(facts)
    assert gap.source == "policy.json"
    assert "there are several" in gap.error
    assert gap.effect == "what each role called web may do is unknown"


def test_names_without_texts() -> None:
    facts = read(
        {
            "get-role.json": GET_ROLE,
            "get-role-policy.json": ROLE_POLICY,
            "list-role-policies.resize-role.json": {"PolicyNames": ["own", "more"]},
        }
    )
    assert [(p.name, p.unread) for p in the_role(facts).policies] == [
        ("own", None),
        ("more", "only its name is in view"),
    ]
    gap = the_gap(facts)
    assert gap.pointer == "/PolicyNames/1"
    assert gap.effect == "what resize-role may do is unknown"
    assert gap.api == "iam:GetRolePolicy"


@pytest.mark.parametrize(
    ("name", "value"),
    [("list-role-policies", {"PolicyNames": ["own"]}), ("list-attached-role-policies", ATTACHED)],
)
def test_a_list_whose_next_page_is_missing(name: str, value: Json) -> None:
    files = {"role.json": GET_ROLE, "own.json": ROLE_POLICY, "p.json": {"Policies": [managed("shared", TEXT)]}}
    first = {f"{name}.resize-role.1.json": value | {"IsTruncated": True, "Marker": "m"}}
    facts = read({**files, **first})
    assert the_role(facts).policies[-1].unread == "a page of their list is missing"
    assert the_gap(facts).pointer == "/IsTruncated"
    assert the_gap(facts).effect == "what resize-role may do is unknown"
    facts = read({**files, **first, f"{name}.resize-role.2.json": value})
    assert facts.not_read == ()
    assert all(p.document is not None for p in the_role(facts).policies)


def test_tags_of_a_role() -> None:
    roles = {"Roles": [GET_ROLE["Role"]]}
    tags = {"Tags": [{"Key": "team", "Value": "web"}, {"Key": "bare"}]}
    facts = read({"roles.json": roles, "list-role-tags.resize-role.json": tags})
    assert the_role(facts).tags == {"team": "web", "bare": ""}
    facts = read({"roles.json": roles, "tags.json": tags})
    assert the_role(facts).tags is None
    assert the_gap(facts, "tags.json").error.startswith("it tells tags, but not whose")


def test_a_damaged_file_leaves_unknown_what_it_is_named_after() -> None:
    facts = read(
        {"role.json": details(role(), role("web")), "get-role-policy.resize-role.own.json": '{"RoleName": "re'}
    )
    (policy,) = the_role(facts).policies
    assert (policy.document, policy.unread) == (None, "broken JSON: the text ends in the middle")
    assert the_role(facts, "web").policies == ()
    gap = the_gap(facts)
    assert (gap.line, gap.column) == (1, 17)
    assert gap.effect == "what the role it is named after may do is unknown"
