"""Policy documents on their own: what they are told to be, and where they are judged."""

import json
from urllib.parse import quote

import pytest

from permcheck.model import PolicyKind
from permcheck.sources.files.loose import kind_of
from tests.sources.captures import (
    ACCOUNT,
    FUNCTION,
    OTHER,
    Json,
    actions,
    configuration,
    details,
    document,
    functions,
    granting,
    inline,
    plain,
    policy_on,
    policy_output,
    read,
    role,
    statement,
    the_function,
    the_gap,
    trusting,
)


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (document(), "identity"),
        ({"Statement": statement()}, "identity"),
        ({"Statement": []}, "identity"),
        (document(statement(Action="sts:AssumeRole", Resource="*")), "identity"),
        (trusting(), "trust"),
        ({"Statement": {"Principal": "*", "Action": ["sts:AssumeRoleWithWebIdentity", "STS:TagSession"]}}, "trust"),
        (document({"Effect": "Deny", "NotPrincipal": {"AWS": "*"}, "Action": "sts:*"}), "trust"),
        (document({"Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole"}, statement()), "resource"),
        (document(statement(Principal="*", Resource=FUNCTION)), "resource"),
        (document({"Effect": "Allow", "Principal": "*", "Action": "kms:*"}), "resource"),
        (document(statement(), statement(NotPrincipal={"AWS": "1"}, Resource=FUNCTION)), "resource"),
        ("text", "identity"),
        (None, "identity"),
        ({"Statement": [3, None, {"Principal": 1, "Action": 3}]}, "resource"),
    ],
)  # fmt: skip
def test_kinds(value: object, kind: str) -> None:
    assert kind_of(value) == kind


@pytest.mark.parametrize(
    ("value", "pointer"),
    [
        (document(), ""),
        ({"PolicyDocument": document()}, "/PolicyDocument"),
        ({"PolicyDocument": json.dumps(document())}, "/PolicyDocument"),
        ({"PolicyDocument": quote(json.dumps(document()))}, "/PolicyDocument"),
        (inline("own", document()), "/PolicyDocument"),
        ([document()], "/0"),
        ("\ufeff" + json.dumps(document()), ""),
        (json.dumps(json.dumps(document())), ""),
        (json.dumps(document()) + "\n" + json.dumps(granting(FUNCTION)), "/0"),
    ],
)
def test_an_identity_policy_is_a_roles(value: object, pointer: str) -> None:
    facts = read({"policies/app.json": value})
    (found,) = facts.roles
    assert (found.name, found.loose, found.trust, found.tags) == ("app", True, None, None)
    assert (found.source, found.pointer) == ("policies/app.json", pointer)
    (policy,) = found.policies
    assert (policy.kind, policy.name, policy.attached_to, policy.loose) == (PolicyKind.IDENTITY, "app", found.arn, True)
    assert (policy.source, policy.pointer) == ("policies/app.json", pointer)
    assert facts.not_read == ()


@pytest.mark.parametrize(
    ("files", "account"),
    [
        ({}, "000000000000"),
        ({"f.json": functions(configuration())}, ACCOUNT),
        ({"d.json": details(role("x", OTHER))}, OTHER),
        ({"p.json": granting(FUNCTION)}, ACCOUNT),
        ({"d.json": details(role("x", OTHER), role("y", OTHER)), "f.json": functions(configuration())}, OTHER),
        ({"team/f.json": functions(configuration()), "d.json": details(role("x", OTHER), role("y", OTHER))}, ACCOUNT),
    ],
)
def test_the_account_in_view(files: Json, account: str) -> None:
    facts = read({**files, "team/app.json": document()})
    (found,) = [r for r in facts.roles if r.loose]
    assert found.arn == f"arn:aws:iam::{account}:role/app"
    sentence = f"1 loose policy document is judged as if it were on a role of account {account}, named after its file."
    assert sentence in facts.assumptions


def test_the_account_of_the_documents_own_resource() -> None:
    arn = FUNCTION.replace("arn:aws:", "arn:aws-cn:")
    facts = read({"app.json": document(statement(Resource=["*", arn]))})
    assert facts.roles[0].arn == f"arn:aws-cn:iam::{ACCOUNT}:role/app"


def test_names_are_fit_for_a_role_and_never_shared() -> None:
    files = {"a/app.json": document(), "b/app.json": document(), "two words*.json": document(), "-": document()}
    facts = read({**files, "d.json": details(role("app", "000000000000"))})
    assert sorted(r.name for r in facts.roles if r.loose) == ["app-2", "app-3", "stdin", "two-words-"]


def test_a_trust_policy_is_a_roles() -> None:
    (found,) = read({"runner.trust.json": trusting()}).roles
    assert (found.name, found.policies, found.loose) == ("runner.trust", (), True)
    assert found.trust is not None
    assert (found.trust.trust, found.trust.kind, found.trust.attached_to) == (True, PolicyKind.RESOURCE, found.arn)


def test_a_resource_policy_is_on_what_it_names() -> None:
    facts = read({"p.json": granting(f"{FUNCTION}:live")})
    assert facts.roles == ()
    found = the_function(facts)
    policy = policy_on(found, "live")
    assert policy is not None
    assert (policy.attached_to, policy.pointer, policy.loose) == (f"{FUNCTION}:live", "", True)
    assert not found.listed


def test_a_resource_policy_with_a_pattern_is_on_all_that_fit() -> None:
    files = {"f.json": functions(configuration("team-a"), configuration("team-b"), configuration("x"))}
    pattern = f"arn:aws:lambda:*:{ACCOUNT}:function:team-*"
    facts = read({**files, "p.json": granting(pattern)})
    assert [f.name for f in facts.functions if policy_on(f)] == ["team-a", "team-b"]
    assert facts.not_read == ()


def test_a_captured_policy_goes_before_a_loose_one() -> None:
    captured = {"z.json": policy_output(granting(FUNCTION))}
    loose = {"a.json": granting(FUNCTION, Action="lambda:*")}
    for files in ({**captured, **loose}, {**captured, "zz.json": loose["a.json"]}):
        facts = read(files)
        policy = policy_on(the_function(facts))
        assert policy is not None
        assert (policy.source, policy.loose) == ("z.json", False)
        assert the_gap(facts).effect == "this document is not used: the one in z.json is"
    assert read({**captured, "a.json": granting(FUNCTION)}).not_read == ()


def test_a_document_that_aws_would_refuse() -> None:
    facts = read({"app.json": document(statement(Effect="Perhaps"))})
    (policy,) = facts.roles[0].policies
    assert policy.document is None
    assert (the_gap(facts).pointer, the_gap(facts).effect) == ("/Statement/0/Effect", "what it allows is unknown")


def test_a_repeated_key() -> None:
    text = '{"Statement": [{"Effect": "Deny", "Effect": "Allow", "Action": "*", "Resource": "*"}]}'
    facts = read({"app.json": text})
    assert facts.roles[0].policies[0].document is None
    gap = the_gap(facts)
    assert (gap.pointer, gap.error) == ("/Statement/0", "the key 'Effect' stands twice in one object")


def test_several_in_one_file() -> None:
    facts = read({"all.json": [document(), document(statement(Action="s3:*")), trusting()]})
    assert sorted((r.name, r.pointer) for r in facts.roles) == [("all", "/0"), ("all-2", "/1"), ("all-3", "/2")]


def test_order_of_files_does_not_matter() -> None:
    files: Json = {f"{i}/app.json": document(statement(Action=f"s3:Get{i}")) for i in range(5)}
    backwards = {name: files[name] for name in reversed(files)}
    assert plain(read(files)) == plain(read(backwards))
    facts = read(files)
    assert {r.name: actions(r.policies[0]) for r in facts.roles}["app-3"] == ["s3:Get2"]
