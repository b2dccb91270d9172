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
def test_two_accounts_of_a_role_that_differ_leave_it_unknown(first: Json, second: Json, what: str) -> None:
    files = {
        "a.json": details(role(**first)),
        "b.json": details(role(**second)),
        "policies.json": {"Policies": [managed("shared", ONE), managed("limit", ONE)]},
    }
    facts = read(files)
    gap = the_gap(facts)
    assert gap.error == f"a.json tells {ROLE} differently: {what}"
    assert (gap.source, gap.pointer, gap.effect) == ("b.json", "/RoleDetailList/0", "which of the two holds is unknown")
    found = the_role(facts)
    told = {
        "trust policy": found.trust is not None and found.trust.document is None,
        "permissions boundary": found.boundary is not None and found.boundary.document is None,
        "tags": found.tags is None,
    }
    policies = {p.name for p in found.policies if p.document is None}
    assert all(told.get(each, each in policies) for each in what.split(", "))
    again = read(files | {"c.json": files["b.json"]})
    third = the_role(again)
    assert [p.document for p in third.policies] == [p.document for p in found.policies], (
        "nor does a third file settle it"
    )
    assert (third.boundary and third.boundary.document, third.tags) == (
        found.boundary and found.boundary.document,
        found.tags,
    )


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
    assert None in [p.document for p in the_role(facts).policies]
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
    assert [p.document for p in the_role(facts).policies] == [None]
    assert (
        the_gap(facts, "b.json").error == f"a.json tells arn:aws:iam::{ACCOUNT}:policy/shared differently: version v1"
    )


@pytest.mark.parametrize(
    ("first", "second", "counts"),
    [
        (None, None, None),
        ("2024-01-01T00:00:00+00:00", "2024-01-01T00:00:00+00:00", None),
        ("2024-01-01T00:00:00+00:00", "2024-02-01T00:00:00Z", TWO),
        ("2024-02-01T00:00:00+00:00", "2024-01-01T00:00:00+00:00", ONE),
    ],
)
def test_another_version_is_in_force(first: str | None, second: str | None, counts: Json | None) -> None:
    """UpdateDate tells when the version in force was set (IAM API Reference, "Policy")."""
    holder = role(AttachedManagedPolicies=attached("shared"))
    facts = read(
        {
            "a.json": details(holder, Policies=[managed("shared", ONE) | ({"UpdateDate": first} if first else {})]),
            "b.json": {"Policies": [managed("shared", TWO, "v2") | ({"UpdateDate": second} if second else {})]},
        }
    )
    (policy,) = the_role(facts).policies
    if counts is None:
        assert policy.document is None
        assert the_gap(facts, "b.json").error.endswith("differently: default version")
    else:
        assert (actions(policy), facts.not_read) == (["s3:PutObject"] if counts is TWO else ["s3:GetObject"], ())


@pytest.mark.parametrize(
    ("first", "second", "counts"),
    [
        (None, None, None),
        ("2024-01-01T00:00:00.000+0000", "2024-01-01T00:00:00.000+0000", None),
        ("2024-01-01T00:00:00.000+0000", "2024-02-01T00:00:00.000+0000", f"{ROLE}-2"),
        ("2024-02-01T00:00:00.000+0000", "2024-01-01T00:00:00.000+0000", ROLE),
    ],
)
def test_two_roles_of_a_function(first: str | None, second: str | None, counts: str | None) -> None:
    """LastModified tells which configuration is the later (Lambda API Reference, "FunctionConfiguration")."""
    one = configuration(**({"LastModified": first} if first else {}))
    two = configuration(Role=f"{ROLE}-2", **({"LastModified": second} if second else {}))
    files = {"a.json": functions(one), "b.json": functions(two)}
    facts = read(files)
    assert the_function(facts).role == counts
    if counts is None:
        assert the_gap(facts).error == f"a.json tells {FUNCTION} differently: execution role"
        assert the_function(read(files | {"c.json": functions(two)})).role is None
    else:
        assert facts.not_read == ()


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
    assert policy is not None and policy.document is None
    third = policy_on(the_function(read(files | {"c.json": files["b.json"]})))
    assert third is not None and third.document is None
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
