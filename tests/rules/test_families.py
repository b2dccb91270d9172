"""Rules about pools, event sources, escalation and joined paths keep quiet where all is well.

On the mended back end of the teaching fixtures, and on every good example of any rule, other rules' included.
"""

from __future__ import annotations

from fnmatch import fnmatch

from permcheck import registry
from tests.rules.teaching import audited

# Which rules are about what: pools PC15x and PC16x, event sources and APIs PC17x, everything joined PC3xx.
FAMILIES = ("PC15", "PC16", "PC17", "PC3")
RULES = registry.rules()


def of_families(ids: set[str]) -> set[str]:
    """Those of some rules that are of the families."""
    return {each for each in ids if each.startswith(FAMILIES)}


def test_the_families_are_there() -> None:
    ids = {rule.id for rule in RULES}
    assert all(any(each.startswith(family) for each in ids) for family in FAMILIES)
    assert len(of_families(ids)) > 40


def test_the_mended_back_end() -> None:
    assert of_families({finding.rule for finding in audited("mobile-backend-fixed").findings}) == set()
    # The one that was not mended shows that they could have spoken.
    assert of_families({finding.rule for finding in audited("mobile-backend").findings})


def test_no_good_example_is_excused() -> None:
    """Every good example yields nothing at all (test_examples), so no leave to ignore may hide one of these rules.

    Rules about where a door leads (PC3xx) have examples with a door: that there is one other rules tell.
    """
    ids = {rule.id for rule in RULES}
    for rule in RULES:
        for example in rule.good:
            patterns = [str(pattern) for pattern in example.config.get("ignore", ())]
            hidden = {each for each in ids if any(fnmatch(each, pattern) for pattern in patterns)}
            assert rule.id not in hidden
            if not rule.id.startswith("PC3"):
                assert of_families(hidden) == set(), rule.id
            assert not any(each.startswith("PC3") for each in hidden), rule.id
