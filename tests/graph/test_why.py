"""``why``: whoever ``who`` calls a caller can be asked about, and gets the same verdict, layer by layer."""

import pytest

from permcheck.errors import UnknownName
from permcheck.model import Verdict, WhyAnswer
from tests.graph.asking import (
    ACCOUNT,
    API,
    API_ARN,
    FUNCTION,
    INVOKE,
    INVOKE_URL,
    ORG,
    OTHER,
    REGION,
    account,
    allow,
    api,
    by_api,
    deny,
    grant,
    keys,
    method,
    notifying,
    role,
    role_arn,
    rows,
    url,
    user,
    why,
)

CALLER = role_arn("caller")


def one(texts: dict[str, str], caller: str) -> WhyAnswer:
    """The only answer."""
    (found,) = why(texts, caller)
    return found


def said(answer: WhyAnswer, layer: str) -> str:
    """What the layers of that name say."""
    return "; ".join(each.answer for each in answer.layers if each.layer == layer)


@pytest.mark.parametrize("name", ["caller", CALLER])
def test_a_role_by_name_or_arn(name: str) -> None:
    found = one(account(role("caller", allow())), name)
    assert (found.caller, found.action, found.resource) == (CALLER, INVOKE, FUNCTION)
    assert (found.verdict, found.denied_by, found.via) == (Verdict.ALLOWED, None, None)
    assert [layer.layer for layer in found.layers] == ["resource_policy", "identity_policy"]
    assert said(found, "identity_policy") == "allows"
    assert said(found, "resource_policy") == "says nothing about this"
    (layer,) = [each for each in found.layers if each.because]
    assert layer.because[0].location.pointer.endswith("/Statement/0")


def test_a_denied_role() -> None:
    found = one(account(role("caller", allow(), deny())), "caller")
    assert (found.verdict, found.denied_by, found.witness) == (Verdict.DENIED, "explicit:identity_policy", None)
    assert said(found, "identity_policy") == "denies explicitly"
    nothing = one(account(user("ana")), "ana")
    assert (nothing.verdict, nothing.denied_by) == (Verdict.DENIED, "implicit:identity_policy")


def test_a_session_of_a_role_in_view() -> None:
    session = f"arn:aws:sts::{ACCOUNT}:assumed-role/caller/deploy"
    texts = account(role("caller"), policy=[grant({"AWS": session})])
    assert one(texts, session).verdict is Verdict.ALLOWED
    assert one(texts, session.replace("deploy", "other")).verdict is Verdict.DENIED
    assert one(texts, "caller").verdict is Verdict.CONDITIONAL


def test_an_account() -> None:
    found = one(account(policy=[grant({"AWS": OTHER})]), OTHER)
    assert found.verdict is Verdict.CONDITIONAL
    assert keys(found) == [("StringEquals", "aws:PrincipalAccount", [OTHER])]
    assert "own account" in said(found, "identity_policy")
    assert one(account(policy=[grant({"AWS": OTHER})]), "555566667777").denied_by == "implicit:resource_policy"


def test_a_principal_of_an_account_that_is_named() -> None:
    found = one(account(policy=[grant({"AWS": OTHER})]), role_arn("partner", OTHER))
    assert (found.verdict, said(found, "resource_policy")) == (Verdict.CONDITIONAL, "allows")


def test_an_organization_is_any_principal_of_it() -> None:
    texts = account(policy=[grant("*", StringEquals={"aws:PrincipalOrgID": ORG})])
    found = one(texts, ORG)
    assert (found.caller, found.verdict) == (ORG, Verdict.CONDITIONAL)
    assert keys(found) == [("StringEquals", "aws:PrincipalOrgID", [ORG])]
    assert said(found, "resource_policy") == "allows"
    assert one(texts, "o-another0rg").verdict is Verdict.DENIED


def test_a_service() -> None:
    texts = account(policy=[grant({"Service": "s3.amazonaws.com"}, ArnLike={"aws:SourceArn": "arn:aws:s3:::uploads"})])
    found = one(texts, "s3.amazonaws.com")
    assert (found.verdict, said(found, "resource_policy")) == (Verdict.CONDITIONAL, "allows if its conditions hold")
    assert said(found, "identity_policy") == "not asked: this caller has no policies of its own"
    assert one(texts, "sns.amazonaws.com").denied_by == "implicit:resource_policy"


def test_everybody() -> None:
    found = one(account(policy=[grant("*")]), "*")
    assert (found.caller, found.verdict, found.conditions) == ("*", Verdict.ALLOWED, ())
    assert one(account(policy=[grant({"AWS": OTHER})]), "*").verdict is Verdict.DENIED


def test_everybody_by_the_way_that_the_policy_leaves_open() -> None:
    texts = account(policy=[grant("*", StringLike={"aws:SourceVpce": "vpce-*"})])
    found = one(texts, "*")
    assert found.verdict is rows(texts, "*")[0].verdict is Verdict.ALLOWED
    assert said(found, "resource_policy") == "allows"


def test_anyone_signs_nothing() -> None:
    """Lambda's own API asks for a signature, so no policy lets anyone in there."""
    found = one(account(policy=[grant("*")]), "anyone")
    assert (found.verdict, found.denied_by) == (Verdict.DENIED, "implicit:authentication")


def test_anyone_through_a_url() -> None:
    texts = account(policy=[grant("*", action=[INVOKE, INVOKE_URL])], url=url())
    plain, by_url = why(texts, "anyone")
    assert (plain.verdict, plain.via) == (Verdict.DENIED, None)
    assert (by_url.verdict, by_url.via, by_url.action) == (Verdict.ALLOWED, "function_url", INVOKE_URL)
    assert said(by_url, "authentication") == "the URL asks for none"
    assert said(by_url, "resource_policy") == f"{INVOKE_URL}: allows; {INVOKE}: allows"
    signed = why(account(policy=[grant("*", action=[INVOKE, INVOKE_URL])], url=url("AWS_IAM")), "anyone")
    assert {each.verdict for each in signed} == {Verdict.DENIED}


def test_a_url_asks_for_two_grants() -> None:
    texts = account(role("caller", allow(INVOKE_URL)), url=url("AWS_IAM", "2026-01-01T00:00:00Z"))
    _, by_url = why(texts, "caller")
    assert (by_url.via, by_url.verdict, by_url.denied_by) == (
        "function_url",
        Verdict.DENIED,
        "implicit:identity_policy",
    )
    assert said(by_url, "identity_policy") == f"{INVOKE_URL}: allows; {INVOKE}: says nothing about this"


def test_anyone_through_an_api() -> None:
    texts = account(policy=[by_api()], **api(GET=method(), PUT=method(auth="AWS_IAM")))
    _, opened, shut = why(texts, "anyone")
    assert (opened.verdict, opened.via) == (Verdict.ALLOWED, "api")
    assert said(opened, "api") == f"GET /orders of API {API}: it asks for nothing"
    assert said(opened, "resource_policy") == f"{INVOKE}: allows"
    assert (shut.verdict, shut.denied_by) == (Verdict.DENIED, "implicit:authentication")
    assert "AWS_IAM" in said(shut, "api")


@pytest.mark.parametrize("name", [API, API_ARN])
def test_an_api_in_view(name: str) -> None:
    found = one(account(policy=[by_api()], **api(GET=method(auth="AWS_IAM"))), name)
    assert (found.via, found.verdict, said(found, "resource_policy")) == ("api", Verdict.ALLOWED, "allows")


@pytest.mark.parametrize("name", [API, API_ARN])
def test_an_api_that_is_not_in_view(name: str) -> None:
    found = one(account(policy=[by_api()]), name)
    assert (found.via, found.verdict) == ("api", Verdict.UNKNOWN)
    assert "not in view" in said(found, "api")


def test_an_api_that_calls_something_else() -> None:
    found = one(account(policy=[by_api()], **api(GET=method(FUNCTION.replace("orders", "others")))), API)
    assert (found.verdict, found.denied_by) == (Verdict.DENIED, "implicit:api")


@pytest.mark.parametrize("service", ["apigateway.amazonaws.com", "lambda.amazonaws.com"])
def test_an_api_that_calls_with_a_role(service: str) -> None:
    """The role has to let API Gateway in, and to have the right."""
    trust = [{"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}]
    calls = method(integration={"credentials": role_arn("gateway")})
    found = one(account(role("gateway", allow(), trusts=trust), **api(GET=calls)), API)
    let_in = service.startswith("api")
    assert found.verdict is (Verdict.ALLOWED if let_in else Verdict.DENIED)
    assert found.denied_by == (None if let_in else "implicit:resource_policy")
    assert f"sts:AssumeRole: {'allows' if let_in else 'says nothing about this'}" in said(found, "resource_policy")
    assert said(found, "identity_policy") == "allows"


BUCKET = "arn:aws:s3:::uploads"


def test_an_event_source() -> None:
    named = grant({"Service": "s3.amazonaws.com"}, ArnLike={"AWS:SourceArn": BUCKET})
    found = one(account(policy=[named], **notifying()), BUCKET)
    assert (found.caller, found.via, found.verdict) == (BUCKET, "event_source", Verdict.ALLOWED)
    assert said(found, "resource_policy") == "allows"
    (place,) = found.layers[0].because
    assert place.location.source == "get-bucket-notification-configuration.uploads.json"


def test_an_event_source_that_the_policy_does_not_let_call() -> None:
    found = one(account(policy=[grant({"Service": "sns.amazonaws.com"})], **notifying()), BUCKET)
    assert (found.verdict, found.denied_by) == (Verdict.DENIED, "implicit:resource_policy")


def test_a_resource_that_nothing_lets_call() -> None:
    """The policy would let it; nothing in view sets it up."""
    found = one(account(policy=[grant({"Service": "s3.amazonaws.com"})]), BUCKET)
    assert (found.verdict, found.via) == (Verdict.ALLOWED, "event_source")
    assert "nothing in view" in said(found, "event_source")


def test_a_source_that_is_polled() -> None:
    """With the execution role's rights; one of them is missing."""
    queue = f"arn:aws:sqs:{REGION}:{ACCOUNT}:jobs"
    mapping = {"UUID": "1", "EventSourceArn": queue, "FunctionArn": FUNCTION, "State": "Enabled"}
    rights = allow(["sqs:ReceiveMessage", "sqs:DeleteMessage"], "*")
    found = one(account(role("runs", rights), mappings={"EventSourceMappings": [mapping]}), queue)
    assert (found.verdict, found.denied_by) == (Verdict.DENIED, "implicit:identity_policy")
    assert "sqs:ReceiveMessage: allows" in said(found, "identity_policy")
    assert "sqs:GetQueueAttributes: says nothing about this" in said(found, "identity_policy")


def test_a_principal_of_the_account_that_is_not_in_view() -> None:
    """Named by the policy, and what its own policies say could not be read: never denied, never clean."""
    gone = role_arn("gone")
    found = one(account(role("other"), policy=[grant({"AWS": gone})]), gone)
    assert (found.verdict, found.denied_by) == (Verdict.UNKNOWN, None)
    assert "not in view" in said(found, "identity_policy")
    shut = [grant({"AWS": gone}), deny(Principal="*")]
    plain, latest = why(account(role("other"), policy=shut), gone)
    assert (plain.resource, plain.denied_by) == (FUNCTION, "explicit:resource_policy")
    assert (latest.resource, latest.verdict) == (f"{FUNCTION}:$LATEST", Verdict.UNKNOWN)


def test_without_any_identity_in_view_a_role_is_not_denied_for_want_of_a_policy() -> None:
    assert one(account(policy=[grant({"AWS": OTHER})]), role_arn("some")).verdict is Verdict.UNKNOWN


@pytest.mark.parametrize(
    "name", ["caler", "12345", "o-", "nonsense.com.example", "arn:aws:iam::111122223333:role/typo", "x9x9x9x9x9", ""]
)
def test_what_is_no_caller(name: str) -> None:
    with pytest.raises(UnknownName):
        why(account(role("caller", allow()), policy=[grant({"AWS": OTHER})]), name)


def test_the_nearest_names_are_those_of_callers() -> None:
    texts = account(role("caller", allow()), policy=[grant("*", StringEquals={"aws:PrincipalOrgID": ORG})])
    with pytest.raises(UnknownName) as raised:
        why(texts, "caler")
    assert raised.value.nearest[:1] == ("caller",)
    with pytest.raises(UnknownName) as raised:
        why(texts, ORG[:-1] + "!")
    assert ORG in raised.value.nearest


def test_a_policy_that_could_not_be_read() -> None:
    missing = [{"PolicyName": "gone", "PolicyArn": f"arn:aws:iam::{ACCOUNT}:policy/gone"}]
    found = one(account(role("caller", AttachedManagedPolicies=missing)), "caller")
    assert found.verdict is Verdict.UNKNOWN
    assert said(found, "identity_policy") == "could not be read in full (gone)"
