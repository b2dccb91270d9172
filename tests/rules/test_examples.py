"""Each rule's examples: a bad one yields the rule's own finding and nothing else, a good one nothing at all."""

from __future__ import annotations

import pytest

from permcheck import registry
from permcheck.model import CONFIDENCES, SEVERITIES
from permcheck.rule import Example, Rule
from tests.rules.auditing import of_example

RULES = registry.rules()


def _examples(kind: str) -> list[object]:
    return [
        pytest.param(rule, example, id=f"{rule.id}-{kind}-{i}")
        for rule in RULES
        for i, example in enumerate(getattr(rule, kind))
    ]


def test_there_are_rules() -> None:
    assert len(RULES) >= 30


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_each_rule_has_both_kinds(rule: Rule) -> None:
    assert rule.bad
    assert rule.good


@pytest.mark.parametrize(("rule", "example"), _examples("bad"))
def test_bad_yields_this_rule_alone(rule: Rule, example: Example) -> None:
    found = of_example(example)
    assert {finding.rule for finding in found.findings} == {rule.id}, [f.message for f in found.findings]
    assert not found.suppressed or example.config


@pytest.mark.parametrize(("rule", "example"), _examples("good"))
def test_good_yields_nothing(rule: Rule, example: Example) -> None:
    found = of_example(example)
    assert not found.findings, [f"{f.rule} {f.message}" for f in found.findings]


@pytest.mark.parametrize(("rule", "example"), _examples("bad"))
def test_a_finding_tells_what_a_person_needs(rule: Rule, example: Example) -> None:
    for finding in of_example(example).findings:
        assert finding.name == rule.name
        assert finding.severity in SEVERITIES
        assert finding.confidence in CONFIDENCES
        assert finding.message
        assert not finding.message.endswith((".", ":"))
        assert "\n" not in finding.message
        assert finding.fix, "a finding says what to write instead"
        assert finding.locations, "a finding says where"
        # A policy of AWS's own, whose text the input need not hold, stands under its ARN.
        places = [
            place.source for place in finding.locations if not place.source.startswith("arn:aws:iam::aws:policy/")
        ]
        assert set(places) <= set(example.files)
        assert finding.fingerprint


@pytest.mark.parametrize(("rule", "example"), _examples("bad"))
def test_a_path_hangs_together(rule: Rule, example: Example) -> None:
    for finding in of_example(example).findings:
        for step in finding.path[:-1]:
            assert step.edge, f"{rule.id}: the way on from {step.name} has no name"
            assert step.verdict is not None, f"{rule.id}: the way on from {step.name} has no verdict"
        for step in finding.path[-1:]:
            assert not step.edge, f"{rule.id}: the path breaks off behind {step.name}"


def test_configuration_explains_rather_than_hides() -> None:
    """A good example that rests on configuration would be bad without it, and its reason is shown with it.

    Ignoring the findings that a path joins is no such thing: they are other rules'.
    """
    for rule in RULES:
        for example in rule.good:
            if set(example.config) - {"ignore"}:
                assert of_example(example).suppressed, rule.id
                assert of_example(Example(example.files)).findings, rule.id
