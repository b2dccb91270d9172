"""Writes fixtures/NAME/expected: what permcheck says of each fixture that has an account/.

    python tools/golden.py [NAME…]     write audit.json, audit.txt and who.json again, and say what has changed

The program runs in this process, in the fixture's folder, so that every path in the output begins with account/ and the
fixture's own configuration counts. Read the difference before you commit it: the program wrote it, and only a person
can say that it is right.
"""

import argparse
import io
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import chdir, redirect_stdout
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
if not __package__:
    sys.path.insert(0, str(ROOT))

from permcheck.cli.group import program  # noqa: E402
from permcheck.cli.running import run  # noqa: E402
from permcheck.errors import ExitCode  # noqa: E402

FIXTURES = ROOT / "fixtures"
COMMANDS: Mapping[str, Sequence[str]] = {
    "audit.json": ("audit", "account", "--format", "json"),
    "audit.txt": ("audit", "account"),
    "who.json": ("who", "--all", "account", "--format", "json"),
}
# Any other code means that there is no answer to write down.
ANSWERED = (ExitCode.CLEAN, ExitCode.FINDINGS, ExitCode.INCOMPLETE)


def fixtures() -> Iterator[Path]:
    """The folders that have something to run on, by name."""
    yield from sorted(path.parent for path in FIXTURES.glob("*/account"))


def outputs(fixture: Path) -> Iterator[tuple[str, int, str]]:
    """(file name, exit code, standard output) of each command, run in the fixture's folder."""
    for name, arguments in COMMANDS.items():
        out = io.StringIO()
        with chdir(fixture), redirect_stdout(out):
            code = run(program, arguments)
        yield name, code, out.getvalue()


def main() -> int:
    """Write what differs; the exit code is 1 where the program gave no answer."""
    parser = argparse.ArgumentParser(description="Write fixtures/*/expected again.")
    parser.add_argument("names", metavar="NAME", nargs="*", help="fixtures; all of them where none is named")
    names = parser.parse_args().names
    chosen = [path for path in fixtures() if not names or path.name in names]
    if unknown := set(names) - {path.name for path in chosen}:
        print(f"golden: there is no fixture {', '.join(sorted(unknown))} with an account/", file=sys.stderr)
        return ExitCode.USAGE
    failed = 0
    for fixture in chosen:
        for name, code, text in outputs(fixture):
            path = fixture / "expected" / name
            shown = os.path.relpath(path, ROOT)
            if code not in ANSWERED:
                print(f"golden: permcheck ended with exit code {code}; {shown} is left as it was", file=sys.stderr)
                failed = 1
            elif not path.exists() or path.read_bytes() != text.encode():
                path.parent.mkdir(exist_ok=True)
                path.write_bytes(text.encode())
                print(f"wrote {shown}")
    return failed


if __name__ == "__main__":
    sys.exit(main())
