"""The same app as a capture of an account and as a plan of Terraform: the same findings, the same answers."""

import json
from pathlib import Path
from typing import Any

import pytest

from permcheck.config import Config
from permcheck.engine import audit
from permcheck.graph.questions import who
from permcheck.model import Facts
from permcheck.sources import files
from tests.sources.terraform_plan import Ref, Resource, Text, plan
from tests.sources.test_terraform import facts

CAPTURE = Path(__file__).parent.parent.parent / "fixtures" / "mobile-backend" / "account"
HERE = "arn:aws:lambda:eu-west-1:111122223333:function"
AMR = "cognito-identity.amazonaws.com:amr"
BASIC = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
WORKERS = {
    "search": (["dynamodb:GetItem", "dynamodb:Query"], "TrailmateTrails"),
    "save_hike": (["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query", "dynamodb:UpdateItem"], "TrailmateHikes"),
}


def statement(action: Any, resource: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource}


def text(*statements: Any) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def app() -> list[Resource]:
    """The app of fixtures/mobile-backend, as somebody writes it: by reference wherever one thing names another."""
    made = [
        Resource(
            "aws_cognito_identity_pool",
            "app",
            {
                "identity_pool_name": "trailmate",
                "allow_unauthenticated_identities": True,
                "allow_classic_flow": False,
                "cognito_identity_providers": [
                    {
                        "provider_name": "cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Tr4ilM8te",
                        "client_id": "5example2client4for6trailmate8",
                        "server_side_token_check": True,
                    }
                ],
            },
        ),
        Resource(
            "aws_cognito_identity_pool_roles_attachment",
            "app",
            {
                "identity_pool_id": Ref("aws_cognito_identity_pool.app", "id"),
                "roles": {
                    "authenticated": Ref("aws_iam_role.signed_in", "arn"),
                    "unauthenticated": Ref("aws_iam_role.guest", "arn"),
                },
            },
        ),
    ]
    for kind, word in (("guest", "unauthenticated"), ("signed_in", "authenticated")):
        trust = {
            "actions": ["sts:AssumeRoleWithWebIdentity"],
            "effect": "Allow",
            "principals": [{"type": "Federated", "identifiers": ["cognito-identity.amazonaws.com"]}],
            "condition": [
                {
                    "test": "StringEquals",
                    "variable": "cognito-identity.amazonaws.com:aud",
                    "values": [Ref("aws_cognito_identity_pool.app", "id")],
                },
                {
                    "test": "ForAnyValue:StringLike",
                    "variable": "cognito-identity.amazonaws.com:amr",
                    "values": [word],
                },
            ],
        }
        made.append(Resource("aws_iam_policy_document", kind, {"statement": [trust]}, "data"))
        made.append(
            Resource(
                "aws_iam_role",
                kind,
                {
                    "name": f"trailmate-{kind.replace('_', '-')}",
                    "assume_role_policy": Ref(f"data.aws_iam_policy_document.{kind}", "json"),
                },
            )
        )
    backend = text(statement("mobileanalytics:PutEvents", "*"), statement("lambda:*", "*"))
    invoke = {
        "actions": ["lambda:InvokeFunction"],
        "resources": [f"{HERE}:trailmate-search", f"{HERE}:trailmate-save-hike"],
    }
    made += [
        Resource(
            "aws_iam_role_policy",
            "guest",
            {"name": "mobile-access", "role": Ref("aws_iam_role.guest", "id"), "policy": backend},
        ),
        Resource("aws_iam_policy_document", "invoke", {"statement": [invoke]}, "data"),
        Resource(
            "aws_iam_policy",
            "invoke",
            {"name": "trailmate-app-invoke", "policy": Ref("data.aws_iam_policy_document.invoke", "json")},
        ),
        Resource(
            "aws_iam_role_policy_attachment",
            "invoke",
            {"role": Ref("aws_iam_role.signed_in", "name"), "policy_arn": Ref("aws_iam_policy.invoke", "arn")},
        ),
        *_functions(),
        *_people(),
    ]
    return made


def _functions() -> list[Resource]:
    in_lambda = text({"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"})
    may = {
        key: [
            statement(
                actions, [f"arn:aws:dynamodb:eu-west-1:111122223333:table/{table}{end}" for end in ("", "/index/*")]
            )
        ]
        for key, (actions, table) in WORKERS.items()
    }
    may["send_push"] = [statement("sns:Publish", "arn:aws:sns:eu-west-1:111122223333:trailmate-push")]
    reports = "arn:aws:s3:::trailmate-reports-111122223333/monthly/*"
    may["monthly_report"] = [statement("dynamodb:*", "*"), statement("s3:PutObject", reports)]
    made = []
    for key, statements in may.items():
        name = f"trailmate-{key.replace('_', '-')}"
        role = {"name": f"{name}-role", "assume_role_policy": in_lambda}
        made += [
            Resource("aws_iam_role", key, role),
            Resource(
                "aws_iam_role_policy",
                key,
                {"name": name, "role": Ref(f"aws_iam_role.{key}", "id"), "policy": text(*statements)},
            ),
            Resource(
                "aws_iam_role_policy_attachment", key, {"role": Ref(f"aws_iam_role.{key}", "name"), "policy_arn": BASIC}
            ),
            Resource("aws_lambda_function", key, {"function_name": name, "role": Ref(f"aws_iam_role.{key}", "arn")}),
        ]
    api = "arn:aws:execute-api:eu-west-1:111122223333:k7m2p9x4q1/*/POST/hikes"
    rule = "arn:aws:events:eu-west-1:111122223333:rule/trailmate-first-of-the-month"
    for key, service, source in (("save_hike", "apigateway", api), ("monthly_report", "events", rule)):
        grant = {
            "statement_id": key,
            "action": "lambda:InvokeFunction",
            "function_name": Ref(f"aws_lambda_function.{key}", "function_name"),
            "principal": f"{service}.amazonaws.com",
            "source_arn": source,
        }
        made.append(Resource("aws_lambda_permission", key, grant))
    return made


def _people() -> list[Resource]:
    try_search = text(statement("lambda:InvokeFunction", f"{HERE}:trailmate-search"))
    replace = text(statement(["lambda:UpdateFunctionCode", "lambda:GetFunctionConfiguration"], f"{HERE}:trailmate-*"))
    assume = {
        "actions": ["sts:AssumeRole"],
        "principals": [{"type": "AWS", "identifiers": [Ref("aws_iam_user.ci", "arn")]}],
    }
    become = {"actions": ["sts:AssumeRole"], "resources": [Ref("aws_iam_role.deploy", "arn")]}
    return [
        Resource("aws_iam_user", "ci", {"name": "ci-trailmate"}),
        Resource("aws_iam_user", "mika", {"name": "mika.laine"}),
        Resource("aws_iam_group", "developers", {"name": "trailmate-developers"}),
        Resource("aws_iam_user_group_membership", "mika", {"user": "mika.laine", "groups": ["trailmate-developers"]}),
        Resource(
            "aws_iam_group_policy", "try", {"name": "try-search", "group": "trailmate-developers", "policy": try_search}
        ),
        Resource("aws_iam_policy_document", "assume", {"statement": [assume]}, "data"),
        Resource("aws_iam_policy_document", "become", {"statement": [become]}, "data"),
        Resource(
            "aws_iam_role",
            "deploy",
            {"name": "trailmate-deploy", "assume_role_policy": Ref("data.aws_iam_policy_document.assume", "json")},
        ),
        Resource("aws_iam_role_policy", "deploy", {"name": "deploy", "role": "trailmate-deploy", "policy": replace}),
        Resource(
            "aws_iam_user_policy",
            "ci",
            {
                "name": "assume-deploy",
                "user": "ci-trailmate",
                "policy": Ref("data.aws_iam_policy_document.become", "json"),
            },
        ),
    ]


def found(given: Facts) -> list[tuple[str, str, str, str]]:
    return [(f.rule, f.severity, f.resource, f.message) for f in audit(given, Config()).findings]


def test_the_plan_has_the_findings_of_the_account() -> None:
    planned = facts(plan(*app()))
    assert not planned.not_read
    assert found(planned) == found(files.load((str(CAPTURE),)))


def test_the_plan_lets_in_whom_the_account_lets_in() -> None:
    planned, captured = facts(plan(*app())), files.load((str(CAPTURE),))
    for function in captured.functions:
        callers = [
            sorted((r.caller, str(r.verdict), r.action, r.resource, r.via) for r in who(given, function.arn).callers)
            for given in (planned, captured)
        ]
        assert callers[0] == callers[1]


def test_a_text_around_a_reference_is_no_name_to_rely_on() -> None:
    """``role = "${aws_iam_role.x.name}-copy"`` cannot be told from ``aws_iam_role.x.name``: documented as such."""
    written = Resource("aws_iam_user", "x", {"name": Text(("x-", Ref("aws_iam_user.ci", "unique_id")))})
    planned = facts(plan(Resource("aws_iam_user", "ci", {"name": "ci"}), written))
    assert sorted(user.name for user in planned.users) == ["ci", "plan-aws_iam_user.x"]


def test_roles_of_a_pool_that_nothing_tells_apart_stay_unknown() -> None:
    loose = json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"Federated": "cognito-identity.amazonaws.com"},
                    "Action": "sts:AssumeRoleWithWebIdentity",
                }
            ],
        }
    )
    changed = [
        Resource(each.type, each.name, {**each.arguments, "assume_role_policy": loose})
        if (each.type, each.name) in (("aws_iam_role", "guest"), ("aws_iam_role", "signed_in"))
        else each
        for each in app()
    ]
    planned = facts(plan(*changed))
    assert all(role.role.startswith("<") for role in planned.pools[0].roles)
    told = [gap.error for gap in planned.not_read]
    assert "which role the pool trailmate hands guests is not known before deploy" in told


@pytest.mark.parametrize(
    "condition",
    [
        {"Effect": "Allow", "Condition": {"StringNotEquals": {AMR: "unauthenticated"}}},
        {"Effect": "Deny", "Condition": {"StringEquals": {AMR: "unauthenticated"}}},
        {"Effect": "Allow", "Condition": {"Null": {AMR: "unauthenticated"}}},
    ],
)
def test_a_trust_policy_that_rules_guests_out_is_not_that_of_their_role(condition: dict[str, Any]) -> None:
    token = {"Principal": {"Federated": "cognito-identity.amazonaws.com"}, "Action": "sts:AssumeRoleWithWebIdentity"}
    changed = [
        Resource(each.type, each.name, {**each.arguments, "assume_role_policy": text({**token, **condition})})
        if (each.type, each.name) == ("aws_iam_role", "guest")
        else each
        for each in app()
    ]
    roles = {role.kind: role.role for role in facts(plan(*changed)).pools[0].roles}
    assert roles["guest"].startswith("<")
    assert roles["signed_in"].endswith("/trailmate-signed-in")
