"""What the settings mean: names and wildcards, rules, suppressions."""

import pytest

from permcheck.config import Config, PublicFunction, Suppression

ROLE = "arn:aws:iam::111122223333:role/ci/release-main"
FUNCTION = "arn:aws:lambda:eu-west-1:111122223333:function:save"


@pytest.mark.parametrize(
    "pattern", ["release-main", "release-*", ROLE, "arn:aws:iam::*:role/ci/*", "*", "releas?-main"]
)
def test_a_role_is_named_by_arn_or_name(pattern: str) -> None:
    assert Config(deploy_roles=("other", pattern)).is_deploy_role(ROLE)


@pytest.mark.parametrize("pattern", ["release", "Release-*", "ci/release-main", "main", "arn:aws:iam::1:role/*", ""])
def test_a_role_that_is_not_named(pattern: str) -> None:
    assert not Config(deploy_roles=(pattern,)).is_deploy_role(ROLE)


@pytest.mark.parametrize("arn", [FUNCTION, f"{FUNCTION}:prod", f"{FUNCTION}:3"])
@pytest.mark.parametrize("pattern", ["save", "s*", FUNCTION])
def test_a_function_is_named_whatever_its_qualifier(pattern: str, arn: str) -> None:
    assert Config(public_functions=(PublicFunction(pattern, "why"),)).public_reason(arn) == "why"


def test_a_function_that_is_not_named() -> None:
    config = Config(public_functions=(PublicFunction("prod", "why"), PublicFunction(f"{FUNCTION}:prod", "alias")))
    assert config.public_reason(FUNCTION) is None
    assert config.public_reason(f"{FUNCTION}:prod") == "alias"
    assert config.public_reason("not an arn") is None


@pytest.mark.parametrize(
    ("select", "ignore", "wanted"),
    [
        ((), (), True),
        (("PC101",), (), True),
        (("PC1*",), (), True),
        (("anyone-*",), (), True),
        (("PC2*",), (), False),
        ((), ("PC101",), False),
        ((), ("anyone-may-invoke",), False),
        (("PC101",), ("PC1*",), False),
        ((), ("PC2*",), True),
    ],
)
def test_which_rules_run(select: tuple[str, ...], ignore: tuple[str, ...], wanted: bool) -> None:
    assert Config(select=select, ignore=ignore).wants("PC101", "anyone-may-invoke") is wanted


def test_severity_by_id_or_name() -> None:
    config = Config(severity={"PC101": "low", "no-version": "high"})
    assert config.severity_of("PC101", "anyone-may-invoke") == "low"
    assert config.severity_of("PC001", "no-version") == "high"
    assert config.severity_of("PC002", "other") is None


def test_every_rule_that_is_named() -> None:
    config = Config(select=("a",), ignore=("b",), severity={"c": "low"}, suppressions=(Suppression("d", "*", "x"),))
    assert list(config.named_rules()) == ["a", "b", "c", "d"]
