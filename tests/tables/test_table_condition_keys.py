"""Condition keys: names and types, as the IAM User Guide and the Service Authorization Reference give them."""

from __future__ import annotations

import gzip
import json
from importlib import resources
from pathlib import Path

import pytest

from permcheck.data import condition_keys
from tools import make_global_condition_keys


@pytest.mark.parametrize(
    ("key", "types", "multivalued"),
    [
        ("aws:SourceArn", ("ARN",), False),
        ("aws:SourceAccount", ("String",), False),
        ("aws:PrincipalArn", ("ARN",), False),
        ("aws:PrincipalOrgID", ("String",), False),
        ("aws:PrincipalOrgPaths", ("String",), True),
        ("aws:PrincipalTag/team", ("String",), False),
        ("aws:ResourceTag/team", ("String",), False),
        ("aws:SourceIp", ("IPAddress",), False),
        ("aws:SecureTransport", ("Bool",), False),
        ("aws:MultiFactorAuthAge", ("Numeric",), False),
        ("aws:CurrentTime", ("Date",), False),
        ("aws:EpochTime", ("Date", "Numeric"), False),
        ("aws:TagKeys", ("String",), True),
        ("aws:CalledVia", ("String",), True),
        ("lambda:SourceFunctionArn", ("ARN",), False),
        ("lambda:FunctionUrlAuthType", ("String",), False),
        ("lambda:InvokedViaFunctionUrl", ("Bool",), False),
        ("lambda:Layer", ("String",), True),
        ("lambda:VpcIds", ("String",), False),
        ("iam:PassedToService", ("String",), False),
        ("cognito-identity.amazonaws.com:aud", ("String",), False),
        ("cognito-identity.amazonaws.com:sub", ("String",), False),
        ("cognito-identity.amazonaws.com:amr", ("String",), True),
        ("cognito-identity-unauth:IdentityPoolArn", ("ARN",), False),
        ("token.actions.githubusercontent.com:sub", ("String",), False),
        ("oidc.eks.eu-west-1.amazonaws.com/id/ABCDEF:aud", ("String",), False),
        ("cognito-idp.eu-west-1.amazonaws.com/eu-west-1_abc:aud", ("String",), False),
        ("saml:aud", ("String",), False),
        ("s3:ExistingObjectTag/class", ("String",), False),
        ("kms:EncryptionContext:aws:s3:arn", ("String",), False),
    ],
)
def test_types(key: str, types: tuple[str, ...], multivalued: bool) -> None:
    for spelling in (key, key.upper()):
        found = condition_keys.find(spelling)
        assert found is not None, spelling
        assert (found.types, found.multivalued) == (types, multivalued)


@pytest.mark.parametrize(
    "key",
    [
        "aws:SourceArm",
        "aws:",
        "aws:PrincipalTag/",
        "lambda:FunctionUrlAuth",
        "lambda:SourceIp",
        "cognito-identity.amazonaws.com:audience",
        "SourceArn",
        "",
        ":",
        "../conditionKeys/lambda:Layer",
        "/etc/passwd:x",
    ],
)
def test_no_such_key(key: str) -> None:
    assert condition_keys.find(key) is None


def test_the_answer_is_spelt_as_aws_spells_it() -> None:
    found = condition_keys.find("aws:principaltag/Team")
    assert found is not None
    assert found.name == "aws:PrincipalTag/${TagKey}"
    assert found.is_global


def test_a_key_of_one_service_is_not_global() -> None:
    found = condition_keys.find("lambda:Principal")
    assert found is not None
    assert not found.is_global


def test_wildcards_are_dangerous_in_ids() -> None:
    sensitive = {key.name for key in condition_keys.global_keys() if key.sensitive}
    assert {"aws:SourceAccount", "aws:PrincipalOrgID", "aws:PrincipalAccount", "aws:SourceVpce"} <= sensitive
    assert "aws:SourceArn" not in sensitive  # AWS's own samples use wildcards in it


def test_headers_protect_nothing() -> None:
    assert {key.name for key in condition_keys.global_keys() if key.caller_chosen} == {"aws:UserAgent", "aws:referer"}


def test_no_two_global_keys_are_the_same() -> None:
    names = [key.name.lower() for key in condition_keys.global_keys()]
    assert len(names) == len(set(names)) > 55
    assert all(key.types and key.present for key in condition_keys.global_keys())


def test_for_action() -> None:
    found = {key.name: key for key in condition_keys.for_action("lambda:CreateFunction")}
    assert found["lambda:CodeSigningConfigArn"].types == ("ARN",)
    assert found["aws:RequestTag/${TagKey}"].is_global
    assert "lambda:FunctionUrlAuthType" not in found
    assert condition_keys.for_action("lambda:Nope") == ()


def test_for_service() -> None:
    assert "lambda:EventSourceToken" in {key.name for key in condition_keys.for_service("Lambda")}
    assert condition_keys.for_service("nope") == ()
    assert condition_keys.for_service("../actions") == ()


def test_aws_uses_no_global_key_that_is_missing_here() -> None:
    packed = resources.files("permcheck.data").joinpath("aws_managed_policies.json.gz").read_bytes()
    used: set[str] = set()
    for entry in json.loads(gzip.decompress(packed))["policies"].values():
        written = entry["document"]["Statement"]
        for statement in written if isinstance(written, list) else [written]:
            for block in statement.get("Condition", {}).values():
                used.update(block)
    assert len(used) > 100
    unknown = {key for key in used if condition_keys.find(key) is None}
    assert not {key for key in unknown if key.lower().startswith("aws:")}
    # AWS retires services faster than it edits its policies; nearly all of the rest is known all the same.
    assert len(unknown) < len(used) / 20, sorted(unknown)


def test_the_table_is_dated() -> None:
    assert condition_keys.made() >= "2026-11-21"


PAGE = """
# Title
## Delicate keys
+ `aws:Two`

### aws:One/*tag-key*
+ **Availability** - now and then
+ **Data type** \N{EN DASH} [String](page.md#String)
+ **Value type** \N{EN DASH} Single-valued

+ `aws:One/*tag-key*`

### aws:Two
+ **Data type** \N{EN DASH} [Date](page.md#Date), [Numeric](page.md#Numeric)
+ **Value type** \N{EN DASH} Multivalued
"""


def test_the_script_reads_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(make_global_condition_keys, "PRESENT", {"aws:One/${TagKey}": "first", "aws:Two": "second"})
    one, two = make_global_condition_keys.keys(PAGE)
    assert one["key"] == "aws:One/${TagKey}"
    assert (one["types"], one["multivalued"], one["sensitive"], one["present"]) == (["String"], False, False, "first")
    assert (two["types"], two["multivalued"], two["sensitive"]) == (["Date", "Numeric"], True, True)


def test_the_script_stops_at_a_key_it_does_not_know(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(make_global_condition_keys, "PRESENT", {"aws:One/${TagKey}": "first"})
    with pytest.raises(SystemExit, match="aws:Two"):
        make_global_condition_keys.keys(PAGE)
    monkeypatch.setattr(
        make_global_condition_keys,
        "PRESENT",
        {"aws:One/${TagKey}": "first", "aws:Two": "second", "aws:Three": "third"},
    )
    with pytest.raises(SystemExit, match="aws:Three"):
        make_global_condition_keys.keys(PAGE)


def test_the_table_holds_what_the_script_describes() -> None:
    text = resources.files("permcheck.data").joinpath("global_condition_keys.json").read_text(encoding="utf-8")
    table = json.loads(text)
    unlisted = set(table["unlisted"])
    assert {row["key"] for row in table["keys"]} - unlisted == set(make_global_condition_keys.PRESENT)
    for row in table["keys"]:
        if row["key"] not in unlisted:
            assert row["present"] == make_global_condition_keys.PRESENT[row["key"]]
    assert Path(make_global_condition_keys.OUT).name == "global_condition_keys.json"
