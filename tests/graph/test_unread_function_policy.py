"""A function policy that could not be read: unknown is what it may govern, and nothing else."""

import json

import pytest

from permcheck.graph import questions
from permcheck.model import Verdict
from tests.graph.asking import FUNCTION, account, allow, document, grant, read, role, role_arn, rows

ALIASES = {"Aliases": [{"AliasArn": f"{FUNCTION}:live", "Name": "live", "FunctionVersion": "3"}]}


def texts(unread: str, *qualified: str) -> dict[str, str]:
    """A caller with every right and one with none; the policy of ``unread`` breaks off, the others are in order."""
    found = account(role("any", allow(resource="*")), role("none", allow("s3:ListBucket", "*")), list_aliases=ALIASES)
    for name in qualified:
        text = {"Policy": json.dumps(document(grant({"Service": "sns.amazonaws.com"}, name)))}
        found[f"get-policy.{name.removeprefix(FUNCTION).lstrip(':') or 'plain'}.json"] = json.dumps(text)
    cut = {"Policy": json.dumps(document(grant("*", unread))).replace('"Effect": "Allow"', '"Effect": "Maybe"')}
    return found | {"cut.json": json.dumps(cut)}


def verdicts(found: dict[str, str], caller: str) -> dict[str, str]:
    """Name the function is called by → verdict, of the answers of ``why``."""
    answers = questions.why(read(found), caller, "orders")
    return {a.resource.removeprefix(FUNCTION): str(a.verdict) for a in answers}


def test_the_policy_of_the_function_may_cover_all_its_names() -> None:
    """Its Resource might end in ``*``; whether it governs a qualified request then AWS does not say."""
    found = texts(FUNCTION, f"{FUNCTION}:live")
    unknown = dict.fromkeys(("", ":3", ":live"), "unknown")
    assert verdicts(found, "none") == unknown
    assert verdicts(found, "any") == unknown, "it might deny as well"


@pytest.mark.parametrize("qualifier", ["live", "3"])
def test_the_policy_of_a_version_or_alias_governs_that_one(qualifier: str) -> None:
    """Lambda, "Viewing resource-based IAM policies in Lambda": each has a policy of its own."""
    found = texts(f"{FUNCTION}:{qualifier}", FUNCTION)
    assert verdicts(found, "none")[f":{qualifier}"] == "unknown"
    assert {name: v for name, v in verdicts(found, "any").items() if v != "allowed"} == {f":{qualifier}": "unknown"}
    assert verdicts(found, "none")[""] == "denied"


def test_the_row_says_what_could_not_be_read() -> None:
    (plain,) = [r for r in rows(texts(FUNCTION), role_arn("none")) if r.resource == FUNCTION]
    assert (plain.verdict, plain.because) == (Verdict.UNKNOWN, ())
    assert plain.note == f"could not be read: function policy of {FUNCTION}"
