"""``who`` and ``why`` about a version or an alias: that name alone, and an error for one that nothing shows."""

from typing import Any

import pytest

from permcheck.errors import UnknownName
from permcheck.graph import questions
from permcheck.model import Facts, Verdict
from tests.graph.asking import FUNCTION, Json, account, allow, grant, notifying, read, role, role_arn

LIVE: Json = {"AliasArn": f"{FUNCTION}:live", "Name": "live", "FunctionVersion": "3"}
GRADUAL = LIVE | {"RoutingConfig": {"AdditionalVersionWeights": {"4": 0.1}}}


def facts(resource: str = "*", *aliases: Json, **files: Any) -> Facts:
    """An account whose role ``caller`` may invoke the resource."""
    listed = {"list_aliases": {"Aliases": list(aliases)}} if aliases else {}
    return read(account(role("caller", allow(resource=resource)), **listed, **files))


def called(given: Facts, name: str) -> set[str]:
    """What the role is shown to call, as ``who`` about this name has it."""
    rows = questions.who(given, name).callers
    return {r.resource.removeprefix(FUNCTION) for r in rows if r.caller == role_arn("caller")}


@pytest.mark.parametrize("start", ["orders", "function:orders", FUNCTION])
@pytest.mark.parametrize("qualifier", ["live", "3", "4", "$LATEST"])
def test_a_name_in_view(start: str, qualifier: str) -> None:
    """$LATEST always exists; the versions an alias sends calls to do (Lambda API Reference, "CreateAlias")."""
    given = facts("*", GRADUAL)
    name = f"{start}:{qualifier}"
    assert called(given, name) == {f":{qualifier}"}
    assert questions.who(given, name).asked == f"{FUNCTION}:{qualifier}"
    (answer,) = questions.why(given, "caller", name)
    assert (answer.resource, answer.verdict) == (f"{FUNCTION}:{qualifier}", Verdict.ALLOWED)


@pytest.mark.parametrize("name", ["orders:liv", f"{FUNCTION}:liv", "orders:9", "orders:"])
def test_a_name_that_nothing_shows(name: str) -> None:
    for ask in (lambda: questions.who(facts("*", LIVE), name), lambda: questions.why(facts("*", LIVE), "caller", name)):
        with pytest.raises(UnknownName, match=r"orders has no version or alias") as error:
            ask()
        assert error.value.nearest, "some names that do exist"
    assert "orders:live" in error.value.nearest


def test_without_a_qualifier_every_name_is_answered_for() -> None:
    given = facts("*", LIVE)
    assert called(given, "orders") == {"", ":3", ":live"}
    assert questions.why(given, "caller", "orders")[0].resource == FUNCTION


def test_an_alias_known_from_a_grant_alone() -> None:
    given = facts(f"{FUNCTION}:beta")
    assert called(given, "orders:beta") == called(given, "orders") == {":beta"}
    assert any("taken to exist: orders:beta" in a for a in given.assumptions)


def test_a_complete_listing_says_that_there_is_no_such_alias() -> None:
    given = facts(f"{FUNCTION}:beta", LIVE)
    with pytest.raises(UnknownName):
        questions.who(given, "orders:beta")
    assert not any("Known only" in a for a in given.assumptions)


def test_callers_that_are_no_identities() -> None:
    texts = account(role("x"), policy=[grant({"AWS": "*"}, f"{FUNCTION}:live")], list_aliases={"Aliases": [LIVE]})
    given = read(texts)
    assert {r.kind for r in questions.who(given, "orders:live").callers} == {"aws", "role"}
    assert questions.who(given, "orders:3").callers == ()
    for qualifier, verdict in (("live", Verdict.ALLOWED), ("3", Verdict.DENIED)):
        for caller, expected in (("*", verdict), ("anyone", Verdict.DENIED), ("sns.amazonaws.com", verdict)):
            (answer,) = questions.why(given, caller, f"orders:{qualifier}")
            assert (answer.resource, answer.verdict) == (f"{FUNCTION}:{qualifier}", expected), caller


def test_an_event_source_of_the_plain_function_does_not_call_the_alias() -> None:
    allowed = [grant({"Service": "s3.amazonaws.com"}, ArnLike={"AWS:SourceArn": "arn:aws:s3:::uploads"})]
    given = read(account(role("x"), policy=allowed, list_aliases={"Aliases": [LIVE]}, **notifying("uploads")))
    (plain, *_) = questions.why(given, "arn:aws:s3:::uploads", "orders")
    assert (plain.resource, plain.via) == (FUNCTION, "event_source")
    (answer,) = questions.why(given, "arn:aws:s3:::uploads", "orders:live")
    assert (answer.resource, answer.verdict) == (f"{FUNCTION}:live", Verdict.DENIED)
