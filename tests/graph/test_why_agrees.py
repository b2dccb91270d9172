"""``why`` gives every caller that ``who`` prints the verdict that ``who`` has, whatever the policies say."""

from itertools import pairwise
from typing import Any

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from permcheck.graph import questions
from permcheck.model import Verdict
from tests.graph.asking import (
    ACCOUNT,
    API_ARN,
    FUNCTION,
    INVOKE,
    INVOKE_URL,
    ORG,
    OTHER,
    Json,
    account,
    allow,
    deny,
    read,
    role,
    role_arn,
    url,
)
from tests.graph.replay import Replay

ENTRANCES = ("function_url", "api", "event_source")
THEIRS, OURS = role_arn("partner", OTHER), role_arn("caller")
SESSION = f"arn:aws:sts::{ACCOUNT}:assumed-role/caller/deploy"
TOPIC = f"arn:aws:sns:eu-west-1:{OTHER}:news"

principals = st.sampled_from(
    [
        *("*", "*", "*"),
        {"AWS": "*"},
        {"AWS": OTHER},
        {"AWS": [THEIRS, role_arn("gone")]},
        {"AWS": [OURS, SESSION]},
        {"AWS": ACCOUNT},
        {"Service": "sns.amazonaws.com"},
        {"Service": ["s3.amazonaws.com", "events.amazonaws.com"]},
        {"Service": "apigateway.amazonaws.com"},
        {"Service": "sns.amazonaws.com", "AWS": OTHER},
    ]
)
spared = st.sampled_from(
    [{"AWS": [ACCOUNT, OURS]}, {"AWS": [OTHER, THEIRS]}, {"Service": "sns.amazonaws.com"}, {"AWS": OTHER}]
)
values: dict[str, list[str]] = {
    "aws:PrincipalOrgID": [ORG, "o-*"],
    "aws:PrincipalOrgPaths": [f"{ORG}/r-a/*"],
    "aws:PrincipalAccount": [ACCOUNT, OTHER, "4*"],
    "aws:PrincipalArn": [OURS, THEIRS, "arn:aws:iam::*:role/admin", f"arn:aws:iam::{OTHER}:role/*"],
    "aws:PrincipalServiceName": ["sns.amazonaws.com"],
    "aws:SourceArn": [TOPIC, "arn:aws:s3:::uploads", f"{API_ARN}/*/*", "arn:aws:sns:*:*:*"],
    "aws:SourceAccount": [ACCOUNT, OTHER],
    "aws:SourceOrgID": [ORG],
    "aws:SourceVpce": ["vpce-1"],
    "aws:SourceIp": ["203.0.113.0/24"],
    "aws:PrincipalTag/team": ["shop"],
    "lambda:FunctionUrlAuthType": ["NONE", "AWS_IAM"],
}
truths: list[str] = ["aws:PrincipalIsAWSService", "lambda:InvokedViaFunctionUrl", "aws:SecureTransport"]


@st.composite
def conditions(draw: Any) -> Json:
    """None, one or two conditions on keys of the caller, its organization, or the source."""
    found: Json = {}
    for _ in range(draw(st.integers(0, 2))):
        kind = draw(st.sampled_from(("value", "value", "value", "truth", "null")))
        if kind == "truth":
            operator, key, value = draw(st.sampled_from(("Bool", "BoolIfExists"))), draw(st.sampled_from(truths)), ""
            value = draw(st.sampled_from(("true", "false")))
        elif kind == "null":
            operator, key = "Null", draw(st.sampled_from(sorted(values)))
            value = draw(st.sampled_from(("true", "false")))
        else:
            key = draw(st.sampled_from(sorted(values)))
            value = draw(st.sampled_from(values[key]))
            bases = ("IpAddress", "NotIpAddress") if key == "aws:SourceIp" else ("StringLike", "StringNotLike")
            operator = draw(st.sampled_from(bases)) + draw(st.sampled_from(("", "", "IfExists")))
            if key == "aws:PrincipalOrgPaths":
                operator = draw(st.sampled_from(("ForAnyValue:", "ForAllValues:"))) + operator
        found.setdefault(operator, {})[key] = value
    return found


@st.composite
def statements(draw: Any) -> Json:
    """A statement of the function's policy."""
    refuses = draw(st.booleans()) and draw(st.booleans())
    resource = draw(st.sampled_from((FUNCTION, FUNCTION, FUNCTION, "*", f"{FUNCTION}*")))
    action: Any = draw(st.sampled_from((INVOKE, INVOKE, "lambda:*", [INVOKE, INVOKE_URL])))
    made = (deny if refuses else allow)(action, resource)
    if refuses and draw(st.booleans()):
        made["NotPrincipal"] = draw(spared)
    else:
        made["Principal"] = draw(principals)
    condition = draw(conditions())
    return made | ({"Condition": condition} if condition else {})


@st.composite
def accounts(draw: Any) -> dict[str, str]:
    """The function with a policy of one to four statements; maybe roles of both accounts, a URL, an alias."""
    roles = []
    if draw(st.booleans()):
        own = [allow(draw(st.sampled_from((INVOKE, "lambda:*"))))] if draw(st.booleans()) else []
        roles.append(role("caller", *own))
        if draw(st.booleans()):
            roles.append(role("partner", *own) | {"Arn": THEIRS})
    files: dict[str, Any] = {}
    if draw(st.booleans()):
        made = draw(st.sampled_from((None, "2024-02-02", "2026-02-02")))
        files["get_function_url_config__orders"] = url(draw(st.sampled_from(("NONE", "AWS_IAM"))), made)
    if draw(st.integers(0, 3)) == 0:
        files["alias"] = {"AliasArn": f"{FUNCTION}:prod", "Name": "prod", "FunctionVersion": "3"}
    return account(*roles, policy=draw(st.lists(statements(), min_size=1, max_size=4)), **files)


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(accounts())
def test_why_has_the_verdict_of_every_row_of_who(texts: dict[str, str]) -> None:
    facts = read(texts)
    (answer,) = questions.who_all(facts)
    for row in answer.callers:
        via = row.via if row.via in ENTRANCES else None
        asked = [a for a in questions.why(facts, row.caller, "orders") if a.via == via]
        fitting = [a.verdict for a in asked if (a.action, a.resource) == (row.action, row.resource)]
        # * is everybody, and any service: why answers for both.
        verdicts = fitting if row.caller == "*" else fitting[:1]
        assert row.verdict in verdicts, (row, fitting)


_ONE_SERVICE = {"StringLikeIfExists": {"aws:PrincipalServiceName": "sns.amazonaws.com"}}
_BUT_ONE_SERVICE = account(
    policy=[made | {"Principal": "*"} for made in (allow(INVOKE), deny(INVOKE) | {"Condition": _ONE_SERVICE})]
)


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(accounts())
@example(_BUT_ONE_SERVICE)
def test_a_service_that_no_policy_names_is_let_in_only_where_anybody_is(texts: dict[str, str]) -> None:
    facts = read(texts)
    (answer,) = questions.who_all(facts)
    everybody = {r.resource: r.verdict for r in answer.callers if (r.kind, r.via) == ("aws", "resource_policy")}
    any_service = {r.resource: r.verdict for r in answer.callers if (r.kind, r.caller) == ("service", "*")}
    for found in questions.why(facts, "kms.amazonaws.com", "orders"):
        if found.verdict is Verdict.ALLOWED and found.via is None:
            verdicts = (everybody.get(found.resource), any_service.get(found.resource))
            assert {Verdict.ALLOWED, Verdict.CONDITIONAL} & set(verdicts), found


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(accounts())
def test_rows_of_who_are_what_they_say(texts: dict[str, str]) -> None:
    """One row a way, conditions where it is conditional and only there, and witnesses that the policies allow."""
    facts = read(texts)
    (answer,) = questions.who_all(facts)
    replay = Replay(texts, facts)
    named = [(r.kind, r.caller, r.action, r.resource, r.via) for r in answer.callers]
    assert len(named) == len(set(named))
    assert [n[0] for n in named] == sorted((n[0] for n in named), key=_KINDS.index)
    assert all(one != other for one, other in pairwise(answer.callers))
    for row in answer.callers:
        assert row.verdict is not Verdict.DENIED
        if row.verdict is not Verdict.UNKNOWN:
            assert bool(row.conditions) is (row.verdict is Verdict.CONDITIONAL), row
        if row.witness is not None:
            assert replay.verdict(row.witness) == "allowed", row


_KINDS = ("anyone", "aws", "org", "account", "service", "event_source", "api", "role", "user")
