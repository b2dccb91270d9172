"""Every malformed form: one line of error, and the pointer of the value that is wrong."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from permcheck.policy import PolicySyntaxError, parse_document
from permcheck.policy.parse import Repeated, repeated_keys

from .asking import NEW, Json
from .test_parse import one

AT = "/Statement/0"
NOT_STRINGS = (1, 1.5, True, None, {"a": "b"})


def refused(document: object, *, repeated: bool = False) -> str:
    """The pointer of the error. Fails when the document is read, or the message is not one line a person can read."""
    with pytest.raises(PolicySyntaxError) as caught:
        parse_document(document, repeated=repeated)
    message = str(caught.value)
    assert message and "\n" not in message and len(message) < 200
    return caught.value.pointer


@pytest.mark.parametrize("document", [None, 1, "x", [], [one()], True])
def test_document(document: object) -> None:
    assert refused(document) == ""


def test_no_statement() -> None:
    assert refused({}) == ""
    assert refused({"Version": NEW}) == ""
    assert refused({"Version": NEW, "statement": []}) == ""


@pytest.mark.parametrize("version", ["2012-10-18", "", "2012", 2012, ["2012-10-17"], {}, True])
def test_version(version: object) -> None:
    assert refused(one() | {"Version": version}) == "/Version"


@pytest.mark.parametrize("statement", [None, "Allow", 3, True])
def test_statement(statement: object) -> None:
    assert refused({"Version": NEW, "Statement": statement}) == "/Statement"
    assert refused({"Version": NEW, "Statement": [one()["Statement"][0], statement]}) == "/Statement/1"


def test_nested_statement_list() -> None:
    assert refused({"Version": NEW, "Statement": [one()["Statement"]]}) == AT


@pytest.mark.parametrize("element", ["Effects", "action", "Ressource", "Conditions", "", "a/b~c"])
def test_unknown_element(element: str) -> None:
    assert refused(one(**{element: "x"})) == f"{AT}/{element.replace('~', '~0').replace('/', '~1')}"


@pytest.mark.parametrize("effect", ["allow", "DENY", "", 1, True, ["Allow"], {}])
def test_effect(effect: object) -> None:
    assert refused(one(Effect=effect)) == f"{AT}/Effect"


def test_missing_elements() -> None:
    assert refused(one(Effect=None)) == AT
    assert refused(one(Action=None)) == AT
    assert refused({"Version": NEW, "Statement": {"Effect": "Allow", "Resource": "*"}}) == "/Statement"


@pytest.mark.parametrize("element", ["Action", "Resource", "Principal"])
def test_an_element_and_its_opposite(element: str) -> None:
    assert refused(one(**{element: "*", f"Not{element}": "*"})) == f"{AT}/Not{element}"


@pytest.mark.parametrize("sid", [1, [], {}, True])
def test_sid(sid: object) -> None:
    assert refused(one(Sid=sid)) == f"{AT}/Sid"


def _with(element: str, value: object) -> Json:
    """A document whose only statement holds this element and not its opposite. Unlike one(), it can hold null."""
    statement = one()["Statement"][0] | {element: value}
    if element.startswith("Not"):
        statement.pop(element.removeprefix("Not"), None)
    return {"Version": NEW, "Statement": [statement]}


@pytest.mark.parametrize("element", ["Action", "NotAction", "Resource", "NotResource"])
@pytest.mark.parametrize("wrong", NOT_STRINGS)
def test_lists_of_strings(element: str, wrong: object) -> None:
    assert refused(_with(element, wrong)) == f"{AT}/{element}"
    assert refused(_with(element, ["s3:Get*", wrong])) == f"{AT}/{element}/1"
    assert refused(_with(element, [["s3:Get*"]])) == f"{AT}/{element}/0"


@pytest.mark.parametrize("element", ["Action", "NotAction"])
@pytest.mark.parametrize("action", ["", "InvokeFunction", "*Function", ":InvokeFunction", "lambda.Invoke", "s3:a\nb"])
def test_action_texts(element: str, action: str) -> None:
    assert refused(_with(element, action)) == f"{AT}/{element}"
    assert refused(_with(element, ["*", action])) == f"{AT}/{element}/1"


@pytest.mark.parametrize("element", ["Principal", "NotPrincipal"])
def test_principals(element: str) -> None:
    at = f"{AT}/{element}"
    for wrong in (1, None, True, 2.5):
        assert refused(_with(element, wrong)) == at
        assert refused(_with(element, {"AWS": wrong})) == f"{at}/AWS"
        assert refused(_with(element, {"Service": ["a", wrong]})) == f"{at}/Service/1"
        assert refused(_with(element, ["*", wrong])) == f"{at}/1"
    assert refused(_with(element, {"aws": "*"})) == f"{at}/aws"
    assert refused(_with(element, {"AWS": "*", "A/B": "*"})) == f"{at}/A~1B"
    assert refused(_with(element, {"AWS": {"AWS": "*"}})) == f"{at}/AWS"


def test_conditions() -> None:
    at = f"{AT}/Condition"
    wrong: object
    for wrong in ("x", 1, None, [], True):
        assert refused(_with("Condition", wrong)) == at
        assert refused(_with("Condition", {"Bool": wrong})) == f"{at}/Bool"
    for operator in ("StringEqual", "NullIfExists", "ForEachValue:StringEquals", "", "IfExists"):
        assert refused(_with("Condition", {operator: {"k:x": "1"}})) == f"{at}/{operator}"
    assert refused(_with("Condition", {"A/B": {}})) == f"{at}/A~1B"
    for wrong in (None, {"a": "b"}):
        assert refused(_with("Condition", {"Bool": {"k:x/y": wrong}})) == f"{at}/Bool/k:x~1y"
        assert refused(_with("Condition", {"Bool": {"k:x": ["true", wrong]}})) == f"{at}/Bool/k:x/1"
    assert refused(_with("Condition", {"Bool": {"k:x": [["true"]]}})) == f"{at}/Bool/k:x/0"


def test_an_error_is_not_kept_as_an_answer() -> None:
    wrong = one(Effect="no")
    assert [refused(wrong), refused(wrong)] == [f"{AT}/Effect"] * 2
    parse_document(one())
    assert refused(one() | {"Version": "1"}) == "/Version"


def test_very_deep_and_very_long_values() -> None:
    deep: object = "x"
    for _ in range(20_000):
        deep = [deep]
    assert refused(_with("Effect", deep)) == f"{AT}/Effect"
    assert refused(_with("Action", deep)) == f"{AT}/Action/0"
    assert refused({"Version": deep, "Statement": []}) == "/Version"
    assert refused(deep) == ""
    assert refused(_with("Effect", "x" * 100_000)) == f"{AT}/Effect"
    assert refused(_with("x" * 100_000, 1)).startswith(f"{AT}/xxx")
    assert refused(one(Effect="\n\n")) == f"{AT}/Effect"


def _repeating(key: str, **members: object) -> Repeated:
    found = Repeated(members)
    found.repeated = key
    return found


@pytest.mark.parametrize(
    ("document", "pointer"),
    [
        (_repeating("Version", Version=NEW, Statement=[]), ""),
        ({"Version": NEW, "Statement": [_repeating("Effect", Effect="Allow", Action="*")]}, AT),
        (_with("Condition", _repeating("Bool", Bool={})), f"{AT}/Condition"),
        (_with("Condition", {"Bool": _repeating("k:x", **{"k:x": "true"})}), f"{AT}/Condition/Bool"),
    ],
)
def test_repeated_keys(document: Mapping[str, object], pointer: str) -> None:
    assert refused(document, repeated=True) == pointer
    assert [at for at, _ in repeated_keys(document)] == [pointer]
