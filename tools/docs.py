"""Writes what the docs say about the program from the program: docs/rules/*.md, and the marked blocks of README.md.

    python tools/docs.py            write what is stale
    python tools/docs.py --check    write nothing; exit with 1 and name what is stale

A block of README.md stands between ``<!-- NAME:begin -->`` and ``<!-- NAME:end -->``; NAME is rules, help or demo.
"""

import argparse
import io
import os
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import chdir, redirect_stdout
from functools import partial
from pathlib import Path

import click

ROOT = Path(__file__).resolve().parent.parent
if not __package__:
    sys.path.insert(0, str(ROOT))

from permcheck.cli.group import program  # noqa: E402
from permcheck.cli.running import run  # noqa: E402
from permcheck.registry import rules  # noqa: E402
from tools import rule_pages  # noqa: E402

WIDTH = 100  # columns of the help text in README.md
SHOWN = 2  # findings of the demo in README.md


def wanted(root: Path) -> dict[Path, str]:
    """Every file that is made, with the text it should have."""
    known = rules()
    pages = root / "docs" / "rules"
    made = {pages / f"{rule.id}.md": rule_pages.page(rule) for rule in known}
    made[pages / "README.md"] = rule_pages.index(known)
    readme = root / "README.md"
    if readme.exists():
        made[readme] = filled(readme.read_text(encoding="utf-8"), BLOCKS)
    return made


def filled(text: str, blocks: Mapping[str, Callable[[], str]]) -> str:
    """The text with each marked block replaced by what its function returns. Blocks without markers are left out."""
    for name, make in blocks.items():
        marked = re.compile(rf"(?s)(<!-- {name}:begin -->\n).*?(<!-- {name}:end -->)")
        if marked.search(text):
            block = make()
            text = marked.sub(partial(_between, block), text)
    return text


def _between(block: str, marks: re.Match[str]) -> str:
    return f"{marks[1]}{block}\n{marks[2]}"


def rules_table() -> str:
    """The rules, with links to their pages."""
    return rule_pages.table(rules(), "docs/rules/")


def help_text() -> str:
    """What ``permcheck --help`` prints."""
    context = click.Context(program, info_name="permcheck", terminal_width=WIDTH, max_content_width=WIDTH)
    return f"```console\n$ permcheck --help\n{program.get_help(context).rstrip()}\n```"


def demo() -> str:
    """The beginning and the end of what ``make demo`` prints."""
    with chdir(ROOT):
        code, text = printed(["audit", "fixtures/mobile-backend", "--fail-on", "never"])
    if code:
        raise SystemExit(f"docs: the demo ended with exit code {code}")
    findings = text.rstrip("\n").split("\n\n")
    shown = [*findings[:SHOWN], "…", findings[-1]] if len(findings) > SHOWN + 1 else findings
    return "```text\n" + "\n\n".join(shown) + "\n```"


BLOCKS: Mapping[str, Callable[[], str]] = {"demo": demo, "help": help_text, "rules": rules_table}


def printed(arguments: list[str]) -> tuple[int, str]:
    """Run permcheck in this process: (exit code, what it wrote to standard output)."""
    out = io.StringIO()
    with redirect_stdout(out):
        code = run(program, arguments)
    return code, out.getvalue()


def stale(root: Path, made: Mapping[Path, str]) -> Iterator[Path]:
    """The files whose text is not the wanted one, and pages of rules that are no more."""
    for path, text in made.items():
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            yield path
    yield from (path for path in sorted((root / "docs" / "rules").glob("*.md")) if path not in made)


def main() -> int:
    """Write or check; the exit code is 1 where --check finds something stale."""
    parser = argparse.ArgumentParser(description="Write docs/rules and the marked blocks of README.md.")
    parser.add_argument("--check", action="store_true", help="write nothing; exit with 1 where something is stale")
    check = parser.parse_args().check
    made = wanted(ROOT)
    found = list(stale(ROOT, made))
    for path in found:
        name = os.path.relpath(path, ROOT)
        if check:
            print(f"{name} is stale: run make docs", file=sys.stderr)
        elif path in made:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(made[path], encoding="utf-8", newline="\n")
            print(f"wrote {name}")
        else:
            path.unlink()
            print(f"removed {name}")
    return 1 if check and found else 0


if __name__ == "__main__":
    sys.exit(main())
