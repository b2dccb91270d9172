"""get-account-authorization-details: roles, users, groups, managed policies, boundaries, tags."""

import json
from urllib.parse import quote

import pytest

from permcheck.model import PolicyKind
from tests.sources.captures import (
    ACCOUNT,
    ROLE,
    Json,
    actions,
    attached,
    details,
    document,
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

AWS = "arn:aws:iam::aws:policy/"
BOUNDARY = {"PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": f"arn:aws:iam::{ACCOUNT}:policy/limit"}


def test_a_role_with_everything() -> None:
    facts = read(
        {
            "details.json": details(
                role(
                    RolePolicyList=[inline("own", document(statement(Action="s3:GetObject")))],
                    AttachedManagedPolicies=attached("shared"),
                    PermissionsBoundary=BOUNDARY,
                    Tags=[{"Key": "team", "Value": "photos"}],
                ),
                Policies=[
                    managed("shared", document(statement(Action="s3:PutObject")), old=document(statement(Action="*"))),
                    managed("limit", document(statement(Action="s3:*"))),
                ],
            )
        }
    )
    found = the_role(facts)
    assert (found.arn, found.source, found.pointer) == (ROLE, "details.json", "/RoleDetailList/0")
    assert found.tags == {"team": "photos"}
    assert [(p.name, p.kind, p.pointer, p.attached_to, p.arn, actions(p)) for p in found.policies] == [
        ("own", "identity_policy", "/RoleDetailList/0/RolePolicyList/0/PolicyDocument", ROLE, None, ["s3:GetObject"]),
        (
            "shared",
            "identity_policy",
            "/Policies/0/PolicyVersionList/1/Document",
            None,
            f"arn:aws:iam::{ACCOUNT}:policy/shared",
            ["s3:PutObject"],
        ),
    ]
    assert found.trust is not None
    assert found.trust.trust
    assert found.trust.kind is PolicyKind.RESOURCE
    assert found.trust.attached_to == ROLE
    assert found.trust.pointer == "/RoleDetailList/0/AssumeRolePolicyDocument"
    assert found.boundary is not None
    assert (found.boundary.kind, actions(found.boundary)) == (PolicyKind.BOUNDARY, ["s3:*"])
    assert facts.not_read == ()


def test_a_role_without_policies() -> None:
    facts = read({"details.json": details(role())})
    assert the_role(facts).policies == ()
    assert the_role(facts).tags == {}  # this output prints tags where there are some
    assert the_role(facts).boundary is None
    assert facts.not_read == ()


def test_service_linked_roles() -> None:
    name = "aws-service-role/replicator.lambda.amazonaws.com/AWSServiceRoleForLambdaReplicator"
    facts = read({"details.json": details(role(), role(name))})
    assert {r.name: r.service_linked for r in facts.roles} == {"resize-role": False, name: True}


def test_users_have_their_groups_policies() -> None:
    facts = read(
        {
            "details.json": details(
                UserDetailList=[
                    user(
                        GroupList=["developers"],
                        UserPolicyList=[inline("own", document(statement(Action="s3:GetObject")))],
                    )
                ],
                GroupDetailList=[
                    group(
                        GroupPolicyList=[inline("all", document(statement(Action="lambda:*")))],
                        AttachedManagedPolicies=attached("shared"),
                    )
                ],
                Policies=[managed("shared", document(statement(Action="sqs:*")))],
            )
        }
    )
    ana = the_user(facts)
    assert [actions(p) for p in ana.policies] == [["s3:GetObject"], ["lambda:*"], ["sqs:*"]]
    assert ana.groups == ("developers",)
    assert ana.policies[1:] == facts.groups[0].policies
    assert len(facts.policies) == 3  # each once, though the user and the group both have two of them


def test_a_group_that_is_not_in_view() -> None:
    facts = read({"details.json": details(UserDetailList=[user(GroupList=["gone"])])})
    (policy,) = the_user(facts).policies
    assert policy.document is None
    assert policy.unread == "the group gone is not in view"
    assert the_gap(facts).pointer == "/UserDetailList/0/GroupList/0"
    assert the_gap(facts).effect == "what ana may do is unknown"


def test_groups_of_the_same_name_in_two_accounts() -> None:
    other = group(GroupPolicyList=[inline("all", document(statement(Action="s3:*")))])
    other["Arn"] = "arn:aws:iam::444455556666:group/developers"
    own = group(GroupPolicyList=[inline("all", document(statement(Action="sqs:*")))])
    facts = read({"a.json": details(GroupDetailList=[other]), "b.json": details(
        GroupDetailList=[own], UserDetailList=[user(GroupList=["developers"])]
    )})  # fmt: skip
    assert [actions(p) for p in the_user(facts).policies] == [["sqs:*"]]


@pytest.mark.parametrize(
    "write", [lambda d: d, json.dumps, lambda d: quote(json.dumps(d)), lambda d: quote(json.dumps(d), "")]
)
def test_forms_of_a_document(write: object) -> None:
    assert callable(write)
    text = write(document(statement(Action="s3:GetObject", Resource="arn:aws:s3:::a b/%/ü*")))
    facts = read({"details.json": details(role(RolePolicyList=[inline("own", text)]))})
    (policy,) = the_role(facts).policies
    assert policy.statements[0].resources == ("arn:aws:s3:::a b/%/ü*",)
    assert facts.not_read == ()


@pytest.mark.parametrize(
    ("text", "below", "error"),
    [
        (None, "", "the policy's text is missing"),
        ("", "/PolicyDocument", "the policy text cannot be read: it is empty, at character 1 of the text"),
        ('{"Version"', "/PolicyDocument", "the policy text cannot be read: broken JSON: the text ends in the middle, "
         "at character 11 of the text"),
        (["a"], "/PolicyDocument", "a policy document is a JSON object, not a list"),
        (7, "/PolicyDocument", "a policy document is a JSON object, not a number"),
        ({"Version": "2012-10-17"}, "/PolicyDocument", "the policy has no Statement"),
        (document(statement(Effect="allow")), "/PolicyDocument/Statement/0/Effect",
         "Effect is Allow or Deny, not 'allow'"),
        (document(statement(), statement(Resource=[1])), "/PolicyDocument/Statement/1/Resource/0",
         "Resource holds strings, not a number"),
    ],
)  # fmt: skip
def test_a_policy_that_cannot_be_read_stays_where_it_belongs(text: object, below: str, error: str) -> None:
    facts = read({"details.json": details(role(RolePolicyList=[inline("own", text)]), role("other"))})
    (policy,) = the_role(facts).policies
    assert policy.document is None
    assert policy.unread == error
    gap = the_gap(facts)
    assert gap.error == error
    assert gap.pointer == f"/RoleDetailList/0/RolePolicyList/0{below}"
    assert gap.effect == "what resize-role may do is unknown"
    assert the_role(facts, "other").policies == ()


def test_a_trust_policy_that_cannot_be_read() -> None:
    facts = read({"details.json": details(role(AssumeRolePolicyDocument={"Statement": 1}))})
    trust = the_role(facts).trust
    assert trust is not None
    assert trust.document is None
    assert trust.unread
    assert the_gap(facts).effect == "who may assume resize-role is unknown"


def test_an_attached_policy_without_its_text_is_one_line() -> None:
    names = ["a", "b", "c", "d", "e"]
    roles = [role(name, AttachedManagedPolicies=attached("gone")) for name in names]
    facts = read({"details.json": details(*roles)})
    policies = [r.policies for r in facts.roles]
    assert all(len(p) == 1 and p[0].document is None and p[0].unread == "its text is not in view" for p in policies)
    gap = the_gap(facts)
    assert gap.error == "the managed policy gone is attached, but its text is not in view"
    assert gap.effect == "what a, b, c, d, e may do is unknown"
    assert gap.pointer == "/RoleDetailList/0/AttachedManagedPolicies/0"
    assert gap.arn == f"arn:aws:iam::{ACCOUNT}:policy/gone"
    assert gap.api == "iam:GetPolicyVersion"


def test_a_boundary_without_its_text() -> None:
    facts = read({"details.json": details(role(PermissionsBoundary=BOUNDARY))})
    boundary = the_role(facts).boundary
    assert boundary is not None
    assert boundary.document is None
    assert the_gap(facts).error == "the managed policy limit is a permissions boundary, but its text is not in view"
    assert the_gap(facts).pointer == "/RoleDetailList/0/PermissionsBoundary"


def test_the_version_in_force_is_missing() -> None:
    policy = managed("shared", document()) | {"DefaultVersionId": "v7"}
    policy["PolicyVersionList"][0]["IsDefaultVersion"] = False
    facts = read({"details.json": details(role(AttachedManagedPolicies=attached("shared")), Policies=[policy])})
    assert the_role(facts).policies[0].unread == "its version in force, v7, is not in view"


def test_aws_managed_policies_without_their_text_come_from_the_table() -> None:
    attachment = attached("service-role/AWSLambdaBasicExecutionRole", arn=AWS)
    facts = read({"details.json": details(role(AttachedManagedPolicies=attachment))})
    (policy,) = the_role(facts).policies
    assert "logs:PutLogEvents" in actions(policy)
    assert policy.source == policy.arn == f"{AWS}service-role/AWSLambdaBasicExecutionRole"
    assert policy.name == "AWSLambdaBasicExecutionRole"
    assert facts.not_read == ()
    assert any(a.startswith("The text of 1 AWS managed policy was not given") for a in facts.assumptions)


def test_the_text_in_view_goes_before_the_table() -> None:
    name = "service-role/AWSLambdaBasicExecutionRole"
    policy = managed("x", document(statement(Action="logs:MadeUp"))) | {"Arn": AWS + name}
    attachment = attached(name, arn=AWS)
    facts = read({"details.json": details(role(AttachedManagedPolicies=attachment), Policies=[policy])})
    assert actions(the_role(facts).policies[0]) == ["logs:MadeUp"]
    assert not any("AWS managed" in a for a in facts.assumptions)


def test_a_policy_that_aws_does_not_publish() -> None:
    facts = read({"details.json": details(role(AttachedManagedPolicies=attached("NoSuchPolicy", arn=AWS)))})
    assert the_role(facts).policies[0].document is None
    assert the_gap(facts).arn == f"{AWS}NoSuchPolicy"


@pytest.mark.parametrize("partition", ["aws-cn", "aws-us-gov"])
def test_other_partitions(partition: str) -> None:
    arn = f"arn:{partition}:iam::aws:policy/"
    entry = role(AttachedManagedPolicies=attached("service-role/AWSLambdaBasicExecutionRole", arn=arn))
    entry["Arn"] = ROLE.replace("arn:aws:", f"arn:{partition}:")
    facts = read({"a.json": details(role()), "b.json": details(entry)})
    assert sorted(r.arn for r in facts.roles) == sorted([ROLE, entry["Arn"]])
    (policy,) = next(r for r in facts.roles if r.arn == entry["Arn"]).policies
    assert "logs:PutLogEvents" in actions(policy)
    assert any(partition in sentence for sentence in facts.assumptions)


def test_policies_that_nobody_has_are_in_view() -> None:
    facts = read({"details.json": details(Policies=[managed("unused", document(statement(Action="sqs:*")))])})
    assert [(p.name, p.kind, actions(p)) for p in facts.policies] == [("unused", PolicyKind.IDENTITY, ["sqs:*"])]


def test_one_policy_for_many() -> None:
    roles = [role(name, AttachedManagedPolicies=attached("shared")) for name in "abc"]
    bounded = role("d", AttachedManagedPolicies=attached("limit"), PermissionsBoundary=BOUNDARY)
    facts = read(
        {
            "details.json": details(
                *roles, bounded, Policies=[managed("shared", document()), managed("limit", document())]
            )
        }
    )
    assert len({id(r.policies[0]) for r in facts.roles if r.name in "abc"}) == 1
    kinds = [(p.name, p.kind) for p in facts.policies if p.arn]
    assert sorted(kinds) == [("limit", PolicyKind.IDENTITY), ("shared", PolicyKind.IDENTITY)]


def test_equal_documents_are_one() -> None:
    roles = [role(name, RolePolicyList=[inline("own", document())]) for name in "ab"]
    one, two = read({"details.json": details(*roles)}).roles
    assert one.policies[0] is not two.policies[0]
    assert one.policies[0].document is two.policies[0].document
    assert one.trust is not None
    assert two.trust is not None
    assert one.trust.document is two.trust.document


@pytest.mark.parametrize(
    ("broken", "pointer", "error"),
    [
        ({"RolePolicyList": {}}, "/RolePolicyList", "RolePolicyList is a list, not an object"),
        ({"RolePolicyList": [3]}, "/RolePolicyList/0", "an inline policy is an object, not a number"),
        ({"RolePolicyList": [{"PolicyDocument": {}}]}, "/RolePolicyList/0", "PolicyName is missing"),
        ({"AttachedManagedPolicies": "x"}, "/AttachedManagedPolicies",
         "AttachedManagedPolicies is a list, not a string"),
        ({"AttachedManagedPolicies": [{"PolicyArn": 1}]}, "/AttachedManagedPolicies/0/PolicyArn",
         "PolicyArn is a string, not a number"),
        ({"AttachedManagedPolicies": [{"PolicyArn": "shared"}]}, "/AttachedManagedPolicies/0/PolicyArn",
         "PolicyArn is not an ARN"),
    ],
)  # fmt: skip
def test_wrong_shapes_leave_the_role_unknown(broken: Json, pointer: str, error: str) -> None:
    facts = read({"details.json": details(role(**broken))})
    (policy,) = the_role(facts).policies
    assert (policy.document, policy.unread) == (None, error)
    gap = the_gap(facts)
    assert (gap.pointer, gap.error, gap.effect) == (
        f"/RoleDetailList/0{pointer}",
        error,
        "what resize-role may do is unknown",
    )


def test_a_wrong_boundary_is_an_unread_boundary() -> None:
    facts = read({"details.json": details(role(PermissionsBoundary={"PermissionsBoundaryArn": []}))})
    boundary = the_role(facts).boundary
    assert boundary is not None
    assert (boundary.kind, boundary.document) == (PolicyKind.BOUNDARY, None)


def test_wrong_tags_are_unknown_tags() -> None:
    facts = read({"details.json": details(role(Tags=[{"Key": "team", "Value": 3}]))})
    assert the_role(facts).tags is None
    assert the_gap(facts).pointer == "/RoleDetailList/0/Tags/0/Value"


def test_wrong_groups_leave_the_user_unknown() -> None:
    facts = read({"details.json": details(UserDetailList=[user(GroupList=[1])])})
    assert [p.document for p in the_user(facts).policies] == [None]


def test_an_entry_without_an_arn_is_left_out_and_the_rest_is_read() -> None:
    facts = read({"details.json": details({"RoleName": "x"}, role(), 3, {"RoleName": "y"})})
    assert [r.name for r in facts.roles] == ["resize-role"]
    assert [(gap.pointer, gap.error) for gap in facts.not_read] == [
        ("/RoleDetailList/0", "Arn is missing"),
        ("/RoleDetailList/2", "a role is an object, not a number"),
        ("/RoleDetailList/3", "Arn is missing"),
    ]


def test_names_keep_their_control_characters() -> None:
    name = "evil\x1b[31m\u202e\nrole"
    facts = read({"details.json": details(role(name, AssumeRolePolicyDocument=trusting()))})
    assert facts.roles[0].name == name
