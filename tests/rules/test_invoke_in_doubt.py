"""PC117: what ``who`` calls unknown, the audit is not silent about."""

import json
from typing import Any

import pytest

from permcheck.graph.scene import Scene
from permcheck.model import Verdict
from permcheck.rule import traits
from permcheck.sources.files import load_texts
from tests.graph.asking import ACCOUNT, FUNCTION, INVOKE, INVOKE_URL, OTHER, REGION, Json, account, grant, rows, url
from tests.rules.auditing import report

ALIAS = {"AliasArn": f"{FUNCTION}:prod", "Name": "prod", "FunctionVersion": "3"}
TOPIC = f"arn:aws:sns:eu-west-1:{ACCOUNT}:news"


def told(texts: dict[str, str], settings: Json | None = None) -> list[tuple[str, str, str]]:
    """(rule, severity, confidence) of every finding that is about who comes in."""
    findings = report({name: json.loads(text) for name, text in texts.items()}, settings).findings
    return [(f.rule, f.severity, f.confidence) for f in findings if f.rule.startswith("PC1")]


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        (grant("*", f"{FUNCTION}:*"), ("PC117", "medium", "low")),
        (grant({"AWS": OTHER}, f"{FUNCTION}:*"), ("PC117", "low", "low")),
        (grant({"Service": "sns.amazonaws.com"}, f"{FUNCTION}:*"), ("PC117", "low", "low")),
        (grant("*", f"{FUNCTION}*"), ("PC101", "critical", "high")),
        (grant({"AWS": OTHER}, f"{FUNCTION}*"), ("PC106", "high", "high")),
    ],
    ids=str,
)
def test_a_policy_that_reaches_for_versions_and_aliases(statement: Json, expected: tuple[str, str, str]) -> None:
    texts = account(policy=[statement], alias=ALIAS)
    assert Verdict.UNKNOWN in {row.verdict for row in rows(texts)}
    assert told(texts) == [expected]


@pytest.mark.parametrize(
    "statement",
    [
        grant({"Service": "sns.amazonaws.com"}, f"{FUNCTION}:*", ArnLike={"aws:SourceArn": TOPIC}),
        grant({"AWS": ACCOUNT}, f"{FUNCTION}:*"),
    ],
    ids=str,
)
def test_what_would_be_no_finding_if_it_were_sure(statement: Json) -> None:
    assert told(account(policy=[statement], alias=ALIAS)) == []


def test_configuration_explains_it() -> None:
    theirs = account(policy=[grant({"AWS": OTHER}, f"{FUNCTION}:*")], alias=ALIAS)
    assert told(theirs, {"trusted_accounts": [OTHER]}) == []
    everybody = account(policy=[grant("*", f"{FUNCTION}:*")], alias=ALIAS)
    assert told(everybody, {"public_functions": [{"function": "orders", "reason": "a public lookup"}]}) == []


def test_a_url_of_which_the_type_is_not_told() -> None:
    made: dict[str, Any] = url("NONE", "2026-02-02")
    del made["AuthType"]
    both = grant("*", action=[INVOKE, INVOKE_URL], StringEquals={"aws:PrincipalOrgID": "o-examp1e0rg"})
    opened = [grant("*", action=INVOKE_URL), grant("*", Bool={"lambda:InvokedViaFunctionUrl": "true"})]
    assert told(account(policy=opened, urls={"FunctionUrlConfigs": [made]})) == [("PC117", "medium", "low")]
    assert ("PC117", "medium", "low") not in told(account(policy=[both], urls={"FunctionUrlConfigs": [made]}))


@pytest.mark.parametrize("created", ["2024-02-02", None])
def test_an_old_url_with_one_grant(created: str | None) -> None:
    texts = account(policy=[grant("*", action=INVOKE_URL)], get_function_url_config__orders=url("NONE", created))
    assert told(texts) == [("PC123", "medium", "low")]


_SNS = {"Service": "sns.amazonaws.com"}
_ABOUT = (FUNCTION, f"{FUNCTION}:*", f"{FUNCTION}*", f"{FUNCTION}:prod", FUNCTION.replace(REGION, "EU-WEST-1"))


@pytest.mark.parametrize("resource", _ABOUT)
@pytest.mark.parametrize("principal", [_SNS, {"AWS": [ACCOUNT, f"arn:aws:iam::{OTHER}:role/of-{ACCOUNT}"]}], ids=str)
@pytest.mark.parametrize("kind", [url("AWS_IAM"), {"FunctionArn": FUNCTION}, None], ids=["signed", "untold", "none"])
def test_where_the_shape_is_sure_nothing_is_unknown(resource: str, principal: Json, kind: Json | None) -> None:
    texts = account(policy=[grant(_SNS), grant(principal, resource)], alias=ALIAS)
    if kind is not None:
        texts |= {"get-function-url-config.json": json.dumps(kind | {"FunctionUrl": "https://x.lambda-url.on.aws/"})}
    scene = Scene(load_texts(texts))
    function = scene.facts.functions[0]
    unknown = [o for o in scene.outsiders(function) if o.verdict is Verdict.UNKNOWN]
    told = [o for o in unknown if o.url is None or o.url.auth_type is None]
    assert traits.UNSURE in scene.shape(function) or not told
    if resource == FUNCTION and principal is _SNS and (kind is None or "AuthType" in kind):
        assert traits.UNSURE not in scene.shape(function)
