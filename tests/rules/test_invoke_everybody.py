"""``*`` as principal: what keeps strangers out, and what only looks as if it did."""

import json
from typing import Any

import pytest

from permcheck.config import Config
from permcheck.engine import audit
from permcheck.graph.scene import Scene
from permcheck.graph.who import who
from permcheck.graph.why import why
from permcheck.model import Verdict
from permcheck.rules._examples import ACCOUNT, OTHER
from permcheck.rules.invoke._grants import ARN, captured, for_url, grant, own, refuse, url
from permcheck.sources.files import load_texts
from tests.rules.invoke_asking import ORG, OWN_ROLE, PARTNER, as_written, found, loose, name, report

Condition = dict[str, Any]

NARROWS: list[Condition] = [
    {"StringEquals": {"aws:SourceAccount": ACCOUNT}},
    {"ArnLike": {"aws:SourceArn": own("sns", "news")}},
    {"StringEquals": {"aws:SourceOrgID": ORG}},
    {"StringEquals": {"aws:SourceOwner": ACCOUNT}},
    {"ArnEquals": {"aws:PrincipalArn": OWN_ROLE}},
    {"StringLike": {"AWS:PRINCIPALARN": f"arn:aws:iam::{ACCOUNT}:role/*"}},
    {"StringEquals": {"aws:PrincipalAccount": ACCOUNT}},
    {"StringEquals": {"aws:SourceVpc": "vpc-0a1b2c3d"}},
    {"StringEquals": {"aws:SourceVpce": "vpce-0a1b2c3d"}},
    {"StringEquals": {"aws:VpceAccount": ACCOUNT}},
    {"StringEquals": {"aws:VpceOrgID": ORG}},
    {"StringEquals": {"aws:PrincipalOrgMasterAccountId": ACCOUNT}},
    {"StringEquals": {"lambda:EventSourceToken": "amzn1.ask.skill.5b0e6f1a"}},
    {"IpAddress": {"aws:SourceIp": ["10.0.0.0/8", "192.168.0.0/16"]}},
    {"IpAddress": {"aws:VpcSourceIp": "10.0.0.0/8"}, "StringEquals": {"aws:SourceVpc": "vpc-0a1b2c3d"}},
    {"StringEquals": {"aws:userid": "AROAEXAMPLEID:ana"}},
    {"StringLike": {"aws:userid": ["AROAEXAMPLEID:*", "AIDAEXAMPLEID"]}},
    {"Bool": {"lambda:InvokedViaFunctionUrl": "true"}},
    {"StringEquals": {"lambda:FunctionUrlAuthType": "NONE"}},
    {"ForAnyValue:StringEquals": {"aws:PrincipalAccount": ACCOUNT}},
    {"StringEquals": {"aws:PrincipalAccount": ACCOUNT}, "Bool": {"aws:SecureTransport": "true"}},
]

LEAVES_OPEN: list[Condition] = [
    {"StringEqualsIfExists": {"aws:SourceVpce": "vpce-0a1b2c3d"}},
    {"StringEqualsIfExists": {"aws:SourceAccount": ACCOUNT}},
    {"ArnLikeIfExists": {"aws:SourceArn": own("sns", "news")}},
    {"StringEqualsIfExists": {"aws:PrincipalOrgID": ORG}},
    {"IpAddressIfExists": {"aws:SourceIp": "10.0.0.0/8"}},
    {"StringNotEquals": {"aws:PrincipalOrgID": ORG}},
    {"StringNotEquals": {"aws:PrincipalAccount": OTHER}},
    {"ArnNotLike": {"aws:PrincipalArn": PARTNER}},
    {"NotIpAddress": {"aws:SourceIp": "203.0.113.0/24"}, "Bool": {"aws:ViaAWSService": "false"}},
    {"ForAllValues:StringEquals": {"aws:PrincipalOrgID": ORG}},
    {"ForAllValues:StringLike": {"aws:PrincipalOrgPaths": f"{ORG}/*"}},
    {"ForAllValues:StringEquals": {"aws:SourceVpce": "vpce-0a1b2c3d"}},
    {"Null": {"aws:SourceVpce": "true"}},
    {"Null": {"aws:SourceVpce": "false"}},
    {"Null": {"aws:SourceArn": "true"}},
    {"Null": {"aws:PrincipalArn": "false"}},
    {"StringLike": {"aws:PrincipalOrgID": "o-*"}},
    {"StringLike": {"aws:PrincipalArn": "*"}},
    {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/*"}},
    {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/admin"}},
    {"StringLike": {"aws:PrincipalAccount": "????????????"}},
    {"StringLike": {"aws:PrincipalAccount": "1*"}},
    {"StringLike": {"aws:SourceVpce": "vpce-*"}},
    {"IpAddress": {"aws:SourceIp": "0.0.0.0/0"}},
    {"IpAddress": {"aws:SourceIp": "::/0"}},
    {"IpAddress": {"aws:SourceIp": ["0.0.0.0/1", "128.0.0.0/1"]}},
    {"Bool": {"aws:SecureTransport": "true"}},
    {"Bool": {"aws:MultiFactorAuthPresent": "true"}},
    {"StringEquals": {"aws:UserAgent": "our-app"}},
    {"StringLike": {"aws:Referer": "https://shop.example/*"}},
    {"StringEquals": {"aws:PrincipalTag/team": "shop"}},
    {"StringLike": {"aws:userid": "*:ana"}},
    {"StringNotLike": {"aws:userid": "AROAEXAMPLEID:*"}},
    {"DateGreaterThan": {"aws:CurrentTime": "2020-01-01T00:00:00Z"}},
    {"StringEquals": {"aws:RequestedRegion": "eu-west-1"}},
]


def id_of(condition: Condition) -> str:
    return "+".join(f"{o}:{k}={v}" for o, keys in condition.items() for k, v in keys.items())


@pytest.mark.parametrize("condition", NARROWS, ids=id_of)
def test_a_condition_that_keeps_strangers_out(condition: Condition) -> None:
    assert found(grant("*", condition)) == []


@pytest.mark.parametrize("condition", LEAVES_OPEN, ids=id_of)
def test_a_condition_that_keeps_nobody_out(condition: Condition) -> None:
    assert found(grant("*", condition)) == [("PC101", "critical")]


@pytest.mark.parametrize(
    "condition", [None, *LEAVES_OPEN[:3], {"Bool": {"aws:SecureTransport": "true"}}], ids=lambda c: c and id_of(c)
)
@pytest.mark.parametrize("principal", ["*", {"AWS": "*"}, {"AWS": ["*"]}, {"AWS": [OWN_ROLE, "*"]}], ids=str)
def test_every_way_to_write_everybody(principal: object, condition: Condition | None) -> None:
    assert found(grant(principal, condition)) == [("PC101", "critical")]


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}, [("PC101", "high")]),
        ({"IpAddress": {"aws:SourceIp": "0.0.0.0/1"}}, [("PC101", "high")]),
        ({"StringEquals": {"aws:ResourceTag/open": "yes"}}, [("PC101", "high")]),
    ],
)
def test_where_from_lowers_it_and_is_listed(condition: Condition, expected: list[tuple[str, str]]) -> None:
    made = report(captured(grant("*", condition)))
    assert [(f.rule, f.severity) for f in made.findings] == expected
    (operator, keys), *_ = condition.items()
    assert [(c["operator"], c["key"]) for c in made.findings[0].conditions] == [(operator, next(iter(keys)))]


@pytest.mark.parametrize(
    "deny",
    [
        refuse(),
        refuse(Action="*"),
        refuse(Action="lambda:Invoke*"),
        refuse({"ArnNotEquals": {"aws:PrincipalArn": OWN_ROLE}}),
        {**refuse(), "NotPrincipal": {"AWS": [f"arn:aws:iam::{ACCOUNT}:root", OWN_ROLE]}},
    ],
    ids=lambda d: str({k: v for k, v in d.items() if k in ("Action", "Condition", "NotPrincipal")}),
)
def test_a_deny_takes_it_back(deny: dict[str, Any]) -> None:
    if "NotPrincipal" in deny:
        deny.pop("Principal")
    assert found(grant("*"), deny) == []


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({"StringNotEqualsIfExists": {"aws:PrincipalOrgID": ORG}}, ("PC102", "medium")),
        ({"StringNotEquals": {"aws:PrincipalAccount": OTHER}}, ("PC106", "high")),
        ({"ArnNotEquals": {"aws:PrincipalArn": f"arn:aws:iam::{OTHER}:role/partner"}}, ("PC106", "medium")),
        ({"Bool": {"aws:PrincipalIsAWSService": "false"}}, ("PC103", "high")),
        ({"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/admin"}}, ("PC101", "critical")),
    ],
    ids=lambda d: id_of(d) if isinstance(d, dict) else d[0],
)
def test_whom_a_deny_spares_is_reported(condition: Condition, expected: tuple[str, str]) -> None:
    assert found(grant("*"), refuse(condition)) == [expected]


@pytest.mark.parametrize(
    "deny",
    [
        refuse({"StringEquals": {"aws:PrincipalAccount": OTHER}}),
        refuse({"StringNotEquals": {"aws:SourceVpce": "vpce-1"}, "Bool": {"aws:PrincipalIsAWSService": "true"}}),
        refuse(Action="lambda:InvokeFunctionUrl"),
        refuse(on="prod"),
    ],
)
def test_a_deny_of_something_else_does_not(deny: dict[str, Any]) -> None:
    assert found(grant("*"), deny) == [("PC101", "critical")]


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        ("lambda:InvokeFunction", ["PC101"]),
        ("LAMBDA:invoke*", ["PC101"]),
        ("lambda:InvokeAsync", []),
        ("lambda:InvokeFunctionUrl", ["PC125"]),
        ("lambda:GetPolicy", []),
        ("*", ["PC101", "PC107"]),
    ],
)
def test_only_an_action_that_invokes_counts(action: str, expected: list[str]) -> None:
    assert [rule for rule, _ in found(grant("*", Action=action))] == expected


def test_public_functions_suppress_with_their_reason() -> None:
    made = report(
        captured(grant("*"), *for_url("*"), urls=[url()]),
        {"public_functions": [{"function": "orders", "reason": "a public lookup"}]},
    )
    assert made.findings == ()
    assert sorted((s.finding.rule, s.reason) for s in made.suppressed) == [
        ("PC101", "a public lookup"),
        ("PC121", "a public lookup"),
    ]


@pytest.mark.parametrize("condition", LEAVES_OPEN, ids=id_of)
def test_who_and_why_agree_with_the_rule(condition: Condition) -> None:
    scene = Scene(load_texts({name: json.dumps(value) for name, value in captured(grant("*", condition)).items()}))
    (orders,) = scene.facts.functions
    row = next(row for row in who(scene, orders).callers if row.kind == "aws")
    answer = next(iter(why(scene, "*", orders)))
    assert answer.verdict is row.verdict is not Verdict.DENIED


def test_another_function_that_is_meant_to_be_public_explains_nothing() -> None:
    config = {"public_functions": [{"function": "orders-*", "reason": "a public lookup"}]}
    assert found(grant("*"), config=config) == [("PC101", "critical")]


def test_an_alias_that_is_open_is_named() -> None:
    (open_, hidden) = report(captured(grant({"AWS": OWN_ROLE}), grant("*", on="prod"))).findings
    assert (open_.rule, name(open_)) == ("PC101", "orders:prod")
    assert (hidden.rule, name(hidden)) == ("PC112", "orders:prod")


def test_whether_a_policy_reaches_a_qualified_name_is_unknown_and_so_not_reported() -> None:
    assert [name(f) for f in report(as_written(grant("*", Resource=f"{ARN}*"))).findings] == ["orders"]


def test_what_is_said() -> None:
    (finding,) = report(captured(grant("*"), role="arn:aws:iam::111122223333:role/orders-role")).findings
    assert finding.message == "any AWS account may invoke orders"
    assert [(s.kind, s.name, s.edge) for s in finding.path] == [("aws", "*", "may invoke"), ("function", "orders", "")]
    assert finding.locations[0].pointer == "/Policy/Statement/0"
    assert finding.locations[0].sid == "grant"
    assert "--statement-id grant" in finding.fix
    assert finding.witness is not None
    assert finding.witness["action"] == "lambda:InvokeFunction"


@pytest.mark.parametrize("sid", ["all; rm -rf ~", "$(id)", "a b", "`x`", ""])
def test_no_word_of_the_input_becomes_part_of_a_proposed_command(sid: str) -> None:
    (finding,) = report(captured(grant("*", Sid=sid))).findings
    assert finding.fix.startswith("remove the statement, ")


def test_a_document_in_a_file_of_its_own_is_not_mended_by_a_command() -> None:
    (finding,) = report(loose(grant("*"))).findings
    assert (finding.rule, finding.severity, name(finding)) == ("PC101", "critical", "orders")
    assert "aws lambda" not in finding.fix


def test_a_policy_whose_text_is_not_readable_is_not_reported() -> None:
    files = {**captured(), "get-policy.orders.json": {"Policy": json.dumps({"Statement": [grant("*")]})[:-3]}}
    facts = load_texts({name: json.dumps(value) for name, value in files.items()})
    assert facts.not_read
    assert audit(facts, Config()).findings == ()


@pytest.mark.parametrize(
    ("condition", "config", "expected"),
    [
        ({"StringEquals": {"aws:PrincipalOrgID": ORG}}, {}, [("PC102", "medium")]),
        ({"StringEquals": {"aws:PrincipalOrgID": ORG}}, {"trusted_orgs": [ORG]}, []),
        ({"StringEquals": {"aws:PrincipalOrgID": ORG}}, {"trusted_orgs": ["o-0ther"]}, [("PC102", "high")]),
        ({"StringEquals": {"aws:PrincipalOrgID": [ORG, "o-b"]}}, {"trusted_orgs": [ORG]}, [("PC102", "high")]),
        ({"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": f"{ORG}/r-a/*"}}, {}, [("PC102", "medium")]),
        (
            {"StringEquals": {"aws:PrincipalOrgID": ORG}, "IpAddress": {"aws:SourceIp": "203.0.113.0/24"}},
            {},
            [("PC102", "low")],
        ),
        ({"StringEquals": {"aws:PrincipalOrgID": ORG, "aws:PrincipalAccount": ACCOUNT}}, {}, []),
        ({"StringEquals": {"aws:PrincipalOrgID": ORG, "aws:PrincipalAccount": OTHER}}, {}, [("PC106", "medium")]),
    ],
)
def test_organizations(condition: Condition, config: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    assert found(grant("*", condition), config=config) == expected


def test_a_trusted_organization_is_shown_as_suppressed() -> None:
    made = report(captured(grant("*", {"StringEquals": {"aws:PrincipalOrgID": ORG}})), {"trusted_orgs": [ORG]})
    assert [(s.finding.rule, s.reason) for s in made.suppressed] == [("PC102", f"{ORG} is among the trusted_orgs")]


def test_an_organization_beside_everybody_needs_no_finding() -> None:
    both = grant("*", {"StringEquals": {"aws:PrincipalOrgID": ORG}}), grant("*", Sid="all")
    findings = report(captured(*both)).findings
    assert [f.rule for f in findings] == ["PC101", "PC102"]  # two statements, two things to mend
    assert [f.locations[0].sid for f in findings] == ["all", "grant"]
