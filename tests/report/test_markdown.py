"""Markdown for a comment: a table, a picture of each path, and nothing from the input that is more than text."""

import re
from dataclasses import replace

import pytest
from markdown_it import MarkdownIt

from permcheck.model import PathStep, Report, Suppressed, Verdict
from permcheck.report import render
from permcheck.report.markdown import LONGEST, MARK, plain
from permcheck.report.mermaid import label, picture
from permcheck.report.setting import Setting
from tests.report.hostile import BAD, HOSTILE
from tests.report.reports import FINDING, PLAIN, POLICY, REPORT

EXPECTED = """\
<!-- permcheck -->
## permcheck: 2 findings: 1 critical, 1 low; 1 thing not read

| severity | rule | finding | where |
| --- | --- | --- | --- |
| critical | PC104 invoke-any-function | role app-guest may do lambda:&#42; on every function | -:4 |
| low | PC001 no-version | the policy has no Version | loose.json |

<details>
<summary>PC104 invoke-any-function: app-guest</summary>

```mermaid
flowchart LR
  n0(["guest of pool eu-west-1:1b2c"])
  n1["role app-guest"]
  n2["function save"]
  n3["role save-role"]
  n0 -->|"is handed"| n1
  n1 -.->|"lambda:#42; (conditional)"| n2
  n2 -->|"runs as"| n3
```

Fix: name the functions the app calls

</details>

- not read: cut.json:3: broken JSON: the text ends in the middle
- suppressed: 1 finding
- looked at: -, cut.json (2 roles, 1 function)
"""


def test_the_whole_comment() -> None:
    assert render(REPORT, "markdown", Setting(stdin=POLICY)) == EXPECTED


def test_nothing_found() -> None:
    assert render(Report(("a.json",), ()), "markdown") == f"{MARK}\n## permcheck: no findings\n\n- looked at: a.json\n"


# What a line of Mermaid may be: a label holds no quote, bracket, backtick or hash but in the number of a character.
_LABEL = r'"(?:[^"`\[\]{}<>|#;&\\]|#\d+;)*"'
LINE = re.compile(
    rf"flowchart LR|  n\d+(?:\[{_LABEL}\]|\(\[{_LABEL}\]\)|\[\({_LABEL}\)\])"
    rf"|  n\d+ (?:-->|-\.->)(?:\|{_LABEL}\|)? n\d+"
)


@pytest.mark.parametrize("report", [REPORT, HOSTILE], ids=["plain", "hostile"])
def test_pictures_keep_to_the_grammar(report: Report) -> None:
    text = render(report, "markdown")
    pictures = re.findall(r"(?s)```mermaid\n(.*?)\n```", text)
    assert pictures
    for line in "\n".join(pictures).split("\n"):
        assert LINE.fullmatch(line), line


def test_a_comment_is_read_as_it_is_meant() -> None:
    """A reader of Markdown that nobody here wrote finds our headings, tables and fences, and nothing of the input's."""
    reader = MarkdownIt("commonmark", {"html": True}).enable("table")
    tokens = reader.parse(render(HOSTILE, "markdown"))
    inline = [child for token in tokens for child in token.children or ()]
    assert {child.type for child in inline} <= {"text", "html_inline", "softbreak"}
    assert {child.content for child in inline if child.type == "html_inline"} <= {"<!-- -->"}
    assert sum(token.type == "tr_open" for token in tokens) == 2
    assert sum(token.type == "td_open" for token in tokens) == 4
    assert [token.info for token in tokens if token.type == "fence"] == ["mermaid"]
    html = "".join(token.content for token in tokens if token.type == "html_block")
    assert set(re.findall(r"<[^>]*>", html)) == {
        "<!-- permcheck -->", "<details>", "<summary>", "</summary>", "</details>", "<!-- -->",
    }  # fmt: skip


def test_what_the_input_says_is_shown() -> None:
    reader = MarkdownIt("commonmark")
    (token,) = [t for t in reader.parse(plain("a_b *c* <d> `e` [f](g) #h | i & $j$ ~k~ \\l")) if t.type == "inline"]
    shown = "".join(child.content for child in token.children or () if child.type == "text")
    assert shown == "a_b *c* <d> `e` [f](g) #h | i & $j$ ~k~ \\l"


@pytest.mark.parametrize("text", ["@octocat", "#12", "https://evil.example", "www.evil.example", "a@b"])
def test_nobody_is_called_and_nothing_is_linked(text: str) -> None:
    assert text not in plain(text).replace("&#35;", "#")
    assert re.sub("<!-- -->", "", plain(text)).replace("&#35;", "#") == text


def test_a_long_comment_says_what_it_leaves_out() -> None:
    def odd(number: int) -> str:
        return f"{chr(0x4E00 + number)} {'x' * 200}"

    many = tuple(
        replace(FINDING, message=odd(i + 600), path=(PathStep("role", odd(i)), PathStep("function", "f")))
        for i in range(500)
    )
    text = render(Report((), many), "markdown")
    assert len(text) <= LONGEST
    assert re.search(r"\d+ more are in the full report\.", text)
    assert re.search(r"\d+ more paths are in the full report\.", text)


def test_equal_pictures_are_drawn_once() -> None:
    twice = (FINDING, replace(FINDING, rule="PC105", message="something else"))
    assert render(Report((), twice), "markdown").count("```mermaid") == 1


def test_labels() -> None:
    assert label('a "b" #c; <d> `e` f_g') == '"a #34;b#34; #35;c#59; #60;d#62; #96;e#96; f#95;g"'
    assert label("style a:b<c>") == '"style a#58;b#60;c#62;"'
    assert label("x" * 200) == '"' + "x" * 119 + '…"'
    assert "\n" not in label(BAD)
    assert picture((PathStep("anyone", "anyone", None, "", Verdict.ALLOWED), PathStep("target", "t"))) == (
        'flowchart LR\n  n0(["anyone"])\n  n1[("t")]\n  n0 --> n1'
    )


def test_known_findings_are_counted() -> None:
    known = Suppressed(PLAIN, "it is in the baseline", "baseline", "b.json")
    text = render(Report((), (), (known, known), notes=("An old note.",)), "markdown")
    assert "- in the baseline: 2 findings\n" in text and "- An old note.\n" in text and "suppressed" not in text
