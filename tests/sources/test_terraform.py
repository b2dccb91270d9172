"""Plans of Terraform: what they say, what they refer to, and what nobody knows before the deploy."""

import json
from typing import Any

import pytest

from permcheck.config import Config
from permcheck.engine import audit
from permcheck.graph.questions import who
from permcheck.model import Facts
from permcheck.model.identity import Group, Role, User
from permcheck.sources import terraform
from permcheck.sources.declared import write
from permcheck.sources.files.builder import build
from permcheck.sources.files.gathered import Gathered
from tests.sources.terraform_plan import Json, Ref, Resource, Text, plan

HERE = "arn:aws:lambda:eu-west-1:111122223333:function"
TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
        ],
    }
)


def facts(document: Any, **options: Any) -> Facts:
    found, _ = terraform.read(document, "plan.json", **options)
    gathered = Gathered()
    write(found, gathered)
    return build(gathered, ["plan.json"])


def role(name: str = "worker", **more: Any) -> Resource:
    return Resource("aws_iam_role", name, {"name": name, "assume_role_policy": TRUST, **more})


def function(name: str = "api", **more: Any) -> Resource:
    return Resource(
        "aws_lambda_function", name, {"function_name": name, "role": Ref("aws_iam_role.worker", "arn"), **more}
    )


def allow(action: str, resource: Any) -> str:
    statement = {"Effect": "Allow", "Action": action, "Resource": resource}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def test_a_reference_to_an_attribute_is_the_same_arn() -> None:
    found = facts(plan(role(), function()))
    assert [f.arn for f in found.functions] == [f"{HERE}:api"]
    assert found.functions[0].role == "arn:aws:iam::111122223333:role/worker" == found.roles[0].arn
    assert not found.not_read


def test_a_role_without_a_name_is_still_one_role() -> None:
    unnamed = Resource("aws_iam_role", "worker", {"assume_role_policy": TRUST})
    policy = Resource(
        "aws_iam_role_policy",
        "p",
        {"name": "p", "role": Ref("aws_iam_role.worker", "id"), "policy": allow("s3:GetObject", "*")},
    )
    found = facts(plan(unnamed, function(), policy))
    assert found.functions[0].role == found.roles[0].arn
    assert [p.name for p in found.roles[0].policies] == ["p"]


@pytest.mark.parametrize("kind", ["role", "user", "group"])
def test_a_managed_policy_reaches_whom_it_is_attached_to(kind: str) -> None:
    owner = role() if kind == "role" else Resource(f"aws_iam_{kind}", "worker", {"name": "worker"})
    found = facts(
        plan(
            owner,
            Resource("aws_iam_policy", "p", {"name": "p", "policy": allow("s3:GetObject", "*")}),
            Resource(
                f"aws_iam_{kind}_policy_attachment",
                "a",
                {kind: Ref(f"aws_iam_{kind}.worker", "name"), "policy_arn": Ref("aws_iam_policy.p", "arn")},
            ),
        )
    )
    everybody: tuple[Role | User | Group, ...] = (*found.roles, *found.users, *found.groups)
    held = [one for one in everybody if one.name == "worker"]
    assert [p.arn for p in held[0].policies] == ["arn:aws:iam::111122223333:policy/p"]


def test_the_policy_document_source_is_put_together_with_what_is_unknown() -> None:
    """A document that names something which does not exist yet is no text in the plan, but its blocks are."""
    statement = {
        "actions": ["dynamodb:PutItem"],
        "resources": [Ref("aws_dynamodb_table.t", "arn")],
        "effect": "Allow",
        "condition": [{"test": "StringEquals", "variable": "aws:PrincipalTag/team", "values": ["blue"]}],
    }
    found = facts(
        plan(
            role(),
            Resource("aws_dynamodb_table", "t", {"name": "orders"}),
            Resource("aws_iam_policy_document", "d", {"statement": [statement]}, "data"),
            Resource(
                "aws_iam_role_policy",
                "p",
                {
                    "name": "p",
                    "role": Ref("aws_iam_role.worker", "id"),
                    "policy": Ref("data.aws_iam_policy_document.d", "json"),
                },
            ),
        )
    )
    (policy,) = found.roles[0].policies
    (said,) = policy.statements
    assert said.actions == ("dynamodb:PutItem",)
    assert said.resources == ("arn:aws:dynamodb:eu-west-1:111122223333:table/orders",)
    assert [(c.operator, c.key, c.values) for c in said.conditions] == [
        ("StringEquals", "aws:PrincipalTag/team", ("blue",))
    ]


def test_what_follows_a_reference_in_a_text_is_unknown_and_makes_a_grant_unsure() -> None:
    """``[table.arn, "${table.arn}/*"]`` names the table twice in the plan, and not what follows."""
    statement = {"actions": ["lambda:InvokeFunction"], "resources": [Ref("aws_lambda_function.api", "arn"), "x"]}
    sure = [{**statement, "resources": [Ref("aws_lambda_function.api", "arn")]}]
    beside = Text((Ref("aws_s3_bucket.b", "arn"), "/*"))
    unsure = [{**statement, "resources": [Ref("aws_lambda_function.api", "arn"), beside]}]
    verdicts = []
    for blocks in (sure, unsure):
        found = facts(
            plan(
                role(),
                function(),
                Resource("aws_s3_bucket", "b", {"bucket": "b"}),
                Resource("aws_iam_user", "u", {"name": "u"}),
                Resource("aws_iam_policy_document", "d", {"statement": blocks}, "data"),
                Resource(
                    "aws_iam_user_policy",
                    "p",
                    {"name": "p", "user": "u", "policy": Ref("data.aws_iam_policy_document.d", "json")},
                ),
            )
        )
        rows = [row for row in who(found, f"{HERE}:api").callers if row.caller.endswith("user/u")]
        verdicts.append({str(row.verdict) for row in rows})
    assert verdicts[0] == {"allowed"}
    assert verdicts[1] <= {"conditional", "unknown"} and verdicts[1]


def test_a_policy_written_around_unknown_values_is_unknown() -> None:
    """``jsonencode({… aws_dynamodb_table.t.arn …})``: the plan holds nothing of it, and it is not the table's ARN."""
    found = facts(
        plan(
            role(),
            Resource("aws_dynamodb_table", "t", {"name": "t"}),
            Resource(
                "aws_iam_role_policy",
                "p",
                {"name": "p", "role": "worker", "policy": Text((Ref("aws_dynamodb_table.t", "arn"),))},
            ),
        )
    )
    assert [p.document for p in found.roles[0].policies] == [None]
    assert any("not known before deploy" in gap.error for gap in found.not_read)


def test_a_public_url_gets_both_its_grants_from_the_provider() -> None:
    """AWS provider, aws_lambda_function_url: with NONE it adds the public permissions itself; no plan shows them."""
    url = {"function_name": Ref("aws_lambda_function.api", "function_name"), "authorization_type": "NONE"}
    found = facts(plan(role(), function(), Resource("aws_lambda_function_url", "u", url)))
    rows = [row for row in who(found, f"{HERE}:api").callers if row.caller == "anyone"]
    assert [str(row.verdict) for row in rows] == ["allowed"]
    signed = Resource("aws_lambda_function_url", "u", {**url, "authorization_type": "AWS_IAM"})
    assert not [r for r in who(facts(plan(role(), function(), signed)), f"{HERE}:api").callers if r.caller == "anyone"]


def test_a_permission_on_an_alias_stands_on_the_alias() -> None:
    alias = {
        "name": "live",
        "function_name": Ref("aws_lambda_function.api", "function_name"),
        "function_version": "$LATEST",
    }
    grant = {
        "statement_id": "topic",
        "action": "lambda:InvokeFunction",
        "function_name": Ref("aws_lambda_function.api", "function_name"),
        "qualifier": Ref("aws_lambda_alias.live", "name"),
        "principal": "sns.amazonaws.com",
        "source_arn": Ref("aws_sns_topic.t", "arn"),
    }
    found = facts(
        plan(
            role(),
            function(),
            Resource("aws_lambda_alias", "live", alias),
            Resource("aws_sns_topic", "t", {"name": "t"}),
            Resource("aws_lambda_permission", "p", grant),
        )
    )
    qualifiers = {q.name: q for q in found.functions[0].qualifiers}
    policy = qualifiers["live"].policy
    assert policy is not None and qualifiers[""].policy is None
    assert policy.statements[0].conditions[0].values == ("arn:aws:sns:eu-west-1:111122223333:t",)


def test_an_api_behind_execution_arn_is_that_api_with_an_unknown_rest() -> None:
    api = Resource("aws_apigatewayv2_api", "a", {"name": "a", "protocol_type": "HTTP"})
    grant = {
        "action": "lambda:InvokeFunction",
        "function_name": Ref("aws_lambda_function.api", "function_name"),
        "principal": "apigateway.amazonaws.com",
        "source_arn": Text((Ref("aws_apigatewayv2_api.a", "execution_arn"), "/*/*")),
    }
    api_id = Ref("aws_apigatewayv2_api.a", "id")
    route = {
        "api_id": api_id,
        "route_key": "GET /",
        "target": Text(("integrations/", Ref("aws_apigatewayv2_integration.i", "id"))),
        "authorization_type": "NONE",
    }
    integration = {
        "api_id": Ref("aws_apigatewayv2_api.a", "id"),
        "integration_type": "AWS_PROXY",
        "integration_uri": Ref("aws_lambda_function.api", "invoke_arn"),
    }
    found = facts(
        plan(
            role(),
            function(),
            api,
            Resource("aws_apigatewayv2_integration", "i", integration),
            Resource("aws_apigatewayv2_route", "r", route),
            Resource(
                "aws_apigatewayv2_stage", "s", {"api_id": Ref("aws_apigatewayv2_api.a", "id"), "name": "$default"}
            ),
            Resource("aws_lambda_permission", "p", grant),
        )
    )
    (made,) = found.apis
    assert [r.function for r in made.routes] == [f"{HERE}:api"]
    rows = [row for row in who(found, f"{HERE}:api").callers if row.via == "api"]
    assert {str(row.verdict) for row in rows} <= {"conditional", "unknown"} and rows


def test_modules_hand_values_in_and_out() -> None:
    inner: Json = {
        "address": "module.role.aws_iam_role.this",
        "mode": "managed",
        "type": "aws_iam_role",
        "name": "this",
        "values": {"name": "from-module", "assume_role_policy": TRUST},
    }
    document = plan(
        Resource("aws_lambda_function", "api", {"function_name": "api", "role": Text((Ref("module.role", "arn"),))})
    )
    document["planned_values"]["root_module"]["child_modules"] = [{"address": "module.role", "resources": [inner]}]
    document["resource_changes"].append(
        {"address": inner["address"], "change": {"actions": ["create"], "after_unknown": {"arn": True, "id": True}}}
    )
    document["configuration"]["root_module"]["module_calls"] = {
        "role": {
            "source": "./role",
            "expressions": {"name": {"constant_value": "from-module"}},
            "module": {
                "outputs": {"arn": {"expression": {"references": ["aws_iam_role.this.arn", "aws_iam_role.this"]}}},
                "resources": [
                    {
                        "address": "aws_iam_role.this",
                        "mode": "managed",
                        "type": "aws_iam_role",
                        "name": "this",
                        "provider_config_key": "aws",
                        "expressions": {
                            "name": {"references": ["var.name"]},
                            "assume_role_policy": {"constant_value": TRUST},
                        },
                    }
                ],
                "variables": {"name": {}},
            },
        }
    }
    found = facts(document)
    assert found.functions[0].role == "arn:aws:iam::111122223333:role/from-module" == found.roles[0].arn


def test_instances_of_a_block_refer_to_those_of_the_same_key() -> None:
    roles = [
        Resource("aws_iam_role", "worker", {"name": f"r-{k}", "assume_role_policy": TRUST}, index=k) for k in ("a", "b")
    ]
    functions = [
        Resource(
            "aws_lambda_function", "f", {"function_name": f"f-{k}", "role": Ref("aws_iam_role.worker", "arn")}, index=k
        )
        for k in ("a", "b")
    ]
    document = plan(*roles, *functions)
    for block in document["configuration"]["root_module"]["resources"]:
        if block["name"] == "f":
            block["expressions"]["role"] = {"references": ["aws_iam_role.worker", "each.key"]}
    found = facts(document)
    assert [(f.name, (f.role or "").rsplit("/", 1)[-1]) for f in found.functions] == [("f-a", "r-a"), ("f-b", "r-b")]


def test_environment_and_sensitive_values_are_not_kept() -> None:
    secret, key = "hunter2-never-print-me", "AKIAQQQQWWWWEEEERRRR"
    document = plan(role(), function(environment=[{"variables": {"PASSWORD": secret, "KEY": key}}], description=secret))
    document["planned_values"]["root_module"]["resources"][1]["sensitive_values"] = {"description": True}
    found = facts(document)
    assert found.functions[0].holds_key
    assert secret not in repr(found) and key not in repr(found)


def test_stand_ins_are_stated_and_options_count() -> None:
    document = plan(role(), account=None)
    document["configuration"]["provider_config"]["aws"]["expressions"] = {}
    found, said = terraform.read(document, "plan.json")
    assert sorted(said) == [
        "plan.json: the Region us-east-1 stands in for the one it is deployed to",
        "plan.json: the account 000000000001 stands in for the one it is deployed to",
    ]
    assert found[0].names.arn == "arn:aws:iam::000000000001:role/worker"
    found, said = terraform.read(document, "plan.json", account="444455556666", region="eu-north-1")
    assert found[0].names.arn == "arn:aws:iam::444455556666:role/worker"
    assert not list(said)


def test_a_state_tells_what_is_there() -> None:
    resource = {
        "address": "aws_lambda_function.api",
        "mode": "managed",
        "type": "aws_lambda_function",
        "name": "api",
        "values": {
            "function_name": "api",
            "arn": f"{HERE}:api",
            "id": "api",
            "role": "arn:aws:iam::111122223333:role/worker",
        },
    }
    state = {
        "format_version": "1.0",
        "terraform_version": "1.9.5",
        "values": {"root_module": {"resources": [resource]}},
    }
    assert terraform.is_plan(state)
    assert [f.arn for f in facts(state).functions] == [f"{HERE}:api"]


@pytest.mark.parametrize("broken", [[], {}, {"format_version": "1.2"}, {"format_version": 1, "planned_values": {}}])
def test_what_is_no_plan(broken: Any) -> None:
    assert not terraform.is_plan(broken)


@pytest.mark.parametrize("part", ["planned_values", "resource_changes", "configuration", "prior_state", "variables"])
@pytest.mark.parametrize("value", [None, [], "x", 7, {"root_module": [1]}, [{"change": 1}, None]])
def test_parts_of_another_shape_are_as_if_they_were_not_there(part: str, value: Any) -> None:
    document = plan(role(), function()) | {part: value}
    facts(document)


def test_findings_point_at_the_argument_they_speak_of() -> None:
    everything = {"name": "p", "role": "worker", "policy": allow("*", "*")}
    document = plan(role(), function(), Resource("aws_iam_role_policy", "p", everything))
    found = [f for f in audit(facts(document), Config()).findings if f.rule == "PC201"]
    pointers = {where.pointer for finding in found for where in finding.locations}
    assert any(pointer.startswith("/planned_values/root_module/resources/2/values/policy") for pointer in pointers)


@pytest.mark.parametrize(
    ("written", "reference", "known"),
    [({}, "var.role", True), ({"sensitive": True}, "var.role", False), ({}, "var.role.arn", False)],
)
def test_a_variable_stands_for_its_value_alone_and_not_where_it_is_secret(
    written: Json, reference: str, known: bool
) -> None:
    document = plan(function(role=Text((Ref("x", "y"),))))
    root = document["configuration"]["root_module"]
    root["resources"][0]["expressions"]["role"] = {"references": [reference]}
    root["variables"] = {"role": written}
    document["variables"] = {"role": {"value": "arn:aws:iam::111122223333:role/never-print-me"}}
    found = facts(document)
    assert ("never-print-me" in repr(found)) is known
    assert (found.functions[0].role == "arn:aws:iam::111122223333:role/never-print-me") is known
