"""Control policies over every account in view, level by level, and what is unknown of them."""

import json

import pytest

from permcheck.model import Facts, Policy
from tests.sources.captures import ACCOUNT, OTHER, Json, actions, document, read, statement
from tests.sources.samples import ORGANIZATION, texts
from tests.sources.samples.names import FULL_ACCESS, ORG, ORG_ARN, ROOT, SCP_ID, SCP_SUMMARY, UNIT
from tests.sources.surroundings import IDENTITIES, errors, gap_about

FILES: Json = texts(ORGANIZATION)
DENY = document(statement(Effect="Deny", Action="lambda:*"))


def told(*left_out: str, **more: object) -> Facts:
    """Facts of the samples without some files (by the start of their names), with others."""
    kept = {name: value for name, value in FILES.items() if not name.startswith(left_out)} if left_out else FILES
    return read(kept | IDENTITIES | more)


def scps(facts: Facts, account: str = ACCOUNT) -> list[list[str]]:
    assert facts.organization is not None
    return [[policy.name for policy in level] for level in facts.organization.scps[account]]


def unread(facts: Facts, account: str = ACCOUNT) -> list[list[bool]]:
    assert facts.organization is not None
    return [[policy.document is None for policy in level] for level in facts.organization.scps[account]]


def policy_named(facts: Facts, name: str) -> Policy:
    (found,) = [policy for policy in facts.policies if policy.name == name]
    return found


def test_levels_root_first() -> None:
    facts = told()
    assert facts.organization is not None
    assert (facts.organization.id, facts.organization.management_account) == (ORG, OTHER)
    assert scps(facts) == [["FullAWSAccess"], ["FullAWSAccess", "no-invoke"], ["FullAWSAccess"]]
    assert not any(any(level) for level in unread(facts))
    assert facts.not_read == ()


def test_the_text_of_a_policy() -> None:
    policy = policy_named(told(), "no-invoke")
    assert (policy.kind, policy.arn) == ("scp", SCP_SUMMARY["Arn"])
    assert (policy.source, policy.pointer) == (f"describe-policy.{SCP_ID}.json", "/Policy/Content")
    assert actions(policy) == ["lambda:InvokeFunction"]


def test_what_is_taken_for_granted() -> None:
    sentences = told().assumptions
    assert "Where FullAWSAccess hangs was not given: it is taken to hang everywhere." in sentences
    assert "The organization does not use resource control policies: none are applied." in sentences
    assert not any("No service control policies" in sentence for sentence in sentences)


def test_no_trace_of_an_organization() -> None:
    facts = read(IDENTITIES)
    assert facts.organization is None
    assert "No service control policies were given: none are applied." in facts.assumptions


def test_an_organization_without_a_word_on_policies() -> None:
    facts = read({"o.json": FILES["describe-organization.json"]} | IDENTITIES)
    assert facts.organization is not None and facts.organization.scps == {}
    assert "No service control policies were given: none are applied." in facts.assumptions


def test_control_policies_that_are_switched_off() -> None:
    root = FILES["list-roots.json"]["Roots"][0] | {"PolicyTypes": []}
    facts = told(**{"list-roots.json": {"Roots": [root]}})
    assert facts.organization is not None and facts.organization.scps == {}
    assert "The organization does not use service control policies: none are applied." in facts.assumptions


def test_control_policies_in_force_of_which_none_was_given() -> None:
    facts = told("list-policies", "describe-policy", "list-targets")
    assert all(any(level) for level in unread(facts))
    assert gap_about(facts, f"service control policies hang on {UNIT}").api == "organizations:ListPoliciesForTarget"


def test_the_management_account_has_none_over_it() -> None:
    accounts = {"Accounts": [{"Id": ACCOUNT, "Arn": f"arn:aws:organizations::{ACCOUNT}:account/{ORG}/{ACCOUNT}"}]}
    described = {"Organization": {"Id": ORG, "MasterAccountId": ACCOUNT}}
    facts = told(**{"list-accounts.json": accounts, "describe-organization.json": described})
    assert facts.organization is not None and ACCOUNT not in facts.organization.scps
    assert facts.not_read == ()


def test_a_stranger_to_the_organization() -> None:
    stranger = {"Accounts": [{"Id": "999988887777", "Name": "x"}]}
    facts = told("list-parents", "list-children", **{"list-accounts.json": stranger})
    assert facts.organization is not None and facts.organization.scps == {}


def test_only_accounts_in_view_are_looked_at() -> None:
    facts = read(FILES)
    assert facts.organization is not None and facts.organization.scps == {}
    assert facts.not_read == ()
    assert policy_named(facts, "no-invoke").document is not None  # its text is there to be looked at


@pytest.mark.parametrize(
    "more",
    [
        {},
        {f"list-accounts-for-parent.{UNIT}.json": {"Accounts": [{"Id": ACCOUNT, "Arn": "x"}]}},
        {"list-accounts.json": {"Accounts": [{"Id": ACCOUNT, "Paths": [f"{ORG}/{ROOT}/{UNIT}/{ACCOUNT}/"]}]}},
        {f"list-parents/{ACCOUNT}.json": {"Parents": [{"Id": UNIT, "Type": "ORGANIZATIONAL_UNIT"}]}},
        {f"list-children.{UNIT}.accounts.json": {"Children": [{"Id": ACCOUNT, "Type": "ACCOUNT"}]}},
    ],
)
def test_every_way_to_tell_the_parent(more: Json) -> None:
    left_out = ("list-parents", "list-children")
    facts = told(*left_out, **more) if more else told("list-children")
    assert scps(facts) == [["FullAWSAccess"], ["FullAWSAccess", "no-invoke"], ["FullAWSAccess"]]


def test_a_chain_that_breaks_off() -> None:
    """The account may be in the unit that carries the policy, or not."""
    facts = told("list-parents", "list-children")
    assert scps(facts) == [["FullAWSAccess"], [f"service control policies above {ACCOUNT}"], ["FullAWSAccess"]]
    assert unread(facts) == [[False], [True], [False]]
    gap = gap_about(facts, "the parent of the account")
    assert gap.effect == f"what service control policies deny in the account {ACCOUNT} is unknown"
    assert (gap.source, gap.pointer, gap.api) == ("list-accounts.json", "/Accounts/0", "organizations:ListParents")


def test_a_chain_that_breaks_off_where_it_does_not_matter() -> None:
    """The only policy hangs on the root, which is above everything, so the units between do not matter."""
    at_root = {"Targets": [{"TargetId": ROOT, "Type": "ROOT"}]}
    facts = told(
        "list-parents", "list-children", "list-policies-for-target", f"list-targets-for-policy.{SCP_ID}",
        **{f"list-targets-for-policy.{SCP_ID}.x.json": at_root},
    )  # fmt: skip
    assert scps(facts) == [["no-invoke", "FullAWSAccess"], ["FullAWSAccess"]]
    assert facts.not_read == ()


def test_a_circle_of_parents_ends() -> None:
    circle = {f"list-parents.{UNIT}.json": {"Parents": [{"Id": UNIT, "Type": "ORGANIZATIONAL_UNIT"}]}}
    assert scps(told(**circle)) == [["FullAWSAccess"], ["FullAWSAccess", "no-invoke"], ["FullAWSAccess"]]


def test_a_target_of_which_nothing_is_told() -> None:
    """Where some policy's targets are not told, every level it could hang on is open."""
    facts = told("list-targets-for-policy")
    assert unread(facts) == [[True], [False, False], [True]]
    assert {gap.error for gap in facts.not_read} == {
        f"which service control policies hang on {ROOT} is not told",
        f"which service control policies hang on {ACCOUNT} is not told",
    }


def test_what_a_target_lists_is_all_it_has() -> None:
    """FullAWSAccess can be taken off: a target whose policies are listed without it does not have it."""
    alone = {"Policies": [SCP_SUMMARY]}
    facts = told(**{f"list-policies-for-target.{UNIT}.json": alone})
    assert scps(facts)[1] == ["no-invoke"]


def test_a_policy_without_its_text() -> None:
    facts = told("describe-policy")
    assert unread(facts) == [[False], [False, True], [False]]
    gap = gap_about(facts, "the text of the policy no-invoke")
    assert (gap.effect, gap.api) == ("what no-invoke denies is unknown", "organizations:DescribePolicy")


def test_a_text_that_is_broken() -> None:
    value = {"Policy": {"PolicySummary": SCP_SUMMARY, "Content": '{"Statement": ['}}
    facts = told(**{f"describe-policy.{SCP_ID}.json": value})
    assert unread(facts)[1] == [False, True]
    (gap,) = facts.not_read
    assert (gap.pointer, gap.effect) == ("/Policy/Content", "what no-invoke denies is unknown")


def test_aws_managed_policies_need_no_text() -> None:
    facts = told()
    assert facts.organization is not None
    (full,) = facts.organization.scps[ACCOUNT][0]
    assert full.document is not None and actions(full) == ["*"]


def test_resource_control_policies() -> None:
    summary = SCP_SUMMARY | {"Id": "p-rcpx1234", "Name": "only-us", "Type": "RESOURCE_CONTROL_POLICY"}
    kinds = [{"Type": each, "Status": "ENABLED"} for each in ("SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY")]
    root = FILES["list-roots.json"]["Roots"][0] | {"PolicyTypes": kinds}
    facts = told(**{
        "list-roots.json": {"Roots": [root]},
        "list-policies.rcp.json": {"Policies": [summary]},
        "describe-policy.p-rcpx1234.json": {"Policy": {"PolicySummary": summary, "Content": json.dumps(DENY)}},
        "list-targets-for-policy.p-rcpx1234.json": {"Targets": [{"TargetId": ACCOUNT, "Type": "ACCOUNT"}]},
    })  # fmt: skip
    assert facts.organization is not None
    levels = facts.organization.rcps[ACCOUNT]
    assert [[p.name for p in level] for level in levels] == [
        ["RCPFullAWSAccess"],
        ["RCPFullAWSAccess"],
        ["only-us", "RCPFullAWSAccess"],
    ]
    assert {p.kind for level in levels for p in level} == {"rcp"}
    assert scps(facts)[1] == ["FullAWSAccess", "no-invoke"]  # each type has its own targets


def test_policies_of_other_types_are_no_control_policies() -> None:
    tag = SCP_SUMMARY | {"Type": "TAG_POLICY", "Id": "p-tag12345"}
    facts = read({"p.json": {"Policies": [SCP_SUMMARY, tag]}} | IDENTITIES)
    assert facts.organization is not None
    assert not any("p-tag12345" in error for error in errors(facts))


@pytest.mark.parametrize(
    ("operation", "value", "hint"),
    [
        ("list-parents", {"Parents": [{"Id": UNIT, "Type": "ORGANIZATIONAL_UNIT"}]}, "list-parents.ID.json"),
        ("list-children", {"Children": [{"Id": UNIT, "Type": "ORGANIZATIONAL_UNIT"}]}, "list-children.ID.json"),
        ("list-targets-for-policy", {"Targets": [{"TargetId": UNIT}]}, "list-targets-for-policy.ID.json"),
        ("list-policies-for-target", {"Policies": [FULL_ACCESS]}, "list-policies-for-target.ID.json"),
    ],
)
def test_outputs_that_do_not_tell_what_they_are_about(operation: str, value: Json, hint: str) -> None:
    gap = gap_about(read({f"{operation}.json": value}), "neither the text nor the file's name says so")
    assert hint in gap.effect


def test_a_page_of_what_hangs_on_a_target_is_missing() -> None:
    cut = FILES[f"list-policies-for-target.{UNIT}.json"] | {"NextToken": "x"}
    facts = told("list-targets-for-policy", **{f"list-policies-for-target.{UNIT}.json": cut})
    assert unread(facts)[1] == [False, False, True]


def test_a_page_of_targets_that_is_missing() -> None:
    cut = FILES[f"list-targets-for-policy.{SCP_ID}.json"] | {"NextToken": "x"}
    facts = told(**{f"list-targets-for-policy.{SCP_ID}.json": cut})
    assert unread(facts) == [[True], [False, False], [True]]
    assert gap_about(facts, "a page is missing").pointer == "/NextToken"


def test_arns_tell_the_organization() -> None:
    account = {"Id": ACCOUNT, "Arn": f"{ORG_ARN}:account/{ORG}/{ACCOUNT}"}
    facts = read({"a.json": {"Accounts": [account]}} | IDENTITIES)
    assert facts.organization is not None
    assert (facts.organization.id, facts.organization.management_account) == (ORG, OTHER)


def test_a_level_between_others_whose_policies_were_not_given() -> None:
    """Nothing lists all policies: the unit may carry one that nothing in view names."""
    full = {"Policies": [FULL_ACCESS]}
    levels = {f"list-policies-for-target.{target}.json": full for target in (ROOT, ACCOUNT)}
    facts = told("list-policies", "list-targets", "describe-policy", **levels)
    assert scps(facts) == [["FullAWSAccess"], [f"service control policies on {UNIT}"], ["FullAWSAccess"]]
    assert unread(facts) == [[False], [True], [False]]
    assert f"which service control policies hang on {UNIT} is not told" in errors(facts)
    facts = told("list-policies", "list-targets", "describe-policy", **levels, **{"list-policies.json": full})
    assert not any(any(level) for level in unread(facts)), "there is no policy that could hang there"


def test_a_policy_of_aws_stands_in_no_file() -> None:
    organization = told().organization
    assert organization is not None
    (policy,) = organization.scps[ACCOUNT][0]
    arn = "arn:aws:organizations::aws:policy/service_control_policy/p-FullAWSAccess"
    assert (policy.source, policy.pointer, policy.arn) == (arn, "", arn)
