"""Each call of a scan fails in each way, one at a time: what depends on it is told, and nothing else changes."""

import json
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import botocore.endpoint
import botocore.retries.bucket
import pytest

from permcheck import engine
from permcheck.config import Config
from permcheck.errors import UsageError
from permcheck.model import Report
from permcheck.sources.live import begin
from permcheck.sources.live.beginning import ENTER, LIST_REGIONS, WHO_AM_I
from permcheck.sources.live.call import Call
from permcheck.sources.live.clients import Access
from permcheck.sources.live.limits import Limiter
from permcheck.sources.live.services import CALLS
from permcheck.sources.live.take import take
from permcheck.sources.live.work import InOrder
from permcheck.sources.snapshot.facts import normal, summed_up
from permcheck.sources.snapshot.placed import facts_of
from permcheck.sources.snapshot.snapshot import Snapshot, text
from tests.live.endpoint import ACCOUNT, CUT, REGION, Endpoint
from tests.live.faults import FAULTS, MESSAGE, failing, injecting

ASKED = [call for call in CALLS.values() if call is not ENTER]
EACH = pytest.mark.parametrize("call", ASKED, ids=lambda call: call.name)

# The rules whose findings on the seeded account rest on a call. A call that is not here changes no finding.
RESTS: dict[str, set[str]] = {
    "iam:GetAccountAuthorizationDetails": {
        "PC106",
        "PC133",
        "PC151",
        "PC153",
        "PC155",
        "PC175",
        "PC203",
        "PC205",
        "PC207",
        "PC209",
        "PC216",
        "PC321",
    },
    "lambda:ListFunctions": {
        "PC008",
        "PC106",
        "PC123",
        "PC133",
        "PC153",
        "PC175",
        "PC176",
        "PC203",
        "PC205",
        "PC207",
        "PC209",
        "PC214",
        "PC216",
        "PC321",
    },
    "lambda:ListEventSourceMappings": {"PC175"},
    "lambda:ListAliases": {"PC008"},
    "lambda:ListFunctionUrlConfigs": {"PC123"},
    "lambda:GetPolicy": {"PC008", "PC106", "PC123", "PC133", "PC153", "PC176", "PC321"},
    "cognito-identity:ListIdentityPools": {"PC132", "PC153", "PC321"},
    "cognito-identity:DescribeIdentityPool": {"PC132", "PC153", "PC321"},
    "cognito-identity:GetIdentityPoolRoles": {"PC132", "PC151", "PC153", "PC321"},
    "cognito-idp:ListUserPools": {"PC176"},
    "cognito-idp:DescribeUserPool": {"PC176"},
    "apigateway:GetRestApis": {"PC176"},
    "apigateway:GetResources": {"PC176"},
    "apigateway:GetStages": {"PC176"},
    "apigateway:GetAuthorizers": {"PC176"},
    "apigatewayv2:GetApis": {"PC176"},
    "apigatewayv2:GetRoutes": {"PC176"},
    "apigatewayv2:GetIntegrations": {"PC176"},
    "s3:ListBuckets": {"PC176"},
    "s3:GetBucketNotificationConfiguration": {"PC176"},
    "sns:ListSubscriptions": {"PC176"},
    "sqs:ListQueues": {"PC175"},
    "sqs:GetQueueAttributes": {"PC175"},
    "events:ListEventBuses": {"PC176"},
    "events:ListRules": {"PC176"},
    "events:ListTargetsByRule": {"PC176"},
    "iot:ListTopicRules": {"PC176"},
    "iot:GetTopicRule": {"PC176"},
}


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits between retries."""
    monkeypatch.setattr(botocore.endpoint, "time", SimpleNamespace(sleep=lambda seconds: None))
    monkeypatch.setattr(botocore.retries.bucket.TokenBucket, "acquire", lambda *_, **__: True)


@pytest.fixture(scope="module")
def scan(server: Endpoint) -> begin.Scan:
    """A scan about to begin; its clients serve all tests, since each takes longer to make than to use."""
    access = Access(endpoint_url=server.url, attempts=2)
    return begin.Scan(access, begin.Wanted(regions=(REGION,), concurrency=1, tool="permcheck test"), None)


def quick() -> Limiter:
    """Nobody waits for his turn."""
    return Limiter(sleep=lambda seconds: None)


@pytest.fixture(scope="module")
def undisturbed(scan: begin.Scan) -> Snapshot:
    """The account as it is."""
    taken = scan.run(limiter=quick())
    assert taken.snapshot.complete
    return taken.snapshot


def audited(snapshot: Snapshot) -> Report:
    """The report on a snapshot."""
    return engine.audit(facts_of(snapshot, ("account",)), Config())


@pytest.fixture(scope="module")
def sound(undisturbed: Snapshot) -> Report:
    """The report on the account as it is."""
    return audited(undisturbed)


def disturbed(scan: begin.Scan, undisturbed: Snapshot, call: Call, fault: Any) -> Snapshot:
    """The account with one call failing; what does not depend on it is known already."""
    both = {call.name} | ({call.fallback.name} if call.fallback else set())
    known = {key: answer for key, answer in undisturbed.answers.items() if answer.api not in both}
    clients = scan._clients
    region = "" if call.service in ("iam", "organizations") else REGION
    client = clients._clients[ACCOUNT, region, call.service]
    with injecting(client, call, fault):
        return take(replace(undisturbed, answers=known), clients.send, InOrder(), limiter=quick()).snapshot


def found(report: Report) -> dict[str, str]:
    """Findings by fingerprint."""
    return {finding.fingerprint: finding.rule for finding in report.findings}


@EACH
@pytest.mark.parametrize("name", FAULTS)
def test_a_call_that_fails_is_told(scan: begin.Scan, undisturbed: Snapshot, call: Call, name: str) -> None:
    fault, kind = FAULTS[name]
    snapshot = disturbed(scan, undisturbed, call, fault)
    assert snapshot.complete
    assert MESSAGE[:12] not in text(snapshot)
    assert "AKIA" not in text(snapshot)
    failed = [answer for answer in snapshot.answers.values() if answer.error is not None]
    if call.fallback is not None:
        assert not failed
        return
    assert failed, "the account has nothing that this call is made for"
    for answer in failed:
        assert answer.error is not None
        # botocore itself takes an answer of S3 that is broken for a failure of the service, and asks again.
        kinds = (kind, "Server") if call.service == "s3" and name == "malformed" else (kind,)
        assert answer.api == call.name
        assert answer.error.kind in kinds
    facts = facts_of(snapshot, ("account",))
    told = [gap for gap in facts.not_read if gap.api == call.name]
    absence = normal(call, failed[0].error, snapshot.asked)  # type: ignore[arg-type]
    assert len(told) == (0 if absence else len(failed))
    assert len(list(summed_up(snapshot))) == (0 if absence else 1)
    for gap in told:
        assert gap.source.startswith("arn:aws:")
        assert gap.error
        assert gap.effect.endswith(" is unknown")
        assert MESSAGE[:12] not in gap.error


@EACH
def test_findings_that_do_not_rest_on_it_stay(
    scan: begin.Scan, undisturbed: Snapshot, sound: Report, call: Call
) -> None:
    report = audited(disturbed(scan, undisturbed, call, failing(403, "AccessDeniedException")))
    before, after = found(sound), found(report)
    changed = {rule for digest, rule in (before | after).items() if digest not in before or digest not in after}
    assert changed == RESTS.get(call.name, set())


@pytest.mark.parametrize("name", FAULTS)
@pytest.mark.parametrize("call", [WHO_AM_I, LIST_REGIONS], ids=lambda call: call.name)
def test_without_a_beginning_there_is_no_scan(scan: begin.Scan, call: Call, name: str) -> None:
    clients = scan._clients
    client = clients._client(clients._base, call.service, REGION)
    with injecting(client, call, FAULTS[name][0]), pytest.MonkeyPatch.context() as patched:
        patched.setattr(clients, "_client", lambda *_: client)
        with pytest.raises(UsageError) as raised:
            (clients.identity if call is WHO_AM_I else clients.regions)(REGION)
    assert call.name in raised.value.message
    assert "planted" not in raised.value.message


def test_credentials_that_expire_end_the_asking(scan: begin.Scan, undisturbed: Snapshot) -> None:
    call = CALLS["lambda", "ListAliases"]
    client = scan._clients._clients[ACCOUNT, REGION, "lambda"]
    with injecting(client, call, failing(403, "ExpiredTokenException")):
        taken = scan.run(limiter=quick())
    assert taken.ended == "expired"
    assert not taken.snapshot.complete
    assert set(taken.snapshot.answers) <= set(undisturbed.answers)
    facts = facts_of(taken.snapshot, ("account",))
    assert any("--resume" in gap.effect for gap in facts.not_read)
    json.loads(text(taken.snapshot))


def test_a_region_that_is_switched_off_is_no_expired_token(scan: begin.Scan, undisturbed: Snapshot) -> None:
    call = CALLS["lambda", "ListFunctions"]
    snapshot = disturbed(scan, undisturbed, call, failing(403, "UnrecognizedClientException"))
    (line,) = summed_up(snapshot)
    assert line.endswith("UnrecognizedClientException: the Region is not enabled for the account")


def test_an_answer_that_breaks_off(server: Endpoint, scan: begin.Scan, undisturbed: Snapshot) -> None:
    known = {key: answer for key, answer in undisturbed.answers.items() if answer.api != "lambda:ListAliases"}

    def cut(environ: Any) -> tuple[str, str] | None:
        return (CUT, '{"Aliases": [') if environ["PATH_INFO"].endswith("/aliases") else None

    server.responder.refuse = cut
    try:
        taken = take(replace(undisturbed, answers=known), scan._clients.send, InOrder(), limiter=quick())
    finally:
        server.responder.refuse = lambda environ: None
    failed = [answer for answer in taken.snapshot.answers.values() if answer.error is not None]
    assert {answer.api for answer in failed} == {"lambda:ListAliases"}
    assert {answer.error.kind for answer in failed if answer.error} <= {"Connection", "Malformed"}
    # It may succeed another time, so going on with the snapshot asks again.
    again = take(taken.snapshot, scan._clients.send, InOrder(), limiter=quick())
    assert again.snapshot.answers == undisturbed.answers
