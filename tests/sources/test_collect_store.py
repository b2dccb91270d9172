"""An iam-collect store: resources told by their folders."""

import json

import pytest

from permcheck.model import PolicyKind
from tests.sources.captures import (
    ACCOUNT,
    FUNCTION,
    ROLE,
    Json,
    actions,
    document,
    granting,
    inline,
    policy_on,
    read,
    statement,
    the_function,
    the_gap,
    the_role,
    the_user,
    trusting,
)

ROOT = f"store/aws/aws/accounts/{ACCOUNT}"
HOME = f"{ROOT}/iam/role/resize-role"
LAMBDA = f"{ROOT}/lambda/us-east-1/function"
POLICY = f"arn:aws:iam::{ACCOUNT}:policy/"
STORE: Json = {
    f"{HOME}/metadata.json": {"arn": ROLE, "name": "resize-role", "permissionBoundary": f"{POLICY}Limit"},
    f"{HOME}/trust-policy.json": trusting(),
    f"{HOME}/inline-policies.json": [inline("own", document(statement(Action="s3:GetObject")))],
    f"{HOME}/managed-policies.json": [f"{POLICY}Shared"],
    f"{ROOT}/iam/policy/shared/metadata.json": {"arn": f"{POLICY}Shared", "name": "Shared", "defaultVersionId": "v2"},
    f"{ROOT}/iam/policy/shared/policy.json": document(statement(Action="sqs:*")),
    f"{ROOT}/iam/policy/limit/metadata.json": {"arn": f"{POLICY}Limit", "name": "Limit", "defaultVersionId": "v1"},
    f"{ROOT}/iam/policy/limit/policy.json": document(statement(Action="*")),
    f"{LAMBDA}/resize/metadata.json": {"arn": FUNCTION, "name": "resize", "role": ROLE},
    f"{LAMBDA}/resize/policy.json": granting(FUNCTION),
    f"{LAMBDA}/resize%3alive/metadata.json": {"arn": f"{FUNCTION}:live", "name": "resize:live", "role": ROLE},
    f"{LAMBDA}/resize%3alive/policy.json": granting(f"{FUNCTION}:live"),
}


def test_a_whole_store() -> None:
    facts = read(STORE)
    found = the_role(facts)
    assert (found.arn, found.source, found.tags) == (ROLE, f"{HOME}/metadata.json", None)
    assert [(p.name, p.source, p.pointer, actions(p)) for p in found.policies] == [
        ("own", f"{HOME}/inline-policies.json", "/0/PolicyDocument", ["s3:GetObject"]),
        ("Shared", f"{ROOT}/iam/policy/shared/policy.json", "", ["sqs:*"]),
    ]
    assert found.boundary is not None
    assert (found.boundary.kind, found.boundary.arn) == (PolicyKind.BOUNDARY, f"{POLICY}Limit")
    assert found.trust is not None
    assert found.trust.source == f"{HOME}/trust-policy.json"
    function = the_function(facts)
    assert (function.role, function.listed, [q.name for q in function.qualifiers]) == (ROLE, True, ["", "live"])
    own, live = policy_on(function), policy_on(function, "live")
    assert own is not None
    assert live is not None
    assert (own.attached_to, live.attached_to) == (FUNCTION, f"{FUNCTION}:live")
    assert live.source == f"{LAMBDA}/resize%3alive/policy.json"
    assert facts.not_read == ()


def test_users_and_groups() -> None:
    user, group = f"arn:aws:iam::{ACCOUNT}:user/Ana", f"arn:aws:iam::{ACCOUNT}:group/Team"
    facts = read(
        {
            f"{ROOT}/iam/user/ana/metadata.json": {"arn": user, "name": "Ana"},
            f"{ROOT}/iam/user/ana/groups.json": [group],
            f"{ROOT}/iam/user/ana/tags.json": {"team": "web"},
            f"{ROOT}/iam/group/team/metadata.json": {"arn": group, "name": "Team"},
            f"{ROOT}/iam/group/team/inline-policies.json": [inline("all", document(statement(Action="lambda:*")))],
        }
    )
    ana = the_user(facts, "Ana")
    assert ana.groups == ("Team",)
    assert [actions(p) for p in ana.policies] == [["lambda:*"]]
    assert ana.tags == {"team": "web"}
    assert facts.not_read == ()


@pytest.mark.parametrize("tags", [{"team": "web"}, [{"Key": "team", "Value": "web"}]])
def test_tags(tags: object) -> None:
    facts = read({**STORE, f"{HOME}/tags.json": tags, f"{LAMBDA}/resize/tags.json": tags})
    assert the_role(facts).tags == the_function(facts).tags == {"team": "web"}


def test_a_part_of_a_store_is_enough() -> None:
    facts = read({name.partition("/aws/aws/")[2]: value for name, value in STORE.items()})
    assert len(facts.roles) == len(facts.functions) == 1
    assert facts.not_read == ()


def test_captures_in_folders_called_accounts_are_no_store() -> None:
    facts = read({f"accounts/{ACCOUNT}/lambda/us-east-1/list-functions.json": {"Functions": []}})
    assert facts.not_read == ()


@pytest.mark.parametrize(
    ("file", "effect"),
    [
        ("inline-policies", "what resize-role may do is unknown"),
        ("managed-policies", "what resize-role may do is unknown"),
        ("trust-policy", "who may assume resize-role is unknown"),
    ],
)
def test_a_broken_file_leaves_its_part_unknown(file: str, effect: str) -> None:
    facts = read({**STORE, f"{HOME}/{file}.json": "[{"})
    found = the_role(facts)
    unread = [p for p in (*found.policies, found.trust) if p is not None and p.document is None]
    assert [p.unread for p in unread] == ["broken JSON: the text ends in the middle"]
    assert (the_gap(facts).effect, the_gap(facts).line) == (effect, 1)


def test_a_broken_function_policy() -> None:
    facts = read({**STORE, f"{LAMBDA}/resize%3alive/policy.json": "{"})
    policy = policy_on(the_function(facts), "live")
    assert policy is not None
    assert (policy.document, policy.attached_to) == (None, f"{FUNCTION}:live")
    assert the_gap(facts).effect == "who may invoke resize:live is unknown"


def test_a_broken_managed_policy() -> None:
    facts = read({**STORE, f"{ROOT}/iam/policy/shared/policy.json": "{"})
    assert the_role(facts).policies[1].document is None
    gaps = [gap for gap in facts.not_read if gap.source.endswith("shared/policy.json")]
    assert [gap.effect for gap in gaps] == ["what those with the policy Shared may do is unknown"]


@pytest.mark.parametrize("value", ["{", [], {"name": "x"}, {"arn": 3}])
def test_broken_metadata(value: object) -> None:
    facts = read({**STORE, f"{HOME}/metadata.json": value})
    assert facts.roles == ()
    gap = next(gap for gap in facts.not_read if gap.source.startswith(HOME))
    assert gap.effect == "nothing in this folder is used"


def test_a_folder_without_metadata() -> None:
    facts = read({name: value for name, value in STORE.items() if name != f"{HOME}/metadata.json"})
    gap = next(gap for gap in facts.not_read if gap.source.startswith(HOME))
    assert gap.error == "there is no metadata.json to say what this is about"


@pytest.mark.parametrize("file", ["inline-policies", "managed-policies", "groups"])
@pytest.mark.parametrize("value", [{}, [3], "x"])
def test_files_of_another_shape(file: str, value: object) -> None:
    facts = read({**STORE, f"{HOME}/{file}.json": json.dumps(value)})
    assert [p for p in the_role(facts).policies if p.document is None] or (value == "x" and file == "groups")
    assert facts.not_read


def test_a_boundary_of_another_shape() -> None:
    metadata = STORE[f"{HOME}/metadata.json"] | {"permissionBoundary": 5}
    boundary = the_role(read({**STORE, f"{HOME}/metadata.json": metadata})).boundary
    assert boundary is not None
    assert boundary.document is None


def test_an_empty_policy_file_says_nothing() -> None:
    facts = read({**STORE, f"{HOME}/inline-policies.json": "null", f"{LAMBDA}/resize/policy.json": "null"})
    assert [p.name for p in the_role(facts).policies] == ["Shared"]
    assert policy_on(the_function(facts)) is None
    assert facts.not_read == ()


def test_other_services_are_counted() -> None:
    facts = read(
        {
            **STORE,
            f"{ROOT}/s3/bucket-a/metadata.json": {"arn": "arn:aws:s3:::bucket-a"},
            f"{ROOT}/s3/bucket-a/policy.json": document(),
            f"{ROOT}/sns/us-east-1/topic/metadata.json": {},
            f"{ROOT}/organization.json": {},
            "store/aws/aws/indexes/buckets-to-accounts.json": {},
        }
    )
    assert "Files of the store about other services are not used: s3 (2), sns (1)." in facts.assumptions
    assert facts.not_read == ()


def test_a_broken_file_about_another_service_is_still_told() -> None:
    facts = read({**STORE, f"{ROOT}/s3/bucket-a/policy.json": "{"})
    assert the_gap(facts).error == "broken JSON: the text ends in the middle"


def test_control_policies_are_told_to_be_left_out() -> None:
    scps = "store/aws/aws/organizations/o-abc/scps"
    facts = read({**STORE, f"{scps}/p-1/policy.json": document(), f"{scps}/p-2/policy.json": document()})
    assert the_gap(facts).effect == "what they deny is shown as allowed"
    assert not any("service control policies" in sentence for sentence in facts.assumptions)


def test_repeated_keys_are_told_once() -> None:
    twice = '[{"PolicyName": "own", "PolicyDocument": {"Statement": [], "Statement": []}}]'
    facts = read({**STORE, f"{HOME}/inline-policies.json": twice})
    assert the_gap(facts).error == "the key 'Statement' stands twice in one object"
    assert the_role(facts).policies[0].document is None
