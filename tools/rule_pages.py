"""The pages about rules, as text: one for each rule, an index, and the table that README.md shows."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from permcheck.config.lines import Lines
from permcheck.config.read import Table, read
from permcheck.engine import audit
from permcheck.report import words
from permcheck.report.rule_page import sections, title
from permcheck.rule import Example, Rule
from permcheck.sources.files import load_texts

MADE = "<!-- made from the rules by tools/docs.py: edit the rule, then run make docs -->"

FAMILIES: Mapping[str, str] = {
    "text": "Policies that say something else than they seem to",
    "invoke": "Who can invoke a function",
    "reach": "What a function can reach",
    "path": "The two joined, and escalation through functions",
}


def family(rule: Rule) -> str:
    """The folder of a rule: text, invoke, reach or path."""
    return type(rule).__module__.split(".")[-2]


def page(rule: Rule) -> str:
    """A rule's page. The first bad example is shown in full, the others are folded."""
    blocks = [
        MADE,
        f"# {rule.id} {rule.name}",
        f"{_plain(title(rule))}.",
        f"severity {rule.severity} · confidence {rule.confidence} · since {rule.since} · "
        f"`permcheck explain {rule.id}` · [all rules](README.md)",
    ]
    for heading, text in sections(rule).items():
        text = _plain(text)
        if heading == "References":
            text = "\n".join(f"- {line}" for line in text.splitlines())
        blocks += [f"## {heading}", text] if text else []
    blocks += ["## Reported", *_example(rule.bad[0]), _said(rule, rule.bad[0])]
    for example in rule.bad[1:]:
        blocks += [_folded(example, "another example"), _said(rule, example)]
    blocks.append("## Not reported")
    blocks += [_folded(example, "an example") for example in rule.good]
    return "\n\n".join(blocks) + "\n"


def _plain(text: str) -> str:
    """Text as Markdown shows it: a star is no emphasis, a bracket no HTML, a bar no column. Code spans stay."""
    parts = text.split("`")
    parts[::2] = [part.replace("*", r"\*").replace("<", "&lt;").replace("|", r"\|") for part in parts[::2]]
    return "`".join(parts)


def _example(example: Example) -> Iterator[str]:
    if example.about:
        yield f"{example.about[0].upper()}{example.about[1:].rstrip('.')}:"
    if example.config:
        yield f"Configuration, as JSON:\n\n{_block(example.config)}"
    for name, value in example.files.items():
        plain = _unfolded(value)
        remark = "" if plain == value else ", with the policy in its string written out"
        yield f"`{name}`{remark}:\n\n{_block(plain)}"


def _folded(example: Example, otherwise: str) -> str:
    lead = _plain(example.about or otherwise).rstrip(".")
    shown = "\n\n".join(_example(Example(example.files, "", example.config)))
    return f"<details>\n<summary>{lead}</summary>\n\n{shown}\n\n</details>"


def _block(value: object) -> str:
    return f"```json\n{json.dumps(value, indent=2, ensure_ascii=False)}\n```"


def _unfolded(value: Any) -> Any:
    """The value with policies that stand in strings, as in the output of get-policy, written out."""
    if isinstance(value, Mapping):
        return {key: _unfolded(below) for key, below in value.items()}
    if isinstance(value, (list, tuple)):
        return [_unfolded(below) for below in value]
    return json.loads(value) if isinstance(value, str) and value.startswith('{"') else value


def _said(rule: Rule, example: Example) -> str:
    """What permcheck says of an example: its very words, so that the page cannot promise others."""
    facts = load_texts({name: json.dumps(value) for name, value in example.files.items()})
    config = read(Table("example", example.config, Lines()))
    own = [finding for finding in audit(facts, config).findings if finding.rule == rule.id]
    return (
        "```text\n"
        + "\n".join(f"{f.severity}: {words.cut(f.message)}\n  fix: {f.fix or 'none'}" for f in own)
        + "\n```"
    )


def index(rules: Sequence[Rule]) -> str:
    """The list of all rules, by family."""
    blocks = [
        MADE,
        "# Rules",
        "`permcheck rules` prints this list, `permcheck explain ID` a page of it. The severity is where a rule starts: "
        "a finding may weigh more or less, by what the decision says.",
    ]
    for name, heading in FAMILIES.items():
        own = [rule for rule in rules if family(rule) == name]
        blocks += [f"## {heading}", table(own, "")] if own else []
    return "\n\n".join(blocks) + "\n"


def table(rules: Iterable[Rule], folder: str) -> str:
    """A row for each rule, with a link to its page in ``folder``."""
    rows = (
        f"| [{rule.id}]({folder}{rule.id}.md) | {rule.name} | {rule.severity} | {_plain(title(rule))} |"
        for rule in rules
    )
    return "\n".join(["| id | name | severity | reports |", "| --- | --- | --- | --- |", *rows])
