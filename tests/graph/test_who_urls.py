"""``who``: function URLs, which ask for two grants since October 2025."""

import pytest

from permcheck.model import Verdict
from tests.graph.asking import (
    ACCOUNT,
    FUNCTION,
    INVOKE,
    INVOKE_URL,
    OTHER,
    account,
    allow,
    brief,
    grant,
    role,
    role_arn,
    row,
    rows,
    url,
)

OLD, NEW = "2025-09-30T10:00:00.000000000Z", "2025-10-01T10:00:00.000000000Z"
FIRST = grant("*", action=INVOKE_URL, StringEquals={"lambda:FunctionUrlAuthType": "NONE"})
SECOND = grant("*", action=INVOKE, Bool={"lambda:InvokedViaFunctionUrl": "true"})
CALLER = role_arn("caller")


@pytest.mark.parametrize("created", [OLD, NEW, None])
def test_both_grants_open_a_url_of_any_age(created: str | None) -> None:
    found = row(account(policy=[FIRST, SECOND], url=url(created=created)), "anyone")
    assert (found.kind, found.verdict, found.via) == ("anyone", Verdict.ALLOWED, "function_url")
    assert (found.action, found.resource, len(found.because)) == (INVOKE_URL, FUNCTION, 2)


@pytest.mark.parametrize(("created", "verdict"), [(OLD, "unknown"), (None, "unknown"), (NEW, None)])
def test_the_first_grant_alone(created: str | None, verdict: str | None) -> None:
    """Nobody says when an old URL stops working; a new one never did."""
    found = rows(account(policy=[FIRST], url=url(created=created)), "anyone")
    assert [str(r.verdict) for r in found] == ([verdict] if verdict else [])


def test_the_second_grant_alone_opens_nothing() -> None:
    assert rows(account(policy=[SECOND], url=url())) == []


def test_a_grant_for_calls_through_the_url_is_none_for_the_api() -> None:
    """``anyone`` comes in by the URL; an AWS principal, which Invoke asks for, is not let in by the same words."""
    assert brief(account(policy=[FIRST, SECOND], url=url())) == [("anyone", "anyone", "allowed", "function_url")]


def test_without_that_condition_everybody_may_call_the_api_too() -> None:
    found = brief(account(policy=[FIRST, grant("*", action=INVOKE)], url=url()))
    assert found == [
        ("anyone", "anyone", "allowed", "function_url"),
        ("aws", "*", "allowed", "resource_policy"),
    ]


def test_a_grant_for_a_url_of_the_other_kind_has_no_effect() -> None:
    signed = grant("*", action=INVOKE_URL, StringEquals={"lambda:FunctionUrlAuthType": "AWS_IAM"})
    assert rows(account(policy=[signed, SECOND], url=url())) == []


def test_grants_without_a_url_open_none() -> None:
    """Where the URLs were listed; else one may be there, and whoever makes one opens the function."""
    none = {"FunctionUrlConfigs": list[object]()}
    assert rows(account(policy=[FIRST, SECOND], list_function_url_configs__orders=none)) == []
    found = row(account(policy=[FIRST, SECOND]), "anyone")
    assert (found.verdict, found.action, found.via) == (Verdict.UNKNOWN, INVOKE_URL, "function_url")
    assert "not in view" in found.note
    assert row(account(policy=[FIRST]), "anyone").verdict is Verdict.UNKNOWN
    assert rows(account(policy=[SECOND])) == []


def test_a_url_whose_kind_is_not_told() -> None:
    told = url()
    del told["AuthType"]
    texts = account(policy=[grant("*", action=[INVOKE, INVOKE_URL])], urls={"FunctionUrlConfigs": [told]})
    assert row(texts, "anyone").verdict is Verdict.UNKNOWN


BOTH = allow([INVOKE_URL, INVOKE])


def by_url(texts: dict[str, str], caller: str) -> list[str]:
    """The verdicts of a caller's rows through the URL."""
    return [str(r.verdict) for r in rows(texts, caller) if r.via == "function_url"]


@pytest.mark.parametrize(
    ("created", "actions", "verdicts"),
    [
        (NEW, [INVOKE_URL, INVOKE], ["allowed"]),
        (NEW, [INVOKE_URL], []),
        (OLD, [INVOKE_URL], ["unknown"]),
        (None, [INVOKE_URL], ["unknown"]),
        (OLD, [INVOKE], []),
    ],
)
def test_a_signed_url_and_a_role(created: str | None, actions: list[str], verdicts: list[str]) -> None:
    texts = account(role("caller", allow(actions)), url=url("AWS_IAM", created))
    assert by_url(texts, CALLER) == verdicts
    assert rows(texts, "anyone") == []


def test_a_signed_url_and_another_account() -> None:
    both = grant({"AWS": OTHER}, action=[INVOKE_URL, INVOKE])
    assert by_url(account(policy=[both], url=url("AWS_IAM", NEW)), OTHER) == ["conditional"]


def test_the_url_of_an_alias_asks_the_policy_of_the_alias() -> None:
    statements = [grant("*", f"{FUNCTION}:prod", [INVOKE_URL, INVOKE])]
    texts = account(get__policy=url(qualifier="prod"), **{"get-policy__prod": {"Policy": policy(*statements)}})
    found = row(texts, "anyone")
    assert (found.resource, found.verdict) == (f"{FUNCTION}:prod", Verdict.ALLOWED)


def policy(*statements: object) -> str:
    """A policy as get-policy prints it."""
    import json

    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def test_a_role_of_the_account_that_is_not_in_view() -> None:
    named = [grant({"AWS": role_arn("gone")}, action=[INVOKE_URL, INVOKE])]
    assert by_url(account(role("other"), policy=named, url=url("AWS_IAM")), role_arn("gone")) == ["unknown"]
    assert by_url(account(policy=named, url=url("AWS_IAM")), role_arn("gone")) == ["allowed"]
    assert ACCOUNT in role_arn("gone")
