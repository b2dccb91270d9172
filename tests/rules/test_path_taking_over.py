"""Whoever takes functions over in steps, gives one a stronger role, feeds one, or points an alias at other code."""

from __future__ import annotations

from typing import Any

import pytest

from permcheck.rules._examples import (
    ACCOUNT,
    REGION,
    Json,
    account,
    allow,
    deny,
    function_arn,
    role,
    role_arn,
    table_arn,
    trust,
    user,
    worker,
)
from tests.rules.auditing import Files
from tests.rules.path_asking import LEE, findings, nodes, only, replayed, report, told

CODE, CHANGE = "lambda:UpdateFunctionCode", "lambda:UpdateFunctionConfiguration"
PASS, CREATE, INVOKE = "iam:PassRole", "lambda:CreateFunction", "lambda:InvokeFunction"
MAP, MOVE = "lambda:CreateEventSourceMapping", "lambda:UpdateEventSourceMapping"
ADMIN = worker("admin-role", managed=["AdministratorAccess"])
QUEUE = f"arn:aws:sqs:{REGION}:{ACCOUNT}:jobs"
POLLS = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]

# several steps


def chain(*last: Json, **more: Any) -> Json:
    """Lee rewrites ``one``, whose role rewrites ``two``, whose role rewrites ``three``, with the last statements."""
    return account(
        worker("one-role", allow(CODE, function_arn("two"))),
        worker("two-role", allow(CHANGE, function_arn("three"))),
        worker("three-role", *last),
        user("lee", allow(CODE, function_arn("one"))),
        functions={"one": "one-role", "two": "two-role", "three": "three-role"},
        **more,
    )


def test_three_steps_to_administrator() -> None:
    captures = chain(allow("*"))
    found = {f.rule: f for f in findings(captures) if f.resource.endswith("user/lee")}
    assert set(found) == {"PC305"}
    finding = found["PC305"]
    assert finding.severity == "critical"
    assert [name for kind, name in nodes(finding) if kind == "function"] == ["one", "two", "three"]
    assert replayed(captures, finding) == "allowed"


def test_the_roles_on_the_way_have_their_own_findings() -> None:
    found = {(f.rule, f.resource.rpartition("/")[2]) for f in findings(chain(allow("*")))}
    assert found == {("PC305", "lee"), ("PC326", "one-role")}  # the last step is replace-function-code's


def test_a_chain_that_ends_at_data_is_no_way_to_administrator() -> None:
    assert told(chain(allow("dynamodb:GetItem"))) == []


def test_a_chain_with_a_gap() -> None:
    assert told(chain(allow("*"), deny("*"))) == []


def test_a_role_on_the_way_that_is_assumed() -> None:
    captures = account(
        worker("one-role", allow("sts:AssumeRole", role_arn("ops"))),
        role("ops", allow(CODE, function_arn("vault")), trusts=trust({"AWS": role_arn("one-role")})),
        worker("vault-role", allow("iam:PutUserPolicy")),
        user("lee", allow(CODE, function_arn("one"))),
        functions={"one": "one-role", "vault": "vault-role"},
    )
    finding = next(f for f in findings(captures) if f.rule == "PC305")
    assert [name for _, name in nodes(finding)][:6] == ["lee", "one", "one-role", "ops", "vault", "vault-role"]


def test_whoever_controls_every_function_and_one_is_administrator() -> None:
    captures = account(ADMIN, user("lee", allow("lambda:*")), functions={"console": "admin-role"})
    assert told(captures) == [("PC305", "critical")]


def test_whoever_controls_every_function_and_none_is() -> None:
    reader = worker("reader-role", allow("s3:GetObject"))
    assert told(account(reader, user("lee", allow("lambda:*")), functions={"reader": "reader-role"})) == []


# another role for a function


def given(*statements: Json, **more: Any) -> Json:
    """Lee with these statements; ``idle`` runs as a role without rights, and there is an administrator's role."""
    return account(ADMIN, worker("idle-role"), user("lee", *statements), functions={"idle": "idle-role"}, **more)


@pytest.mark.parametrize(
    ("more", "told_of"),
    [
        ([INVOKE], True),
        (["lambda:AddPermission"], True),
        (["lambda:PutResourcePolicy"], True),
        (["lambda:Get*"], False),
    ],
)
def test_something_has_to_call_it(more: list[str], told_of: bool) -> None:
    captures = given(allow([PASS, CHANGE]), allow(more))
    assert told(captures) == ([("PC307", "critical")] if told_of else [])
    if told_of:
        assert replayed(captures, only(captures, "PC307")) == "allowed"


def test_somebody_else_who_calls_it_will_do() -> None:
    caller = user("tom", allow(INVOKE, function_arn("idle")))
    captures = account(
        ADMIN, worker("idle-role"), caller, user("lee", allow([PASS, CHANGE])), functions={"idle": "idle-role"}
    )
    assert told(captures) == [("PC307", "critical")]


def test_the_function_is_as_strong_as_the_role() -> None:
    captures = account(ADMIN, user("lee", allow([PASS, CHANGE, INVOKE])), functions={"console": "admin-role"})
    assert told(captures) == []  # change-function-configuration has it


def test_whoever_can_create_functions_needs_no_old_one() -> None:
    assert told(given(allow([PASS, CHANGE, INVOKE, CREATE]))) == [("PC301", "critical")]


# records for a function


def fed(*statements: Json, reads: str = QUEUE, **more: Any) -> Json:
    """Lee with these statements; ``vault`` reads every secret, and a queue."""
    vault = worker("vault-role", allow("secretsmanager:GetSecretValue"), allow(POLLS, reads))
    return account(vault, user("lee", *statements), functions={"vault": "vault-role"}, **more)


def test_a_queue_for_a_function_it_may_not_invoke() -> None:
    captures = fed(allow(MAP), allow("sqs:SendMessage", QUEUE))
    finding = only(captures, "PC309")
    assert (finding.severity, finding.confidence) == ("high", "medium")
    assert replayed(captures, finding) == "allowed"


@pytest.mark.parametrize(
    "statements",
    [
        [allow(MAP), allow("sqs:SendMessage", QUEUE), allow(INVOKE)],
        [allow(MAP), allow("sqs:SendMessage", QUEUE), allow(CODE)],
        [allow(MAP), allow("sqs:SendMessage", QUEUE), deny(MAP)],
        [allow("sqs:SendMessage", QUEUE)],
        [allow(MAP), allow("sqs:SendMessage", QUEUE + "-other")],
        [
            allow(MAP, Condition={"ArnEquals": {"lambda:FunctionArn": function_arn("other")}}),
            allow("sqs:SendMessage", QUEUE),
        ],
    ],
    ids=str,
)
def test_not_fed(statements: list[Json]) -> None:
    assert [rule for rule, _ in told(fed(*statements)) if rule == "PC309"] == []


def test_a_mapping_that_is_moved() -> None:
    mapping = {"UUID": "a1", "EventSourceArn": QUEUE, "FunctionArn": function_arn("old"), "State": "Enabled"}
    more = {"mappings.json": {"EventSourceMappings": [mapping]}}
    moves = allow(MOVE, f"arn:aws:lambda:{REGION}:{ACCOUNT}:event-source-mapping:*")
    assert only(fed(moves, allow("sqs:SendMessage", QUEUE)) | more, "PC309").path[0].edge == MOVE


def test_a_source_the_function_reads_already_is_no_news() -> None:
    mapping = {"UUID": "a1", "EventSourceArn": QUEUE, "FunctionArn": function_arn("vault"), "State": "Enabled"}
    captures = fed(allow(MAP), allow("sqs:SendMessage", QUEUE)) | {"mappings.json": {"EventSourceMappings": [mapping]}}
    assert told(captures) == []


# other code behind an alias

ALIAS = {"AliasArn": function_arn("vault:live"), "Name": "live", "FunctionVersion": "2"}


def aliased(*statements: Json, versions: tuple[str, ...] = ("1", "2"), gives: Json | None = None) -> Json:
    """Lee with these statements; ``vault:live`` is called by Tom and stands for version 2."""
    listed = [{"FunctionName": "vault", "FunctionArn": function_arn(f"vault:{v}"), "Version": v} for v in versions]
    return {
        **account(
            worker("vault-role", gives or allow("secretsmanager:GetSecretValue")),
            user("lee", *statements),
            user("tom", allow(INVOKE, function_arn("vault:live"))),
            functions={"vault": "vault-role"},
        ),
        "aliases.json": {"Aliases": [ALIAS]},
        "versions.json": {"Versions": listed},
    }


def test_another_version() -> None:
    captures = aliased(allow("lambda:UpdateAlias", function_arn("vault")))
    finding = only(captures, "PC310")
    assert "version 1 in place of version 2" in finding.message
    assert replayed(captures, finding) == "allowed"


def test_a_version_that_it_publishes() -> None:
    captures = aliased(allow(["lambda:UpdateAlias", "lambda:PublishVersion"]), versions=("2",))
    assert "$LATEST" in only(captures, "PC310").message


@pytest.mark.parametrize(
    "captures",
    [
        aliased(allow("lambda:UpdateAlias"), versions=("2",)),
        aliased(allow(["lambda:UpdateAlias", CODE])),
        aliased(allow("lambda:UpdateAlias"), deny("lambda:*")),
        aliased(allow("lambda:UpdateAlias"), gives=allow("dynamodb:Query", table_arn("Orders"))),
        aliased(allow("lambda:UpdateAlias"), allow("s3:GetObject")),
    ],
    ids=["no other version", "rewrites it anyhow", "denied", "a weak role", "as strong itself"],
)
def test_nothing_to_point_it_at(captures: Files) -> None:
    assert [rule for rule, _ in told(captures) if rule == "PC310"] == []


def test_deploy_roles_explain_each_of_these() -> None:
    for captures in (
        given(allow([PASS, CHANGE, INVOKE])),
        fed(allow(MAP), allow("sqs:SendMessage", QUEUE)),
        aliased(allow("lambda:UpdateAlias")),
        account(ADMIN, user("lee", allow("lambda:*")), functions={"console": "admin-role"}),
    ):
        made = report(captures, deploy_roles=["lee"])
        assert not made.findings
        assert len(made.suppressed) == 1


def test_nobody_is_told_of_who_gains_nothing() -> None:
    assert told(account(ADMIN, role("ops", allow("*"), trusts=trust(LEE)), functions={"console": "admin-role"})) == []


# a stronger role for a function that may be changed, by a function's own role


def swapping(*statements: Json) -> Files:
    """The function ``tidy``, whose role has the statements; ``idle`` may do nothing; none runs as ``admin-role``."""
    return account(
        worker("tidy-role", *statements),
        worker("idle-role"),
        ADMIN,
        functions={"tidy": "tidy-role", "idle": "idle-role"},
    )


def test_a_function_that_gives_another_a_stronger_role() -> None:
    captures = swapping(allow([CHANGE, INVOKE], function_arn("idle")), allow(PASS, role_arn("admin-role")))
    finding = only(captures, "PC326")
    assert finding.severity in ("critical", "high")
    assert "gives a function the role" in [step.edge for step in finding.path]
    assert replayed(captures, finding) == "allowed"


@pytest.mark.parametrize(
    "statements",
    [
        [allow([CHANGE, INVOKE], function_arn("idle"))],
        [allow(PASS, role_arn("admin-role"))],
        [allow([CHANGE, INVOKE], function_arn("idle")), allow(PASS, role_arn("idle-role"))],
        [allow([CHANGE, INVOKE], function_arn("idle")), allow(PASS), deny(PASS, role_arn("admin-role"))],
        [allow([CHANGE, INVOKE], function_arn("other")), allow(PASS, role_arn("admin-role"))],
        # Nothing has the function run.
        [allow(CHANGE, function_arn("idle")), allow(PASS, role_arn("admin-role"))],
    ],
)
def test_what_lacks_a_part_of_it_is_no_escalation(statements: list[Json]) -> None:
    assert told(swapping(*statements)) == []


def test_a_function_that_others_have_run_may_be_given_the_role() -> None:
    """It need not be the one who changes it: here a third function invokes it."""
    captures = account(
        worker("tidy-role", allow(CHANGE, function_arn("idle")), allow(PASS, role_arn("admin-role"))),
        worker("idle-role"),
        worker("caller-role", allow(INVOKE, function_arn("idle"))),
        ADMIN,
        functions={"tidy": "tidy-role", "idle": "idle-role", "caller": "caller-role"},
    )
    assert [(f.rule, f.resource.rpartition("/")[2]) for f in findings(captures)] == [("PC326", "tidy-role")]
