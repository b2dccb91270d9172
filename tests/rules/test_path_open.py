"""Open functions, calls between functions, other accounts and services: what they come to."""

from __future__ import annotations

from typing import Any

import pytest

from permcheck.rules._examples import (
    ACCOUNT,
    OTHER,
    REGION,
    Json,
    account,
    allow,
    deny,
    document,
    function_arn,
    role,
    role_arn,
    table_arn,
    trust,
    user,
    worker,
)
from permcheck.rules.path._captures import BUCKET, api, bucket, from_service, grant, open_url, policy
from tests.rules.auditing import Files
from tests.rules.path_asking import findings, nodes, only, report, told

INVOKE, CODE = "lambda:InvokeFunction", "lambda:UpdateFunctionCode"
PASS, CREATE = "iam:PassRole", "lambda:CreateFunction"
SECRETS = allow("secretsmanager:GetSecretValue")
TABLE = allow("dynamodb:Query", table_arn("Orders"))
VAULT = {"vault": "vault-role"}


def vault(*gives: Json, **more: Any) -> Json:
    """A function ``vault`` that reads every secret unless told otherwise."""
    return account(worker("vault-role", *(gives or (SECRETS,)), **more), functions=VAULT)


# everybody


@pytest.mark.parametrize(
    ("gives", "severity"),
    [
        (allow("*"), "critical"),
        (allow("iam:CreatePolicyVersion"), "critical"),
        (SECRETS, "critical"),
        (TABLE, None),
        (allow("s3:GetObject", "arn:aws:s3:::photos/*"), None),
    ],
    ids=str,
)
@pytest.mark.parametrize("door", [open_url("vault"), api("vault"), policy("vault", grant("vault", "*"))], ids=range(3))
def test_a_door_for_everybody(door: Json, gives: Json, severity: str | None) -> None:
    captures = vault(gives) | door
    assert told(captures) == ([("PC324", severity)] if severity else [])
    if severity:
        finding = only(captures, "PC324")
        assert nodes(finding)[0][0] in ("anyone", "aws")
        assert finding.resource == function_arn("vault")
        assert len({place.pointer for place in finding.locations}) >= 2


def test_a_door_with_two_ways_in_is_one_finding() -> None:
    captures = vault() | open_url("vault") | api("vault")
    assert told(captures) == [("PC324", "critical")]


@pytest.mark.parametrize(
    "door",
    [
        {k: v for k, v in open_url("vault").items() if "policy" not in k},
        {k: v for k, v in api("vault").items() if "policy" not in k},
        api("vault", "AWS_IAM"),
        policy("vault", grant("vault", {"AWS": ACCOUNT})),
        policy("vault", grant("vault", "*"), grant("vault", "*") | {"Effect": "Deny", "Sid": "no"}),
        policy("vault", grant("vault", "*", StringEquals={"aws:PrincipalAccount": ACCOUNT})),
    ],
    ids=["a URL alone", "a route alone", "a signature", "our own", "denied", "a condition"],
)
def test_a_door_that_is_shut(door: Json) -> None:
    assert told(vault() | door) == []


def test_a_condition_that_narrows_keeps_it_from_being_critical() -> None:
    here = grant("vault", "*", IpAddress={"aws:SourceIp": "203.0.113.0/24"})
    finding = only(vault() | policy("vault", here), "PC324")
    assert finding.severity == "high"
    assert [c["key"] for c in finding.conditions] == ["aws:SourceIp"]


def test_a_url_older_than_the_second_grant_is_unknown_and_not_told() -> None:
    captures = vault() | open_url("vault")
    captures["get-function-url-config.vault.json"]["CreationTime"] = "2024-02-11T08:15:42Z"
    first = grant("vault", "*", action="lambda:InvokeFunctionUrl", StringEquals={"lambda:FunctionUrlAuthType": "NONE"})
    assert told(captures | policy("vault", first)) == []


def test_public_functions_are_explained() -> None:
    settings = {"public_functions": [{"function": "vault", "reason": "it is a shop window"}]}
    made = report(vault() | open_url("vault"), **settings)
    assert not made.findings
    assert [s.reason for s in made.suppressed] == ["it is a shop window"]


def test_an_alias_that_everybody_may_call() -> None:
    alias = {"AliasArn": function_arn("vault:live"), "Name": "live", "FunctionVersion": "1"}
    hidden = {**grant("vault", "*"), "Resource": function_arn("vault:live")}
    captures = vault() | {"aliases.json": {"Aliases": [alias]}} | policy("vault.live", hidden)
    assert told(captures) == [("PC324", "critical")]


# functions that call functions


def front(*statements: Json, back: Json = SECRETS, **more: Any) -> Json:
    """A function ``front`` with these statements, beside ``vault``."""
    both = {"front": "front-role", "vault": "vault-role"}
    return account(worker("front-role", *statements), worker("vault-role", back), functions=both, **more)


CALLS = allow(INVOKE, function_arn("vault"))


@pytest.mark.parametrize(
    ("captures", "expected"),
    [
        (front(CALLS) | open_url("front"), [("PC325", "high")]),
        (front(CALLS, back=allow("*")) | open_url("front"), [("PC325", "critical")]),
        (front(CALLS, back=allow("*")), [("PC325", "high")]),
        (front(CALLS), []),
        (front(CALLS, back=TABLE) | open_url("front"), []),
        (front(CALLS, deny("lambda:*")) | open_url("front"), []),
        (front(allow(INVOKE, function_arn("vault:*"))) | open_url("front"), [("PC325", "high")]),
        (front(CALLS, SECRETS) | open_url("front"), [("PC324", "critical")]),
    ],
    ids=["data", "administrator", "closed", "closed, data", "one table", "denied", "a version", "as strong itself"],
)
def test_a_call_to_a_stronger_function(captures: Files, expected: list[tuple[str, str]]) -> None:
    assert [each for each in told(captures) if each[0] in ("PC324", "PC325")] == expected


def test_the_path_begins_outside() -> None:
    finding = only(front(CALLS) | open_url("front"), "PC325")
    assert [name for _, name in nodes(finding)][:5] == ["anyone", "front", "front-role", "vault", "vault-role"]
    assert finding.witness is not None
    assert finding.witness["principal"] == role_arn("front-role")


def test_a_function_that_takes_over_a_stronger_one_counts_as_strong() -> None:
    captures = account(
        worker("front-role", allow(INVOKE, function_arn("shell"))),
        worker("shell-role", allow(CODE, function_arn("vault"))),
        worker("vault-role", SECRETS),
        functions={"front": "front-role", "shell": "shell-role", "vault": "vault-role"},
    )
    finding = only(captures | open_url("front"), "PC325")
    assert [name for kind, name in nodes(finding) if kind == "function"] == ["front", "shell", "vault"]


def test_whoever_comes_to_both_gains_nothing_by_the_chain() -> None:
    captures = (
        front(CALLS)
        | open_url("front")
        | {name.replace("front", "vault"): value for name, value in open_url("vault").items()}
    )
    assert [each for each in told(captures) if each[0] == "PC325"] == []


def test_it_calls_itself() -> None:
    assert (
        told(account(worker("a-role", allow(INVOKE)), functions={"a": "a-role", "b": "a-role"}) | open_url("a")) == []
    )


# functions that escalate


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        ([allow("lambda:*")], [("PC326", "high")]),
        ([allow("lambda:*"), deny("lambda:Update*")], []),
        ([allow([CREATE, INVOKE, PASS])], [("PC326", "high")]),
        ([allow([CREATE, PASS])], []),
        ([allow(CODE, function_arn("vault"))], []),
    ],
    ids=["all of Lambda", "but for rewriting", "makes one", "that nothing runs", "replace-function-code has it"],
)
def test_a_function_that_gets_at_another(statements: list[Json], expected: list[tuple[str, str]]) -> None:
    assert [each for each in told(front(*statements)) if each[0] == "PC326"] == expected


@pytest.mark.parametrize(
    ("service", "action"),
    [
        ("ec2", ["ec2:RunInstances"]),
        ("cloudformation", ["cloudformation:CreateStack"]),
        ("glue", ["glue:CreateJob", "glue:StartJobRun"]),
        ("codebuild", ["codebuild:CreateProject", "codebuild:StartBuild"]),
        ("states", ["states:CreateStateMachine", "states:StartExecution"]),
        ("ecs-tasks", ["ecs:RegisterTaskDefinition", "ecs:RunTask"]),
    ],
)
def test_a_service_that_acts_with_a_role_it_is_passed(service: str, action: list[str]) -> None:
    boss = role("boss", managed=["AdministratorAccess"], trusts=trust({"Service": f"{service}.amazonaws.com"}))
    other = role("boss", managed=["AdministratorAccess"], trusts=trust({"Service": "rds.amazonaws.com"}))

    def of(made: Json, *actions: str) -> list[tuple[str, str]]:
        job = worker("job-role", allow([*actions, PASS]))
        return told(account(made, job, functions={"job": "job-role"}))

    assert of(boss, *action) == [("PC326", "critical")]
    assert of(other, *action) == []
    assert of(boss, *action[1:]) == []


def test_a_role_that_may_only_be_passed_to_another_service() -> None:
    boss = role("boss", managed=["AdministratorAccess"], trusts=trust({"Service": "ec2.amazonaws.com"}))
    to_ecs = {"StringEquals": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}}
    job = worker("job-role", allow("ec2:RunInstances"), allow(PASS, Condition=to_ecs))
    assert told(account(boss, job, functions={"job": "job-role"})) == []


# other accounts and services


@pytest.mark.parametrize(
    ("principal", "gives", "expected"),
    [
        ({"AWS": OTHER}, allow("*"), [("PC328", "high")]),
        ({"AWS": f"arn:aws:iam::{OTHER}:role/partner"}, allow("iam:PutRolePolicy"), [("PC328", "high")]),
        ({"AWS": OTHER}, SECRETS, []),
        ({"AWS": ACCOUNT}, allow("*"), []),
    ],
    ids=str,
)
def test_another_account(principal: Json, gives: Json, expected: list[tuple[str, str]]) -> None:
    assert told(vault(gives) | policy("vault", grant("vault", principal))) == expected


def test_an_organization() -> None:
    org = grant("vault", "*", StringEquals={"aws:PrincipalOrgID": "o-examp1e0rg"})
    captures = vault(allow("*")) | policy("vault", org)
    assert ("PC328", "high") in told(captures)
    assert ("PC328", "high") not in told(captures, trusted_orgs=["o-examp1e0rg"])


def test_code_from_another_account_is_never_certain() -> None:
    finding = only(vault() | policy("vault", grant("vault", {"AWS": OTHER}, action=CODE)), "PC328")
    assert finding.confidence == "low"
    assert "if AWS lets it" in finding.message


def test_an_event_source_of_everybodys() -> None:
    write = {"Effect": "Allow", "Principal": "*", "Action": "s3:PutObject", "Resource": f"{BUCKET}/*"}
    assert told(vault() | bucket("vault", [write])) == [("PC327", "critical")]
    by_partner = {**write, "Principal": {"AWS": OTHER}}
    assert told(vault() | bucket("vault", [by_partner])) == [("PC327", "medium")]
    assert told(vault() | bucket("vault", [by_partner]), trusted_accounts=[OTHER]) == []


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        (grant("vault", {"Service": "s3.amazonaws.com"}), [("PC334", "high")]),
        (grant("vault", {"Service": "sns.amazonaws.com"}), [("PC334", "high")]),
        (grant("vault", {"Service": "s3.amazonaws.com"}, ArnLike={"AWS:SourceArn": BUCKET}), [("PC334", "medium")]),
        (from_service("vault", "s3", BUCKET), []),
        (from_service("vault", "sns", f"arn:aws:sns:{REGION}:{ACCOUNT}:news"), []),
        (grant("vault", {"Service": "sns.amazonaws.com"}, StringEquals={"AWS:SourceAccount": ACCOUNT}), []),
    ],
    ids=["no source", "SNS", "a bucket by name", "a bucket", "a topic", "an account"],
)
def test_a_service_that_calls_for_strangers(statement: Json, expected: list[tuple[str, str]]) -> None:
    assert told(vault() | policy("vault", statement)) == expected


def test_a_boundary_on_the_function_ends_each_of_these() -> None:
    shut = vault(allow("*"), boundary=document(allow("logs:*")))
    for door in (open_url("vault"), policy("vault", grant("vault", {"AWS": OTHER}))):
        assert told(shut | door) == []


def test_no_path_from_outside_for_whoever_is_inside() -> None:
    tom = user("tom", allow(INVOKE, function_arn("front")))
    assert findings(account(worker("front-role", SECRETS), tom, functions={"front": "front-role"})) == ()
