"""Policies of keys, secrets, tables and buckets, captured or on their own."""

import json

import pytest

from permcheck.sources.files.resource_policies import owner
from tests.sources.captures import (
    ACCOUNT,
    FUNCTION,
    OTHER,
    Json,
    document,
    policy_output,
    read,
    statement,
    the_function,
)
from tests.sources.samples import POLICIES
from tests.sources.samples.names import BUCKET, KEY, REGION, SECRET, TABLE, granted
from tests.sources.surroundings import LISTED, errors, gap_about, read_samples, the_resource

BUCKET_POLICY, KEY_POLICY, SECRET_POLICY, TABLE_POLICY = POLICIES
KEY_ARN = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/{KEY}"
BUCKET_ARN = f"arn:aws:s3:::{BUCKET}"


@pytest.mark.parametrize(
    ("resource", "found"),
    [
        ("arn:aws:s3:::b", "arn:aws:s3:::b"),
        ("arn:aws:s3:::b/*", "arn:aws:s3:::b"),
        ("arn:aws:s3:::b/path/${aws:username}", "arn:aws:s3:::b"),
        ("arn:aws-cn:s3:::b/x", "arn:aws-cn:s3:::b"),
        ("arn:aws:s3:::b*/x", None),
        ("arn:aws:dynamodb:r:1:table/t/index/*", "arn:aws:dynamodb:r:1:table/t"),
        ("arn:aws:dynamodb:r:1:table/t/stream/2024", "arn:aws:dynamodb:r:1:table/t/stream/2024"),
        ("arn:aws:sns:r:1:t", "arn:aws:sns:r:1:t"),
        ("arn:aws:sns:r:1:*", None),
        ("arn:aws:lambda:r:1:layer:l:3", "arn:aws:lambda:r:1:layer:l:3"),
        ("arn:aws:lambda:r:1:function:f", None),
        ("arn:aws:lambda:r:1:function:f*", None),
        ("*", None),
        ("bucket", None),
    ],
)
def test_what_a_resource_is_about(resource: str, found: str | None) -> None:
    assert owner(resource) == found


def test_a_key_by_the_name_of_the_file() -> None:
    key = the_resource(read_samples(KEY_POLICY, list_functions=LISTED["list-functions.json"]), KEY_ARN)
    assert key.policy is not None and key.policy_read
    assert (key.policy.source, key.policy.pointer, key.policy.attached_to) == (KEY_POLICY.file, "/Policy", KEY_ARN)


def test_a_key_of_the_account_that_its_policy_names() -> None:
    """The folder is about one account, the key policy about another."""
    value = KEY_POLICY.value | {"Policy": KEY_POLICY.value["Policy"].replace(ACCOUNT, OTHER)}
    facts = read({KEY_POLICY.file: value} | LISTED)
    assert the_resource(facts, KEY_ARN.replace(ACCOUNT, OTHER)).account == OTHER


def test_a_key_of_no_region() -> None:
    """Its policy tells the account, but nothing tells the Region: an ARN with a hole in it matches nothing."""
    facts = read_samples(KEY_POLICY)
    assert facts.resources == ()
    assert "not of which key" in gap_about(facts, "a policy").error


def test_a_key_that_its_statements_name() -> None:
    text = json.dumps(document(statement(Principal="*", Action="kms:*", Resource=KEY_ARN)))
    facts = read({"k.json": {"Policy": text, "PolicyName": "default"}})
    assert the_resource(facts, KEY_ARN).policy is not None


def test_a_secret() -> None:
    """Its statements speak of *, and the output names the secret."""
    secret = the_resource(read_samples(SECRET_POLICY), SECRET)
    assert secret.policy is not None
    assert secret.policy.pointer == "/ResourcePolicy"
    bare = the_resource(read({"s.json": {"ARN": SECRET, "Name": "db"}}), SECRET)
    assert (bare.policy, bare.policy_read) == (None, True)


def test_a_table_by_its_index() -> None:
    """dynamodb get-resource-policy prints what Lambda's get-policy prints."""
    table = the_resource(read_samples(TABLE_POLICY), TABLE)
    assert table.policy is not None
    assert read_samples(TABLE_POLICY).not_read == ()


def test_a_layer_is_not_a_function() -> None:
    layer = f"arn:aws:lambda:{REGION}:{ACCOUNT}:layer:common:3"
    facts = read({"l.json": policy_output(granted(layer, "lambda:GetLayerVersion"))})
    assert the_resource(facts, layer).policy is not None
    assert (facts.functions, facts.not_read) == ((), ())


def test_a_functions_policy_stays_the_functions() -> None:
    facts = read({"p.json": policy_output(granted(FUNCTION, "lambda:InvokeFunction"))})
    assert facts.resources == ()
    assert the_function(facts).qualifiers[0].policy is not None


def test_a_loose_document_is_judged_on_what_it_names() -> None:
    facts = read({"bucket.json": granted(f"{BUCKET_ARN}/*", "s3:GetObject")})
    policy = the_resource(facts, BUCKET_ARN).policy
    assert policy is not None and policy.loose


@pytest.mark.parametrize("loose", ["a.json", "z.json"])
def test_the_captured_policy_counts_before_a_loose_one(loose: str) -> None:
    facts = read({loose: granted(f"{BUCKET_ARN}/*", "s3:GetObject"), BUCKET_POLICY.file: BUCKET_POLICY.value})
    policy = the_resource(facts, BUCKET_ARN).policy
    assert policy is not None and policy.source == BUCKET_POLICY.file
    assert errors(facts) == [f"{BUCKET_ARN} has another policy, in {BUCKET_POLICY.file}"]


def test_two_captures_that_differ() -> None:
    other = {"Policy": json.dumps(granted(f"{BUCKET_ARN}/*", "s3:*"))}
    facts = read({"a.json": BUCKET_POLICY.value, "b.json": other})
    policy = the_resource(facts, BUCKET_ARN).policy
    assert policy is not None and policy.source == "b.json"
    assert errors(facts) == [f"a.json tells {BUCKET_ARN} differently: resource policy"]


@pytest.mark.parametrize(
    ("file", "value", "arn"),
    [
        (BUCKET_POLICY.file, {"Policy": '{"Statement": ['}, BUCKET_ARN),
        (BUCKET_POLICY.file, '{"Policy": "{\\"Statement', BUCKET_ARN),
        (KEY_POLICY.file, {"Policy": "[", "PolicyName": "default"}, KEY_ARN),
    ],
)
def test_a_text_that_is_broken(file: str, value: Json | str, arn: str) -> None:
    """The file's name tells whose policy it would be: it is there, unread, and is no function's."""
    facts = read({file: value} | LISTED)
    policy = the_resource(facts, arn).policy
    assert policy is not None and policy.document is None and policy.unread
    (gap,) = facts.not_read
    assert gap.source == file
    assert gap.effect.startswith("who may use the ")
    assert the_function(facts).qualifiers[0].policy is None


def test_a_statement_that_aws_would_refuse() -> None:
    bad = document(statement(Principal="*", Action="s3:*", Resource=f"{BUCKET_ARN}/*", Effect="Maybe"))
    facts = read({"p.json": {"Policy": json.dumps(bad)}})
    policy = the_resource(facts, BUCKET_ARN).policy
    assert policy is not None and policy.document is None
    assert facts.not_read[0].pointer == "/Policy/Statement/0/Effect"
