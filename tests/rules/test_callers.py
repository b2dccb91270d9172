"""Rules about callers: Deny, boundaries, conditions, other roles' strength and configuration have their say."""

from __future__ import annotations

from typing import Any

import pytest

from permcheck.rules._examples import (
    ACCOUNT,
    OTHER,
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
    user_arn,
    worker,
)
from tests.rules.auditing import found, report, severities

Json = dict[str, Any]

INVOKE, CODE, CONFIGURATION = "lambda:InvokeFunction", "lambda:UpdateFunctionCode", "lambda:UpdateFunctionConfiguration"
ADD, PUT, GET = "lambda:AddPermission", "lambda:PutResourcePolicy", "lambda:GetFunction"
LEE = trust({"AWS": user_arn("lee")})
POOL = "eu-west-1:0b8f6c1e-91d5-4f1c-8a53-6d2e1c0a7b44"
OFFICE = {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}
ANYWHERE = {"IpAddress": {"aws:SourceIp": "0.0.0.0/0"}}
BROWSER = {"StringLike": {"aws:UserAgent": "Mozilla*"}}
WITH_MFA = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}
WITHOUT_MFA = {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}
TAGGED = {"StringEquals": {"aws:ResourceTag/team": "web"}}
REPORT = worker("report-role", allow("dynamodb:Query", table_arn("Orders")))
ADMIN = worker("admin-role", managed=["AdministratorAccess"])
EVERY_SECRET = worker("secrets-role", allow("secretsmanager:GetSecretValue"))
LOGS = worker("logs-role")
EVERY_TABLE = worker("tables-role", allow("dynamodb:Scan"))


def lee(*statements: Json, functions: dict[str, str] | None = None, others: tuple[Json, ...] = (REPORT,)) -> Json:
    """An account in which Lee's role has these statements."""
    return account(*others, role("lee", *statements, trusts=LEE), functions=functions or {"report": "report-role"})


def guests(*statements: Json, guests_allowed: bool = True, classic: bool = False) -> Json:
    """An account whose identity pool hands guests a role with these statements."""
    trusts = document(
        {
            "Effect": "Allow",
            "Principal": {"Federated": "cognito-identity.amazonaws.com"},
            "Action": "sts:AssumeRoleWithWebIdentity",
            "Condition": {
                "StringEquals": {"cognito-identity.amazonaws.com:aud": POOL},
                "ForAnyValue:StringLike": {"cognito-identity.amazonaws.com:amr": "unauthenticated"},
            },
        }
    )
    return {
        **account(REPORT, role("guest", *statements, trusts=trusts), functions={"report": "report-role"}),
        "pool.json": {
            "IdentityPoolId": POOL,
            "IdentityPoolName": "shop",
            "AllowUnauthenticatedIdentities": guests_allowed,
            "AllowClassicFlow": classic,
        },
        "pool-roles.json": {"IdentityPoolId": POOL, "Roles": {"unauthenticated": role_arn("guest")}},
    }


class TestFullControl:
    """PC131."""

    @pytest.mark.parametrize(
        "statement",
        [
            allow("lambda:*"),
            allow("LAMBDA:*"),
            allow("lambda:*", "arn:aws:lambda:*"),
            allow("lambda:*", "arn:aws:lambda:*:*:function:*"),
            {"Effect": "Allow", "NotAction": "s3:*", "Resource": "*"},
            {"Effect": "Allow", "Action": "lambda:*", "NotResource": "arn:aws:s3:::*"},
        ],
    )
    def test_any_spelling_of_everything(self, statement: Json) -> None:
        (finding,) = found(lee(statement), "PC131")
        assert finding.severity == "high"

    def test_one_action_of_lambda_less_is_not_everything(self) -> None:
        said = severities(lee(allow("lambda:*"), deny(CODE)))
        assert "PC131" not in said
        assert said["PC132"] == "medium"
        assert "PC133" not in said

    def test_a_deny_that_spares_one_function_does_not_hide_the_rest(self) -> None:
        assert found(lee(allow("lambda:*"), deny("lambda:*", function_arn("other"))), "PC131")

    @pytest.mark.parametrize("condition", [OFFICE, WITH_MFA])
    def test_conditions_on_the_request_lower_it_and_are_listed(self, condition: Json) -> None:
        (finding,) = found(lee(allow("lambda:*", Condition=condition)), "PC131")
        assert finding.severity == "medium"
        assert [entry["key"] for entry in finding.conditions] == [next(iter(next(iter(condition.values()))))]

    def test_a_deny_without_mfa_counts_as_a_condition(self) -> None:
        (finding,) = found(lee(allow("lambda:*"), deny("*", Condition=WITHOUT_MFA)), "PC131")
        assert finding.severity == "medium"

    @pytest.mark.parametrize("condition", [ANYWHERE, BROWSER])
    def test_conditions_that_keep_nobody_out_do_not(self, condition: Json) -> None:
        (finding,) = found(lee(allow("lambda:*", Condition=condition)), "PC131")
        assert finding.severity == "high"

    def test_a_condition_on_tags_of_the_function_is_not_every_function(self) -> None:
        assert not found(lee(allow("lambda:*", Condition=TAGGED)), "PC131")

    def test_boundary(self) -> None:
        bounded = role("lee", allow("lambda:*"), trusts=LEE, boundary=document(allow("lambda:Get*")))
        said = severities(account(REPORT, bounded, functions={"report": "report-role"}))
        assert "PC131" not in said
        assert said["PC137"] == "low"

    def test_administrators_are_no_news(self) -> None:
        captures = account(REPORT, user("ines", allow("*")), functions={"report": "report-role"})
        assert not [f for f in report(captures).findings if f.rule.startswith("PC13")]

    def test_service_linked_roles_are_not_ours(self) -> None:
        captures = lee(allow("lambda:*"))
        theirs = captures["account.json"]["RoleDetailList"][1]
        theirs["Path"] = "/aws-service-role/x.amazonaws.com/"
        theirs["RoleName"] = "AWSServiceRoleForX"
        theirs["Arn"] = f"arn:aws:iam::{ACCOUNT}:role/aws-service-role/x.amazonaws.com/AWSServiceRoleForX"
        assert not found(captures, "PC131")

    def test_deploy_roles_are_two_steps_less_severe(self) -> None:
        (finding,) = found(lee(allow("lambda:*")), "PC131", {"deploy_roles": ["lee"]})
        assert finding.severity == "low"
        assert "deploy_roles" in finding.message

    def test_the_rules_about_parts_of_it_keep_quiet(self) -> None:
        said = severities(lee(allow("lambda:*"), others=(ADMIN,), functions={"console": "admin-role"}))
        assert not said.keys() & {"PC132", "PC133", "PC134", "PC135", "PC137"}

    def test_the_region_of_a_loose_policy_is_its_own(self) -> None:
        everywhere = "arn:aws:lambda:ap-southeast-2:111122223333:function:*"
        assert found({"policy.json": document(allow("lambda:*", everywhere))}, "PC131")

    def test_a_policy_given_on_its_own_may_be_an_administrators(self) -> None:
        (finding,) = found({"policy.json": document(allow("*"))}, "PC131")
        assert finding.message.startswith("whoever has this policy")

    def test_guests(self) -> None:
        (finding,) = found(guests(allow("lambda:*")), "PC131")
        assert finding.severity == "critical"
        assert finding.message.startswith("a guest of identity pool shop")
        assert finding.path[0].kind == "guest"

    def test_a_pool_without_guests_has_none(self) -> None:
        (finding,) = found(guests(allow("lambda:*"), guests_allowed=False), "PC131")
        assert finding.severity == "high"
        assert finding.path[0].kind == "role"

    def test_unread_is_not_allowed(self) -> None:
        unread = role("lee", trusts=LEE)
        unread["AttachedManagedPolicies"] = [{"PolicyName": "lost", "PolicyArn": f"arn:aws:iam::{ACCOUNT}:policy/lost"}]
        captures = account(REPORT, unread, functions={"report": "report-role"})
        assert not report(captures).findings
        assert report(captures).not_read


class TestInvokeAny:
    """PC132."""

    def test_the_policy_of_aws_that_says_so(self) -> None:
        captures = account(
            REPORT, role("lee", trusts=LEE, managed=["service-role/AWSLambdaRole"]), functions={"report": "report-role"}
        )
        assert severities(captures) == {"PC132": "medium"}

    def test_worse_where_a_function_is_administrator(self) -> None:
        said = severities(lee(allow(INVOKE), others=(ADMIN,), functions={"console": "admin-role"}))
        assert said["PC132"] == "high"

    def test_guests(self) -> None:
        """Whoever is a guest is anybody: the finding on the pool says so, and this one keeps quiet."""
        said = severities(guests(allow(INVOKE)))
        assert said["PC153"] == "critical"
        assert "PC132" not in said

    def test_roles_of_services_that_call_for_others(self) -> None:
        machine = role("machine", allow(INVOKE), trusts=trust({"Service": "states.amazonaws.com"}))
        assert severities(account(REPORT, machine, functions={"report": "report-role"}))["PC132"] == "low"

    @pytest.mark.parametrize("resource", [function_arn("report"), function_arn("report*"), function_arn("report:*")])
    def test_names_and_prefixes_are_not_any(self, resource: str) -> None:
        assert not found(lee(allow(INVOKE, resource)), "PC132")

    def test_the_old_action_alone_invokes_nothing(self) -> None:
        assert not found(lee(allow("lambda:InvokeAsync")), "PC132")

    def test_the_team_tag(self) -> None:
        own = {"StringEquals": {"aws:ResourceTag/team": "${aws:PrincipalTag/team}"}}
        assert not found(lee(allow(INVOKE, Condition=own)), "PC132")

    def test_all_but_some_tags_is_nearly_any(self) -> None:
        (finding,) = found(lee(allow(INVOKE), deny(INVOKE, Condition=TAGGED)), "PC132")
        assert finding.severity == "low"


@pytest.mark.parametrize(("action", "rule"), [(CODE, "PC133"), (CONFIGURATION, "PC134")])
class TestTakeover:
    """PC133 and PC134."""

    @pytest.mark.parametrize(
        ("owner", "severity"),
        [(ADMIN, "critical"), (EVERY_SECRET, "high"), (REPORT, "medium"), (LOGS, "low")],
        ids=["administrator", "all secrets", "one table", "logs"],
    )
    def test_as_bad_as_what_the_function_reaches(self, action: str, rule: str, owner: Json, severity: str) -> None:
        captures = lee(allow(action), others=(owner,), functions={"report": owner["RoleName"]})
        (finding,) = found(captures, rule)
        assert finding.severity == severity

    def test_janitor_may_rewrite_iam(self, action: str, rule: str) -> None:
        janitor = worker("janitor-role", allow("iam:PutRolePolicy"))
        captures = lee(allow(action), others=(janitor,), functions={"janitor": "janitor-role"})
        assert found(captures, rule)[0].severity == "critical"

    def test_nothing_gained_is_low(self, action: str, rule: str) -> None:
        mine = (allow(action), allow("dynamodb:Query", table_arn("Orders")))
        assert found(lee(*mine), rule)[0].severity == "low"

    def test_the_same_kind_of_strength_is_compared_by_what_it_is_of(self, action: str, rule: str) -> None:
        captures = lee(allow([action, "dynamodb:Scan"]), others=(EVERY_SECRET,), functions={"report": "secrets-role"})
        assert found(captures, rule)[0].severity == "high"
        captures = lee(
            allow([action, "secretsmanager:GetSecretValue"]),
            others=(EVERY_SECRET,),
            functions={"report": "secrets-role"},
        )
        assert found(captures, rule)[0].severity == "low"

    def test_whoever_can_give_himself_everything_gains_nothing(self, action: str, rule: str) -> None:
        assert not found(lee(allow([action, "iam:AttachRolePolicy"])), rule)

    def test_the_strongest_function_is_told(self, action: str, rule: str) -> None:
        captures = lee(
            allow(action),
            others=(ADMIN, REPORT, LOGS),
            functions={"a-logs": "logs-role", "b-report": "report-role", "z-console": "admin-role"},
        )
        (finding,) = found(captures, rule)
        assert "z-console" in finding.message
        assert finding.path[-1].kind == "admin"

    def test_more_than_all_of_a_kind_is_iam(self, action: str, rule: str) -> None:
        janitor = worker("janitor-role", allow("iam:PutRolePolicy"))
        captures = lee(
            allow(action),
            others=(EVERY_SECRET, EVERY_TABLE, janitor),
            functions={"a": "secrets-role", "b": "tables-role", "c": "janitor-role", "d": "secrets-role"},
        )
        (finding,) = found(captures, rule)
        assert finding.severity == "critical"
        assert "janitor-role" in finding.message

    def test_one_thing_more_is_a_gain(self, action: str, rule: str) -> None:
        both = worker(
            "both-role", allow("dynamodb:Query", table_arn("Orders")), allow("sqs:SendMessage", "arn:aws:sqs:::a")
        )
        mine = (allow(action), allow("dynamodb:Query", table_arn("Orders")))
        captures = lee(*mine, others=(both,), functions={"report": "both-role"})
        assert found(captures, rule)[0].severity == "medium"

    def test_only_functions_it_may_touch_count(self, action: str, rule: str) -> None:
        captures = lee(
            allow(action, function_arn("b-*")),
            others=(ADMIN, REPORT),
            functions={"b-report": "report-role", "z-console": "admin-role"},
        )
        (finding,) = found(captures, rule)
        assert finding.severity == "medium"
        assert "z-console" not in finding.message

    def test_a_deny_on_the_function_that_matters(self, action: str, rule: str) -> None:
        captures = lee(
            allow(action),
            deny(action, function_arn("z-console")),
            others=(ADMIN, REPORT),
            functions={"b-report": "report-role", "z-console": "admin-role"},
        )
        assert found(captures, rule)[0].severity == "medium"

    def test_conditions_lower_it(self, action: str, rule: str) -> None:
        captures = lee(allow(action, Condition=WITH_MFA), others=(ADMIN,), functions={"console": "admin-role"})
        (finding,) = found(captures, rule)
        assert finding.severity == "high"
        assert finding.conditions

    def test_tags_that_are_not_known_choose_nobody(self, action: str, rule: str) -> None:
        captures = lee(allow(action, Condition=TAGGED), others=(ADMIN,), functions={"console": "admin-role"})
        assert not found(captures, rule)

    def test_a_role_out_of_view_is_said_to_be(self, action: str, rule: str) -> None:
        (finding,) = found(lee(allow(action), others=(), functions={"report": "lost-role"}), rule)
        assert (finding.severity, finding.confidence) == ("medium", "medium")
        assert "not in view" in finding.message

    def test_no_function_in_view(self, action: str, rule: str) -> None:
        (finding,) = found({"policy.json": document(allow(action))}, rule)
        assert (finding.severity, finding.confidence) == ("medium", "medium")

    def test_a_function_that_changes_itself(self, action: str, rule: str) -> None:
        own = worker("report-role", allow("dynamodb:Scan"), allow(action, function_arn("report")))
        assert found(account(own, functions={"report": "report-role"}), rule)[0].severity == "low"

    def test_deploy_roles(self, action: str, rule: str) -> None:
        settings = {"deploy_roles": [role_arn("lee")]}
        said = report(lee(allow(action)), settings)
        assert not [f for f in said.findings if f.rule == rule]
        assert [s.finding.rule for s in said.suppressed] == [rule]


def test_code_that_has_to_be_signed_is_less_and_less_sure() -> None:
    captures = lee(allow(CODE), others=(ADMIN,), functions={"console": "admin-role"})
    captures["signing.json"] = {
        "FunctionName": "console",
        "CodeSigningConfigArn": f"arn:aws:lambda:eu-west-1:{ACCOUNT}:code-signing-config:csc-0f6c334abcdea4d8b",
    }
    (finding,) = found(captures, "PC133")
    assert (finding.severity, finding.confidence) == ("high", "medium")


def test_whoever_can_take_the_signing_off_is_not_held_by_it() -> None:
    captures = lee(
        allow([CODE, "lambda:DeleteFunctionCodeSigningConfig"]), others=(ADMIN,), functions={"console": "admin-role"}
    )
    captures["signing.json"] = {
        "FunctionName": "console",
        "CodeSigningConfigArn": f"arn:aws:lambda:eu-west-1:{ACCOUNT}:code-signing-config:csc-0f6c334abcdea4d8b",
    }
    (finding,) = found(captures, "PC133")
    assert (finding.severity, finding.confidence) == ("critical", "high")


class TestGrantItself:
    """PC135."""

    @pytest.mark.parametrize("action", [ADD, PUT])
    def test_high_where_the_function_is_powerful(self, action: str) -> None:
        said = severities(lee(allow(action), others=(ADMIN,), functions={"console": "admin-role"}))
        assert said["PC135"] == "high"

    def test_the_newer_call_alone_is_less_sure(self) -> None:
        assert found(lee(allow(ADD)), "PC135")[0].confidence == "high"
        assert found(lee(allow(PUT)), "PC135")[0].confidence == "medium"

    def test_not_where_it_may_invoke_anyway(self) -> None:
        assert not found(lee(allow([ADD, PUT]), allow(INVOKE, function_arn("report"))), "PC135")

    def test_the_function_it_may_not_invoke_is_told(self) -> None:
        captures = lee(
            allow(ADD),
            allow(INVOKE, function_arn("a")),
            others=(REPORT,),
            functions={"a": "report-role", "b": "report-role"},
        )
        (finding,) = found(captures, "PC135")
        assert " b" in finding.message

    def test_held_to_one_service(self) -> None:
        to_events = {"StringEquals": {"lambda:Principal": "events.amazonaws.com"}}
        (finding,) = found(lee(allow(ADD, Condition=to_events)), "PC135")
        assert finding.severity == "low"
        assert finding.conditions[0]["key"] == "lambda:Principal"

    def test_deploy_roles(self) -> None:
        assert not found(lee(allow(ADD)), "PC135", {"deploy_roles": ["lee"]})


class TestReadCode:
    """PC137."""

    def test_auditors_with_a_policy_of_aws(self) -> None:
        captures = account(
            REPORT, role("audit", trusts=LEE, managed=["ReadOnlyAccess"]), functions={"report": "report-role"}
        )
        assert severities(captures)["PC137"] == "info"

    def test_guests(self) -> None:
        assert severities(guests(allow(GET)))["PC137"] == "medium"

    def test_configuration_alone_is_not_the_code(self) -> None:
        assert not found(lee(allow("lambda:GetFunctionConfiguration")), "PC137")


class TestAssumeAny:
    """PC138."""

    ROOT = trust({"AWS": f"arn:aws:iam::{ACCOUNT}:root"})

    def test_only_roles_that_let_it_in_count(self) -> None:
        captures = account(
            role("a", trusts=self.ROOT),
            role("b", trusts=trust({"AWS": user_arn("somebody-else")})),
            role("c", trusts=trust({"AWS": f"arn:aws:iam::{OTHER}:root"})),
            role("d"),
            user("robin", allow("sts:AssumeRole")),
        )
        (finding,) = found(captures, "PC138")
        assert finding.severity == "high"
        assert finding.path[1].name == "a"
        assert "of 4 in view" in finding.message

    def test_mfa_in_the_trust_policy(self) -> None:
        captures = account(
            role("a", trusts=trust({"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, Condition=WITH_MFA)),
            user("robin", allow("sts:AssumeRole")),
        )
        (finding,) = found(captures, "PC138")
        assert finding.severity == "medium"

    def test_a_trust_policy_that_denies(self) -> None:
        trusts = document(
            {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "Action": "sts:AssumeRole"},
            {"Effect": "Deny", "Principal": {"AWS": user_arn("robin")}, "Action": "sts:AssumeRole"},
        )
        assert not found(account(role("a", trusts=trusts), user("robin", allow("sts:AssumeRole"))), "PC138")

    def test_roles_under_a_path_are_not_any(self) -> None:
        captures = account(role("a", trusts=self.ROOT), user("robin", allow("sts:AssumeRole", role_arn("a*"))))
        assert not found(captures, "PC138")

    def test_guests_cannot_in_the_enhanced_flow(self) -> None:
        captures = guests(allow("sts:AssumeRole"))
        captures["account.json"]["RoleDetailList"].append(role("a", trusts=self.ROOT))
        (finding,) = found(captures, "PC138")
        assert finding.path[0].kind == "role", "the ceiling over guests leaves no sts:AssumeRole"


class TestPassAny:
    """PC139."""

    @pytest.mark.parametrize("service", ["lambda.amazonaws.com", "*"])
    def test_to_lambda_is_no_mitigation(self, service: str) -> None:
        condition = {"StringLike": {"iam:PassedToService": service}}
        assert found(lee(allow("iam:PassRole", Condition=condition)), "PC139")[0].severity == "high"

    def test_to_another_service(self) -> None:
        condition = {"StringEquals": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}}
        assert not found(lee(allow("iam:PassRole", Condition=condition)), "PC139")

    def test_low_while_no_role_trusts_lambda(self) -> None:
        assert severities(account(user("lee", allow("iam:PassRole")))) == {"PC139": "low"}

    def test_the_full_access_policy_of_aws(self) -> None:
        captures = account(
            REPORT, role("lee", trusts=LEE, managed=["AWSLambda_FullAccess"]), functions={"report": "report-role"}
        )
        assert severities(captures) == {"PC131": "high", "PC139": "high", "PC301": "medium"}

    def test_the_strongest_role_is_told(self) -> None:
        captures = account(REPORT, ADMIN, LOGS, user("lee", allow("iam:PassRole")))
        (finding,) = found(captures, "PC139")
        assert "admin-role" in finding.message
        assert finding.path[-1].kind == "admin"

    def test_a_deny_on_the_role_that_matters(self) -> None:
        captures = account(
            REPORT, ADMIN, user("lee", allow("iam:PassRole"), deny("iam:PassRole", role_arn("admin-role")))
        )
        (finding,) = found(captures, "PC139")
        assert "admin-role" not in finding.message

    def test_a_function_is_only_spoken_of_where_the_caller_may_have_one(self) -> None:
        (without,) = found(account(ADMIN, user("lee", allow("iam:PassRole"))), "PC139")
        assert [step.kind for step in without.path] == ["user", "role", "admin"]
        makes = allow(["iam:PassRole", "lambda:CreateFunction"])
        (making,) = found(account(ADMIN, user("lee", makes)), "PC139")
        assert [step.kind for step in making.path] == ["user", "function", "role", "admin"]


class TestEditRole:
    """PC140."""

    @pytest.mark.parametrize("action", ["iam:PutRolePolicy", "iam:AttachRolePolicy", "iam:*"])
    def test_new_rights_for_a_function(self, action: str) -> None:
        captures = lee(allow(action, role_arn("report-role")))
        assert severities(captures)["PC140"] == "critical"

    @pytest.mark.parametrize(("owner", "severity"), [(ADMIN, "critical"), (EVERY_SECRET, "high"), (REPORT, "medium")])
    def test_letting_itself_in_gives_what_the_role_has(self, owner: Json, severity: str) -> None:
        captures = lee(
            allow("iam:UpdateAssumeRolePolicy", role_arn(owner["RoleName"])),
            others=(owner,),
            functions={"report": owner["RoleName"]},
        )
        assert severities(captures)["PC140"] == severity

    def test_held_to_a_boundary(self) -> None:
        bounded = {"StringEquals": {"iam:PermissionsBoundary": f"arn:aws:iam::{ACCOUNT}:policy/apps"}}
        assert severities(lee(allow("iam:PutRolePolicy", "*", Condition=bounded)))["PC140"] == "high"

    def test_roles_that_no_function_uses(self) -> None:
        assert not found(lee(allow("iam:PutRolePolicy", role_arn("people/*"))), "PC140")

    def test_a_function_is_told_of_by_the_rule_about_functions(self) -> None:
        captures = account(
            REPORT,
            worker("janitor-role", allow("iam:PutRolePolicy")),
            functions={"report": "report-role", "janitor": "janitor-role"},
        )
        assert severities(captures) == {"PC202": "critical"}

    def test_administrators_are_no_news(self) -> None:
        captures = account(REPORT, user("ines", allow("*")), functions={"report": "report-role"})
        assert not found(captures, "PC140")

    def test_deploy_roles(self) -> None:
        captures = lee(allow("iam:PutRolePolicy", role_arn("report-role")))
        assert not found(captures, "PC140", {"deploy_roles": ["lee"]})


def test_every_function_but_one() -> None:
    """A Deny on one function leaves the others, and the finding says so."""
    captures = account(
        REPORT,
        user("lee", allow("lambda:*"), deny("lambda:UpdateFunctionCode", function_arn("save"))),
        functions={"report": "report-role", "save": "report-role"},
    )
    (finding,) = found(captures, "PC131")
    assert "every function but save (1 in view)" in finding.message


def test_why_no_role_is_named() -> None:
    """That no role trusts Lambda is said only where it is so."""
    (finding,) = found(
        account(REPORT, user("lee", allow("iam:PassRole"), deny("iam:PassRole", REPORT["Arn"]))), "PC139"
    )
    assert "none in view trusts Lambda" not in finding.message
    (finding,) = found(account(user("lee", allow("iam:PassRole"))), "PC139")
    assert "none in view trusts Lambda" in finding.message
