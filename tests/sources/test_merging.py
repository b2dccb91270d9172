"""Several files about the same thing: what agrees is joined, what differs is told, in whatever order they are given."""

import pytest

from tests.sources.captures import (
    ACCOUNT,
    FUNCTION,
    ROLE,
    Json,
    actions,
    attached,
    configuration,
    details,
    document,
    functions,
    granting,
    inline,
    managed,
    plain,
    policy_on,
    policy_output,
    read,
    role,
    statement,
    the_function,
    the_gap,
    the_role,
    trusting,
)

ONE, TWO = document(statement(Action="s3:GetObject")), document(statement(Action="s3:PutObject"))
BOUNDARY: Json = {"PermissionsBoundary": {"PermissionsBoundaryArn": f"arn:aws:iam::{ACCOUNT}:policy/limit"}}
TAGS: Json = {"Tags": [{"Key": "team", "Value": "web"}]}


def test_a_second_telling_that_agrees_is_silent() -> None:
    full = role(RolePolicyList=[inline("own", ONE)], AttachedManagedPolicies=attached("shared"), **TAGS)
    short = {key: full[key] for key in ("RoleName", "Arn", "AssumeRolePolicyDocument")}
    facts = read(
        {
            "a.json": details(full, Policies=[managed("shared", TWO)]),
            "b.json": details(full, Policies=[managed("shared", TWO)]),
            "c-roles.json": {"Roles": [short]},
            "d.json": {"Role": short | TAGS},
            "e.json": {"RoleName": "resize-role"} | inline("own", ONE),
            "list-attached-role-policies.resize-role.json": {"AttachedPolicies": attached("shared")},
            "list-role-policies.resize-role.json": {"PolicyNames": ["own"]},
        }
    )
    assert facts.not_read == ()
    found = the_role(facts)
    assert [actions(p) for p in found.policies] == [["s3:GetObject"], ["s3:PutObject"]]
    assert found.tags == {"team": "web"}
    assert found.source == "a.json"


@pytest.mark.parametrize(
    ("first", "second", "what"),
    [
        ({}, {"AssumeRolePolicyDocument": trusting("ec2.amazonaws.com")}, "trust policy"),
        ({"RolePolicyList": [inline("own", ONE)]}, {"RolePolicyList": [inline("own", TWO)]}, "inline policies"),
        ({"RolePolicyList": [inline("own", ONE)]}, {}, "inline policies"),
        ({}, {"AttachedManagedPolicies": attached("shared")}, "attached policies"),
        (BOUNDARY, {}, "permissions boundary"),
        ({}, BOUNDARY, "permissions boundary"),
        (TAGS, {}, "tags"),
        (
            BOUNDARY | TAGS,
            {"AttachedManagedPolicies": attached("shared")},
            "attached policies, permissions boundary, tags",
        ),
    ],
)
def test_the_later_of_two_accounts_of_a_role_counts(first: Json, second: Json, what: str) -> None:
    files = {
        "a.json": details(role(**first)),
        "b.json": details(role(**second)),
        "policies.json": {"Policies": [managed("shared", ONE), managed("limit", ONE)]},
    }
    facts = read(files)
    gap = the_gap(facts)
    assert gap.error == f"a.json tells {ROLE} differently: {what}"
    assert (gap.source, gap.pointer, gap.effect) == ("b.json", "/RoleDetailList/0", "what b.json says is used")
    del files["a.json"]
    alone = read(files)
    assert plain(facts)["roles"] == plain(alone)["roles"]


def test_a_single_call_adds_to_a_role() -> None:
    facts = read(
        {
            "a.json": details(role(RolePolicyList=[inline("own", ONE)])),
            "b.json": {"RoleName": "resize-role"} | inline("new", TWO),
        }
    )
    assert [p.name for p in the_role(facts).policies] == ["own", "new"]
    assert facts.not_read == ()


def test_a_single_call_that_differs() -> None:
    facts = read(
        {
            "a.json": details(role(RolePolicyList=[inline("own", ONE)])),
            "b.json": {"RoleName": "resize-role"} | inline("own", TWO),
        }
    )
    assert [actions(p) for p in the_role(facts).policies] == [["s3:PutObject"]]
    assert the_gap(facts).error == f"a.json tells {ROLE} differently: inline policy own"


def test_a_readable_copy_goes_before_a_broken_one() -> None:
    for first, second in (("a.json", "b.json"), ("b.json", "a.json")):
        facts = read(
            {
                first: details(role(RolePolicyList=[inline("own", "{")])),
                second: details(role(RolePolicyList=[inline("own", ONE)])),
            }
        )
        assert [actions(p) for p in the_role(facts).policies] == [["s3:GetObject"]]
        assert the_gap(facts).source == first


def test_two_texts_of_a_managed_policy() -> None:
    holder = role(AttachedManagedPolicies=attached("shared"))
    facts = read(
        {"a.json": details(holder, Policies=[managed("shared", ONE)]), "b.json": {"Policies": [managed("shared", TWO)]}}
    )
    assert [actions(p) for p in the_role(facts).policies] == [["s3:PutObject"]]
    assert the_gap(facts).error == f"a.json tells arn:aws:iam::{ACCOUNT}:policy/shared differently: version v1"


def test_another_version_is_in_force() -> None:
    holder = role(AttachedManagedPolicies=attached("shared"))
    facts = read(
        {
            "a.json": details(holder, Policies=[managed("shared", ONE)]),
            "b.json": {"Policies": [managed("shared", TWO, "v2")]},
        }
    )
    assert [actions(p) for p in the_role(facts).policies] == [["s3:PutObject"]]
    assert the_gap(facts).error.endswith("differently: default version")


def test_two_roles_of_a_function() -> None:
    facts = read({"a.json": functions(configuration()), "b.json": functions(configuration(Role=f"{ROLE}-2"))})
    found = the_function(facts)
    assert (found.role, found.source) == (f"{ROLE}-2", "b.json")
    assert the_gap(facts).error == f"a.json tells {FUNCTION} differently: execution role"


def test_a_function_told_twice_is_one() -> None:
    facts = read(
        {"a.json": functions(configuration()), "b.json": {"Configuration": configuration(), "Tags": {"a": "b"}}}
    )
    assert len(facts.functions) == 1
    assert (the_function(facts).source, the_function(facts).tags) == ("a.json", {"a": "b"})
    assert facts.not_read == ()


def test_two_policies_of_a_function() -> None:
    files = {
        "a.json": policy_output(granting(FUNCTION)),
        "b.json": policy_output(granting(FUNCTION, Action="lambda:*")),
    }
    facts = read(files)
    policy = policy_on(the_function(facts))
    assert policy is not None
    assert actions(policy) == ["lambda:*"]
    assert the_gap(facts).error == f"a.json tells {FUNCTION} differently: function policy"
    assert read({"a.json": files["a.json"], "b.json": files["a.json"]}).not_read == ()


def test_different_qualifiers_do_not_differ() -> None:
    facts = read(
        {
            "a.json": policy_output(granting(FUNCTION)),
            "b.json": policy_output(granting(f"{FUNCTION}:live", Action="lambda:*")),
        }
    )
    assert facts.not_read == ()


def test_the_order_of_texts_does_not_matter() -> None:
    files: Json = {
        "b.json": details(role(RolePolicyList=[inline("own", ONE)]), role("other")),
        "a.json": details(role(RolePolicyList=[inline("own", TWO)], **TAGS)),
        "get-policy.json": policy_output(granting(FUNCTION)),
        "f.json": functions(configuration(), configuration("b")),
        "p.json": {"RoleName": "other"} | inline("more", ONE),
        "broken.json": "{",
        "loose.json": document(),
        "list-role-policies.other.json": {"PolicyNames": ["gone"]},
    }
    expected = plain(read(files))
    for turn in range(1, len(files)):
        names = sorted(files)[turn:] + sorted(files)[:turn]
        assert plain(read({name: files[name] for name in names})) == expected


def test_collections_are_sorted() -> None:
    facts = read(
        {
            "z.json": details(role("b"), role("a"), role("c")),
            "a.json": functions(*(configuration(name) for name in "zyx")),
            "broken.json": "{",
        }
    )
    assert [r.name for r in facts.roles] == ["a", "b", "c"]
    assert [f.name for f in facts.functions] == ["x", "y", "z"]
    assert [(p.source, p.pointer) for p in facts.policies] == sorted((p.source, p.pointer) for p in facts.policies)
    assert [gap.source for gap in facts.not_read] == sorted(gap.source for gap in facts.not_read)
