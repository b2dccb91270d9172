"""Grants to other accounts, of more than invoking, by exclusion, on a version or alias, to the deleted."""

import json
from typing import Any

import pytest

from permcheck.rules._examples import ACCOUNT, OTHER
from permcheck.rules.invoke._grants import ARN, captured, for_url, grant, refuse, service, source, url
from tests.rules.invoke_asking import ORG, OWN_ROLE, PARTNER, as_written, brief, found, loose, name, report

ROOT = f"arn:aws:iam::{OTHER}:root"
TRUST = {"trusted_accounts": [OTHER]}
EVENTS = source(f"arn:aws:events:eu-west-1:{ACCOUNT}:rule/night")


@pytest.mark.parametrize(
    ("principal", "severity"),
    [
        (ROOT, "high"),
        (OTHER, "high"),
        (PARTNER, "medium"),
        (f"arn:aws:iam::{OTHER}:user/tom", "medium"),
        (f"arn:aws:sts::{OTHER}:assumed-role/partner/job", "medium"),
        (f"arn:aws:iam::{OTHER}:role/of-{ACCOUNT}", "medium"),
    ],
)
def test_another_account_as_a_whole_and_in_part(principal: str, severity: str) -> None:
    assert found(grant({"AWS": principal})) == [("PC106", severity)]


@pytest.mark.parametrize("principal", [f"arn:aws:iam::{ACCOUNT}:root", ACCOUNT, OWN_ROLE])
def test_naming_our_own_is_nothing(principal: str) -> None:
    assert found(grant({"AWS": principal})) == []


@pytest.mark.parametrize(
    ("condition", "severity"),
    [
        ({"StringEquals": {"aws:PrincipalOrgID": ORG}}, "medium"),
        ({"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}, "medium"),
        ({"Bool": {"aws:SecureTransport": "true"}}, "high"),
        ({"ArnEquals": {"aws:PrincipalArn": PARTNER}}, "low"),
    ],
    ids=str,
)
def test_what_narrows_lowers_it(condition: dict[str, Any], severity: str) -> None:
    assert found(grant({"AWS": ROOT}, condition)) == [("PC106", severity)]


def test_a_source_that_no_caller_of_its_own_sends_lets_nobody_in() -> None:
    assert found(grant({"AWS": ROOT}, EVENTS)) == []


def test_every_account_of_a_statement_and_the_trusted_among_them() -> None:
    third = "777788889999"
    made = report(captured(grant({"AWS": [ROOT, f"arn:aws:iam::{third}:root"]})), TRUST)
    assert [(f.rule, f.message) for f in made.findings] == [("PC106", f"account {third} may invoke orders")]
    assert [(s.finding.rule, s.reason) for s in made.suppressed] == [
        ("PC106", f"{OTHER} is among the trusted_accounts")
    ]


def test_an_account_named_in_a_condition_on_everybody() -> None:
    assert found(grant("*", {"StringEquals": {"aws:PrincipalAccount": OTHER}})) == [("PC106", "high")]
    assert found(grant("*", {"StringEquals": {"aws:PrincipalAccount": OTHER}}), config=TRUST) == []
    assert found(grant("*", {"ArnEquals": {"aws:PrincipalArn": PARTNER}})) == [("PC106", "medium")]


def test_a_partner_in_a_public_statement_needs_no_word() -> None:
    assert found(grant({"AWS": ["*", ROOT]})) == [("PC101", "critical")]
    assert found(grant("*"), grant({"AWS": ROOT}, Sid="partner")) == [("PC101", "critical"), ("PC106", "high")]


def test_a_deny_takes_it_back() -> None:
    assert found(grant({"AWS": ROOT}), refuse({"StringNotEquals": {"aws:PrincipalAccount": ACCOUNT}})) == []
    assert found(grant({"AWS": PARTNER}), refuse({"ArnNotEquals": {"aws:PrincipalArn": OWN_ROLE}})) == []


def test_a_partner_that_calls_the_url_alone() -> None:
    (finding,) = report(captured(*for_url({"AWS": PARTNER}, "AWS_IAM"), urls=[url("AWS_IAM")])).findings
    assert (finding.rule, finding.path[0].edge) == ("PC106", "may call the URL of")


def test_what_is_said_of_a_role() -> None:
    (finding,) = report(captured(grant({"AWS": PARTNER}))).findings
    assert finding.message == f"role partner of account {OTHER} may invoke orders"
    assert [(s.kind, s.name, s.arn, str(s.verdict)) for s in finding.path[:1]] == [
        ("role", "partner", PARTNER, "conditional")
    ]
    assert finding.conditions[0]["key"] == "aws:PrincipalArn"


# more than invoking


@pytest.mark.parametrize(
    "action",
    [
        "*",
        "lambda:*",
        "lambda:UpdateFunctionCode",
        "lambda:Update*",
        "lambda:Delete*",
        "lambda:AddPermission",
        "lambda:PutResourcePolicy",
        "lambda:PublishVersion",
        "lambda:GetFunction",
    ],
)
def test_more_than_invoking(action: str) -> None:
    assert ("PC107", "high") in found(grant({"AWS": PARTNER}, Action=action))


@pytest.mark.parametrize(
    "action",
    [
        "lambda:InvokeFunction",
        "lambda:InvokeFunctionUrl",
        "lambda:Invoke*",
        "lambda:GetPolicy",
        "lambda:ListTags",
        "lambda:GetFunctionConcurrency",
        ["lambda:InvokeFunction", "lambda:InvokeFunctionUrl"],
    ],
    ids=str,
)
def test_invoking_and_looking_on(action: object) -> None:
    assert "PC107" not in [rule for rule, _ in found(grant({"AWS": PARTNER}, Action=action))]


def test_who_is_granted_more() -> None:
    def rules(principal: object, config: dict[str, Any] | None = None, **more: Any) -> list[tuple[str, str]]:
        given = found(grant(principal, more.pop("condition", None), Action="lambda:*", **more), config=config)
        return [(rule, severity) for rule, severity in given if rule == "PC107"]

    assert rules("*") == [("PC107", "high")]
    assert rules("*", condition={"StringEquals": {"aws:PrincipalOrgID": ORG}}) == [("PC107", "high")]
    assert rules({"AWS": PARTNER}, TRUST) == [("PC107", "medium")]
    assert rules({"AWS": PARTNER}, {"deploy_roles": ["partner"]}) == []
    assert rules({"AWS": OWN_ROLE}) == []
    assert rules({"AWS": f"arn:aws:iam::{ACCOUNT}:root"}) == []
    assert rules({"Service": "sns.amazonaws.com"}, condition=source(f"arn:aws:sns:eu-west-1:{ACCOUNT}:news")) == [
        ("PC107", "medium")
    ]


def test_lambda_at_the_edge_may_read_what_it_copies_and_no_more() -> None:
    copier = {"Service": "replicator.lambda.amazonaws.com"}
    reads = grant(copier, Action=["lambda:GetFunction", "lambda:EnableReplication*"], on="7")
    assert found(reads) == []
    assert found(grant(copier, Action="lambda:*", on="7")) == [("PC107", "medium")]
    assert ("PC107", "medium") in found(grant({"Service": "sns.amazonaws.com"}, Action="lambda:GetFunction"))


def test_a_deny_of_changing_leaves_invoking() -> None:
    both = grant({"AWS": PARTNER}, Action="lambda:*"), refuse(NotAction="lambda:InvokeFunction")
    both[1].pop("Action")
    assert found(*both) == [("PC106", "medium")]


def test_more_than_invoking_is_told_once_and_with_doubt() -> None:
    (finding,) = (f for f in report(captured(grant({"AWS": PARTNER}, Action="lambda:*"))).findings if f.rule == "PC107")
    assert finding.confidence == "medium"
    assert "UpdateFunctionCode" in finding.message
    assert finding.path[0].edge == "may change"


# by exclusion


def all_but(**elements: Any) -> dict[str, Any]:
    return {"Sid": "all-but", "Effect": "Allow", "Resource": ARN, **elements}


@pytest.mark.parametrize(
    ("elements", "expected"),
    [
        ({"NotPrincipal": {"AWS": OWN_ROLE}, "Action": "lambda:InvokeFunction"}, [("PC110", "high")]),
        (
            {"Principal": {"AWS": PARTNER}, "NotAction": "lambda:DeleteFunction"},
            [("PC106", "medium"), ("PC110", "high")],
        ),
        ({"Principal": "*", "NotAction": "lambda:DeleteFunction"}, [("PC101", "critical"), ("PC110", "high")]),
        ({"Principal": {"AWS": PARTNER}, "NotAction": "lambda:Invoke*"}, [("PC110", "high")]),
        ({"Principal": {"AWS": OWN_ROLE}, "NotAction": "lambda:DeleteFunction"}, [("PC110", "medium")]),
        ({"Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "NotAction": "lambda:DeleteFunction"}, []),
        ({"Principal": {"AWS": PARTNER}, "NotAction": "lambda:*"}, []),
        ({"NotPrincipal": "*", "Action": "lambda:InvokeFunction"}, []),
    ],
    ids=str,
)
def test_grants_by_exclusion(elements: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    assert found(all_but(**elements)) == expected


def test_every_version_but_one() -> None:
    others = {"Principal": {"AWS": PARTNER}, "Action": "lambda:InvokeFunction", "NotResource": f"{ARN}:1"}
    assert brief(report(as_written({"Sid": "all-but", "Effect": "Allow", **others})).findings) == [
        ("PC106", "medium"),
        ("PC110", "high"),
    ]


def test_a_deny_takes_exclusion_back_and_may_itself_exclude() -> None:
    everyone = all_but(NotPrincipal={"AWS": OWN_ROLE}, Action="lambda:InvokeFunction")
    assert found(everyone, refuse()) == []
    wide = {"Sid": "d", "Effect": "Deny", "NotAction": "lambda:GetPolicy", "Principal": "*", "Resource": ARN}
    assert found(wide) == []


# on a version or alias


@pytest.mark.parametrize(
    ("shown", "hidden", "expected"),
    [
        (None, {"AWS": PARTNER}, [("PC106", "medium"), ("PC112", "medium")]),
        (None, {"AWS": ROOT}, [("PC106", "high"), ("PC112", "medium")]),
        ({"AWS": PARTNER}, {"AWS": PARTNER}, [("PC106", "medium"), ("PC106", "medium")]),
        ({"AWS": ROOT}, {"AWS": PARTNER}, [("PC106", "high"), ("PC106", "medium")]),
        ({"AWS": PARTNER}, {"AWS": ROOT}, [("PC106", "high"), ("PC106", "medium"), ("PC112", "medium")]),
        (None, {"AWS": OWN_ROLE}, []),
        (None, {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, []),
        (None, {"Service": "codedeploy.amazonaws.com"}, [("PC103", "high")]),
    ],
    ids=str,
)
def test_what_the_function_does_not_show(shown: object, hidden: object, expected: list[tuple[str, str]]) -> None:
    own = service("events", EVENTS) if shown is None else grant(shown)
    assert found(own, grant(hidden, on="prod")) == expected


def test_apis_and_deployments_call_aliases_as_a_matter_of_course() -> None:
    api = source(f"arn:aws:execute-api:eu-west-1:{ACCOUNT}:p4q8r2s6t0/*/GET/orders")
    deployment = source(f"arn:aws:codedeploy:eu-west-1:{ACCOUNT}:deploymentgroup:shop/live")
    assert found(service("events", EVENTS), service("apigateway", api, on="live")) == []
    assert found(service("events", EVENTS), service("codedeploy", deployment, on="live")) == []


def test_a_hidden_grant_to_a_trusted_account_is_only_low() -> None:
    made = report(captured(service("events", EVENTS), grant({"AWS": PARTNER}, on="3")), TRUST)
    assert [(f.rule, f.severity, name(f)) for f in made.findings] == [("PC112", "low", "orders:3")]
    assert "--qualifier 3" in made.findings[0].fix


def test_a_function_policy_that_was_not_given_makes_it_less_sure() -> None:
    sure = report(captured(service("events", EVENTS), grant({"AWS": PARTNER}, on="3")), TRUST).findings
    unsure = report(captured(grant({"AWS": PARTNER}, on="3")), TRUST).findings
    assert [f.confidence for f in (*sure, *unsure)] == ["high", "medium"]


def test_a_denied_hidden_grant_is_none() -> None:
    hidden = grant({"AWS": PARTNER}, on="3"), refuse(on="3")
    assert found(service("events", EVENTS), *hidden) == []


# to the deleted


@pytest.mark.parametrize("gone", ["AROAEXAMPLE7GONE2LONG", "AIDAEXAMPLE7GONE2LONG"])
def test_the_deleted_are_named_by_their_ids(gone: str) -> None:
    (finding,) = report(captured(grant({"AWS": gone}))).findings
    assert (finding.rule, finding.severity) == ("PC115", "low")
    assert gone in finding.message
    assert "remove-permission" in finding.fix


def test_the_living_beside_the_deleted_are_kept() -> None:
    (finding,) = report(captured(grant({"AWS": ["AROAEXAMPLE7GONE2LONG", OWN_ROLE]}))).findings
    assert finding.fix == "take AROAEXAMPLE7GONE2LONG out of Principal"


def test_a_deny_to_the_deleted_is_no_grant() -> None:
    assert found(grant({"AWS": "AROAEXAMPLE7GONE2LONG"}, Effect="Deny")) == []


def test_other_partitions_are_read_the_same() -> None:
    def turned(value: Any) -> Any:
        text = json.dumps(value).replace("arn:aws:", "arn:aws-cn:").replace("eu-west-1", "cn-north-1")
        return json.loads(text)

    files = turned(captured(grant({"AWS": PARTNER}), service("s3", source("arn:aws:s3:::photos"), Sid="s3")))
    assert brief(report(files).findings) == [("PC104", "medium"), ("PC106", "medium")]
    (finding,) = report(turned(loose(grant({"AWS": ROOT})))).findings
    assert finding.resource.startswith("arn:aws-cn:lambda:")
