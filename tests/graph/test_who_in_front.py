"""``who``: APIs and event sources in front of a function."""

from typing import Any

import pytest

from permcheck.model import CallerRow, Verdict
from tests.graph.asking import (
    ACCOUNT,
    API,
    API_ARN,
    FUNCTION,
    INVOKE,
    LAMBDA,
    REGION,
    RUNS_AS,
    Json,
    account,
    allow,
    api,
    brief,
    by_api,
    deny,
    document,
    grant,
    method,
    notifying,
    role,
    role_arn,
    row,
    rows,
)

GATEWAY = "apigateway.amazonaws.com"


def by(via: str, *identities: Json, **more: Any) -> list[CallerRow]:
    """The rows that come this way."""
    return [r for r in rows(account(*identities, **more)) if r.via == via]


def anyone(files: Json, *policy: Json) -> list[str]:
    """The verdicts of ``anyone`` through an API."""
    found = by("api", policy=list(policy), **files)
    assert all((r.kind, r.action) == ("anyone", INVOKE) for r in found if r.caller == "anyone")
    return [str(r.verdict) for r in found if r.caller == "anyone"]


def test_an_open_route_and_its_grant() -> None:
    (found,) = by("api", policy=[by_api()], **api(GET=method()))
    assert (found.caller, found.kind, found.verdict, found.resource) == ("anyone", "anyone", Verdict.ALLOWED, FUNCTION)
    assert {b.location.source for b in found.because} == {f"get-resources.{API}.json", "get-policy.orders.json"}
    assert found.note and "GET /orders" in found.note
    assert found.witness is not None and found.witness["principal"] == GATEWAY


def test_the_row_of_the_service_stays() -> None:
    assert brief(account(policy=[by_api()], **api(GET=method()))) == [
        ("anyone", "anyone", "allowed", "api"),
        ("service", GATEWAY, "conditional", "resource_policy"),
    ]


@pytest.mark.parametrize("auth", ["AWS_IAM", "COGNITO_USER_POOLS", "CUSTOM"])
def test_a_route_that_asks_who_comes(auth: str) -> None:
    assert anyone(api(GET=method(auth=auth)), by_api()) == []


def test_a_route_that_asks_for_a_key_alone() -> None:
    """Whoever has a key; no policy says so, and no condition can be listed."""
    assert anyone(api(GET=method(apiKeyRequired=True)), by_api()) == ["conditional"]


def test_a_private_api() -> None:
    assert anyone(api(private=True, GET=method()), by_api()) == []


@pytest.mark.parametrize(
    ("statements", "verdicts"),
    [
        ([allow("execute-api:Invoke", "*", Principal="*")], ["allowed"]),
        ([allow("execute-api:Invoke", "*", Principal={"AWS": ACCOUNT})], []),
        ([allow("execute-api:Invoke", "*", Principal="*"), deny("execute-api:Invoke", "*", Principal="*")], []),
        (
            [
                allow(
                    "execute-api:Invoke",
                    "*",
                    Principal="*",
                    Condition={"IpAddress": {"aws:SourceIp": "198.51.100.0/24"}},
                )
            ],
            ["conditional"],
        ),
    ],
)
def test_the_resource_policy_of_an_api(statements: list[Json], verdicts: list[str]) -> None:
    assert anyone(api(policy=document(*statements), GET=method()), by_api()) == verdicts


def test_an_open_route_without_a_grant_leads_nowhere() -> None:
    assert anyone(api(GET=method()), grant(LAMBDA)) == []


def test_a_grant_for_another_route() -> None:
    assert anyone(api(GET=method()), by_api(f"{API_ARN}/*/POST/orders")) == []


def test_any_method() -> None:
    """A grant for one verb lets the calls with that verb through."""
    assert anyone(api(ANY=method()), by_api(f"{API_ARN}/*/POST/orders")) == ["allowed"]


@pytest.mark.parametrize(("stages", "verdicts"), [(["prod"], ["allowed"]), (["dev"], []), ([], [])])
def test_a_grant_for_one_stage(stages: list[str], verdicts: list[str]) -> None:
    assert anyone(api(stages=stages, GET=method()), by_api(f"{API_ARN}/prod/GET/orders")) == verdicts


def test_as_sure_as_the_weaker_half() -> None:
    """An open route, and a grant with a condition that depends on the request."""
    late = by_api() | {"Condition": {"DateGreaterThan": {"aws:CurrentTime": "2030-01-01T00:00:00Z"}}}
    assert anyone(api(GET=method()), late) == ["conditional"]


def test_several_routes_make_one_row() -> None:
    files = api(GET=method(), POST=method(), PUT=method(auth="AWS_IAM"))
    (found,) = [r for r in by("api", policy=[by_api(f"{API_ARN}/*")], **files) if r.caller == "anyone"]
    assert found.verdict is Verdict.ALLOWED
    places = [b.location.pointer for b in found.because if b.location.source.startswith("get-resources")]
    assert [place.rpartition("/")[2] for place in places] == ["GET", "POST"]


def test_an_integration_with_a_role() -> None:
    calls = method(integration={"credentials": role_arn("gateway")})
    trust = [{"Effect": "Allow", "Principal": {"Service": GATEWAY}, "Action": "sts:AssumeRole"}]
    files = api(GET=calls)
    assert [r.verdict for r in by("api", role("gateway", allow(), trusts=trust), **files)] == [Verdict.ALLOWED]
    assert by("api", role("gateway", trusts=trust), **files) == []
    assert [r.verdict for r in by("api", role("other"), **files)] == [Verdict.UNKNOWN]


# APIs that are not in view.


def test_an_api_that_is_not_in_view_is_an_unknown_caller() -> None:
    (found,) = by("api", policy=[by_api()])
    assert (found.caller, found.kind, found.verdict, found.resource) == (API, "api", Verdict.UNKNOWN, FUNCTION)
    assert (found.witness, len(found.because)) == (None, 1)
    assert "not in view" in found.note
    assert row(account(policy=[by_api()]), GATEWAY).verdict is Verdict.CONDITIONAL


def test_each_api_has_a_row_of_its_own() -> None:
    second = API_ARN.replace(API, "p4q8r2s6t0")
    found = by("api", policy=[by_api(), by_api(f"{second}/prod/*/"), by_api(f"{API_ARN}/*/POST/orders")])
    assert [r.caller for r in found] == [API, "p4q8r2s6t0"]


def test_with_the_api_in_view_nothing_is_unknown() -> None:
    assert by("api", policy=[by_api()], **api(GET=method(auth="AWS_IAM"))) == []


def test_an_api_of_which_routes_are_missing() -> None:
    """get-resources without --embed methods tells no integration."""
    found = by("api", policy=[by_api()], **api(GET={}))
    assert [(r.caller, r.verdict) for r in found] == [(API, Verdict.UNKNOWN)]


def test_a_denied_api_is_no_caller() -> None:
    shut = deny(Principal="*", Condition={"ArnLike": {"aws:SourceArn": f"{API_ARN}/*"}})
    assert by("api", policy=[by_api(), shut]) == []


@pytest.mark.parametrize(
    "statement",
    [grant({"Service": GATEWAY}), by_api(f"arn:aws:execute-api:{REGION}:{ACCOUNT}:*/*/GET/orders")],
)
def test_a_grant_that_leaves_open_which_api_it_means(statement: Json) -> None:
    assert [(r.kind, r.verdict) for r in by("api", policy=[statement])] == [("api", Verdict.UNKNOWN)]
    assert [r.kind for r in by("api", policy=[statement], **api(GET=method()))] == ["anyone"]


# Event sources.

UPLOADS = "arn:aws:s3:::uploads"
BY_BUCKET = grant(
    {"Service": "s3.amazonaws.com"},
    ArnLike={"AWS:SourceArn": UPLOADS},
    StringEquals={"AWS:SourceAccount": ACCOUNT},
)


def test_a_bucket_that_calls_the_function() -> None:
    """Two notifications, one row."""
    (found,) = by("event_source", policy=[BY_BUCKET], **notifying())
    assert (found.caller, found.kind, found.verdict) == (UPLOADS, "event_source", Verdict.ALLOWED)
    assert (found.action, found.resource) == (INVOKE, FUNCTION)
    assert found.witness is not None and found.witness["principal"] == "s3.amazonaws.com"
    assert {b.location.source.partition(".")[0] for b in found.because} == {
        "get-bucket-notification-configuration",
        "get-policy",
    }


def test_a_bucket_that_the_policy_does_not_let_call() -> None:
    other = grant({"Service": "s3.amazonaws.com"}, ArnLike={"AWS:SourceArn": "arn:aws:s3:::others"})
    assert by("event_source", policy=[other], **notifying()) == []


def test_a_user_pool_that_calls_the_function() -> None:
    arn = f"arn:aws:cognito-idp:{REGION}:{ACCOUNT}:userpool/{REGION}_Users0001"
    users = {"Id": f"{REGION}_Users0001", "Arn": arn, "Name": "people", "LambdaConfig": {"PreSignUp": FUNCTION}}
    named = grant({"Service": "cognito-idp.amazonaws.com"}, ArnLike={"AWS:SourceArn": arn})
    found = by("event_source", policy=[named], **{"describe-user-pool": {"UserPool": users}})
    assert [(r.caller, r.verdict) for r in found] == [(arn, Verdict.ALLOWED)]


def polled(*statements: Json, state: str = "Enabled") -> list[tuple[str, str]]:
    """(source, verdict) where a queue is polled with a role of these rights."""
    mapping = {
        "UUID": "11111111-1111-1111-1111-111111111111",
        "EventSourceArn": f"arn:aws:sqs:{REGION}:{ACCOUNT}:jobs",
        "FunctionArn": FUNCTION,
        "State": state,
    }
    runs = role("runs", *statements)
    assert runs["Arn"] == RUNS_AS
    found = by("event_source", runs, **{"list-event-source-mappings": {"EventSourceMappings": [mapping]}})
    return [(r.caller.rpartition(":")[2], str(r.verdict)) for r in found]


QUEUE = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]


def test_a_queue_that_is_polled() -> None:
    assert polled(allow(QUEUE, "*")) == [("jobs", "allowed")]


def test_a_mapping_whose_role_lacks_a_permission_does_not_work() -> None:
    assert polled(allow(QUEUE[:2], "*")) == []


def test_a_mapping_that_is_switched_off() -> None:
    assert polled(allow(QUEUE, "*"), state="Disabled") == []
