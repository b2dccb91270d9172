"""What is said of guests of identity pools, and what is left unsaid."""

import json
from pathlib import Path

import pytest

from permcheck.rules._examples import (
    ACCOUNT,
    OTHER,
    REGION,
    Json,
    allow,
    deny,
    document,
    function_arn,
    role,
    role_arn,
    table_arn,
    worker,
)
from permcheck.rules.invoke._pool_examples import BUCKET, OWN_FOLDER, POOL, app, by_token, guest, taking, user
from tests.rules.auditing import Files, found, severities

INVOKE = "lambda:InvokeFunction"
RUM = allow("rum:PutRumEvents", f"arn:aws:rum:{REGION}:{ACCOUNT}:appmonitor/shop")
ORDERS = allow("dynamodb:GetItem", table_arn("Orders"))
SEARCH = allow(INVOKE, function_arn("search"))
CALLED: Json = {"functions": {"search": "search-role"}}


def of_guests(*statements: dict[str, object], **more: object) -> Files:
    """An app whose guests have these statements, and a function that reaches nothing."""
    return app(guest(*statements), worker("search-role"), **{"guests": True, **CALLED, **more})


# guest access itself


def test_guests_who_get_nothing_are_worth_a_note() -> None:
    assert severities(of_guests()) == {"PC151": "info"}


def test_guests_for_rum_alone_are_worth_a_note() -> None:
    assert severities(of_guests(RUM)) == {"PC151": "info"}
    (finding,) = found(of_guests(RUM), "PC151")
    assert "CloudWatch RUM" in finding.message


def test_rum_beside_something_else_is_more_than_rum() -> None:
    assert severities(of_guests(RUM, allow("polly:SynthesizeSpeech"))) == {"PC151": "medium"}


def test_guests_without_a_role_get_no_credentials() -> None:
    assert severities(app(guests=True)) == {"PC151": "info"}


def test_a_guest_role_that_is_not_in_view_is_not_taken_for_harmless() -> None:
    files = app(guests=True, handed={"unauthenticated": "elsewhere"})
    assert severities(files) == {"PC151": "medium"}


def test_what_a_deny_takes_back_is_nothing() -> None:
    assert severities(of_guests(ORDERS, deny("dynamodb:*"))) == {"PC151": "info"}


def test_guests_who_are_told_of_by_a_stronger_finding_are_not_told_of_twice() -> None:
    for statement, rule in [(ORDERS, "PC152"), (SEARCH, "PC153"), (allow("lambda:*"), "PC131")]:
        assert set(severities(of_guests(statement))) == {rule}


def test_whether_guests_get_in_is_not_told() -> None:
    files = {name: text for name, text in of_guests(ORDERS).items() if name != "pool.json"}
    assert severities(files) == {}


# what they reach


@pytest.mark.parametrize(
    "action",
    ["secretsmanager:GetSecretValue", "ssm:GetParameter", "ec2:DescribeInstances", "iam:CreateUser", "states:*"],
)
def test_what_cognito_takes_away_is_not_reached(action: str) -> None:
    assert severities(of_guests(allow(action))) == {"PC165": "info"}


def test_without_the_session_policy_of_the_enhanced_flow_it_is() -> None:
    files = of_guests(allow("secretsmanager:GetSecretValue"), classic=True)
    assert severities(files) == {"PC152": "high", "PC154": "high"}
    (finding,) = found(files, "PC152")
    assert "by the classic flow" in finding.message


def test_where_mappings_may_bar_the_classic_flow_nothing_is_claimed() -> None:
    files = of_guests(allow("secretsmanager:GetSecretValue"), classic=True, mappings=by_token())
    assert "PC152" not in severities(files)
    assert "PC154" not in severities(files)


@pytest.mark.parametrize(
    "statement",
    [
        allow("s3:PutObject", OWN_FOLDER),
        allow(
            "dynamodb:Query",
            table_arn("Notes"),
            Condition={
                "ForAllValues:StringEquals": {"dynamodb:LeadingKeys": "${cognito-identity.amazonaws.com:sub}"},
                "Null": {"dynamodb:LeadingKeys": "false"},
            },
        ),
    ],
    ids=["Resource", "LeadingKeys"],
)
def test_what_is_scoped_to_the_identity_is_low(statement: dict[str, object]) -> None:
    files = of_guests(statement)
    assert severities(files) == {"PC152": "low"}
    (finding,) = found(files, "PC152")
    assert "own identity" in finding.message
    assert any("sub" in str(condition) for condition in finding.conditions)


def test_one_statement_without_the_scope_is_enough() -> None:
    files = of_guests(allow("s3:PutObject", OWN_FOLDER), allow("s3:GetObject", f"{BUCKET}/*"))
    (finding,) = found(files, "PC152")
    assert finding.severity == "high"
    assert "s3:GetObject" in finding.message


def test_a_finding_shows_the_way_and_a_request() -> None:
    (finding,) = found(of_guests(ORDERS), "PC152")
    assert [step.kind for step in finding.path] == ["guest", "role", "target"]
    assert finding.witness is not None
    assert finding.witness["principal"] == f"arn:aws:sts::{ACCOUNT}:assumed-role/shop-guest/CognitoIdentityCredentials"
    assert finding.resource == role_arn("shop-guest")
    assert [place.source for place in finding.locations] == ["account.json", "pool-roles.json"]


# what they invoke


def test_a_named_function_is_high_and_every_function_critical() -> None:
    assert severities(of_guests(SEARCH)) == {"PC153": "high"}
    assert severities(of_guests(allow(INVOKE))) == {"PC153": "critical"}
    assert severities(of_guests(allow("lambda:Invoke*", function_arn("*")))) == {"PC153": "critical"}


def test_the_old_action_alone_invokes_nothing() -> None:
    assert "PC153" not in severities(of_guests(allow("lambda:InvokeAsync")))


def test_a_function_that_is_not_in_view_counts_too() -> None:
    files = of_guests(allow(INVOKE, function_arn("elsewhere")), functions=None)
    assert severities(files) == {"PC153": "high"}


def test_a_condition_on_the_request_makes_it_one_step_less() -> None:
    office = {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}
    assert severities(of_guests(SEARCH | {"Condition": office})) == {"PC153": "medium"}


def test_the_signed_in_role_is_not_the_guests() -> None:
    files = app(guest(), user(allow(INVOKE, function_arn("search"))), worker("search-role"), guests=True, **CALLED)
    assert severities(files) == {"PC151": "info"}


def test_a_guest_role_that_does_not_take_guests_is_no_way_in() -> None:
    closed = role("shop-guest", SEARCH, trusts=taking("authenticated"))
    files = app(closed, worker("search-role"), guests=True, **CALLED)
    assert "PC153" not in severities(files)


# roles that wait


def test_a_role_that_waits_for_guests() -> None:
    assert severities(of_guests(ORDERS, guests=False)) == {"PC166": "low"}
    assert severities(of_guests(guests=False)) == {}, "Amplify attaches an empty one"


def test_a_role_that_is_attached_for_users_does_not_wait_for_guests() -> None:
    assert severities(app(user(ORDERS))) == {}


# event sources


def queue(action: str = "sqs:SendMessage") -> Files:
    """Guests may send to a queue that Lambda polls for the function."""
    arn = f"arn:aws:sqs:{REGION}:{ACCOUNT}:jobs"
    mapping = {"UUID": "1", "EventSourceArn": arn, "FunctionArn": function_arn("search"), "State": "Enabled"}
    return app(
        guest(allow(action, arn)),
        *_polling(arn),
        guests=True,
        functions={"search": "search-role"},
        mappings_of_lambda={"EventSourceMappings": [mapping]},
    )


def _polling(arn: str) -> tuple[Json, ...]:
    """The role of a function for which the queue is polled."""
    return (worker("search-role", allow(["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"], arn)),)


def test_a_write_that_sets_a_function_off() -> None:
    said = severities(queue())
    assert said["PC167"] == "high"
    assert "PC152" not in said, "it is told once"
    (finding,) = found(queue(), "PC167")
    assert [step.kind for step in finding.path[:4]] == ["guest", "role", "event_source", "function"]


def test_a_write_that_sets_a_function_off_by_way_of_others() -> None:
    topic, jobs = (f"arn:aws:{service}:{REGION}:{ACCOUNT}:jobs" for service in ("sns", "sqs"))
    lets = {"Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"}, "Action": "sqs:SendMessage"}
    policy = document({**lets, "Resource": jobs, "Condition": {"ArnEquals": {"aws:SourceArn": topic}}})
    subscription = {"TopicArn": topic, "Protocol": "sqs", "Endpoint": jobs, "SubscriptionArn": f"{topic}:1"}
    files = {
        **queue(),
        **app(guest(allow("sns:Publish", topic)), *_polling(jobs), guests=True, functions={"search": "search-role"}),
        "subscriptions.json": {"Subscriptions": [subscription]},
        "queue.json": {"Attributes": {"QueueArn": jobs, "Policy": json.dumps(policy)}},
    }
    (finding,) = found(files, "PC167")
    assert "write to jobs and so set off search" in finding.message
    assert "PC152" not in severities(files)
    files["queue.json"]["Attributes"]["Policy"] = json.dumps(document())
    assert "PC167" not in severities(files), "the queue does not let the topic in"


def test_reading_from_the_source_sets_nothing_off() -> None:
    said = severities(queue("sqs:ReceiveMessage"))
    assert "PC167" not in said
    assert said["PC152"] == "high"


def test_other_accounts_and_pools_do_not_mix() -> None:
    files = of_guests(ORDERS)
    assert POOL in str(found(files, "PC152")[0].path)
    assert OTHER not in str(found(files, "PC152"))


def test_the_mended_app_gives_no_pool_rule_a_reason() -> None:
    folder = Path(__file__).parents[2] / "fixtures" / "mobile-backend-fixed" / "account"
    captures = {path.name: json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.iterdir())}
    assert severities(captures) == {}
