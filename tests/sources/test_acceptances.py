"""Suppressions that a template carries: in Metadata and in comments of YAML."""

import time
from datetime import date
from typing import Any

import pytest
import yaml

from permcheck.model import NotRead, Suppression
from permcheck.sources.declared.acceptances import of_comments, of_metadata

TEMPLATE = """\
# permcheck: suppress PC151: the whole app is for guests
AWSTemplateFormatVersion: "2010-09-09"
Resources:
  # permcheck: suppress PC121 until 2027-06-30: checks the signature itself
  Url:
    Type: AWS::Lambda::Url
    Properties:
      AuthType: NONE
  Role:
    Type: AWS::IAM::Role  # permcheck: suppress PC131, PC132: a lab
    Properties:
      Description: "no # permcheck: suppress PC133: comment"
      Policies:
        - PolicyName: one
          PolicyDocument:
            Statement:
              # permcheck: suppress wildcard-resource: all of them
              - Effect: Allow
                Action: lambda:*
              - Effect: Allow
                Action: s3:*  #permcheck:suppress PC203:needs it
                Resource: |
                  # permcheck: suppress PC134: text
                  end
# permcheck: suppress PC999: at the end
"""


def commented(text: str) -> list[Suppression | NotRead]:
    """What the comments of a text say."""
    return list(of_comments(text, yaml.compose(text, yaml.CSafeLoader), "app.yaml"))


def test_what_a_comment_is_about() -> None:
    found = commented(TEMPLATE)
    assert all(isinstance(each, Suppression) and each.source == "app.yaml" and each.resource is None for each in found)
    said = [(each.rule, each.pointer, each.place) for each in found if isinstance(each, Suppression)]
    statements = "/Resources/Role/Properties/Policies/0/PolicyDocument/Statement"
    assert said == [
        ("PC151", "", "app.yaml:1"),
        ("PC121", "/Resources/Url", "app.yaml:4"),
        ("PC131", "/Resources/Role", "app.yaml:10"),
        ("PC132", "/Resources/Role", "app.yaml:10"),
        ("wildcard-resource", f"{statements}/0", "app.yaml:17"),
        ("PC203", f"{statements}/1", "app.yaml:21"),
        ("PC999", "", "app.yaml:25"),
    ]
    assert found[1] == Suppression(
        "PC121",
        None,
        "checks the signature itself",
        None,
        date(2027, 6, 30),
        "app.yaml:4",
        "app.yaml",
        "/Resources/Url",
    )


@pytest.mark.parametrize(
    "comment",
    [
        "# permcheck: suppress PC121",
        "# permcheck: suppress PC121:",
        "# permcheck: suppress : why",
        "# permcheck: ignore PC121: why",
        "# permcheck: suppress PC121 until soon: why",
        "# permcheck: suppress PC121 until 2027-13-01: why",
        "# permcheck: suppress PC121 PC122: why",
        "#permcheck:",
    ],
)
def test_a_comment_that_says_nothing_is_told(comment: str) -> None:
    (gap,) = commented(f"Resources:\n  A: 1\n  B: 2 {comment}\n")
    assert isinstance(gap, NotRead)
    assert (gap.source, gap.line, gap.effect) == ("app.yaml", 3, "it suppresses nothing")


@pytest.mark.parametrize(
    "text", ["# permcheck is good", "a: b#permcheck:x", "a: '# permcheck: x'", "# see permcheck: x"]
)
def test_other_comments_are_let_be(text: str) -> None:
    assert commented(f"{text}\nb: c\n") == []


def test_flow_and_aliases() -> None:
    text = "Resources:\n  A: &a {Type: X, Statement: [{Effect: Allow}]}  # permcheck: suppress PC1*: x\n  B: *a\n"
    (found,) = commented(text)
    assert isinstance(found, Suppression) and found.pointer == "/Resources/A"


def test_a_bomb_of_aliases_is_walked_once() -> None:
    lines = ["a0: &a0 [x, x]", *(f"a{i}: &a{i} [*a{i - 1}, *a{i - 1}, *a{i - 1}]" for i in range(1, 40))]
    start = time.perf_counter()
    assert len(commented("\n".join(lines) + "\n# permcheck: suppress PC1: x\n")) == 1
    assert time.perf_counter() - start < 2


def test_many_comments_take_linear_time() -> None:
    text = "Resources:\n" + "".join(f"  R{i}: {{Type: X}}  # permcheck: suppress PC{i}: x\n" for i in range(20_000))
    start = time.perf_counter()
    assert len(commented(text)) == 20_000
    assert time.perf_counter() - start < 10


def metadata(entry: Any, of_resource: bool = True) -> list[Suppression | NotRead]:
    """What the Metadata of a resource, or of the template, says."""
    block = {"permcheck": entry}
    template = {"Resources": {"a/b": {"Type": "X", "Metadata": block}}} if of_resource else {"Metadata": block}
    return list(of_metadata(template, "app.json", {"/Resources/a~1b/Metadata/permcheck/suppressions/0": 7}.get))


def test_metadata_of_a_resource() -> None:
    entry = {"rule": "PC121", "reason": "known", "until": "2027-06-30", "sid": "Public"}
    assert metadata({"suppressions": [entry]}) == [
        Suppression("PC121", None, "known", "Public", date(2027, 6, 30), "app.json:7", "app.json", "/Resources/a~1b")
    ]


def test_metadata_of_the_template() -> None:
    whole = {"rule": "PC151", "reason": "for guests", "until": date(2027, 6, 30)}
    one = {"rule": "PC121", "reason": "known", "resource": "shop-*"}
    at = "app.json#/Metadata/permcheck/suppressions"
    assert metadata({"suppressions": [whole, one]}, of_resource=False) == [
        Suppression("PC151", None, "for guests", None, date(2027, 6, 30), f"{at}/0", "app.json", ""),
        Suppression("PC121", "shop-*", "known", None, None, f"{at}/1", None, ""),
    ]


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ([], "permcheck holds suppressions, a list, and nothing else"),
        ({"suppressions": {}}, "permcheck holds suppressions, a list, and nothing else"),
        ({"ignore": []}, "permcheck holds suppressions, a list, and nothing else"),
        ({"suppressions": ["PC121"]}, "a suppression has a rule and a reason"),
        ({"suppressions": [{"rule": "PC121"}]}, "a suppression needs a reason"),
        ({"suppressions": [{"rule": "PC121", "reason": " "}]}, "reason is a text that says something"),
        ({"suppressions": [{"rule": 1, "reason": "x"}]}, "rule is a text that says something"),
        ({"suppressions": [{"rule": "a", "reason": "x", "unless": "y"}]}, "a suppression has no 'unless': there are"),
        ({"suppressions": [{"rule": "a", "reason": "x", "until": 3}]}, "until is a day such as 2027-01-31, not '3'"),
        (
            {"suppressions": [{"rule": "a", "reason": "x", "resource": "y"}]},
            "in the Metadata of a resource, resource is",
        ),
    ],
)
def test_metadata_that_says_nothing_is_told(entry: Any, said: str) -> None:
    (gap,) = metadata(entry)
    assert isinstance(gap, NotRead) and gap.error.startswith(said) and gap.source == "app.json"
    assert gap.pointer.startswith("/Resources/a~1b/Metadata/permcheck")


@pytest.mark.parametrize(
    "template", [{}, {"Resources": []}, {"Resources": {"A": 1}}, {"Metadata": "x"}, {"Metadata": {"other": 1}}]
)
def test_templates_that_accept_nothing(template: Any) -> None:
    assert list(of_metadata(template, "app.json")) == []
