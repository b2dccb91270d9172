"""What the docs say about the program is what the program says."""

import json
import re
from pathlib import Path

import pytest

from permcheck.registry import rules
from permcheck.report.rule_page import HEADINGS
from permcheck.rule import Rule
from tools import docs, rule_pages

RULES = rules()
ROOT = docs.ROOT


def test_nothing_in_the_docs_is_stale() -> None:
    stale = [str(path.relative_to(ROOT)) for path in docs.stale(ROOT, docs.wanted(ROOT))]
    assert not stale, f"make docs writes {', '.join(stale)} again"


def test_the_readme_shows_the_help_the_rules_and_the_demo() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for name in docs.BLOCKS:
        block = readme.partition(f"<!-- {name}:begin -->\n")[2].partition(f"<!-- {name}:end -->")[0]
        assert block.strip(), f"README.md has no block {name}"
    for rule in RULES:
        assert f"[{rule.id}](docs/rules/{rule.id}.md)" in readme


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_page_holds_what_the_rule_says(rule: Rule) -> None:
    page = rule_pages.page(rule)
    assert page.splitlines()[2] == f"# {rule.id} {rule.name}"
    for heading in HEADINGS:
        assert f"\n## {heading}\n" in page, f"the docstring of {rule.id} has no {heading}"
    for example in (*rule.bad, *rule.good):
        for name in example.files:
            assert f"`{name}`" in page
    assert page.count("<details>") == len(rule.bad) - 1 + len(rule.good) == page.count("</details>")
    for block in re.findall(r"(?s)```json\n(.*?)\n```", page):
        json.loads(block)
    assert page == rule_pages.page(rule)


def test_a_page_shows_the_words_of_the_finding() -> None:
    page = rule_pages.page(next(rule for rule in RULES if rule.id == "PC001"))
    assert "low: there is no action lambda:InvokeFunctions\n  fix: write lambda:InvokeFunction" in page


def test_every_rule_belongs_to_a_family_of_the_index() -> None:
    index = rule_pages.index(RULES)
    assert [index.count(f"({rule.id}.md)") for rule in RULES] == [1] * len(RULES)


def test_only_what_stands_between_the_marks_is_replaced() -> None:
    text = "a\n<!-- x:begin -->\nold\n<!-- x:end -->\nb <!-- y:begin -->\n"
    filled = docs.filled(text, {"x": lambda: "n\\1w", "y": lambda: "no end", "z": lambda: "no mark"})
    assert filled == "a\n<!-- x:begin -->\nn\\1w\n<!-- x:end -->\nb <!-- y:begin -->\n"


def test_what_is_stale_is_named(tmp_path: Path) -> None:
    pages = tmp_path / "docs" / "rules"
    pages.mkdir(parents=True)
    made = {pages / "PC001.md": "one\n", pages / "PC002.md": "two\n", pages / "README.md": "index\n"}
    (pages / "PC001.md").write_text("one\n")
    (pages / "PC002.md").write_text("another\n")
    (pages / "PC999.md").write_text("a rule that is no more\n")
    assert [path.name for path in docs.stale(tmp_path, made)] == ["PC002.md", "README.md", "PC999.md"]


def test_signs_of_markdown_are_shown_as_they_are() -> None:
    class Starry(type(RULES[0])):  # type: ignore[misc]
        """A grant of s3:* on <all> a|b, `as * code`."""

    assert rule_pages.table([Starry()], "").endswith(r"| A grant of s3:\* on &lt;all> a\|b, `as * code` |")
