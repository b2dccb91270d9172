"""``list-roles`` and ``list-users`` leave permissions boundaries out: whether there is one is then unknown.

IAM API Reference, "ListRoles" and "ListUsers": the answer has neither PermissionsBoundary nor Tags; GetRole, GetUser
and GetAccountAuthorizationDetails have both.
"""

import json
from typing import Any

import pytest

from permcheck.graph import questions
from permcheck.model import Report, Verdict
from permcheck.report import render
from tests.sources.captures import ACCOUNT, read

FUNCTION = f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:save"
ALLOW = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "lambda:*", "Resource": "*"}]}
NOTHING = {"Version": "2012-10-17", "Statement": []}


def short(kind: str, name: str = "caller") -> dict[str, Any]:
    """An entry of the listing."""
    found = {f"{kind.capitalize()}Name": name, "Arn": f"arn:aws:iam::{ACCOUNT}:{kind}/{name}", "Path": "/"}
    return found | ({"AssumeRolePolicyDocument": NOTHING} if kind == "role" else {})


def listed(kind: str, *names: str) -> dict[str, Any]:
    """The captures of an account whose identities are listed, each with one inline policy."""
    files: dict[str, Any] = {
        "functions.json": {"Functions": [{"FunctionName": "save", "FunctionArn": FUNCTION}]},
        f"list-{kind}s.json": {f"{kind.capitalize()}s": [short(kind, name) for name in names or ("caller",)]},
    }
    for name in names or ("caller",):
        files[f"policy.{name}.json"] = {f"{kind.capitalize()}Name": name, "PolicyName": "p", "PolicyDocument": ALLOW}
    return files


def verdicts(files: dict[str, Any]) -> set[Verdict]:
    """Of everybody's rows."""
    return {row.verdict for row in questions.who(read(files), "save").callers}


@pytest.mark.parametrize("kind", ["role", "user"])
def test_a_listing_alone_leaves_it_unknown(kind: str) -> None:
    facts = read(listed(kind))
    assert {row.verdict for row in questions.who(facts, "save").callers} == {Verdict.UNKNOWN}
    (gap,) = facts.not_read
    assert gap.error == f"list-{kind}s does not tell whether there is a permissions boundary"
    assert (gap.pointer, gap.api) == (f"/{kind.capitalize()}s/0", f"iam:Get{kind.capitalize()}")
    assert gap.arn == f"arn:aws:iam::{ACCOUNT}:{kind}/caller"


@pytest.mark.parametrize("kind", ["role", "user"])
def test_what_is_not_allowed_at_all_stays_denied(kind: str) -> None:
    files = listed(kind)
    files["policy.caller.json"]["PolicyDocument"] = NOTHING
    assert verdicts(files) == set(), "a boundary never gives anything"


@pytest.mark.parametrize("first", ["a", "z"])
@pytest.mark.parametrize("kind", ["role", "user"])
def test_an_output_that_tells_decides(kind: str, first: str) -> None:
    told: tuple[Any, ...] = (
        {kind.capitalize(): short(kind)},
        {f"{kind.capitalize()}DetailList": [short(kind) | {"AttachedManagedPolicies": []}]},
    )
    for more in told:
        facts = read(listed(kind) | {f"{first}.json": more})
        assert facts.not_read == ()
        assert {row.verdict for row in questions.who(facts, "save").callers} == {Verdict.ALLOWED}
    bound = {"PermissionsBoundaryArn": f"arn:aws:iam::{ACCOUNT}:policy/limit", "PermissionsBoundaryType": "Policy"}
    versions = [{"VersionId": "v1", "IsDefaultVersion": True, "Document": NOTHING}]
    named = {"PolicyName": "limit", "Arn": bound["PermissionsBoundaryArn"], "DefaultVersionId": "v1"}
    limit = {"Policies": [{**named, "PolicyVersionList": versions}]}
    got = {kind.capitalize(): short(kind) | {"PermissionsBoundary": bound}}
    assert verdicts(listed(kind) | {f"{first}.json": got, "limit.json": limit}) == set()


def test_a_service_linked_role_has_none() -> None:
    files = listed("role")
    (entry,) = files["list-roles.json"]["Roles"]
    entry["Arn"] = f"arn:aws:iam::{ACCOUNT}:role/aws-service-role/x.amazonaws.com/caller"
    assert read(files).not_read == ()


def test_one_line_for_people_and_an_entry_each_for_programs() -> None:
    facts = read(listed("role", "a", "b", "c"))
    report = Report((), (), not_read=facts.not_read)
    (line,) = [x for x in render(report, "text").splitlines() if x.startswith("not read: ")]
    assert "here and in 2 more places" in line
    assert [gap["arn"].rpartition("/")[2] for gap in json.loads(render(report, "json"))["not_read"]] == ["a", "b", "c"]
